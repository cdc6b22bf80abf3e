/* Collectives for the library's own use: over messages only, by algorithms that need nothing but them. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "collectives.h"
#include "registry.h"

static struct tri_schedule *build(const struct tri_algorithm *algorithm, struct tri_collective *call)
{
    struct tri_schedule *schedule = tri_schedule_take(call->comm, call->op);
    call->size = call->comm->size;
    call->rank = call->comm->rank;
    algorithm->build(schedule, call);
    return schedule;
}

static void start(const struct tri_algorithm *algorithm, struct tri_collective *call, int tag, tri_run_done_fn *done,
                  void *owner)
{
    struct tri_schedule *schedule = build(algorithm, call);
    tri_run_start(schedule, tag, call->input, call->output, NULL, done, owner);
    tri_schedule_release(schedule);
}

static int run(const struct tri_algorithm *algorithm, struct tri_collective *call)
{
    int tag = tri_comm_next_tag(call->comm);
    struct tri_schedule *schedule = build(algorithm, call);
    int code = tri_run_blocking(schedule, tag, call->input, call->output);
    tri_schedule_release(schedule);
    return code;
}

void tri_collective_meet(struct tri_comm *comm, int tag, tri_run_done_fn *done, void *owner)
{
    struct tri_collective call = {.operation = TRI_BARRIER, .comm = comm};
    start(&tri_barrier_dissemination, &call, tag, done, owner);
}

int tri_collective_meet_blocking(struct tri_comm *comm)
{
    struct tri_collective call = {.operation = TRI_BARRIER, .comm = comm};
    return run(&tri_barrier_dissemination, &call);
}

void tri_collective_agree_and(struct tri_comm *comm, int tag, uint64_t *words, int count, tri_run_done_fn *done,
                              void *owner)
{
    struct tri_blocks data = {.type = tri_datatype_get(MPI_UINT64_T), .count = count};
    struct tri_collective call = {.operation = TRI_ALLREDUCE,
                                  .comm = comm,
                                  .input = words,
                                  .output = words,
                                  .in_place = true,
                                  .send = data,
                                  .receive = data,
                                  .op = tri_op_get(MPI_BAND)};
    start(&tri_allreduce_doubling, &call, tag, done, owner);
}

int tri_collective_agree_max(struct tri_comm *comm, uint64_t *words, int count)
{
    struct tri_blocks data = {.type = tri_datatype_get(MPI_UINT64_T), .count = count};
    struct tri_collective call = {.operation = TRI_ALLREDUCE,
                                  .comm = comm,
                                  .input = words,
                                  .output = words,
                                  .in_place = true,
                                  .send = data,
                                  .receive = data,
                                  .op = tri_op_get(MPI_MAX)};
    return run(&tri_allreduce_doubling, &call);
}

int tri_collective_gather_all(struct tri_comm *comm, const void *own, int64_t len, void *all)
{
    struct tri_blocks data = {.type = tri_datatype_get(MPI_BYTE), .count = len};
    struct tri_collective call = {
        .operation = TRI_ALLGATHER, .comm = comm, .input = own, .output = all, .send = data, .receive = data};
    return run(&tri_allgather_ring, &call);
}

int tri_collective_tell_all(struct tri_comm *comm, int root, void *bytes, int64_t len)
{
    struct tri_blocks data = {.type = tri_datatype_get(MPI_BYTE), .count = len};
    struct tri_collective call = {.operation = TRI_BCAST, .comm = comm, .output = bytes, .receive = data, .root = root};
    return run(&tri_bcast_binomial, &call);
}

/* Choosing an algorithm and running it. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <string.h>

#include "collectives.h"

static const struct tri_algorithm *const algorithms[TRI_COLLECTIVES] = {
    [TRI_BARRIER] = &tri_barrier_dissemination,
    [TRI_BCAST] = &tri_bcast_binomial,
    [TRI_REDUCE] = &tri_reduce_binomial,
    [TRI_ALLREDUCE] = &tri_allreduce_doubling,
    [TRI_GATHER] = &tri_gather_linear,
    [TRI_SCATTER] = &tri_scatter_linear,
    [TRI_ALLGATHER] = &tri_allgather_ring,
    [TRI_ALLTOALL] = &tri_alltoall_linear,
    [TRI_SCAN] = &tri_scan_doubling,
    [TRI_EXSCAN] = &tri_exscan_doubling,
    [TRI_REDUCE_SCATTER] = &tri_reduce_scatter_binomial,
};

int tri_collective_run(enum tri_collective_id operation, const struct tri_collective *call)
{
    struct tri_schedule *schedule = tri_schedule_take(call->comm, tri_comm_next_tag(call->comm));
    schedule->op = call->op;
    algorithms[operation]->build(schedule, call);
    int code = tri_schedule_run(schedule, call->input, call->output);
    tri_schedule_give(schedule);
    return code;
}

static void start(enum tri_collective_id operation, const struct tri_collective *call, int tag,
                  tri_schedule_done_fn *done, void *owner)
{
    struct tri_schedule *schedule = tri_schedule_take(call->comm, tag);
    schedule->op = call->op;
    algorithms[operation]->build(schedule, call);
    tri_schedule_start(schedule, call->input, call->output, done, owner);
}

void tri_collective_meet(struct tri_comm *comm, int tag, tri_schedule_done_fn *done, void *owner)
{
    const struct tri_collective call = {.comm = comm};
    start(TRI_BARRIER, &call, tag, done, owner);
}

void tri_collective_agree_and(struct tri_comm *comm, int tag, uint64_t *words, int count, tri_schedule_done_fn *done,
                              void *owner)
{
    struct tri_blocks data = {.type = tri_datatype_get(MPI_UINT64_T), .count = count};
    const struct tri_collective call = {.comm = comm,
                                        .input = words,
                                        .output = words,
                                        .in_place = true,
                                        .send = data,
                                        .receive = data,
                                        .op = tri_op_get(MPI_BAND)};
    start(TRI_ALLREDUCE, &call, tag, done, owner);
}

int tri_collective_gather_all(struct tri_comm *comm, const void *own, int64_t len, void *all)
{
    struct tri_blocks data = {.type = tri_datatype_get(MPI_BYTE), .count = len};
    const struct tri_collective call = {.comm = comm, .input = own, .output = all, .send = data, .receive = data};
    return tri_collective_run(TRI_ALLGATHER, &call);
}

int tri_collective_tell_all(struct tri_comm *comm, int root, void *bytes, int64_t len)
{
    struct tri_blocks data = {.type = tri_datatype_get(MPI_BYTE), .count = len};
    const struct tri_collective call = {.comm = comm, .output = bytes, .receive = data, .root = root};
    return tri_collective_run(TRI_BCAST, &call);
}

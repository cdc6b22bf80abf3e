/* Lists of numbers from everybody to everybody, or to rank 0. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdlib.h>

#include "../../collectives/collectives.h"
#include "../request/request.h"
#include "topology.h"

/* What is told before the numbers are sent. */
struct head {
    int64_t count;
    int64_t mark;
};

static struct tri_blocks same_blocks(MPI_Datatype type, int64_t count)
{
    return (struct tri_blocks){.type = tri_datatype_get(type), .count = count};
}

static struct tri_blocks int_blocks(const int64_t *counts, const int64_t *offsets)
{
    return (struct tri_blocks){.type = tri_datatype_get(MPI_INT), .counts = {counts, 1}, .displacements = {offsets, 1}};
}

static int64_t *take_wide(int count)
{
    return tri_memory_take((size_t)count * sizeof(int64_t));
}

/* Where each list begins. Returns the length of all. */
static int64_t sum_up(const int64_t *counts, int size, int64_t *offsets)
{
    int64_t sum = 0;
    for (int i = 0; i < size; i++) {
        offsets[i] = sum;
        sum += counts[i];
    }
    return sum;
}

/* How many numbers come from each process. */
static int exchange_counts(struct tri_comm *comm, const int64_t *counts, int mark, int64_t *theirs, int *odd)
{
    struct head *out = tri_memory_take(2 * (size_t)comm->size * sizeof *out), *in = out + comm->size;
    for (int i = 0; i < comm->size; i++) {
        out[i] = (struct head){counts[i], mark};
    }
    struct tri_blocks blocks = same_blocks(MPI_BYTE, sizeof *out);
    struct tri_collective call = {
        .operation = TRI_ALLTOALL, .comm = comm, .input = out, .output = in, .send = blocks, .receive = blocks};
    int code = tri_request_raise(comm, tri_collective_run(&call));
    *odd = -1;
    for (int i = 0; i < comm->size && code == MPI_SUCCESS; i++) {
        theirs[i] = in[i].count;
        *odd = in[i].mark != mark ? i : *odd;
    }
    free(out);
    return code;
}

int tri_topology_exchange(struct tri_comm *comm, const int64_t *counts, const int *numbers, int mark,
                          int64_t *received_count, int **received, int *odd)
{
    int64_t *theirs = take_wide(comm->size), *from = take_wide(comm->size), *to = take_wide(comm->size);
    *received = NULL;
    int code = exchange_counts(comm, counts, mark, theirs, odd);
    if (code == MPI_SUCCESS && *odd < 0) {
        sum_up(counts, comm->size, from);
        *received_count = sum_up(theirs, comm->size, to);
        *received = tri_memory_take((size_t)*received_count * sizeof **received);
        struct tri_collective call = {.operation = TRI_ALLTOALL,
                                      .comm = comm,
                                      .input = numbers,
                                      .output = *received,
                                      .irregular = true,
                                      .send = int_blocks(counts, from),
                                      .receive = int_blocks(theirs, to)};
        code = tri_request_raise(comm, tri_collective_run(&call));
    }
    free(theirs);
    free(from);
    free(to);
    return code;
}

int tri_topology_collect(struct tri_comm *comm, const int *own, int64_t count, int64_t *received_count,
                         int **received)
{
    struct tri_blocks one = same_blocks(MPI_INT64_T, 1);
    int64_t *counts = take_wide(comm->size), *offsets = take_wide(comm->size);
    *received = NULL;
    struct tri_collective first = {
        .operation = TRI_GATHER, .comm = comm, .input = &count, .output = counts, .send = one, .receive = one};
    int code = tri_request_raise(comm, tri_collective_run(&first));
    if (code == MPI_SUCCESS && comm->rank == 0) {
        *received_count = sum_up(counts, comm->size, offsets);
        *received = tri_memory_take((size_t)*received_count * sizeof **received);
    }
    if (code == MPI_SUCCESS) {
        struct tri_collective second = {.operation = TRI_GATHER,
                                        .comm = comm,
                                        .input = own,
                                        .output = *received,
                                        .irregular = true,
                                        .send = same_blocks(MPI_INT, count),
                                        .receive = int_blocks(counts, offsets)};
        code = tri_request_raise(comm, tri_collective_run(&second));
    }
    free(counts);
    free(offsets);
    return code;
}

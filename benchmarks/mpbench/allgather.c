/* mpbench allgather: time of MPI_Allgather; the size is that of one block. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "mpbench.h"

static void call(struct collective *c)
{
    MPI_Allgather(c->out, c->size, MPI_BYTE, c->in, c->size, MPI_BYTE, MPI_COMM_WORLD);
}

static void check(struct collective *c)
{
    /* A block that goes to all is filled as if it went to rank 0. */
    block_fill(c, 0, world_rank(), 0);
    for (int peer = 0; peer < world_size(); peer++)
        block_spoil(c, peer, peer, 0);
    call(c);
    for (int peer = 0; peer < world_size(); peer++)
        block_check(c, peer, peer, 0);
}

static int run(const struct options *options)
{
    struct collective c = {
        .name = "allgather", .sizes = "8..256K", .per_rank = true, .call = call, .check = check};

    return collective_run(options, &c);
}

const struct bench bench_allgather = {
    .name = "allgather",
    .summary = "Time of a block from every rank, given to all; --size is one block",
    .min_ranks = 1,
    .run = run,
};

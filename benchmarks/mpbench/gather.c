/* mpbench gather: time of MPI_Gather to rank 0; the size is that of one block. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "mpbench.h"

static void call(struct collective *c)
{
    MPI_Gather(c->out, c->size, MPI_BYTE, c->in, c->size, MPI_BYTE, 0, MPI_COMM_WORLD);
}

static void check(struct collective *c)
{
    int ranks = world_rank() == 0 ? world_size() : 0;

    block_fill(c, 0, world_rank(), 0);
    for (int peer = 0; peer < ranks; peer++)
        block_spoil(c, peer, peer, 0);
    call(c);
    for (int peer = 0; peer < ranks; peer++)
        block_check(c, peer, peer, 0);
}

static int run(const struct options *options)
{
    struct collective c = {
        .name = "gather", .sizes = "8..256K", .per_rank = true, .call = call, .check = check};

    return collective_run(options, &c);
}

const struct bench bench_gather = {
    .name = "gather",
    .summary = "Time of a block from every rank to rank 0; --size is one block",
    .min_ranks = 1,
    .run = run,
};

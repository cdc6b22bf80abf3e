/* mpbench gather: time of MPI_Gather; the size is that of one block. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "mpbench.h"

static void call(struct collective *c)
{
    MPI_Gather(c->out, c->size, MPI_BYTE, c->in, c->size, MPI_BYTE, c->root, MPI_COMM_WORLD);
}

static void check(struct collective *c)
{
    int ranks = world_rank() == c->root ? world_size() : 0;

    block_fill(c, 0, world_rank(), c->root);
    for (int peer = 0; peer < ranks; peer++)
        block_spoil(c, peer, peer, c->root);
    call(c);
    for (int peer = 0; peer < ranks; peer++)
        block_check(c, peer, peer, c->root);
}

static int run(const struct options *options)
{
    struct collective c = {
        .name = "gather",
        .sizes = "8..256K",
        .per_rank = true,
        .rooted = true,
        .call = call,
        .check = check,
    };

    return collective_run(options, &c);
}

const struct bench bench_gather = {
    .name = "gather",
    .summary = "Time of a block from every rank, given to one; --size is one block",
    .argp = &rooted_argp,
    .min_ranks = 1,
    .run = run,
};

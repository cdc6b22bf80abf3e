/* mpbench scatter: time of MPI_Scatter; the size is that of one block. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "mpbench.h"

static void call(struct collective *c)
{
    MPI_Scatter(c->out, c->size, MPI_BYTE, c->in, c->size, MPI_BYTE, c->root, MPI_COMM_WORLD);
}

static void check(struct collective *c)
{
    int ranks = world_rank() == c->root ? world_size() : 0;

    for (int peer = 0; peer < ranks; peer++)
        block_fill(c, peer, c->root, peer);
    block_spoil(c, 0, c->root, world_rank());
    call(c);
    block_check(c, 0, c->root, world_rank());
}

static int run(const struct options *options)
{
    struct collective c = {
        .name = "scatter",
        .sizes = "8..256K",
        .per_rank = true,
        .rooted = true,
        .call = call,
        .check = check,
    };

    return collective_run(options, &c);
}

const struct bench bench_scatter = {
    .name = "scatter",
    .summary = "Time of a block from one rank to every rank; --size is one block",
    .argp = &rooted_argp,
    .min_ranks = 1,
    .run = run,
};

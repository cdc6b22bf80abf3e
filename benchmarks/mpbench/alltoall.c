/* mpbench alltoall: time of MPI_Alltoall; the size is that of one block. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "mpbench.h"

static void call(struct collective *c)
{
    MPI_Alltoall(c->out, c->size, MPI_BYTE, c->in, c->size, MPI_BYTE, MPI_COMM_WORLD);
}

static void check(struct collective *c)
{
    int me = world_rank(), ranks = world_size();

    for (int peer = 0; peer < ranks; peer++) {
        block_fill(c, peer, me, peer);
        block_spoil(c, peer, peer, me);
    }
    call(c);
    for (int peer = 0; peer < ranks; peer++)
        block_check(c, peer, peer, me);
}

static int run(const struct options *options)
{
    struct collective c = {
        .name = "alltoall", .sizes = "8..256K", .per_rank = true, .call = call, .check = check};

    return collective_run(options, &c);
}

const struct bench bench_alltoall = {
    .name = "alltoall",
    .summary = "Time of a block from every rank to every rank; --size is one block",
    .min_ranks = 1,
    .run = run,
};

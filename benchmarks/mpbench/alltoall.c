/* mpbench alltoall: time of MPI_Alltoall; the size is that of one block. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "mpbench.h"

static void call(struct collective *c)
{
    MPI_Alltoall(c->out, c->size, MPI_BYTE, c->in, c->size, MPI_BYTE, MPI_COMM_WORLD);
}

static unsigned seed_of(int from, int to)
{
    return (unsigned)(from * 7 + to);
}

static void check(struct collective *c)
{
    size_t size = (size_t)c->size;
    int me = world_rank(), ranks = world_size();

    for (int peer = 0; peer < ranks; peer++) {
        pattern_fill(c->out + size * (size_t)peer, size, seed_of(me, peer));
        pattern_fill(c->in + size * (size_t)peer, size, 99);
    }
    call(c);
    for (int peer = 0; peer < ranks; peer++)
        if (pattern_check(c->in + size * (size_t)peer, size, seed_of(peer, me)) >= 0)
            bench_die("mpbench alltoall: the block from rank %d to %d is wrong at %d bytes", peer,
                      me, c->size);
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

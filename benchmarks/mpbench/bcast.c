/* mpbench bcast: time of MPI_Bcast. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "mpbench.h"

static void call(struct collective *c)
{
    MPI_Bcast(c->in, c->size, MPI_BYTE, c->root, MPI_COMM_WORLD);
}

static void check(struct collective *c)
{
    pattern_fill(c->in, (size_t)c->size, world_rank() == c->root ? 1 : 99);
    call(c);
    if (pattern_check(c->in, (size_t)c->size, 1) >= 0)
        bench_die("mpbench bcast: rank %d got wrong data at %d bytes", world_rank(), c->size);
}

static int run(const struct options *options)
{
    struct collective c = {
        .name = "bcast",
        .sizes = "8..1M",
        .rooted = true,
        .call = call,
        .check = check,
    };

    return collective_run(options, &c);
}

const struct bench bench_bcast = {
    .name = "bcast",
    .summary = "Time of a broadcast",
    .argp = &rooted_argp,
    .min_ranks = 1,
    .run = run,
};

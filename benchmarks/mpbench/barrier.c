/* mpbench barrier: time of MPI_Barrier. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "mpbench.h"

static void call(struct collective *c)
{
    (void)c;
    MPI_Barrier(MPI_COMM_WORLD);
}

static int run(const struct options *options)
{
    struct collective c = {.name = "barrier", .call = call};

    return collective_run(options, &c);
}

const struct bench bench_barrier = {
    .name = "barrier",
    .summary = "Time of a barrier over all ranks",
    .min_ranks = 1,
    .run = run,
};

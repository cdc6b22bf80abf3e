/* mpbench scan: time of the sums of doubles over the ranks up to each. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "mpbench.h"

static void call(struct collective *c)
{
    MPI_Scan(c->out, c->in, sum_count(c), MPI_DOUBLE, MPI_SUM, MPI_COMM_WORLD);
}

static void check(struct collective *c)
{
    sum_fill(c, 1);
    call(c);
    sum_check(c, 0, world_rank() + 1);
}

static int run(const struct options *options)
{
    struct collective c = {.name = "scan", .sizes = "8..1M", .call = call, .check = check};

    return collective_run(options, &c);
}

const struct bench bench_scan = {
    .name = "scan",
    .summary = "Time of a sum of doubles over the ranks up to each",
    .min_ranks = 1,
    .run = run,
};

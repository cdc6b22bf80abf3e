/* mpbench reduce: time of a sum of doubles over all ranks, for rank 0. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "mpbench.h"

static void call(struct collective *c)
{
    MPI_Reduce(c->out, c->in, sum_count(c), MPI_DOUBLE, MPI_SUM, 0, MPI_COMM_WORLD);
}

static void check(struct collective *c)
{
    sum_fill(c, 1);
    call(c);
    if (world_rank() == 0)
        sum_check(c, 0, world_size());
}

static int run(const struct options *options)
{
    struct collective c = {.name = "reduce", .sizes = "8..1M", .call = call, .check = check};

    return collective_run(options, &c);
}

const struct bench bench_reduce = {
    .name = "reduce",
    .summary = "Time of a sum of doubles over all ranks, given to rank 0",
    .min_ranks = 1,
    .run = run,
};

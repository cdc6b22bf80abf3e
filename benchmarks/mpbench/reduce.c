/* mpbench reduce: time of a sum of doubles over all ranks, for one of them. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "mpbench.h"

static void call(struct collective *c)
{
    MPI_Reduce(c->out, c->in, sum_count(c), MPI_DOUBLE, MPI_SUM, c->root, MPI_COMM_WORLD);
}

static void check(struct collective *c)
{
    sum_fill(c, 1);
    call(c);
    if (world_rank() == c->root)
        sum_check(c, 0, world_size());
}

static int run(const struct options *options)
{
    struct collective c = {
        .name = "reduce",
        .sizes = "8..1M",
        .rooted = true,
        .call = call,
        .check = check,
    };

    return collective_run(options, &c);
}

const struct bench bench_reduce = {
    .name = "reduce",
    .summary = "Time of a sum of doubles over all ranks, given to one",
    .argp = &rooted_argp,
    .min_ranks = 1,
    .run = run,
};

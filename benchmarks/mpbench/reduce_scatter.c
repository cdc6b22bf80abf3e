/* mpbench reduce_scatter: time of MPI_Reduce_scatter_block; the size is that of one block. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "mpbench.h"

static void call(struct collective *c)
{
    MPI_Reduce_scatter_block(c->out, c->in, sum_count(c), MPI_DOUBLE, MPI_SUM, MPI_COMM_WORLD);
}

static void check(struct collective *c)
{
    sum_fill(c, world_size());
    call(c);
    sum_check(c, world_rank(), world_size());
}

static int run(const struct options *options)
{
    struct collective c = {
        .name = "reduce_scatter",
        .sizes = "8..256K",
        .per_rank = true,
        .call = call,
        .check = check,
    };

    return collective_run(options, &c);
}

const struct bench bench_reduce_scatter = {
    .name = "reduce_scatter",
    .summary = "Time of a sum of doubles, a block for each rank; --size is one block",
    .min_ranks = 1,
    .run = run,
};

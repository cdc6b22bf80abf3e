/* mpbench allreduce: time of a sum of doubles over all ranks. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "mpbench.h"

static void call(struct collective *c)
{
    MPI_Allreduce(c->out, c->in, sum_count(c), MPI_DOUBLE, MPI_SUM, MPI_COMM_WORLD);
}

static void check(struct collective *c)
{
    sum_fill(c, 1);
    call(c);
    sum_check(c, 0, world_size());
}

static int run(const struct options *options)
{
    struct collective c = {.name = "allreduce", .sizes = "8..1M", .call = call, .check = check};

    return collective_run(options, &c);
}

const struct bench bench_allreduce = {
    .name = "allreduce",
    .summary = "Time of a sum of doubles over all ranks, given to all",
    .min_ranks = 1,
    .run = run,
};

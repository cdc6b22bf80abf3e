/* mpbench allreduce: time of a sum of doubles over all ranks. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "mpbench.h"

/* Sizes are in bytes; a sum needs whole doubles. */
static int count_of(const struct collective *c)
{
    return c->size < 8 ? 1 : c->size / 8;
}

static void call(struct collective *c)
{
    MPI_Allreduce(c->out, c->in, count_of(c), MPI_DOUBLE, MPI_SUM, MPI_COMM_WORLD);
}

static void check(struct collective *c)
{
    double *out = (double *)c->out, *in = (double *)c->in;
    int count = count_of(c), ranks = world_size();

    for (int i = 0; i < count; i++)
        out[i] = world_rank() + i;
    call(c);
    for (int i = 0; i < count; i++)
        if (in[i] != (double)ranks * i + 0.5 * ranks * (ranks - 1))
            bench_die("mpbench allreduce: rank %d has a wrong sum at element %d of %d",
                      world_rank(), i, count);
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

/* The engine of all collective benchmarks: time of one operation over all ranks. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "mpbench.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

/* The root, or -1: every rank in turn. A rank that only sends runs ahead of the others for as long
 * as it is the root; then the time says how many operations overlap, and not how long one takes. */
static int fixed_root = -1;

static const struct argp_option rooted_options[] = {
    {"root", 'R', "RANK", 0, "The root (default: every rank in turn)", 0},
    {0},
};

static error_t parse_rooted(int key, char *arg, struct argp_state *state)
{
    struct list root;

    if (key != 'R')
        return ARGP_ERR_UNKNOWN;
    if (!list_parse(arg, &root) && root.count == 1 && root.value[0] < world_size()) {
        fixed_root = (int)root.value[0];
        return 0;
    }
    argp_failure(state, 0, 0, "--root=%s: one of the ranks 0 to %d was expected", arg,
                 world_size() - 1);
    return EINVAL;
}

const struct argp rooted_argp = {.options = rooted_options, .parser = parse_rooted};

static void turn_root(struct collective *c, int ranks)
{
    c->root = c->root + 1 < ranks ? c->root + 1 : 0;
}

static double timed(void *arg, long iters)
{
    struct collective *c = arg;
    int ranks = world_size();
    double begin = clock_now();

    for (long i = 0; i < iters; i++) {
        c->call(c);
        if (fixed_root < 0)
            turn_root(c, ranks);
    }
    return clock_now() - begin;
}

/* With each root that will be used. */
static void check_all(struct collective *c)
{
    int roots = c->rooted && fixed_root < 0 ? world_size() : 1;

    c->root = fixed_root < 0 ? 0 : fixed_root;
    for (int i = 0; c->check && i < roots; i++) {
        c->check(c);
        if (roots > 1)
            turn_root(c, roots);
    }
}

/* From reps times of each rank: median over the repetitions of the ranks' median and maximum. */
static void summarize(const struct options *options, const double *all, int ranks, double *median,
                      double *slowest)
{
    double *medians = samples_new(options), *maxima = samples_new(options);
    double *ranked = malloc((size_t)ranks * sizeof *ranked);

    if (!ranked)
        bench_die("mpbench: no memory for the times of %d ranks", ranks);
    for (int i = 0; i < options->reps; i++) {
        for (int rank = 0; rank < ranks; rank++)
            ranked[rank] = 1e6 * all[(size_t)rank * (size_t)options->reps + (size_t)i];
        medians[i] = stats_median(ranked, ranks);
        maxima[i] = ranked[ranks - 1];
    }
    *median = stats_median(medians, options->reps);
    *slowest = stats_median(maxima, options->reps);
    free(medians);
    free(maxima);
    free(ranked);
}

static void measure_size(const struct options *options, struct collective *c, struct table *table)
{
    int ranks = world_size();
    double *mine = samples_new(options), *all = NULL;

    if (table && !(all = malloc((size_t)ranks * (size_t)options->reps * sizeof *all)))
        bench_die("mpbench: no memory for the times of %d ranks", ranks);
    check_all(c);
    long iters = measure(options, 20e-3, MPI_COMM_WORLD, timed, c, mine);
    MPI_Gather(mine, options->reps, MPI_DOUBLE, all, options->reps, MPI_DOUBLE, 0, MPI_COMM_WORLD);
    if (table) {
        double row[] = {c->sizes ? c->size : ranks, 0, 0, (double)iters};
        summarize(options, all, ranks, &row[1], &row[2]);
        table_row(table, row);
    }
    progress_say(options, "%s: %d bytes", c->name, c->size);
    free(mine);
    free(all);
}

int collective_run(const struct options *options, struct collective *c)
{
    static const struct column sized[] = {
        {"size_B", 0}, {"median_us", 3}, {"max_us", 3}, {"iters", 0}};
    static const struct column unsized[] = {
        {"ranks", 0}, {"median_us", 3}, {"max_us", 3}, {"iters", 0}};
    struct table *table = bench_table(options, c->name, c->sizes ? sized : unsized, 4);
    struct list own, copy;
    const struct list *sizes = sizes_or(options, c->sizes ? c->sizes : "0", &own);

    copy = *sizes;
    size_t bytes = (size_t)stats_max(copy.value, copy.count) + 8;
    bytes *= c->per_rank ? (size_t)world_size() : 1;
    c->out = buffer_new(bytes);
    c->in = buffer_new(bytes);
    for (int i = 0; i < (c->sizes ? sizes->count : 1); i++) {
        c->size = (int)sizes->value[i];
        measure_size(options, c, table);
    }
    free(c->out);
    free(c->in);
    table_close(table);
    return 0;
}

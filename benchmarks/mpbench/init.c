/* mpbench init: how long MPI_Init took on each rank and what memory it left in use. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "mpbench.h"

#include <stdlib.h>

enum { FIGURES = 3 };

/* Sorts one figure of all ranks into `sorted`. */
static void sort_figure(const double *all, int ranks, int figure, double *sorted)
{
    for (int rank = 0; rank < ranks; rank++)
        sorted[rank] = all[rank * FIGURES + figure];
    stats_median(sorted, ranks);
}

static void add_row(struct table *table, const double *all, int ranks)
{
    double row[] = {ranks, 0, 0, 0, 0, 0, 0};
    double *sorted = malloc((size_t)ranks * sizeof *sorted);

    if (!sorted)
        bench_die("mpbench init: no memory for the figures of %d ranks", ranks);
    sort_figure(all, ranks, 0, sorted);
    row[1] = sorted[0];
    row[2] = sorted[ranks / 2];
    row[3] = sorted[ranks - 1];
    sort_figure(all, ranks, 1, sorted);
    row[4] = sorted[ranks / 2];
    row[5] = sorted[ranks - 1];
    sort_figure(all, ranks, 2, sorted);
    row[6] = sorted[ranks / 2];
    table_row(table, row);
    free(sorted);
}

static int run(const struct options *options)
{
    static const struct column columns[] = {
        {"ranks", 0},   {"init_min_ms", 3}, {"init_median_ms", 3}, {"init_max_ms", 3},
        {"rss_MiB", 2}, {"rss_max_MiB", 2}, {"grown_MiB", 2}};
    struct table *table = bench_table(options, "init", columns, 7);
    double mine[FIGURES] = {1e3 * init_seconds, init_rss_after / 1024,
                            (init_rss_after - init_rss_before) / 1024};
    double *all = NULL;

    if (table && !(all = malloc((size_t)world_size() * sizeof mine)))
        bench_die("mpbench init: no memory for the figures of %d ranks", world_size());
    MPI_Gather(mine, FIGURES, MPI_DOUBLE, all, FIGURES, MPI_DOUBLE, 0, MPI_COMM_WORLD);
    if (table)
        add_row(table, all, world_size());
    table_close(table);
    free(all);
    return 0;
}

const struct bench bench_init = {
    .name = "init",
    .summary = "Time of MPI_Init over the ranks, and the memory in use after it",
    .min_ranks = 1,
    .run = run,
};

/* mpbench latency: half the round trip of a ping-pong, by message size. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "mpbench.h"

#include <stdlib.h>

static void measure_size(const struct options *options, struct pingpong *p, double *samples,
                         struct table *table)
{
    pingpong_verify(p);
    long iters = measure(options, 5e-3, p->comm, pingpong_run, p, samples);
    for (int i = 0; i < options->reps; i++)
        samples[i] *= 1e6 / 2;
    double row[] = {p->size, stats_median(samples, options->reps),
                    stats_min(samples, options->reps), stats_max(samples, options->reps),
                    (double)iters};
    progress_say(options, "latency: %d bytes", p->size);
    table_row(table, row);
}

static void run_pair(const struct options *options, MPI_Comm pair, struct table *table)
{
    struct list own, copy;
    const struct list *sizes = sizes_or(options, "0..4M", &own);

    copy = *sizes;
    size_t largest = (size_t)stats_max(copy.value, copy.count);
    struct pingpong p = {.comm = pair, .send = MPI_Send, .type = MPI_BYTE, .tag = 1};
    double *samples = samples_new(options);
    p.out = buffer_new(largest);
    p.in = buffer_new(largest);
    for (int i = 0; i < sizes->count; i++) {
        p.size = (int)sizes->value[i];
        measure_size(options, &p, samples, table);
    }
    free(p.out);
    free(p.in);
    free(samples);
}

static int run(const struct options *options)
{
    static const struct column columns[] = {
        {"size_B", 0}, {"latency_us", 3}, {"min_us", 3}, {"max_us", 3}, {"iters", 0}};
    struct table *table = bench_table(options, "latency", columns, 5);
    MPI_Comm pair = bench_pair();

    if (pair != MPI_COMM_NULL)
        run_pair(options, pair, table);
    table_close(table);
    bench_unpair(&pair);
    return 0;
}

const struct bench bench_latency = {
    .name = "latency",
    .summary = "Half the round trip of a ping-pong between the first and the last rank",
    .min_ranks = 2,
    .run = run,
};

/* mpbench crossover: fits latency = a + b * size below and above the jump between protocols. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "mpbench.h"

#include <math.h>
#include <stdlib.h>

/* A line of latency in us over size in bytes. */
struct line {
    double a, b;
};

static double relative_error(const struct line *line, const double *x, const double *y, int count)
{
    double sum = 0;

    for (int i = 0; i < count; i++) {
        double off = (line->a + line->b * x[i]) / y[i] - 1;
        sum += off * off;
    }
    return sum;
}

/* Tries every place for the jump and keeps the one whose two lines fit best. Returns the number of
 * points below it. */
static int fit_two_lines(const double *x, const double *y, int count, struct line *below,
                         struct line *above)
{
    double best = INFINITY;
    int best_split = 0;

    for (int split = 3; split <= count - 3; split++) {
        struct line low, high;
        stats_fit_line(x, y, split, &low.a, &low.b);
        stats_fit_line(x + split, y + split, count - split, &high.a, &high.b);
        double error = relative_error(&low, x, y, split) +
                       relative_error(&high, x + split, y + split, count - split);
        if (error < best) {
            best = error;
            best_split = split;
            *below = low;
            *above = high;
        }
    }
    return best_split;
}

static void print_line(struct table *table, const char *key, const struct line *line)
{
    table_fact(table, key, "%.3f us + %.3f us/KiB", line->a, 1024 * line->b);
}

static void print_fit(struct table *table, const double *x, const double *y, int count)
{
    struct line below = {0}, above = {0};
    int split = fit_two_lines(x, y, count, &below, &above);
    double meet = (above.a - below.a) / (below.b - above.b);

    print_line(table, "below the jump", &below);
    print_line(table, "above the jump", &above);
    table_fact(table, "jump between", "%.0f and %.0f bytes", x[split - 1], x[split]);
    if (below.b > above.b && meet > 0)
        table_fact(table, "lines meet at (x*)", "%.0f bytes", meet);
    else
        table_fact(table, "lines meet at (x*)", "nowhere in this range");
}

static void run_pair(const struct options *options, MPI_Comm pair, const struct list *sizes,
                     struct table *table)
{
    struct list copy = *sizes;
    size_t largest = (size_t)stats_max(copy.value, copy.count);
    struct pingpong p = {.comm = pair, .send = MPI_Send, .type = MPI_BYTE, .tag = 1};
    double *samples = samples_new(options);
    double latency[LIST_MAX];

    p.out = buffer_new(largest);
    p.in = buffer_new(largest);
    for (int i = 0; i < sizes->count; i++) {
        p.size = (int)sizes->value[i];
        pingpong_verify(&p);
        measure(options, 5e-3, pair, pingpong_run, &p, samples);
        latency[i] = 1e6 / 2 * stats_median(samples, options->reps);
        double row[] = {p.size, latency[i]};
        table_row(table, row);
        progress_say(options, "crossover: %d bytes", p.size);
    }
    if (table)
        print_fit(table, sizes->value, latency, sizes->count);
    free(p.out);
    free(p.in);
    free(samples);
}

static int run(const struct options *options)
{
    static const struct column columns[] = {{"size_B", 0}, {"latency_us", 3}};
    struct list own;
    const struct list *sizes = sizes_or(
        options,
        "256,384,512,768,1K,1536,2K,3K,4K,6K,8K,12K,16K,24K,32K,48K,64K,96K,128K,192K,256K", &own);

    if (sizes->count < 6)
        bench_die("mpbench crossover: at least 6 sizes are needed to fit two lines");
    struct table *table = bench_table(options, "crossover", columns, 2);
    MPI_Comm pair = bench_pair();
    if (pair != MPI_COMM_NULL)
        run_pair(options, pair, sizes, table);
    table_close(table);
    bench_unpair(&pair);
    return 0;
}

const struct bench bench_crossover = {
    .name = "crossover",
    .summary = "Where the library changes its protocol, and where the two lines meet",
    .min_ranks = 2,
    .run = run,
};

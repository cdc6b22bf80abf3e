/* limits memcpy: copies within one process, by size. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "limits.h"

#include <stdlib.h>
#include <string.h>

struct copy {
    char *from, *to;
    size_t size;
};

static void copies(void *arg, long iters)
{
    const struct copy *copy = arg;

    for (long i = 0; i < iters; i++) {
        memcpy(copy->to, copy->from, copy->size);
        /* Without this the compiler may see that all copies but one are in vain. */
        __asm__ volatile("" : : "r"(copy->to) : "memory");
    }
}

static int run(const struct options *options)
{
    static const struct column columns[] = {
        {"size_B", 0}, {"bandwidth_GBps", 3}, {"min_GBps", 3}, {"max_GBps", 3}};
    struct list sizes = options->sizes;

    if (sizes.count == 0)
        list_parse("1K..4M", &sizes);
    struct list sorted = sizes;
    size_t largest = (size_t)stats_max(sorted.value, sorted.count);
    struct copy copy = {.from = buffer_new(largest), .to = buffer_new(largest)};
    struct table *table = table_open(options->format, "memcpy", columns, 4);
    limits_pin(0);
    for (int i = 0; i < sizes.count; i++) {
        double min, max;
        copy.size = (size_t)sizes.value[i];
        double median = limits_measure(options, 5e-3, copies, &copy, &min, &max);
        double unit = 1e-9 * sizes.value[i];
        double row[] = {sizes.value[i], unit / median, unit / max, unit / min};
        table_row(table, row);
    }
    table_close(table);
    free(copy.from);
    free(copy.to);
    return 0;
}

const struct bench bench_memcpy = {
    .name = "memcpy",
    .summary = "Bytes a second of a copy within one process",
    .argp = &cpus_argp,
    .run = run,
};

/* limits cacheline: one cache line there and another back between two pinned processes. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "limits.h"

#include <signal.h>
#include <stdatomic.h>
#include <sys/mman.h>
#include <sys/wait.h>

/* Two lines apart, since processors fetch lines in pairs. */
struct lines {
    _Alignas(128) atomic_long there;
    _Alignas(128) atomic_long back;
    long sent;
};

/* Runs until it is killed. */
static void echo(void *arg)
{
    struct lines *lines = arg;

    for (long next = 1;; next++) {
        while (atomic_load_explicit(&lines->there, memory_order_acquire) != next)
            continue;
        atomic_store_explicit(&lines->back, next, memory_order_release);
    }
}

static void round_trips(void *arg, long iters)
{
    struct lines *lines = arg;

    for (long i = 0; i < iters; i++) {
        long next = ++lines->sent;
        atomic_store_explicit(&lines->there, next, memory_order_release);
        while (atomic_load_explicit(&lines->back, memory_order_acquire) != next)
            continue;
    }
}

static int run(const struct options *options)
{
    static const struct column columns[] = {
        {"size_B", 0}, {"latency_us", 3}, {"min_us", 3}, {"max_us", 3}};
    struct lines *lines =
        mmap(NULL, sizeof *lines, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    double min, max;

    if (lines == MAP_FAILED)
        limits_die("no shared memory");
    int cpu = limits_pin(0);
    pid_t child = limits_fork(echo, lines);
    double median = limits_measure(options, 5e-3, round_trips, lines, &min, &max);
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    struct table *table = table_open(options->format, "cacheline", columns, 4);
    table_fact(table, "pinned to", "processor %d and %d", cpu, limits_pin(1));
    double row[] = {8, 1e6 / 2 * median, 1e6 / 2 * min, 1e6 / 2 * max};
    table_row(table, row);
    table_close(table);
    return 0;
}

const struct bench bench_cacheline = {
    .name = "cacheline",
    .summary = "One way of a cache line between two processes: the limit of latency on a node",
    .argp = &cpus_argp,
    .run = run,
};

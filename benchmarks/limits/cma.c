/* limits cma: cross-memory attach, one process reading the memory of another, by size. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "limits.h"

#include <errno.h>
#include <math.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

struct attach {
    pid_t owner;
    char *from, *to;
    size_t size;
};

/* The owner fills its own copy of the buffer, says that it is ready, and stays. */
struct owner {
    char *buffer;
    size_t size;
    int ready;
};

static void own(void *arg)
{
    struct owner *owner = arg;

    pattern_fill(owner->buffer, owner->size, 1);
    if (write(owner->ready, "r", 1) == 1)
        for (;;)
            pause();
}

static void reads(void *arg, long iters)
{
    const struct attach *attach = arg;
    struct iovec local = {attach->to, attach->size}, remote = {attach->from, attach->size};

    for (long i = 0; i < iters; i++)
        if (process_vm_readv(attach->owner, &local, 1, &remote, 1, 0) != (ssize_t)attach->size)
            limits_die("reading %zu bytes of another process failed", attach->size);
}

/* Whether the kernel lets us; says so in the table if not. */
static bool permitted(struct attach *attach, struct table *table)
{
    struct iovec local = {attach->to, 1}, remote = {attach->from, 1};

    if (process_vm_readv(attach->owner, &local, 1, &remote, 1, 0) == 1)
        return true;
    table_fact(table, "not permitted", "process_vm_readv: %s", strerror(errno));
    return false;
}

static void measure_sizes(const struct options *options, const struct list *sizes,
                          struct attach *attach, struct table *table)
{
    bool can = permitted(attach, table);

    for (int i = 0; i < sizes->count; i++) {
        double row[] = {sizes->value[i], NAN, NAN, NAN};
        if (can) {
            double min, max, unit = 1e-9 * sizes->value[i];
            attach->size = (size_t)sizes->value[i];
            row[1] = unit / limits_measure(options, 5e-3, reads, attach, &min, &max);
            row[2] = unit / max;
            row[3] = unit / min;
            if (pattern_check(attach->to, attach->size, 1) >= 0)
                limits_die("wrong bytes were read");
        }
        table_row(table, row);
    }
}

static int run(const struct options *options)
{
    static const struct column columns[] = {
        {"size_B", 0}, {"bandwidth_GBps", 3}, {"min_GBps", 3}, {"max_GBps", 3}};
    struct list sizes = options->sizes;
    int pipe_ends[2];
    char byte;

    if (sizes.count == 0)
        list_parse("1K..4M", &sizes);
    struct list sorted = sizes;
    size_t largest = (size_t)stats_max(sorted.value, sorted.count);
    if (pipe(pipe_ends) != 0)
        limits_die("no pipe");
    struct owner owner = {buffer_new(largest), largest, pipe_ends[1]};
    struct attach attach = {.from = owner.buffer, .to = buffer_new(largest)};
    limits_pin(0);
    attach.owner = limits_fork(own, &owner);
    if (read(pipe_ends[0], &byte, 1) != 1)
        limits_die("the second process did not start");
    struct table *table = table_open(options->format, "cma", columns, 4);
    measure_sizes(options, &sizes, &attach, table);
    table_close(table);
    kill(attach.owner, SIGKILL);
    waitpid(attach.owner, NULL, 0);
    free(owner.buffer);
    free(attach.to);
    return 0;
}

const struct bench bench_cma = {
    .name = "cma",
    .summary = "Bytes a second of reading another process's memory (cross-memory attach)",
    .argp = &cpus_argp,
    .run = run,
};

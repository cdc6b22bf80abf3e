/* Harness of mpbench: start-up facts, pairs of ranks, trial and repetitions. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "mpbench.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int world_rank(void)
{
    int rank;

    MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    return rank;
}

int world_size(void)
{
    int size;

    MPI_Comm_size(MPI_COMM_WORLD, &size);
    return size;
}

_Noreturn void bench_die(const char *format, ...)
{
    char line[512];
    va_list args;

    va_start(args, format);
    vsnprintf(line, sizeof line, format, args);
    va_end(args);
    fprintf(stderr, "%s\n", line);
    MPI_Abort(MPI_COMM_WORLD, 2);
    abort();
}

struct table *bench_table(const struct options *options, const char *name,
                          const struct column *columns, int count)
{
    char version[MPI_MAX_LIBRARY_VERSION_STRING];
    int length;

    if (world_rank() != 0)
        return NULL;
    struct table *table = table_open(options->format, name, columns, count);
    MPI_Get_library_version(version, &length);
    /* Some libraries tell their life here, with tabs: the first line is enough. */
    version[strcspn(version, "\n")] = '\0';
    for (char *tab = version; (tab = strchr(tab, '\t'));)
        *tab = ' ';
    table_fact(table, "mpi", "%.100s", version);
    table_fact(table, "ranks", "%d", world_size());
    return table;
}

MPI_Comm bench_pair(void)
{
    MPI_Comm pair;
    int rank = world_rank();
    bool end = rank == 0 || rank == world_size() - 1;

    MPI_Comm_split(MPI_COMM_WORLD, end ? 0 : MPI_UNDEFINED, rank, &pair);
    return pair;
}

void bench_unpair(MPI_Comm *pair)
{
    if (*pair != MPI_COMM_NULL)
        MPI_Comm_free(pair);
}

/* Finds how many iterations last rep_time. Rank 0 decides, so that all ranks do the same. That a
 * number is enough has to be seen twice: once may have met something else that wanted the core. */
static long trial(double rep_time, MPI_Comm comm, timed_fn fn, void *arg)
{
    long iters = 1, enough = 0;

    for (;;) {
        MPI_Barrier(comm);
        double taken = fn(arg, iters);
        double factor = taken > 0 ? rep_time / taken : 10;
        /* A short trial says little, so the number grows by at most ten times at once. */
        long next = factor > 10 ? iters * 10 : (long)((double)iters * factor);
        MPI_Bcast(&next, 1, MPI_LONG, 0, comm);
        if (next > iters + iters / 10) {
            iters = next;
            enough = 0;
        } else if (enough == 0) {
            enough = next < 1 ? 1 : next;
        } else {
            return next > enough ? next : enough;
        }
    }
}

long measure(const struct options *options, double rep_time, MPI_Comm comm, timed_fn fn, void *arg,
             double *seconds)
{
    long iters = options->iters;

    if (options->rep_ms > 0)
        rep_time = 1e-3 * options->rep_ms;
    if (iters == 0)
        iters = trial(rep_time, comm, fn, arg);
    for (int i = 0; i < options->reps; i++) {
        MPI_Barrier(comm);
        seconds[i] = fn(arg, iters) / (double)iters;
    }
    return iters;
}

double *samples_new(const struct options *options)
{
    double *samples = malloc((size_t)options->reps * sizeof *samples);

    if (!samples)
        bench_die("mpbench: no memory for %d repetitions", options->reps);
    return samples;
}

const struct list *sizes_or(const struct options *options, const char *own, struct list *list)
{
    if (options->sizes.count > 0)
        return &options->sizes;
    list_parse(own, list);
    return list;
}

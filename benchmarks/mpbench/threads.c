/* mpbench threads: small messages a second of several threads a rank, each pair on a communicator of its own. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "mpbench.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>

enum { THREADS_MAX = 64 };

/* The threads of this rank. Thread 0 is the caller's; all do `iters` windows between two meetings. */
struct crew {
    int count, window;
    long iters; /* 0: the work is over */
    pthread_barrier_t meeting;
    struct stream stream[THREADS_MAX];
};

struct member {
    struct crew *crew;
    int index;
    pthread_t thread;
};

static struct list threads_option;

static error_t parse(int key, char *arg, struct argp_state *state)
{
    if (key != 't')
        return ARGP_ERR_UNKNOWN;
    if (!list_parse(arg, &threads_option) && stats_min(threads_option.value, threads_option.count) >= 1 &&
        stats_max(threads_option.value, threads_option.count) <= THREADS_MAX)
        return 0;
    argp_failure(state, 0, 0, "--threads=%s: numbers from 1 to %d were expected, as 1,2", arg, THREADS_MAX);
    return EINVAL;
}

static const struct argp_option own_options[] = {
    {"threads", 't', "LIST", 0, "Threads of each rank (default 1,2)", 0},
    {0},
};

static const struct argp threads_argp = {.options = own_options, .parser = parse};

static void *serve(void *arg)
{
    const struct member *me = arg;
    struct crew *crew = me->crew;

    for (;;) {
        pthread_barrier_wait(&crew->meeting);
        if (crew->iters == 0)
            return NULL;
        stream_run(&crew->stream[me->index], crew->iters);
        pthread_barrier_wait(&crew->meeting);
    }
}

/* A timed_fn: whole windows of all threads at once. */
static double crew_run(void *arg, long iters)
{
    struct crew *crew = arg;

    crew->iters = iters;
    pthread_barrier_wait(&crew->meeting);
    double begin = clock_now();
    stream_run(&crew->stream[0], iters);
    pthread_barrier_wait(&crew->meeting);
    return clock_now() - begin;
}

static void crew_open(struct crew *crew, struct member *members, int count, int size)
{
    int rank = world_rank();
    bool alone = world_size() == 1;

    crew->count = count;
    pthread_barrier_init(&crew->meeting, NULL, (unsigned)count);
    for (int i = 0; i < count; i++) {
        MPI_Comm comm;
        MPI_Comm_dup(MPI_COMM_WORLD, &comm);
        stream_open(&crew->stream[i], comm, rank == 0, alone, alone ? 0 : 1 - rank, size);
        stream_size(&crew->stream[i], size);
        stream_verify(&crew->stream[i]);
        members[i] = (struct member){.crew = crew, .index = i};
        if (i > 0 && pthread_create(&members[i].thread, NULL, serve, &members[i]))
            bench_die("mpbench: cannot start %d threads", count);
    }
}

static void crew_close(struct crew *crew, struct member *members)
{
    crew->iters = 0;
    pthread_barrier_wait(&crew->meeting);
    for (int i = 0; i < crew->count; i++) {
        if (i > 0)
            pthread_join(members[i].thread, NULL);
        stream_close(&crew->stream[i]);
        MPI_Comm_free(&crew->stream[i].comm);
    }
    pthread_barrier_destroy(&crew->meeting);
}

static void measure_threads(const struct options *options, int count, int size, struct table *table)
{
    static struct crew crew;
    struct member members[THREADS_MAX];
    double *seconds = samples_new(options);

    crew_open(&crew, members, count, size);
    measure(options, 10e-3, MPI_COMM_WORLD, crew_run, &crew, seconds);
    for (int i = 0; i < options->reps; i++)
        seconds[i] = 1e-6 * crew.stream[0].window * count / seconds[i];
    if (table) {
        double row[] = {count,
                        size,
                        stats_median(seconds, options->reps),
                        stats_min(seconds, options->reps),
                        stats_max(seconds, options->reps),
                        crew.stream[0].window};
        table_row(table, row);
    }
    progress_say(options, "threads: %d", count);
    crew_close(&crew, members);
    free(seconds);
}

static int run(const struct options *options)
{
    static const struct column columns[] = {{"threads", 0},    {"size_B", 0},     {"rate_Mmsgps", 3},
                                            {"min_Mmsgps", 3}, {"max_Mmsgps", 3}, {"window", 0}};
    struct list own;
    const struct list *sizes = sizes_or(options, "8", &own);
    int provided;

    MPI_Query_thread(&provided);
    if (provided < MPI_THREAD_MULTIPLE)
        bench_die("mpbench threads: this MPI does not allow threads that call it at the same time");
    if (world_size() > 2)
        bench_die("mpbench threads: 2 ranks are needed (start it with -n 2), or one that sends to itself");
    if (threads_option.count == 0)
        list_parse("1,2", &threads_option);
    struct table *table = bench_table(options, "threads", columns, 6);
    for (int t = 0; t < threads_option.count; t++)
        for (int i = 0; i < sizes->count; i++)
            measure_threads(options, (int)threads_option.value[t], (int)sizes->value[i], table);
    table_close(table);
    return 0;
}

const struct bench bench_threads = {
    .name = "threads",
    .summary = "Millions of small messages a second of several threads a rank",
    .argp = &threads_argp,
    .min_ranks = 1,
    .run = run,
};

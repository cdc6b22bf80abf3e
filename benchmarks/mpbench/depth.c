/* mpbench depth: what a message costs while many receives or unexpected messages are queued. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "mpbench.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

enum { FIGURES = 4 };

/* A queue of `depth` entries on rank 1 with tags 1 to depth; the payload is the tag. */
struct queue {
    MPI_Comm comm;
    int me, depth;
    int *payload;
    MPI_Request *requests;
};

static struct list depths = {5, {1, 10, 100, 1000, 10000}};

static error_t parse(int key, char *arg, struct argp_state *state)
{
    if (key != 'd')
        return ARGP_ERR_UNKNOWN;
    const char *wrong = list_parse(arg, &depths);
    for (int i = 0; !wrong && i < depths.count; i++)
        if (depths.value[i] < 1 || depths.value[i] > 1e6)
            wrong = "depths go from 1 to 1000000";
    if (!wrong)
        return 0;
    argp_failure(state, 0, 0, "--depths=%s: %s", arg, wrong);
    return EINVAL;
}

static void post_receives(struct queue *q)
{
    for (int i = 0; i < q->depth; i++)
        MPI_Irecv(&q->payload[i], 1, MPI_INT, 0, i + 1, q->comm, &q->requests[i]);
}

/* Sends all entries; nonblocking, since nobody may be there to take them yet. */
static void start_sends(struct queue *q)
{
    for (int i = 0; i < q->depth; i++) {
        q->payload[i] = i + 1;
        MPI_Isend(&q->payload[i], 1, MPI_INT, 1, i + 1, q->comm, &q->requests[i]);
    }
}

static void finish(struct queue *q)
{
    MPI_Waitall(q->depth, q->requests, MPI_STATUSES_IGNORE);
}

static void check(const struct queue *q)
{
    for (int i = 0; i < q->depth; i++)
        if (q->payload[i] != i + 1)
            bench_die("mpbench depth: the message of tag %d of %d arrived with content %d", i + 1,
                      q->depth, q->payload[i]);
}

/* Rank 1 knows by this message that every earlier one from rank 0 has arrived: order is kept. */
static void pass_marker(const struct queue *q)
{
    char marker = 0;

    if (q->me == 0)
        MPI_Send(&marker, 1, MPI_BYTE, 1, q->depth + 2, q->comm);
    else
        MPI_Recv(&marker, 1, MPI_BYTE, 0, q->depth + 2, q->comm, MPI_STATUS_IGNORE);
}

/* Rank 1 tells rank 0 a time of its own, in seconds, and that it is done. */
static double pass_time(const struct queue *q, double seconds)
{
    if (q->me == 1)
        MPI_Send(&seconds, 1, MPI_DOUBLE, 0, 0, q->comm);
    else
        MPI_Recv(&seconds, 1, MPI_DOUBLE, 1, 0, q->comm, MPI_STATUS_IGNORE);
    return seconds;
}

/* A timed_fn: rank 1 posts all, rank 0 sends in the opposite order. */
static double posted_reversed(void *arg, long iters)
{
    struct queue *q = arg;
    double sum = 0;

    for (long i = 0; i < iters; i++) {
        if (q->me == 1)
            post_receives(q);
        pass_time(q, 0);
        double begin = clock_now();
        for (int tag = q->depth; q->me == 0 && tag >= 1; tag--)
            MPI_Send(&tag, 1, MPI_INT, 1, tag, q->comm);
        if (q->me == 1)
            finish(q);
        pass_time(q, 0);
        sum += clock_now() - begin;
        if (q->me == 1)
            check(q);
    }
    return sum;
}

/* A timed_fn: all have arrived unexpected when rank 1 takes them in the opposite order. */
static double unexpected_reversed(void *arg, long iters)
{
    struct queue *q = arg;
    double sum = 0;

    for (long i = 0; i < iters; i++) {
        if (q->me == 0)
            start_sends(q);
        pass_marker(q);
        double begin = clock_now();
        for (int tag = q->depth; q->me == 1 && tag >= 1; tag--)
            MPI_Recv(&q->payload[tag - 1], 1, MPI_INT, 0, tag, q->comm, MPI_STATUS_IGNORE);
        sum += pass_time(q, clock_now() - begin);
        if (q->me == 0)
            finish(q);
        else
            check(q);
    }
    return sum;
}

static double median_us(const struct options *options, struct queue *q, timed_fn fn, void *arg,
                        double parts)
{
    double *samples = samples_new(options);

    measure(options, 5e-3, q->comm, fn, arg, samples);
    double median = 1e6 / parts * stats_median(samples, options->reps);
    free(samples);
    return median;
}

/* Ping-pong whose receive is posted after `depth` others that do not match. */
static double posted_pingpong(const struct options *options, struct queue *q, struct pingpong *p)
{
    if (q->me == 1)
        post_receives(q);
    double us = median_us(options, q, pingpong_run, p, 2);
    if (q->me == 0)
        start_sends(q);
    finish(q);
    if (q->me == 1)
        check(q);
    return us;
}

/* Ping-pong past `depth` unexpected messages. */
static double unexpected_pingpong(const struct options *options, struct queue *q,
                                  struct pingpong *p)
{
    if (q->me == 0)
        start_sends(q);
    pass_marker(q);
    double us = median_us(options, q, pingpong_run, p, 2);
    if (q->me == 1)
        post_receives(q);
    finish(q);
    if (q->me == 1)
        check(q);
    return us;
}

static void measure_depth(const struct options *options, struct queue *q, double *figures)
{
    char out[8] = {0}, in[8] = {0};
    struct pingpong p = {.comm = q->comm,
                         .send = MPI_Send,
                         .type = MPI_BYTE,
                         .out = out,
                         .in = in,
                         .size = 8,
                         .tag = q->depth + 1};

    figures[0] = posted_pingpong(options, q, &p);
    progress_say(options, "depth %d: posted", q->depth);
    figures[1] = unexpected_pingpong(options, q, &p);
    progress_say(options, "depth %d: unexpected", q->depth);
    figures[2] = median_us(options, q, posted_reversed, q, q->depth);
    progress_say(options, "depth %d: posted, reversed", q->depth);
    figures[3] = median_us(options, q, unexpected_reversed, q, q->depth);
}

static void print_ratios(struct table *table, double figures[][FIGURES])
{
    static const char *const names[] = {"ratio posted", "ratio unexpected", "ratio posted_rev",
                                        "ratio unexpected_rev"};
    int last = depths.count - 1;

    for (int i = 0; i < last; i++)
        for (int k = 0; depths.value[i] == 10 && k < FIGURES; k++)
            table_fact(table, names[k], "%.2f (depth %.0f to depth 10)",
                       figures[last][k] / figures[i][k], depths.value[last]);
}

static void run_pair(const struct options *options, MPI_Comm pair, struct table *table)
{
    double figures[LIST_MAX][FIGURES];
    struct list copy = depths;
    int deepest = (int)stats_max(copy.value, copy.count);
    struct queue q = {.comm = pair};

    MPI_Comm_rank(pair, &q.me);
    q.payload = (int *)buffer_new((size_t)deepest * sizeof *q.payload);
    q.requests = (MPI_Request *)buffer_new((size_t)deepest * sizeof *q.requests);
    for (int i = 0; i < deepest; i++)
        q.requests[i] = MPI_REQUEST_NULL;
    for (int i = 0; i < depths.count; i++) {
        q.depth = (int)depths.value[i];
        measure_depth(options, &q, figures[i]);
        double row[] = {q.depth, figures[i][0], figures[i][1], figures[i][2], figures[i][3]};
        table_row(table, row);
    }
    if (table)
        print_ratios(table, figures);
    free(q.payload);
    free(q.requests);
}

static int run(const struct options *options)
{
    static const struct column columns[] = {{"depth", 0},
                                            {"posted_us", 3},
                                            {"unexpected_us", 3},
                                            {"posted_rev_us", 3},
                                            {"unexpected_rev_us", 3}};
    struct table *table = bench_table(options, "depth", columns, 5);
    MPI_Comm pair = bench_pair();

    if (pair != MPI_COMM_NULL)
        run_pair(options, pair, table);
    table_close(table);
    bench_unpair(&pair);
    return 0;
}

static const struct argp_option own_options[] = {
    {"depths", 'd', "LIST", 0, "Queue lengths (default 1,10,100,1000,10000)", 0}, {0}};

static const struct argp depth_argp = {.options = own_options, .parser = parse};

const struct bench bench_depth = {
    .name = "depth",
    .summary = "Cost of a message beside long queues: ping-pong past them, taking them reversed",
    .argp = &depth_argp,
    .min_ranks = 2,
    .run = run,
};

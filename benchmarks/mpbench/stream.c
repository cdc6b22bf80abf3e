/* Windows of nonblocking messages: the engine of bandwidth, bibandwidth and rate. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "mpbench.h"

#include <errno.h>
#include <stdlib.h>

/* So much memory at most for the receive buffers of a window. */
static const double span_max = 128 << 20;

static int window_option = 64;
static bool reuse_option;

static error_t parse(int key, char *arg, struct argp_state *state)
{
    switch (key) {
    case 'w':
        window_option = atoi(arg);
        if (window_option >= 1 && window_option <= 100000)
            return 0;
        argp_failure(state, 0, 0, "--window=%s: a number from 1 to 100000 was expected", arg);
        return EINVAL;
    case 'u':
        reuse_option = true;
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp_option own_options[] = {
    {"window", 'w', "N", 0, "Messages under way at once (default 64)", 0},
    {"reuse", 'u', NULL, 0,
     "Receive the whole window in one buffer: hot in cache, outside the letter of the standard", 0},
    {0},
};

const struct argp stream_argp = {.options = own_options, .parser = parse};

static size_t stride_of(double size)
{
    size_t unit = size >= 4096 ? 4096 : 64;

    return reuse_option ? 0 : ((size_t)size + unit - 1) / unit * unit;
}

void stream_open(struct stream *s, MPI_Comm comm, bool sender, bool both, int peer, double largest)
{
    double span = (double)stride_of(largest) * window_option;

    if (span > span_max)
        span = span_max;
    if (span < largest)
        span = largest;
    *s = (struct stream){.comm = comm, .sender = sender, .both = both, .peer = peer};
    s->requests = malloc(2 * (size_t)window_option * sizeof *s->requests);
    if (!s->requests)
        bench_die("mpbench: no memory for a window of %d messages", window_option);
    s->in = buffer_new((size_t)span);
    s->out = buffer_new((size_t)largest);
}

void stream_close(struct stream *s)
{
    free(s->requests);
    free(s->in);
    free(s->out);
}

void stream_size(struct stream *s, int size)
{
    s->size = size;
    s->stride = stride_of(size);
    s->window = window_option;
    if ((double)s->stride * s->window > span_max)
        s->window = (int)(span_max / (double)s->stride);
    if (s->window < 1)
        s->window = 1;
}

static int post_receives(const struct stream *s)
{
    for (int i = 0; i < s->window; i++)
        MPI_Irecv(s->in + (size_t)i * s->stride, s->size, MPI_BYTE, s->peer, 1, s->comm,
                  &s->requests[i]);
    return s->window;
}

static int post_sends(const struct stream *s, int first)
{
    for (int i = 0; i < s->window; i++)
        MPI_Isend(s->out, s->size, MPI_BYTE, s->peer, 1, s->comm, &s->requests[first + i]);
    return first + s->window;
}

double stream_run(void *arg, long iters)
{
    const struct stream s = *(struct stream *)arg;
    char ack = 0;
    double begin = clock_now();

    for (long i = 0; i < iters; i++) {
        int pending = s.both || !s.sender ? post_receives(&s) : 0;
        if (s.both || s.sender)
            pending = post_sends(&s, pending);
        MPI_Waitall(pending, s.requests, MPI_STATUSES_IGNORE);
        if (s.both)
            continue;
        if (s.sender)
            MPI_Recv(&ack, 1, MPI_BYTE, s.peer, 2, s.comm, MPI_STATUS_IGNORE);
        else
            MPI_Send(&ack, 1, MPI_BYTE, s.peer, 2, s.comm);
    }
    return clock_now() - begin;
}

void stream_verify(struct stream *s)
{
    pattern_fill(s->out, (size_t)s->size, (unsigned)s->size);
    for (int i = 0; i < s->window; i++)
        pattern_fill(s->in + (size_t)i * s->stride, (size_t)s->size, 99);
    stream_run(s, 1);
    if (s->sender && !s->both)
        return;
    for (int i = 0; i < s->window; i++) {
        long wrong =
            pattern_check(s->in + (size_t)i * s->stride, (size_t)s->size, (unsigned)s->size);
        if (wrong >= 0)
            bench_die("mpbench: byte %ld of message %d of a window of %d bytes each arrived wrong",
                      wrong, i, s->size);
    }
}

static void measure_size(const struct options *options, const char *name, struct stream *s,
                         double *samples, struct table *table)
{
    stream_verify(s);
    measure(options, 20e-3, s->comm, stream_run, s, samples);
    double bytes = (double)s->size * s->window * (s->both ? 2 : 1);
    for (int i = 0; i < options->reps; i++)
        samples[i] = 1e-9 * bytes / samples[i];
    double row[] = {s->size, stats_median(samples, options->reps),
                    stats_min(samples, options->reps), stats_max(samples, options->reps),
                    s->window};
    progress_say(options, "%s: %d bytes", name, s->size);
    table_row(table, row);
}

static void run_pair(const struct options *options, const char *name, MPI_Comm pair, bool both,
                     struct table *table)
{
    struct stream stream;
    struct list own, copy;
    const struct list *sizes = sizes_or(options, "1..4M", &own);
    double *samples = samples_new(options);
    int me;

    copy = *sizes;
    MPI_Comm_rank(pair, &me);
    stream_open(&stream, pair, me == 0, both, 1 - me, stats_max(copy.value, copy.count));
    for (int i = 0; i < sizes->count; i++) {
        stream_size(&stream, (int)sizes->value[i]);
        measure_size(options, name, &stream, samples, table);
    }
    stream_close(&stream);
    free(samples);
}

int stream_bandwidth(const struct options *options, const char *name, bool both)
{
    static const struct column columns[] = {
        {"size_B", 0}, {"bandwidth_GBps", 3}, {"min_GBps", 3}, {"max_GBps", 3}, {"window", 0}};
    struct table *table = bench_table(options, name, columns, 5);
    MPI_Comm pair = bench_pair();

    if (pair != MPI_COMM_NULL)
        run_pair(options, name, pair, both, table);
    table_close(table);
    bench_unpair(&pair);
    return 0;
}

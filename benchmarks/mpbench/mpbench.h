/* The harness of mpbench: pairs of ranks, timed repetitions, and engines for several benchmarks. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TRIREME_MPBENCH_H
#define TRIREME_MPBENCH_H

#include "../common/bench.h"

#include <mpi.h>

extern const struct bench bench_latency, bench_bandwidth, bench_bibandwidth, bench_rate,
    bench_pipeline, bench_crossover, bench_barrier, bench_bcast, bench_scatter, bench_gather,
    bench_allgather, bench_alltoall, bench_reduce, bench_allreduce, bench_reduce_scatter,
    bench_scan, bench_depth, bench_flood, bench_datatype, bench_init, bench_tune, bench_threads;

/* Seconds that this rank's MPI_Init took, and its resident memory before and after in KiB. */
extern double init_seconds, init_rss_before, init_rss_after;

int world_rank(void);
int world_size(void);

/* Ends the job with one line on standard error. */
_Noreturn void bench_die(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Opens the table on rank 0 and gives NULL on every other rank; adds the facts about the run. */
struct table *bench_table(const struct options *options, const char *name,
                          const struct column *columns, int count);

/* A communicator of the first and the last rank, which are on different nodes if any are. The other
 * ranks get MPI_COMM_NULL and have nothing to do. Free it with bench_unpair. */
MPI_Comm bench_pair(void);
void bench_unpair(MPI_Comm *pair);

/* Does the work `iters` times and returns the seconds it took on this rank. */
typedef double (*timed_fn)(void *arg, long iters);

/* Calls fn until one call lasts rep_time (or the option says so), then options->reps times, all
 * ranks of comm together. seconds[i] is repetition i on this rank, for one iteration. Returns the
 * number of iterations in a repetition. */
long measure(const struct options *options, double rep_time, MPI_Comm comm, timed_fn fn, void *arg,
             double *seconds);

/* As many doubles as there are repetitions; free() it. */
double *samples_new(const struct options *options);

/* Takes the given sizes or, without any, the benchmark's own list. */
const struct list *sizes_or(const struct options *options, const char *own, struct list *list);

/* Seconds until another process on the same core has had its turn; -1: not to be found out here. For
 * `tune`; the calling process alone measures. */
double tune_turn(void);

/* ---- ping-pong ------------------------------------------------------------------------------- */

typedef int (*send_fn)(const void *buffer, int count, MPI_Datatype type, int to, int tag,
                       MPI_Comm comm);

/* Between ranks 0 and 1 of comm. The answer travels with tag 0. */
struct pingpong {
    MPI_Comm comm;
    send_fn send; /* how both send */
    MPI_Datatype type;
    char *out, *in;
    int size; /* elements of the type */
    int tag;  /* of the message from 0 to 1 */
};

/* A timed_fn: whole round trips. */
double pingpong_run(void *pingpong, long iters);

/* One round trip of MPI_BYTE with a full check of the payload; ends the job if a byte is wrong. */
void pingpong_verify(struct pingpong *pingpong);

/* ---- streams of messages --------------------------------------------------------------------- */

/* Windows of messages that rank `me` of a pair exchanges with `peer`. */
struct stream {
    MPI_Comm comm;
    bool sender, both; /* both: messages in both directions at once */
    int peer, size, window;
    size_t stride; /* between the places of two messages of a window; 0: all in one place */
    char *out, *in;
    MPI_Request *requests;
};

/* The option --window of the stream benchmarks, and --reuse. */
extern const struct argp stream_argp;

/* Prepares for messages of up to `largest` bytes; the partner is `peer` in comm. */
void stream_open(struct stream *stream, MPI_Comm comm, bool sender, bool both, int peer,
                 double largest);
void stream_close(struct stream *stream);

/* Sets the size, and a smaller window if the receive buffers would take too much memory. */
void stream_size(struct stream *stream, int size);

/* A timed_fn: whole windows. */
double stream_run(void *stream, long iters);

/* One window with a full check of the payload. */
void stream_verify(struct stream *stream);

/* Runs a bandwidth benchmark between the first and the last rank and prints its table. */
int stream_bandwidth(const struct options *options, const char *name, bool both);

/* ---- collectives ----------------------------------------------------------------------------- */

/* One collective operation over MPI_COMM_WORLD. */
struct collective {
    const char *name;
    const char *sizes;                            /* the default list; NULL: it has no size */
    bool per_rank;                                /* buffers hold `size` bytes for each rank */
    void (*call)(struct collective *collective);  /* once */
    void (*check)(struct collective *collective); /* once, with verified contents; may be NULL */
    bool rooted;                                  /* it looks at `root` */
    int root;                                     /* now */
    int size;
    char *out, *in;
};

/* The option --root of those that have one. */
extern const struct argp rooted_argp;

/* Runs it over all sizes and prints the table. */
int collective_run(const struct options *options, struct collective *collective);

/* Blocks of c->size bytes, with a pattern of its own for each pair of ranks: block_fill writes the
 * one that `from` has for `to` at a place of c->out, block_spoil makes it wrong in every byte at a
 * place of c->in, block_check ends the job with a line unless it has come there. */
void block_fill(const struct collective *c, int place, int from, int to);
void block_spoil(const struct collective *c, int place, int from, int to);
void block_check(const struct collective *c, int place, int from, int to);

/* Sums of doubles. How many a block holds: sizes are in bytes, a sum needs at least a whole one. */
int sum_count(const struct collective *c);

/* Fills `blocks` blocks of c->out with numbers whose sums are known, and the same of c->in with
 * wrong ones. */
void sum_fill(const struct collective *c, int blocks);

/* Ends the job with a line unless c->in begins with the sum of the first `ranks` ranks' block
 * number `block`. */
void sum_check(const struct collective *c, int block, int ranks);

#endif

/* mpbench tune: the parameters of the LogGP model by which Trireme chooses algorithms. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "mpbench.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

enum { SMALL = 8, MIDDLE = 64 << 10, LARGE = 1 << 20, BURST = 64, LOCAL = 32 << 10 };

struct link {
    struct pingpong small, middle, large;
    double one_way;    /* s; how long an answer is waited for */
    double clock_cost; /* s */
};

/* ---- a pair of ranks ------------------------------------------------------------------------- */

/* What rank 0 spends in MPI itself with sending and receiving, the mean of both: the answer has
 * arrived before it is asked for. */
static double overhead_run(void *arg, long iters)
{
    const struct link *link = arg;
    const struct pingpong *p = &link->small;
    double spent = 0;
    int me;

    MPI_Comm_rank(p->comm, &me);
    for (long i = 0; i < iters; i++) {
        if (me == 1)
            MPI_Recv(p->in, SMALL, MPI_BYTE, 0, 1, p->comm, MPI_STATUS_IGNORE);
        double begin = clock_now();
        MPI_Send(p->out, SMALL, MPI_BYTE, 1 - me, 1, p->comm);
        spent += clock_now() - begin - link->clock_cost;
        if (me == 0) {
            clock_spin(4 * link->one_way); /* more than the round trip */
            begin = clock_now();
            MPI_Recv(p->in, SMALL, MPI_BYTE, 1, 1, p->comm, MPI_STATUS_IGNORE);
            spent += clock_now() - begin - link->clock_cost;
        }
    }
    return spent / 2;
}

/* Messages one behind the other, and an answer to the last. */
static double burst_run(void *arg, long iters)
{
    const struct pingpong *p = &((struct link *)arg)->small;
    int me;

    MPI_Comm_rank(p->comm, &me);
    double begin = clock_now();
    for (long i = 0; i < iters * BURST; i++) {
        bool last = i % BURST == BURST - 1;
        if (me == 0)
            MPI_Send(p->out, SMALL, MPI_BYTE, 1, 1, p->comm);
        else
            MPI_Recv(p->in, SMALL, MPI_BYTE, 0, 1, p->comm, MPI_STATUS_IGNORE);
        if (last && me == 0)
            MPI_Recv(p->in, SMALL, MPI_BYTE, 1, 0, p->comm, MPI_STATUS_IGNORE);
        else if (last)
            MPI_Send(p->out, SMALL, MPI_BYTE, 0, 0, p->comm);
    }
    return clock_now() - begin;
}

static double clock_cost(void)
{
    enum { CALLS = 1000 };
    double begin = clock_now(), last = begin;

    for (int i = 0; i < CALLS; i++)
        last = clock_now();
    return (last - begin) / CALLS;
}

/* Others on the machine only make it slower. */
static double best_of(const struct options *options, MPI_Comm comm, timed_fn fn, void *arg)
{
    double *samples = samples_new(options);

    measure(options, 1e-3, comm, fn, arg, samples);
    double best = stats_min(samples, options->reps);
    free(samples);
    return best;
}

static void print_ns(const char *prefix, const char *name, double seconds)
{
    printf("%s%s_ns %.4g\n", prefix, name, fmax(seconds, 0) * 1e9);
}

/* An exchange is two messages of latency and two overheads each. */
static void tune_link(const struct options *options, MPI_Comm pair, const char *prefix)
{
    const struct pingpong p = {.comm = pair, .send = MPI_Send, .type = MPI_BYTE, .tag = 1,
                               .out = buffer_new(LARGE), .in = buffer_new(LARGE)};
    struct link link = {.small = p, .middle = p, .large = p, .clock_cost = clock_cost()};
    int me;

    MPI_Comm_rank(pair, &me);
    link.small.size = SMALL;
    link.middle.size = MIDDLE;
    link.large.size = LARGE;
    link.one_way = best_of(options, pair, pingpong_run, &link.small) / 2;
    double overhead = best_of(options, pair, overhead_run, &link);
    double burst = best_of(options, pair, burst_run, &link);
    double middle = best_of(options, pair, pingpong_run, &link.middle) / 2;
    double large = best_of(options, pair, pingpong_run, &link.large) / 2;
    MPI_Bcast(&overhead, 1, MPI_DOUBLE, 0, pair);
    overhead = fmin(overhead, link.one_way / 2);
    if (me == 0) {
        print_ns(prefix, "latency", link.one_way - 2 * overhead);
        print_ns(prefix, "overhead", overhead);
        print_ns(prefix, "gap", (burst - 2 * link.one_way) / (BURST - 1));
        print_ns(prefix, "byte", (large - middle) / (LARGE - MIDDLE));
    }
    free(p.out);
    free(p.in);
}

/* ---- a pair on a node ------------------------------------------------------------------------ */

enum { SHORT_BLOCK = 1 << 10, LONG_BLOCK = 4 << 10 };

struct exchange {
    MPI_Comm comm;
    char *own, *all;
    int block;
};

static double barrier_run(void *arg, long iters)
{
    const struct exchange *exchange = arg;
    double begin = clock_now();

    for (long i = 0; i < iters; i++)
        MPI_Barrier(exchange->comm);
    return clock_now() - begin;
}

static double allgather_run(void *arg, long iters)
{
    const struct exchange *e = arg;
    double begin = clock_now();

    for (long i = 0; i < iters; i++)
        MPI_Allgather(e->own, e->block, MPI_BYTE, e->all, e->block, MPI_BYTE, e->comm);
    return clock_now() - begin;
}

/* In a barrier of two each sees the other's flag. In an allgather of blocks that go over the board
 * each shows one and reads one, so that each byte more crosses from cache to cache twice. */
static void tune_sharing(const struct options *options, MPI_Comm pair)
{
    struct exchange exchange = {pair, buffer_new(LONG_BLOCK), buffer_new(2 * LONG_BLOCK), SHORT_BLOCK};
    int me;

    MPI_Comm_rank(pair, &me);
    double flag = best_of(options, pair, barrier_run, &exchange);
    double shorter = best_of(options, pair, allgather_run, &exchange);
    exchange.block = LONG_BLOCK;
    double longer = best_of(options, pair, allgather_run, &exchange);
    if (me == 0) {
        print_ns("", "flag", flag);
        print_ns("", "copy_byte", (longer - shorter) / (2 * (LONG_BLOCK - SHORT_BLOCK)));
    }
    free(exchange.own);
    free(exchange.all);
}

/* ---- one rank -------------------------------------------------------------------------------- */

struct local {
    double *from, *to;
};

static double reduce_run(void *arg, long iters)
{
    const struct local *local = arg;
    double begin = clock_now();

    for (long i = 0; i < iters; i++)
        MPI_Reduce_local(local->from, local->to, LOCAL / (int)sizeof(double), MPI_DOUBLE, MPI_SUM);
    return clock_now() - begin;
}

static void tune_local(const struct options *options)
{
    struct local local = {calloc(1, LOCAL), calloc(1, LOCAL)};

    if (!local.from || !local.to)
        bench_die("mpbench: no memory for %d bytes", 2 * LOCAL);
    print_ns("", "reduce_byte", best_of(options, MPI_COMM_SELF, reduce_run, &local) / LOCAL);
    double turn = tune_turn();
    if (turn >= 0)
        print_ns("", "turn", turn);
    free(local.from);
    free(local.to);
}

/* ---- all ------------------------------------------------------------------------------------- */

/* The first two ranks of a communicator; all of it calls this. */
static void tune_first_two(const struct options *options, MPI_Comm comm, bool on_node)
{
    MPI_Comm pair;
    int rank, size;

    MPI_Comm_rank(comm, &rank);
    MPI_Comm_size(comm, &size);
    MPI_Comm_split(comm, rank < 2 && size >= 2 ? 0 : MPI_UNDEFINED, rank, &pair);
    if (pair == MPI_COMM_NULL)
        return;
    tune_link(options, pair, on_node ? "node_" : "net_");
    if (on_node)
        tune_sharing(options, pair);
    MPI_Comm_free(&pair);
}

/* The ranks of the first node, then the first ones of all nodes: rank 0 is in both, and prints. */
static int run(const struct options *options)
{
    MPI_Comm node, ends;
    int place, first_node;

    MPI_Comm_split_type(MPI_COMM_WORLD, MPI_COMM_TYPE_SHARED, world_rank(), MPI_INFO_NULL, &node);
    MPI_Comm_rank(node, &place);
    first_node = world_rank() == 0;
    MPI_Bcast(&first_node, 1, MPI_INT, 0, node);
    MPI_Comm_split(MPI_COMM_WORLD, place == 0 ? 0 : MPI_UNDEFINED, world_rank(), &ends);
    if (world_rank() == 0) {
        printf("# mpbench tune, %d ranks: for TRIREME_TUNING\n", world_size());
        tune_local(options);
    }
    if (first_node)
        tune_first_two(options, node, true);
    MPI_Barrier(MPI_COMM_WORLD);
    if (ends != MPI_COMM_NULL) {
        tune_first_two(options, ends, false);
        MPI_Comm_free(&ends);
    }
    MPI_Comm_free(&node);
    MPI_Barrier(MPI_COMM_WORLD);
    return 0;
}

const struct bench bench_tune = {
    .name = "tune",
    .summary = "The machine's LogGP parameters, as a file for TRIREME_TUNING",
    .min_ranks = 2,
    .run = run,
};

/* mpbench datatype: ping-pong of non-contiguous data, GB/s of payload by type and size. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "mpbench.h"
#include "shapes.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static int only = -1; /* the one shape that is wanted; -1: all */

static error_t parse(int key, char *arg, struct argp_state *state)
{
    if (key != 't')
        return ARGP_ERR_UNKNOWN;
    for (only = 0; only < SHAPES; only++)
        if (strcmp(arg, shape_names[only]) == 0)
            return 0;
    argp_failure(state, 0, 0,
                 "--type=%s: vector, indexed, struct, face_xy, face_xz or face_yz was expected",
                 arg);
    return EINVAL;
}

/* One round trip. What the type covers must be the peer's, what lies between must be as before. */
static void verify(struct pingpong *p, const struct shape *shape, int which, int size)
{
    enum { BEFORE = 99 };
    char *want = buffer_new(shape->span);
    int me;

    MPI_Comm_rank(p->comm, &me);
    pattern_fill(want, shape->span, BEFORE);
    pattern_fill(p->in, shape->span, (unsigned)(1 - me));
    for (long i = 0; i < shape->blocks; i++)
        memcpy(want + shape->block[i].offset, p->in + shape->block[i].offset,
               shape->block[i].length);
    pattern_fill(p->in, shape->span, BEFORE);
    pattern_fill(p->out, shape->span, (unsigned)me);
    pingpong_run(p, 1);
    for (size_t i = 0; i < shape->span; i++)
        if (p->in[i] != want[i])
            bench_die("mpbench datatype: byte %zu of the buffer is wrong after a %s of %d bytes", i,
                      shape_names[which], size);
    free(want);
}

/* GB/s of payload in one direction. */
static double measure_shape(const struct options *options, MPI_Comm pair, int which, int size,
                            double *samples)
{
    struct shape shape;

    shape_open(&shape, which, size);
    struct pingpong p = {
        .comm = pair, .send = MPI_Send, .type = shape.type, .size = shape.count, .tag = 1};
    p.out = buffer_new(shape.span);
    p.in = buffer_new(shape.span);
    verify(&p, &shape, which, size);
    measure(options, 5e-3, pair, pingpong_run, &p, samples);
    free(p.out);
    free(p.in);
    shape_close(&shape);
    progress_say(options, "datatype: %s, %d bytes", shape_names[which], size);
    return 1e-9 * size / (stats_median(samples, options->reps) / 2);
}

static void run_pair(const struct options *options, MPI_Comm pair, struct table *table)
{
    struct list own;
    const struct list *sizes = sizes_or(options, "4K,64K,4M", &own);
    double *samples = samples_new(options);

    for (int i = 0; i < sizes->count; i++) {
        int size = (int)sizes->value[i], used = 1;
        double row[1 + SHAPES] = {size};
        if (size == 0 || size % SHAPE_UNIT != 0)
            bench_die("mpbench datatype: --size %d: a multiple of %d was expected", size,
                      SHAPE_UNIT);
        for (int which = 0; which < SHAPES; which++)
            if (only < 0 || only == which)
                row[used++] = measure_shape(options, pair, which, size, samples);
        table_row(table, row);
    }
    free(samples);
}

static int run(const struct options *options)
{
    static const struct column all[] = {
        {"size_B", 0},       {"vector_GBps", 3},  {"indexed_GBps", 3}, {"struct_GBps", 3},
        {"face_xy_GBps", 3}, {"face_xz_GBps", 3}, {"face_yz_GBps", 3}};
    const struct column one[] = {all[0], all[1 + (only < 0 ? 0 : only)]};
    struct table *table =
        bench_table(options, "datatype", only < 0 ? all : one, only < 0 ? 1 + SHAPES : 2);
    MPI_Comm pair = bench_pair();

    if (pair != MPI_COMM_NULL)
        run_pair(options, pair, table);
    table_close(table);
    bench_unpair(&pair);
    return 0;
}

static const struct argp_option own_options[] = {
    {"type", 't', "TYPE", 0,
     "Only vector, indexed, struct, face_xy, face_xz or face_yz (default: all)", 0},
    {0}};

static const struct argp datatype_argp = {.options = own_options, .parser = parse};

const struct bench bench_datatype = {
    .name = "datatype",
    .summary = "Ping-pong of non-contiguous data: vector, indexed, struct, faces of a box",
    .argp = &datatype_argp,
    .min_ranks = 2,
    .run = run,
};

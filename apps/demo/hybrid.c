/* Poisson's equation by conjugate gradients, MPI and OpenMP: each thread speaks MPI for its own columns. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "demo.h"
#include <math.h>
#include <omp.h>
#include <string.h>

enum { TAG_UP = 1, TAG_DOWN };

/* The rows of one rank, each with a cell of border around, which holds the neighbours' cells or the
 * fixed edge, 0. All fields are (rows + 2) x (n + 2). */
struct field {
    long n, top, rows;
    double *x, *r, *p, *q;
};

/* The threads of a rank: thread t has a share of the columns, and a communicator with the threads t
 * of the other ranks, so that no message or sum of one thread waits for another thread's. */
struct team {
    int threads, up, down;
    MPI_Comm *comm;
    double *part;
};

static long first_of(long n, int parts, int index)
{
    return n * index / parts;
}

static double *new_plane(const struct field *f)
{
    return demo_alloc((size_t)(f->rows + 2) * (size_t)(f->n + 2) * sizeof(double));
}

static double *row_of(const struct field *f, double *plane, long row)
{
    return plane + row * (f->n + 2);
}

/* The solution that is to be found again. */
static double known(long row, long column, long n)
{
    if (row < 0 || row >= n || column < 0 || column >= n)
        return 0;
    return sin(0.3 * (double)(row + 1)) + (double)(column % 7) - 3;
}

/* What the equation has on its right side for it. */
static double right_side(long row, long column, long n)
{
    return 4 * known(row, column, n) - known(row - 1, column, n) - known(row + 1, column, n) -
           known(row, column - 1, n) - known(row, column + 1, n);
}

/* First guess 0: the residual and the first direction are the right side. */
static struct field open_field(long n)
{
    struct field f = {.n = n, .top = first_of(n, demo_size(), demo_rank())};

    f.rows = first_of(n, demo_size(), demo_rank() + 1) - f.top;
    f.x = new_plane(&f);
    f.r = new_plane(&f);
    f.p = new_plane(&f);
    f.q = new_plane(&f);
    for (long row = 1; row <= f.rows; row++)
        for (long c = 1; c <= n; c++)
            row_of(&f, f.p, row)[c] = row_of(&f, f.r, row)[c] =
                right_side(f.top + row - 1, c - 1, n);
    return f;
}

static void close_field(struct field *f)
{
    free(f->x);
    free(f->r);
    free(f->p);
    free(f->q);
}

static struct team open_team(int threads)
{
    int rank = demo_rank(), size = demo_size();
    struct team team = {.threads = threads,
                        .up = rank > 0 ? rank - 1 : MPI_PROC_NULL,
                        .down = rank < size - 1 ? rank + 1 : MPI_PROC_NULL};

    team.comm = demo_alloc((size_t)threads * sizeof(MPI_Comm));
    team.part = demo_alloc((size_t)threads * sizeof(double));
    for (int t = 0; t < threads; t++)
        MPI_Comm_dup(MPI_COMM_WORLD, &team.comm[t]);
    return team;
}

static void close_team(struct team *team)
{
    for (int t = 0; t < team->threads; t++)
        MPI_Comm_free(&team->comm[t]);
    free(team->comm);
    free(team->part);
}

/* By all threads of the team: the sum over all threads of all ranks, in the same order each time. */
static double sum(struct team *team, double mine)
{
    int thread = omp_get_thread_num();
    double total = 0;

    MPI_Allreduce(&mine, &team->part[thread], 1, MPI_DOUBLE, MPI_SUM, team->comm[thread]);
#pragma omp barrier
    for (int t = 0; t < team->threads; t++)
        total += team->part[t];
#pragma omp barrier
    return total;
}

/* The calling thread's columns of the direction's border rows. */
static void exchange(const struct field *f, const struct team *team, long from, long to)
{
    MPI_Comm comm = team->comm[omp_get_thread_num()];
    int n = (int)(to - from);
    MPI_Request r[4];

    MPI_Irecv(row_of(f, f->p, 0) + from, n, MPI_DOUBLE, team->up, TAG_DOWN, comm, &r[0]);
    MPI_Irecv(row_of(f, f->p, f->rows + 1) + from, n, MPI_DOUBLE, team->down, TAG_UP, comm, &r[1]);
    MPI_Isend(row_of(f, f->p, 1) + from, n, MPI_DOUBLE, team->up, TAG_UP, comm, &r[2]);
    MPI_Isend(row_of(f, f->p, f->rows) + from, n, MPI_DOUBLE, team->down, TAG_DOWN, comm, &r[3]);
    MPI_Waitall(4, r, MPI_STATUSES_IGNORE);
}

/* q = A p in the columns from `from` to `to`; the share of p * q. */
static double apply(const struct field *f, long from, long to)
{
    double product = 0;

    for (long row = 1; row <= f->rows; row++) {
        const double *above = row_of(f, f->p, row - 1), *here = row_of(f, f->p, row);
        const double *below = row_of(f, f->p, row + 1);
        double *out = row_of(f, f->q, row);
        for (long c = from; c < to; c++) {
            out[c] = 4 * here[c] - (above[c] + below[c]) - (here[c - 1] + here[c + 1]);
            product += here[c] * out[c];
        }
    }
    return product;
}

/* x and r one step of length a along p; the share of r * r. */
static double advance(const struct field *f, double a, long from, long to)
{
    double square = 0;

    for (long row = 1; row <= f->rows; row++) {
        double *x = row_of(f, f->x, row), *r = row_of(f, f->r, row);
        const double *p = row_of(f, f->p, row), *q = row_of(f, f->q, row);
        for (long c = from; c < to; c++) {
            x[c] += a * p[c];
            r[c] -= a * q[c];
            square += r[c] * r[c];
        }
    }
    return square;
}

static void turn(const struct field *f, double b, long from, long to)
{
    for (long row = 1; row <= f->rows; row++) {
        const double *r = row_of(f, f->r, row);
        double *p = row_of(f, f->p, row);
        for (long c = from; c < to; c++)
            p[c] = r[c] + b * p[c];
    }
}

/* One thread's part of the solution; how many steps it took. */
static long work(const struct field *f, struct team *team, long most)
{
    int thread = omp_get_thread_num();
    long from = 1 + first_of(f->n, team->threads, thread);
    long to = 1 + first_of(f->n, team->threads, thread + 1), steps = 0;
    double square = sum(team, advance(f, 0, from, to)), goal = square * 1e-24;

    for (; steps < most && square > goal; steps++) {
        exchange(f, team, from, to);
        double a = square / sum(team, apply(f, from, to));
        double next = sum(team, advance(f, a, from, to));
        turn(f, next / square, from, to);
        square = next;
        /* The next product looks at the columns of the threads beside this one. */
#pragma omp barrier
    }
    return steps;
}

static long solve(const struct field *f, struct team *team, long most)
{
    long steps = 0;

#pragma omp parallel num_threads(team->threads)
    {
        long mine = work(f, team, most);
#pragma omp master
        steps = mine;
    }
    return steps;
}

/* The largest distance from the known solution, over all ranks. */
static double distance(const struct field *f)
{
    double largest = 0, all = 0;

    for (long row = 1; row <= f->rows; row++)
        for (long c = 1; c <= f->n; c++) {
            double off = fabs(row_of(f, f->x, row)[c] - known(f->top + row - 1, c - 1, f->n));
            /* Written so that a NaN counts as wrong. */
            largest = off <= largest ? largest : off;
        }
    MPI_Allreduce(&largest, &all, 1, MPI_DOUBLE, MPI_MAX, MPI_COMM_WORLD);
    return all;
}

static int run(long n, long threads)
{
    struct field f = open_field(n);
    struct team team = open_team((int)threads);
    double start = MPI_Wtime();
    long steps = solve(&f, &team, 10 * n);
    double time = MPI_Wtime() - start, off = distance(&f);

    close_team(&team);
    close_field(&f);
    return demo_finish("hybrid", !(off < 1e-8),
                       "%ld threads each, %ld x %ld cells, %ld steps in %.3f s, off by %.2g",
                       threads, n, n, steps, time, off);
}

int main(int argc, char **argv)
{
    long n = 64, threads = getenv("OMP_NUM_THREADS") ? omp_get_max_threads() : 2;
    int provided;
    const struct demo_option options[] = {
        {'n', "cells on each side of the plate", &n, 1, 20000},
        {'t', "OpenMP threads of each rank", &threads, 1, 256},
        {0},
    };

    MPI_Init_thread(&argc, &argv, MPI_THREAD_MULTIPLE, &provided);
    int answer = demo_parse(argc, argv, "hybrid", options);
    if (!answer && provided < MPI_THREAD_MULTIPLE) {
        fprintf(stderr, "hybrid: this MPI does not allow threads that call it at the same time\n");
        answer = 2;
    }
    if (!answer && (n < demo_size() || n < threads)) {
        if (demo_rank() == 0)
            fprintf(stderr, "hybrid: %ld cells a side are too few for %d ranks of %ld threads\n", n,
                    demo_size(), threads);
        answer = 2;
    }
    if (answer) {
        MPI_Finalize();
        return answer == 1 ? 0 : answer;
    }
    return run(n, threads);
}

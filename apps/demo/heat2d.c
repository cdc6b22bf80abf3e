/* Heat on a plate: 2-D blocks over MPI, OpenMP in each rank; equals the serial result bitwise. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "demo.h"
#include <math.h>
#include <omp.h>
#include <string.h>

enum { TAG_UP = 1, TAG_DOWN, TAG_LEFT, TAG_RIGHT, TAG_BLOCK };

/* A rectangle of the plate with a border of one cell, which holds the neighbours' cells or the
 * plate's fixed edge. `now` and `then` are (rows + 2) x (columns + 2), row after row. */
struct block {
    long top, left, rows, columns;
    double *now, *then;
};

/* The process grid: position of a rank and its neighbours (MPI_PROC_NULL beyond the plate). */
struct place {
    int rank, size, down_count, across_count, row, column;
    int up, down, left, right;
};

/* The most square grid for `size` ranks. */
static struct place find_place(int rank, int size)
{
    struct place p = {.rank = rank, .size = size, .down_count = 1};

    for (int d = 1; d * d <= size; d++)
        if (size % d == 0)
            p.down_count = d;
    p.across_count = size / p.down_count;
    p.row = rank / p.across_count;
    p.column = rank % p.across_count;
    p.up = p.row > 0 ? rank - p.across_count : MPI_PROC_NULL;
    p.down = p.row < p.down_count - 1 ? rank + p.across_count : MPI_PROC_NULL;
    p.left = p.column > 0 ? rank - 1 : MPI_PROC_NULL;
    p.right = p.column < p.across_count - 1 ? rank + 1 : MPI_PROC_NULL;
    return p;
}

/* Share `index` of `parts` when n cells are dealt out as evenly as they can be. */
static void share(long n, int parts, int index, long *from, long *length)
{
    *from = n * index / parts;
    *length = n * (index + 1) / parts - *from;
}

static struct block make_block(const struct place *p, long n)
{
    struct block b;

    share(n, p->down_count, p->row, &b.top, &b.rows);
    share(n, p->across_count, p->column, &b.left, &b.columns);
    size_t cells = (size_t)(b.rows + 2) * (size_t)(b.columns + 2);
    b.now = demo_alloc(cells * sizeof *b.now);
    b.then = demo_alloc(cells * sizeof *b.then);
    return b;
}

static void free_block(struct block *b)
{
    free(b->now);
    free(b->then);
}

/* The plate's first state, border included: a hot upper edge, a cold rest with a wave in it. */
static double initial(long row, long column, long n)
{
    if (row < 0)
        return 100;
    if (row >= n || column < 0 || column >= n)
        return 0;
    return 10 * sin(0.1 * (double)row) * cos(0.07 * (double)column);
}

static void fill(struct block *b, long n)
{
    for (long r = 0; r < b->rows + 2; r++)
        for (long c = 0; c < b->columns + 2; c++)
            b->now[r * (b->columns + 2) + c] = initial(b->top + r - 1, b->left + c - 1, n);
    memcpy(b->then, b->now,
           (size_t)(b->rows + 2) * (size_t)(b->columns + 2) * sizeof *b->now);
}

/* One step; returns the largest change. Serial and parallel runs share this code, so each cell goes
 * through the same operations in the same order whatever the blocks and threads are. */
static double step(struct block *b, int threads)
{
    double largest = 0;
    long width = b->columns + 2;

#pragma omp parallel for num_threads(threads) reduction(max : largest) schedule(static)
    for (long r = 1; r <= b->rows; r++) {
        const double *above = b->now + (r - 1) * width, *here = above + width;
        const double *below = here + width;
        double *out = b->then + r * width;
        for (long c = 1; c <= b->columns; c++) {
            double around = (above[c] + below[c]) + (here[c - 1] + here[c + 1]);
            out[c] = here[c] + 0.2 * (around - 4 * here[c]);
            double change = fabs(out[c] - here[c]);
            largest = change > largest ? change : largest;
        }
    }
    double *swap = b->now;
    b->now = b->then;
    b->then = swap;
    return largest;
}

/* Rows lie in one piece; a column is a vector with the row's width as its stride. */
static void exchange(const struct block *b, const struct place *p, MPI_Datatype column)
{
    long width = b->columns + 2;
    double *first = b->now + width + 1, *last = b->now + b->rows * width + 1;
    double *right = b->now + width + b->columns;
    int n = (int)b->columns;
    MPI_Comm w = MPI_COMM_WORLD;
    MPI_Request r[8];
    MPI_Status s[8];

    MPI_Irecv(first - width, n, MPI_DOUBLE, p->up, TAG_DOWN, w, &r[0]);
    MPI_Irecv(last + width, n, MPI_DOUBLE, p->down, TAG_UP, w, &r[1]);
    MPI_Irecv(first - 1, 1, column, p->left, TAG_RIGHT, w, &r[2]);
    MPI_Irecv(right + 1, 1, column, p->right, TAG_LEFT, w, &r[3]);
    MPI_Isend(first, n, MPI_DOUBLE, p->up, TAG_UP, w, &r[4]);
    MPI_Isend(last, n, MPI_DOUBLE, p->down, TAG_DOWN, w, &r[5]);
    MPI_Isend(first, 1, column, p->left, TAG_LEFT, w, &r[6]);
    MPI_Isend(right, 1, column, p->right, TAG_RIGHT, w, &r[7]);
    MPI_Waitall(8, r, s);
}

static double simulate(struct block *b, const struct place *p, long steps, int threads)
{
    MPI_Datatype column;
    double change = 0, all = 0;

    MPI_Type_vector((int)b->rows, 1, (int)b->columns + 2, MPI_DOUBLE, &column);
    MPI_Type_commit(&column);
    for (long i = 0; i < steps; i++) {
        exchange(b, p, column);
        change = step(b, threads);
    }
    MPI_Type_free(&column);
    MPI_Allreduce(&change, &all, 1, MPI_DOUBLE, MPI_MAX, MPI_COMM_WORLD);
    return all;
}

/* One block as a datatype: its place in memory whose rows are `width` cells apart. */
static MPI_Datatype block_type(const struct block *b, long width)
{
    MPI_Datatype type;

    MPI_Type_vector((int)b->rows, (int)b->columns, (int)width, MPI_DOUBLE, &type);
    MPI_Type_commit(&type);
    return type;
}

/* Rank 0 receives every block straight into its place on a whole plate. */
static void collect(const struct block *mine, const struct place *p, long n, double *plate)
{
    MPI_Request sent;
    MPI_Datatype type = block_type(mine, mine->columns + 2);

    MPI_Isend(mine->now + mine->columns + 3, 1, type, 0, TAG_BLOCK, MPI_COMM_WORLD, &sent);
    for (int rank = 0; rank < p->size && p->rank == 0; rank++) {
        struct place other = find_place(rank, p->size);
        struct block b;
        share(n, other.down_count, other.row, &b.top, &b.rows);
        share(n, other.across_count, other.column, &b.left, &b.columns);
        MPI_Datatype there = block_type(&b, n);
        MPI_Recv(plate + b.top * n + b.left, 1, there, rank, TAG_BLOCK, MPI_COMM_WORLD,
                 MPI_STATUS_IGNORE);
        MPI_Type_free(&there);
    }
    MPI_Wait(&sent, MPI_STATUS_IGNORE);
    MPI_Type_free(&type);
}

/* On rank 0: the same plate by one block and one thread. */
static long verify(const double *plate, double change, long n, long steps)
{
    struct place only = find_place(0, 1);
    struct block b = make_block(&only, n);
    double serial = 0;
    long wrong = 0;

    fill(&b, n);
    for (long i = 0; i < steps; i++)
        serial = step(&b, 1);
    for (long r = 0; r < n; r++)
        for (long c = 0; c < n; c++)
            wrong += memcmp(&plate[r * n + c], &b.now[(r + 1) * (n + 2) + c + 1],
                            sizeof *plate) != 0;
    wrong += memcmp(&serial, &change, sizeof serial) != 0;
    free_block(&b);
    return wrong;
}

static int solve(long n, long steps, long threads)
{
    int rank = demo_rank();
    long wrong = 0;
    struct place p = find_place(rank, demo_size());
    struct block b = make_block(&p, n);
    double *plate = demo_alloc(rank == 0 ? (size_t)(n * n) * sizeof *plate : 0);
    fill(&b, n);
    double start = MPI_Wtime();
    double change = simulate(&b, &p, steps, (int)threads);
    double time = MPI_Wtime() - start;
    collect(&b, &p, n, plate);
    if (rank == 0)
        wrong = verify(plate, change, n, steps);
    free(plate);
    free_block(&b);
    return demo_finish("heat2d", wrong,
                       "%d x %d blocks x %ld threads, %ld x %ld cells, %ld steps in %.3f s, "
                       "last change %.3g",
                       p.down_count, p.across_count, threads, n, n, steps, time, change);
}

int main(int argc, char **argv)
{
    long n = 96, steps = 40, threads = getenv("OMP_NUM_THREADS") ? omp_get_max_threads() : 2;
    int provided;
    const struct demo_option options[] = {
        {'n', "cells on each side of the plate", &n, 1, 20000},
        {'s', "steps", &steps, 1, 1000000000},
        {'t', "OpenMP threads of each rank", &threads, 1, 256},
        {0},
    };

    MPI_Init_thread(&argc, &argv, MPI_THREAD_FUNNELED, &provided);
    int answer = demo_parse(argc, argv, "heat2d", options);
    if (!answer && provided < MPI_THREAD_FUNNELED) {
        fprintf(stderr, "heat2d: this MPI does not allow threads beside its own\n");
        answer = 2;
    }
    if (!answer && n < demo_size()) {
        if (demo_rank() == 0)
            fprintf(stderr, "heat2d: %ld cells a side are too few for %d ranks\n", n, demo_size());
        answer = 2;
    }
    if (answer) {
        MPI_Finalize();
        return answer == 1 ? 0 : answer;
    }
    return solve(n, steps, threads);
}

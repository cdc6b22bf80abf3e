/* coll_reduce.c - Reduce, Allreduce, Scan, Exscan, Reduce_scatter_block. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "test.h"

enum { MAX_COUNT = 100000 };

static const int counts[] = {0, 1, 2, 7, 1000, 8191, MAX_COUNT};
static long *out, *in;

static long value(int rank, int i)
{
    return (long)rank * rank * 7 + (long)i * (rank + 1) + 3;
}

/* The sum over ranks `first` to `last`. */
static long sum(int first, int last, int i)
{
    long s = 0;

    for (int r = first; r <= last; r++)
        s += value(r, i);
    return s;
}

static void fill(long *block, int n)
{
    for (int i = 0; i < n; i++)
        block[i] = value(t_rank, i);
}

static void check(const long *got, int n, int first, int last, int offset, const char *what)
{
    for (int i = 0; i < n; i++) {
        if (got[i] != sum(first, last, offset + i)) {
            CHECK(0, "%s of %d: element %d is %ld, not %ld", what, n, i, got[i],
                  sum(first, last, offset + i));
            return;
        }
    }
}

static void check_unchanged(int n, const char *what)
{
    for (int i = 0; i < n; i++) {
        if (out[i] != value(t_rank, i)) {
            CHECK(0, "%s of %d: the send buffer was changed at %d", what, n, i);
            return;
        }
    }
}

static void reset(int n)
{
    fill(out, n);
    memset(in, T_GUARD_BYTE, (size_t)n * sizeof *in);
}

static void reduce(int n, int root, int in_place)
{
    reset(n);
    if (t_rank != root) {
        MPI_Reduce(out, NULL, n, MPI_LONG, MPI_SUM, root, MPI_COMM_WORLD);
    } else if (in_place) {
        fill(in, n);
        MPI_Reduce(MPI_IN_PLACE, in, n, MPI_LONG, MPI_SUM, root, MPI_COMM_WORLD);
    } else {
        MPI_Reduce(out, in, n, MPI_LONG, MPI_SUM, root, MPI_COMM_WORLD);
    }
    if (t_rank == root)
        check(in, n, 0, t_size - 1, 0, "reduce");
    check_unchanged(n, "reduce");
}

static void allreduce(int n, int in_place)
{
    reset(n);
    if (in_place)
        fill(in, n);
    MPI_Allreduce(in_place ? MPI_IN_PLACE : out, in, n, MPI_LONG, MPI_SUM, MPI_COMM_WORLD);
    check(in, n, 0, t_size - 1, 0, "allreduce");
    check_unchanged(n, "allreduce");
}

static void scan(int n, int in_place)
{
    reset(n);
    if (in_place)
        fill(in, n);
    MPI_Scan(in_place ? MPI_IN_PLACE : out, in, n, MPI_LONG, MPI_SUM, MPI_COMM_WORLD);
    check(in, n, 0, t_rank, 0, "scan");
    check_unchanged(n, "scan");
}

/* On rank 0 the receive buffer of an exclusive scan is undefined, in place it stays as it is. */
static void exscan(int n, int in_place)
{
    reset(n);
    if (in_place)
        fill(in, n);
    MPI_Exscan(in_place ? MPI_IN_PLACE : out, in, n, MPI_LONG, MPI_SUM, MPI_COMM_WORLD);
    if (t_rank > 0)
        check(in, n, 0, t_rank - 1, 0, "exscan");
    check_unchanged(n, "exscan");
}

static void reduce_scatter_block(int n, int in_place)
{
    reset(n * t_size);
    if (in_place)
        fill(in, n * t_size);
    MPI_Reduce_scatter_block(in_place ? MPI_IN_PLACE : out, in, n, MPI_LONG, MPI_SUM,
                             MPI_COMM_WORLD);
    check(in, n, 0, t_size - 1, t_rank * n, "reduce_scatter_block");
    if (!in_place)
        CHECK(t_untouched(in + n, (size_t)n * (size_t)(t_size - 1) * sizeof *in),
              "reduce_scatter_block of %d: written past the block", n);
    check_unchanged(n * t_size, "reduce_scatter_block");
}

/* On parts of the world, where ranks are other ones. */
static void on_parts(int n)
{
    MPI_Comm part;
    int size, colour = t_rank % 2;
    long wanted = 0;

    MPI_Comm_split(MPI_COMM_WORLD, colour, -t_rank, &part);
    MPI_Comm_size(part, &size);
    reset(n);
    MPI_Allreduce(out, in, n, MPI_LONG, MPI_SUM, part);
    for (int i = 0; i < n; i++) {
        wanted = 0;
        for (int r = colour; r < t_size; r += 2)
            wanted += value(r, i);
        CHECK(in[i] == wanted, "part of %d: element %d is %ld, not %ld", size, i, in[i], wanted);
    }
    MPI_Comm_free(&part);
}

int main(int argc, char **argv)
{
    int max;
    size_t room;

    t_init(&argc, &argv);
    max = argc > 1 ? atoi(argv[1]) : MAX_COUNT;
    room = (size_t)t_size * MAX_COUNT * sizeof *out;
    out = (long *)(void *)t_alloc(room);
    in = (long *)(void *)t_alloc(room);
    for (int i = 0; i < T_COUNT(counts) && counts[i] <= max; i++) {
        int n = counts[i];
        for (int root = 0; root<t_size; root += n> 1000 && t_size > 2 ? t_size - 1 : 1)
            for (int in_place = 0; in_place < 2; in_place++)
                reduce(n, root, in_place);
        for (int in_place = 0; in_place < 2; in_place++) {
            allreduce(n, in_place);
            scan(n, in_place);
            exscan(n, in_place);
            reduce_scatter_block(n, in_place);
        }
        on_parts(n > 1000 ? 1000 : n);
    }
    CHECK(t_guards(in, room) && t_guards(out, room), "a guard was written");
    t_free(in);
    t_free(out);
    return t_finish();
}

/* coll_move.c - Bcast, Gather, Scatter, Allgather, Alltoall: all roots, many sizes, in place. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "test.h"

enum { MAX_COUNT = 100000 };

static const int counts[] = {0, 1, 7, 1000, 16385, MAX_COUNT};
static int *out, *in;
static MPI_Comm comm;

/* Element i of the block that `from` has for `to`. */
static int value(int from, int to, int i, int turn)
{
    return from * 1000003 + to * 10007 + i * 31 + turn;
}

static void fill(int *block, int from, int to, int n, int turn)
{
    for (int i = 0; i < n; i++)
        block[i] = value(from, to, i, turn);
}

static void check(const int *block, int from, int to, int n, int turn, const char *what)
{
    int bad = 0;

    while (bad < n && block[bad] == value(from, to, bad, turn))
        bad++;
    CHECK(bad == n, "%s of %d, block of %d: element %d is %d, not %d", what, n, from, bad,
          block[bad], value(from, to, bad, turn));
}

static void clear(int *block, int n)
{
    memset(block, T_GUARD_BYTE, (size_t)n * sizeof *block);
}

static void bcast(int n, int root)
{
    clear(in, n);
    if (t_rank == root)
        fill(in, root, 0, n, 1);
    MPI_Bcast(in, n, MPI_INT, root, comm);
    check(in, root, 0, n, 1, "bcast");
    CHECK(t_guards(in, (size_t)t_size * MAX_COUNT * sizeof(int)), "bcast: a guard was written");
}

/* Non-roots give no receive buffer at all. */
static void gather(int n, int root, int in_place)
{
    clear(in, t_size * n);
    fill(out, t_rank, root, n, 2);
    if (t_rank != root) {
        MPI_Gather(out, n, MPI_INT, NULL, 0, MPI_DATATYPE_NULL, root, comm);
        return;
    }
    if (in_place) {
        fill(in + root * n, root, root, n, 2);
        MPI_Gather(MPI_IN_PLACE, 0, MPI_DATATYPE_NULL, in, n, MPI_INT, root, comm);
    } else {
        MPI_Gather(out, n, MPI_INT, in, n, MPI_INT, root, comm);
    }
    for (int r = 0; r < t_size; r++)
        check(in + r * n, r, root, n, 2, "gather");
}

static void scatter(int n, int root, int in_place)
{
    clear(in, n);
    if (t_rank != root) {
        MPI_Scatter(NULL, 0, MPI_DATATYPE_NULL, in, n, MPI_INT, root, comm);
        check(in, root, t_rank, n, 3, "scatter");
        return;
    }
    for (int r = 0; r < t_size; r++)
        fill(out + r * n, root, r, n, 3);
    if (in_place) {
        MPI_Scatter(out, n, MPI_INT, MPI_IN_PLACE, 0, MPI_DATATYPE_NULL, root, comm);
        check(out + root * n, root, root, n, 3, "scatter in place");
    } else {
        MPI_Scatter(out, n, MPI_INT, in, n, MPI_INT, root, comm);
        check(in, root, root, n, 3, "scatter");
    }
}

static void allgather(int n, int in_place)
{
    clear(in, t_size * n);
    fill(in_place ? in + t_rank * n : out, t_rank, 0, n, 4);
    if (in_place)
        MPI_Allgather(MPI_IN_PLACE, 0, MPI_DATATYPE_NULL, in, n, MPI_INT, comm);
    else
        MPI_Allgather(out, n, MPI_INT, in, n, MPI_INT, comm);
    for (int r = 0; r < t_size; r++)
        check(in + r * n, r, 0, n, 4, in_place ? "allgather in place" : "allgather");
}

static void alltoall(int n, int in_place)
{
    int *from = in_place ? in : out;

    clear(in, t_size * n);
    for (int r = 0; r < t_size; r++)
        fill(from + r * n, t_rank, r, n, 5);
    if (in_place)
        MPI_Alltoall(MPI_IN_PLACE, 0, MPI_DATATYPE_NULL, in, n, MPI_INT, comm);
    else
        MPI_Alltoall(out, n, MPI_INT, in, n, MPI_INT, comm);
    for (int r = 0; r < t_size; r++)
        check(in + r * n, r, t_rank, n, 5, in_place ? "alltoall in place" : "alltoall");
}

/* Sent as columns of a matrix, received as a row: the types differ, the signature does not. */
static void typed(int n)
{
    MPI_Datatype column, pair;

    MPI_Type_vector(n, 1, 3, MPI_INT, &column);
    MPI_Type_commit(&column);
    MPI_Type_contiguous(2, MPI_INT, &pair);
    MPI_Type_commit(&pair);
    clear(in, 2 * n * t_size);
    for (int i = 0; i < 2 * n; i++)
        out[3 * i] = value(t_rank, 0, i, 6);
    /* Two columns, the second where the first ends: resize so that they join. */
    MPI_Datatype joined;
    MPI_Type_create_resized(column, 0, (MPI_Aint)(3 * n) * (MPI_Aint)sizeof(int), &joined);
    MPI_Type_commit(&joined);
    MPI_Allgather(out, 2, joined, in, n, pair, comm);
    for (int r = 0; r < t_size; r++)
        check(in + r * 2 * n, r, 0, 2 * n, 6, "allgather of columns");
    clear(in, 6 * n);
    if (t_rank == t_size - 1)
        fill(in, t_rank, 0, 2 * n, 7);
    if (t_rank == t_size - 1)
        MPI_Bcast(in, n, pair, t_size - 1, comm);
    else
        MPI_Bcast(in, 2, joined, t_size - 1, comm);
    for (int i = 0; i < 2 * n && t_rank != t_size - 1; i++)
        CHECK(in[3 * i] == value(t_size - 1, 0, i, 7), "bcast into columns: element %d of %d", i,
              2 * n);
    for (int i = 0; i < 2 * n - 1 && t_rank != t_size - 1; i++)
        CHECK(t_untouched(&in[3 * i + 1], 8), "bcast into columns: a gap was written");
    MPI_Type_free(&joined);
    MPI_Type_free(&column);
    MPI_Type_free(&pair);
}

static void all(int max)
{
    for (int i = 0; i < T_COUNT(counts) && counts[i] <= max; i++) {
        int n = counts[i], step = n > 1000 && t_size > 2 ? t_size - 1 : 1;
        for (int root = 0; root < t_size; root += step) {
            bcast(n, root);
            gather(n, root, root % 2);
            scatter(n, root, root % 2);
            gather(n, root, 1 - root % 2);
            scatter(n, root, 1 - root % 2);
        }
        for (int in_place = 0; in_place < 2; in_place++) {
            allgather(n, in_place);
            alltoall(n, in_place);
        }
        if (n > 0 && n < 16000)
            typed(n);
    }
}

int main(int argc, char **argv)
{
    int max;

    t_init(&argc, &argv);
    max = argc > 1 ? atoi(argv[1]) : MAX_COUNT;
    comm = MPI_COMM_WORLD;
    out = (int *)(void *)t_alloc((size_t)t_size * MAX_COUNT * sizeof *out);
    in = (int *)(void *)t_alloc((size_t)t_size * MAX_COUNT * sizeof *in);
    all(max);
    CHECK(t_guards(in, (size_t)t_size * MAX_COUNT * sizeof *in), "a guard was written");
    CHECK(t_guards(out, (size_t)t_size * MAX_COUNT * sizeof *out), "a guard was written");
    t_free(in);
    t_free(out);
    return t_finish();
}

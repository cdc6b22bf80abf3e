/* coll_loc.c - MPI_MINLOC and MPI_MAXLOC on all pair types: values, ties, the smallest index. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "test.h"

enum { N = 50 };

/* Values repeat between ranks, so that ties are common; indices are not in the order of ranks. */
static int value(int rank, int i)
{
    return (rank * 3 + i) % 4 - (i % 7 == 0) * 5;
}

static int index_of(int rank, int i)
{
    return (rank * 5 + i * 3) % 11 + 100 * ((rank + i) % 2);
}

/* Which rank of 0 to `last` wins element i. */
static int winner(int last, int i, int max)
{
    int best = 0;

    for (int r = 1; r <= last; r++) {
        int a = value(r, i), b = value(best, i);
        if ((max ? a > b : a < b) || (a == b && index_of(r, i) < index_of(best, i)))
            best = r;
    }
    return best;
}

#define DEFINE_PAIR(name, c, mpi_type) \
    struct name { \
        c v; \
        int i; \
    }; \
    static void check_##name(const struct name *got, int n, int last, int first, int max, \
                             const char *how) \
    { \
        for (int i = 0; i < n; i++) { \
            int r = winner(last, first + i, max); \
            CHECK((int)got[i].v == value(r, first + i) && got[i].i == index_of(r, first + i), \
                  "%s %s by %s: element %d is (%d, %d), not (%d, %d)", #mpi_type, \
                  max ? "maxloc" : "minloc", how, i, (int)got[i].v, got[i].i, value(r, first + i), \
                  index_of(r, first + i)); \
        } \
    } \
    static void run_##name(int max) \
    { \
        struct name out[N], in[N]; \
        MPI_Op op = max ? MPI_MAXLOC : MPI_MINLOC; \
        int block = N / t_size; \
        for (int i = 0; i < N; i++) { \
            out[i].v = (c)value(t_rank, i); \
            out[i].i = index_of(t_rank, i); \
        } \
        MPI_Allreduce(out, in, N, mpi_type, op, MPI_COMM_WORLD); \
        check_##name(in, N, t_size - 1, 0, max, "allreduce"); \
        MPI_Reduce(out, in, N, mpi_type, op, 0, MPI_COMM_WORLD); \
        if (t_rank == 0) \
            check_##name(in, N, t_size - 1, 0, max, "reduce"); \
        MPI_Scan(out, in, N, mpi_type, op, MPI_COMM_WORLD); \
        check_##name(in, N, t_rank, 0, max, "scan"); \
        MPI_Exscan(out, in, N, mpi_type, op, MPI_COMM_WORLD); \
        if (t_rank > 0) \
            check_##name(in, N, t_rank - 1, 0, max, "exscan"); \
        MPI_Reduce_scatter_block(out, in, block, mpi_type, op, MPI_COMM_WORLD); \
        check_##name(in, block, t_size - 1, t_rank * block, max, "reduce_scatter_block"); \
    }

DEFINE_PAIR(float_int, float, MPI_FLOAT_INT)
DEFINE_PAIR(double_int, double, MPI_DOUBLE_INT)
DEFINE_PAIR(long_int, long, MPI_LONG_INT)
DEFINE_PAIR(two_int, int, MPI_2INT)
DEFINE_PAIR(short_int, short, MPI_SHORT_INT)
DEFINE_PAIR(long_double_int, long double, MPI_LONG_DOUBLE_INT)

int main(int argc, char **argv)
{
    t_init(&argc, &argv);
    for (int max = 0; max < 2; max++) {
        run_float_int(max);
        run_double_int(max);
        run_long_int(max);
        run_two_int(max);
        run_short_int(max);
        run_long_double_int(max);
    }
    return t_finish();
}

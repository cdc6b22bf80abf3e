/* dt_large.c - large messages of derived types, gathered and scattered on the way, in all pairings.
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "test.h"

enum { TAG = 261, MAX_INTS = 1 << 21 };

static int right, left;
static int *out, *in;

/* One way to lay `n` ints out: a type, how many of it, how much memory it spans, where int i is. */
struct layout {
    const char *name;
    MPI_Datatype (*make)(int n, int *count);
    long (*place)(int i);
};

static MPI_Datatype plain(int n, int *count)
{
    MPI_Datatype type;

    MPI_Type_contiguous(1, MPI_INT, &type);
    *count = n;
    return type;
}

static long plain_place(int i)
{
    return i;
}

/* Single ints with a gap of one. */
static MPI_Datatype sparse(int n, int *count)
{
    MPI_Datatype type;

    MPI_Type_vector(n, 1, 2, MPI_INT, &type);
    *count = 1;
    return type;
}

static long sparse_place(int i)
{
    return 2L * i;
}

/* Blocks of 64 with a gap of 16, one after another by their extent. */
static MPI_Datatype blocks(int n, int *count)
{
    MPI_Datatype block, type;

    MPI_Type_contiguous(64, MPI_INT, &block);
    MPI_Type_create_resized(block, 0, 80 * (MPI_Aint)sizeof(int), &type);
    MPI_Type_free(&block);
    *count = n / 64;
    return type;
}

static long blocks_place(int i)
{
    return i / 64 * 80L + i % 64;
}

/* Blocks of 4096 from the end of the memory to its start. */
static MPI_Datatype backwards(int n, int *count)
{
    MPI_Datatype type, moved;
    int parts = n / 4096, length = 1;
    MPI_Aint where = (MPI_Aint)(parts - 1) * 4096 * (MPI_Aint)sizeof(int);

    MPI_Type_create_hvector(parts, 4096, -4096 * (MPI_Aint)sizeof(int), MPI_INT, &moved);
    MPI_Type_create_hindexed(1, &length, &where, moved, &type);
    MPI_Type_free(&moved);
    *count = 1;
    return type;
}

static int total;

static long backwards_place(int i)
{
    return (total / 4096 - 1 - i / 4096) * 4096L + i % 4096;
}

static const struct layout layouts[] = {{"plain", plain, plain_place},
                                        {"sparse", sparse, sparse_place},
                                        {"blocks", blocks, blocks_place},
                                        {"backwards", backwards, backwards_place}};

static int value(int rank, int i)
{
    return rank * 100000007 + i * 13;
}

static void check(const struct layout *from, const struct layout *to, int n, const char *how)
{
    long last = -1, written = 0;

    for (int i = 0; i < n; i++) {
        if (in[to->place(i)] != value(left, i)) {
            CHECK(0, "%s to %s, %d ints, %s: int %d is %d, not %d", from->name, to->name, n, how, i,
                  in[to->place(i)], value(left, i));
            return;
        }
        last = to->place(i) > last ? to->place(i) : last;
    }
    for (long k = 0; k < 2L * MAX_INTS; k++)
        written += in[k] != -1;
    CHECK(written == n && last < 2L * MAX_INTS, "%s to %s, %d ints, %s: %ld were written",
          from->name, to->name, n, how, written);
}

static void one(const struct layout *from, const struct layout *to, int n, int expected)
{
    int sent, received;
    MPI_Datatype out_type = from->make(n, &sent), in_type = to->make(n, &received);
    MPI_Request request;

    MPI_Type_commit(&out_type);
    MPI_Type_commit(&in_type);
    memset(in, 0xff, 2L * MAX_INTS * sizeof *in);
    for (int i = 0; i < n; i++)
        out[from->place(i)] = value(t_rank, i);
    if (expected) {
        MPI_Irecv(in, received, in_type, left, TAG, MPI_COMM_WORLD, &request);
        t_token(left, right);
        MPI_Send(out, sent, out_type, right, TAG, MPI_COMM_WORLD);
    } else {
        MPI_Isend(out, sent, out_type, right, TAG, MPI_COMM_WORLD, &request);
        t_token(right, left);
        MPI_Recv(in, received, in_type, left, TAG, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
    }
    MPI_Wait(&request, MPI_STATUS_IGNORE);
    check(from, to, n, expected ? "expected" : "unexpected");
    MPI_Type_free(&out_type);
    MPI_Type_free(&in_type);
}

int main(int argc, char **argv)
{
    static const int sizes[] = {4096, 40960, 1 << 17, 1 << 20};
    int max;

    t_init(&argc, &argv);
    right = (t_rank + 1) % t_size;
    left = (t_rank + t_size - 1) % t_size;
    max = argc > 1 ? atoi(argv[1]) : MAX_INTS;
    out = malloc(2L * MAX_INTS * sizeof *out);
    in = malloc(2L * MAX_INTS * sizeof *in);
    for (int s = 0; s < T_COUNT(sizes) && sizes[s] <= max; s++) {
        total = sizes[s];
        for (int f = 0; f < T_COUNT(layouts); f++)
            for (int t = 0; t < T_COUNT(layouts); t++)
                one(&layouts[f], &layouts[t], sizes[s], (f + t + s) % 2);
    }
    free(in);
    free(out);
    return t_finish();
}

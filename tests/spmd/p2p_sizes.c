/* p2p_sizes.c - every interesting message size: expected, unexpected, in batches. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "test.h"

enum { MAX_SIZE = (4 << 20) + 1, MAX_SIZES = 128, BATCH = 8, TAG = 11 };

static int sizes[MAX_SIZES], n_sizes;
static int right, left;
static unsigned char *out;

static int compare_ints(const void *a, const void *b)
{
    return *(const int *)a - *(const int *)b;
}

/* Powers of two up to `limit` and both neighbours, and header-sized steps in the small range. */
static void list_sizes(int limit)
{
    static const int extra[] = {
        0,  3,  5,  6,  24,  39,  40,  41,   47,    48,    49,         55,    56,     57,
        72, 80, 88, 96, 100, 104, 120, 1000, 10000, 16320, 16384 - 64, 40000, 100000, 1000000};
    int n = 0;

    for (int p = 1; p <= 4 << 20; p *= 2)
        for (int d = -1; d <= 1; d++)
            sizes[n++] = p + d;
    for (int i = 0; i < T_COUNT(extra); i++)
        sizes[n++] = extra[i];
    qsort(sizes, (size_t)n, sizeof sizes[0], compare_ints);
    for (int i = 0; i < n; i++)
        if (sizes[i] <= limit && (n_sizes == 0 || sizes[n_sizes - 1] != sizes[i]))
            sizes[n_sizes++] = sizes[i];
}

static uint64_t key_of(int rank, int size, int turn)
{
    return (uint64_t)rank * 1000003u + (uint64_t)size * 17u + (uint64_t)turn;
}

static void check_message(const unsigned char *in, int size, int turn, const MPI_Status *status)
{
    long where = t_differs(in, (size_t)size, key_of(left, size, turn));

    t_check_status(status, left, TAG, size, "ring");
    CHECK(where < 0, "%d bytes, turn %d: differs at %ld", size, turn, where);
    CHECK(t_guards(in, (size_t)size), "%d bytes, turn %d: a guard was written", size, turn);
}

/* The receive is there before the message. */
static void expected(int size)
{
    unsigned char *in = t_alloc((size_t)size);
    MPI_Request request;
    MPI_Status status;

    t_fill(out, (size_t)size, key_of(t_rank, size, 0));
    MPI_Irecv(in, size, MPI_BYTE, left, TAG, MPI_COMM_WORLD, &request);
    t_token(left, right);
    MPI_Send(out, size, MPI_BYTE, right, TAG, MPI_COMM_WORLD);
    MPI_Wait(&request, &status);
    check_message(in, size, 0, &status);
    t_free(in);
}

/* The message is there (or its announcement) before the receive. */
static void unexpected(int size)
{
    unsigned char *in = t_alloc((size_t)size);
    MPI_Request request;
    MPI_Status status;

    t_fill(out, (size_t)size, key_of(t_rank, size, 1));
    MPI_Isend(out, size, MPI_BYTE, right, TAG, MPI_COMM_WORLD, &request);
    t_token(right, left);
    MPI_Recv(in, size, MPI_BYTE, left, TAG, MPI_COMM_WORLD, &status);
    MPI_Wait(&request, MPI_STATUS_IGNORE);
    check_message(in, size, 1, &status);
    t_free(in);
}

/* Eight sizes in flight at once on one tag, from one buffer each. */
static void batch(int first)
{
    unsigned char *in[BATCH], *from[BATCH];
    MPI_Request requests[2 * BATCH];
    MPI_Status statuses[2 * BATCH];
    int n = n_sizes - first < BATCH ? n_sizes - first : BATCH;

    for (int i = 0; i < n; i++) {
        int size = sizes[first + i];
        in[i] = t_alloc((size_t)size);
        from[i] = t_alloc((size_t)size);
        t_fill(from[i], (size_t)size, key_of(t_rank, size, 2));
        MPI_Irecv(in[i], size, MPI_BYTE, left, TAG, MPI_COMM_WORLD, &requests[i]);
        MPI_Isend(from[i], size, MPI_BYTE, right, TAG, MPI_COMM_WORLD, &requests[n + i]);
    }
    MPI_Waitall(2 * n, requests, statuses);
    for (int i = 0; i < n; i++) {
        check_message(in[i], sizes[first + i], 2, &statuses[i]);
        t_free(in[i]);
        t_free(from[i]);
    }
}

int main(int argc, char **argv)
{
    t_init(&argc, &argv);
    right = (t_rank + 1) % t_size;
    left = (t_rank + t_size - 1) % t_size;
    list_sizes(argc > 1 ? atoi(argv[1]) : MAX_SIZE);
    out = t_alloc(MAX_SIZE);
    for (int i = 0; i < n_sizes; i++) {
        expected(sizes[i]);
        unexpected(sizes[i]);
    }
    for (int i = 0; i < n_sizes; i += BATCH)
        batch(i);
    CHECK(t_guards(out, MAX_SIZE), "the guards of the send buffer were written");
    t_free(out);
    return t_finish();
}

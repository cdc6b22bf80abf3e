/* p2p_sendrecv.c - MPI_Sendrecv, MPI_Sendrecv_replace and, where there, their nonblocking forms. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "test.h"

enum { MAX_SIZE = 1 << 20, TAG = 61 };

static const int sizes[] = {0, 1, 8, 40, 64, 1000, 4096, 16384, 65537, 300000, MAX_SIZE};
static unsigned char *out, *in;
static int right, left;

static void check(const unsigned char *got, int size, const MPI_Status *status, const char *how)
{
    t_check_status(status, left, TAG + left, size, how);
    CHECK(t_differs(got, (size_t)size, (uint64_t)(left * 7 + size)) < 0, "%s: %d bytes", how, size);
}

static void fill(void *buf, int size)
{
    t_fill(buf, (size_t)size, (uint64_t)(t_rank * 7 + size));
}

/* What leaves and what comes have their own sizes, tags and wildcards. */
static void blocking(int size)
{
    MPI_Status status;

    fill(out, size);
    MPI_Sendrecv(out, size, MPI_BYTE, right, TAG + t_rank, in, MAX_SIZE, MPI_BYTE, left, TAG + left,
                 MPI_COMM_WORLD, &status);
    check(in, size, &status, "sendrecv");
    MPI_Sendrecv(out, size, MPI_BYTE, right, TAG + t_rank, in, size, MPI_BYTE, MPI_ANY_SOURCE,
                 MPI_ANY_TAG, MPI_COMM_WORLD, &status);
    check(in, size, &status, "sendrecv with wildcards");
    fill(in, size);
    MPI_Sendrecv_replace(in, size, MPI_BYTE, right, TAG + t_rank, left, TAG + left, MPI_COMM_WORLD,
                         &status);
    check(in, size, &status, "sendrecv_replace");
}

/* It matches plain sends and receives as well. */
static void mixed(int size)
{
    MPI_Request requests[2];
    MPI_Status status[2];

    fill(out, size);
    if (t_rank % 2 == 0) {
        MPI_Sendrecv(out, size, MPI_BYTE, right, TAG + t_rank, in, size, MPI_BYTE, left, TAG + left,
                     MPI_COMM_WORLD, &status[0]);
    } else {
        MPI_Irecv(in, size, MPI_BYTE, left, TAG + left, MPI_COMM_WORLD, &requests[0]);
        MPI_Isend(out, size, MPI_BYTE, right, TAG + t_rank, MPI_COMM_WORLD, &requests[1]);
        MPI_Waitall(2, requests, status);
    }
    check(in, size, &status[0], "mixed");
}

/* Replacement of a strided buffer leaves the gaps alone. */
static void strided_replace(int n)
{
    int *values = malloc((size_t)(2 * n + 1) * sizeof *values);
    MPI_Datatype type;

    MPI_Type_vector(n, 1, 2, MPI_INT, &type);
    MPI_Type_commit(&type);
    for (int i = 0; i < 2 * n; i++)
        values[i] = i % 2 ? -i : t_rank * 1000 + i;
    MPI_Sendrecv_replace(values, 1, type, right, TAG, left, TAG, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
    for (int i = 0; i < 2 * n; i++)
        CHECK(values[i] == (i % 2 ? -i : left * 1000 + i), "element %d of %d is %d", i, n,
              values[i]);
    MPI_Type_free(&type);
    free(values);
}

#if MPI_VERSION >= 4
static void nonblocking(int size)
{
    unsigned char *same = t_alloc((size_t)size);
    MPI_Request requests[2];
    MPI_Status status[2];

    fill(out, size);
    fill(same, size);
    MPI_Isendrecv(out, size, MPI_BYTE, right, TAG + t_rank, in, size, MPI_BYTE, left, TAG + left,
                  MPI_COMM_WORLD, &requests[0]);
    MPI_Isendrecv_replace(same, size, MPI_BYTE, right, TAG + t_rank, left, TAG + left,
                          MPI_COMM_WORLD, &requests[1]);
    MPI_Waitall(2, requests, status);
    check(in, size, &status[0], "isendrecv");
    check(same, size, &status[1], "isendrecv_replace");
    CHECK(requests[0] == MPI_REQUEST_NULL && requests[1] == MPI_REQUEST_NULL, "a request stayed");
    CHECK(t_guards(same, (size_t)size), "a guard was written at %d bytes", size);
    t_free(same);
}

static void nonblocking_null(void)
{
    MPI_Request request;
    MPI_Status status;
    int value = 5;

    MPI_Isendrecv(&value, 1, MPI_INT, MPI_PROC_NULL, TAG, &value, 1, MPI_INT, MPI_PROC_NULL, TAG,
                  MPI_COMM_WORLD, &request);
    MPI_Wait(&request, &status);
    CHECK(status.MPI_SOURCE == MPI_PROC_NULL && value == 5, "source %d", status.MPI_SOURCE);
}
#endif

int main(int argc, char **argv)
{
    t_init(&argc, &argv);
    right = (t_rank + 1) % t_size;
    left = (t_rank + t_size - 1) % t_size;
    out = t_alloc(MAX_SIZE);
    in = t_alloc(MAX_SIZE);
    for (int i = 0; i < T_COUNT(sizes); i++) {
        blocking(sizes[i]);
        mixed(sizes[i]);
        strided_replace(sizes[i] / 8);
#if MPI_VERSION >= 4
        nonblocking(sizes[i]);
#endif
    }
#if MPI_VERSION >= 4
    nonblocking_null();
#endif
    CHECK(t_guards(in, MAX_SIZE), "a guard was written");
    t_free(in);
    t_free(out);
    return t_finish();
}

/* p2p_persist.c - persistent requests: many starts, wildcards, freed while active. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "test.h"

enum { N = 16, TURNS = 30, TAG = 91 };

static int right, left;

static int size_of(int i)
{
    static const int sizes[N] = {0,    1,    8,     40,    64,    100,   1000,   4096,
                                 8192, 8193, 16384, 30000, 65536, 65537, 200000, 17};

    return sizes[i];
}

/* All sizes in one set of requests, started together turn after turn, completed in several ways. */
static void sets(void)
{
    MPI_Request requests[2 * N];
    MPI_Status statuses[2 * N];
    unsigned char *in[N], *out[N];

    for (int i = 0; i < N; i++) {
        in[i] = t_alloc((size_t)size_of(i));
        out[i] = t_alloc((size_t)size_of(i));
        MPI_Recv_init(in[i], size_of(i), MPI_BYTE, left, TAG, MPI_COMM_WORLD, &requests[i]);
        MPI_Send_init(out[i], size_of(i), MPI_BYTE, right, TAG, MPI_COMM_WORLD, &requests[N + i]);
    }
    for (int turn = 0; turn < TURNS; turn++) {
        for (int i = 0; i < N; i++)
            t_fill(out[i], (size_t)size_of(i), (uint64_t)(t_rank * 100 + turn * 17 + i));
        CHECK_OK(MPI_Startall(2 * N, requests));
        CHECK_OK(MPI_Waitall(2 * N, requests, statuses));
        for (int i = 0; i < N; i++) {
            t_check_status(&statuses[i], left, TAG, size_of(i), "set");
            CHECK(t_differs(in[i], (size_t)size_of(i), (uint64_t)(left * 100 + turn * 17 + i)) < 0,
                  "turn %d request %d", turn, i);
        }
    }
    for (int i = 0; i < N; i++) {
        CHECK(t_guards(in[i], (size_t)size_of(i)), "a guard of %d was written", i);
        MPI_Request_free(&requests[i]);
        MPI_Request_free(&requests[N + i]);
        t_free(in[i]);
        t_free(out[i]);
    }
}

/* After completion the request is inactive: waiting returns at once with the empty status. */
static void inactive(void)
{
    MPI_Request requests[2];
    MPI_Status status;
    int in = -1, flag = 0;

    MPI_Recv_init(&in, 1, MPI_INT, MPI_ANY_SOURCE, MPI_ANY_TAG, MPI_COMM_WORLD, &requests[0]);
    MPI_Send_init(&t_rank, 1, MPI_INT, right, TAG, MPI_COMM_WORLD, &requests[1]);
    for (int turn = 0; turn < 3; turn++) {
        MPI_Start(&requests[0]);
        MPI_Start(&requests[1]);
        while (!flag)
            MPI_Test(&requests[0], &flag, &status);
        t_check_status(&status, left, TAG, (int)sizeof(int), "wildcard");
        CHECK(in == left, "%d instead of %d", in, left);
        MPI_Wait(&requests[1], MPI_STATUS_IGNORE);
        MPI_Wait(&requests[0], &status);
        t_check_empty(&status, "inactive");
        flag = 0;
        MPI_Test(&requests[1], &flag, &status);
        CHECK(flag, "MPI_Test of an inactive request: no");
        t_check_empty(&status, "inactive");
        flag = 0;
        t_token(right, left);
    }
    MPI_Request_free(&requests[0]);
    MPI_Request_free(&requests[1]);
}

/* Starts count for the order, not the creation of the requests. */
static void order_of_starts(void)
{
    MPI_Request receives[3], sends[3];
    int in[3] = {-1, -1, -1}, out[3] = {0, 1, 2};

    for (int i = 0; i < 3; i++) {
        MPI_Recv_init(&in[i], 1, MPI_INT, left, TAG, MPI_COMM_WORLD, &receives[i]);
        MPI_Send_init(&out[i], 1, MPI_INT, right, TAG, MPI_COMM_WORLD, &sends[i]);
    }
    for (int i = 2; i >= 0; i--)
        MPI_Start(&receives[i]);
    t_token(left, right);
    for (int i = 0; i < 3; i++)
        MPI_Start(&sends[i]);
    MPI_Waitall(3, receives, MPI_STATUSES_IGNORE);
    MPI_Waitall(3, sends, MPI_STATUSES_IGNORE);
    CHECK(in[0] == 2 && in[1] == 1 && in[2] == 0, "%d %d %d", in[0], in[1], in[2]);
    for (int i = 0; i < 3; i++) {
        MPI_Request_free(&receives[i]);
        MPI_Request_free(&sends[i]);
    }
}

/* A persistent send freed while active still sends; plain receives match persistent sends. */
static void freed_while_active(int size)
{
    unsigned char *out = t_alloc((size_t)size), *in = t_alloc((size_t)size);
    MPI_Request request;

    t_fill(out, (size_t)size, (uint64_t)t_rank);
    MPI_Send_init(out, size, MPI_BYTE, right, TAG, MPI_COMM_WORLD, &request);
    MPI_Start(&request);
    MPI_Request_free(&request);
    CHECK(request == MPI_REQUEST_NULL, "MPI_Request_free left the handle");
    MPI_Recv(in, size, MPI_BYTE, left, TAG, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
    CHECK(t_differs(in, (size_t)size, (uint64_t)left) < 0, "%d bytes differ", size);
    t_token(left, right);
    t_free(out);
    t_free(in);
}

int main(int argc, char **argv)
{
    t_init(&argc, &argv);
    right = (t_rank + 1) % t_size;
    left = (t_rank + t_size - 1) % t_size;
    sets();
    t_token(right, left);
    inactive();
    order_of_starts();
    freed_while_active(100);
    freed_while_active(100000);
    return t_finish();
}

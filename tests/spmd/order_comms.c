/* order_comms.c - messages of several communicators never meet, whatever wildcards and tags do. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "test.h"

enum { COMMS = 6, N = 20, TAG = 7 };

static MPI_Comm comms[COMMS];
static int right, left;

static void make_comms(void)
{
    comms[0] = MPI_COMM_WORLD;
    MPI_Comm_dup(MPI_COMM_WORLD, &comms[1]);
    MPI_Comm_dup(comms[1], &comms[2]);
    MPI_Comm_split(MPI_COMM_WORLD, 0, t_rank, &comms[3]);
    MPI_Comm_dup(MPI_COMM_WORLD, &comms[4]);
    MPI_Comm_split(comms[4], 3, 0, &comms[5]);
}

static int value_of(int rank, int c, int i)
{
    return rank * 10000 + c * 100 + i;
}

/* Sent on all communicators by turns; received communicator by communicator, the last one first. */
static void unexpected(void)
{
    MPI_Request requests[COMMS * N];
    int values[COMMS * N], got = -1;
    MPI_Status status;

    for (int i = 0; i < N; i++) {
        for (int c = 0; c < COMMS; c++) {
            values[i * COMMS + c] = value_of(t_rank, c, i);
            MPI_Isend(&values[i * COMMS + c], 1, MPI_INT, right, TAG, comms[c],
                      &requests[i * COMMS + c]);
        }
    }
    t_token(right, left);
    for (int c = COMMS - 1; c >= 0; c--) {
        for (int i = 0; i < N; i++) {
            MPI_Recv(&got, 1, MPI_INT, MPI_ANY_SOURCE, MPI_ANY_TAG, comms[c], &status);
            CHECK(got == value_of(left, c, i), "communicator %d message %d: %d", c, i, got);
            CHECK(status.MPI_SOURCE == left, "source %d", status.MPI_SOURCE);
        }
    }
    MPI_Waitall(COMMS * N, requests, MPI_STATUSES_IGNORE);
}

/* Wildcard receives posted on all; the messages come communicator by communicator. */
static void expected(void)
{
    MPI_Request requests[COMMS * N];
    int got[COMMS * N];

    for (int i = 0; i < N; i++)
        for (int c = 0; c < COMMS; c++)
            MPI_Irecv(&got[i * COMMS + c], 1, MPI_INT, MPI_ANY_SOURCE, MPI_ANY_TAG, comms[c],
                      &requests[i * COMMS + c]);
    t_token(left, right);
    for (int c = COMMS - 1; c >= 0; c--) {
        for (int i = 0; i < N; i++) {
            int value = value_of(t_rank, c, i);
            MPI_Send(&value, 1, MPI_INT, right, TAG + i, comms[c]);
        }
    }
    MPI_Waitall(COMMS * N, requests, MPI_STATUSES_IGNORE);
    for (int i = 0; i < N; i++)
        for (int c = 0; c < COMMS; c++)
            CHECK(got[i * COMMS + c] == value_of(left, c, i), "communicator %d message %d: %d", c,
                  i, got[i * COMMS + c]);
}

/* A probe on one communicator does not see what waits on another. */
static void probes(void)
{
    MPI_Request request;
    int flag = -1, got = -1;

    MPI_Isend(&t_rank, 1, MPI_INT, right, TAG, comms[1], &request);
    t_token(right, left);
    MPI_Probe(MPI_ANY_SOURCE, MPI_ANY_TAG, comms[1], MPI_STATUS_IGNORE);
    for (int c = 0; c < COMMS; c++) {
        if (c == 1)
            continue;
        MPI_Iprobe(MPI_ANY_SOURCE, MPI_ANY_TAG, comms[c], &flag, MPI_STATUS_IGNORE);
        CHECK(!flag, "communicator %d sees a message of communicator 1", c);
    }
    MPI_Recv(&got, 1, MPI_INT, left, TAG, comms[1], MPI_STATUS_IGNORE);
    CHECK(got == left, "%d instead of %d", got, left);
    MPI_Wait(&request, MPI_STATUS_IGNORE);
    t_token(left, right);
}

/* A new communicator never meets the late messages of an old one; ranks are those of the
 * communicator. */
static void reversed_ranks(void)
{
    MPI_Comm reversed;
    MPI_Status status;
    int me, got = -1, from;

    MPI_Comm_split(MPI_COMM_WORLD, 0, -t_rank, &reversed);
    MPI_Comm_rank(reversed, &me);
    CHECK(me == t_size - 1 - t_rank, "rank %d of the reversed world", me);
    from = (me + t_size - 1) % t_size;
    MPI_Sendrecv(&t_rank, 1, MPI_INT, (me + 1) % t_size, TAG, &got, 1, MPI_INT, MPI_ANY_SOURCE, TAG,
                 reversed, &status);
    CHECK(status.MPI_SOURCE == from, "source %d, not %d", status.MPI_SOURCE, from);
    CHECK(got == t_size - 1 - from, "value %d", got);
    MPI_Comm_free(&reversed);
}

int main(int argc, char **argv)
{
    t_init(&argc, &argv);
    right = (t_rank + 1) % t_size;
    left = (t_rank + t_size - 1) % t_size;
    make_comms();
    for (int turn = 0; turn < 5; turn++) {
        unexpected();
        expected();
        probes();
        reversed_ranks();
    }
    for (int c = 1; c < COMMS; c++)
        MPI_Comm_free(&comms[c]);
    return t_finish();
}

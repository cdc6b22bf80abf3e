/* p2p_self.c - messages of a rank to itself, in every form and size. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "test.h"

enum { MAX_SIZE = 1 << 20, TAG = 41 };

static const int sizes[] = {0, 1, 40, 64, 1000, 8192, 65536, MAX_SIZE};
static unsigned char *out, *in;

static void check(int size, int me, uint64_t key, const MPI_Status *status, const char *how)
{
    t_check_status(status, me, TAG, size, how);
    CHECK(t_differs(in, (size_t)size, key) < 0, "%s: %d bytes differ", how, size);
    memset(in, T_GUARD_BYTE, MAX_SIZE);
}

static void receive_first(MPI_Comm comm, int me, int size, int synchronous)
{
    MPI_Request request;
    MPI_Status status;

    t_fill(out, (size_t)size, 1);
    MPI_Irecv(in, size, MPI_BYTE, me, TAG, comm, &request);
    if (synchronous)
        MPI_Ssend(out, size, MPI_BYTE, me, TAG, comm);
    else
        MPI_Send(out, size, MPI_BYTE, me, TAG, comm);
    MPI_Wait(&request, &status);
    check(size, me, 1, &status, "receive first");
}

static void send_first(MPI_Comm comm, int me, int size, int synchronous)
{
    MPI_Request request;
    MPI_Status status;

    t_fill(out, (size_t)size, 2);
    if (synchronous)
        MPI_Issend(out, size, MPI_BYTE, me, TAG, comm, &request);
    else
        MPI_Isend(out, size, MPI_BYTE, me, TAG, comm, &request);
    MPI_Recv(in, size, MPI_BYTE, MPI_ANY_SOURCE, MPI_ANY_TAG, comm, &status);
    MPI_Wait(&request, MPI_STATUS_IGNORE);
    check(size, me, 2, &status, "send first");
}

static void both_at_once(MPI_Comm comm, int me, int size)
{
    MPI_Status status;

    t_fill(out, (size_t)size, 3);
    MPI_Sendrecv(out, size, MPI_BYTE, me, TAG, in, size, MPI_BYTE, me, TAG, comm, &status);
    check(size, me, 3, &status, "sendrecv");
    t_fill(in, (size_t)size, 4);
    MPI_Sendrecv_replace(in, size, MPI_BYTE, me, TAG, me, TAG, comm, &status);
    check(size, me, 4, &status, "sendrecv_replace");
}

/* Many messages to oneself, unexpected, taken in reverse order of their tags. */
static void reversed(MPI_Comm comm, int me)
{
    MPI_Request requests[100];
    int values[100], got;

    for (int i = 0; i < 100; i++) {
        values[i] = i * 7;
        MPI_Isend(&values[i], 1, MPI_INT, me, i, comm, &requests[i]);
    }
    for (int i = 99; i >= 0; i--) {
        MPI_Recv(&got, 1, MPI_INT, me, i, comm, MPI_STATUS_IGNORE);
        CHECK(got == i * 7, "tag %d: %d", i, got);
    }
    MPI_Waitall(100, requests, MPI_STATUSES_IGNORE);
}

static void matched_probe(MPI_Comm comm, int me, int size)
{
    MPI_Request request;
    MPI_Message message;
    MPI_Status status;

    t_fill(out, (size_t)size, 5);
    MPI_Isend(out, size, MPI_BYTE, me, TAG, comm, &request);
    MPI_Mprobe(me, TAG, comm, &message, &status);
    t_check_status(&status, me, TAG, size, "mprobe");
    MPI_Mrecv(in, size, MPI_BYTE, &message, &status);
    CHECK(message == MPI_MESSAGE_NULL, "MPI_Mrecv left the message handle");
    MPI_Wait(&request, MPI_STATUS_IGNORE);
    check(size, me, 5, &status, "mrecv");
}

int main(int argc, char **argv)
{
    MPI_Comm comms[2] = {MPI_COMM_SELF, MPI_COMM_WORLD};

    t_init(&argc, &argv);
    out = t_alloc(MAX_SIZE);
    in = t_alloc(MAX_SIZE);
    for (int c = 0; c < 2; c++) {
        int me = c ? t_rank : 0;
        for (int i = 0; i < T_COUNT(sizes); i++) {
            for (int synchronous = 0; synchronous < 2; synchronous++) {
                receive_first(comms[c], me, sizes[i], synchronous);
                send_first(comms[c], me, sizes[i], synchronous);
            }
            both_at_once(comms[c], me, sizes[i]);
            matched_probe(comms[c], me, sizes[i]);
        }
        reversed(comms[c], me);
    }
    CHECK(t_guards(in, MAX_SIZE), "a guard was written");
    t_free(in);
    t_free(out);
    return t_finish();
}

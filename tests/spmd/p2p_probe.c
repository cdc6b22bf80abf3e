/* p2p_probe.c - Probe, Iprobe, Mprobe, Improbe, Mrecv, Imrecv: what they see, take and leave. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "test.h"

enum { MAX_SIZE = 1 << 20, TAG = 71 };

static const int sizes[] = {0, 1, 40, 64, 5000, 8192, 65536, 70000, MAX_SIZE};
static unsigned char *out, *in;
static int peer;

static MPI_Request send(int size, int tag, uint64_t key)
{
    MPI_Request request;

    t_fill(out, (size_t)size, key + (uint64_t)t_rank);
    MPI_Isend(out, size, MPI_BYTE, peer, tag, MPI_COMM_WORLD, &request);
    return request;
}

static void check(int size, uint64_t key, const MPI_Status *status, const char *how)
{
    t_check_status(status, peer, TAG, size, how);
    CHECK(t_differs(in, (size_t)size, key + (uint64_t)peer) < 0, "%s: %d bytes differ", how, size);
}

/* A probe sees a message, twice the same, and does not take it. */
static void plain(int size)
{
    MPI_Request request = send(size, TAG, 1);
    MPI_Status status;
    int flag = 0;

    MPI_Probe(peer, TAG, MPI_COMM_WORLD, &status);
    t_check_status(&status, peer, TAG, size, "probe");
    MPI_Probe(MPI_ANY_SOURCE, MPI_ANY_TAG, MPI_COMM_WORLD, &status);
    t_check_status(&status, peer, TAG, size, "probe with wildcards");
    MPI_Iprobe(peer, TAG, MPI_COMM_WORLD, &flag, &status);
    CHECK(flag, "MPI_Iprobe misses what MPI_Probe saw");
    t_check_status(&status, peer, TAG, size, "iprobe");
    MPI_Recv(in, size, MPI_BYTE, peer, TAG, MPI_COMM_WORLD, &status);
    check(size, 1, &status, "recv after probe");
    MPI_Wait(&request, MPI_STATUS_IGNORE);
}

static void polling(int size)
{
    MPI_Request request = send(size, TAG, 2);
    MPI_Status status;
    int flag = 0;

    while (!flag)
        MPI_Iprobe(MPI_ANY_SOURCE, TAG, MPI_COMM_WORLD, &flag, &status);
    MPI_Recv(in, size, MPI_BYTE, status.MPI_SOURCE, status.MPI_TAG, MPI_COMM_WORLD, &status);
    check(size, 2, &status, "recv after iprobe");
    MPI_Wait(&request, MPI_STATUS_IGNORE);
}

/* No message: no match, whatever is asked for; a message of another tag is not one. */
static void nothing(void)
{
    MPI_Message message = MPI_MESSAGE_NULL;
    MPI_Request request;
    int flag = -1;

    t_token(peer, peer);
    MPI_Iprobe(MPI_ANY_SOURCE, TAG, MPI_COMM_WORLD, &flag, MPI_STATUS_IGNORE);
    CHECK(flag == 0, "MPI_Iprobe sees a message that nobody sent");
    t_token(peer, peer);
    request = send(10, TAG + 1, 3);
    t_token(peer, peer);
    MPI_Improbe(peer, TAG, MPI_COMM_WORLD, &flag, &message, MPI_STATUS_IGNORE);
    CHECK(flag == 0, "MPI_Improbe takes a message of another tag");
    t_token(peer, peer);
    MPI_Recv(in, 10, MPI_BYTE, peer, TAG + 1, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
    MPI_Wait(&request, MPI_STATUS_IGNORE);
}

static void matched(int size)
{
    MPI_Request request = send(size, TAG, 4), receive;
    MPI_Message message;
    MPI_Status status;
    int flag = 0;

    MPI_Mprobe(MPI_ANY_SOURCE, MPI_ANY_TAG, MPI_COMM_WORLD, &message, &status);
    t_check_status(&status, peer, TAG, size, "mprobe");
    MPI_Iprobe(MPI_ANY_SOURCE, TAG, MPI_COMM_WORLD, &flag, MPI_STATUS_IGNORE);
    CHECK(!flag, "a taken message is seen again");
    MPI_Mrecv(in, size, MPI_BYTE, &message, &status);
    check(size, 4, &status, "mrecv");
    CHECK(message == MPI_MESSAGE_NULL, "MPI_Mrecv left the handle");
    MPI_Wait(&request, MPI_STATUS_IGNORE);
    t_token(peer, peer);
    request = send(size, TAG, 5);
    for (flag = 0; !flag;)
        MPI_Improbe(peer, TAG, MPI_COMM_WORLD, &flag, &message, &status);
    t_check_status(&status, peer, TAG, size, "improbe");
    MPI_Imrecv(in, size, MPI_BYTE, &message, &receive);
    CHECK(message == MPI_MESSAGE_NULL, "MPI_Imrecv left the handle");
    MPI_Wait(&receive, &status);
    check(size, 5, &status, "imrecv");
    MPI_Wait(&request, MPI_STATUS_IGNORE);
    t_token(peer, peer);
}

/* Taken first, received last: the later ones of the same tag go by. */
static void taken_out_of_order(int size)
{
    MPI_Request requests[3];
    MPI_Message message[2];
    unsigned char *data[3];

    for (int i = 0; i < 3; i++) {
        data[i] = t_alloc((size_t)size);
        t_fill(data[i], (size_t)size, (uint64_t)(10 + i + t_rank));
        MPI_Isend(data[i], size, MPI_BYTE, peer, TAG, MPI_COMM_WORLD, &requests[i]);
    }
    MPI_Mprobe(peer, TAG, MPI_COMM_WORLD, &message[0], MPI_STATUS_IGNORE);
    MPI_Mprobe(peer, TAG, MPI_COMM_WORLD, &message[1], MPI_STATUS_IGNORE);
    MPI_Recv(in, size, MPI_BYTE, peer, TAG, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
    CHECK(t_differs(in, (size_t)size, (uint64_t)(12 + peer)) < 0, "the third of %d bytes", size);
    for (int i = 1; i >= 0; i--) {
        MPI_Mrecv(in, size, MPI_BYTE, &message[i], MPI_STATUS_IGNORE);
        CHECK(t_differs(in, (size_t)size, (uint64_t)(10 + i + peer)) < 0, "number %d of %d bytes",
              i, size);
    }
    MPI_Waitall(3, requests, MPI_STATUSES_IGNORE);
    for (int i = 0; i < 3; i++)
        t_free(data[i]);
    t_token(peer, peer);
}

/* The usual use: probe for the size, make room, receive. */
static void unknown_sizes(void)
{
    uint64_t state = t_seed();

    for (int i = 0; i < 50; i++) {
        int size = t_random(&state, i % 5 ? 2000 : 200000), count = -1;
        MPI_Request request = send(size, TAG, (uint64_t)i);
        MPI_Status status;
        MPI_Probe(MPI_ANY_SOURCE, MPI_ANY_TAG, MPI_COMM_WORLD, &status);
        MPI_Get_count(&status, MPI_BYTE, &count);
        CHECK(count == size, "probed %d of %d bytes", count, size);
        MPI_Recv(in, count, MPI_BYTE, status.MPI_SOURCE, status.MPI_TAG, MPI_COMM_WORLD, &status);
        check(size, (uint64_t)i, &status, "unknown size");
        MPI_Wait(&request, MPI_STATUS_IGNORE);
        t_token(peer, peer);
    }
}

int main(int argc, char **argv)
{
    t_init(&argc, &argv);
    peer = t_partner();
    out = t_alloc(MAX_SIZE);
    in = t_alloc(MAX_SIZE);
    for (int i = 0; i < T_COUNT(sizes); i++) {
        plain(sizes[i]);
        t_token(peer, peer);
        polling(sizes[i]);
        nothing();
        matched(sizes[i]);
        taken_out_of_order(sizes[i]);
    }
    unknown_sizes();
    CHECK(t_guards(in, MAX_SIZE), "a guard was written");
    t_free(in);
    t_free(out);
    return t_finish();
}

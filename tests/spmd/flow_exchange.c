/* flow_exchange.c - exchanges of large messages that a correct library never deadlocks on. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "test.h"

enum { MAX_RANKS = 16, TAG = 141 };

static uint64_t key_of(int from, int to, int i)
{
    return (uint64_t)(from * 10000 + to * 100 + i);
}

/* Everybody sends to everybody at once, then looks for what came. */
static void all_to_all(int size)
{
    MPI_Request requests[2 * MAX_RANKS];
    unsigned char *out[MAX_RANKS], *in[MAX_RANKS];

    for (int r = 0; r < t_size; r++) {
        out[r] = t_alloc((size_t)size);
        in[r] = t_alloc((size_t)size);
        t_fill(out[r], (size_t)size, key_of(t_rank, r, 0));
        MPI_Isend(out[r], size, MPI_BYTE, r, TAG, MPI_COMM_WORLD, &requests[r]);
    }
    for (int r = t_size - 1; r >= 0; r--)
        MPI_Irecv(in[r], size, MPI_BYTE, r, TAG, MPI_COMM_WORLD, &requests[t_size + r]);
    MPI_Waitall(2 * t_size, requests, MPI_STATUSES_IGNORE);
    for (int r = 0; r < t_size; r++) {
        CHECK(t_differs(in[r], (size_t)size, key_of(r, t_rank, 0)) < 0, "%d bytes from %d", size,
              r);
        CHECK(t_guards(in[r], (size_t)size), "a guard was written");
        t_free(in[r]);
        t_free(out[r]);
    }
}

/* All sends first, blocking receives afterwards, in another order than they were sent. */
static void sends_then_receives(int size, int n)
{
    int right = (t_rank + 1) % t_size, left = (t_rank + t_size - 1) % t_size;
    unsigned char *out = t_alloc((size_t)size), *in = t_alloc((size_t)size);
    MPI_Request requests[64];

    t_fill(out, (size_t)size, key_of(t_rank, right, 1));
    for (int i = 0; i < n; i++)
        MPI_Isend(out, size, MPI_BYTE, right, TAG + i, MPI_COMM_WORLD, &requests[i]);
    for (int i = n - 1; i >= 0; i--) {
        MPI_Recv(in, size, MPI_BYTE, left, TAG + i, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
        CHECK(t_differs(in, (size_t)size, key_of(left, t_rank, 1)) < 0, "%d bytes, tag %d", size,
              i);
    }
    MPI_Waitall(n, requests, MPI_STATUSES_IGNORE);
    t_free(in);
    t_free(out);
}

/* Pairs that are ordered by rank: synchronous sends one way, then the other. */
static void synchronous_pairs(int size)
{
    int peer = t_partner();
    unsigned char *buf = t_alloc((size_t)size);

    for (int turn = 0; turn < 10 && peer != t_rank; turn++) {
        int sending = (t_rank % 2) ^ (turn % 2);
        if (sending) {
            t_fill(buf, (size_t)size, key_of(t_rank, peer, turn));
            MPI_Ssend(buf, size, MPI_BYTE, peer, TAG, MPI_COMM_WORLD);
        } else {
            MPI_Recv(buf, size, MPI_BYTE, peer, TAG, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
            CHECK(t_differs(buf, (size_t)size, key_of(peer, t_rank, turn)) < 0, "%d bytes", size);
        }
    }
    t_free(buf);
}

/* Head to head: both send 4 MiB to each other in one call. */
static void head_to_head(int size)
{
    int peer = t_partner();
    unsigned char *out = t_alloc((size_t)size), *in = t_alloc((size_t)size);

    for (int turn = 0; turn < 3; turn++) {
        t_fill(out, (size_t)size, key_of(t_rank, peer, turn));
        MPI_Sendrecv(out, size, MPI_BYTE, peer, TAG, in, size, MPI_BYTE, peer, TAG, MPI_COMM_WORLD,
                     MPI_STATUS_IGNORE);
        CHECK(t_differs(in, (size_t)size, key_of(peer, t_rank, turn)) < 0, "%d bytes, turn %d",
              size, turn);
        memset(in, 0, (size_t)size);
    }
    t_free(in);
    t_free(out);
}

/* A pipeline through all ranks: each passes on what it gets, several messages in flight. */
static void pipeline(int size, int n)
{
    unsigned char *buf = t_alloc((size_t)size);

    for (int i = 0; i < n && t_size > 1; i++) {
        if (t_rank == 0)
            t_fill(buf, (size_t)size, key_of(0, 0, i));
        else
            MPI_Recv(buf, size, MPI_BYTE, t_rank - 1, TAG, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
        if (t_rank < t_size - 1)
            MPI_Send(buf, size, MPI_BYTE, t_rank + 1, TAG, MPI_COMM_WORLD);
        else
            CHECK(t_differs(buf, (size_t)size, key_of(0, 0, i)) < 0, "%d bytes, number %d", size,
                  i);
    }
    t_free(buf);
}

int main(int argc, char **argv)
{
    static const int sizes[] = {0, 64, 8192, 65536, 300000};

    t_init(&argc, &argv);
    if (t_size > MAX_RANKS)
        MPI_Abort(MPI_COMM_WORLD, 2);
    for (int i = 0; i < T_COUNT(sizes); i++) {
        all_to_all(sizes[i]);
        sends_then_receives(sizes[i], 20);
        synchronous_pairs(sizes[i]);
        pipeline(sizes[i], 20);
    }
    all_to_all(1 << 20);
    head_to_head(4 << 20);
    return t_finish();
}

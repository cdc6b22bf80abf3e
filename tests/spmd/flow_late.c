/* flow_late.c - receivers that come late, and a busy rank that must not hold up its neighbours. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "test.h"
#include <time.h>

enum { TAG = 151, MANY = 3000 };

static void sleep_ms(int ms)
{
    struct timespec t = {ms / 1000, (ms % 1000) * 1000000L};

    nanosleep(&t, NULL);
}

/* A synchronous send waits for a receiver that sleeps first. */
static void synchronous_late(int size)
{
    int peer = t_partner();
    unsigned char *buf = t_alloc((size_t)size);

    if (peer != t_rank && t_rank % 2 == 0) {
        t_fill(buf, (size_t)size, (uint64_t)t_rank);
        MPI_Ssend(buf, size, MPI_BYTE, peer, TAG, MPI_COMM_WORLD);
    } else if (peer != t_rank) {
        sleep_ms(60);
        MPI_Recv(buf, size, MPI_BYTE, peer, TAG, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
        CHECK(t_differs(buf, (size_t)size, (uint64_t)peer) < 0, "%d bytes differ", size);
    }
    t_free(buf);
}

/* Everybody has thousands of messages pending to rank 0, which receives nothing but what its last
 * neighbour says; meanwhile the others go on talking with each other. */
static void busy_rank(int size)
{
    MPI_Request *requests = malloc(MANY * sizeof *requests);
    unsigned char *buf = t_alloc((size_t)size);
    int last = t_size - 1, value = -1;

    if (t_rank != 0) {
        t_fill(buf, (size_t)size, (uint64_t)t_rank);
        for (int i = 0; i < MANY; i++)
            MPI_Isend(buf, size, MPI_BYTE, 0, TAG, MPI_COMM_WORLD, &requests[i]);
    }
    for (int i = 0; i < 50; i++) {
        int up = t_rank == last ? 1 : t_rank + 1, down = t_rank == 1 ? last : t_rank - 1;
        if (t_rank != 0 && t_size > 2) {
            MPI_Sendrecv(&i, 1, MPI_INT, up, TAG + 2, &value, 1, MPI_INT, down, TAG + 2,
                         MPI_COMM_WORLD, MPI_STATUS_IGNORE);
            CHECK(value == i, "turn %d: %d", i, value);
        }
        if (t_rank == last)
            MPI_Send(&i, 1, MPI_INT, 0, TAG + 1, MPI_COMM_WORLD);
        if (t_rank == 0) {
            MPI_Recv(&value, 1, MPI_INT, last, TAG + 1, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
            CHECK(value == i, "turn %d: %d from the last", i, value);
        }
    }
    for (int i = 0; i < MANY && t_rank == 0; i++) {
        for (int r = 1; r < t_size; r++) {
            MPI_Recv(buf, size, MPI_BYTE, r, TAG, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
            CHECK(t_differs(buf, (size_t)size, (uint64_t)r) < 0, "message %d of %d", i, r);
        }
    }
    if (t_rank != 0)
        MPI_Waitall(MANY, requests, MPI_STATUSES_IGNORE);
    t_free(buf);
    free(requests);
}

/* A send completes while its sender computes: the receiver alone drives a large message to the end,
 * or the sender does in its next call; here the sender only sleeps, then waits. */
static void sleeping_sender(int size)
{
    int peer = t_partner();
    unsigned char *buf = t_alloc((size_t)size);
    MPI_Request request;

    if (peer != t_rank && t_rank % 2 == 0) {
        t_fill(buf, (size_t)size, (uint64_t)(t_rank + 9));
        MPI_Isend(buf, size, MPI_BYTE, peer, TAG, MPI_COMM_WORLD, &request);
        sleep_ms(60);
        MPI_Wait(&request, MPI_STATUS_IGNORE);
    } else if (peer != t_rank) {
        MPI_Recv(buf, size, MPI_BYTE, peer, TAG, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
        CHECK(t_differs(buf, (size_t)size, (uint64_t)(peer + 9)) < 0, "%d bytes differ", size);
    }
    t_free(buf);
}

int main(int argc, char **argv)
{
    static const int sizes[] = {0, 40, 5000, 100000, 2 << 20};

    t_init(&argc, &argv);
    for (int i = 0; i < T_COUNT(sizes); i++) {
        synchronous_late(sizes[i]);
        sleeping_sender(sizes[i]);
    }
    MPI_Barrier(MPI_COMM_WORLD);
    if (t_size > 1) {
        busy_rank(8);
        busy_rank(1024);
        busy_rank(20000);
    }
    return t_finish();
}

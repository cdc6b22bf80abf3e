/* flow_flood.c - thousands of unexpected messages, later tags received first. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "test.h"

enum { N = 20000, SIZE = 1024, WINDOW = 500 };

static unsigned char *slots[WINDOW];

/* Rank 0 is flooded by all others; blocking sends, in windows of nonblocking ones, tags count
 * up. */
static void flood(int n)
{
    MPI_Request requests[WINDOW];

    for (int i = 0; i < n; i++) {
        int slot = i % WINDOW;
        if (i >= WINDOW)
            MPI_Wait(&requests[slot], MPI_STATUS_IGNORE);
        t_fill(slots[slot], SIZE, (uint64_t)(t_rank * N + i));
        MPI_Isend(slots[slot], SIZE, MPI_BYTE, 0, i % 32000, MPI_COMM_WORLD, &requests[slot]);
    }
    MPI_Waitall(n < WINDOW ? n : WINDOW, requests, MPI_STATUSES_IGNORE);
}

static void receive(unsigned char *in, int from, int i, int tag)
{
    MPI_Status status;

    MPI_Recv(in, SIZE, MPI_BYTE, from, tag, MPI_COMM_WORLD, &status);
    t_check_status(&status, from, i % 32000, SIZE, "flood");
    CHECK(t_differs(in, SIZE, (uint64_t)(from * N + i)) < 0, "message %d of %d differs", i, from);
}

/* Only the order inside a window is turned round: the senders must get on with what is received. */
static void drain(int n)
{
    unsigned char *in = t_alloc(SIZE);

    for (int start = 0; start < n; start += WINDOW)
        for (int i = (start + WINDOW < n ? start + WINDOW : n) - 1; i >= start; i--)
            for (int r = 1; r < t_size; r++)
                receive(in, r, i, i % 32000);
    t_free(in);
}

/* The last tag first, while all messages before it are pending at their sender: flow control must
 * not hold back the one message that the receiver asks for. */
static void last_first(int n, int size)
{
    MPI_Request *requests = malloc((size_t)n * sizeof *requests);
    unsigned char *buf = t_alloc((size_t)size);

    if (t_rank != 0) {
        t_fill(buf, (size_t)size, (uint64_t)t_rank);
        for (int i = 0; i < n; i++)
            MPI_Isend(buf, size, MPI_BYTE, 0, i, MPI_COMM_WORLD, &requests[i]);
        MPI_Waitall(n, requests, MPI_STATUSES_IGNORE);
    }
    for (int i = n - 1; i >= 0 && t_rank == 0; i--) {
        for (int r = 1; r < t_size; r++) {
            MPI_Recv(buf, size, MPI_BYTE, r, i, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
            CHECK(t_differs(buf, (size_t)size, (uint64_t)r) < 0, "tag %d of %d", i, r);
        }
    }
    free(requests);
    t_free(buf);
}

int main(int argc, char **argv)
{
    int n = argc > 1 ? atoi(argv[1]) : N;

    t_init(&argc, &argv);
    for (int i = 0; i < WINDOW; i++)
        slots[i] = t_alloc(SIZE);
    MPI_Barrier(MPI_COMM_WORLD);
    if (t_rank == 0)
        drain(n);
    else
        flood(n);
    MPI_Barrier(MPI_COMM_WORLD);
    last_first(n, SIZE);
    MPI_Barrier(MPI_COMM_WORLD);
    last_first(n / 20, 20000);
    for (int i = 0; i < WINDOW; i++)
        t_free(slots[i]);
    return t_finish();
}

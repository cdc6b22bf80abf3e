/* thread_mixed.c - processes that asked for threads, and others that did not, in one communicator. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "test.h"
#include <pthread.h>

/* More than there are lanes, so that each would have one. */
enum { COMMS = 6, TURNS = 20, MOST = 100000, TAG = 3 };

static MPI_Comm comms[COMMS];
static int next, previous;

static void *exchange(void *arg)
{
    int own = *(int *)arg;
    unsigned char *out = t_alloc(MOST), *in = t_alloc(MOST);

    for (int turn = 0; turn < TURNS; turn++) {
        int size = turn % 2 ? MOST : 8 * turn;
        t_fill(out, (size_t)size, (uint64_t)(t_rank * COMMS + own));
        MPI_Sendrecv(out, size, MPI_BYTE, next, TAG, in, size, MPI_BYTE, previous, TAG,
                     comms[own], MPI_STATUS_IGNORE);
        CHECK(t_differs(in, (size_t)size, (uint64_t)(previous * COMMS + own)) < 0,
              "communicator %d, turn %d: %d bytes differ", own, turn, size);
    }
    t_free(out);
    t_free(in);
    return NULL;
}

/* One after the other, as the processes without threads do it: the exchange is a ring. */
static void exchange_all(void)
{
    for (int i = 0; i < COMMS; i++) {
        pthread_t thread;
        if (t_rank % 2)
            exchange(&i);
        else if (pthread_create(&thread, NULL, exchange, &i) || pthread_join(thread, NULL))
            abort();
    }
}

int main(int argc, char **argv)
{
    const char *rank = getenv("PMIX_RANK");

    if (rank && atoi(rank) % 2)
        t_init(&argc, &argv);
    else
        t_init_threads(&argc, &argv);
    next = (t_rank + 1) % t_size;
    previous = (t_rank + t_size - 1) % t_size;
    for (int i = 0; i < COMMS; i++)
        MPI_Comm_dup(MPI_COMM_WORLD, &comms[i]);
    exchange_all();
    for (int i = 0; i < COMMS; i++)
        MPI_Comm_free(&comms[i]);
    return t_finish();
}

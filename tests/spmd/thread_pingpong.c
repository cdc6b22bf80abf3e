/* thread_pingpong.c - pairs of threads talk on tags and communicators of their own. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "test.h"
#include <pthread.h>

enum { THREADS = 4, TURNS = 300, MAX_SIZE = 100000 };

static int peer;
static MPI_Comm comms[THREADS];

static int size_of(int thread, int turn)
{
    static const int sizes[] = {0, 1, 40, 64, 1000, 9000, 70000, MAX_SIZE, 8, 8, 8, 8, 4096};

    return turn % 10 ? sizes[(thread + turn) % 8 % 5]
                     : sizes[(thread + turn / 10) % T_COUNT(sizes)];
}

static uint64_t key_of(int rank, int thread, int turn)
{
    return (uint64_t)(rank * 1000000 + thread * 10000 + turn);
}

struct work {
    int thread;
    MPI_Comm comm;
};

static void check(const unsigned char *in, int thread, int turn, const MPI_Status *status)
{
    int size = size_of(thread, turn);

    t_check_status(status, peer, thread, size, "thread");
    CHECK(t_differs(in, (size_t)size, key_of(peer, thread, turn)) < 0, "thread %d turn %d", thread,
          turn);
    CHECK(t_guards(in, MAX_SIZE), "thread %d turn %d: a guard was written", thread, turn);
}

/* Blocking and nonblocking by turns; the tag is the number of the thread. */
static void *talk(void *arg)
{
    struct work *w = arg;
    unsigned char *out = t_alloc(MAX_SIZE), *in = t_alloc(MAX_SIZE);
    MPI_Request requests[2];
    MPI_Status statuses[2];

    for (int turn = 0; turn < TURNS; turn++) {
        int size = size_of(w->thread, turn);
        t_fill(out, (size_t)size, key_of(t_rank, w->thread, turn));
        if (turn % 3 == 0 && peer != t_rank) {
            int first = t_rank < peer;
            if (first)
                MPI_Send(out, size, MPI_BYTE, peer, w->thread, w->comm);
            MPI_Recv(in, size, MPI_BYTE, peer, w->thread, w->comm, &statuses[0]);
            if (!first)
                MPI_Send(out, size, MPI_BYTE, peer, w->thread, w->comm);
        } else if (turn % 3 == 1) {
            MPI_Irecv(in, MAX_SIZE, MPI_BYTE, peer, w->thread, w->comm, &requests[0]);
            MPI_Isend(out, size, MPI_BYTE, peer, w->thread, w->comm, &requests[1]);
            MPI_Waitall(2, requests, statuses);
        } else {
            MPI_Sendrecv(out, size, MPI_BYTE, peer, w->thread, in, MAX_SIZE, MPI_BYTE, peer,
                         w->thread, w->comm, &statuses[0]);
        }
        check(in, w->thread, turn, &statuses[0]);
    }
    t_free(out);
    t_free(in);
    return NULL;
}

static void run(int own_comms)
{
    pthread_t threads[THREADS];
    struct work work[THREADS];

    for (int t = 0; t < THREADS; t++) {
        work[t].thread = t;
        work[t].comm = own_comms ? comms[t] : MPI_COMM_WORLD;
        if (pthread_create(&threads[t], NULL, talk, &work[t]) != 0)
            abort();
    }
    for (int t = 0; t < THREADS; t++)
        pthread_join(threads[t], NULL);
}

int main(int argc, char **argv)
{
    t_init_threads(&argc, &argv);
    peer = t_partner();
    for (int t = 0; t < THREADS; t++)
        MPI_Comm_dup(MPI_COMM_WORLD, &comms[t]);
    run(0);
    run(1);
    for (int t = 0; t < THREADS; t++)
        MPI_Comm_free(&comms[t]);
    return t_finish();
}

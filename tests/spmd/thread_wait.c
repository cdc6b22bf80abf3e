/* thread_wait.c - requests made by one thread and completed by another. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "test.h"
#include <pthread.h>

enum { N = 64, TURNS = 30, TAG = 231 };

static int peer, in[N], out[N];
static MPI_Request requests[2 * N];
static pthread_barrier_t step;

/* Completes every fourth request, by four different calls. */
static void complete(int part, MPI_Request *mine)
{
    MPI_Status status;
    int index, flag, done = 0, indices[2 * N / 4], count = 2 * N / 4;

    switch (part) {
        case 0: MPI_Waitall(count, mine, MPI_STATUSES_IGNORE); break;
        case 1:
            for (int i = 0; i < count; i++)
                MPI_Waitany(count, mine, &index, &status);
            break;
        case 2:
            while (done < count) {
                int some = 0;
                MPI_Waitsome(count, mine, &some, indices, MPI_STATUSES_IGNORE);
                done += some;
            }
            break;
        default:
            for (int i = 0; i < count; i++)
                for (flag = 0; !flag;)
                    MPI_Test(&mine[i], &flag, &status);
    }
    for (int i = 0; i < count; i++)
        CHECK(mine[i] == MPI_REQUEST_NULL, "part %d: request %d is still there", part, i);
}

static void *helper(void *arg)
{
    int part = *(int *)arg;

    for (int turn = 0; turn < TURNS; turn++) {
        pthread_barrier_wait(&step);
        complete(part, &requests[part * 2 * N / 4]);
        pthread_barrier_wait(&step);
    }
    return NULL;
}

/* The main thread posts everything; four others complete it, while sends of the peer come in. */
static void handed_over(void)
{
    pthread_t threads[4];
    int part[4];

    pthread_barrier_init(&step, NULL, 5);
    for (int t = 0; t < 4; t++) {
        part[t] = t;
        if (pthread_create(&threads[t], NULL, helper, &part[t]) != 0)
            abort();
    }
    for (int turn = 0; turn < TURNS; turn++) {
        for (int i = 0; i < N; i++) {
            in[i] = -1;
            out[i] = t_rank * 10000 + turn * 100 + i;
            MPI_Irecv(&in[i], 1, MPI_INT, peer, TAG + i, MPI_COMM_WORLD, &requests[2 * i]);
            MPI_Isend(&out[i], 1, MPI_INT, peer, TAG + i, MPI_COMM_WORLD, &requests[2 * i + 1]);
        }
        pthread_barrier_wait(&step);
        pthread_barrier_wait(&step);
        for (int i = 0; i < N; i++)
            CHECK(in[i] == peer * 10000 + turn * 100 + i, "turn %d: message %d is %d", turn, i,
                  in[i]);
    }
    for (int t = 0; t < 4; t++)
        pthread_join(threads[t], NULL);
    pthread_barrier_destroy(&step);
}

static void *wait_for_it(void *arg)
{
    int *got = arg;

    MPI_Recv(got, 1, MPI_INT, t_rank, TAG, t_agree, MPI_STATUS_IGNORE);
    return NULL;
}

/* A thread waits inside MPI; only another thread of the same rank can send what it waits for. */
static void woken_by_own_thread(void)
{
    for (int turn = 0; turn < 50; turn++) {
        pthread_t thread;
        int got = -1;
        if (pthread_create(&thread, NULL, wait_for_it, &got) != 0)
            abort();
        MPI_Send(&turn, 1, MPI_INT, t_rank, TAG, t_agree);
        pthread_join(thread, NULL);
        CHECK(got == turn, "turn %d: %d", turn, got);
    }
}

static void *reduce_on(void *arg)
{
    MPI_Comm comm = *(MPI_Comm *)arg;

    for (int i = 0; i < 100; i++) {
        int mine = t_rank + i, sum = -1;
        MPI_Allreduce(&mine, &sum, 1, MPI_INT, MPI_SUM, comm);
        CHECK(sum == t_size * (t_size - 1) / 2 + t_size * i, "turn %d: sum %d", i, sum);
    }
    return NULL;
}

/* Collectives of several threads at once, each on its own communicator. */
static void collectives(void)
{
    pthread_t threads[3];
    MPI_Comm comms[3];

    for (int t = 0; t < 3; t++)
        MPI_Comm_dup(MPI_COMM_WORLD, &comms[t]);
    for (int t = 0; t < 3; t++)
        if (pthread_create(&threads[t], NULL, reduce_on, &comms[t]) != 0)
            abort();
    for (int t = 0; t < 3; t++)
        pthread_join(threads[t], NULL);
    for (int t = 0; t < 3; t++)
        MPI_Comm_free(&comms[t]);
}

int main(int argc, char **argv)
{
    t_init_threads(&argc, &argv);
    peer = t_partner();
    handed_over();
    woken_by_own_thread();
    collectives();
    return t_finish();
}

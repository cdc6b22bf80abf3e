/* thread_requests.c - requests that other threads complete: generalized ones, partitions marked by many threads. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "test.h"
#include <pthread.h>
#include <unistd.h>

enum { THREADS = 4, EACH = 16, PARTITIONS = THREADS * EACH, COUNT = 700, ROUNDS = 8, TAG = 191 };

static int right, left, queries, frees;

static int query(void *extra, MPI_Status *status)
{
    (void)extra;
    queries++;
    return MPI_Status_set_elements(status, MPI_BYTE, 1);
}

static int freed(void *extra)
{
    (void)extra;
    frees++;
    return MPI_SUCCESS;
}

static int cancel(void *extra, int complete)
{
    (void)extra, (void)complete;
    return MPI_SUCCESS;
}

static MPI_Request general[3];

/* Late enough that the waiting thread sleeps already. */
static void *complete_late(void *arg)
{
    (void)arg;
    for (int i = 0; i < 3; i++) {
        usleep(20000);
        MPI_Grequest_complete(general[i]);
    }
    return NULL;
}

/* The main thread waits, by each of four calls, for what only another thread can complete. */
static void completed_by_another(int way)
{
    MPI_Request requests[3];
    pthread_t thread;
    int flag = 0, index, done = 0, some, indices[3];

    queries = frees = 0;
    for (int i = 0; i < 3; i++) {
        MPI_Grequest_start(query, freed, cancel, NULL, &requests[i]);
        general[i] = requests[i];
    }
    if (pthread_create(&thread, NULL, complete_late, NULL) != 0)
        abort();
    if (way == 0) {
        MPI_Waitall(3, requests, MPI_STATUSES_IGNORE);
    } else if (way == 1) {
        for (int i = 0; i < 3; i++)
            MPI_Waitany(3, requests, &index, MPI_STATUS_IGNORE);
    } else if (way == 2) {
        for (; done < 3; done += some)
            MPI_Waitsome(3, requests, &some, indices, MPI_STATUSES_IGNORE);
    } else {
        while (!flag)
            MPI_Testall(3, requests, &flag, MPI_STATUSES_IGNORE);
    }
    pthread_join(thread, NULL);
    CHECK(queries == 3 && frees == 3, "way %d: %d queries, %d frees", way, queries, frees);
    for (int i = 0; i < 3; i++)
        CHECK(requests[i] == MPI_REQUEST_NULL, "way %d: request %d stayed", way, i);
}

static pthread_barrier_t step;
static MPI_Request send, receive;
static int *out, *in;

static int value(int rank, int round, int n)
{
    return rank * 1000003 + round * 7919 + n;
}

/* Each thread fills and marks its partitions, backwards, and looks for one of the neighbour's. */
static void *mark(void *arg)
{
    int first = *(int *)arg * EACH;

    for (int round = 0; round < ROUNDS; round++) {
        pthread_barrier_wait(&step); /* started */
        for (int p = first + EACH - 1; p >= first; p--) {
            for (int n = p * COUNT; n < (p + 1) * COUNT; n++)
                out[n] = value(t_rank, round, n);
            CHECK_OK(MPI_Pready(p, send));
        }
        for (int flag = 0; !flag;)
            CHECK_OK(MPI_Parrived(receive, first, &flag));
        CHECK(in[first * COUNT] == value(left, round, first * COUNT), "round %d partition %d: %d", round, first,
              in[first * COUNT]);
        pthread_barrier_wait(&step); /* looked */
    }
    return NULL;
}

static void partitions(void)
{
    pthread_t threads[THREADS];
    int numbers[THREADS], wrong = 0;

    out = malloc(sizeof(int) * PARTITIONS * COUNT);
    in = malloc(sizeof(int) * PARTITIONS * COUNT);
    MPI_Psend_init(out, PARTITIONS, COUNT, MPI_INT, right, TAG, MPI_COMM_WORLD, MPI_INFO_NULL, &send);
    MPI_Precv_init(in, PARTITIONS, COUNT, MPI_INT, left, TAG, MPI_COMM_WORLD, MPI_INFO_NULL, &receive);
    pthread_barrier_init(&step, NULL, THREADS + 1);
    for (int t = 0; t < THREADS; t++) {
        numbers[t] = t;
        if (pthread_create(&threads[t], NULL, mark, &numbers[t]) != 0)
            abort();
    }
    for (int round = 0; round < ROUNDS; round++) {
        memset(in, 0, sizeof(int) * PARTITIONS * COUNT);
        MPI_Start(&send);
        MPI_Start(&receive);
        pthread_barrier_wait(&step);
        MPI_Wait(&send, MPI_STATUS_IGNORE); /* the threads are still marking */
        pthread_barrier_wait(&step);
        MPI_Wait(&receive, MPI_STATUS_IGNORE);
        for (int n = 0; n < PARTITIONS * COUNT; n++)
            wrong += in[n] != value(left, round, n);
        CHECK(wrong == 0, "round %d: %d ints are wrong", round, wrong);
    }
    for (int t = 0; t < THREADS; t++)
        pthread_join(threads[t], NULL);
    pthread_barrier_destroy(&step);
    MPI_Request_free(&send);
    MPI_Request_free(&receive);
    free(out);
    free(in);
}

int main(int argc, char **argv)
{
    t_init_threads(&argc, &argv);
    right = (t_rank + 1) % t_size;
    left = (t_rank + t_size - 1) % t_size;
    for (int way = 0; way < 4; way++)
        completed_by_another(way);
    partitions();
    return t_finish();
}

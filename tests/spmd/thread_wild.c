/* thread_wild.c - threads share one stream by wildcards and matched probes. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "test.h"
#include <pthread.h>

enum { THREADS = 4, MESSAGES = 800, TAG = 221, STOP = 222, MAX_SIZE = 20000 };

static int *seen; /* how often each message of each sender came */
static int taken; /* messages of all senders so far */
static int by_probe;

static int size_of(int i)
{
    return 8 + (i % 50 == 7 ? MAX_SIZE - 8 : i * 37 % 2000);
}

/* The first words say who sent which message; the rest is its pattern. */
static void fill(unsigned char *buf, int rank, int i)
{
    int head[2] = {rank, i};

    t_fill(buf, (size_t)size_of(i), (uint64_t)(rank * 10000 + i));
    memcpy(buf, head, sizeof head);
}

static void check(unsigned char *buf, const MPI_Status *status)
{
    int head[2], size = -1;
    static __thread unsigned char model[MAX_SIZE];

    memcpy(head, buf, sizeof head);
    MPI_Get_count(status, MPI_BYTE, &size);
    CHECK(head[0] == status->MPI_SOURCE && head[1] >= 0 && head[1] < MESSAGES && head[0] >= 0 &&
              head[0] < t_size,
          "message %d of %d from %d", head[1], head[0], status->MPI_SOURCE);
    if (head[0] < 0 || head[0] >= t_size || head[1] < 0 || head[1] >= MESSAGES)
        return;
    CHECK(size == size_of(head[1]), "message %d: %d bytes", head[1], size);
    fill(model, head[0], head[1]);
    CHECK(memcmp(model, buf, (size_t)size_of(head[1])) == 0, "message %d of %d differs", head[1],
          head[0]);
    __atomic_fetch_add(&seen[head[0] * MESSAGES + head[1]], 1, __ATOMIC_RELAXED);
}

static void receive(unsigned char *buf, MPI_Status *status)
{
    MPI_Message message;
    int size = 0;

    if (!by_probe) {
        MPI_Recv(buf, MAX_SIZE, MPI_BYTE, MPI_ANY_SOURCE, MPI_ANY_TAG, MPI_COMM_WORLD, status);
        return;
    }
    MPI_Mprobe(MPI_ANY_SOURCE, MPI_ANY_TAG, MPI_COMM_WORLD, &message, status);
    MPI_Get_count(status, MPI_BYTE, &size);
    MPI_Mrecv(buf, size, MPI_BYTE, &message, status);
}

/* Takes whatever comes until the message that says stop; who takes the last message sends those. */
static void *take(void *arg)
{
    unsigned char *buf = t_alloc(MAX_SIZE);
    MPI_Status status;

    (void)arg;
    for (;;) {
        receive(buf, &status);
        if (status.MPI_TAG == STOP)
            break;
        check(buf, &status);
        if (__atomic_add_fetch(&taken, 1, __ATOMIC_RELAXED) < (t_size - 1) * MESSAGES)
            continue;
        for (int t = 1; t < THREADS; t++)
            MPI_Send(NULL, 0, MPI_BYTE, t_rank, STOP, MPI_COMM_WORLD);
        break;
    }
    t_free(buf);
    return NULL;
}

/* Each thread of a sender sends every fourth message. */
static void *give(void *arg)
{
    unsigned char *buf = t_alloc(MAX_SIZE);
    int part = *(int *)arg;

    for (int i = part; i < MESSAGES; i += THREADS) {
        fill(buf, t_rank, i);
        MPI_Send(buf, size_of(i), MPI_BYTE, 0, TAG, MPI_COMM_WORLD);
    }
    t_free(buf);
    return NULL;
}

static void run(void)
{
    pthread_t threads[THREADS];
    int part[THREADS];

    taken = 0;
    memset(seen, 0, (size_t)t_size * MESSAGES * sizeof *seen);
    for (int t = 0; t < THREADS; t++) {
        part[t] = t;
        if (pthread_create(&threads[t], NULL, t_rank == 0 ? take : give, &part[t]) != 0)
            abort();
    }
    for (int t = 0; t < THREADS; t++)
        pthread_join(threads[t], NULL);
    for (int r = 1; r < t_size && t_rank == 0; r++)
        for (int i = 0; i < MESSAGES; i++)
            CHECK(seen[r * MESSAGES + i] == 1, "message %d of %d came %d times", i, r,
                  seen[r * MESSAGES + i]);
    MPI_Barrier(t_agree);
}

int main(int argc, char **argv)
{
    t_init_threads(&argc, &argv);
    if (t_size < 2) {
        printf("needs two ranks\n");
        MPI_Finalize();
        return T_SKIP;
    }
    seen = calloc((size_t)t_size * MESSAGES, sizeof *seen);
    for (by_probe = 0; by_probe < 2; by_probe++)
        run();
    free(seen);
    return t_finish();
}

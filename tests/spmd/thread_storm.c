/* thread_storm.c - wildcards, a shared pool of requests and new communicators, all at once. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "storm_comm.h"
#include <pthread.h>

/* usage: thread_storm [threads of each rank [rounds]]
 *
 * In a round each thread first starts all its messages without waiting for anything, so that
 * whatever a thread waits for later is under way. Then it goes through three activities, its
 * neighbours in another order: it takes messages by wildcards, completes requests of a pool that
 * all threads fill, and makes communicators. */
enum { MAX_THREADS = 64, WILD = 36, PAIRS = 16, MAX_SIZE = 100000, COMM_TURNS = 12, BATCH = 8 };

enum kind { SENT, PAIRED, PROBED };

struct item {
    MPI_Request request;
    enum kind kind;
    unsigned char *buffer;
    int size, source, thread, number;
};

static int threads = 4, rounds = 3, round_now;
static MPI_Comm wild_comm, pair_comm, own_comms[MAX_THREADS];
static int *seen;             /* [rank][thread][number]: how often a wild message came */
static int tickets, expected; /* wild messages that somebody has set out to take, of how many */

static struct {
    pthread_mutex_t lock;
    struct item *items;
    int count, room;
} pool = {.lock = PTHREAD_MUTEX_INITIALIZER};

/* ---- messages -------------------------------------------------------------------------------- */

/* Around what a cell, the eager limits of the matrix and the default one can hold. */
static int size_of(int thread, int number)
{
    static const int sizes[] = {0,    1,    40,   63,    64,    65,    127,   128, 129, 500,
                                4095, 4096, 4097, 16000, 32767, 32768, 32769, 8,   16,  MAX_SIZE};

    return sizes[(thread * 7 + number * 3 + round_now) % T_COUNT(sizes)];
}

/* A wild message tells its number in its first word. */
static int wild_size(int thread, int number)
{
    return size_of(thread, number) + (int)sizeof(int);
}

static uint64_t key_of(enum kind kind, int rank, int thread, int number)
{
    return (((uint64_t)round_now * 2 + kind) * 1000 + (uint64_t)rank) * 1000000 +
           (uint64_t)(thread * 1000 + number);
}

static void check_wild(const unsigned char *buffer, int size, int source, int thread, int *number)
{
    *number = -1;
    if (size >= (int)sizeof *number)
        memcpy(number, buffer, sizeof *number);
    int known = source >= 0 && source < t_size && thread >= 0 && thread < threads && *number >= 0 &&
                *number < WILD;
    CHECK(known, "%d bytes from rank %d with tag %d: message %d", size, source, thread, *number);
    if (!known)
        return;
    CHECK(size == wild_size(thread, *number), "message %d of %d,%d: %d bytes", *number, source,
          thread, size);
    CHECK(t_differs(buffer + sizeof(int), (size_t)size - sizeof(int),
                    key_of(PROBED, source, thread, *number)) < 0,
          "message %d of %d,%d of %d bytes differs", *number, source, thread, size);
    __atomic_fetch_add(&seen[(source * threads + thread) * WILD + *number], 1, __ATOMIC_RELAXED);
}

/* ---- the pool -------------------------------------------------------------------------------- */

static void pool_put(const struct item *items, int count)
{
    pthread_mutex_lock(&pool.lock);
    if (pool.count + count > pool.room) {
        pool.room = 2 * (pool.count + count);
        pool.items = realloc(pool.items, (size_t)pool.room * sizeof *pool.items);
        if (!pool.items)
            abort();
    }
    for (int i = 0; i < count; i++)
        if (items[i].request != MPI_REQUEST_NULL)
            pool.items[pool.count++] = items[i];
    pthread_mutex_unlock(&pool.lock);
}

/* Takes some at random: from here on they are this thread's alone. */
static int pool_take(struct item *items, uint64_t *random)
{
    int count = 0;

    pthread_mutex_lock(&pool.lock);
    for (; count < BATCH && pool.count > 0; count++) {
        int i = t_random(random, pool.count);
        items[count] = pool.items[i];
        pool.items[i] = pool.items[--pool.count];
    }
    pthread_mutex_unlock(&pool.lock);
    return count;
}

static void completed(struct item *item, const MPI_Status *status)
{
    int number;

    if (item->kind == PAIRED) {
        t_check_status(status, item->source, item->thread, item->size, "pair");
        CHECK(t_differs(item->buffer, (size_t)item->size,
                        key_of(PAIRED, item->source, item->thread, item->number)) < 0,
              "pair %d of %d,%d of %d bytes differs", item->number, item->source, item->thread,
              item->size);
        CHECK(t_guards(item->buffer, (size_t)item->size), "pair %d: a guard was written",
              item->number);
    } else if (item->kind == PROBED) {
        t_check_status(status, item->source, item->thread, item->size, "probed");
        check_wild(item->buffer, item->size, item->source, item->thread, &number);
        CHECK(t_guards(item->buffer, (size_t)item->size), "message %d: a guard was written", number);
    }
    t_free(item->buffer);
}

/* Completes at least none or one of them, by four different calls. */
static int complete_some(int how, int count, MPI_Request *requests, int *indices,
                         MPI_Status *statuses)
{
    int done = 0, flag = 0;

    switch (how % 4) {
        case 0:
            MPI_Waitany(count, requests, indices, statuses);
            return 1;
        case 1:
            MPI_Testany(count, requests, indices, &flag, statuses);
            return flag ? 1 : 0;
        case 2: MPI_Testsome(count, requests, &done, indices, statuses); return done;
        default: MPI_Waitsome(count, requests, &done, indices, statuses); return done;
    }
}

/* Until the pool is empty; what others have taken out of it, they complete. */
static void drain(int thread)
{
    struct item items[BATCH];
    MPI_Request requests[BATCH];
    MPI_Status statuses[BATCH];
    int indices[BATCH], count;
    uint64_t random = (uint64_t)(t_rank * 1000 + thread * 10 + round_now);

    for (int turn = thread; (count = pool_take(items, &random)) > 0; turn++) {
        for (int i = 0; i < count; i++)
            requests[i] = items[i].request;
        int done = complete_some(turn, count, requests, indices, statuses);
        for (int i = 0; i < done; i++) {
            CHECK(requests[indices[i]] == MPI_REQUEST_NULL, "call %d left its request", turn % 4);
            completed(&items[indices[i]], &statuses[i]);
        }
        for (int i = 0; i < count; i++)
            items[i].request = requests[i];
        pool_put(items, count);
    }
}

/* ---- what a thread does ---------------------------------------------------------------------- */

static void start_wild(int thread)
{
    for (int number = 0; number < WILD; number++) {
        int size = wild_size(thread, number);
        struct item item = {.kind = SENT, .buffer = t_alloc((size_t)size)};
        memcpy(item.buffer, &number, sizeof number);
        t_fill(item.buffer + sizeof number, (size_t)size - sizeof number,
               key_of(PROBED, t_rank, thread, number));
        MPI_Isend(item.buffer, size, MPI_BYTE, (t_rank + number) % t_size, thread, wild_comm,
                  &item.request);
        pool_put(&item, 1);
    }
}

/* Receives and sends of one tag: those of one peer must meet in their order. */
static void start_pairs(int thread)
{
    for (int number = 0; number < PAIRS; number++) {
        int size = size_of(thread, number), to = (t_rank + number) % t_size;
        struct item in = {.kind = PAIRED,
                          .buffer = t_alloc((size_t)size),
                          .size = size,
                          .source = (t_rank + number * (t_size - 1)) % t_size,
                          .thread = thread,
                          .number = number};
        struct item out = {.kind = SENT, .buffer = t_alloc((size_t)size)};
        MPI_Irecv(in.buffer, size, MPI_BYTE, in.source, thread, pair_comm, &in.request);
        pool_put(&in, 1);
        t_fill(out.buffer, (size_t)size, key_of(PAIRED, t_rank, thread, number));
        MPI_Isend(out.buffer, size, MPI_BYTE, to, thread, pair_comm, &out.request);
        pool_put(&out, 1);
    }
}

/* Takes one message by a matched probe; by Improbe or Mprobe. Gives its size. */
static int probe(int nonblocking, MPI_Message *message, MPI_Status *status)
{
    int flag = 0, size = -1;

    while (nonblocking && !flag)
        MPI_Improbe(MPI_ANY_SOURCE, MPI_ANY_TAG, wild_comm, &flag, message, status);
    if (!nonblocking)
        MPI_Mprobe(MPI_ANY_SOURCE, MPI_ANY_TAG, wild_comm, message, status);
    MPI_Get_count(status, MPI_BYTE, &size);
    return size;
}

/* Receives one wild message here, or leaves it to the pool. Gives its number, or -1 for the pool. */
static int take_one(int how, unsigned char *buffer, MPI_Status *status)
{
    MPI_Message message;
    MPI_Request request;
    int size, number;

    if (how % 4 == 0) {
        MPI_Recv(buffer, MAX_SIZE + 4, MPI_BYTE, MPI_ANY_SOURCE, MPI_ANY_TAG, wild_comm, status);
        MPI_Get_count(status, MPI_BYTE, &size);
    } else if (how % 4 == 1) {
        size = probe(how & 4, &message, status);
        MPI_Mrecv(buffer, size, MPI_BYTE, &message, status);
    } else if (how % 4 == 2) {
        size = probe(how & 4, &message, status);
        MPI_Imrecv(buffer, size, MPI_BYTE, &message, &request);
        MPI_Wait(&request, status);
    } else {
        size = probe(how & 4, &message, status);
        struct item item = {.kind = PROBED,
                            .buffer = t_alloc((size_t)size),
                            .size = size,
                            .source = status->MPI_SOURCE,
                            .thread = status->MPI_TAG};
        MPI_Imrecv(item.buffer, size, MPI_BYTE, &message, &item.request);
        pool_put(&item, 1);
        return -1;
    }
    check_wild(buffer, size, status->MPI_SOURCE, status->MPI_TAG, &number);
    return number;
}

/* Takes wild messages as long as some are left. Those of one sender and tag come to each thread in
 * their order. */
static void take(int thread)
{
    unsigned char *buffer = t_alloc(MAX_SIZE + 4);
    int *last = malloc((size_t)(t_size * threads) * sizeof *last);
    MPI_Status status;

    if (!last)
        abort();
    for (int i = 0; i < t_size * threads; i++)
        last[i] = -1;
    for (int how = thread; __atomic_fetch_add(&tickets, 1, __ATOMIC_RELAXED) < expected; how++) {
        int number = take_one(how, buffer, &status);
        if (number < 0)
            continue;
        int *before = &last[status.MPI_SOURCE * threads + status.MPI_TAG];
        CHECK(number > *before, "message %d of %d,%d came after %d", number, status.MPI_SOURCE,
              status.MPI_TAG, *before);
        *before = number;
    }
    free(last);
    t_free(buffer);
}

static void make_comms(int thread)
{
    struct storm_maker maker = {.thread = thread, .own = own_comms[thread]};

    for (maker.turn = 0; maker.turn < COMM_TURNS; maker.turn++)
        storm_comm(&maker);
}

static void *storm(void *arg)
{
    static void (*const activities[])(int) = {take, drain, make_comms};
    int thread = *(int *)arg;
    /* Thread 0 takes first: others may wait for sends that only a taker completes. */
    int first = thread == 0 ? 0 : thread + round_now;

    start_wild(thread);
    start_pairs(thread);
    for (int i = 0; i < 3; i++)
        activities[(first + i) % 3](thread);
    drain(thread);
    return NULL;
}

/* ---- rounds ---------------------------------------------------------------------------------- */

static void check_round(void)
{
    CHECK(pool.count == 0, "%d requests are left", pool.count);
    for (int source = 0; source < t_size; source++)
        for (int i = 0; i < threads * WILD; i++) {
            int number = i % WILD, wanted = (source + number) % t_size == t_rank;
            int times = seen[source * threads * WILD + i];
            CHECK(times == wanted, "round %d: message %d of %d,%d came %d times", round_now, number,
                  source, i / WILD, times);
        }
}

static void run_round(void)
{
    pthread_t running[MAX_THREADS];
    int number[MAX_THREADS];

    memset(seen, 0, (size_t)(t_size * threads * WILD) * sizeof *seen);
    tickets = expected = 0;
    for (int source = 0; source < t_size; source++)
        for (int i = 0; i < WILD; i++)
            expected += (source + i) % t_size == t_rank ? threads : 0;
    for (int t = 0; t < threads; t++) {
        number[t] = t;
        if (pthread_create(&running[t], NULL, storm, &number[t]) != 0)
            abort();
    }
    for (int t = 0; t < threads; t++)
        pthread_join(running[t], NULL);
    check_round();
    MPI_Barrier(t_agree);
}

int main(int argc, char **argv)
{
    t_init_threads(&argc, &argv);
    if (argc > 1)
        threads = atoi(argv[1]);
    if (argc > 2)
        rounds = atoi(argv[2]);
    if (threads < 1 || threads > MAX_THREADS || rounds < 1)
        MPI_Abort(MPI_COMM_WORLD, 2);
    seen = malloc((size_t)(t_size * threads * WILD) * sizeof *seen);
    if (!seen)
        abort();
    MPI_Comm_dup(MPI_COMM_WORLD, &wild_comm);
    MPI_Comm_dup(MPI_COMM_WORLD, &pair_comm);
    for (int t = 0; t < threads; t++)
        MPI_Comm_dup(MPI_COMM_WORLD, &own_comms[t]);
    for (round_now = 0; round_now < rounds; round_now++)
        run_round();
    for (int t = 0; t < threads; t++)
        MPI_Comm_free(&own_comms[t]);
    MPI_Comm_free(&wild_comm);
    MPI_Comm_free(&pair_comm);
    free(pool.items);
    free(seen);
    return t_finish();
}

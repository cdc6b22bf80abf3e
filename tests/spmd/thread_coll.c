/* thread_coll.c - collectives of many threads at once, each thread on communicators of its own. */
/* SPDX-License-Identifier: BSD-3-Clause */
/* usage: thread_coll [THREADS of each rank [ROUNDS [MAX_BYTES]]]
 *
 * What a thread calls is drawn alike on all ranks. What it leaves under way, the next thread of its
 * rank completes. */
#include "coll_run.h"
#include <pthread.h>

enum { MAX_THREADS = 16, FLIGHT = 6 };

struct worker {
    pthread_t running;
    int thread;
    uint64_t random;
    struct coll_group group;
    struct coll_plan plans[FLIGHT], own;
};

static int threads = 4, rounds = 10, max_bytes = 40000;
static struct worker workers[MAX_THREADS];
static pthread_barrier_t meeting;

static uint64_t key_of(const struct worker *w, int round, int i)
{
    return (uint64_t)((w->thread * rounds + round) * (FLIGHT + 2) + i);
}

static void run_one(struct worker *w, enum coll_form form, uint64_t key)
{
    struct coll_case c = coll_draw(&w->random, form, &w->group, max_bytes);

    coll_begin(&w->own, &c, &w->group);
    coll_run(&w->own, key);
    coll_end(&w->own);
}

static void start_flight(struct worker *w, int round)
{
    for (int i = 0; i < FLIGHT; i++) {
        struct coll_case c = coll_draw(&w->random, COLL_NONBLOCKING, &w->group, max_bytes);
        coll_begin(&w->plans[i], &c, &w->group);
        coll_fill(&w->plans[i], key_of(w, round, i));
        coll_issue(&w->plans[i]);
    }
}

static void complete_flight(struct worker *w)
{
    for (int i = FLIGHT - 1; i >= 0; i--) {
        coll_wait(&w->plans[i]);
        coll_check(&w->plans[i]);
        coll_end(&w->plans[i]);
    }
}

/* A ring that lives for a round: its making and its end are collective too. */
static void neighbours(struct worker *w, int round)
{
    int size = w->group.local, rank = w->group.rank, got[2] = {-1, -1}, ring = 1;
    int base = (w->thread * rounds + round) * size, mine = base + rank;
    int below = base + (rank + size - 1) % size, above = base + (rank + 1) % size;
    MPI_Comm cart;
    MPI_Request request;

    CHECK_OK(MPI_Cart_create(w->group.comm, 1, &size, &ring, 0, &cart));
    CHECK_OK(MPI_Neighbor_allgather(&mine, 1, MPI_INT, got, 1, MPI_INT, cart));
    CHECK(got[0] == below && got[1] == above, "thread %d: neighbours %d and %d, not %d and %d",
          w->thread, got[0], got[1], below, above);
    got[0] = got[1] = -1;
    CHECK_OK(MPI_Ineighbor_allgather(&mine, 1, MPI_INT, got, 1, MPI_INT, cart, &request));
    CHECK_OK(MPI_Comm_free(&cart));
    CHECK_OK(MPI_Wait(&request, MPI_STATUS_IGNORE));
    CHECK(got[0] == below && got[1] == above, "thread %d, freed: neighbours %d and %d", w->thread,
          got[0], got[1]);
}

static void *work(void *arg)
{
    struct worker *w = arg, *before = &workers[(w->thread + threads - 1) % threads];

    for (int round = 0; round < rounds; round++) {
        start_flight(w, round);
        run_one(w, COLL_BLOCKING, key_of(w, round, FLIGHT));
        pthread_barrier_wait(&meeting);
        complete_flight(before);
        pthread_barrier_wait(&meeting);
        run_one(w, COLL_PERSISTENT, key_of(w, round, FLIGHT + 1));
        neighbours(w, round);
    }
    return NULL;
}

/* Every second thread has the ranks in the other order. */
static void begin(struct worker *w, int thread, uint64_t seed)
{
    MPI_Comm comm;

    MPI_Comm_split(MPI_COMM_WORLD, 0, thread % 2 ? -t_rank : t_rank, &comm);
    w->thread = thread;
    w->random = t_mix(seed + (uint64_t)thread);
    w->group = coll_intra(comm);
}

int main(int argc, char **argv)
{
    t_init_threads(&argc, &argv);
    threads = argc > 1 ? atoi(argv[1]) : threads;
    rounds = argc > 2 ? atoi(argv[2]) : rounds;
    max_bytes = argc > 3 ? atoi(argv[3]) : max_bytes;
    if (threads < 1 || threads > MAX_THREADS || rounds < 1 || max_bytes < 1)
        MPI_Abort(MPI_COMM_WORLD, 2);
    uint64_t seed = t_seed();
    pthread_barrier_init(&meeting, NULL, (unsigned)threads);
    coll_kinds_start();
    for (int t = 0; t < threads; t++)
        begin(&workers[t], t, seed);
    for (int t = 0; t < threads; t++)
        if (pthread_create(&workers[t].running, NULL, work, &workers[t]) != 0)
            abort();
    for (int t = 0; t < threads; t++)
        pthread_join(workers[t].running, NULL);
    for (int t = 0; t < threads; t++)
        MPI_Comm_free(&workers[t].group.comm);
    coll_kinds_end();
    pthread_barrier_destroy(&meeting);
    return t_finish();
}

/* coll_flight.c - many collectives in flight at once, completed in an order of each rank's own. */
/* SPDX-License-Identifier: BSD-3-Clause */
/* usage: coll_flight [ROUNDS [SEED [MAX_BYTES]]]
 *
 * What is called is drawn alike on all ranks; how and when it is completed, each rank draws for
 * itself. Messages travel on the same communicators, received by source, by tag or by both: which
 * message a receive gets is certain, or a rank ahead of others could take what they wait for. */
#include "coll_run.h"

enum { SLOTS = 24, WORDS = 12000, PERSISTENT = 5, TURNS = 3 };
enum slot { FREE, COLLECTIVE, SEND, RECEIVE };

/* The first words of a message: who sent it, in which step, and the number of words. */
enum { FROM, STEP, LENGTH, HEAD };

static struct coll_group groups[2];
static enum slot slots[SLOTS];
static MPI_Request requests[SLOTS];
static struct coll_plan plans[SLOTS];
static uint64_t *messages[SLOTS];
static MPI_Comm comm_of[SLOTS];
static uint64_t common, own, seed;
static int max_bytes = 70000, max_tag, step, completed;

/* What Debian's MPICH 4.0.2, the control of this program, is known to do wrong: see coll_model. */
static bool peer_fails(const struct coll_case *c)
{
#ifdef MPICH_VERSION
    return c->form == COLL_PERSISTENT || c->in_place;
#else
    (void)c;
    return false;
#endif
}

static struct coll_case any_case(enum coll_form form, const struct coll_group *g)
{
    struct coll_case c = coll_draw(&common, form, g, max_bytes);

    if (peer_fails(&c))
        c.in_place = false;
    return c;
}

/* One of its own for each step, from both ends of what is allowed. */
static int tag_of(int of_step)
{
    return of_step % 2 ? of_step : max_tag - of_step;
}

static void check_message(int slot, int source, int tag)
{
    const uint64_t *m = messages[slot];
    int rank = 0, size = 1;

    MPI_Comm_rank(comm_of[slot], &rank);
    MPI_Comm_size(comm_of[slot], &size);
    CHECK(m[FROM] == (uint64_t)source, "seed %llu: a message of rank %llu comes from %d",
          (unsigned long long)seed, (unsigned long long)m[FROM], source);
    CHECK(tag_of((int)m[STEP]) == tag, "seed %llu: tag %d in step %llu",
          (unsigned long long)seed, tag, (unsigned long long)m[STEP]);
    for (uint64_t i = HEAD; i < m[LENGTH]; i++)
        if (m[i] != t_word(m[STEP], i + (size_t)rank)) {
            CHECK(0, "seed %llu: message of rank %d in step %llu: word %llu of %llu",
                  (unsigned long long)seed, source, (unsigned long long)m[STEP],
                  (unsigned long long)i, (unsigned long long)m[LENGTH]);
            return;
        }
}

/* What is to be done when the request of a slot has been completed. */
static void complete(int slot, const MPI_Status *status)
{
    int before = t_failures;

    completed++;
    if (slots[slot] == COLLECTIVE) {
        coll_check(&plans[slot]);
        coll_end(&plans[slot]);
    } else if (slots[slot] == RECEIVE) {
        check_message(slot, status->MPI_SOURCE, status->MPI_TAG);
    }
    if (t_failures > before)
        fprintf(stderr, "rank %d: seed %llu, step %d\n", t_rank, (unsigned long long)seed, step);
    slots[slot] = FREE;
}

/* Completes one or several, or none: each rank as it likes. */
static void complete_some(void)
{
    int n = 0, index = 0, done[SLOTS];
    MPI_Status status, statuses[SLOTS];

    switch (t_random(&own, 5)) {
        case 0:
            MPI_Waitany(SLOTS, requests, &index, &status);
            if (index != MPI_UNDEFINED)
                complete(index, &status);
            return;
        case 1: MPI_Testsome(SLOTS, requests, &n, done, statuses); break;
        case 2: MPI_Waitsome(SLOTS, requests, &n, done, statuses); break;
        case 3:
            index = t_random(&own, SLOTS);
            MPI_Test(&requests[index], &n, &status);
            if (n && slots[index] != FREE)
                complete(index, &status);
            return;
        default: return;
    }
    for (int i = 0; i < n && n != MPI_UNDEFINED; i++)
        complete(done[i], &statuses[i]);
}

static void complete_all(void)
{
    MPI_Status statuses[SLOTS];
    int some = t_random(&own, 4);

    for (int i = 0; i < some * 3; i++)
        complete_some();
    if (some == 1)
        for (int i = SLOTS - 1; i >= 0; i--)
            MPI_Wait(&requests[i], &statuses[i]);
    else
        MPI_Waitall(SLOTS, requests, statuses);
    for (int i = 0; i < SLOTS; i++)
        if (slots[i] != FREE)
            complete(i, &statuses[i]);
}

static int free_slot(void)
{
    for (;;) {
        for (int i = 0; i < SLOTS; i++)
            if (slots[i] == FREE)
                return i;
        complete_some();
    }
}

static void start_collective(const struct coll_group *g)
{
    struct coll_case c = any_case(COLL_NONBLOCKING, g);
    int slot = free_slot();

    coll_begin(&plans[slot], &c, g);
    coll_fill(&plans[slot], (uint64_t)step);
    coll_issue(&plans[slot]);
    requests[slot] = plans[slot].request;
    slots[slot] = COLLECTIVE;
}

static void blocking_collective(const struct coll_group *g)
{
    static struct coll_plan plan;
    struct coll_case c = any_case(COLL_BLOCKING, g);

    coll_begin(&plan, &c, g);
    coll_run(&plan, (uint64_t)step);
    coll_end(&plan);
}

/* Everybody sends to somebody and receives from somebody. */
static void exchange(const struct coll_group *g)
{
    int shift = t_random(&common, g->local), length = HEAD + (int)coll_draw_bytes(&common, max_bytes) / 8;
    int to = (g->rank + shift) % g->local, from = (g->rank + g->local - shift) % g->local;
    int tag = tag_of(step), in, out, wild = t_random(&own, 3);

    in = free_slot();
    slots[in] = RECEIVE;
    comm_of[in] = g->comm;
    MPI_Irecv(messages[in], WORDS, MPI_UINT64_T, wild == 1 ? MPI_ANY_SOURCE : from,
              wild == 2 ? MPI_ANY_TAG : tag, g->comm, &requests[in]);
    out = free_slot();
    slots[out] = SEND;
    messages[out][FROM] = (uint64_t)g->rank;
    messages[out][STEP] = (uint64_t)step;
    messages[out][LENGTH] = (uint64_t)length;
    for (int i = HEAD; i < length; i++)
        messages[out][i] = t_word((uint64_t)step, (size_t)(i + to));
    MPI_Isend(messages[out], length, MPI_UINT64_T, to, tag, g->comm, &requests[out]);
}

static void one_round(void)
{
    int steps = 10 + t_random(&common, 40);

    for (int i = 0; i < steps; i++) {
        const struct coll_group *g = &groups[t_random(&common, 3) == 0];
        int what = t_random(&common, 10);
        step++;
        if (what == 0)
            blocking_collective(g);
        else if (what < 4)
            exchange(g);
        else
            start_collective(g);
        complete_some();
    }
    complete_all();
}

/* The numbers below n in an order of this rank. */
static void shuffle(int *order, int n)
{
    for (int i = 0; i < n; i++) {
        int k = t_random(&own, i + 1);
        order[i] = order[k];
        order[k] = i;
    }
}

/* Persistent requests made in the same order everywhere, started in any. */
static void persistent_round(void)
{
    int order[PERSISTENT], index = 0;

    for (int i = 0; i < PERSISTENT; i++) {
        const struct coll_group *g = &groups[t_random(&common, 2)];
        struct coll_case c = any_case(COLL_PERSISTENT, g);
        coll_begin(&plans[i], &c, g);
        coll_issue(&plans[i]);
        requests[i] = plans[i].request;
    }
    for (int turn = 0; turn < TURNS; turn++, step += PERSISTENT) {
        shuffle(order, PERSISTENT);
        for (int i = 0; i < PERSISTENT; i++)
            coll_fill(&plans[i], (uint64_t)(step + i));
        if (t_random(&own, 3) == 0)
            MPI_Startall(PERSISTENT, requests);
        else
            for (int i = 0; i < PERSISTENT; i++)
                MPI_Start(&requests[order[i]]);
        for (int i = 0; i < PERSISTENT; i++) {
            MPI_Waitany(PERSISTENT, requests, &index, MPI_STATUS_IGNORE);
            coll_check(&plans[index]);
        }
    }
    for (int i = 0; i < PERSISTENT; i++) {
        MPI_Request_free(&requests[i]);
        coll_end(&plans[i]);
    }
}

static void start(int argc, char **argv)
{
    int *top, there = 0;
    MPI_Comm same, turned;

    seed = argc > 2 ? strtoull(argv[2], NULL, 0) : t_seed();
    max_bytes = argc > 3 ? atoi(argv[3]) : max_bytes;
    common = seed;
    own = t_mix(seed) + (uint64_t)t_rank;
    MPI_Comm_get_attr(MPI_COMM_WORLD, MPI_TAG_UB, &top, &there);
    max_tag = there ? *top : 32767;
    MPI_Comm_dup(MPI_COMM_WORLD, &same);
    MPI_Comm_split(MPI_COMM_WORLD, 0, -t_rank, &turned);
    groups[0] = coll_intra(same);
    groups[1] = coll_intra(turned);
    coll_kinds_start();
    for (int i = 0; i < SLOTS; i++) {
        messages[i] = malloc(WORDS * sizeof *messages[i]);
        requests[i] = MPI_REQUEST_NULL;
    }
}

int main(int argc, char **argv)
{
    int rounds = argc > 1 ? atoi(argv[1]) : 30;

    t_init(&argc, &argv);
    start(argc, argv);
    for (int i = 0; i < rounds; i++) {
        one_round();
        if (!peer_fails(&(struct coll_case){.form = COLL_PERSISTENT}))
            persistent_round();
    }
    for (int i = 0; i < SLOTS; i++)
        free(messages[i]);
    coll_kinds_end();
    MPI_Comm_free(&groups[0].comm);
    MPI_Comm_free(&groups[1].comm);
    if (t_rank == 0)
        printf("%d completed in %d steps\n", completed, step);
    return t_finish();
}

/* order_random.c - random programs of messages, checked against a model of matching. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "test.h"

/* Every rank draws the whole program from the seed. Of a receiver's messages only those of one
 * source can fit a given receive: either one rank alone sends to it, or its MPI_ANY_SOURCE receives
 * name a tag that a single source uses. Both sides then prefer by one order (messages by sending,
 * receives by posting), so that the outcome is the same whatever the timing, and serving the
 * messages in order finds it. */
enum { MAX_RANKS = 8, MESSAGES = 40, TAGS = 3, COMMS = 2, MAX_SIZE = 200000 };

struct message {
    int from, tag, comm, size, receive;
    uint64_t key;
};

struct receive {
    int source, tag, comm, message;
};

static MPI_Comm comms[COMMS];
static uint64_t draw;

static int fits(const struct receive *r, const struct message *m)
{
    return r->comm == m->comm && (r->source == MPI_ANY_SOURCE || r->source == m->from) &&
           (r->tag == MPI_ANY_TAG || r->tag == m->tag);
}

/* Serves the messages in order, each with the earliest free receive; returns how many went
 * without. */
static int match(struct message *messages, struct receive *receives, int n)
{
    int left = n;

    for (int j = 0; j < n; j++)
        receives[j].message = -1;
    for (int i = 0; i < n; i++) {
        messages[i].receive = -1;
        for (int j = 0; j < n && messages[i].receive < 0; j++) {
            if (receives[j].message < 0 && fits(&receives[j], &messages[i])) {
                receives[j].message = i;
                messages[i].receive = j;
                left--;
            }
        }
    }
    return left;
}

static int draw_size(void)
{
    switch (t_random(&draw, 10)) {
        case 0: return t_random(&draw, MAX_SIZE);
        case 1: return 8000 + t_random(&draw, 10000);
        case 2: return 0;
        default: return t_random(&draw, 100);
    }
}

static void draw_messages(struct message *messages, int n, int sole)
{
    for (int i = 0; i < n; i++) {
        messages[i].from = sole >= 0 ? sole : t_random(&draw, t_size);
        messages[i].tag = t_random(&draw, TAGS) + (sole >= 0 ? 0 : TAGS * messages[i].from);
        messages[i].comm = t_random(&draw, COMMS);
        messages[i].size = draw_size();
        messages[i].key = draw;
    }
}

/* One receive for each message, in random order, with `wild` chances in ten of each wildcard. */
static void draw_receives(const struct message *messages, struct receive *receives, int n, int sole,
                          int wild)
{
    for (int i = 0; i < n; i++) {
        const struct message *m = &messages[i];
        int j = t_random(&draw, i + 1);
        struct receive r = {m->from, m->tag, m->comm, -1};
        int any_source = t_random(&draw, 10) < wild, any_tag = t_random(&draw, 10) < wild;
        if (any_source)
            r.source = MPI_ANY_SOURCE;
        if (any_tag && (sole >= 0 || !any_source))
            r.tag = MPI_ANY_TAG;
        receives[i] = receives[j];
        receives[j] = r;
    }
}

/* Wildcards can leave a message without a receive; then another drawing with fewer of them is
 * tried. */
static void draw_program(struct message *messages, struct receive *receives, int n)
{
    int sole = t_random(&draw, 2) ? t_random(&draw, t_size) : -1, wild = 5, tries = 0;

    draw_messages(messages, n, sole);
    do {
        draw_receives(messages, receives, n, sole, wild);
        if (++tries % 30 == 0)
            wild--;
    } while (match(messages, receives, n) != 0);
}

static struct message messages[MAX_RANKS][MESSAGES];
static struct receive receives[MAX_RANKS][MESSAGES];
static unsigned char *in[MESSAGES], *out[MAX_RANKS * MESSAGES];
static MPI_Request in_requests[MESSAGES], out_requests[MAX_RANKS * MESSAGES];

static void post_receive(int j)
{
    const struct receive *r = &receives[t_rank][j];
    int size = messages[t_rank][r->message].size;

    in[j] = t_alloc((size_t)size);
    MPI_Irecv(in[j], size, MPI_BYTE, r->source, r->tag, comms[r->comm], &in_requests[j]);
}

static void post_send(int to, int i, int slot, uint64_t *local)
{
    const struct message *m = &messages[to][i];

    out[slot] = t_alloc((size_t)m->size);
    t_fill(out[slot], (size_t)m->size, m->key);
    if (t_random(local, 4) == 0)
        MPI_Issend(out[slot], m->size, MPI_BYTE, to, m->tag, comms[m->comm], &out_requests[slot]);
    else
        MPI_Isend(out[slot], m->size, MPI_BYTE, to, m->tag, comms[m->comm], &out_requests[slot]);
}

static void check_receive(int j, MPI_Status *status)
{
    const struct message *m = &messages[t_rank][receives[t_rank][j].message];

    t_check_status(status, m->from, m->tag, m->size, "random program");
    CHECK(t_differs(in[j], (size_t)m->size, m->key) < 0, "receive %d got another message", j);
    CHECK(t_guards(in[j], (size_t)m->size), "receive %d: a guard was written", j);
    t_free(in[j]);
}

/* The rank's own sends (in the order of each stream) and receives, mixed at random. */
static void run_program(int n, uint64_t seed)
{
    int posted = 0, to = 0, i = 0, sent = 0, flag;
    MPI_Status statuses[MESSAGES];

    while (posted < n || to < t_size) {
        if (posted < n && t_random(&seed, 2))
            post_receive(posted++);
        else if (to < t_size && i >= n)
            i = 0, to++;
        else if (to < t_size && messages[to][i].from != t_rank)
            i++;
        else if (to < t_size)
            post_send(to, i++, sent++, &seed);
        if (t_random(&seed, 5) == 0 && posted > 0)
            MPI_Request_get_status(in_requests[t_random(&seed, posted)], &flag, MPI_STATUS_IGNORE);
    }
    MPI_Waitall(n, in_requests, statuses);
    for (int j = 0; j < n; j++)
        check_receive(j, &statuses[j]);
    MPI_Waitall(sent, out_requests, MPI_STATUSES_IGNORE);
    for (int s = 0; s < sent; s++)
        t_free(out[s]);
}

int main(int argc, char **argv)
{
    int programs = argc > 1 ? atoi(argv[1]) : 60;

    t_init(&argc, &argv);
    draw = t_seed();
    if (t_size > MAX_RANKS)
        MPI_Abort(MPI_COMM_WORLD, 2);
    comms[0] = MPI_COMM_WORLD;
    MPI_Comm_dup(MPI_COMM_WORLD, &comms[1]);
    for (int p = 0; p < programs; p++) {
        int n = 1 + t_random(&draw, MESSAGES);
        for (int r = 0; r < t_size; r++)
            draw_program(messages[r], receives[r], n);
        run_program(n, draw ^ t_mix((uint64_t)t_rank));
        /* A wildcard of this program must not see a message of the next one. */
        MPI_Barrier(MPI_COMM_WORLD);
        if (t_failures != 0)
            CHECK(0, "in program %d", p);
    }
    MPI_Comm_free(&comms[1]);
    return t_finish();
}

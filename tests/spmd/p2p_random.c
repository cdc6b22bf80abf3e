/* p2p_random.c - random programs of all kinds of sends, receives, probes and cancels, checked against the rules of
 * matching. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "test.h"

/* Each rank does what it likes, with wildcards everywhere, so that which receive gets which message is a matter of
 * timing. What must hold in any case is checked afterwards, from a log of the receives in the order of their posting:
 *
 *   A  A receive has the earliest message of its stream (sender, communicator) that fits it, but for those that receives
 *      posted before it have.
 *   B  A message went to the earliest posted receive that fits it, but for those that have another message or were
 *      cancelled before the message's receive was seen to be complete.
 *   C  Each message that was not cancelled is received once, whole, and with the right status.
 */
enum { MAX_RANKS = 8, COMMS = 3, TAGS = 3, STEPS = 300, SLOTS = 48, MOST = 40000, LOG = STEPS * MAX_RANKS * 2 };

/* What every message begins with. */
struct head {
    int from, comm, tag, size, number; /* number: in its stream */
};

enum { LEAST = sizeof(struct head) };

struct entry {
    int source, tag, comm;          /* as asked for */
    int from, number, got_tag;      /* as received; from < 0: nothing */
    int completed, cancelled;       /* clock; 0: not */
};

/* A request under way, or a persistent one that waits to be started again. */
struct slot {
    enum { FREE, SEND, RECEIVE } kind;
    int persistent, entry, to, comm, tag, size;
    unsigned char *out, *in;
};

static struct entry entries[LOG];
static int entry_count, now;
static struct slot slots[SLOTS];
static MPI_Request requests[SLOTS];
static MPI_Comm comms[COMMS];
static int numbers[MAX_RANKS][COMMS];  /* of the next message to each rank */
static int withdrawn[MAX_RANKS][COMMS]; /* messages to each rank that were cancelled */
static int received[COMMS];
static uint64_t draw;

static int chance(int percent)
{
    return t_random(&draw, 100) < percent;
}

static uint64_t key_of(const struct head *head)
{
    return ((uint64_t)head->from * COMMS + (uint64_t)head->comm) * 100000 + (uint64_t)head->number;
}

static int draw_size(void)
{
    return LEAST + (chance(8) ? t_random(&draw, MOST - LEAST) : t_random(&draw, 200));
}

/* Writes the next message of its stream. */
static void compose(struct slot *slot)
{
    struct head head = {t_rank, slot->comm, slot->tag, slot->size, numbers[slot->to][slot->comm]++};

    memcpy(slot->out, &head, sizeof head);
    t_fill(slot->out + LEAST, (size_t)(slot->size - LEAST), key_of(&head));
}

static struct entry *post(int source, int tag, int comm)
{
    if (entry_count == LOG)
        MPI_Abort(MPI_COMM_WORLD, 3);
    entries[entry_count] = (struct entry){.source = source, .tag = tag, .comm = comm, .from = -1};
    ++now;
    return &entries[entry_count++];
}

/* A message has come for that entry. */
static void got(struct entry *entry, const unsigned char *in, const MPI_Status *status)
{
    struct head head;

    memcpy(&head, in, sizeof head);
    entry->from = head.from;
    entry->number = head.number;
    entry->got_tag = head.tag;
    entry->completed = ++now;
    received[entry->comm]++;
    t_check_status(status, head.from, head.tag, head.size, "received");
    CHECK(head.comm == entry->comm, "a message of communicator %d came on %d", head.comm, entry->comm);
    CHECK(t_differs(in + LEAST, (size_t)(head.size - LEAST), key_of(&head)) < 0, "message %d from %d differs",
          head.number, head.from);
}

/* The request of a slot has completed. */
static void ended(int s, const MPI_Status *status)
{
    struct slot *slot = &slots[s];
    int cancelled = 0;

    MPI_Test_cancelled(status, &cancelled);
    if (slot->kind == SEND && cancelled)
        withdrawn[slot->to][slot->comm]++;
    else if (slot->kind == RECEIVE && !cancelled)
        got(&entries[slot->entry], slot->in, status);
    if (!slot->persistent) {
        CHECK(requests[s] == MPI_REQUEST_NULL, "a handle stayed");
        free(slot->in);
        free(slot->out);
        *slot = (struct slot){.kind = FREE};
    } else {
        slot->entry = -1; /* not started */
    }
}

static int take_slot(void)
{
    for (int s = 0; s < SLOTS; s++)
        if (slots[s].kind == FREE)
            return s;
    return -1;
}

static void draw_send(struct slot *slot)
{
    *slot = (struct slot){.kind = SEND,
                          .to = t_random(&draw, t_size),
                          .comm = t_random(&draw, COMMS),
                          .tag = t_random(&draw, TAGS),
                          .size = draw_size(),
                          .out = malloc(MOST)};
}

static void draw_receive(struct slot *slot)
{
    *slot = (struct slot){.kind = RECEIVE, .comm = t_random(&draw, COMMS), .in = malloc(MOST)};
    slot->to = chance(40) ? MPI_ANY_SOURCE : t_random(&draw, t_size);
    slot->tag = chance(40) ? MPI_ANY_TAG : t_random(&draw, TAGS);
}

static void start_send(int s)
{
    struct slot *slot = &slots[s];
    MPI_Comm comm;

    draw_send(slot);
    comm = comms[slot->comm];
    if (chance(15)) {
        int size = slot->size;
        slot->persistent = 1;
        compose(slot);
        if (chance(50))
            MPI_Send_init(slot->out, size, MPI_BYTE, slot->to, slot->tag, comm, &requests[s]);
        else
            MPI_Ssend_init(slot->out, size, MPI_BYTE, slot->to, slot->tag, comm, &requests[s]);
        MPI_Start(&requests[s]);
        return;
    }
    compose(slot);
    switch (t_random(&draw, 4)) {
    case 0: MPI_Issend(slot->out, slot->size, MPI_BYTE, slot->to, slot->tag, comm, &requests[s]); break;
    case 1: MPI_Ibsend(slot->out, slot->size, MPI_BYTE, slot->to, slot->tag, comm, &requests[s]); break;
    default: MPI_Isend(slot->out, slot->size, MPI_BYTE, slot->to, slot->tag, comm, &requests[s]);
    }
}

static void start_receive(int s)
{
    struct slot *slot = &slots[s];
    MPI_Comm comm;

    draw_receive(slot);
    comm = comms[slot->comm];
    slot->entry = (int)(post(slot->to, slot->tag, slot->comm) - entries);
    if (chance(15)) {
        slot->persistent = 1;
        MPI_Recv_init(slot->in, MOST, MPI_BYTE, slot->to, slot->tag, comm, &requests[s]);
        MPI_Start(&requests[s]);
    } else if (chance(15)) {
        struct slot send;
        draw_send(&send);
        send.comm = slot->comm;
        /* What can not be cancelled must be such that this rank can end it by itself. */
        slot->to = chance(50) ? MPI_ANY_SOURCE : t_rank;
        entries[slot->entry].source = slot->to;
        compose(&send);
        slot->out = send.out;
        MPI_Isendrecv(send.out, send.size, MPI_BYTE, send.to, send.tag, slot->in, MOST, MPI_BYTE, slot->to, slot->tag,
                      comm, &requests[s]);
    } else {
        MPI_Irecv(slot->in, MOST, MPI_BYTE, slot->to, slot->tag, comm, &requests[s]);
    }
}

/* A persistent request that has completed. */
static void start_again(void)
{
    int s = t_random(&draw, SLOTS);
    struct slot *slot = &slots[s];

    if (slot->kind == FREE || !slot->persistent || slot->entry >= 0)
        return;
    if (slot->kind == SEND) {
        slot->entry = 0;
        compose(slot);
    } else {
        slot->entry = (int)(post(slot->to, slot->tag, slot->comm) - entries);
    }
    MPI_Start(&requests[s]);
}

/* Looks for a message; receives one that is there. */
static void probe(void)
{
    struct slot want;
    MPI_Message message;
    MPI_Status probed, status;
    struct entry *entry;
    int flag = 0, size = -1;

    draw_receive(&want);
    if (chance(50)) {
        MPI_Improbe(want.to, want.tag, comms[want.comm], &flag, &message, &probed);
        if (flag) {
            entry = post(want.to, want.tag, want.comm);
            MPI_Mrecv(want.in, MOST, MPI_BYTE, &message, &status);
        }
    } else {
        MPI_Iprobe(want.to, want.tag, comms[want.comm], &flag, &probed);
        if (flag) {
            entry = post(want.to, want.tag, want.comm);
            MPI_Recv(want.in, MOST, MPI_BYTE, probed.MPI_SOURCE, probed.MPI_TAG, comms[want.comm], &status);
        }
    }
    if (flag) {
        got(entry, want.in, &status);
        MPI_Get_count(&probed, MPI_BYTE, &size);
        t_check_status(&status, probed.MPI_SOURCE, probed.MPI_TAG, size, "probed");
    }
    free(want.in);
}

/* Cancels and waits, which must end whatever the others do. */
static void cancel(int s)
{
    MPI_Status status;
    int cancelled = 0;

    MPI_Cancel(&requests[s]);
    ++now;
    if (slots[s].kind == RECEIVE)
        entries[slots[s].entry].cancelled = now;
    MPI_Wait(&requests[s], &status);
    MPI_Test_cancelled(&status, &cancelled);
    if (slots[s].kind == RECEIVE && !cancelled)
        entries[slots[s].entry].cancelled = 0;
    ended(s, &status);
}

static int is_under_way(int s)
{
    return slots[s].kind != FREE && (!slots[s].persistent || slots[s].entry >= 0);
}

static void cancel_some(void)
{
    int s = t_random(&draw, SLOTS);

    if (is_under_way(s) && slots[s].out && slots[s].in)
        return; /* MPI_Isendrecv */
    if (is_under_way(s) && (slots[s].kind == RECEIVE || chance(30)))
        cancel(s);
}

static void complete_some(void)
{
    MPI_Status statuses[SLOTS];
    int count = 0, indices[SLOTS], index, flag;

    if (chance(30)) {
        MPI_Testany(SLOTS, requests, &index, &flag, statuses);
        if (flag && index != MPI_UNDEFINED)
            ended(index, statuses);
        return;
    }
    MPI_Testsome(SLOTS, requests, &count, indices, statuses);
    for (int i = 0; count != MPI_UNDEFINED && i < count; i++)
        ended(indices[i], &statuses[i]);
}

static void step(void)
{
    int s = take_slot();

    switch (s < 0 ? 9 : t_random(&draw, 10)) {
    case 0: case 1: case 2: start_send(s); break;
    case 3: case 4: case 5: start_receive(s); break;
    case 6: probe(); break;
    case 7: start_again(); break;
    case 8: cancel_some(); break;
    default: complete_some();
    }
}

/* How many messages each rank has for this one, by communicator. Everything under way goes on meanwhile. */
static void learn_totals(int expected[COMMS])
{
    int mine[MAX_RANKS][COMMS], theirs[MAX_RANKS][COMMS], flag = 0;
    MPI_Request exchange[2 * MAX_RANKS];

    for (int r = 0; r < t_size; r++) {
        for (int c = 0; c < COMMS; c++)
            mine[r][c] = numbers[r][c] - withdrawn[r][c];
        MPI_Irecv(theirs[r], COMMS, MPI_INT, r, 1, t_agree, &exchange[2 * r]);
        MPI_Isend(mine[r], COMMS, MPI_INT, r, 1, t_agree, &exchange[2 * r + 1]);
    }
    while (!flag) {
        complete_some();
        MPI_Testall(2 * t_size, exchange, &flag, MPI_STATUSES_IGNORE);
    }
    for (int c = 0; c < COMMS; c++)
        for (int r = 0; r < t_size; r++)
            expected[c] += theirs[r][c];
}

static void receive_the_rest(const int expected[COMMS])
{
    unsigned char *in = malloc(MOST);

    for (int c = 0; c < COMMS; c++) {
        while (received[c] < expected[c]) {
            MPI_Message message;
            MPI_Status status;
            int flag;
            complete_some();
            MPI_Improbe(MPI_ANY_SOURCE, MPI_ANY_TAG, comms[c], &flag, &message, &status);
            if (flag) {
                struct entry *entry = post(MPI_ANY_SOURCE, MPI_ANY_TAG, c);
                MPI_Mrecv(in, MOST, MPI_BYTE, &message, &status);
                got(entry, in, &status);
            }
        }
    }
    free(in);
}

/* Receives of MPI_Isendrecv that nothing has matched get a message from this rank. */
static void feed_the_rest(void)
{
    for (int s = 0; s < SLOTS; s++) {
        struct slot feed = {.kind = SEND, .to = t_rank, .comm = slots[s].comm, .size = LEAST};
        int before = received[feed.comm];
        if (!is_under_way(s) || slots[s].kind != RECEIVE)
            continue;
        feed.out = malloc(LEAST);
        feed.tag = slots[s].tag == MPI_ANY_TAG ? 0 : slots[s].tag;
        compose(&feed);
        MPI_Bsend(feed.out, LEAST, MPI_BYTE, t_rank, feed.tag, comms[feed.comm]);
        while (received[feed.comm] == before)
            complete_some();
        free(feed.out);
        s = -1; /* whichever it was */
    }
}

static void finish(void)
{
    int expected[COMMS] = {0};
    MPI_Status statuses[SLOTS];

    learn_totals(expected);
    for (int s = 0; s < SLOTS; s++)
        if (is_under_way(s) && slots[s].kind == RECEIVE && !slots[s].out)
            cancel(s);
    receive_the_rest(expected);
    feed_the_rest();
    for (int s = 0; s < SLOTS; s++)
        if (slots[s].kind != FREE && !is_under_way(s))
            MPI_Request_free(&requests[s]);
    MPI_Waitall(SLOTS, requests, statuses);
    for (int s = 0; s < SLOTS; s++) {
        if (requests[s] != MPI_REQUEST_NULL)
            MPI_Request_free(&requests[s]);
        free(slots[s].in);
        free(slots[s].out);
        slots[s] = (struct slot){.kind = FREE};
    }
}

static int fits(const struct entry *receive, const struct entry *message)
{
    return receive->comm == message->comm && (receive->source == MPI_ANY_SOURCE || receive->source == message->from) &&
           (receive->tag == MPI_ANY_TAG || receive->tag == message->got_tag);
}

/* Entry j was posted after entry i. */
static void check_pair(int i, int j)
{
    const struct entry *first = &entries[i], *second = &entries[j];
    int same_stream = first->from == second->from && first->comm == second->comm;

    if (first->from >= 0 && second->from >= 0 && same_stream) {
        CHECK(first->number != second->number, "C: message %d from %d came twice", first->number, first->from);
        CHECK(first->number < second->number || !fits(first, second),
              "A: receive %d has message %d from %d, but a later receive has %d, which it fits", i, first->number,
              first->from, second->number);
    }
    if (second->from >= 0 && first->from < 0 && fits(first, second))
        CHECK(first->cancelled && first->cancelled < second->completed,
              "B: receive %d went without, but a later one has message %d from %d", i, second->number, second->from);
}

static void check_log(void)
{
    for (int i = 0; i < entry_count; i++)
        for (int j = i + 1; j < entry_count; j++)
            check_pair(i, j);
}

static void run_program(void)
{
    entry_count = now = 0;
    memset(numbers, 0, sizeof numbers);
    memset(withdrawn, 0, sizeof withdrawn);
    memset(received, 0, sizeof received);
    for (int s = 0; s < SLOTS; s++)
        requests[s] = MPI_REQUEST_NULL;
    for (int i = 0; i < STEPS; i++)
        step();
    finish();
    check_log();
    /* A wildcard of this program must not see a message of the next one. */
    MPI_Barrier(t_agree);
}

int main(int argc, char **argv)
{
    int programs = argc > 1 ? atoi(argv[1]) : 12, size;
    void *buffer;

    t_init(&argc, &argv);
    draw = t_mix(t_seed() + (uint64_t)t_rank);
    if (t_size > MAX_RANKS)
        MPI_Abort(MPI_COMM_WORLD, 2);
    for (int c = 0; c < COMMS; c++)
        MPI_Comm_dup(MPI_COMM_WORLD, &comms[c]);
    MPI_Buffer_attach(MPI_BUFFER_AUTOMATIC, 0);
    for (int p = 0; p < programs; p++) {
        run_program();
        if (t_failures != 0)
            CHECK(0, "in program %d", p);
    }
    MPI_Buffer_detach(&buffer, &size);
    for (int c = 0; c < COMMS; c++)
        MPI_Comm_free(&comms[c]);
    return t_finish();
}

/* The board between threads: what is shown can be read, desks and memory are used again thousands of times, and nobody
 * sleeps on. For the thread sanitizer too. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "unit.h"

#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <unistd.h>

#include "../../collectives/board.h"

enum { MEMBERS_MAX = 6, OPERATIONS = 20000, WINDOW = 5, WORDS_MAX = 8192 };

/* Each member is a thread with a board of its own over parts that all have. */
static struct member {
    struct tri_board board;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t rung;
    atomic_bool asleep;
    int faults;
} members[MEMBERS_MAX];

static int count;
static uint64_t seed;
static struct tri_board_part *parts[MEMBERS_MAX];
static char *rings[MEMBERS_MAX];

char *tri_board_map_ring(struct tri_board *board, int member)
{
    board->rings[member] = rings[member];
    return rings[member];
}

/* ---- sleep: as over transports/shm, that who sleeps says so before it looks for the last time ---- */

static void wake(int peer)
{
    struct member *member = &members[peer];
    atomic_thread_fence(memory_order_seq_cst);
    if (atomic_load(&member->asleep)) {
        pthread_mutex_lock(&member->lock);
        atomic_store(&member->asleep, false);
        pthread_cond_signal(&member->rung);
        pthread_mutex_unlock(&member->lock);
    }
}

/* Reading another process's memory. */
static struct tri_endpoint endpoints[MEMBERS_MAX];

static int get(struct tri_endpoint *ep, void *local, uint64_t remote, const struct tri_remote_key *key, size_t len,
               struct tri_completion *completion)
{
    (void)key, (void)completion;
    assert_true(ep >= endpoints && ep < endpoints + count);
    memcpy(local, (const void *)(uintptr_t)remote, len);
    return TRI_OK;
}

static const struct tri_transport transport = {.name = "threads", .wake = wake, .get = get};

/* Waits until ready says so. */
static void await(struct member *self, bool (*ready)(struct member *self, const void *arg), const void *arg)
{
    while (!ready(self, arg)) {
        atomic_store(&self->asleep, true);
        atomic_thread_fence(memory_order_seq_cst);
        if (!ready(self, arg)) {
            pthread_mutex_lock(&self->lock);
            while (atomic_load(&self->asleep)) {
                pthread_cond_wait(&self->rung, &self->lock);
            }
            pthread_mutex_unlock(&self->lock);
        }
        atomic_store(&self->asleep, false);
    }
}

/* ---- operations ---- */

/* What all members know of an operation by its index. */
struct operation {
    enum { FROM_ROOT, TO_ROOT, TO_ALL, THERE_AND_BACK, KINDS } kind;
    int root;
    int64_t words;
};

static struct operation operation_of(int index)
{
    struct dice dice = {(seed + (uint64_t)index + 1) * UINT64_C(0x9e3779b97f4a7c15)};
    (void)dice_roll(&dice);
    struct operation op = {.kind = (unsigned)dice_between(&dice, 0, KINDS - 1),
                           .root = (int)dice_between(&dice, 0, count - 1)};
    /* In some stretches there is a root that waits for nobody, and goes ahead until it has no desk or no memory. */
    if (index / 600 % 2) {
        op.kind = FROM_ROOT;
        op.root = index / 600 % count;
    }
    op.words = dice_chance(&dice, 60) ? dice_between(&dice, 0, TRI_BOARD_INLINE / 8)
                                      : dice_between(&dice, 1, dice_chance(&dice, 2) ? WORDS_MAX : 200);
    return op;
}

static bool shows(const struct operation *op, int member, int stage)
{
    switch (op->kind) {
    case FROM_ROOT: return stage == 0 && member == op->root;
    case TO_ROOT: return stage == 0 && member != op->root;
    case TO_ALL: return stage == 0;
    default: return stage == 0 ? member != op->root : member == op->root;
    }
}

static bool looks(const struct operation *op, int member, int stage)
{
    switch (op->kind) {
    case FROM_ROOT: return stage == 0 && member != op->root;
    case TO_ROOT: return stage == 0 && member == op->root;
    case TO_ALL: return stage == 0;
    default: return stage == 0 ? member == op->root : member != op->root;
    }
}

static uint64_t word_of(int index, int member, int stage, int64_t i)
{
    return ((uint64_t)index << 24) + ((uint64_t)member << 20) + ((uint64_t)stage << 19) + (uint64_t)i;
}

/* Where a member's words of that stage are: the second stage has the line only. */
static uint64_t *data_of(struct tri_board *board, int member, const struct tri_board_ticket *ticket, int stage)
{
    if (stage > 0 || ticket->len == 0) {
        return (uint64_t *)(void *)tri_board_desk(board, member, ticket->number)->lines[stage].data;
    }
    return (uint64_t *)(void *)tri_board_bulk(board, member, ticket->piece);
}

static int64_t words_in(const struct operation *op, int stage)
{
    return stage == 0 ? op->words : TRI_MIN(op->words, TRI_BOARD_INLINE / 8);
}

static bool is_free(struct member *self, const void *arg)
{
    return tri_board_is_free(&self->board, arg);
}

struct look {
    int member, stage;
    uint64_t number;
};

static bool is_shown(struct member *self, const void *arg)
{
    const struct look *look = arg;
    return tri_board_is_shown(&self->board, look->member, look->number, look->stage);
}

/* Of some operations the data is shown by its address. */
static bool is_offered(int index)
{
    return index % 3 == 2;
}

static void show(struct member *self, int index, const struct operation *op, const struct tri_board_ticket *ticket,
                 int stage)
{
    uint64_t *data = data_of(&self->board, self->board.own, ticket, stage);
    for (int64_t i = 0; i < words_in(op, stage); i++) {
        data[i] = word_of(index, self->board.own, stage, i);
    }
    if (is_offered(index)) {
        tri_board_offer(&self->board, ticket->number, stage, data);
    } else {
        tri_board_show(&self->board, ticket->number, stage);
    }
}

/* The second half of what has been offered, into a copy of all. */
static const uint64_t *read_half(struct member *self, int member, const struct tri_board_ticket *ticket, int stage,
                                 int64_t words)
{
    static _Thread_local uint64_t copy[WORDS_MAX];
    memcpy(copy, data_of(&self->board, member, ticket, stage), (size_t)words * 8);
    memset(copy + words / 2, 0, (size_t)(words - words / 2) * 8);
    tri_board_read(&self->board, member, ticket->number, stage, words / 2 * 8, copy + words / 2,
                   (size_t)(words - words / 2) * 8);
    return copy;
}

static void look(struct member *self, int index, const struct operation *op, const struct tri_board_ticket *ticket,
                 int stage)
{
    for (int other = 0; other < count; other++) {
        if (other == self->board.own || !shows(op, other, stage)) {
            continue;
        }
        const struct look wanted = {other, stage, ticket->number};
        await(self, is_shown, &wanted);
        const uint64_t *data = is_offered(index) ? read_half(self, other, ticket, stage, words_in(op, stage))
                                                 : data_of(&self->board, other, ticket, stage);
        for (int64_t i = 0; i < words_in(op, stage); i++) {
            self->faults += data[i] != word_of(index, other, stage, i);
        }
    }
}

/* Begun: what needs nobody else. */
static struct tri_board_ticket begin(struct member *self, int index)
{
    const struct operation op = operation_of(index);
    int64_t bytes = op.words * 8 > TRI_BOARD_INLINE ? op.words * 8 : 0;
    struct tri_board_ticket ticket = tri_board_enter(&self->board, 1, bytes);
    await(self, is_free, &ticket);
    if (shows(&op, self->board.own, 0)) {
        show(self, index, &op, &ticket, 0);
    }
    return ticket;
}

static void finish(struct member *self, int index, const struct tri_board_ticket *ticket)
{
    const struct operation op = operation_of(index);
    for (int stage = 0; stage < TRI_BOARD_STAGES; stage++) {
        if (stage > 0 && shows(&op, self->board.own, stage)) {
            show(self, index, &op, ticket, stage);
        }
        if (looks(&op, self->board.own, stage)) {
            look(self, index, &op, ticket, stage);
        }
    }
}

/* Some operations are begun before earlier ones have ended, and they are left in any order. */
static void *run_member(void *arg)
{
    struct member *self = arg;
    struct dice dice = {seed * 31 + (uint64_t)self->board.own + 1};
    struct tri_board_ticket tickets[WINDOW];
    for (int index = 0; index < OPERATIONS;) {
        int begun = (int)dice_between(&dice, 1, TRI_MIN(WINDOW, OPERATIONS - index));
        for (int k = 0; k < begun; k++) {
            tickets[k] = begin(self, index + k);
        }
        for (int k = 0; k < begun; k++) {
            finish(self, index + k, &tickets[k]);
        }
        int first = (int)dice_between(&dice, 0, begun - 1);
        for (int k = 0; k < begun; k++) {
            const struct tri_board_ticket *ticket = &tickets[(first + k) % begun];
            tri_board_claim_next(&self->board, (int64_t)ticket->len);
            tri_board_leave(&self->board, ticket->number);
        }
        index += begun;
    }
    return NULL;
}

static void run(int size)
{
    count = size;
    seed++;
    for (int i = 0; i < size; i++) {
        parts[i] = aligned_alloc(TRI_CACHE_LINE, sizeof *parts[i]);
        rings[i] = aligned_alloc(TRI_CACHE_LINE, TRI_BOARD_RING);
        assert_true(parts[i] && rings[i]);
        memset(parts[i], 0, sizeof *parts[i]);
    }
    for (int i = 0; i < size; i++) {
        struct member *member = &members[i];
        member->board = (struct tri_board){.count = size, .own = i, .transport = &transport};
        member->faults = 0;
        atomic_store(&member->asleep, false);
        for (int k = 0; k < size; k++) {
            member->board.peers[k] = k;
            member->board.endpoints[k] = &endpoints[k];
            member->board.parts[k] = parts[k];
        }
    }
    for (int i = 0; i < size; i++) {
        assert_int_equal(pthread_create(&members[i].thread, NULL, run_member, &members[i]), 0);
    }
    for (int i = 0; i < size; i++) {
        pthread_join(members[i].thread, NULL);
    }
    for (int i = 0; i < size; i++) {
        assert_int_equal(members[i].faults, 0);
        assert_int_equal(members[i].board.left, OPERATIONS);
        assert_true(members[i].board.told > OPERATIONS - TRI_BOARD_LEAVES);
        free(parts[i]);
        free(rings[i]);
    }
}

static void test_two(void **state)
{
    (void)state;
    run(2);
}

static void test_three(void **state)
{
    (void)state;
    run(3);
}

/* Whoever only reads is given no ring, and another's ring may not be there yet. */
static void test_asking_ahead_maps_no_ring(void **state)
{
    (void)state;
    static struct tri_board_part part;
    struct tri_board board = {.count = 1, .parts = {&part}};
    tri_board_claim_next(&board, 4096);
    tri_board_fetch(&board, 0, 0, 4096);
    assert_null(board.rings[0]);
}

static void test_more_than_cores(void **state)
{
    (void)state;
    run(MEMBERS_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_two),
        cmocka_unit_test(test_three),
        cmocka_unit_test(test_more_than_cores),
        cmocka_unit_test(test_asking_ahead_maps_no_ring),
    };
    for (int i = 0; i < MEMBERS_MAX; i++) {
        pthread_mutex_init(&members[i].lock, NULL);
        pthread_cond_init(&members[i].rung, NULL);
    }
    seed = (uint64_t)dice_between(&(struct dice){dice_start(3).state}, 1, 1000000);
    alarm(300); /* whoever is not woken sleeps for ever */
    return cmocka_run_group_tests(tests, NULL, NULL);
}

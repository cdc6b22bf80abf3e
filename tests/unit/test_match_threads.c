/* Matching by several threads under the lane's lock: every message is received once, in order, whatever thread posts.
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <pthread.h>
#include <sched.h>
#include <string.h>

#include "unit.h"

#include "../../include/mpi.h"
#include "../../src/p2p/queue.h"
#include "../../src/runtime/lane.h"

enum { SOURCES = 3, TAGS = 4, MESSAGES = 6000, RECEIVERS = 2 };

/* A message, and the receive that gets it. All is guarded by the lane's lock. */
struct message {
    struct tri_queue_entry entry;
    int number; /* among those of its source */
};

struct receive {
    struct tri_queue_entry entry;
    const struct message *got;
    bool posted;
};

static struct tri_queue posted, unexpected;
static struct message messages[SOURCES][MESSAGES];
static struct receive receives[RECEIVERS][MESSAGES * SOURCES / RECEIVERS];
static int open_receives;

/* How matching begins on both sides: look on the other queue, else wait on the own one. */
static void arrive(struct message *message)
{
    struct tri_queue_entry *entry = tri_queue_find(&posted, message->entry.source, message->entry.tag);
    if (!entry) {
        tri_queue_append(&unexpected, &message->entry);
        return;
    }
    struct receive *receive = tri_container_of(entry, struct receive, entry);
    tri_queue_remove(&posted, entry);
    receive->got = message;
    open_receives--;
}

static void post(struct receive *receive)
{
    struct tri_queue_entry *entry = tri_queue_find(&unexpected, receive->entry.source, receive->entry.tag);
    receive->posted = true;
    if (!entry) {
        tri_queue_append(&posted, &receive->entry);
        return;
    }
    tri_queue_remove(&unexpected, entry);
    receive->got = tri_container_of(entry, struct message, entry);
    open_receives--;
}

/* Works under the lock, taken twice now and then, and gives it up altogether in between as waiting does. */
static void leave_lock(struct dice *dice)
{
    if (dice_chance(dice, 20)) {
        tri_lane_lock(1);
        struct tri_lane_hold hold = tri_lane_release();
        sched_yield();
        tri_lane_resume(hold);
        tri_lane_unlock();
    }
    tri_lane_unlock();
}

static void *send_all(void *arg)
{
    int source = (int)(intptr_t)arg;
    struct dice dice = dice_start((uint64_t)source);
    for (int i = 0; i < MESSAGES; i++) {
        struct message *message = &messages[source][i];
        message->number = i;
        message->entry.source = source;
        message->entry.tag = (int32_t)dice_between(&dice, 0, TAGS - 1);
        tri_lane_lock(1);
        arrive(message);
        leave_lock(&dice);
    }
    return NULL;
}

/* Receives with wildcards of all kinds; as many as there are messages, of which the last take any. When the threads run
 * one after the other, these may leave nothing that suits another thread's first ones. */
static void *receive_all(void *arg)
{
    int receiver = (int)(intptr_t)arg;
    struct dice dice = dice_start((uint64_t)receiver + 50);
    int count = (int)TRI_COUNT_OF(receives[0]);
    for (int i = 0; i < count; i++) {
        struct receive *receive = &receives[receiver][i];
        bool last = i > count / 4;
        receive->entry.source =
            last || dice_chance(&dice, 50) ? MPI_ANY_SOURCE : (int32_t)dice_between(&dice, 0, SOURCES - 1);
        receive->entry.tag = last || dice_chance(&dice, 50) ? MPI_ANY_TAG : (int32_t)dice_between(&dice, 0, TAGS - 1);
        tri_lane_lock(1);
        post(receive);
        leave_lock(&dice);
    }
    return NULL;
}

static char seen[SOURCES][MESSAGES];

/* No receive stays open that one of the messages left would suit. */
static void check_left(const struct receive *receive)
{
    int32_t asked = receive->entry.source, asked_tag = receive->entry.tag;
    for (int source = 0; source < SOURCES; source++) {
        for (int i = 0; i < MESSAGES; i++) {
            bool suits = (asked == MPI_ANY_SOURCE || asked == source) &&
                         (asked_tag == MPI_ANY_TAG || asked_tag == messages[source][i].entry.tag);
            assert_false(suits && !seen[source][i]);
        }
    }
}

static void check(void)
{
    memset(seen, 0, sizeof seen);
    for (int r = 0; r < RECEIVERS; r++) {
        /* Receives of one thread with one and the same key match in the order in which they were posted. */
        int newest[SOURCES + 1][TAGS + 1][SOURCES][TAGS];
        memset(newest, -1, sizeof newest);
        for (size_t i = 0; i < TRI_COUNT_OF(receives[0]); i++) {
            const struct receive *receive = &receives[r][i];
            assert_true(receive->posted);
            if (!receive->got) {
                continue;
            }
            int32_t source = receive->got->entry.source, tag = receive->got->entry.tag;
            int32_t asked = receive->entry.source, asked_tag = receive->entry.tag;
            assert_true((asked == MPI_ANY_SOURCE || asked == source) && (asked_tag == MPI_ANY_TAG || asked_tag == tag));
            assert_false(seen[source][receive->got->number]++);
            int *last = &newest[asked == MPI_ANY_SOURCE ? SOURCES : asked][asked_tag == MPI_ANY_TAG ? TAGS : asked_tag]
                               [source][tag];
            assert_true(receive->got->number > *last);
            *last = receive->got->number;
        }
    }
    for (int r = 0; r < RECEIVERS; r++) {
        for (size_t i = 0; i < TRI_COUNT_OF(receives[0]); i++) {
            if (!receives[r][i].got) {
                check_left(&receives[r][i]);
            }
        }
    }
}

static void test_matching(void **state)
{
    (void)state;
    pthread_t threads[SOURCES + RECEIVERS];
    tri_lane_start(true, 1);
    tri_queue_start(&posted, true, tri_counters);
    tri_queue_start(&unexpected, false, tri_counters);
    open_receives = MESSAGES * SOURCES;
    for (int i = 0; i < SOURCES + RECEIVERS; i++) {
        void *(*body)(void *) = i < SOURCES ? send_all : receive_all;
        int index = i < SOURCES ? i : i - SOURCES;
        assert_int_equal(pthread_create(&threads[i], NULL, body, (void *)(intptr_t)index), 0);
    }
    for (int i = 0; i < SOURCES + RECEIVERS; i++) {
        pthread_join(threads[i], NULL);
    }
    assert_int_equal(posted.length, open_receives);
    assert_int_equal(unexpected.length, open_receives);
    check();
    tri_queue_end(&posted);
    tri_queue_end(&unexpected);
    tri_lane_end();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_matching),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

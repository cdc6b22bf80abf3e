/* Shared-memory rings: content and order in both directions at once, wrap-around, and refusal when full. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <pthread.h>
#include <sched.h>
#include <string.h>

#include "shm_pair.h"

/* So many polls in a row without anything sent or received mean that it will never come. */
enum { PACKETS = 20000, POLLS_IN_VAIN = 10000000 };

/* What one end has received; written by the thread of that end only. */
static struct inbox {
    uint64_t received;
    uint64_t wrong; /* number of the first wrong packet + 1 */
} inboxes[2];

static _Atomic int broken;

static void check(int end, int peer, const struct tri_envelope *envelope, const void *payload, size_t len)
{
    struct inbox *inbox = &inboxes[end];
    uint64_t number = inbox->received++, seed = (uint64_t)peer;
    bool right = peer == 1 - end && envelope->kind == seed && envelope->version == 1 && envelope->lane == 0xabcd &&
                 envelope->context == (uint32_t)number && envelope->source == (int32_t)(number >> 1) &&
                 envelope->tag == (int32_t)(number * 3) && len == packet_len(seed, number) &&
                 packet_is(seed, number, payload, len);
    if (!right && !inbox->wrong) {
        inbox->wrong = number + 1;
        atomic_store(&broken, 1);
    }
}

static void deliver_0(unsigned lane, int peer, const struct tri_envelope *envelope, const void *payload, size_t len)
{
    assert_int_equal(lane, 0);
    check(0, peer, envelope, payload, len);
}

static void deliver_1(unsigned lane, int peer, const struct tri_envelope *envelope, const void *payload, size_t len)
{
    assert_int_equal(lane, 0);
    check(1, peer, envelope, payload, len);
}

static void start(uint32_t cells, uint64_t data, bool fences)
{
    memset(inboxes, 0, sizeof inboxes);
    atomic_store(&broken, 0);
    const struct pair_options options = {.cells = cells, .data = data, .ranks = 2, .fences = fences};
    pair_open(&options, deliver_0, deliver_1);
}

/* One rank: sends its packets as the ring has room, in bursts, and receives the other's. */
static void *run_end(void *arg)
{
    struct pair_end *end = arg;
    int rank = end->host.rank;
    uint64_t sent = 0;
    int vain = 0;
    while (!atomic_load(&broken) && (sent < PACKETS || inboxes[rank].received < PACKETS)) {
        int64_t burst = dice_between(&end->dice, 0, 40);
        int moved = 0;
        while (burst-- > 0 && sent < PACKETS && packet_send(end, (uint64_t)rank, sent) == TRI_OK) {
            sent++;
            moved++;
        }
        moved += end->ops->progress(0);
        vain = moved ? 0 : vain + 1;
        if (vain > POLLS_IN_VAIN) {
            atomic_store(&broken, 1);
        } else if (vain > 0) {
            sched_yield();
        }
    }
    return NULL;
}

static void exchange(void)
{
    pthread_t threads[2];
    for (int i = 0; i < 2; i++) {
        assert_int_equal(pthread_create(&threads[i], NULL, run_end, &pair_ends[i]), 0);
    }
    for (int i = 0; i < 2; i++) {
        pthread_join(threads[i], NULL);
    }
    for (int i = 0; i < 2; i++) {
        if (inboxes[i].wrong) {
            fail_msg("rank %d: packet %llu is not what was sent", i, (unsigned long long)inboxes[i].wrong - 1);
        }
        assert_int_equal(inboxes[i].received, PACKETS);
        assert_int_equal(pair_ends[i].state->lanes[0].starved, 0);
    }
    assert_int_equal(pair_failures, 0);
    pair_close();
}

static void test_default_ring(void **state)
{
    (void)state;
    start(256, 256 << 10, false);
    exchange();
}

static void test_smallest_ring(void **state)
{
    (void)state;
    start(16, 65536, false);
    exchange();
}

static void test_with_fences(void **state)
{
    (void)state;
    start(64, 65536, true);
    exchange();
}

/* The sequence numbers in the cells have 32 bits. */
static void test_sequence_wraps(void **state)
{
    (void)state;
    start(64, 65536, false);
    pair_start_at((UINT64_C(1) << 32) - PACKETS / 2, (UINT64_C(1) << 32) - 4096);
    exchange();
}

static void receive_all(struct pair_end *end)
{
    while (end->ops->progress(0) > 0) {
    }
}

/* A full ring refuses, whatever is sent, and goes on in order once the other side has received. */
static void test_cells_run_out(void **state)
{
    (void)state;
    start(16, 65536, false);
    const struct tri_envelope envelope = {.version = 1};
    for (int round = 0; round < 10; round++) {
        memset(inboxes, 0, sizeof inboxes);
        for (int i = 0; i < 16; i++) {
            assert_int_equal(pair_ends[0].ops->send_short(pair_ends[0].to_peer, &envelope, "12345678", 8), TRI_OK);
        }
        for (int i = 0; i < 3; i++) {
            assert_int_equal(pair_ends[0].ops->send_short(pair_ends[0].to_peer, &envelope, "12345678", 8),
                             TRI_NO_RESOURCE);
        }
        assert_int_equal(pair_ends[0].state->lanes[0].starved, 1);
        assert_false(pair_ends[0].has_room(pair_ends[0].ep));
        receive_all(&pair_ends[1]);
        assert_int_equal(inboxes[1].received, 16);
        assert_true(pair_ends[0].has_room(pair_ends[0].ep));
    }
    pair_close();
}

static int packed;

static void count_pack(void *arg, void *dest, size_t len)
{
    (void)arg;
    memset(dest, 1, len);
    packed++;
}

static int send_long(size_t len)
{
    const struct tri_envelope envelope = {.version = 1};
    return pair_ends[0].ops->send_bcopy(pair_ends[0].to_peer, &envelope, count_pack, NULL, len);
}

/* The same for the data area. A refused packet is not packed, and after the refusal there is room for the longest as
 * soon as all is received, wherever in the area the ring stands. */
static void test_data_runs_out(void **state)
{
    (void)state;
    start(256, 65536, false);
    size_t most = pair_limits.bcopy_max;
    for (int round = 0; round < 500; round++) {
        memset(inboxes, 0, sizeof inboxes);
        packed = 0;
        uint64_t sent = 0;
        while (sent < 200 &&
               send_long((size_t)dice_between(&pair_ends[0].dice, SHM_INLINE + 1, (int64_t)most)) == TRI_OK) {
            sent++;
        }
        assert_int_equal(packed, sent);
        assert_in_range(sent, 3, 199);
        receive_all(&pair_ends[1]);
        assert_int_equal(inboxes[1].received, sent);
        assert_true(pair_ends[0].has_room(pair_ends[0].ep));
        assert_int_equal(send_long(most), TRI_OK);
        assert_int_equal(pair_ends[0].state->lanes[0].starved, 0);
        receive_all(&pair_ends[1]);
    }
    pair_close();
}

/* Who has not sent anything has no ring; where there is no memory for one, the send says so. */
static void test_ring_comes_with_the_first_packet(void **state)
{
    (void)state;
    const struct tri_envelope envelope = {.version = 1};
    for (int no_memory = 0; no_memory < 2; no_memory++) {
        const struct pair_options options = {.cells = 16, .data = 65536, .ranks = 2, .no_memory = no_memory};
        pair_open(&options, deliver_0, deliver_1);
        assert_null(pair_ends[0].ep->ring);
        int result = pair_ends[0].ops->send_short(pair_ends[0].to_peer, &envelope, "12345678", 8);
        assert_int_equal(result, no_memory ? TRI_FAILED : TRI_OK);
        assert_int_equal(pair_failures, no_memory);
        assert_int_equal(pair_ends[0].ep->ring != NULL, !no_memory);
        assert_int_equal(pair_ends[0].state->lanes[0].starved, 0);
        pair_close();
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_default_ring),
        cmocka_unit_test(test_smallest_ring),
        cmocka_unit_test(test_with_fences),
        cmocka_unit_test(test_sequence_wraps),
        cmocka_unit_test(test_cells_run_out),
        cmocka_unit_test(test_data_runs_out),
        cmocka_unit_test(test_ring_comes_with_the_first_packet),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

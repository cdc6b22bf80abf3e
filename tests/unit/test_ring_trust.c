/* Nothing that a peer writes into shared memory makes this end touch memory outside of its ring, or go on silently. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <string.h>

#include "shm_pair.h"

enum { CELLS = 64, DATA = 65536, ROUNDS = 4000 };

/* Packets that were delivered, and those that did not lie where they may. */
static int delivered, astray;

static void look(unsigned lane, int peer, const struct tri_envelope *envelope, const void *payload, size_t len)
{
    const char *ring = (const char *)pair_ring(0, 1), *bytes = payload;
    bool inside = bytes >= ring + pair_ring_bytes() - DATA && len <= pair_limits.bcopy_max &&
                  (size_t)(bytes - ring) + len <= pair_ring_bytes();
    astray += lane != 0 || peer != 0 || !envelope || (len > SHM_INLINE && !inside);
    /* Reads it all, next to pages without access: a length that is believed ends the test here. */
    volatile unsigned sum = 0;
    for (size_t i = 0; i < len; i++) {
        sum += (unsigned char)bytes[i];
    }
    delivered++;
}

static void ignore(unsigned lane, int peer, const struct tri_envelope *envelope, const void *payload, size_t len)
{
    (void)lane, (void)peer, (void)envelope, (void)payload, (void)len;
}

static int start(void **state)
{
    (void)state;
    const struct pair_options options = {.cells = CELLS, .data = DATA, .ranks = 2};
    delivered = astray = 0;
    pair_open(&options, ignore, look);
    return 0;
}

static int end(void **state)
{
    (void)state;
    pair_close();
    return 0;
}

/* Writes a packet's cell as a hostile producer would. */
static void forge(uint64_t position, uint32_t len)
{
    struct shm_cell *cell = &pair_ring(0, 1)->cells[position & (CELLS - 1)];
    cell->len = len;
    atomic_store(&cell->sequence, (uint32_t)(position + 1));
    atomic_fetch_or(&pair_ends[1].state->areas[1].active[0][0], 1);
}

/* A length that no packet can have is a fault of the peer, and the line says so. */
static void test_impossible_lengths(void **state)
{
    (void)state;
    const uint32_t least = (uint32_t)pair_limits.bcopy_max + 1;
    const uint32_t lengths[] = {least, least + 1, DATA, DATA + 1, 1u << 31, UINT32_MAX, INT32_MAX};
    for (uint64_t i = 0; i < TRI_COUNT_OF(lengths); i++) {
        forge(i, lengths[i]);
        assert_int_equal(pair_ends[1].ops->progress(0), 1);
        assert_int_equal(pair_failures, i + 1);
        assert_non_null(strstr(pair_failure, "corrupt"));
        assert_int_equal(delivered, 0);
    }
}

/* Possible ones that are wrong give wrong bytes, but bytes of the ring. */
static void test_wrong_lengths(void **state)
{
    (void)state;
    struct dice *dice = &pair_ends[0].dice;
    for (uint64_t i = 0; i < ROUNDS; i++) {
        forge(i, (uint32_t)dice_between(dice, 0, (int64_t)pair_limits.bcopy_max));
        assert_int_equal(pair_ends[1].ops->progress(0), 1);
    }
    assert_int_equal(delivered, ROUNDS);
    assert_int_equal(astray, 0);
    assert_int_equal(pair_failures, 0);
}

/* The whole ring full of noise, with sequence numbers that fit now and then. */
static void test_noise(void **state)
{
    (void)state;
    struct dice *dice = &pair_ends[0].dice;
    uint32_t *words = (uint32_t *)(void *)pair_ring(0, 1);
    for (int i = 0; i < ROUNDS / 10; i++) {
        for (size_t k = 0; k < pair_ring_bytes() / sizeof *words; k++) {
            words[k] = (uint32_t)dice_roll(dice);
        }
        uint64_t tail = pair_ends[1].state->lanes[0].sources[0].tail;
        for (uint64_t k = 0; k < 5; k++) {
            forge(tail + k, (uint32_t)dice_roll(dice) >> dice_between(dice, 0, 31));
        }
        assert_in_range(pair_ends[1].ops->progress(0), 5, 6);
    }
    assert_int_equal(astray, 0);
    assert_true(delivered > 0 && pair_failures > 0);
}

/* Bits of ranks that do not exist. */
static void test_ranks_that_are_not(void **state)
{
    (void)state;
    for (int i = 0; i < 2; i++) {
        struct pair_end *own = &pair_ends[i];
        for (int word = 0; word < SHM_WORDS; word++) {
            atomic_store(&own->state->areas[i].active[0][word], UINT64_MAX);
        }
        assert_int_equal(own->ops->progress(0), 0);
        assert_false(own->pending());
    }
    assert_int_equal(packet_send(&pair_ends[0], 0, 0), TRI_OK);
    assert_int_equal(pair_ends[1].ops->progress(0), 1);
}

/* A consumer that lies about what it has read spoils its own messages; the producer stays inside of the ring. */
static void test_false_progress(void **state)
{
    (void)state;
    struct pair_end *from = &pair_ends[0];
    int sent = 0;
    for (uint64_t i = 0; i < ROUNDS; i++) {
        atomic_store(&pair_ring(0, 1)->cells_consumed, dice_roll(&from->dice) >> dice_between(&from->dice, 0, 63));
        atomic_store(&pair_ring(0, 1)->data_consumed, dice_roll(&from->dice) >> dice_between(&from->dice, 0, 63));
        int result = packet_send(from, 0, i);
        assert_true(result == TRI_OK || result == TRI_NO_RESOURCE);
        (void)from->has_room(from->ep);
        sent += result == TRI_OK;
    }
    assert_in_range(sent, 100, ROUNDS);
}

/* A doorbell that leads nowhere: an unknown way of sleeping, a process or descriptor that does not exist. */
static void test_false_doorbell(void **state)
{
    (void)state;
    struct shm_area *area = &pair_ends[0].state->areas[1];
    area->pid = INT32_MAX;
    area->pipe_fd = -7;
    static const uint32_t ways[] = {SHM_ON_PIPE, SHM_ON_FUTEX, 3, UINT32_MAX};
    for (uint64_t i = 0; i < TRI_COUNT_OF(ways); i++) {
        atomic_store(&area->sleeping, ways[i]);
        assert_int_equal(packet_send(&pair_ends[0], 0, i), TRI_OK);
        assert_int_equal(atomic_load(&area->sleeping), SHM_AWAKE);
    }
    assert_int_equal(tri_shm.pipes[1], -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_impossible_lengths, start, end),
        cmocka_unit_test_setup_teardown(test_wrong_lengths, start, end),
        cmocka_unit_test_setup_teardown(test_noise, start, end),
        cmocka_unit_test_setup_teardown(test_ranks_that_are_not, start, end),
        cmocka_unit_test_setup_teardown(test_false_progress, start, end),
        cmocka_unit_test_setup_teardown(test_false_doorbell, start, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Transfers in parts over a transport that does as it is told: what is posted, what waits, when and how it all ends. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "unit.h"

#include <string.h>

#include "../../transports/transfer.h"

enum { PART = 100, REMOTE = 1000 };

/* The transport. */
static struct tri_part parts[TRI_PARTS];
static struct tri_part *posted[TRI_PARTS]; /* and not ended, in order */
static int under_way, room, failures;      /* parts, those that post takes, and those that it fails after these */
static int released;
static bool grace;

static struct tri_endpoint endpoints[3];
static char memory[10 * PART];
static int ended, last_status;

static int post(struct tri_part *part)
{
    if (room == 0) {
        return failures-- > 0 ? TRI_FAILED : TRI_NO_RESOURCE;
    }
    room--;
    posted[under_way++] = part;
    return TRI_OK;
}

static void release(void *own)
{
    assert_ptr_equal(own, memory);
    released++;
}

static bool in_grace(void)
{
    return grace;
}

static void on_end(struct tri_completion *completion, int status)
{
    (void)completion;
    ended++;
    last_status = status;
}

static int set_up(void **state)
{
    static const struct tri_transfer_way way = {post, release, in_grace};
    (void)state;
    tri_transfer_open(&way);
    for (unsigned i = 0; i < TRI_PARTS; i++) {
        tri_transfer_add_part(&parts[i], i);
    }
    under_way = failures = released = ended = 0;
    room = TRI_PARTS;
    grace = false;
    memset(endpoints, 0, sizeof(endpoints));
    return 0;
}

static int start_with(int peer, uint64_t remote, size_t len)
{
    static struct tri_completion completion = {on_end};
    const struct tri_transfer wanted = {.completion = &completion,
                                        .endpoint = &endpoints[peer],
                                        .local = memory,
                                        .remote = remote,
                                        .left = len,
                                        .part_max = PART,
                                        .own = memory};
    return tri_transfer_start(&wanted);
}

static int start(size_t len)
{
    return start_with(0, REMOTE, len);
}

/* Ends that one of the parts, in the order in which they were posted. */
static void end_part_at(int index)
{
    struct tri_part *part = posted[index];
    assert_true(under_way > index);
    under_way--;
    memmove(posted + index, posted + index + 1, (size_t)(under_way - index) * sizeof(posted[0]));
    tri_transfer_end_part(part);
}

static void end_part(void)
{
    end_part_at(0);
}

static int under_way_with(int peer)
{
    int count = 0;
    for (int i = 0; i < under_way; i++) {
        count += posted[i]->transfer->endpoint == &endpoints[peer];
    }
    return count;
}

static void expect_end(int status)
{
    assert_int_equal(ended, 1);
    assert_int_equal(last_status, status);
    assert_int_equal(released, 1);
    assert_int_equal(tri_transfer_active(), 0);
    assert_int_equal(tri_transfer_push(), 0);
    assert_int_equal(under_way, 0);
}

static void test_parts(void **state)
{
    (void)state;
    assert_int_equal(start(4 * PART + 1), TRI_IN_PROGRESS);
    for (int i = 0; i < 5; i++) {
        assert_int_equal(under_way, i < 4 ? TRI_PARTS_AT_ONCE : 1);
        assert_int_equal(ended, 0);
        assert_ptr_equal(posted[0]->local, memory + i * PART);
        assert_int_equal(posted[0]->remote, REMOTE + i * PART);
        assert_int_equal(posted[0]->len, i < 4 ? PART : 1);
        end_part();
    }
    expect_end(TRI_OK);
}

static void test_waits_for_resources(void **state)
{
    (void)state;
    room = 1;
    assert_int_equal(start(3 * PART), TRI_IN_PROGRESS);
    end_part();
    assert_int_equal(tri_transfer_push(), 0);
    assert_int_equal(tri_transfer_active(), 1);
    room = 2;
    assert_int_equal(tri_transfer_push(), 2);
    assert_int_equal(under_way, 2);
    assert_ptr_equal(posted[0]->local, memory + PART);
    end_part();
    assert_int_equal(ended, 0);
    end_part();
    expect_end(TRI_OK);
}

static void test_part_fails(void **state)
{
    (void)state;
    assert_int_equal(start(5 * PART), TRI_IN_PROGRESS);
    tri_transfer_give_up(posted[0]->transfer);
    end_part();
    assert_int_equal(under_way, 1);
    assert_int_equal(ended, 0);
    end_part();
    expect_end(TRI_FAILED);
}

static void test_post_fails(void **state)
{
    (void)state;
    room = failures = 1;
    assert_int_equal(start(5 * PART), TRI_IN_PROGRESS);
    end_part();
    expect_end(TRI_FAILED);
}

/* What does not even start has no end. */
static void test_start_fails(void **state)
{
    (void)state;
    room = 0;
    failures = 1;
    assert_int_equal(start(PART), TRI_FAILED);
    assert_int_equal(start(PART), TRI_NO_RESOURCE);
    failures = 1;
    grace = true;
    assert_int_equal(start(PART), TRI_NO_RESOURCE);
    assert_int_equal(released, 3);
    assert_int_equal(ended, 0);
    assert_int_equal(tri_transfer_active(), 0);
}

static void test_grace(void **state)
{
    (void)state;
    assert_int_equal(start(PART), TRI_IN_PROGRESS);
    grace = true;
    tri_transfer_give_up(posted[0]->transfer);
    end_part();
    assert_int_equal(tri_transfer_push(), 0);
    assert_int_equal(ended, 0);
    grace = false;
    assert_int_equal(tri_transfer_push(), 0);
    expect_end(TRI_FAILED);
}

/* With one peer they share what one alone would have, part by part; short ones fit in together. */
static void test_peer_in_turns(void **state)
{
    (void)state;
    assert_int_equal(start_with(0, 1 * REMOTE, 4 * PART), TRI_IN_PROGRESS);
    assert_int_equal(start_with(0, 2 * REMOTE, 4 * PART), TRI_IN_PROGRESS);
    const int turns[] = {1, 1, 1, 2, 1, 2, 2, 2};
    for (int i = 0; i < 8; i++) {
        assert_int_equal(under_way, i < 7 ? TRI_PARTS_AT_ONCE : 1);
        assert_int_equal(posted[0]->remote / REMOTE, turns[i]);
        end_part();
    }
    assert_int_equal(ended, 2);
    for (int i = 0; i < 6; i++) {
        assert_int_equal(start_with(0, REMOTE, PART / 3), TRI_IN_PROGRESS);
    }
    assert_int_equal(under_way, 6);
    assert_int_equal(start_with(0, REMOTE, PART / 3), TRI_IN_PROGRESS);
    assert_int_equal(under_way, 6);
}

/* Several peers have a part each, and none waits for another one that does not answer. */
static void test_peers(void **state)
{
    (void)state;
    for (int peer = 0; peer < 3; peer++) {
        assert_int_equal(start_with(peer, REMOTE, 5 * PART), TRI_IN_PROGRESS);
    }
    assert_int_equal(under_way_with(0), TRI_PARTS_AT_ONCE); /* it was alone when it began */
    end_part();
    for (int i = 0; i < 5; i++) {
        for (int peer = 0; peer < 3; peer++) {
            assert_int_equal(under_way_with(peer), 1);
        }
        end_part_at(1);
        end_part_at(1);
    }
    assert_int_equal(ended, 2);
    assert_int_equal(under_way_with(0), TRI_PARTS_AT_ONCE);
}

/* All that there is room for, twice. */
static void test_full(void **state)
{
    (void)state;
    for (int round = 1; round <= 2; round++) {
        room = TRI_PARTS;
        for (int i = 0; i < TRI_TRANSFERS; i++) {
            assert_int_equal(start(2 * PART), TRI_IN_PROGRESS);
        }
        assert_int_equal(start(PART), TRI_NO_RESOURCE);
        assert_int_equal(tri_transfer_active(), TRI_TRANSFERS);
        while (under_way) {
            end_part();
        }
        assert_int_equal(ended, round * TRI_TRANSFERS);
        assert_int_equal(released, round * TRI_TRANSFERS);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_parts, set_up),       cmocka_unit_test_setup(test_waits_for_resources, set_up),
        cmocka_unit_test_setup(test_part_fails, set_up),  cmocka_unit_test_setup(test_post_fails, set_up),
        cmocka_unit_test_setup(test_start_fails, set_up), cmocka_unit_test_setup(test_grace, set_up),
        cmocka_unit_test_setup(test_full, set_up),        cmocka_unit_test_setup(test_peer_in_turns, set_up),
        cmocka_unit_test_setup(test_peers, set_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

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
    return 0;
}

static int start(size_t len)
{
    static struct tri_completion completion = {on_end};
    const struct tri_transfer wanted = {
        .completion = &completion, .local = memory, .remote = REMOTE, .left = len, .part_max = PART, .own = memory};
    return tri_transfer_start(&wanted);
}

/* Ends the part that was posted first. */
static void end_part(void)
{
    struct tri_part *part = posted[0];
    assert_true(under_way > 0);
    under_way--;
    memmove(posted, posted + 1, (size_t)under_way * sizeof(posted[0]));
    tri_transfer_end_part(part);
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
    assert_int_equal(tri_transfer_push(), 1);
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
        cmocka_unit_test_setup(test_full, set_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Groups: ranks, comparing, the predefined empty group. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "unit.h"

#include "../../src/comm/group.h"
#include "../../src/runtime/job.h"

enum { SIZE = 40 };

struct tri_job tri_job = {.rank = 5, .size = SIZE};

static int end(void **state)
{
    (void)state;
    tri_group_end();
    return 0;
}

/* The first processes of a random order of all. */
static void shuffle(struct dice *dice, int processes[SIZE])
{
    for (int i = 0; i < SIZE; i++) {
        int other = (int)dice_between(dice, 0, i);
        processes[i] = processes[other];
        processes[other] = i;
    }
}

static int expected_rank(const int *processes, int size, int process)
{
    for (int i = 0; i < size; i++) {
        if (processes[i] == process) {
            return i;
        }
    }
    return MPI_UNDEFINED;
}

static void test_ranks(void **state)
{
    (void)state;
    struct dice dice = dice_start(11);
    for (int round = 0; round < 300; round++) {
        int processes[SIZE], size = (int)dice_between(&dice, 1, SIZE);
        shuffle(&dice, processes);
        struct tri_group *group = tri_group_make(processes, size);
        assert_int_equal(group->size, size);
        assert_int_equal(group->rank, expected_rank(processes, size, tri_job.rank));
        for (int process = 0; process < SIZE + 3; process++) {
            assert_int_equal(tri_group_rank_of(group, process), expected_rank(processes, size, process));
        }
        assert_ptr_equal(tri_group_get(group->handle), group);
        tri_group_release(group);
    }
}

static int compare(const int *left, int left_size, const int *right, int right_size)
{
    struct tri_group *a = tri_group_make(left, left_size), *b = tri_group_make(right, right_size);
    int result = tri_group_compare(a, b);
    assert_int_equal(tri_group_compare(b, a), result);
    tri_group_release(a);
    tri_group_release(b);
    return result;
}

static void test_compare(void **state)
{
    (void)state;
    const int all[] = {3, 1, 2}, sorted[] = {1, 2, 3}, other[] = {1, 2, 4};
    assert_int_equal(compare(all, 3, all, 3), MPI_IDENT);
    assert_int_equal(compare(all, 3, sorted, 3), MPI_SIMILAR);
    assert_int_equal(compare(sorted, 3, other, 3), MPI_UNEQUAL);
    assert_int_equal(compare(sorted, 3, sorted, 2), MPI_UNEQUAL);
    assert_int_equal(compare(sorted, 2, other, 2), MPI_IDENT);
    assert_int_equal(compare(sorted, 0, other, 0), MPI_IDENT);
    assert_int_equal(compare(sorted, 0, other, 1), MPI_UNEQUAL);
}

static void test_random_compare(void **state)
{
    (void)state;
    struct dice dice = dice_start(12);
    int seen[3] = {0};
    for (int round = 0; round < 500; round++) {
        int left[SIZE], right[SIZE], size = (int)dice_between(&dice, 1, 4);
        shuffle(&dice, left);
        shuffle(&dice, right);
        for (int i = 0; i < size && round % 3; i++) {
            right[i] = left[round % 3 == 1 ? i : size - 1 - i];
        }
        bool same = true, subset = true;
        for (int i = 0; i < size; i++) {
            same = same && left[i] == right[i];
            subset = subset && expected_rank(right, size, left[i]) != MPI_UNDEFINED;
        }
        int expected = same ? MPI_IDENT : subset ? MPI_SIMILAR : MPI_UNEQUAL;
        assert_int_equal(compare(left, size, right, size), expected);
        seen[same ? 0 : subset ? 1 : 2]++;
    }
    assert_true(seen[0] && seen[1] && seen[2]);
}

static void test_handles(void **state)
{
    (void)state;
    struct tri_group *empty = tri_group_get(MPI_GROUP_EMPTY);
    assert_non_null(empty);
    assert_int_equal(empty->size, 0);
    assert_ptr_equal(tri_group_make(NULL, 0), empty);
    for (int i = 0; i < 5; i++) {
        tri_group_release(empty);
    }
    assert_ptr_equal(tri_group_get(MPI_GROUP_EMPTY), empty);
    assert_null(tri_group_get(MPI_GROUP_NULL));
    struct tri_group *group = tri_group_make((int[]){1}, 1);
    MPI_Group handle = group->handle;
    tri_group_hold(group);
    tri_group_release(group);
    assert_ptr_equal(tri_group_get(handle), group);
    tri_group_release(group);
    assert_null(tri_group_get(handle));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ranks),
        cmocka_unit_test(test_compare),
        cmocka_unit_test(test_random_compare),
        cmocka_unit_test(test_handles),
    };
    return cmocka_run_group_tests(tests, NULL, end);
}

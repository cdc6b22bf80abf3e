/* Algorithms of reductions against one that multiplies rank by rank. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "reductions.h"

static void check(enum tri_collective_id operation)
{
    reductions_check(operation);
    reductions_check_long(operation);
    world_check_drawn(operation);
}

static void test_reduce(void **state)
{
    (void)state;
    check(TRI_REDUCE);
}

static void test_allreduce(void **state)
{
    (void)state;
    check(TRI_ALLREDUCE);
}

static void test_scan(void **state)
{
    (void)state;
    check(TRI_SCAN);
}

static void test_exscan(void **state)
{
    (void)state;
    check(TRI_EXSCAN);
}

static void test_reduce_scatter(void **state)
{
    (void)state;
    check(TRI_REDUCE_SCATTER);
}

static int start(void **state)
{
    (void)state;
    reductions_start(world_call);
    return 0;
}

static int end(void **state)
{
    (void)state;
    reductions_end();
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_reduce), cmocka_unit_test(test_allreduce),      cmocka_unit_test(test_scan),
        cmocka_unit_test(test_exscan), cmocka_unit_test(test_reduce_scatter),
    };
    return cmocka_run_group_tests(tests, start, end);
}

/* Algorithms that move data: bcast, gather, scatter, allgather, alltoall, barrier, against who should have what. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "movement.h"

#define TEST(name, operation, arrays)                                                                                  \
    static void test_##name(void **state)                                                                              \
    {                                                                                                                  \
        (void)state;                                                                                                   \
        movement_check(operation, arrays);                                                                             \
        if (!(arrays)) {                                                                                               \
            movement_check_long(operation);                                                                            \
            world_check_drawn(operation);                                                                              \
        }                                                                                                              \
    }

TEST(barrier, TRI_BARRIER, false)
TEST(bcast, TRI_BCAST, false)
TEST(gather, TRI_GATHER, false)
TEST(gatherv, TRI_GATHER, true)
TEST(scatter, TRI_SCATTER, false)
TEST(scatterv, TRI_SCATTER, true)
TEST(allgather, TRI_ALLGATHER, false)
TEST(allgatherv, TRI_ALLGATHER, true)
TEST(alltoall, TRI_ALLTOALL, false)
TEST(alltoallv, TRI_ALLTOALL, true)

static int start(void **state)
{
    (void)state;
    movement_start(world_call);
    return 0;
}

static int end(void **state)
{
    (void)state;
    movement_end();
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_barrier),   cmocka_unit_test(test_bcast),      cmocka_unit_test(test_gather),
        cmocka_unit_test(test_gatherv),   cmocka_unit_test(test_scatter),    cmocka_unit_test(test_scatterv),
        cmocka_unit_test(test_allgather), cmocka_unit_test(test_allgatherv), cmocka_unit_test(test_alltoall),
        cmocka_unit_test(test_alltoallv),
    };
    return cmocka_run_group_tests(tests, start, end);
}

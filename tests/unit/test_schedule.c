/* Schedules: how steps are added and dropped, where scratch memory lies, and how they print. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "world.h"

#include <string.h>

static struct tri_comm comm = {.size = 4, .rank = 1, .fixed_tag = TRI_TAGS_RUNNING};

static int start(void **state)
{
    (void)state;
    tri_datatype_start();
    return 0;
}

static int end(void **state)
{
    (void)state;
    tri_schedules_end();
    tri_datatype_end();
    return 0;
}

static void test_steps(void **state)
{
    (void)state;
    struct tri_datatype *type = tri_datatype_get(MPI_INT), *none = tri_datatype_contiguous(0, type);
    struct tri_schedule *schedule = tri_schedule_take(&comm, tri_comm_next_tag(&comm));
    const struct tri_place here = tri_at(TRI_OUTPUT, 8);
    assert_int_equal(schedule->step_count, 0);
    tri_add_send(schedule, 2, here, 0, type);
    tri_add_receive(schedule, 2, here, 5, none);
    tri_add_copy(schedule, here, here, 0, type);
    assert_int_equal(schedule->step_count, 0);
    for (int i = 0; i < 100; i++) {
        tri_add_send(schedule, i, here, i + 1, type);
        tri_next_round(schedule);
        tri_add_signal(schedule, i);
        tri_add_await(schedule, i);
    }
    assert_int_equal(schedule->step_count, 300);
    for (int i = 0; i < 100; i++) {
        const struct tri_step *step = &schedule->steps[3 * i];
        assert_int_equal(step->kind, TRI_STEP_SEND);
        assert_int_equal(step->peer, i);
        assert_int_equal(step->count, i + 1);
        assert_int_equal(step->round, i);
        assert_int_equal(step[1].round, i + 1);
        assert_int_equal(step[1].count * step[1].type->size + step[2].count * step[2].type->size, 0);
        assert_int_equal(step[2].kind, TRI_STEP_RECEIVE);
    }
    tri_schedule_give(schedule);
    tri_datatype_release(none);
}

/* Each collective of a communicator has its own tag, and a schedule that is used again is empty. */
static void test_used_again(void **state)
{
    (void)state;
    struct tri_datatype *type = tri_datatype_get(MPI_INT);
    struct tri_schedule *first = tri_schedule_take(&comm, tri_comm_next_tag(&comm));
    struct tri_schedule *second = tri_schedule_take(&comm, tri_comm_next_tag(&comm));
    assert_ptr_not_equal(first, second);
    assert_int_not_equal(first->tag, second->tag);
    tri_add_send(first, 0, tri_add_scratch(first, 10, type), 10, type);
    tri_next_round(first);
    tri_schedule_give(first);
    struct tri_schedule *again = tri_schedule_take(&comm, tri_comm_next_tag(&comm));
    assert_int_equal(again->step_count + again->round + again->scratch + again->pending + again->error, 0);
    assert_int_not_equal(again->tag, second->tag);
    comm.collectives = UINT32_MAX;
    tri_schedule_give(again);
    again = tri_schedule_take(&comm, tri_comm_next_tag(&comm));
    assert_true(again->tag >= 0);
    tri_schedule_give(again);
    tri_schedule_give(second);
}

/* Pieces of scratch memory hold all bytes of their elements, and no byte belongs to two. */
static void test_scratch(void **state)
{
    (void)state;
    struct tri_datatype *word = tri_datatype_get(MPI_INT);
    struct tri_datatype *types[] = {
        word, tri_datatype_resized(word, -12, 40), tri_datatype_resized(word, 4, -8),
        tri_datatype_blocks(2, (int64_t[]){1, 1}, (int64_t[]){-20, 60}, (struct tri_datatype *[]){word, word}, false)};
    struct tri_schedule *schedule = tri_schedule_take(&comm, tri_comm_next_tag(&comm));
    struct dice dice = dice_start(9);
    int64_t last_end = 0;
    for (int i = 0; i < 200; i++) {
        struct tri_datatype *type = types[dice_between(&dice, 0, 3)];
        int64_t count = dice_between(&dice, 1, 30), span = (count - 1) * type->extent;
        struct tri_place place = tri_add_scratch(schedule, count, type);
        assert_int_equal(place.slot, TRI_SCRATCH);
        int64_t low = place.offset + type->true_lb + TRI_MIN(span, 0);
        int64_t high = place.offset + type->true_ub + TRI_MAX(span, 0);
        assert_true(low >= last_end && high <= schedule->scratch);
        last_end = high;
    }
    tri_schedule_give(schedule);
    for (size_t i = 1; i < TRI_COUNT_OF(types); i++) {
        tri_datatype_release(types[i]);
    }
}

static void test_print(void **state)
{
    (void)state;
    char text[600] = "";
    struct tri_datatype *type = tri_datatype_get(MPI_DOUBLE);
    struct tri_schedule *schedule = tri_schedule_take(&comm, tri_comm_next_tag(&comm));
    tri_add_receive(schedule, 3, tri_at(TRI_SCRATCH, 64), 2, type);
    tri_add_send(schedule, 0, tri_at(TRI_INPUT, 0), 2, type);
    tri_next_round(schedule);
    tri_add_reduce(schedule, tri_at(TRI_SCRATCH, 64), tri_at(TRI_OUTPUT, 16), 2, type);
    tri_add_copy(schedule, tri_at(TRI_OUTPUT, 16), tri_at(TRI_OUTPUT, 0), 1, type);
    FILE *file = fmemopen(text, sizeof text - 1, "w");
    assert_non_null(file);
    tri_schedule_print(schedule, file);
    fclose(file);
    assert_string_equal(text, "round 0: receive 16 bytes into scratch+64 from 3\n"
                              "round 0: send 16 bytes of input+0 to 0\n"
                              "round 1: reduce 16 bytes of scratch+64 into output+16\n"
                              "round 1: copy 8 bytes of output+16 to output+0\n");
    tri_schedule_give(schedule);
}

/* What the algorithms promise: rounds that grow with the logarithm of the number of ranks. */
static void test_rounds(void **state)
{
    (void)state;
    struct tri_blocks data = {.type = tri_datatype_get(MPI_INT), .count = 4};
    for (int size = 1, log = 0; size <= 1024; size *= 2, log++) {
        struct tri_comm many = {.size = size, .rank = size - 1};
        const struct tri_collective call = {.comm = &many, .send = data, .receive = data};
        const struct tri_algorithm *const algorithms[] = {&tri_barrier_dissemination, &tri_allreduce_doubling};
        for (size_t i = 0; i < TRI_COUNT_OF(algorithms); i++) {
            struct tri_schedule *schedule = tri_schedule_take(&many, 0);
            algorithms[i]->build(schedule, &call);
            int sends = 0;
            for (int k = 0; k < schedule->step_count; k++) {
                sends += schedule->steps[k].kind == TRI_STEP_SEND;
            }
            assert_int_equal(sends, log);
            tri_schedule_give(schedule);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_steps), cmocka_unit_test(test_used_again), cmocka_unit_test(test_scratch),
        cmocka_unit_test(test_print), cmocka_unit_test(test_rounds),
    };
    return cmocka_run_group_tests(tests, start, end);
}

/* Schedules: how steps are added and dropped, where scratch memory lies, and how they print. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "world.h"

#include <string.h>

#include "../../collectives/board.h"
#include "../../collectives/registry.h"

static struct tri_comm comm = {.size = 4, .rank = 1, .fixed_tag = TRI_TAGS_RUNNING};

static int start(void **state)
{
    (void)state;
    tri_datatype_start();
    tri_op_start();
    return 0;
}

static int end(void **state)
{
    (void)state;
    tri_schedules_end();
    tri_op_end();
    tri_datatype_end();
    return 0;
}

static void test_steps(void **state)
{
    (void)state;
    struct tri_datatype *type = tri_datatype_get(MPI_INT), *none = tri_datatype_contiguous(0, type);
    struct tri_schedule *schedule = tri_schedule_take(&comm, NULL);
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
    tri_schedule_release(schedule);
    tri_datatype_release(none);
}

/* A schedule lives as long as somebody refers to it, and one that is used again is empty. */
static void test_used_again(void **state)
{
    (void)state;
    struct tri_datatype *type = tri_datatype_dup(tri_datatype_get(MPI_INT));
    struct tri_op *op = tri_op_make(NULL, NULL, false);
    struct tri_schedule *first = tri_schedule_take(&comm, op), *second = tri_schedule_take(&comm, NULL);
    assert_ptr_not_equal(first, second);
    tri_add_send(first, 0, tri_add_scratch(first, 10, type), 10, type);
    tri_next_round(first);
    tri_add_look(first, 2, 1);
    tri_add_convert(first, tri_at(TRI_INPUT, 0), 1, type, tri_at(TRI_OUTPUT, 0), 1, type);
    tri_schedule_hold(first);
    assert_int_equal(type->object.references, 4);
    assert_int_equal(op->object.references, 2);
    first->members = &comm.size;
    first->references++;
    tri_schedule_release(first);
    assert_int_equal(first->step_count, 3);
    assert_int_equal(type->object.references, 4);
    tri_schedule_release(first);
    assert_int_equal(type->object.references, 1);
    assert_int_equal(op->object.references, 1);
    struct tri_schedule *again = tri_schedule_take(&comm, NULL);
    assert_int_equal(again->step_count + again->round + again->scratch + again->first, 0);
    assert_int_equal(again->references, 1);
    assert_false(again->uses_board || again->holds || again->members || again->op);
    tri_schedule_release(again);
    tri_schedule_release(second);
    tri_op_release(op);
    tri_datatype_release(type);
}

/* Each collective of a communicator has tags of its own, persistent ones in a range that the others never come to. */
static void test_tags(void **state)
{
    (void)state;
    struct tri_comm many = {.size = 2, .fixed_tag = TRI_TAGS_RUNNING};
    int first = tri_comm_next_tag(&many), second = tri_comm_next_tag(&many);
    assert_true(first >= 0 && second - first >= TRI_TAGS_EACH);
    many.collectives = UINT32_MAX;
    int wrapped = tri_comm_next_tag(&many);
    assert_true(wrapped >= 0 && wrapped + TRI_TAGS_EACH <= TRI_TAGS_PERSISTENT);
    assert_int_equal(tri_comm_next_tag(&many), 0);
    int persistent = tri_comm_next_persistent_tag(&many);
    assert_true(persistent >= TRI_TAGS_PERSISTENT);
    assert_true(tri_comm_next_persistent_tag(&many) - persistent >= TRI_TAGS_EACH);
    many.persistents = UINT32_MAX;
    assert_true(tri_comm_next_persistent_tag(&many) >= TRI_TAGS_PERSISTENT);
}

/* Pieces of scratch memory hold all bytes of their elements, and no byte belongs to two. */
static void test_scratch(void **state)
{
    (void)state;
    struct tri_datatype *word = tri_datatype_get(MPI_INT);
    struct tri_datatype *types[] = {
        word, tri_datatype_resized(word, -12, 40), tri_datatype_resized(word, 4, -8),
        tri_datatype_blocks(2, (int64_t[]){1, 1}, (int64_t[]){-20, 60}, (struct tri_datatype *[]){word, word}, false)};
    struct tri_schedule *schedule = tri_schedule_take(&comm, NULL);
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
    tri_schedule_release(schedule);
    for (size_t i = 1; i < TRI_COUNT_OF(types); i++) {
        tri_datatype_release(types[i]);
    }
}

static void expect_printed(const struct tri_schedule *schedule, const char *expected)
{
    char text[600] = "";
    FILE *file = fmemopen(text, sizeof text - 1, "w");
    assert_non_null(file);
    tri_schedule_print(schedule, file);
    fclose(file);
    assert_string_equal(text, expected);
}

static void test_print(void **state)
{
    (void)state;
    struct tri_datatype *type = tri_datatype_get(MPI_DOUBLE);
    struct tri_schedule *schedule = tri_schedule_take(&comm, NULL);
    tri_add_receive(schedule, 3, tri_at(TRI_SCRATCH, 64), 2, type);
    tri_add_send(schedule, 0, tri_at(TRI_INPUT, 0), 2, type);
    tri_next_round(schedule);
    tri_add_reduce(schedule, tri_at(TRI_SCRATCH, 64), tri_at(TRI_OUTPUT, 16), 2, type);
    tri_add_copy(schedule, tri_at(TRI_OUTPUT, 16), tri_at(TRI_OUTPUT, 0), 1, type);
    expect_printed(schedule, "round 0: receive 16 bytes into scratch+64 from 3\n"
                             "round 0: send 16 bytes of input+0 to 0\n"
                             "round 1: reduce 16 bytes of scratch+64 into output+16\n"
                             "round 1: copy 8 bytes of output+16 to output+0\n");
    tri_schedule_release(schedule);
}

/* Small data lies on the line of the first flag, behind it; longer data at the start of the operation's piece. */
static void test_print_board(void **state)
{
    (void)state;
    struct tri_datatype *type = tri_datatype_get(MPI_DOUBLE);
    struct tri_schedule *schedule = tri_schedule_take(&comm, NULL);
    assert_false(schedule->uses_board);
    tri_add_copy(schedule, tri_at(TRI_INPUT, 8), tri_at_board(schedule, 1, TRI_BOARD_INLINE), 2, type);
    assert_int_equal(schedule->bulk, 0);
    tri_next_round(schedule);
    tri_add_show(schedule, 0);
    tri_add_look(schedule, 3, 1);
    tri_add_reduce(schedule, tri_at_board(schedule, 3, TRI_BOARD_INLINE + 1), tri_at(TRI_OUTPUT, 0), 7, type);
    assert_int_equal(schedule->bulk, TRI_BOARD_INLINE + 1);
    assert_true(schedule->uses_board);
    expect_printed(schedule, "round 0: copy 16 bytes of input+8 to board of 1+16\n"
                             "round 1: show stage 0\n"
                             "round 1: look for stage 1 of 3\n"
                             "round 1: reduce 56 bytes of bulk of 3+0 into output+0\n");
    tri_schedule_release(schedule);
}

static int sends_of(const struct tri_algorithm *algorithm, int size, int rank, int root)
{
    struct tri_blocks data = {.type = tri_datatype_get(MPI_INT), .count = 4};
    static const int numbers[TRI_BOARD_LIMIT] = {[1] = 1};
    struct tri_board board = {.count = size, .domains = tri_domains_divide(numbers, TRI_MIN(size, TRI_BOARD_LIMIT))};
    struct tri_comm many = {.size = size, .rank = rank, .peers = size, .fixed_tag = TRI_TAGS_RUNNING, .board = &board};
    const struct tri_collective call = {.operation = algorithm->operation,
                                        .comm = &many,
                                        .send = data,
                                        .receive = data,
                                        .op = tri_op_get(MPI_SUM),
                                        .root = root,
                                        .size = size,
                                        .rank = rank};
    struct tri_schedule *schedule = tri_schedule_take(&many, call.op);
    algorithm->build(schedule, &call);
    int sends = 0;
    for (int k = 0; k < schedule->step_count; k++) {
        sends += schedule->steps[k].kind == TRI_STEP_SEND;
    }
    tri_schedule_release(schedule);
    return sends;
}

/* What the algorithms promise for numbers of ranks that are powers of two: how many messages the busiest rank sends,
 * and all of them together. */
static int zero(int p)
{
    return 0 * p;
}

static int one(int p)
{
    return p > 1;
}

static int others(int p)
{
    return p - 1;
}

static int p_others(int p)
{
    return p * (p - 1);
}

static int p_log(int p)
{
    return p * tri_log2_up(p);
}

static int two_others(int p)
{
    return 2 * (p - 1);
}

static const struct promise {
    const struct tri_algorithm *algorithm;
    int (*most)(int ranks);
    int (*all)(int ranks);
} promises[] = {
    {&tri_allgather_ring, others, p_others},
    {&tri_allreduce_doubling, tri_log2_up, p_log},
    {&tri_alltoall_linear, others, p_others},
    {&tri_barrier_dissemination, tri_log2_up, p_log},
    {&tri_bcast_binomial, tri_log2_up, others},
    {&tri_exscan_doubling, tri_log2_up, p_log},
    {&tri_gather_linear, one, others},
    {&tri_reduce_binomial, one, others},
    {&tri_reduce_scatter_binomial, others, two_others},
    {&tri_scan_doubling, tri_log2_up, p_log},
    {&tri_scatter_linear, others, others},
};

static const struct promise *promise_of(const struct tri_algorithm *algorithm)
{
    static const struct promise board = {NULL, zero, zero};
    for (size_t i = 0; i < TRI_COUNT_OF(promises); i++) {
        if (promises[i].algorithm == algorithm) {
            return &promises[i];
        }
    }
    return algorithm->board ? &board : NULL;
}

static void test_sends(void **state)
{
    (void)state;
    for (size_t i = 0; tri_algorithms[i]; i++) {
        const struct tri_algorithm *algorithm = tri_algorithms[i];
        const struct promise *promise = promise_of(algorithm);
        if (algorithm->inter || !promise) {
            continue;
        }
        for (int size = 1; size <= (algorithm->board ? 64 : 256); size *= 2) {
            int most = 0, all = 0;
            for (int rank = 0; rank < size; rank++) {
                int sends = sends_of(algorithm, size, rank, size / 3);
                most = TRI_MAX(most, sends);
                all += sends;
            }
            if (most != promise->most(size) || all != promise->all(size)) {
                fail_msg("%s by %s over %d ranks: at most %d sends by one and %d by all",
                         tri_collective_names[algorithm->operation], algorithm->name, size, most, all);
            }
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_steps),   cmocka_unit_test(test_used_again), cmocka_unit_test(test_tags),
        cmocka_unit_test(test_scratch), cmocka_unit_test(test_print),      cmocka_unit_test(test_print_board),
        cmocka_unit_test(test_sends),
    };
    return cmocka_run_group_tests(tests, start, end);
}

/* The choice of algorithms: costs that make sense, one for every call, and what the variable says. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "world.h"

#include <math.h>
#include <string.h>

#include "../../collectives/board.h"
#include "../../collectives/registry.h"
#include "../../collectives/select.h"
#include "../../src/runtime/variables.h"

static const struct tri_shape shapes[] = {
    {.ranks = 1, .nodes = 1, .most = 1},
    {.ranks = 2, .nodes = 1, .most = 2, .even = true, .board = true},
    {.ranks = 2, .nodes = 2, .most = 1, .even = true},
    {.ranks = 7, .nodes = 1, .most = 7, .even = true},
    {.ranks = 16, .nodes = 1, .most = 16, .even = true, .board = true},
    {.ranks = 24, .nodes = 3, .most = 8, .even = true, .levels = true},
    {.ranks = 64, .nodes = 1, .most = 64, .board = true, .readable = true, .domains = 4, .crowd = 16},
    {.ranks = 25, .nodes = 3, .most = 12, .levels = true},
    {.ranks = 1000000, .nodes = 50000, .most = 20, .even = true, .levels = true},
    {.ranks = 1000000, .nodes = 1000000, .most = 1, .even = true},
};

enum { BITS = 4, SHAPES = TRI_COUNT_OF(shapes) << BITS };

/* All that a shape may say beside where the ranks are. */
static struct tri_shape shape_of(size_t index, int64_t bytes)
{
    struct tri_shape shape = shapes[index >> BITS];
    shape.ranks_a_core = index & 1 ? 4 : 1;
    shape.regular = index & 2;
    shape.commutative = shape.predefined = shape.exact = index & 4;
    shape.element = index & 8 ? 8 : 1;
    shape.bytes = bytes;
    return shape;
}

static void check_costs(const struct tri_algorithm *algorithm, size_t index)
{
    double before = 0;
    for (int64_t bytes = 0; bytes <= 1 << 30; bytes = bytes ? 4 * bytes : 8) {
        const struct tri_shape shape = shape_of(index, bytes);
        if (!tri_algorithm_can_do(algorithm, algorithm->operation, &shape)) {
            continue;
        }
        double cost = algorithm->cost(&tri_machine, &shape);
        /* Alone there is nothing to do. */
        if (!isfinite(cost) || (shape.ranks > 1 && cost <= 0) || cost < before) {
            fail_msg("%s by %s over %d ranks on %d nodes: %g s for %lld bytes, %g s for fewer",
                     tri_collective_names[algorithm->operation], algorithm->name, shape.ranks, shape.nodes, cost,
                     (long long)bytes, before);
        }
        before = cost;
    }
}

static void test_costs(void **state)
{
    (void)state;
    for (size_t i = 0; tri_algorithms[i]; i++) {
        for (size_t index = 0; index < SHAPES; index++) {
            check_costs(tri_algorithms[i], index);
        }
    }
}

/* Whatever the call, there is an algorithm; it can do it, and none that can is cheaper. */
static void check_choice(enum tri_collective_id operation, const struct tri_shape *shape)
{
    const struct tri_algorithm *chosen = tri_collective_choose(operation, shape);
    if (!chosen || !tri_algorithm_can_do(chosen, operation, shape)) {
        fail_msg("%s over %d ranks on %d nodes: nobody does %lld bytes", tri_collective_names[operation], shape->ranks,
                 shape->nodes, (long long)shape->bytes);
    }
    double cost = chosen->cost(&tri_machine, shape);
    for (size_t i = 0; tri_algorithms[i]; i++) {
        assert_false(tri_algorithm_can_do(tri_algorithms[i], operation, shape) &&
                     tri_algorithms[i]->cost(&tri_machine, shape) < cost);
    }
}

static void test_choice(void **state)
{
    (void)state;
    for (enum tri_collective_id operation = TRI_BARRIER; operation <= TRI_REDUCE_SCATTER; operation++) {
        for (size_t index = 0; index < SHAPES; index++) {
            for (int64_t bytes = 0; bytes <= 1 << 26; bytes = bytes ? 16 * bytes : 8) {
                const struct tri_shape shape = shape_of(index, bytes);
                check_choice(operation, &shape);
            }
        }
    }
}

/* Where measurements were clear about what is quickest, by far more than they swing, the default machine says the same.
 */
static void test_measured(void **state)
{
    (void)state;
    static const struct {
        int ranks, nodes, ranks_a_core;
        enum tri_collective_id operation;
        int64_t bytes;
        const char *name;
    } rows[] = {
        {2, 1, 1, TRI_ALLREDUCE, 2048, "board"},
        {2, 1, 1, TRI_ALLREDUCE, 16384, "board"},
        {2, 1, 1, TRI_ALLREDUCE, 1 << 20, "rabenseifner"},
        {2, 1, 1, TRI_REDUCE, 4096, "board"},
        {4, 1, 2, TRI_REDUCE, 8192, "board"},
        {4, 1, 2, TRI_REDUCE, 1 << 16, "board"},
        {4, 1, 2, TRI_ALLREDUCE, 4096, "board"},
        {4, 1, 2, TRI_ALLREDUCE, 1 << 16, "shared"},
        {4, 1, 2, TRI_ALLREDUCE, 1 << 20, "shared"},
        {8, 1, 4, TRI_REDUCE, 1 << 16, "board"},
        {8, 1, 4, TRI_ALLREDUCE, 4096, "board"},
        {8, 1, 4, TRI_ALLREDUCE, 1 << 20, "shared"},
        {8, 4, 1, TRI_ALLREDUCE, 32768, "levels"},
        {8, 4, 1, TRI_ALLREDUCE, 1 << 17, "rabenseifner"},
    };
    for (size_t i = 0; i < TRI_COUNT_OF(rows); i++) {
        const struct tri_shape shape = {.ranks = rows[i].ranks,
                                        .nodes = rows[i].nodes,
                                        .most = rows[i].ranks / rows[i].nodes,
                                        .ranks_a_core = rows[i].ranks_a_core,
                                        .bytes = rows[i].bytes,
                                        .element = 8,
                                        .regular = true,
                                        .commutative = true,
                                        .predefined = true,
                                        .even = true,
                                        .board = rows[i].nodes == 1,
                                        .levels = rows[i].nodes > 1};
        const char *name = tri_collective_choose(rows[i].operation, &shape)->name;
        if (strcmp(name, rows[i].name) != 0) {
            fail_msg("%s of %lld bytes, %d ranks on %d nodes: %s, not %s", tri_collective_names[rows[i].operation],
                     (long long)rows[i].bytes, rows[i].ranks, rows[i].nodes, name, rows[i].name);
        }
    }
}

/* A big node: 64 ranks, bound to four packages. Not measured: these are what two steps are for. */
static void test_domains(void **state)
{
    (void)state;
    static const struct {
        enum tri_collective_id operation;
        int64_t bytes;
    } rows[] = {{TRI_BARRIER, 0}, {TRI_REDUCE, 64}, {TRI_ALLREDUCE, 64}};
    struct tri_shape shape = {.ranks = 64, .nodes = 1, .most = 64, .ranks_a_core = 1, .element = 8};
    shape.regular = shape.commutative = shape.predefined = shape.exact = shape.board = true;
    for (size_t i = 0; i < TRI_COUNT_OF(rows); i++) {
        shape.bytes = rows[i].bytes;
        shape.domains = 4;
        shape.crowd = 16;
        assert_string_equal(tri_collective_choose(rows[i].operation, &shape)->name, "domains");
        shape.crowd = shape.domains = 1;
        assert_string_not_equal(tri_collective_choose(rows[i].operation, &shape)->name, "domains");
    }
    /* The sum of floating-point numbers keeps to the one order. */
    shape.domains = 4;
    shape.crowd = 16;
    shape.exact = false;
    assert_string_not_equal(tri_collective_choose(TRI_ALLREDUCE, &shape)->name, "domains");
}

/* Bytes of the board's memory that a call of the longest segment takes. */
static int64_t bulk_of(const struct tri_algorithm *algorithm, int size, int ranks_a_core, struct tri_datatype *type)
{
    const struct tri_shape shape = {
        .ranks = size, .nodes = 1, .most = size, .ranks_a_core = ranks_a_core, .element = type->size};
    struct tri_blocks data = {.type = type, .count = TRI_MAX(algorithm->segment(&shape) / type->size, 1)};
    static const int numbers[TRI_BOARD_LIMIT] = {[1] = 1};
    struct tri_board board = {.count = size, .domains = tri_domains_divide(numbers, size)};
    struct tri_comm comm = {.size = size, .peers = size, .fixed_tag = TRI_TAGS_RUNNING, .board = &board};
    const struct tri_collective call = {.operation = algorithm->operation,
                                        .comm = &comm,
                                        .send = data,
                                        .receive = data,
                                        .op = tri_op_get(MPI_MINLOC),
                                        .size = size};
    struct tri_schedule *schedule = tri_schedule_take(&comm, call.op);
    algorithm->build(schedule, &call);
    int64_t bulk = schedule->bulk;
    tri_schedule_release(schedule);
    return bulk;
}

/* A piece of the board's memory has room for a segment, with the holes that pairs may have. */
static void test_segments(void **state)
{
    (void)state;
    world_start(64);
    for (size_t i = 0; tri_algorithms[i]; i++) {
        for (int size = 2; size <= TRI_BOARD_LIMIT && tri_algorithms[i]->board && tri_algorithms[i]->segment; size++) {
            for (int ranks_a_core = 1; ranks_a_core <= 2; ranks_a_core++) {
                int64_t bulk = bulk_of(tri_algorithms[i], size, ranks_a_core, tri_datatype_get(MPI_LONG_DOUBLE_INT));
                assert_in_range(bulk, 1, TRI_BOARD_PIECE);
            }
        }
    }
    world_end();
}

static int start_with(const char *algorithms)
{
    char message[400];
    setenv("TRIREME_ALGORITHMS", algorithms, 1);
    assert_int_equal(tri_variables_read(message, sizeof message), 0);
    return tri_select_start();
}

static void test_variable(void **state)
{
    (void)state;
    const struct tri_shape shape = shape_of(3 << BITS, 64);
    assert_int_equal(start_with("barrier=dissemination,bcast=binomial"), 0);
    assert_ptr_equal(tri_collective_choose(TRI_BCAST, &shape), &tri_bcast_binomial);
    assert_ptr_equal(tri_collective_choose(TRI_BARRIER, &shape), &tri_barrier_dissemination);
    /* One that can not do it is passed over. */
    assert_int_equal(start_with("bcast=board"), 0);
    assert_ptr_not_equal(tri_collective_choose(TRI_BCAST, &shape), &tri_board_bcast);
    const struct tri_shape with_board = shape_of(4 << BITS, 64);
    assert_ptr_equal(tri_collective_choose(TRI_BCAST, &with_board), &tri_board_bcast);
    assert_int_equal(start_with("bcast=quickest"), -1);
    assert_int_equal(start_with("broadcast=binomial"), -1);
    assert_int_equal(start_with("bcast"), -1);
    assert_int_equal(start_with(""), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_costs),    cmocka_unit_test(test_choice),  cmocka_unit_test(test_measured),
        cmocka_unit_test(test_segments), cmocka_unit_test(test_domains), cmocka_unit_test(test_variable),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Plans: in how many pieces a call is cut, and for which calls one is kept. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "cut_registry.h"
#include "world.h"

#include "../../collectives/plan.h"
#include "../../src/comm/nodes.h"

static int processes[] = {0, 1};
static struct tri_comm pair = {
    .processes = processes, .size = 2, .rank = 1, .source = 1, .peers = 2, .fixed_tag = TRI_TAGS_RUNNING};

static struct tri_collective call_of(enum tri_collective_id operation, int64_t count, struct tri_datatype *type)
{
    struct tri_blocks data = {.type = type, .count = count};
    return (struct tri_collective){.operation = operation,
                                   .comm = &pair,
                                   .send = data,
                                   .receive = data,
                                   .op = operation == TRI_ALLREDUCE ? tri_op_get(MPI_SUM) : NULL,
                                   .size = 2,
                                   .rank = 1};
}

static int64_t received(const struct tri_schedule *schedule)
{
    int64_t bytes = 0;
    for (int i = 0; i < schedule->step_count; i++) {
        const struct tri_step *step = &schedule->steps[i];
        bytes += step->kind == TRI_STEP_RECEIVE ? step->count * step->type->size : 0;
    }
    return bytes;
}

static void expect_plan(const struct tri_collective *call, int64_t pieces, int64_t body, int64_t tail, int64_t step)
{
    struct tri_plan *plan = tri_plan_for(call);
    assert_int_equal(plan->pieces, pieces);
    assert_int_equal(received(plan->body), body);
    if (pieces > 1) {
        assert_int_equal(received(plan->tail), tail);
        assert_int_equal(plan->step, step);
    } else {
        assert_null(plan->tail);
    }
    tri_plan_release(plan);
}

static void test_plan(void **state)
{
    (void)state;
    world_start(64);
    struct tri_datatype *type = tri_datatype_get(MPI_INT), *wide = tri_datatype_resized(type, 0, 12);
    struct tri_collective call = call_of(TRI_ALLREDUCE, 10, type);
    cut_into(40, 0);
    expect_plan(&call, 1, 40, 0, 0);
    call.send.count = call.receive.count = 11; /* one whole element more */
    expect_plan(&call, 2, 40, 4, 40);
    cut_into(18, 0);                  /* no piece of an element */
    expect_plan(&call, 2, 40, 4, 40); /* still the one that was kept */
    tri_plans_drop(&pair);
    expect_plan(&call, 3, 16, 12, 16);
    tri_plans_drop(&pair);
    cut_into(1, 0); /* not less than one */
    call.send.type = call.receive.type = wide;
    expect_plan(&call, 11, 4, 4, 12);
    call = call_of(TRI_GATHER, 10, type); /* bytes may be cut anywhere */
    call.root = 1;
    cut_into(7, 0);
    expect_plan(&call, 6, 7, 5, 7);
    call.irregular = true;
    expect_plan(&call, 1, 40, 0, 0);
    tri_plans_drop(&pair);
    tri_datatype_release(wide);
    world_end();
}

/* A type without data has no pieces either. */
static void test_nothing(void **state)
{
    (void)state;
    world_start(64);
    struct tri_datatype *none = tri_datatype_contiguous(0, tri_datatype_get(MPI_INT));
    struct tri_op *op = tri_op_make(NULL, NULL, true);
    struct tri_collective call = call_of(TRI_ALLREDUCE, 5, none);
    call.op = op;
    cut_into(16, 0);
    expect_plan(&call, 1, 0, 0, 0);
    tri_op_release(op);
    tri_datatype_release(none);
    world_end();
}

/* A kept plan is for calls with the same arguments only. */
static void test_kept(void **state)
{
    (void)state;
    world_start(64);
    struct tri_datatype *type = tri_datatype_get(MPI_INT);
    const struct tri_collective call = call_of(TRI_ALLREDUCE, 3, type);
    cut_into(100, 0);
    struct tri_plan *first = tri_plan_for(&call), *plan;
    struct tri_collective others[7];
    for (size_t i = 0; i < TRI_COUNT_OF(others); i++) {
        others[i] = call;
    }
    others[0].op = tri_op_get(MPI_MAX);
    others[1].in_place = true;
    others[2].send.type = others[2].receive.type = tri_datatype_get(MPI_FLOAT);
    others[3].form = TRI_NONBLOCKING;
    others[4].operation = TRI_SCAN;
    others[5].send.count = others[5].receive.count = 4;
    others[6].form = TRI_PERSISTENT;
    for (size_t i = 0; i < TRI_COUNT_OF(others); i++) {
        plan = tri_plan_for(&call);
        assert_int_equal(plan->call.send.count, 3);
        assert_ptr_equal(plan->call.op, call.op);
        tri_plan_release(plan);
        plan = tri_plan_for(&others[i]);
        assert_ptr_not_equal(plan, first);
        assert_int_equal(plan->call.operation, others[i].operation);
        assert_int_equal(plan->call.form, others[i].form);
        assert_int_equal(plan->call.in_place, others[i].in_place);
        assert_ptr_equal(plan->call.op, others[i].op);
        assert_ptr_equal(plan->call.send.type, others[i].send.type);
        tri_plan_release(plan);
    }
    tri_plan_release(first);
    tri_plans_drop(&pair);
    world_end();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_plan),
        cmocka_unit_test(test_nothing),
        cmocka_unit_test(test_kept),
    };
    cut_start();
    int failures = cmocka_run_group_tests(tests, NULL, NULL);
    tri_nodes_free(pair.nodes);
    return failures;
}

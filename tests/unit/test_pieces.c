/* Calls that are cut into overlapping pieces, in all three forms, many at once. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "cut_registry.h"
#include "movement.h"
#include "reductions.h"

#include <string.h>

#include "../../src/request/request.h"
#include "../../src/runtime/counters.h"
#include "../../src/runtime/wait.h"

/* ---- the three forms ---- */

static void await(struct tri_request *request)
{
    struct tri_wait wait = {0};
    while (!request->complete) {
        tri_wait_step(&wait);
    }
}

/* The program may free derived types as soon as a nonblocking or persistent operation has been made. */
static void make_own(struct tri_datatype *types[2], struct tri_collective *call)
{
    struct tri_blocks *sides[] = {&call->send, &call->receive};
    for (int i = 0; i < 2; i++) {
        types[i] = NULL;
        if (sides[i]->type && !sides[i]->type->predefined) {
            sides[i]->type = types[i] = tri_datatype_dup(sides[i]->type);
        }
    }
}

static void free_own(struct tri_datatype *types[2])
{
    for (int i = 0; i < 2; i++) {
        if (types[i]) {
            tri_datatype_release(types[i]);
        }
    }
}

static int run_blocking(struct tri_collective *call, int times)
{
    int code = MPI_SUCCESS;
    while (code == MPI_SUCCESS && times-- > 0) {
        code = tri_collective_run(call);
    }
    return code;
}

/* Twice at once into the same buffers, where that does no harm: reductions work on theirs. */
static int run_nonblocking(struct tri_collective *call, int times)
{
    struct tri_request *requests[2];
    struct tri_datatype *types[2];
    int code = MPI_SUCCESS;
    make_own(types, call);
    for (int i = 0; i < times; i++) {
        requests[i] = tri_collective_start(call);
        if (call->op) {
            await(requests[i]);
        }
    }
    free_own(types);
    while (times-- > 0) {
        await(requests[times]);
        code = code ? code : requests[times]->outcome.error;
        tri_request_give(requests[times]);
    }
    return code;
}

static int run_persistent(struct tri_collective *call, int times)
{
    struct tri_datatype *types[2];
    make_own(types, call);
    struct tri_request *request = tri_collective_prepare(call);
    free_own(types);
    int code = MPI_SUCCESS;
    while (code == MPI_SUCCESS && times-- > 0) {
        tri_collective_restart(request);
        await(request);
        code = request->outcome.error;
    }
    tri_collective_forget(request);
    return code;
}

/* Whether a second time, with what the first one left, is the same; known to all ranks. */
static bool may_repeat(const struct tri_collective *call)
{
    switch (call->operation) {
    case TRI_BARRIER:
    case TRI_BCAST:
    case TRI_GATHER:
    case TRI_SCATTER:
    case TRI_ALLGATHER: return true;
    case TRI_REDUCE: return false; /* in place at the root only */
    default: return !call->in_place;
    }
}

static int run_cut(struct tri_collective *call, uint64_t draw)
{
    static int (*const forms[])(struct tri_collective *, int) = {run_blocking, run_nonblocking, run_persistent};
    cut_into((draw >> 8 & 7) ? 1 + (int64_t)(draw >> 16) % 100 : INT64_MAX, draw | 1);
    return forms[(draw >> 32) % TRI_COUNT_OF(forms)](call, may_repeat(call) && draw >> 12 & 1 ? 2 : 1);
}

static void test_movement(void **state)
{
    (void)state;
    static const enum tri_collective_id operations[] = {TRI_BCAST,     TRI_GATHER,   TRI_SCATTER,
                                                        TRI_ALLGATHER, TRI_ALLTOALL, TRI_BARRIER};
    movement_start(run_cut);
    for (size_t i = 0; i < TRI_COUNT_OF(operations); i++) {
        movement_check(operations[i], false);
    }
    movement_check(TRI_GATHER, true);
    movement_check(TRI_ALLTOALL, true);
    movement_end();
    assert_true(tri_counters->collective_reads > 0); /* only plans give such algorithms what they want */
}

static void test_reductions(void **state)
{
    (void)state;
    static const enum tri_collective_id operations[] = {TRI_REDUCE, TRI_ALLREDUCE, TRI_SCAN, TRI_EXSCAN,
                                                        TRI_REDUCE_SCATTER};
    reductions_start(run_cut);
    for (size_t i = 0; i < TRI_COUNT_OF(operations); i++) {
        reductions_check(operations[i]);
    }
    reductions_end();
}

/* ---- pieces overlap ---- */

static struct tri_collective call_of(struct tri_comm *comm, enum tri_collective_id operation, int64_t count,
                                     struct tri_datatype *type)
{
    struct tri_blocks data = {.type = type, .count = count};
    return (struct tri_collective){.operation = operation,
                                   .comm = comm,
                                   .send = data,
                                   .receive = data,
                                   .op = operation == TRI_ALLREDUCE ? tri_op_get(MPI_SUM) : NULL};
}

enum { PIECES = 10 };
static int sent_first;

/* Rank 1 comes first: it awaits as many pieces at once as it has tags for. */
static void run_overlap(struct tri_comm *comm, void *arg)
{
    (void)arg;
    struct tri_wait wait = {0};
    struct tri_collective call = call_of(comm, TRI_BCAST, PIECES * 8, tri_datatype_get(MPI_BYTE));
    call.output = world_output[comm->rank];
    while (comm->rank == 0 && !sent_first) {
        tri_wait_step(&wait);
    }
    struct tri_request *request = tri_collective_start(&call);
    if (comm->rank == 1) {
        sent_first = world_receives();
    }
    await(request);
    tri_request_give(request);
}

static void test_overlap(void **state)
{
    (void)state;
    world_start(PIECES * 8);
    cut_into(8, 0);
    for (uint64_t seed = 0; seed < 10; seed++) {
        sent_first = 0;
        memset(world_output[1], 0, PIECES * 8);
        memset(world_output[0], 0x5a, PIECES * 8);
        struct world_result result = world_run(2, seed, run_overlap, NULL);
        world_check(&result);
        assert_int_equal(result.messages, PIECES);
        assert_int_equal(sent_first, TRI_TAGS_EACH);
        assert_memory_equal(world_output[0], world_output[1], PIECES * 8);
    }
    world_end();
}

/* ---- many at once ---- */

enum { MANY = 12, MANY_COUNT = 300 };

/* The same at all ranks: operation k of a run reduces, or tells all what its root has, and is of this length. */
static struct many {
    int count, blocking; /* the number of the one that is not waited for apart; or none */
    int64_t length[MANY];
    bool reduces[MANY];
} many;

static int64_t *vector(char *const *buffers, int rank, int k)
{
    return (int64_t *)(void *)buffers[rank] + (int64_t)k * MANY_COUNT;
}

static void run_many(struct tri_comm *comm, void *arg)
{
    (void)arg;
    struct tri_request *requests[MANY];
    for (int k = 0; k < many.count; k++) {
        struct tri_collective call =
            call_of(comm, many.reduces[k] ? TRI_ALLREDUCE : TRI_BCAST, many.length[k], tri_datatype_get(MPI_INT64_T));
        call.input = vector(world_input, comm->rank, k);
        call.output = vector(world_output, comm->rank, k);
        call.root = k % comm->size;
        if (k == many.blocking) {
            requests[k] = NULL;
            tri_collective_run(&call);
        } else {
            requests[k] = tri_collective_start(&call);
        }
    }
    for (int k = 0; k < many.count; k++) {
        if (requests[k]) {
            await(requests[k]);
            tri_request_give(requests[k]);
        }
    }
}

static int64_t value_of(int rank, int k, int64_t i)
{
    return (rank + 1) * 1000003 + k * 101 + i;
}

static void check_many(struct dice *dice, int size)
{
    many.count = (int)dice_between(dice, 1, MANY);
    many.blocking = (int)dice_between(dice, 0, 2 * MANY);
    for (int k = 0; k < many.count; k++) {
        many.length[k] = dice_between(dice, 0, MANY_COUNT);
        many.reduces[k] = dice_chance(dice, 50);
        for (int rank = 0; rank < size; rank++) {
            for (int64_t i = 0; i < MANY_COUNT; i++) {
                vector(world_input, rank, k)[i] = vector(world_output, rank, k)[i] = value_of(rank, k, i);
            }
        }
    }
    cut_into(dice_between(dice, 8, 400), dice_roll(dice));
    struct world_result result = world_run(size, dice_roll(dice), run_many, NULL);
    world_check(&result);
    for (int k = 0; k < many.count; k++) {
        for (int rank = 0; rank < size; rank++) {
            for (int64_t i = 0; i < many.length[k]; i++) {
                int64_t wanted = many.reduces[k] ? 0 : value_of(k % size, k, i);
                for (int other = 0; many.reduces[k] && other < size; other++) {
                    wanted += value_of(other, k, i);
                }
                assert_int_equal(vector(world_output, rank, k)[i], wanted);
            }
        }
    }
}

static void test_many(void **state)
{
    (void)state;
    struct dice dice = dice_start(71);
    world_start(MANY * MANY_COUNT * sizeof(int64_t));
    for (int size = 1; size <= WORLD_MAX; size++) {
        for (int round = 0; round < 12; round++) {
            check_many(&dice, size);
        }
    }
    world_end();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_movement),
        cmocka_unit_test(test_reductions),
        cmocka_unit_test(test_overlap),
        cmocka_unit_test(test_many),
    };
    cut_start();
    return cmocka_run_group_tests(tests, NULL, NULL);
}

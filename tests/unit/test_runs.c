/* Runs: several of the same schedule at once, many on the board until its desks or its memory are used up, and errors.
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "world.h"

#include <string.h>

#include "../../collectives/board.h"
#include "../../src/request/request.h"
#include "../../src/runtime/job.h"
#include "../../src/runtime/wait.h"

enum { HALF = 1 << 23, FIRST_TAG = 7 };

/* What all ranks do in a world. */
static struct plan {
    int size, count; /* ranks; operations in flight */
    int64_t bytes;   /* that each rank gives in each of them */
    int late;        /* the rank that starts when all others have started everything; or none */
    bool messages;   /* go beside the board */
    bool elsewhere;  /* each rank lives on a core of its own */
    int started, ended[WORLD_MAX];
    int too_early, overwritten;
} plan;

static unsigned char byte_of(int rank, int k, int64_t i)
{
    return (unsigned char)(rank * 29 + k * 7 + i * 3 + (i >> 8));
}

static unsigned char *input_of(int rank, int k)
{
    return (unsigned char *)world_input[rank] + k * plan.bytes;
}

static unsigned char *output_of(int rank, int k)
{
    return (unsigned char *)world_output[rank] + k * plan.bytes * plan.size;
}

/* Everybody's bytes to everybody: each shows its own and reads all. */
static void add_exchange(struct tri_schedule *schedule, int rank)
{
    struct tri_datatype *byte = tri_datatype_get(MPI_BYTE);
    tri_add_copy(schedule, tri_at(TRI_INPUT, 0), tri_at_board(schedule, rank, plan.bytes), plan.bytes, byte);
    tri_next_round(schedule);
    tri_add_show(schedule, 0);
    for (int i = 0; i < plan.size; i++) {
        if (i != rank) {
            tri_add_look(schedule, i, 0);
        }
    }
    if (plan.messages) {
        struct tri_place place = tri_add_scratch(schedule, 1, byte);
        tri_add_send(schedule, (rank + 1) % plan.size, tri_at(TRI_INPUT, 0), 1, byte);
        tri_add_receive(schedule, (rank + plan.size - 1) % plan.size, place, 1, byte);
    }
    for (int i = 0; i < plan.size; i++) {
        tri_add_copy(schedule, tri_at_board(schedule, i, plan.bytes), tri_at(TRI_OUTPUT, i * plan.bytes), plan.bytes,
                     byte);
    }
}

/* The same over messages only, around a ring. */
static void add_ring(struct tri_schedule *schedule, int rank)
{
    struct tri_datatype *byte = tri_datatype_get(MPI_BYTE);
    tri_add_copy(schedule, tri_at(TRI_INPUT, 0), tri_at(TRI_OUTPUT, rank * plan.bytes), plan.bytes, byte);
    tri_next_round(schedule);
    for (int k = 0; k < plan.size - 1; k++) {
        int out = (rank - k + plan.size) % plan.size, in = (out - 1 + plan.size) % plan.size;
        tri_add_send(schedule, (rank + 1) % plan.size, tri_at(TRI_OUTPUT, out * plan.bytes), plan.bytes, byte);
        tri_add_receive(schedule, (rank - 1 + plan.size) % plan.size, tri_at(TRI_OUTPUT, in * plan.bytes), plan.bytes,
                        byte);
        tri_next_round(schedule);
    }
}

static void note_end(void *owner, int code)
{
    int *ended = owner;
    *ended += code == MPI_SUCCESS;
}

/* Nobody who waits for the late rank has come to an end, or used a desk again. */
static void look_around(const struct tri_board *board, uint64_t first)
{
    for (int i = 0; i < plan.size; i++) {
        plan.too_early += plan.ended[i];
        for (uint64_t n = first; n < first + (uint64_t)TRI_MIN(plan.count, TRI_BOARD_OPERATIONS); n++) {
            uint64_t shown = atomic_load(&tri_board_desk(board, i, n)->lines[0].shown);
            plan.overwritten += i != plan.late && shown > n + 1;
        }
    }
}

static void start_all(struct tri_schedule *schedule, int rank, bool in_order)
{
    for (int n = 0; n < plan.count; n++) {
        int k = in_order ? n : (n * 7 + rank * 3) % plan.count; /* 7 has no divisor in common with the counts */
        tri_run_start(schedule, FIRST_TAG + k, input_of(rank, k), output_of(rank, k), NULL, note_end,
                      &plan.ended[rank]);
    }
    plan.started++;
    struct tri_wait wait = {0};
    while (plan.ended[rank] < plan.count) {
        tri_wait_step(&wait);
    }
}

static void run_on_board(struct tri_comm *comm, void *arg)
{
    (void)arg;
    struct tri_wait wait = {0};
    struct tri_schedule *schedule = tri_schedule_take(comm, NULL);
    add_exchange(schedule, comm->rank);
    for (int i = 0; i < plan.size; i++) {
        comm->board->elsewhere[i] = plan.elsewhere;
    }
    while (comm->rank == plan.late && plan.started < plan.size - 1) {
        tri_wait_step(&wait);
    }
    if (comm->rank == plan.late) {
        look_around(comm->board, comm->board->next);
    }
    start_all(schedule, comm->rank, true);
    tri_schedule_release(schedule);
}

static void run_ring(struct tri_comm *comm, void *arg)
{
    (void)arg;
    struct tri_schedule *schedule = tri_schedule_take(comm, NULL);
    add_ring(schedule, comm->rank);
    start_all(schedule, comm->rank, false);
    tri_schedule_release(schedule);
}

static void check(struct dice *dice, void (*body)(struct tri_comm *comm, void *arg))
{
    plan.started = plan.too_early = plan.overwritten = 0;
    for (int rank = 0; rank < plan.size; rank++) {
        plan.ended[rank] = 0;
        for (int k = 0; k < plan.count; k++) {
            for (int64_t i = 0; i < plan.bytes; i++) {
                input_of(rank, k)[i] = byte_of(rank, k, i);
            }
            memset(output_of(rank, k), 0xee, (size_t)(plan.bytes * plan.size));
        }
    }
    struct world_result result = world_run(plan.size, dice_roll(dice), body, NULL);
    world_check(&result);
    assert_int_equal(plan.too_early, 0);
    assert_int_equal(plan.overwritten, 0);
    for (int rank = 0; rank < plan.size; rank++) {
        for (int k = 0; k < plan.count; k++) {
            for (int from = 0; from < plan.size; from++) {
                assert_memory_equal(output_of(rank, k) + from * plan.bytes, input_of(from, k), (size_t)plan.bytes);
            }
        }
    }
}

/* Small data beside the flags: there are more operations than desks. */
static void test_desks(void **state)
{
    (void)state;
    struct dice dice = dice_start(31);
    for (plan.size = 2; plan.size <= WORLD_MAX; plan.size++) {
        for (int round = 0; round < 3; round++) {
            plan.count = (int)dice_between(&dice, TRI_BOARD_OPERATIONS - 2, 2 * TRI_BOARD_OPERATIONS + 3);
            plan.bytes = dice_chance(&dice, 50) ? dice_between(&dice, 1, TRI_BOARD_INLINE) : 100;
            plan.late = (int)dice_between(&dice, -1, plan.size - 1);
            plan.messages = dice_chance(&dice, 30);
            check(&dice, run_on_board);
        }
    }
}

/* Long data: the ring is used up long before the desks are. */
static void test_ring_of_memory(void **state)
{
    (void)state;
    struct dice dice = dice_start(32);
    for (plan.size = 2; plan.size <= WORLD_MAX; plan.size++) {
        for (int round = 0; round < 4; round++) {
            plan.bytes = dice_chance(&dice, 50) ? TRI_BOARD_PIECE - dice_between(&dice, 0, 1) * 64
                                                : dice_between(&dice, 20000, 60000);
            plan.count = (int)TRI_MIN(HALF / (plan.bytes * plan.size), 40);
            plan.late = (int)dice_between(&dice, -1, plan.size - 1);
            plan.messages = dice_chance(&dice, 30);
            check(&dice, run_on_board);
        }
    }
}

/* Of three ranks the last comes late: the first to start looks at the second in vain, and then nobody polls, since the
 * third is still to be looked at; the second has seen the first. */
static void test_polls(void **state)
{
    (void)state;
    struct dice dice = dice_start(34);
    plan.size = 3;
    plan.count = 1;
    plan.bytes = 8;
    plan.late = 2;
    plan.messages = false;
    for (int i = 0; i < 2; i++) {
        plan.elsewhere = i == 1;
        memset(world_looks, 0, sizeof world_looks);
        check(&dice, run_on_board);
        assert_int_equal(world_looks[false], plan.elsewhere ? 1 : 2);
        assert_int_equal(world_looks[true], plan.elsewhere ? WORLD_POLLS : 0);
    }
    plan.elsewhere = false;
}

/* The ranks start them in different orders: the tags tell them apart. */
static void test_same_schedule(void **state)
{
    (void)state;
    struct dice dice = dice_start(33);
    for (plan.size = 1; plan.size <= WORLD_MAX; plan.size++) {
        for (int round = 0; round < 10; round++) {
            plan.count = (int)dice_between(&dice, 1, 6);
            plan.bytes = dice_between(&dice, 1, 300);
            plan.late = -1;
            check(&dice, run_ring);
        }
    }
}

/* Each sends to all others at once. Adds up how many of these messages are part of a burst. */
static void run_burst(struct tri_comm *comm, void *arg)
{
    int64_t *expected = arg;
    struct tri_datatype *byte = tri_datatype_get(MPI_BYTE);
    struct tri_schedule *schedule = tri_schedule_take(comm, NULL);
    int near = 0;
    for (int i = 0; i < plan.size; i++) {
        if (i != comm->rank) {
            tri_add_receive(schedule, i, tri_at(TRI_OUTPUT, i), 1, byte);
            tri_add_send(schedule, i, tri_at(TRI_INPUT, 0), 1, byte);
            near += tri_job_is_local(i);
        }
    }
    *expected += near >= TRI_BURST_SENDS ? plan.size - 1 : 0;
    tri_run_blocking(schedule, FIRST_TAG, input_of(comm->rank, 0), output_of(comm->rank, 0));
    tri_schedule_release(schedule);
}

/* It takes several to ranks of the own node: how many go to others does not count. */
static void test_bursts(void **state)
{
    (void)state;
    world_one_node = false;
    for (plan.size = 1; plan.size <= WORLD_MAX; plan.size++) {
        for (uint64_t seed = 0; seed < 20; seed++) {
            int64_t expected = 0;
            struct world_result result = world_run(plan.size, seed, run_burst, &expected);
            world_check(&result);
            assert_int_equal(result.in_bursts, expected);
        }
    }
    world_one_node = true;
}

/* A rank that does not come: a message that fails does not keep the run from its end, which has the error. */
static int codes[WORLD_MAX];

static void run_without_one(struct tri_comm *comm, void *arg)
{
    (void)arg;
    struct tri_schedule *schedule = tri_schedule_take(comm, NULL);
    add_ring(schedule, comm->rank);
    codes[comm->rank] = MPI_SUCCESS;
    if (comm->rank > 0) {
        codes[comm->rank] = tri_run_blocking(schedule, FIRST_TAG, input_of(comm->rank, 0), output_of(comm->rank, 0));
    }
    tri_schedule_release(schedule);
}

static void test_errors(void **state)
{
    (void)state;
    plan.size = 4;
    plan.bytes = 16;
    plan.count = 1;
    struct world_result result = world_run(plan.size, 5, run_without_one, NULL);
    assert_true(result.stuck);
    assert_int_equal(codes[0], MPI_SUCCESS);
    assert_int_equal(codes[1], MPI_ERR_OTHER); /* it waits for what rank 0 does not send */
}

static int start(void **state)
{
    (void)state;
    world_start(HALF);
    world_one_node = true;
    return 0;
}

static int end(void **state)
{
    (void)state;
    world_end();
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_desks),         cmocka_unit_test(test_ring_of_memory), cmocka_unit_test(test_polls),
        cmocka_unit_test(test_same_schedule), cmocka_unit_test(test_bursts),         cmocka_unit_test(test_errors),
    };
    return cmocka_run_group_tests(tests, start, end);
}

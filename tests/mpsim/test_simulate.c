/* The simulator: schedules written here, whose times are worked out by hand, and schedules that do not fit together. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "../../apps/mpsim/events.h"
#include "../../apps/mpsim/pairs.h"
#include "../../apps/mpsim/question.h"

/* Microseconds: L 1, o 0.1, g 0.3, and 1 for 1000 bytes on a node; ten times as much between nodes. */
static const struct tri_machine machine = {
    .node = {.latency = 1e-6, .overhead = 0.1e-6, .gap = 0.3e-6, .per_byte = 1e-9},
    .net = {.latency = 10e-6, .overhead = 1e-6, .gap = 3e-6, .per_byte = 10e-9},
    .flag = 0.5e-6,
    .copy_per_byte = 2e-9,
    .reduce_per_byte = 3e-9,
    .turn = 2e-6,
};

static const struct sim_layout one_node = {.ranks_a_node = 64, .repeats = 1};

static struct {
    struct sim_program *program;
    struct tri_schedule *schedules[8];
    struct sim_result result;
} world;

static int start(void **state)
{
    (void)state;
    sim_question_start();
    tri_machine = machine;
    return 0;
}

static int end(void **state)
{
    (void)state;
    sim_question_end();
    return 0;
}

static void begin(int ranks)
{
    static struct tri_comm comm;
    world.program = sim_program_new(ranks, 64, 1);
    for (int i = 0; i < ranks; i++) {
        world.schedules[i] = tri_schedule_take(&comm, NULL);
    }
}

static const char *run(const struct sim_layout *layout)
{
    for (int i = 0; i < world.program->ranks; i++) {
        sim_program_set(world.program, i, world.schedules[i], NULL);
        tri_schedule_release(world.schedules[i]);
    }
    world.program->ranks_a_node = layout->ranks_a_node;
    const char *problem = sim_run(world.program, layout, NULL, &world.result);
    sim_program_free(world.program);
    return problem;
}

static void send(int from, int to, int64_t bytes)
{
    tri_add_send(world.schedules[from], to, tri_at(TRI_INPUT, 0), bytes, tri_datatype_get(MPI_BYTE));
}

static void receive(int to, int from, int64_t bytes)
{
    tri_add_receive(world.schedules[to], from, tri_at(TRI_OUTPUT, 0), bytes, tri_datatype_get(MPI_BYTE));
}

#define assert_us(seconds, us) assert_float_equal((seconds)*1e6, us, 1e-6)

/* ---- times ---- */

static void test_signal(void **state)
{
    (void)state;
    begin(2);
    tri_add_signal(world.schedules[0], 1);
    tri_add_await(world.schedules[1], 0);
    assert_null(run(&one_node));
    assert_us(world.result.first, 0.1); /* o */
    assert_us(world.result.last, 1.2);  /* o + L + o */
    assert_us(world.result.mean, (0.1 + 1.2) / 2);
}

static void test_between_nodes(void **state)
{
    (void)state;
    const struct sim_layout apart = {.ranks_a_node = 1, .repeats = 1};
    begin(2);
    send(0, 1, 1000);
    receive(1, 0, 1000);
    assert_null(run(&apart));
    assert_us(world.result.first, 11); /* o, 1000 G */
    assert_us(world.result.last, 22);  /* and L, o */
}

/* The sender's link is busy for 1000 G, then for g: 0.1 + 1 + 0.3 + 1 until the second is out. */
static void test_gap(void **state)
{
    (void)state;
    begin(3);
    send(0, 1, 1000);
    send(0, 2, 1000);
    receive(1, 0, 1000);
    receive(2, 0, 1000);
    assert_null(run(&one_node));
    assert_us(world.result.first, 2.1 + 0.1);
    assert_us(world.result.last, 2.4 + 1 + 0.1);
}

/* Two messages that arrive at once, at 2.1, come in one after the other. */
static void test_both_at_once(void **state)
{
    (void)state;
    begin(3);
    send(1, 0, 1000);
    send(2, 0, 1000);
    receive(0, 2, 1000);
    receive(0, 1, 1000);
    assert_null(run(&one_node));
    assert_us(world.result.last, 2.1 + 0.3 + 1 + 0.1);
}

/* A round begins when the one before has ended with its reductions and copies; one that leaves all in place is free. */
static void test_rounds(void **state)
{
    (void)state;
    struct tri_datatype *byte = tri_datatype_get(MPI_BYTE);
    begin(2);
    receive(0, 1, 1000);
    tri_add_reduce(world.schedules[0], tri_at(TRI_INPUT, 0), tri_at(TRI_OUTPUT, 0), 1000, byte);
    tri_add_copy(world.schedules[0], tri_at(TRI_INPUT, 0), tri_at(TRI_OUTPUT, 0), 1000, byte);
    tri_add_copy(world.schedules[0], tri_at(TRI_OUTPUT, 0), tri_at(TRI_OUTPUT, 0), 1000, byte);
    tri_next_round(world.schedules[0]);
    send(0, 1, 1000);
    send(1, 0, 1000);
    receive(1, 0, 1000);
    assert_null(run(&one_node));
    assert_us(world.result.last, 2.2 + 3 + 2 + 2.2);
}

/* A message that comes before its receive waits for it. */
static void test_early_message(void **state)
{
    (void)state;
    struct tri_datatype *byte = tri_datatype_get(MPI_BYTE);
    begin(2);
    send(0, 1, 1000);
    tri_add_copy(world.schedules[1], tri_at(TRI_INPUT, 0), tri_at(TRI_OUTPUT, 0), 10000, byte);
    tri_next_round(world.schedules[1]);
    receive(1, 0, 1000);
    assert_null(run(&one_node));
    assert_us(world.result.last, 20 + 0.1); /* the core is busy with the copy, then with the message */
}

/* Half of the 0.5 until what is shown can be seen, half for each look. */
static void test_board(void **state)
{
    (void)state;
    begin(3);
    for (int i = 0; i < 3; i++) {
        tri_add_show(world.schedules[i], 0);
        tri_add_look(world.schedules[i], (i + 1) % 3, 0);
        tri_add_look(world.schedules[i], (i + 2) % 3, 0);
    }
    assert_null(run(&one_node));
    assert_us(world.result.last, 0.25 + 2 * 0.25);
}

/* On the board ranks are numbered within their node. */
static void test_board_of_node(void **state)
{
    (void)state;
    const struct sim_layout two = {.ranks_a_node = 2, .repeats = 1};
    begin(4);
    world.program->ranks_a_node = 2;
    for (int i = 0; i < 4; i++) {
        if (i % 2) {
            tri_add_look(world.schedules[i], 0, 1);
        } else {
            tri_add_show(world.schedules[i], 1);
        }
    }
    assert_null(run(&two));
    assert_us(world.result.last, 0.5);
}

/* Ranks 0 and 1 share a core. Rank 0 signals until 0.1; a turn later, at 2.1, rank 1 signals and has 0's message, which
 * came at 1.1; rank 0 has 1's in its next turn, another 2 after 2.3. */
static void test_turns(void **state)
{
    (void)state;
    const struct sim_layout shared = {.ranks_a_node = 64, .cores_a_node = 1, .repeats = 1};
    begin(2);
    for (int i = 0; i < 2; i++) {
        tri_add_signal(world.schedules[i], 1 - i);
        tri_add_await(world.schedules[i], 1 - i);
    }
    assert_null(run(&shared));
    assert_us(world.result.first, 0.1 + 2 + 0.1 + 0.1);
    assert_us(world.result.last, 2.3 + 2 + 0.1);
}

/* A sender that waits for nobody is ahead by then: only its gap counts. */
static void test_repeats(void **state)
{
    (void)state;
    const struct sim_layout ten = {.ranks_a_node = 64, .repeats = 10};
    begin(2);
    send(0, 1, 1000);
    receive(1, 0, 1000);
    assert_null(run(&ten));
    assert_us(world.result.last, 2.2 + 9 * 1.3);
}

/* ---- what does not fit together ---- */

static void test_deadlock(void **state)
{
    (void)state;
    begin(2);
    for (int i = 0; i < 2; i++) {
        receive(i, 1 - i, 8);
        tri_next_round(world.schedules[i]);
        send(i, 1 - i, 8);
    }
    const char *problem = run(&one_node);
    assert_non_null(problem);
    assert_non_null(strstr(problem, "waits for ever for a message from rank"));
}

static void test_left_over(void **state)
{
    (void)state;
    begin(2);
    send(0, 1, 8);
    const char *problem = run(&one_node);
    assert_non_null(problem);
    assert_string_equal(problem, "a message of 8 bytes from rank 0 to 1 is never received");
}

static void test_other_length(void **state)
{
    (void)state;
    begin(2);
    send(0, 1, 8);
    receive(1, 0, 16);
    const char *problem = run(&one_node);
    assert_non_null(problem);
    assert_string_equal(problem, "rank 0 sends 8 bytes to rank 1, which has a receive of 16 bytes");
}

static void test_never_shown(void **state)
{
    (void)state;
    begin(2);
    tri_add_look(world.schedules[0], 1, 0);
    const char *problem = run(&one_node);
    assert_non_null(problem);
    assert_string_equal(problem, "rank 0 waits for ever in round 0 for what rank 1 never shows");
}

static void test_no_such_peer(void **state)
{
    (void)state;
    begin(2);
    send(0, 2, 8);
    const char *problem = run(&one_node);
    assert_non_null(problem);
    assert_string_equal(problem, "a schedule has rank 2 as a peer, and there are 2 ranks");
}

/* ---- parts ---- */

/* In order of time; those of the same time in the order in which they were added. */
static void test_events(void **state)
{
    (void)state;
    enum { COUNT = 3000 };
    struct sim_events events = {0};
    struct sim_event event, last = {.time = -1};
    unsigned random = 1;
    int taken = 0;
    for (int i = 0; i < COUNT; i++) {
        random = random * 1103515245 + 12345;
        sim_events_add(&events, (struct sim_event){.time = last.time + 1 + (random >> 16) % 50, .bytes = i});
        if (random >> 24 & 1) {
            continue;
        }
        assert_true(sim_events_take(&events, &event));
        assert_true(event.time > last.time || (event.time == last.time && event.bytes > last.bytes));
        last = event;
        taken++;
    }
    for (; sim_events_take(&events, &event); taken++) {
        assert_true(event.time > last.time || (event.time == last.time && event.bytes > last.bytes));
        last = event;
    }
    assert_int_equal(taken, COUNT);
    sim_events_free(&events);
}

/* Beyond all growing and closing of gaps each receive gets the oldest message of its pair. */
static void test_pairs(void **state)
{
    (void)state;
    enum { RANKS = 60, EACH = 3 };
    struct sim_pairs pairs = {0};
    struct sim_letter other;
    for (int i = 0; i < RANKS * RANKS * EACH; i++) {
        struct sim_letter letter = {.source = i % RANKS, .target = i / RANKS % RANKS, .kind = SIM_MESSAGE, .bytes = i};
        assert_false(sim_pairs_match(&pairs, &letter, &other));
    }
    for (int i = 0; i < RANKS * RANKS * EACH; i++) {
        int pair = (i * 7) % (RANKS * RANKS);
        struct sim_letter letter = {.source = pair % RANKS, .target = pair / RANKS, .kind = SIM_RECEIVE};
        assert_true(sim_pairs_match(&pairs, &letter, &other));
        assert_int_equal(other.bytes, pair + i / (RANKS * RANKS) * RANKS * RANKS);
    }
    assert_null(sim_pairs_any(&pairs));
    sim_pairs_free(&pairs);
}

/* Ranks that do alike share a shape. */
static void test_shapes(void **state)
{
    (void)state;
    struct sim_question question = {
        .operation = TRI_BARRIER, .ranks = 1000, .layout = {.ranks_a_node = 10, .repeats = 1}, .limit = 1 << 20};
    struct sim_answer answer = sim_question_ask(&question, tri_algorithm_find(TRI_BARRIER, "dissemination"), NULL);
    assert_int_equal(answer.outcome, SIM_DONE);
    assert_int_equal(answer.messages, 1000 * 10);
    assert_int_equal(answer.shapes, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_signal),       cmocka_unit_test(test_between_nodes), cmocka_unit_test(test_gap),
        cmocka_unit_test(test_both_at_once), cmocka_unit_test(test_rounds),        cmocka_unit_test(test_early_message),
        cmocka_unit_test(test_board),        cmocka_unit_test(test_board_of_node), cmocka_unit_test(test_turns),
        cmocka_unit_test(test_repeats),      cmocka_unit_test(test_deadlock),      cmocka_unit_test(test_left_over),
        cmocka_unit_test(test_other_length), cmocka_unit_test(test_never_shown),   cmocka_unit_test(test_no_such_peer),
        cmocka_unit_test(test_events),       cmocka_unit_test(test_pairs),         cmocka_unit_test(test_shapes),
    };
    return cmocka_run_group_tests(tests, start, end);
}

/* The lanes' locks: what each guards, nesting, giving up and taking back, and that nobody waits in a circle. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <pthread.h>
#include <sched.h>
#include <string.h>
#include <unistd.h>

#include "unit.h"

#include "../../src/runtime/lane.h"

enum { THREADS = 4, TURNS = 4000, HANG_SECONDS = 120 };

/* What each lane guards: plain words. */
static struct {
    _Alignas(TRI_CACHE_LINE) int owner; /* number of the thread that is in; 0: none */
    int visits;
} guarded[TRI_LANES];

static _Atomic int intruders;

static void visit(unsigned lanes, int own)
{
    for (int i = 0; i < TRI_LANES; i++) {
        if (lanes >> i & 1) {
            intruders += guarded[i].owner != 0;
            guarded[i].owner = own;
            guarded[i].visits++;
        }
    }
    for (int i = 0; i < TRI_LANES; i++) {
        if (lanes >> i & 1) {
            intruders += guarded[i].owner != own;
            guarded[i].owner = 0;
        }
    }
}

static void start(bool threaded)
{
    memset(guarded, 0, sizeof guarded);
    intruders = 0;
    tri_lane_start(threaded, TRI_LANES);
    for (unsigned lane = 1; lane < TRI_LANES; lane++) {
        tri_lane_use(lane);
    }
}

/* ---- one thread ---- */

static void test_not_threaded(void **state)
{
    (void)state;
    start(false);
    assert_int_equal(tri_lane_count, 1);
    tri_lane_lock(TRI_LANES_ALL);
    assert_int_equal(tri_lane_mine.depth, 0);
    assert_int_equal(tri_lane_held(), 1);
    assert_false(tri_lane_is_wanted());
    tri_lane_unlock();
    tri_lane_end();
}

static void test_what_is_held(void **state)
{
    (void)state;
    start(true);
    tri_lane_lock(1u << 2);
    assert_int_equal(tri_lane_held(), 1u << 2);
    struct tri_lane_hold before = tri_lane_mine;
    assert_true(tri_lane_try(3));
    assert_int_equal(tri_lane_held(), 1u << 2 | 1u << 3);
    tri_lane_return_to(before);
    assert_int_equal(tri_lane_held(), 1u << 2);
    tri_lane_unlock();
    assert_int_equal(tri_lane_held(), 0);
    tri_lane_lock(0);
    assert_int_equal(tri_lane_held(), 0);
    tri_lane_unlock();
    assert_int_equal(tri_lane_mine.depth, 0);
    tri_lane_lock(TRI_LANES_ALL);
    tri_lane_lock(1u << 1);
    tri_lane_unlock();
    assert_int_equal(tri_lane_held(), TRI_LANES_ALL);
    struct tri_lane_hold hold = tri_lane_release();
    assert_int_equal(tri_lane_held(), 0);
    tri_lane_resume(hold);
    assert_int_equal(tri_lane_held(), TRI_LANES_ALL);
    assert_int_equal(tri_lane_mine.depth, 1);
    tri_lane_unlock();
    tri_lane_end();
}

/* All lanes are those in use: others cost nothing. */
static void test_unused_lanes(void **state)
{
    (void)state;
    tri_lane_start(true, TRI_LANES);
    tri_lane_lock(TRI_LANES_ALL);
    assert_int_equal(tri_lane_held(), 1);
    tri_lane_use(2);
    struct tri_lane_hold before = tri_lane_mine;
    tri_lane_visit(2);
    assert_int_equal(tri_lane_held(), 1 | 1u << 2);
    tri_lane_return_to(before);
    assert_int_equal(tri_lane_held(), 1);
    /* Who has asked for all gets those that have come into use meanwhile, too. */
    tri_lane_resume(tri_lane_release());
    assert_int_equal(tri_lane_held(), 1 | 1u << 2);
    tri_lane_unlock();
    tri_lane_end();
}

/* An error handler runs under all locks; behind it the call has those it had, or more. */
static void test_widen(void **state)
{
    (void)state;
    start(true);
    for (unsigned lane = 0; lane < TRI_LANES; lane++) {
        tri_lane_lock(1u << lane);
        struct tri_lane_hold hold = tri_lane_widen();
        assert_int_equal(tri_lane_held(), TRI_LANES_ALL);
        struct tri_lane_hold again = tri_lane_widen();
        tri_lane_narrow(again);
        assert_int_equal(tri_lane_held(), TRI_LANES_ALL);
        tri_lane_narrow(hold);
        assert_true(tri_lane_held() & 1u << lane);
        assert_true(lane == 0 || tri_lane_held() == 1u << lane);
        assert_int_equal(tri_lane_mine.depth, 1);
        tri_lane_unlock();
        assert_int_equal(tri_lane_held(), 0);
    }
    tri_lane_end();
}

static void test_joined(void **state)
{
    (void)state;
    start(true);
    tri_lane_join(true);
    tri_lane_lock(1u << 3);
    assert_int_equal(tri_lane_held(), TRI_LANES_ALL);
    tri_lane_unlock();
    tri_lane_join(false);
    tri_lane_lock(1u << 3);
    assert_int_equal(tri_lane_held(), 1u << 3);
    tri_lane_unlock();
    tri_lane_end();
}

static int ended;

static void end_it(void *object)
{
    assert_ptr_equal(object, &ended);
    assert_true(tri_lane_held() & 1);
    ended++;
}

/* What ends in another lane waits for the first one. */
static void test_left_to_the_first(void **state)
{
    (void)state;
    start(true);
    ended = 0;
    tri_lane_lock(1);
    tri_lane_in_first(end_it, &ended);
    assert_int_equal(ended, 1);
    tri_lane_unlock();
    tri_lane_lock(1u << 2);
    tri_lane_in_first(end_it, &ended);
    tri_lane_in_first(end_it, &ended);
    assert_int_equal(ended, 1);
    assert_true(tri_lane_has_left());
    tri_lane_unlock();
    tri_lane_lock(TRI_LANES_ALL);
    assert_int_equal(tri_lane_run_left(), 2);
    assert_int_equal(ended, 3);
    assert_false(tri_lane_has_left());
    tri_lane_unlock();
    tri_lane_end();
}

/* ---- several ---- */

static _Atomic bool told;

static void *tell_late(void *arg)
{
    while (tri_lanes[2].sleepers == 0) {
        sched_yield();
    }
    tri_lane_lock(1u << 2);
    told = true;
    tri_lane_tell(2);
    tri_lane_unlock();
    return arg;
}

/* Who lies down is woken by what happens in its lane, also before it sleeps; and no longer than its time. */
static void test_sleeping(void **state)
{
    (void)state;
    alarm(HANG_SECONDS);
    start(true);
    for (int i = 0; i < 200; i++) {
        pthread_t thread;
        told = false;
        tri_lane_lock(1u << 2);
        assert_int_equal(pthread_create(&thread, NULL, tell_late, NULL), 0);
        unsigned moves = tri_lane_lie_down(1u << 2);
        struct tri_lane_hold hold = tri_lane_release();
        while (!told) {
            tri_lane_doze(1u << 2, moves, INT64_C(60000000000));
        }
        tri_lane_resume(hold);
        tri_lane_get_up(1u << 2);
        assert_true(moves != tri_lane_moves(1u << 2));
        assert_int_equal(tri_lanes[2].sleepers, 0);
        tri_lane_unlock();
        pthread_join(thread, NULL);
    }
    tri_lane_doze(1u << 2, tri_lane_moves(1u << 2), 1000);
    tri_lane_end();
}

/* As progress does: the lanes that nobody holds, from within one. */
static void care(struct dice *dice, int own)
{
    struct tri_lane_hold before = tri_lane_mine;
    for (unsigned lane = 0; lane < TRI_LANES; lane++) {
        if (!(tri_lane_held() >> lane & 1) && tri_lane_try(lane)) {
            visit(1u << lane, own);
            if (lane == 0 && dice_chance(dice, 30)) {
                /* A callback of the program: who has lane 0 may enter all. */
                tri_lane_lock(TRI_LANES_ALL);
                visit(TRI_LANES_ALL, own);
                tri_lane_unlock();
            }
            tri_lane_return_to(before);
            intruders += tri_lane_held() != before.lanes;
        }
    }
}

static void *come_and_go(void *arg)
{
    int own = (int)(intptr_t)arg;
    struct dice dice = dice_start((uint64_t)own);
    for (int turn = 0; turn < TURNS; turn++) {
        unsigned lane = (unsigned)dice_between(&dice, 0, TRI_LANES - 1);
        tri_lane_lock(dice_chance(&dice, 30) ? TRI_LANES_ALL : 1u << lane);
        visit(tri_lane_held(), own);
        switch (dice_between(&dice, 0, 4)) {
        case 0: care(&dice, own); break;
        case 1: tri_lane_give_way(); break;
        case 2: {
            struct tri_lane_hold hold = tri_lane_widen();
            visit(TRI_LANES_ALL, own);
            tri_lane_narrow(hold);
            break;
        }
        case 3: {
            struct tri_lane_hold hold = tri_lane_release();
            sched_yield();
            tri_lane_resume(hold);
            break;
        }
        default:
            if (tri_lane_held() == TRI_LANES_ALL) {
                tri_lane_join(dice_chance(&dice, 50));
            }
        }
        visit(tri_lane_held(), own);
        tri_lane_unlock();
    }
    return NULL;
}

static void test_threads(void **state)
{
    (void)state;
    alarm(HANG_SECONDS);
    start(true);
    pthread_t threads[THREADS];
    for (int i = 0; i < THREADS; i++) {
        assert_int_equal(pthread_create(&threads[i], NULL, come_and_go, (void *)(intptr_t)(i + 1)), 0);
    }
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
    }
    assert_int_equal(intruders, 0);
    for (int i = 0; i < TRI_LANES; i++) {
        assert_true(guarded[i].visits > TURNS);
        assert_int_equal(tri_lanes[i].wanted, 0);
    }
    tri_lane_join(false);
    tri_lane_end();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_not_threaded), cmocka_unit_test(test_what_is_held),
        cmocka_unit_test(test_unused_lanes), cmocka_unit_test(test_widen),
        cmocka_unit_test(test_joined),       cmocka_unit_test(test_left_to_the_first),
        cmocka_unit_test(test_sleeping),     cmocka_unit_test(test_threads),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Waiting: how each mode spins, yields and sleeps, and many threads that wait under one lane. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <fcntl.h>
#include <linux/futex.h>
#include <pthread.h>
#include <sched.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "unit.h"

#include "../../src/runtime/job.h"
#include "../../src/runtime/lane.h"
#include "../../src/runtime/progress.h"
#include "../../src/runtime/variables.h"
#include "../../src/runtime/wait.h"

enum { AUTO, SPIN, YIELD, SLEEP, MODES, WAITERS = 4, MESSAGES = 400, HANG_SECONDS = 240 };

struct tri_job tri_job;

/* ---- stands in for the variables, and for the transports: letters that a postman brings from outside of the lane ----
 */

static int64_t mode, spin_us;

int64_t tri_variable_number(enum tri_variable_id id)
{
    return id == TRI_VAR_WAIT ? mode : id == TRI_VAR_SPIN_US ? spin_us : 0;
}

static _Atomic int mail[WAITERS];
static int boxes[WAITERS]; /* what tri_progress has taken in: plain, guarded by the lane's lock */
static _Atomic uint32_t asleep;
static int doorbell[2];
static bool use_fd;
static unsigned progressed, armed, disarmed;
static bool endless; /* each call of tri_progress gets something done */

int tri_progress(void)
{
    int events = endless;
    progressed++;
    for (int i = 0; i < WAITERS; i++) {
        int letters = atomic_exchange(&mail[i], 0);
        boxes[i] += letters;
        events += letters;
    }
    if (events) {
        tri_lane_tell(0);
    }
    return events;
}

int tri_progress_arm(uint32_t **futex, uint32_t *value, int fds[TRI_TRANSPORTS_MAX], int *count)
{
    armed++;
    atomic_store(&asleep, 1);
    for (int i = 0; i < WAITERS; i++) {
        if (atomic_load(&mail[i])) {
            return TRI_NO_RESOURCE;
        }
    }
    *count = use_fd;
    fds[0] = doorbell[0];
    *futex = use_fd ? NULL : (uint32_t *)&asleep;
    *value = 1;
    return TRI_OK;
}

void tri_progress_all_next(void)
{
}

void tri_progress_disarm(void)
{
    char drained[16];
    disarmed++;
    atomic_store(&asleep, 0);
    while (use_fd && read(doorbell[0], drained, sizeof drained) > 0) {
    }
}

static void bring(int to)
{
    atomic_fetch_add(&mail[to], 1);
    if (atomic_exchange(&asleep, 0)) {
        if (use_fd) {
            assert_int_equal(write(doorbell[1], "", 1), 1);
        } else {
            syscall(SYS_futex, &asleep, FUTEX_WAKE, 1, NULL, NULL, 0);
        }
    }
}

static void start(int64_t how, bool oversubscribed, bool threaded)
{
    mode = how;
    spin_us = 50;
    tri_job.oversubscribed = oversubscribed;
    memset(boxes, 0, sizeof boxes);
    progressed = armed = disarmed = 0;
    tri_lane_start(threaded, 1);
    tri_wait_start();
}

/* ---- a clock of our own, for who has the core: instead of the C library's, in this program ---- */

static bool own_clock;
static int64_t taken_ns; /* what a yield takes */
static _Atomic int64_t clock_ns;
static _Atomic unsigned yielded;

int clock_gettime(clockid_t id, struct timespec *time)
{
    if (!own_clock) {
        return (int)syscall(SYS_clock_gettime, id, time);
    }
    int64_t ns = clock_ns;
    *time = (struct timespec){.tv_sec = ns / 1000000000, .tv_nsec = ns % 1000000000};
    return 0;
}

int sched_yield(void)
{
    yielded++;
    clock_ns += taken_ns;
    return (int)syscall(SYS_sched_yield);
}

/* Steps of a wait until it yields; a step takes 100 ns. */
static unsigned steps_to_yield(void)
{
    struct tri_wait wait = {0};
    unsigned steps = 0;
    for (yielded = 0; yielded == 0; steps++) {
        clock_ns += 100;
        tri_wait_step(&wait);
    }
    return steps;
}

static void test_crowded(void **state)
{
    (void)state;
    start(AUTO, false, false);
    own_clock = true;
    clock_ns = 1000000;
    taken_ns = 300;
    unsigned alone = steps_to_yield();
    assert_true(alone > 100); /* it spins first */
    assert_int_equal(steps_to_yield(), alone);
    taken_ns = 50000;
    assert_int_equal(steps_to_yield(), alone);
    /* Somebody has had the core meanwhile: no spinning any more, until nobody has wanted it for long. */
    assert_int_equal(steps_to_yield(), 2);
    taken_ns = 300;
    unsigned quick = 0, steps;
    while ((steps = steps_to_yield()) == 2) {
        quick++;
    }
    assert_true(quick > 10 && quick < 1000);
    assert_int_equal(steps, alone);
    taken_ns = 50000;
    assert_int_equal(steps_to_yield(), alone);
    taken_ns = 300;
    assert_int_equal(steps_to_yield(), 2);
    own_clock = false;
    tri_lane_end();
}

/* Who spins without end yields seldom while the core is its own, and at once while others want it. */
static void test_spin_looks(void **state)
{
    (void)state;
    start(SPIN, false, false);
    own_clock = true;
    taken_ns = 300;
    unsigned alone = steps_to_yield();
    assert_in_range(alone, 100, 2000);
    taken_ns = 50000;
    assert_int_equal(steps_to_yield(), alone);
    assert_int_equal(steps_to_yield(), 2);
    taken_ns = 300;
    for (int i = 0; i < 200; i++) {
        steps_to_yield();
    }
    assert_int_equal(steps_to_yield(), alone);
    own_clock = false;
    tri_lane_end();
}

static unsigned yields_of(unsigned calls)
{
    yielded = 0;
    for (unsigned i = 0; i < calls; i++) {
        tri_wait_courtesy();
    }
    return yielded;
}

/* Who only asks, and never waits, also notices that others want its core. */
static void test_courtesy(void **state)
{
    (void)state;
    start(AUTO, false, false);
    own_clock = true;
    taken_ns = 300;
    unsigned alone = yields_of(10000);
    assert_in_range(alone, 1, 100);
    taken_ns = 50000;
    assert_true(yields_of(10000) > 9000);
    taken_ns = 300;
    assert_true(yields_of(10000) < 200);
    tri_lane_end();
    start(AUTO, true, false);
    assert_int_equal(yields_of(100), 100);
    own_clock = false;
    tri_lane_end();
}

/* ---- the modes, with one thread ---- */

static bool wanted; /* another thread seems to stand before the lock all the time */

/* Steps until the first sleep; 0: none in all these steps. The sleep ends at once: a letter is there. */
static unsigned steps_to_sleep(int64_t how, bool oversubscribed, unsigned most)
{
    start(how, oversubscribed, wanted);
    tri_lane_lock(1);
    tri_lanes[0].wanted = wanted;
    struct tri_wait wait = {0};
    unsigned steps = 0;
    use_fd = true;
    while (steps < most && !armed) {
        assert_int_equal(write(doorbell[1], "", 1), 1);
        tri_wait_step(&wait);
        tri_progress_disarm();
        steps++;
    }
    assert_int_equal(progressed, steps);
    use_fd = false;
    tri_lanes[0].wanted = 0;
    tri_lane_unlock();
    tri_lane_end();
    return armed ? steps : 0;
}

static void test_when_modes_sleep(void **state)
{
    (void)state;
    for (int shared = 0; shared < 2; shared++) {
        assert_int_equal(steps_to_sleep(SLEEP, shared, 1000), 1);
        assert_int_equal(steps_to_sleep(SPIN, shared, 20000), 0);
        assert_int_equal(steps_to_sleep(YIELD, shared, 20000), 0);
        assert_true(steps_to_sleep(AUTO, shared, 100000000) > 10);
    }
}

static void test_polls(void **state)
{
    (void)state;
    for (int shared = 0; shared < 2; shared++) {
        for (int64_t how = AUTO; how <= SLEEP; how++) {
            start(how, shared, false);
            assert_true((tri_wait_polls(false) > 1) == (!shared && how != SLEEP));
            assert_true((tri_wait_polls(true) > 1) == (how != SLEEP));
            tri_lane_end();
        }
    }
}

/* Who spins goes on without sleep when others want its core and its lock, however long: it yields to them. */
static void test_crowded_spin(void **state)
{
    (void)state;
    own_clock = true;
    taken_ns = 50000;
    wanted = true;
    yielded = 0;
    assert_int_equal(steps_to_sleep(SPIN, false, 3000), 0);
    assert_true(yielded >= 3000);
    /* Who need not spin sleeps in the end, but not soon: it may wait for a rank that is behind it by milliseconds. */
    assert_int_equal(steps_to_sleep(AUTO, false, 3000), 0);
    assert_true(steps_to_sleep(AUTO, false, 30000) > 0);
    wanted = false;
    own_clock = false;
}

/* Something happened: waiting begins anew, with polling. */
static void test_events_start_anew(void **state)
{
    (void)state;
    start(AUTO, true, false);
    struct tri_wait wait = {0};
    for (int i = 0; i < 20; i++) {
        for (int k = 0; k < 100; k++) {
            tri_wait_step(&wait);
        }
        assert_true(wait.idle > 0);
        bring(0);
        tri_wait_step(&wait);
        assert_int_equal(wait.idle, 0);
        assert_int_equal(wait.deadline, 0);
    }
    assert_int_equal(boxes[0], 20);
    assert_int_equal(armed, 0);
    tri_lane_end();
}

/* ---- threads ---- */

static _Atomic int finished;

static void *postman(void *arg)
{
    struct dice dice = dice_start(5);
    int left[WAITERS], total = WAITERS * MESSAGES;
    (void)arg;
    for (int i = 0; i < WAITERS; i++) {
        left[i] = MESSAGES;
    }
    while (total > 0) {
        int to = (int)dice_between(&dice, 0, WAITERS - 1);
        if (left[to] > 0) {
            left[to]--;
            total--;
            bring(to);
        }
        if (dice_chance(&dice, 10)) {
            usleep((useconds_t)dice_between(&dice, 0, 200));
        }
    }
    return NULL;
}

static _Atomic int wrong_depth;

/* Waits for each of its letters, with the lock taken once or several times. */
static void *waiter(void *arg)
{
    int own = (int)(intptr_t)arg;
    for (int expected = 1; expected <= MESSAGES; expected++) {
        unsigned depth = 1 + (unsigned)(own + expected) % 3;
        for (unsigned i = 0; i < depth; i++) {
            tri_lane_lock(1);
        }
        struct tri_wait wait = {0};
        while (boxes[own] < expected) {
            tri_wait_step(&wait);
            wrong_depth += tri_lane_mine.depth != depth;
        }
        for (unsigned i = 0; i < depth; i++) {
            tri_lane_unlock();
        }
        if (expected % 16 == 0) {
            tri_lane_lock(1);
            tri_wait_courtesy();
            tri_lane_unlock();
        }
    }
    atomic_fetch_add(&finished, 1);
    return NULL;
}

static void run_threads(int64_t how, bool oversubscribed)
{
    start(how, oversubscribed, true);
    pthread_t threads[WAITERS + 1];
    atomic_store(&finished, 0);
    atomic_store(&wrong_depth, 0);
    for (int i = 0; i < WAITERS; i++) {
        assert_int_equal(pthread_create(&threads[i], NULL, waiter, (void *)(intptr_t)i), 0);
    }
    assert_int_equal(pthread_create(&threads[WAITERS], NULL, postman, NULL), 0);
    for (int i = 0; i <= WAITERS; i++) {
        pthread_join(threads[i], NULL);
    }
    assert_int_equal(finished, WAITERS);
    assert_int_equal(wrong_depth, 0);
    assert_int_equal(armed, disarmed);
    assert_true(how != SLEEP || armed > 0);
    for (int i = 0; i < WAITERS; i++) {
        assert_int_equal(boxes[i], MESSAGES);
    }
    tri_lane_end();
}

static void test_threads(void **state)
{
    (void)state;
    for (int how = AUTO; how < MODES; how++) {
        run_threads(how, true);
    }
    run_threads(AUTO, false);
}

static void test_threads_on_descriptors(void **state)
{
    (void)state;
    use_fd = true;
    run_threads(SLEEP, true);
    run_threads(AUTO, true);
    use_fd = false;
}

/* One thread per rank, as most programs are: sleeps and is woken. */
static void test_single_thread(void **state)
{
    (void)state;
    for (int how = AUTO; how < MODES; how++) {
        start(how, true, false);
        pthread_t thread;
        assert_int_equal(pthread_create(&thread, NULL, postman, NULL), 0);
        struct tri_wait wait = {0};
        for (int own = 0; own < WAITERS; own++) {
            while (boxes[own] < MESSAGES) {
                tri_wait_step(&wait);
            }
        }
        pthread_join(thread, NULL);
        assert_int_equal(armed, disarmed);
        tri_lane_end();
    }
}

/* What a thread waits for comes from another that needs the lock for it, however often the first has taken it. */
static int baton;

static void *pass_baton(void *arg)
{
    int own = (int)(intptr_t)arg;
    for (int i = own; i < 2 * MESSAGES; i += 2) {
        tri_lane_lock(1);
        tri_lane_lock(1);
        struct tri_wait wait = {0};
        while (baton != i) {
            tri_wait_step(&wait);
        }
        baton++;
        tri_lane_unlock();
        tri_lane_unlock();
    }
    return NULL;
}

static void test_lock_is_given_up(void **state)
{
    (void)state;
    for (int how = AUTO; how < MODES; how++) {
        start(how, how != SPIN, true);
        baton = 0;
        pthread_t threads[2];
        for (int i = 0; i < 2; i++) {
            assert_int_equal(pthread_create(&threads[i], NULL, pass_baton, (void *)(intptr_t)i), 0);
        }
        for (int i = 0; i < 2; i++) {
            pthread_join(threads[i], NULL);
        }
        assert_int_equal(baton, 2 * MESSAGES);
        tri_lane_end();
    }
}

/* A thread whose long message goes on and on shares the lock, even so. */
static bool was_in;

static void *look_in(void *arg)
{
    tri_lane_lock(1);
    was_in = true;
    tri_lane_unlock();
    return arg;
}

static void test_busy_thread_lets_others_in(void **state)
{
    (void)state;
    for (int how = AUTO; how < MODES; how++) {
        start(how, true, true);
        endless = true;
        was_in = false;
        struct tri_wait wait = {0};
        pthread_t thread;
        tri_lane_lock(1);
        assert_int_equal(pthread_create(&thread, NULL, look_in, NULL), 0);
        while (!was_in) {
            tri_wait_step(&wait);
        }
        tri_lane_unlock();
        pthread_join(thread, NULL);
        endless = false;
        tri_lane_end();
    }
}

static int open_doorbell(void **state)
{
    (void)state;
    alarm(HANG_SECONDS); /* a thread that is never woken would hang the suite */
    return pipe2(doorbell, O_NONBLOCK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_when_modes_sleep),  cmocka_unit_test(test_polls),
        cmocka_unit_test(test_crowded),           cmocka_unit_test(test_courtesy),
        cmocka_unit_test(test_crowded_spin),      cmocka_unit_test(test_spin_looks),
        cmocka_unit_test(test_events_start_anew), cmocka_unit_test(test_single_thread),
        cmocka_unit_test(test_threads),           cmocka_unit_test(test_threads_on_descriptors),
        cmocka_unit_test(test_lock_is_given_up),  cmocka_unit_test(test_busy_thread_lets_others_in),
    };
    return cmocka_run_group_tests(tests, open_doorbell, NULL);
}

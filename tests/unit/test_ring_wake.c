/* Sleeping on shared-memory rings: no wake-up is ever lost, by futex, by pipe, for want of room, or to a ring not
 * polled. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <linux/futex.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "shm_pair.h"

/* After so long asleep, with something there to be woken for, the wake-up counts as lost. */
enum { LOST_SECONDS = 15 };

static _Atomic int lost;
static uint64_t received[2], wrong[2]; /* each used by the thread of its end */
static bool as_fd;

static void check(int end, const struct tri_envelope *envelope, const void *payload, size_t len)
{
    uint64_t number = received[end]++, seed = (uint64_t)(1 - end);
    wrong[end] += envelope->context != (uint32_t)number || len != packet_len(seed, number) ||
                  !packet_is(seed, number, payload, len);
}

static void deliver_0(unsigned lane, int peer, const struct tri_envelope *envelope, const void *payload, size_t len)
{
    assert_int_equal(lane, 0);
    (void)peer;
    check(0, envelope, payload, len);
}

static void deliver_1(unsigned lane, int peer, const struct tri_envelope *envelope, const void *payload, size_t len)
{
    assert_int_equal(lane, 0);
    (void)peer;
    check(1, envelope, payload, len);
}

static void start(uint32_t cells, int ranks, bool fences)
{
    memset(received, 0, sizeof received);
    memset(wrong, 0, sizeof wrong);
    atomic_store(&lost, 0);
    const struct pair_options options = {.cells = cells, .data = 65536, .ranks = ranks, .fences = fences};
    pair_open(&options, deliver_0, deliver_1);
}

/* Whether it was woken, and not by the time. */
static bool sleep_on(const struct tri_wakeup *wakeup)
{
    if (wakeup->futex) {
        struct timespec limit = {.tv_sec = LOST_SECONDS};
        return syscall(SYS_futex, wakeup->futex, FUTEX_WAIT, wakeup->value, &limit, NULL, 0) == 0 ||
               atomic_load((_Atomic uint32_t *)wakeup->futex) != wakeup->value;
    }
    struct pollfd fd = {.fd = wakeup->fd, .events = POLLIN};
    return poll(&fd, 1, LOST_SECONDS * 1000) == 1;
}

/* Small numbers as often as large ones, so that two ranks meet at every distance from each other. */
static int64_t any_scale(struct dice *dice, int bits)
{
    return dice_between(dice, 0, INT64_C(1) << dice_between(dice, 0, bits));
}

/* One step of a waiting rank: progress, and after some in vain sleep until there is some. */
static void step(struct pair_end *end, int64_t *polls_left)
{
    if (end->ops->progress(0) > 0 || --*polls_left > 0) {
        return;
    }
    *polls_left = any_scale(&end->dice, 12);
    struct tri_wakeup wakeup;
    if (end->ops->arm(as_fd, &wakeup) == TRI_OK && !sleep_on(&wakeup) &&
        (end->pending() || (end->state->lanes[0].starved && end->has_room(end->ep)))) {
        atomic_store(&lost, 1);
    }
    end->ops->disarm();
}

static void pause_a_little(struct dice *dice)
{
    for (int64_t i = any_scale(dice, 11); i > 0; i--) {
        tri_cpu_relax();
    }
}

static uint64_t rounds;

/* One packet to and fro: whoever waits has nothing else to be woken by. */
static void *bounce(void *arg)
{
    struct pair_end *end = arg;
    int rank = end->host.rank;
    int64_t polls_left = 1;
    for (uint64_t i = 0; i < rounds && !atomic_load(&lost); i++) {
        if (rank == 0) {
            pause_a_little(&end->dice);
            while (packet_send(end, 0, i) != TRI_OK && !atomic_load(&lost)) {
                step(end, &polls_left);
            }
        }
        while (received[rank] <= i && !atomic_load(&lost)) {
            step(end, &polls_left);
        }
        if (rank == 1) {
            pause_a_little(&end->dice);
            while (packet_send(end, 1, i) != TRI_OK && !atomic_load(&lost)) {
                step(end, &polls_left);
            }
        }
    }
    return NULL;
}

/* Rank 0 sends without end and sleeps when the ring is full; rank 1 sleeps when it is empty. */
static void *stream(void *arg)
{
    struct pair_end *end = arg;
    int64_t polls_left = 1;
    for (uint64_t i = 0; i < rounds && !atomic_load(&lost); i++) {
        if (end->host.rank == 1) {
            while (received[1] <= i && !atomic_load(&lost)) {
                step(end, &polls_left);
            }
        } else {
            while (packet_send(end, 0, i) != TRI_OK && !atomic_load(&lost)) {
                step(end, &polls_left);
            }
        }
        if (dice_chance(&end->dice, 5)) {
            pause_a_little(&end->dice);
        }
    }
    return NULL;
}

static void run(void *(*body)(void *), uint64_t count)
{
    pthread_t threads[2];
    rounds = count;
    for (int i = 0; i < 2; i++) {
        assert_int_equal(pthread_create(&threads[i], NULL, body, &pair_ends[i]), 0);
    }
    for (int i = 0; i < 2; i++) {
        pthread_join(threads[i], NULL);
    }
    if (atomic_load(&lost)) {
        fail_msg("a rank slept on although something was there to be woken for");
    }
    assert_int_equal(received[1], count);
    assert_int_equal(wrong[0] + wrong[1], 0);
    assert_int_equal(pair_failures, 0);
    pair_close();
}

static uint32_t sleeping(const struct pair_end *end)
{
    return atomic_load(&end->state->areas[end->state->index].sleeping);
}

/* The contract of arm, step by step: what is there already, what comes, and that nothing is left behind. */
static void test_arm(void **state)
{
    (void)state;
    start(16, 2, false);
    struct pair_end *from = &pair_ends[0], *to = &pair_ends[1];
    struct tri_wakeup wakeup;
    for (uint64_t i = 0; i < 40; i += 2) {
        bool fd = i % 4 == 0;
        assert_int_equal(packet_send(from, 0, i), TRI_OK);
        assert_int_equal(to->ops->arm(fd, &wakeup), TRI_NO_RESOURCE);
        to->ops->disarm();
        assert_int_equal(to->ops->progress(0), 1);
        assert_int_equal(to->ops->arm(fd, &wakeup), TRI_OK);
        assert_true(fd ? wakeup.fd >= 0 && !wakeup.futex : wakeup.fd == -1 && *wakeup.futex == wakeup.value);
        struct pollfd poll_fd = {.fd = wakeup.fd, .events = POLLIN};
        assert_int_equal(poll(&poll_fd, 1, 0), 0);
        assert_int_equal(packet_send(from, 0, i + 1), TRI_OK);
        assert_int_equal(sleeping(to), SHM_AWAKE);
        assert_int_equal(poll(&poll_fd, 1, 0), fd);
        to->ops->disarm();
        assert_int_equal(poll(&poll_fd, 1, 0), 0);
        assert_int_equal(to->ops->progress(0), 1);
    }
    assert_int_equal(wrong[1], 0);
    pair_close();
}

/* The same for a producer that waits for room. */
static void test_arm_for_room(void **state)
{
    (void)state;
    start(16, 2, false);
    struct pair_end *from = &pair_ends[0], *to = &pair_ends[1];
    struct tri_wakeup wakeup;
    uint64_t sent = 0;
    for (int i = 0; i < 40; i++) {
        while (packet_send(from, 0, sent) == TRI_OK) {
            sent++;
        }
        assert_int_equal(from->ops->arm(false, &wakeup), TRI_OK);
        assert_int_equal(sleeping(from), SHM_ON_FUTEX);
        while (to->ops->progress(0) > 0) {
        }
        assert_int_equal(sleeping(from), SHM_AWAKE);
        from->ops->disarm();
        assert_int_equal(from->ops->arm(false, &wakeup), TRI_NO_RESOURCE);
        from->ops->disarm();
    }
    assert_int_equal(received[1], sent);
    assert_int_equal(wrong[1], 0);
    pair_close();
}

static void test_futex(void **state)
{
    (void)state;
    as_fd = false;
    start(256, 2, false);
    run(bounce, 20000);
}

static void test_futex_with_fences(void **state)
{
    (void)state;
    as_fd = false;
    start(256, 2, true);
    run(bounce, 20000);
}

static void test_pipe(void **state)
{
    (void)state;
    as_fd = true;
    start(256, 2, false);
    run(bounce, 20000);
}

static void test_full_ring(void **state)
{
    (void)state;
    as_fd = false;
    start(16, 2, false);
    run(stream, 20000);
    as_fd = true;
    start(16, 2, true);
    run(stream, 20000);
}

/* Nine rings and more have something at first: those that stay empty are not polled any more. */
static void light_all(struct pair_end *end, int count)
{
    atomic_fetch_or(&end->state->areas[end->state->index].active[0][0], (UINT64_C(1) << count) - 1);
}

static void test_idle_rings_are_dropped(void **state)
{
    (void)state;
    start(16, PAIR_RANKS_MAX, false);
    _Atomic uint64_t *active = &pair_ends[1].state->areas[1].active[0][0];
    light_all(&pair_ends[1], PAIR_RANKS_MAX);
    for (uint64_t i = 0; i < 5; i++) {
        for (int polls = 0; polls < 100000 && atomic_load(active); polls++) {
            assert_int_equal(pair_ends[1].ops->progress(0), 0);
            light_all(&pair_ends[1], polls < 100 ? PAIR_RANKS_MAX : 0);
        }
        assert_int_equal(atomic_load(active), 0);
        assert_int_equal(packet_send(&pair_ends[0], 0, i), TRI_OK);
        assert_int_equal(atomic_load(active), 1);
        assert_true(pair_ends[1].pending());
        assert_int_equal(pair_ends[1].ops->progress(0), 1);
        assert_int_equal(received[1], i + 1);
    }
    pair_close();
}

/* The same while the producer sends, just when the receiver stops polling its ring: after DROP_POLLS in vain. */
enum { DROP_POLLS = 4096, POLLS_IN_VAIN = 10000000 };

static _Atomic uint64_t polls, acknowledged;

static void *send_at_the_drop(struct pair_end *end)
{
    for (uint64_t i = 0; i < rounds && !atomic_load(&lost); i++) {
        uint64_t at = (uint64_t)dice_between(&end->dice, DROP_POLLS - 12, DROP_POLLS + 8);
        while (atomic_load(&polls) < at && !atomic_load(&lost)) {
            tri_cpu_relax();
        }
        (void)packet_send(end, 0, i);
        while (atomic_load(&acknowledged) <= i && !atomic_load(&lost)) {
            sched_yield();
        }
    }
    return NULL;
}

static void *poll_until_dropped(void *arg)
{
    struct pair_end *end = arg;
    if (end->host.rank == 0) {
        return send_at_the_drop(end);
    }
    for (uint64_t i = 0; i < rounds && !atomic_load(&lost); i++) {
        light_all(end, PAIR_RANKS_MAX);
        atomic_store(&polls, 0);
        while (received[1] <= i && !atomic_load(&lost)) {
            (void)end->ops->progress(0);
            if (atomic_fetch_add(&polls, 1) > 2 * DROP_POLLS) {
                sched_yield();
            }
            atomic_store(&lost, atomic_load(&polls) > POLLS_IN_VAIN);
        }
        atomic_store(&acknowledged, i + 1);
    }
    return NULL;
}

static void test_packet_into_dropped_ring(void **state)
{
    (void)state;
    atomic_store(&polls, 0);
    atomic_store(&acknowledged, 0);
    start(64, PAIR_RANKS_MAX, false);
    run(poll_until_dropped, 1000);
}

/* Who sleeps may be woken by something else and end before the ring comes: that is no broken pipe. */
static void test_gone(void **state)
{
    (void)state;
    start(64, 2, false);
    struct pair_end *waker = &pair_ends[0], *sleeper = &pair_ends[1];
    struct tri_wakeup wakeup;
    assert_int_equal(sleeper->ops->arm(true, &wakeup), TRI_OK);
    waker->ops->wake(1); /* opens the pipe */
    assert_true(sleep_on(&wakeup));
    sleeper->ops->disarm();
    assert_int_equal(sleeper->ops->arm(true, &wakeup), TRI_OK);
    close(sleeper->state->pipe[0]);
    close(sleeper->state->pipe[1]);
    waker->ops->wake(1);
    assert_int_equal(pipe(sleeper->state->pipe), 0); /* for pair_close */
    pair_close();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_arm),
        cmocka_unit_test(test_arm_for_room),
        cmocka_unit_test(test_futex),
        cmocka_unit_test(test_futex_with_fences),
        cmocka_unit_test(test_pipe),
        cmocka_unit_test(test_full_ring),
        cmocka_unit_test(test_idle_rings_are_dropped),
        cmocka_unit_test(test_packet_into_dropped_ring),
        cmocka_unit_test(test_gone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

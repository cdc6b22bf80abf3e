/* The lanes' locks, and sleeping until something happens in one. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "lane.h"

#include <pthread.h>
#include <sched.h>
#include <stdlib.h>
#include <time.h>

#include "object.h"

struct tri_lane tri_lanes[TRI_LANES];
bool tri_lane_threaded;
unsigned tri_lane_count = 1;
_Atomic unsigned tri_lane_used = 1;
TRI_THREAD_LOCAL struct tri_lane_hold tri_lane_mine;

struct tri_lane_errand {
    struct tri_lane_errand *next;
    void (*end)(void *object);
    void *object;
};
struct tri_lane_errand *_Atomic tri_lane_left;

static bool joined; /* read under the lock of any lane, written under those of all */

void tri_lane_start(bool threaded, unsigned count)
{
    tri_lane_count = threaded ? count : 1;
    tri_lane_used = 1;
    tri_lane_threaded = threaded;
}

void tri_lane_end(void)
{
    tri_lane_threaded = false;
}

/* ---- locks ---- */

/* Acquire, pairs with the release in unlock: what the last owner did is seen. */
static bool try_lock(struct tri_lane *lane)
{
    return !atomic_load_explicit(&lane->taken, memory_order_relaxed) &&
           !atomic_exchange_explicit(&lane->taken, true, memory_order_acquire);
}

/* The lanes, a bit each. */
static void unlock(unsigned lanes)
{
    tri_lane_mine.lanes &= ~lanes;
    for (; lanes; lanes &= lanes - 1) {
        atomic_store_explicit(&tri_lanes[__builtin_ctz(lanes)].taken, false, memory_order_release);
    }
}

/* The owner gives it up as soon as it is seen to be wanted, or is in a callback of the program: nothing is gained by
 * waiting in the kernel, and the owner would have to look after those who do each time it gives it up. */
static void stand_before(struct tri_lane *lane)
{
    enum { SPINS = 100, YIELDS = 5000, NAP_NS = 50000 };
    atomic_fetch_add_explicit(&lane->wanted, 1, memory_order_relaxed);
    for (unsigned vain = 0; !try_lock(lane); vain++) {
        if (vain < SPINS) {
            tri_cpu_relax();
        } else if (vain < YIELDS) {
            sched_yield();
        } else {
            nanosleep(&(struct timespec){.tv_nsec = NAP_NS}, NULL);
        }
    }
    atomic_fetch_sub_explicit(&lane->wanted, 1, memory_order_relaxed);
    atomic_fetch_add_explicit(&lane->turns, 1, memory_order_relaxed);
}

static void lock(unsigned index)
{
    struct tri_lane *lane = &tri_lanes[index];
    if (TRI_UNLIKELY(!try_lock(lane))) {
        stand_before(lane);
    }
    tri_lane_mine.lanes |= 1u << index;
}

/* Lane 0 first: who has it is the only one to block for others, and no lane comes into use meanwhile. */
static void lock_all(void)
{
    if (!(tri_lane_mine.lanes & 1)) {
        lock(0);
    }
    unsigned missing = atomic_load_explicit(&tri_lane_used, memory_order_relaxed) & ~tri_lane_mine.lanes;
    for (; missing; missing &= missing - 1) {
        lock((unsigned)__builtin_ctz(missing));
    }
    tri_lane_mine.all = true;
}

static void unlock_all(void)
{
    unlock(tri_lane_mine.lanes);
    tri_lane_mine.all = false;
}

void tri_lane_take(unsigned lanes)
{
    tri_lane_mine.depth++;
    if (lanes == TRI_LANES_ALL) {
        lock_all();
    } else if (lanes & ~tri_lane_mine.lanes) {
        lock((unsigned)__builtin_ctz(lanes));
        if (TRI_UNLIKELY(joined && !(tri_lane_mine.lanes & 1))) {
            unlock_all();
            lock_all();
        }
    }
}

void tri_lane_give(void)
{
    if (--tri_lane_mine.depth == 0) {
        unlock_all();
    }
}

bool tri_lane_try(unsigned lane)
{
    if (!try_lock(&tri_lanes[lane])) {
        return false;
    }
    tri_lane_mine.lanes |= 1u << lane;
    return true;
}

void tri_lane_visit(unsigned lane)
{
    if (tri_lane_threaded && !(tri_lane_mine.lanes >> lane & 1)) {
        lock(lane);
    }
}

void tri_lane_return_to(struct tri_lane_hold before)
{
    unlock(tri_lane_mine.lanes & ~before.lanes);
    tri_lane_mine.all = before.all;
}

void tri_lane_use(unsigned lane)
{
    /* Release, pairs with the acquire in tri_progress: what the lane consists of is there. */
    atomic_fetch_or_explicit(&tri_lane_used, 1u << lane, memory_order_release);
}

void tri_lane_join(bool join)
{
    joined = join;
}

/* ---- errands ---- */

void tri_lane_in_first(void (*end)(void *object), void *object)
{
    if (tri_lane_held() & 1) {
        end(object);
        return;
    }
    struct tri_lane_errand *errand = tri_memory_take(sizeof *errand);
    *errand = (struct tri_lane_errand){.end = end, .object = object};
    errand->next = atomic_load_explicit(&tri_lane_left, memory_order_relaxed);
    /* Release, pairs with the acquire in tri_lane_run_left: what this lane did to the object is seen there. */
    while (!atomic_compare_exchange_weak_explicit(&tri_lane_left, &errand->next, errand, memory_order_release,
                                                  memory_order_relaxed)) {
    }
}

int tri_lane_run_left(void)
{
    int count = 0;
    struct tri_lane_errand *errand = atomic_exchange_explicit(&tri_lane_left, NULL, memory_order_acquire);
    while (errand) {
        struct tri_lane_errand *next = errand->next;
        errand->end(errand->object);
        free(errand);
        errand = next;
        count++;
    }
    return count;
}

/* ---- giving up and taking back ---- */

struct tri_lane_hold tri_lane_release(void)
{
    struct tri_lane_hold hold = tri_lane_mine;
    unlock_all();
    tri_lane_mine.depth = 0;
    return hold;
}

void tri_lane_resume(struct tri_lane_hold hold)
{
    if (hold.depth) {
        tri_lane_take(hold.all ? TRI_LANES_ALL : hold.lanes);
        tri_lane_mine.depth = hold.depth;
    }
}

static unsigned turns_of(unsigned lanes)
{
    unsigned turns = 0;
    for (; lanes; lanes &= lanes - 1) {
        turns += atomic_load_explicit(&tri_lanes[__builtin_ctz(lanes)].turns, memory_order_relaxed);
    }
    return turns;
}

void tri_lane_give_way(void)
{
    enum { PATIENCE = 200 }; /* yields: more than it takes to wake a thread that has a core */
    unsigned lanes = tri_lane_mine.lanes, turns = turns_of(lanes);
    struct tri_lane_hold hold = tri_lane_release();
    for (int i = 0; i < PATIENCE && turns == turns_of(lanes); i++) {
        sched_yield();
    }
    tri_lane_resume(hold);
}

struct tri_lane_hold tri_lane_widen(void)
{
    struct tri_lane_hold hold = tri_lane_mine;
    hold.widened = tri_lane_threaded;
    if (hold.widened) {
        if (!(hold.lanes & 1)) {
            tri_lane_release();
        }
        tri_lane_take(TRI_LANES_ALL);
    }
    return hold;
}

void tri_lane_narrow(struct tri_lane_hold hold)
{
    if (hold.widened) {
        tri_lane_give();
        if (!(hold.lanes & 1)) {
            tri_lane_resume(hold);
        }
    }
}

/* ---- sleeping ---- */

static pthread_mutex_t bed_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t moved = PTHREAD_COND_INITIALIZER;

void tri_lane_wake_sleepers(unsigned lane)
{
    atomic_fetch_add_explicit(&tri_lanes[lane].moves, 1, memory_order_relaxed);
    /* With the lock: a sleeper has either not looked at the moves yet, or sleeps already. */
    pthread_mutex_lock(&bed_lock);
    pthread_cond_broadcast(&moved);
    pthread_mutex_unlock(&bed_lock);
}

unsigned tri_lane_moves(unsigned lanes)
{
    unsigned moves = 0;
    for (; lanes; lanes &= lanes - 1) {
        moves += atomic_load_explicit(&tri_lanes[__builtin_ctz(lanes)].moves, memory_order_relaxed);
    }
    return moves;
}

unsigned tri_lane_lie_down(unsigned lanes)
{
    for (unsigned left = lanes; left; left &= left - 1) {
        atomic_fetch_add_explicit(&tri_lanes[__builtin_ctz(left)].sleepers, 1, memory_order_relaxed);
    }
    return tri_lane_moves(lanes);
}

void tri_lane_get_up(unsigned lanes)
{
    for (; lanes; lanes &= lanes - 1) {
        atomic_fetch_sub_explicit(&tri_lanes[__builtin_ctz(lanes)].sleepers, 1, memory_order_relaxed);
    }
}

void tri_lane_doze(unsigned lanes, unsigned moves, int64_t most)
{
    struct timespec limit;
    clock_gettime(CLOCK_REALTIME, &limit);
    limit.tv_nsec += most;
    limit.tv_sec += limit.tv_nsec / 1000000000;
    limit.tv_nsec %= 1000000000;
    pthread_mutex_lock(&bed_lock);
    if (moves == tri_lane_moves(lanes)) {
        pthread_cond_timedwait(&moved, &bed_lock, &limit);
    }
    pthread_mutex_unlock(&bed_lock);
}

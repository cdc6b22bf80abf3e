/* Spin, yield, sleep. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "wait.h"

#include <linux/futex.h>
#include <poll.h>
#include <sched.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "clock.h"
#include "counters.h"
#include "home.h"
#include "job.h"
#include "lane.h"
#include "progress.h"
#include "variables.h"

enum { AUTO, SPIN, YIELD, SLEEP }; /* order of the choices in the variables table */

/* Upper bound of one sleep, milliseconds. A look once a second costs nothing. With several threads it is short: what
 * another thread queues meanwhile (a message to the own rank, a send that found its ring full) rings no doorbell. */
enum { SLEEP_MS = 1000, SLEEP_THREADED_MS = 2 };

/* Short sleeps in vain grow twofold this many times, each after so many. Where many threads wait, their looks could
 * take all cores for good: the scheduler prefers who sleeps to who yields, and all may be waiting for one that yields.
 * What rings no doorbell is then seen that much later. */
enum { SLEEP_GROWS = 2, SLEEP_GROWS_AFTER = 8 };

static struct {
    unsigned polls;           /* polls before the clock is looked at, or before the first yield */
    unsigned polls_elsewhere; /* the same, when all that is waited for is one rank on another core */
    int64_t spin_ns;          /* how long to spin with a core of one's own */
    unsigned yields;          /* yields in vain before sleeping; UINT_MAX: never sleep */
} policy;

/* So long a thread may go on with a long message while others want the lock. */
enum { HOLD_NS = 200000 };

/* A yield that nobody takes returns in well under a microsecond. But the scheduler also returns at once to one that has
 * had less than its share, although others wait: only many such yields in a row mean that the core is free. */
enum { CROWDED_NS = 2000, CROWDED_FOR = 64 };
static _Atomic int crowded; /* yields that are to return at once before this core counts as one's own again; a hint */

void tri_wait_start(void)
{
    int64_t mode = tri_variable_number(TRI_VAR_WAIT);
    bool alone = !tri_job.oversubscribed;
    /* On a shared core each further poll keeps the one away that would send what is waited for. */
    policy.polls = alone ? 32 : 1;
    /* A rank that runs on another core is often about to show something, which takes less time than two switches. */
    policy.polls_elsewhere = TRI_MAX(policy.polls, 8);
    policy.spin_ns = alone || mode == SPIN ? tri_variable_number(TRI_VAR_SPIN_US) * 1000 : 0;
    /* A yield costs little more than a poll when nobody else wants the core, and saves a time slice when somebody does:
     * another job, or the very rank that is waited for. With shared cores the others' turns come in between: as many
     * yields in vain mean that everybody waits. Where ranks of several nodes share a machine, and do not know it, who
     * sleeps soon makes it worse: in the scheduler's account those who slept and those who yielded drift apart by
     * milliseconds, some wait as long for their turn, the others sleep meanwhile, and so on. So many yields take longer
     * than that; where none slept it was never seen. */
    policy.yields = alone ? 10000 : 200;
    crowded = 0;
    if (mode == SPIN) {
        /* On a crowded core it yields instead. It must not sleep: who wakes from behind another's sleep does not show
         * in a lane's wanted, so that who spins would never let it have the lock. */
        policy.spin_ns = INT64_MAX;
        policy.yields = UINT32_MAX;
    } else if (mode == YIELD) {
        policy.yields = UINT32_MAX;
    } else if (mode == SLEEP) {
        policy.polls = policy.polls_elsewhere = policy.yields = 0;
        policy.spin_ns = 0;
    }
}

/* Times as long as the first. */
static int growth(unsigned vain)
{
    return 1 << TRI_MIN(vain / SLEEP_GROWS_AFTER, SLEEP_GROWS);
}

static void sleep_on(uint32_t *futex, uint32_t value, const int *fds, int count, unsigned vain)
{
    int most = tri_lane_threaded ? SLEEP_THREADED_MS * growth(vain) : SLEEP_MS;
    if (count == 0 && futex) {
        struct timespec limit = {.tv_sec = most / 1000, .tv_nsec = most % 1000 * 1000000};
        syscall(SYS_futex, futex, FUTEX_WAIT, value, &limit, NULL, 0);
        return;
    }
    struct pollfd polls[TRI_TRANSPORTS_MAX];
    for (int i = 0; i < count; i++) {
        polls[i] = (struct pollfd){.fd = fds[i], .events = POLLIN};
    }
    poll(polls, (nfds_t)count, most);
}

/* One thread of the process at a time sleeps in the transports, for all lanes; others sleep until somebody gets on in
 * their lane. */
static _Atomic bool bed_taken;

/* So long a thread sleeps behind the one in the transports, at first. */
enum { DOZE_NS = 1000000 };

/* Whether it came to sleeping. */
static bool sleep_in_transports(unsigned vain)
{
    bool slept = false;
    uint32_t *futex, value;
    int fds[TRI_TRANSPORTS_MAX], count;
    if (tri_progress_arm(&futex, &value, fds, &count) == TRI_OK) {
        struct tri_lane_hold hold = tri_lane_release();
        sleep_on(futex, value, fds, count, vain);
        tri_lane_resume(hold);
        slept = true;
    }
    tri_progress_disarm();
    return slept;
}

/* With the locks of all lanes: a packet of any lane ends the sleep. */
static bool sleep_for_all(unsigned lanes, unsigned moves, unsigned vain)
{
    tri_lane_lock(TRI_LANES_ALL);
    bool slept = moves == tri_lane_moves(lanes) && sleep_in_transports(vain);
    tri_lane_unlock();
    return slept;
}

/* The caller counts as a sleeper before it gives up its lanes: whoever gets on there later sees it, and moves on what
 * is compared. */
static bool sleep_with_threads(unsigned vain)
{
    bool slept = true;
    unsigned lanes = tri_lane_mine.lanes, moves = tri_lane_lie_down(lanes);
    struct tri_lane_hold hold = tri_lane_release();
    /* Relaxed: the flag only says who goes to bed; what that thread does is ordered by the lanes' locks. */
    if (!atomic_exchange_explicit(&bed_taken, true, memory_order_relaxed)) {
        slept = sleep_for_all(lanes, moves, vain);
        atomic_store_explicit(&bed_taken, false, memory_order_relaxed);
    } else {
        tri_lane_doze(lanes, moves, DOZE_NS * growth(vain));
    }
    tri_lane_resume(hold);
    tri_lane_get_up(lanes);
    return slept;
}

/* After so many sleeps in vain. */
static void sleep_once(unsigned vain)
{
    int64_t start = tri_clock_ns();
    if (!(tri_lane_threaded ? sleep_with_threads(vain) : sleep_in_transports(vain))) {
        return;
    }
    tri_home_slept();
    const struct tri_event_slept slept = {.nanoseconds = tri_clock_ns() - start};
    tri_counters_here()->sleeps++;
    tri_counters_here()->sleep_ns += (uint64_t)slept.nanoseconds;
    if (tri_event_is_wanted(TRI_EVENT_SLEPT)) {
        tri_event_raise(TRI_EVENT_SLEPT, &slept);
    }
}

/* A yield that takes long has given the core to somebody: another job, or ranks of nodes that share a machine and do
 * not know it. From then on each wait yields at once, until many yields have returned quickly. */
static void yield(void)
{
    tri_counters_here()->yields++;
    struct tri_lane_hold hold = tri_lane_release();
    bool timed = policy.spin_ns || tri_home_on_trial();
    int64_t start = timed ? tri_clock_ns() : 0;
    sched_yield();
    int64_t ns = timed ? tri_clock_ns() - start : 0;
    bool taken = policy.spin_ns && ns > CROWDED_NS;
    tri_lane_resume(hold);
    int left = atomic_load_explicit(&crowded, memory_order_relaxed);
    atomic_store_explicit(&crowded, taken ? CROWDED_FOR : TRI_MAX(left - 1, 0), memory_order_relaxed);
    tri_home_yielded(ns);
    tri_progress_all_next();
}

/* Steps after which who spins without end yields once, to find out whether somebody else wants the core: it may be the
 * very rank that is waited for. Between nodes, where a step is a system call, that is after 0.2 ms. */
enum { SPIN_YIELDS_EVERY = 512 };

/* Whether the time for spinning is not over yet; looks at the clock once in a while. */
static bool still_spinning(struct tri_wait *wait)
{
    if (wait->deadline < 0) {
        return false;
    }
    if (wait->deadline == INT64_MAX) {
        return wait->idle % SPIN_YIELDS_EVERY != 0;
    }
    if (wait->deadline == 0) {
        wait->deadline = policy.spin_ns == INT64_MAX ? INT64_MAX : tri_clock_ns() + policy.spin_ns;
    } else if (wait->idle % 64 == 0 && tri_clock_ns() > wait->deadline) {
        wait->deadline = -1;
        wait->idle = policy.polls;
        return false;
    }
    return true;
}

static void idle_step(struct tri_wait *wait)
{
    if (wait->idle == 0) {
        tri_counters_here()->waits++;
    }
    bool alone = atomic_load_explicit(&crowded, memory_order_relaxed) == 0;
    unsigned polls = alone ? policy.polls : 1;
    if (++wait->idle <= polls) {
        return;
    }
    if (policy.spin_ns && alone && still_spinning(wait)) {
        tri_cpu_relax();
    } else if (wait->idle - polls <= policy.yields) {
        yield();
    } else {
        sleep_once(wait->idle - polls - policy.yields - 1);
    }
}

/* Something is done in every step, and the lock would be held to the end of it all. */
static void let_others_in(struct tri_wait *wait)
{
    int64_t time = tri_clock_ns();
    if (!wait->awaited) {
        wait->awaited = time;
    } else if (time - wait->awaited > HOLD_NS) {
        wait->awaited = 0;
        tri_lane_give_way();
    }
}

void tri_wait_step(struct tri_wait *wait)
{
    if (tri_progress() > 0) {
        wait->idle = 0;
        wait->deadline = 0;
        if (TRI_UNLIKELY(tri_lane_is_wanted())) {
            let_others_in(wait);
        }
        return;
    }
    if (TRI_UNLIKELY(tri_lane_is_wanted())) {
        /* The thread that would complete this wait may be the one that needs the lock. */
        yield();
    }
    idle_step(wait);
}

unsigned tri_wait_polls(bool elsewhere)
{
    unsigned polls = elsewhere ? policy.polls_elsewhere : policy.polls;
    return TRI_MAX(polls, 1);
}

bool tri_wait_is_alone(void)
{
    return !tri_job.oversubscribed && atomic_load_explicit(&crowded, memory_order_relaxed) == 0;
}

/* With a core of one's own the yields are few: they only find out whether it is still that. A program that asks again
 * and again would have whole time slices while those who wait yield after microseconds. */
enum { COURTESY_EVERY = 256 };

void tri_wait_courtesy(void)
{
    static TRI_THREAD_LOCAL unsigned asked;
    if (!tri_wait_is_alone() || ++asked % COURTESY_EVERY == 0) {
        yield();
    }
}

/* Spin, yield, sleep. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "wait.h"

#include <linux/futex.h>
#include <poll.h>
#include <sched.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "counters.h"
#include "job.h"
#include "lane.h"
#include "progress.h"
#include "variables.h"

enum { AUTO, SPIN, YIELD, SLEEP }; /* order of the choices in the variables table */

/* Upper bound of one sleep, milliseconds. A look once a second costs nothing. With several threads it is short: what
 * another thread queues meanwhile (a message to the own rank, a send that found its ring full) rings no doorbell. */
enum { SLEEP_MS = 1000, SLEEP_THREADED_MS = 2 };

static struct {
    unsigned polls;  /* polls before the clock is looked at, or before the first yield */
    int64_t spin_ns; /* how long to spin with a core of one's own */
    unsigned yields; /* yields in vain before sleeping; UINT_MAX: never sleep */
} policy;

/* So long a thread may go on with a long message while others want the lock. */
enum { HOLD_NS = 200000 };

/* A yield that nobody takes returns in well under a microsecond. But the scheduler also returns at once to one that has
 * had less than its share, although others wait: only many such yields in a row mean that the core is free. */
enum { CROWDED_NS = 2000, CROWDED_FOR = 64 };
static int crowded; /* yields that are to return at once before this core counts as one's own again */

void tri_wait_start(void)
{
    int64_t mode = tri_variable_number(TRI_VAR_WAIT);
    bool alone = !tri_job.oversubscribed;
    /* On a shared core each further poll keeps the one away that would send what is waited for. */
    policy.polls = alone ? 32 : 1;
    policy.spin_ns = alone || mode == SPIN ? tri_variable_number(TRI_VAR_SPIN_US) * 1000 : 0;
    /* A yield costs little more than a poll when nobody else wants the core, and saves a time slice when somebody does:
     * another job, or the very rank that is waited for. With shared cores the others' turns come in between: as many
     * yields in vain mean that everybody waits. */
    policy.yields = alone ? 1000 : 200;
    crowded = 0;
    if (mode == SPIN) {
        /* On a crowded core it yields instead. It must not sleep: who wakes from behind another's sleep does not show
         * in tri_lane.wanted, so that who spins would never let it have the lock. */
        policy.spin_ns = INT64_MAX;
        policy.yields = UINT32_MAX;
    } else if (mode == YIELD) {
        policy.yields = UINT32_MAX;
    } else if (mode == SLEEP) {
        policy.polls = policy.yields = 0;
        policy.spin_ns = 0;
    }
}

static int64_t now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * INT64_C(1000000000) + time.tv_nsec;
}

static void sleep_on(uint32_t *futex, uint32_t value, const int *fds, int count)
{
    int most = tri_lane.threaded ? SLEEP_THREADED_MS : SLEEP_MS;
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

/* Another thread of this process sleeps in the transports already: it will progress for all and tell us. */
static void doze_behind(void)
{
    struct timespec limit;
    clock_gettime(CLOCK_REALTIME, &limit);
    limit.tv_nsec += 1000000;
    limit.tv_sec += limit.tv_nsec / 1000000000;
    limit.tv_nsec %= 1000000000;
    unsigned depth = tri_lane.depth;
    for (unsigned i = 1; i < depth; i++) {
        tri_lane_unlock();
    }
    tri_lane.depth = 0;
    tri_lane.sleepers++;
    pthread_cond_timedwait(&tri_lane.moved, &tri_lane.lock, &limit);
    tri_lane.sleepers--;
    tri_lane.depth = 1;
    for (unsigned i = 1; i < depth; i++) {
        tri_lane_lock();
    }
}

/* Whether it came to sleeping. */
static bool sleep_in_transports(void)
{
    bool slept = false;
    uint32_t *futex, value;
    int fds[TRI_TRANSPORTS_MAX], count;
    if (tri_progress_arm(&futex, &value, fds, &count) == TRI_OK) {
        tri_lane.dozing = true;
        unsigned depth = tri_lane_release();
        sleep_on(futex, value, fds, count);
        tri_lane_resume(depth);
        tri_lane.dozing = false;
        slept = true;
    }
    tri_progress_disarm();
    return slept;
}

static void sleep_once(void)
{
    int64_t start = now();
    if (tri_lane.dozing) {
        doze_behind();
    } else if (!sleep_in_transports()) {
        return;
    }
    const struct tri_event_slept slept = {.nanoseconds = now() - start};
    tri_counters.sleeps++;
    tri_counters.sleep_ns += (uint64_t)slept.nanoseconds;
    if (tri_event_is_wanted(TRI_EVENT_SLEPT)) {
        tri_event_raise(TRI_EVENT_SLEPT, &slept);
    }
}

/* A yield that takes long has given the core to somebody: another job, or ranks of nodes that share a machine and do
 * not know it. From then on each wait yields at once, until many yields have returned quickly. */
static void yield(void)
{
    tri_counters.yields++;
    unsigned depth = tri_lane_release();
    int64_t start = policy.spin_ns ? now() : 0;
    sched_yield();
    bool taken = policy.spin_ns && now() - start > CROWDED_NS;
    tri_lane_resume(depth);
    crowded = taken ? CROWDED_FOR : TRI_MAX(crowded - 1, 0); /* all threads' waits look at it: under the lock */
    tri_progress_all_next();
}

/* Whether the time for spinning is not over yet; looks at the clock once in a while. */
static bool still_spinning(struct tri_wait *wait)
{
    if (wait->deadline < 0) {
        return false;
    }
    if (wait->deadline == 0) {
        wait->deadline = policy.spin_ns == INT64_MAX ? INT64_MAX : now() + policy.spin_ns;
    } else if (wait->idle % 64 == 0 && now() > wait->deadline) {
        wait->deadline = -1;
        wait->idle = policy.polls;
        return false;
    }
    return true;
}

static void idle_step(struct tri_wait *wait)
{
    if (wait->idle == 0) {
        tri_counters.waits++;
    }
    unsigned polls = crowded ? 1 : policy.polls;
    if (++wait->idle <= polls) {
        return;
    }
    if (policy.spin_ns && !crowded && still_spinning(wait)) {
        tri_cpu_relax();
    } else if (wait->idle - polls <= policy.yields) {
        yield();
    } else {
        sleep_once();
    }
}

/* Something is done in every step, and the lock would be held to the end of it all. */
static void let_others_in(struct tri_wait *wait)
{
    int64_t time = now();
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
        if (TRI_UNLIKELY(tri_lane.sleepers)) {
            pthread_cond_broadcast(&tri_lane.moved);
        }
        return;
    }
    if (TRI_UNLIKELY(tri_lane_is_wanted())) {
        /* The thread that would complete this wait may be the one that needs the lock. */
        yield();
    }
    idle_step(wait);
}

unsigned tri_wait_polls(void)
{
    return TRI_MAX(policy.polls, 1);
}

void tri_wait_courtesy(void)
{
    if (tri_job.oversubscribed) {
        yield();
    }
}

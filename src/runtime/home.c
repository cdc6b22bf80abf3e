/* Going home, and away again. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "home.h"

#include <sched.h>

#include "job.h"
#include "lane.h"
#include "variables.h"

/* Yields without sleep before it looks where it is: more than one wait has. Looks that are left out at most after
 * others were found at home: together a second and more. */
enum { YIELDS = 256, PATIENCE_MOST = 4095 };

/* Ranks that communicate give the core back long before. */
enum { TAKEN_NS = 1000000 };

static struct {
    int cpu;         /* -1: none */
    unsigned yields; /* since the last look, or sleep */
    unsigned wait;   /* looks still to be left out */
    unsigned patience;
    bool trial; /* it has just come home */
    int from;   /* where it was before */
} home = {.cpu = -1};

/* Among the CPUs of the job, in the order of their numbers. */
static int nth_home(int rank)
{
    int index = 0;
    while (index < tri_job.local_count && tri_job.local[index] != rank) {
        index++;
    }
    return index % tri_job.cpus;
}

static int nth_cpu(const cpu_set_t *set, int n)
{
    int cpu = 0;
    for (; !CPU_ISSET(cpu, set) || n > 0; cpu++) {
        n -= CPU_ISSET(cpu, set) != 0;
    }
    return cpu;
}

void tri_home_start(void)
{
    cpu_set_t all;
    int cpus = tri_job.cpus;
    home.cpu = -1;
    home.yields = home.wait = home.patience = 0;
    home.trial = false;
    bool even = tri_job.local_count > cpus && tri_job.local_count % cpus == 0;
    if (even && tri_job.oversubscribed && tri_variable_number(TRI_VAR_SPREAD) &&
        !sched_getaffinity(0, sizeof all, &all) && CPU_COUNT(&all) == cpus) {
        home.cpu = nth_cpu(&all, nth_home(tri_job.rank));
    }
}

/* Binds the thread to a CPU that it may use, and takes that back at once. */
static bool move_to(int cpu)
{
    cpu_set_t all, one;
    if (sched_getaffinity(0, sizeof all, &all) || !CPU_ISSET(cpu, &all)) {
        return false;
    }
    CPU_ZERO(&one);
    CPU_SET(cpu, &one);
    return !sched_setaffinity(0, sizeof one, &one) && !sched_setaffinity(0, sizeof all, &all);
}

static void look(void)
{
    if (home.trial) {
        home.trial = false;
        home.patience = 0;
    }
    if (home.wait > 0) {
        home.wait--;
        return;
    }
    int here = sched_getcpu();
    if (here >= 0 && here != home.cpu && move_to(home.cpu)) {
        home.trial = true;
        home.from = here;
    }
}

static void go_away(void)
{
    home.trial = false;
    home.patience = TRI_MIN(2 * home.patience + 1, PATIENCE_MOST);
    home.wait = home.patience;
    move_to(home.from);
}

/* Threads that wait at the same time would write over each other's notes. */
static bool has_none(void)
{
    return home.cpu < 0 || tri_lane_threaded;
}

bool tri_home_is_elsewhere(int rank)
{
    return !has_none() && nth_home(rank) != nth_home(tri_job.rank);
}

bool tri_home_on_trial(void)
{
    return home.trial;
}

void tri_home_yielded(int64_t ns)
{
    if (has_none()) {
        return;
    }
    if (TRI_UNLIKELY(home.trial && ns > TAKEN_NS)) {
        go_away();
        home.yields = 0;
    } else if (TRI_UNLIKELY(++home.yields >= YIELDS)) {
        look();
        home.yields = 0;
    }
}

void tri_home_slept(void)
{
    if (!has_none()) {
        home.yields = 0;
    }
}

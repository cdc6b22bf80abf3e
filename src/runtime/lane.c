/* The lane's lock. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "lane.h"

#include <sched.h>

struct tri_lane tri_lane;

void tri_lane_start(bool threaded)
{
    pthread_mutexattr_t attributes;
    pthread_mutexattr_init(&attributes);
    pthread_mutexattr_settype(&attributes, PTHREAD_MUTEX_RECURSIVE);
    pthread_mutex_init(&tri_lane.lock, &attributes);
    pthread_mutexattr_destroy(&attributes);
    pthread_cond_init(&tri_lane.moved, NULL);
    tri_lane.threaded = threaded;
}

void tri_lane_end(void)
{
    tri_lane.threaded = false;
    pthread_cond_destroy(&tri_lane.moved);
    pthread_mutex_destroy(&tri_lane.lock);
}

unsigned tri_lane_release(void)
{
    unsigned depth = tri_lane.depth;
    for (unsigned i = 0; i < depth; i++) {
        tri_lane_unlock();
    }
    return depth;
}

void tri_lane_resume(unsigned depth)
{
    for (unsigned i = 0; i < depth; i++) {
        tri_lane_lock();
    }
}

void tri_lane_give_way(void)
{
    enum { PATIENCE = 200 }; /* yields: more than it takes to wake a thread that has a core */
    unsigned turns = atomic_load_explicit(&tri_lane.turns, memory_order_relaxed);
    unsigned depth = tri_lane_release();
    for (int i = 0; i < PATIENCE && turns == atomic_load_explicit(&tri_lane.turns, memory_order_relaxed); i++) {
        sched_yield();
    }
    tri_lane_resume(depth);
}

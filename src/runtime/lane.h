/* A lane: what messages touch (matching, rings, requests, progress) under one lock, taken only for THREAD_MULTIPLE. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TRI_LANE_H
#define TRI_LANE_H

#include <pthread.h>
#include <stdatomic.h>

#include "base.h"

struct tri_lane {
    bool threaded;           /* the program asked for THREAD_MULTIPLE; set once at start */
    pthread_mutex_t lock;    /* recursive: callbacks of the user run under it and may call MPI */
    pthread_cond_t moved;    /* something was completed while another thread slept */
    int sleepers;            /* threads waiting on moved */
    bool dozing;             /* a thread sleeps in the transports' wake-up, without the lock */
    unsigned depth;          /* how often the owner has taken the lock */
    _Atomic unsigned wanted; /* threads that stand before the lock */
    _Atomic unsigned turns;  /* how often one of those has got it */
};

/* The first release has one lane; a communicator will map to one of several. */
extern struct tri_lane tri_lane;

void tri_lane_start(bool threaded);
void tri_lane_end(void);

static inline void tri_lane_lock(void)
{
    if (TRI_UNLIKELY(tri_lane.threaded)) {
        if (pthread_mutex_trylock(&tri_lane.lock)) {
            atomic_fetch_add_explicit(&tri_lane.wanted, 1, memory_order_relaxed);
            pthread_mutex_lock(&tri_lane.lock);
            atomic_fetch_sub_explicit(&tri_lane.wanted, 1, memory_order_relaxed);
            atomic_fetch_add_explicit(&tri_lane.turns, 1, memory_order_relaxed);
        }
        tri_lane.depth++;
    }
}

static inline void tri_lane_unlock(void)
{
    if (TRI_UNLIKELY(tri_lane.threaded)) {
        tri_lane.depth--;
        pthread_mutex_unlock(&tri_lane.lock);
    }
}

/* Whether another thread stands before the lock; a hint. */
static inline bool tri_lane_is_wanted(void)
{
    return atomic_load_explicit(&tri_lane.wanted, memory_order_relaxed) > 0;
}

/* Gives the lock up altogether, however often it was taken, and takes it back as often. For waiting only. */
unsigned tri_lane_release(void);
void tri_lane_resume(unsigned depth);

/* The same, with another thread's turn between: a mutex that is released and taken at once is taken by the same one. */
void tri_lane_give_way(void);

#endif

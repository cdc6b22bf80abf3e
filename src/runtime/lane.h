/* Lanes: what messages touch (matching, rings, requests, progress), parted so that threads on different communicators
 * need not wait for each other. Each lane has a lock, taken only for THREAD_MULTIPLE. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TRI_LANE_H
#define TRI_LANE_H

#include <stdatomic.h>

#include "base.h"

/* The point-to-point messages of a communicator belong to one lane (src/p2p/p2p.h); everything else in the library
 * belongs to lane 0. Collectives run under the lock of lane 0; what makes or frees objects, or changes them, under
 * those of all lanes. What may be touched under the lock of another lane alone is that lane's, or atomic, or never
 * changes.
 *
 * Only who holds lane 0 may block for another lane; others try. So locks are never waited for in a circle. */
enum { TRI_LANES = 4 };
#define TRI_LANES_ALL ((1u << TRI_LANES) - 1)

struct tri_lane {
    _Alignas(TRI_CACHE_LINE) _Atomic bool taken;
    _Atomic unsigned wanted;   /* threads that stand before the lock */
    _Atomic unsigned turns;    /* how often one of those has got it */
    _Atomic unsigned sleepers; /* threads that sleep until something happens here */
    _Atomic unsigned moves;    /* how often something has while there were any; written under the lock */
};

/* What a thread holds. */
struct tri_lane_hold {
    unsigned lanes; /* a bit each */
    unsigned depth; /* how often it has entered */
    bool all;       /* it has asked for all lanes, also for those that come into use */
    bool widened;   /* see tri_lane_widen */
};

struct tri_lane_errand;

extern struct tri_lane tri_lanes[TRI_LANES];
extern bool tri_lane_threaded;         /* the program asked for THREAD_MULTIPLE */
extern unsigned tri_lane_count;        /* lanes that communicators may be given to; set once at start */
extern _Atomic unsigned tri_lane_used; /* a bit for each lane that some communicator was given to; lane 0's is set */
extern struct tri_lane_errand *_Atomic tri_lane_left;
extern TRI_THREAD_LOCAL struct tri_lane_hold tri_lane_mine;

void tri_lane_start(bool threaded, unsigned count);
void tri_lane_end(void);

/* Enters with the locks of these lanes: none, one, or TRI_LANES_ALL; leaves. May be nested, since callbacks of the
 * program run under locks and may call MPI: within all lanes or lane 0. What was added is kept to the last
 * leave. */
void tri_lane_take(unsigned lanes);
void tri_lane_give(void);

static inline void tri_lane_lock(unsigned lanes)
{
    if (TRI_UNLIKELY(tri_lane_threaded)) {
        tri_lane_take(lanes);
    }
}

static inline void tri_lane_unlock(void)
{
    if (TRI_UNLIKELY(tri_lane_threaded)) {
        tri_lane_give();
    }
}

/* The lanes that the calling thread may touch. */
static inline unsigned tri_lane_held(void)
{
    return TRI_UNLIKELY(tri_lane_threaded) ? tri_lane_mine.lanes : 1;
}

/* For who is in the library: takes a further lane if nobody has it; waits for one, from lane 0; gives back what is held
 * beyond what was before (a copy of tri_lane_mine). */
bool tri_lane_try(unsigned lane);
void tri_lane_visit(unsigned lane);
void tri_lane_return_to(struct tri_lane_hold before);

/* A communicator belongs to that lane from now on. Called under the lock of lane 0. */
void tri_lane_use(unsigned lane);

/* While joined a call about another lane than 0 takes all locks: lane 0's is the one lock then. For tools that want to
 * be told of events, whose callbacks may call anything. Called under the locks of all lanes. */
void tri_lane_join(bool joined);

/* Runs end(object) under the lock of lane 0: now if the caller has it, else with that lane's next progress. For the
 * last references to what belongs to lane 0. */
void tri_lane_in_first(void (*end)(void *object), void *object);

/* What other lanes have left to lane 0: whether there is any, a hint; does it, and returns how much there was. */
static inline bool tri_lane_has_left(void)
{
    return atomic_load_explicit(&tri_lane_left, memory_order_relaxed) != NULL;
}
int tri_lane_run_left(void);

/* Whether another thread stands before a lock that this one has; a hint. */
static inline bool tri_lane_is_wanted(void)
{
    if (TRI_LIKELY(!tri_lane_threaded)) {
        return false;
    }
    for (unsigned lanes = tri_lane_mine.lanes; lanes; lanes &= lanes - 1) {
        if (atomic_load_explicit(&tri_lanes[__builtin_ctz(lanes)].wanted, memory_order_relaxed) > 0) {
            return true;
        }
    }
    return false;
}

/* Gives everything up, however often it was entered, and takes it back as often. For waiting only. */
struct tri_lane_hold tri_lane_release(void);
void tri_lane_resume(struct tri_lane_hold hold);

/* The same, with another thread's turn between: a lock that is released and taken at once is taken by the same one. */
void tri_lane_give_way(void);

/* Has the locks of all lanes until tri_lane_narrow. Who has no lane 0 gives up what it has for a moment: nothing that
 * it knows about its lane counts any more. */
struct tri_lane_hold tri_lane_widen(void);
void tri_lane_narrow(struct tri_lane_hold hold);

/* ---- sleeping until something happens in a lane ---- */

/* Something has happened in a lane that the caller holds: what others wait for there may be complete. */
void tri_lane_wake_sleepers(unsigned lane);
static inline void tri_lane_tell(unsigned lane)
{
    /* Sleepers count themselves under the lock: whoever comes after them sees it. */
    if (TRI_UNLIKELY(atomic_load_explicit(&tri_lanes[lane].sleepers, memory_order_relaxed) > 0)) {
        tri_lane_wake_sleepers(lane);
    }
}

/* Between the two the caller counts as a sleeper of these lanes, which it holds at the first call, which
 * returns their moves. */
unsigned tri_lane_lie_down(unsigned lanes);
void tri_lane_get_up(unsigned lanes);

unsigned tri_lane_moves(unsigned lanes);

/* Sleeps, without any lock, until these lanes have more than `moves`; at most so many nanoseconds. */
void tri_lane_doze(unsigned lanes, unsigned moves, int64_t most);

#endif

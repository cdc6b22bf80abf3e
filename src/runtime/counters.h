/* What the library counts about itself, and the moments a tool may ask to be told of; shown by src/tools. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TRI_COUNTERS_H
#define TRI_COUNTERS_H

#include "lane.h"

/* Plain words of each lane, written under its lock. That exists only with MPI_THREAD_MULTIPLE; in other programs a tool
 * may read a word from a thread of its own without: it is never torn, and may lag by what the program is just doing.
 * They never go back, except lengths and the two marks. */
struct tri_counters {
    /* sender: how messages left */
    _Alignas(TRI_CACHE_LINE) uint64_t eager_sent, eager_sent_bytes;
    uint64_t announced, announced_bytes; /* by rendezvous */
    uint64_t credit_stalls;              /* announced although short: the peer's credit was used up */
    uint64_t room_stalls;                /* sends that had to queue for room in the transport */
    /* receiver: messages that met their receive */
    uint64_t eager_received, eager_received_bytes;
    uint64_t accepted, accepted_bytes; /* by rendezvous */
    /* how the accepted ones were moved, see rendezvous.c; empty ones are in none */
    uint64_t streamed, read, written, shared;
    /* matching */
    uint64_t unexpected, unexpected_length, unexpected_mark;
    uint64_t passed_over, longest_search; /* entries of queues that a search looked at in vain */
    /* waiting */
    uint64_t waits, yields, sleeps, sleep_ns;
    uint64_t collectives, collective_reads;
    uint64_t errors;
};

extern struct tri_counters tri_counters[TRI_LANES];

/* Those of a lane that the calling thread holds. */
static inline struct tri_counters *tri_counters_here(void)
{
    return &tri_counters[__builtin_ctz(tri_lane_held())];
}

/* The largest value since a tool last looked; the tools interface lowers it. */
static inline void tri_counters_mark(uint64_t *mark, uint64_t value)
{
    if (TRI_UNLIKELY(value > *mark)) {
        *mark = value;
    }
}

/* ---- events ---- */

enum tri_event_id {
    TRI_EVENT_ERROR,
    TRI_EVENT_UNEXPECTED,
    TRI_EVENT_ANNOUNCED,
    TRI_EVENT_STALL,
    TRI_EVENT_SLEPT,
    TRI_EVENT_COUNT
};

/* What each tells; the tools interface shows these as they lie in memory. Ranks are those in the job. */
struct tri_event_error {
    int code;
};
struct tri_event_message { /* UNEXPECTED (process: who sent it), ANNOUNCED and STALL (who it goes to) */
    int process, tag;
    int64_t bytes;
};
struct tri_event_slept {
    int64_t nanoseconds;
};

extern unsigned tri_events_wanted; /* bit 1 << id: a tool has registered for it */
extern void (*tri_event_hook)(enum tri_event_id id, const void *data);

/* Under the lock of a lane. The caller composes data only when the event is wanted. */
static inline bool tri_event_is_wanted(enum tri_event_id id)
{
    return TRI_UNLIKELY(__atomic_load_n(&tri_events_wanted, __ATOMIC_RELAXED) & (1u << id));
}

static inline void tri_event_raise(enum tri_event_id id, const void *data)
{
    tri_event_hook(id, data);
}

static inline void tri_event_about(enum tri_event_id id, int process, int tag, int64_t bytes)
{
    if (tri_event_is_wanted(id)) {
        const struct tri_event_message message = {.process = process, .tag = tag, .bytes = bytes};
        tri_event_raise(id, &message);
    }
}

#endif

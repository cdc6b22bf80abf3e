/* The protocol layer's start and end, its lanes, and the queues of each context. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "p2p.h"

#include <stdlib.h>

#include "../runtime/job.h"
#include "../runtime/log.h"
#include "../runtime/wait.h"
#include "bsend.h"
#include "engine.h"
#include "partitioned.h"

int tri_p2p_self;

struct tri_engine tri_engines[TRI_LANES];

static int progress(unsigned lane, bool last)
{
    struct tri_engine *engine = &tri_engines[lane];
    return tri_peers_progress(engine) + tri_shares_progress(engine) + tri_asks_progress(engine, last);
}

static int start_engine(unsigned lane)
{
    struct tri_engine *engine = &tri_engines[lane];
    *engine = (struct tri_engine){.lane = lane, .counters = &tri_counters[lane]};
    tri_transfers_start(engine);
    tri_asks_start(engine);
    tri_progress_hook(lane, progress, &engine->work);
    return tri_peers_start(engine);
}

int tri_p2p_start(void)
{
    tri_p2p_self = tri_job.rank;
    tri_peers_choose_window();
    return start_engine(0) || tri_transports_open(tri_receive_deliver, tri_push_arrived) ? -1 : 0;
}

static void end_match(struct tri_match *match)
{
    if (match) {
        tri_queue_end(&match->posted);
        tri_queue_end(&match->unexpected);
        free(match);
    }
}

static void end_engine(struct tri_engine *engine)
{
    for (uint32_t i = 0; i < engine->match_count; i++) {
        end_match(engine->matches[i]);
    }
    free(engine->matches);
    tri_peers_end(engine);
    tri_transfers_end(engine);
    tri_messages_end(engine);
    *engine = (struct tri_engine){.peers = NULL};
}

void tri_p2p_end(void)
{
    tri_transports_close();
    for (int lane = 0; lane < TRI_LANES; lane++) {
        if (tri_engines[lane].peers) {
            end_engine(&tri_engines[lane]);
        }
    }
    tri_partitioned_end();
    tri_bsend_process = (struct tri_bsend_buffer){.attached = false};
}

static bool is_idle(void)
{
    for (int lane = 0; lane < TRI_LANES; lane++) {
        if (tri_engines[lane].waiting || tri_engines[lane].under_way) {
            return false;
        }
    }
    return true;
}

void tri_p2p_drain(void)
{
    struct tri_wait wait = {0};
    while (!is_idle()) {
        tri_wait_step(&wait);
    }
    tri_lane_run_left();
}

/* ---- lanes ---- */

static bool all_have_lanes(const int *processes, int count)
{
    for (int i = 0; i < count; i++) {
        if (tri_transports_lanes(processes[i]) != tri_lane_count) {
            return false;
        }
    }
    return true;
}

unsigned tri_p2p_choose_lane(uint32_t context, const int *processes, int count)
{
    unsigned lane = context / TRI_CONTEXT_STEP % tri_lane_count;
    if (lane == 0 || !all_have_lanes(processes, count)) {
        return 0;
    }
    if (!tri_engines[lane].peers) {
        if (start_engine(lane)) {
            tri_log_end(1);
        }
        tri_lane_use(lane);
    }
    return lane;
}

/* ---- the queues of each context ---- */

static void make_room(struct tri_engine *engine, uint32_t context)
{
    uint32_t count = TRI_MAX(context + 1, 2 * engine->match_count);
    engine->matches = tri_memory_grow(engine->matches, count * sizeof *engine->matches);
    for (uint32_t i = engine->match_count; i < count; i++) {
        engine->matches[i] = NULL;
    }
    engine->match_count = count;
}

struct tri_match *tri_match_make(unsigned lane, uint32_t context)
{
    struct tri_engine *engine = &tri_engines[lane];
    if (context >= TRI_CONTEXT_LIMIT) {
        tri_log_fatal(1, "a message for context %u, which no communicator can have: a peer's memory is corrupt",
                      context);
    }
    if (context >= engine->match_count) {
        make_room(engine, context);
    }
    struct tri_match *match = engine->matches[context];
    if (!match) {
        match = engine->matches[context] = tri_memory_take(sizeof *match);
        *match = (struct tri_match){.engine = engine, .peers = engine->peers, .lane = lane};
        tri_queue_start(&match->posted, true, engine->counters);
        tri_queue_start(&match->unexpected, false, engine->counters);
    }
    return match;
}

void tri_match_drop(unsigned lane, uint32_t context)
{
    struct tri_engine *engine = &tri_engines[lane];
    struct tri_match *match = context < engine->match_count ? engine->matches[context] : NULL;
    /* Unexpected messages stay: the context may be in use again already at the peer that sent them. */
    if (match && match->posted.length == 0 && match->unexpected.length == 0) {
        end_match(match);
        engine->matches[context] = NULL;
    }
}

/* The protocol layer's start and end, and the queues of each context. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "p2p.h"

#include <stdlib.h>

#include "../runtime/job.h"
#include "../runtime/log.h"
#include "../runtime/wait.h"
#include "engine.h"

int tri_p2p_self;

static struct tri_match **matches; /* by context */
static uint32_t match_count;

static int progress(void)
{
    return tri_peers_progress() + tri_shares_progress();
}

int tri_p2p_start(void)
{
    tri_p2p_self = tri_job.rank;
    tri_progress_hook(progress, &tri_p2p_work);
    return tri_peers_start() || tri_transports_open(tri_receive_deliver) ? -1 : 0;
}

static void end_match(struct tri_match *match)
{
    if (match) {
        tri_queue_end(&match->posted);
        tri_queue_end(&match->unexpected);
        free(match);
    }
}

void tri_p2p_end(void)
{
    tri_transports_close();
    for (uint32_t i = 0; i < match_count; i++) {
        end_match(matches[i]);
    }
    free(matches);
    matches = NULL;
    match_count = 0;
    tri_peers_end();
    tri_transfers_end();
    tri_messages_end();
}

void tri_p2p_drain(void)
{
    struct tri_wait wait = {0};
    while (!tri_peers_idle() || !tri_transfers_idle()) {
        tri_wait_step(&wait);
    }
}

static struct tri_match *make_match(uint32_t context)
{
    if (context >= TRI_CONTEXT_LIMIT) {
        tri_log_fatal(1, "a message for context %u, which no communicator can have: a peer's memory is corrupt", context);
    }
    if (context >= match_count) {
        uint32_t count = TRI_MAX(context + 1, 2 * match_count);
        matches = tri_memory_grow(matches, count * sizeof *matches);
        for (uint32_t i = match_count; i < count; i++) {
            matches[i] = NULL;
        }
        match_count = count;
    }
    if (!matches[context]) {
        matches[context] = tri_memory_take(sizeof **matches);
        tri_queue_start(&matches[context]->posted, true);
        tri_queue_start(&matches[context]->unexpected, false);
    }
    return matches[context];
}

struct tri_match *tri_match_of(uint32_t context)
{
    if (TRI_LIKELY(context < match_count && matches[context])) {
        return matches[context];
    }
    return make_match(context);
}

void tri_match_drop(uint32_t context)
{
    struct tri_match *match = context < match_count ? matches[context] : NULL;
    /* Unexpected messages stay: the context may be in use again already at the peer that sent them. */
    if (match && match->posted.length == 0 && match->unexpected.length == 0) {
        end_match(match);
        matches[context] = NULL;
    }
}

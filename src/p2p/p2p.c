/* The protocol layer's start and end, and the queues of each context. */
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

struct tri_match **tri_matches;
uint32_t tri_match_count;

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
    for (uint32_t i = 0; i < tri_match_count; i++) {
        end_match(tri_matches[i]);
    }
    free(tri_matches);
    tri_matches = NULL;
    tri_match_count = 0;
    tri_peers_end();
    tri_transfers_end();
    tri_messages_end();
    tri_partitioned_end();
    tri_bsend_process = (struct tri_bsend_buffer){.attached = false};
}

void tri_p2p_drain(void)
{
    struct tri_wait wait = {0};
    while (!tri_peers_idle() || !tri_transfers_idle()) {
        tri_wait_step(&wait);
    }
}

struct tri_match *tri_match_make(uint32_t context)
{
    if (context >= TRI_CONTEXT_LIMIT) {
        tri_log_fatal(1, "a message for context %u, which no communicator can have: a peer's memory is corrupt",
                      context);
    }
    if (context >= tri_match_count) {
        uint32_t count = TRI_MAX(context + 1, 2 * tri_match_count);
        tri_matches = tri_memory_grow(tri_matches, count * sizeof *tri_matches);
        for (uint32_t i = tri_match_count; i < count; i++) {
            tri_matches[i] = NULL;
        }
        tri_match_count = count;
    }
    if (!tri_matches[context]) {
        tri_matches[context] = tri_memory_take(sizeof **tri_matches);
        tri_queue_start(&tri_matches[context]->posted, true);
        tri_queue_start(&tri_matches[context]->unexpected, false);
    }
    return tri_matches[context];
}

void tri_match_drop(uint32_t context)
{
    struct tri_match *match = context < tri_match_count ? tri_matches[context] : NULL;
    /* Unexpected messages stay: the context may be in use again already at the peer that sent them. */
    if (match && match->posted.length == 0 && match->unexpected.length == 0) {
        end_match(match);
        tri_matches[context] = NULL;
    }
}

/* The block that a rank brings to an allgather. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "own.h"

void tri_add_own(struct tri_schedule *schedule, const struct tri_collective *call)
{
    const struct tri_blocks *own = &call->send, *all = &call->receive;
    if (!call->in_place) {
        tri_add_convert(schedule, tri_at(TRI_INPUT, 0), own->count, own->type,
                        tri_at(TRI_OUTPUT, tri_block_offset(all, call->rank)), tri_block_count(all, call->rank),
                        all->type);
        tri_next_round(schedule);
    }
}

void tri_add_send_own(struct tri_schedule *schedule, const struct tri_collective *call, int peer)
{
    if (call->in_place) {
        tri_add_send_block(schedule, peer, TRI_OUTPUT, &call->receive, call->rank);
    } else {
        tri_add_send(schedule, peer, tri_at(TRI_INPUT, 0), call->send.count, call->send.type);
    }
}

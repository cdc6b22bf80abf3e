/* Allgather by reading: everybody reads the blocks where the others have them. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "board_steps.h"
#include "parts.h"

static void build(struct tri_schedule *schedule, const struct tri_collective *call)
{
    const struct tri_blocks *send = &call->send, *all = &call->receive;
    const struct tri_place own = tri_at(TRI_OUTPUT, tri_block_offset(all, call->rank));
    if (call->in_place) {
        tri_add_offer(schedule, 0, tri_add_packed(schedule, own, all->count, all->type, true));
    } else {
        const struct tri_place input = tri_at(TRI_INPUT, 0);
        tri_add_offer(schedule, 0, tri_add_packed(schedule, input, send->count, send->type, true));
        tri_add_convert(schedule, input, send->count, send->type, own, all->count, all->type);
    }
    tri_add_read_all(schedule, call, 0);
}

const struct tri_algorithm tri_read_allgather = {
    .name = "read",
    .operation = TRI_ALLGATHER,
    .use = "one node, long blocks",
    .source = TRI_READ_SOURCE,
    .board = true,
    .reads = true,
    .fits = tri_board_fits_regular,
    .cost = tri_read_all_cost,
    .build = build,
};

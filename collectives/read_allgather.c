/* Allgather by reading: everybody reads the blocks where the others have them. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "board_steps.h"

static void build(struct tri_schedule *schedule, const struct tri_collective *call)
{
    const struct tri_blocks *send = &call->send, *all = &call->receive;
    const struct tri_place own = tri_at(TRI_OUTPUT, tri_block_offset(all, call->rank));
    tri_add_offer(schedule, 0, call->in_place ? own : tri_at(TRI_INPUT, 0));
    if (!call->in_place) {
        tri_add_copy(schedule, tri_at(TRI_INPUT, 0), own, send->count, send->type);
    }
    tri_next_round(schedule);
    tri_add_look_all(schedule, call, 0);
    for (int k = 1; k < call->size; k++) {
        int i = (call->rank + k) % call->size;
        tri_add_read(schedule, i, 0, 0, tri_at(TRI_OUTPUT, tri_block_offset(all, i)), all->count);
    }
    tri_next_round(schedule);
    tri_add_show(schedule, 1);
    tri_add_look_all(schedule, call, 1);
}

static double cost(const struct tri_machine *machine, const struct tri_shape *shape)
{
    double others = shape->ranks - 1;
    return tri_read_cost(machine, shape, others, others * (double)shape->bytes);
}

const struct tri_algorithm tri_read_allgather = {
    .name = "read",
    .operation = TRI_ALLGATHER,
    .use = "one node, long blocks",
    .source = TRI_READ_SOURCE,
    .board = true,
    .reads = true,
    .fits = tri_board_fits_regular,
    .cost = cost,
    .build = build,
};

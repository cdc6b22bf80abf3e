/* Allgather over the board: everybody writes its block and reads the others. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "board_steps.h"

static void build(struct tri_schedule *schedule, const struct tri_collective *call)
{
    const struct tri_blocks *send = &call->send, *all = &call->receive;
    int64_t bytes = all->count * all->type->size;
    struct tri_place own = tri_at(TRI_OUTPUT, tri_block_offset(all, call->rank));
    struct tri_place shown = tri_at_board(schedule, call->rank, bytes);
    if (call->in_place) {
        tri_add_pack(schedule, own, all->count, all->type, shown);
    } else {
        tri_add_pack(schedule, tri_at(TRI_INPUT, 0), send->count, send->type, shown);
    }
    tri_next_round(schedule);
    tri_add_show(schedule, 0);
    if (!call->in_place) {
        tri_add_convert(schedule, tri_at(TRI_INPUT, 0), send->count, send->type, own, all->count, all->type);
    }
    tri_next_round(schedule);
    tri_add_look_all(schedule, call, 0);
    for (int k = 1; k < call->size; k++) {
        int i = (call->rank + k) % call->size;
        tri_add_unpack(schedule, tri_at_board(schedule, i, bytes), tri_at(TRI_OUTPUT, tri_block_offset(all, i)),
                       all->count, all->type);
    }
}

static double cost(const struct tri_machine *machine, const struct tri_shape *shape)
{
    double bytes = (double)shape->bytes, others = shape->ranks - 1;
    return tri_board_cost(machine, shape, 1, others, (1 + others) * bytes);
}

const struct tri_algorithm tri_board_allgather = {
    .name = "board",
    .operation = TRI_ALLGATHER,
    .use = "one node",
    .source = TRI_BOARD_SOURCE,
    .board = true,
    .fits = tri_board_fits_regular,
    .cost = cost,
    .segment = tri_board_segment,
    .build = build,
};

/* Gather over the board: everybody writes its block, the root reads them. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "board_steps.h"

static void build(struct tri_schedule *schedule, const struct tri_collective *call)
{
    const struct tri_blocks *send = &call->send, *all = &call->receive;
    if (call->rank != call->root) {
        tri_add_pack(schedule, tri_at(TRI_INPUT, 0), send->count, send->type,
                     tri_at_board(schedule, call->rank, send->count * send->type->size));
        tri_next_round(schedule);
        tri_add_show(schedule, 0);
        tri_show_to_root(schedule);
        return;
    }
    tri_add_look_all(schedule, call, 0);
    for (int i = 0; i < call->size; i++) {
        struct tri_place block = tri_at(TRI_OUTPUT, tri_block_offset(all, i));
        if (i != call->rank) {
            tri_add_unpack(schedule, tri_at_board(schedule, i, all->count * all->type->size), block, all->count,
                           all->type);
        } else if (!call->in_place) {
            tri_add_convert(schedule, tri_at(TRI_INPUT, 0), send->count, send->type, block, all->count, all->type);
        }
    }
}

static double cost(const struct tri_machine *machine, const struct tri_shape *shape)
{
    double bytes = (double)shape->bytes, others = shape->ranks - 1;
    return tri_board_cost(machine, shape, 1, others, (others + 1) * bytes);
}

const struct tri_algorithm tri_board_gather = {
    .name = "board",
    .operation = TRI_GATHER,
    .use = "one node",
    .source = TRI_BOARD_SOURCE,
    .board = true,
    .fits = tri_board_fits_regular,
    .cost = cost,
    .segment = tri_board_segment,
    .build = build,
};

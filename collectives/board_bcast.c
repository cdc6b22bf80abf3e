/* Broadcast over the board: the root writes, the others read at the same time. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "board_steps.h"

static void build(struct tri_schedule *schedule, const struct tri_collective *call)
{
    const struct tri_blocks *data = &call->receive;
    const struct tri_place whole = tri_at(TRI_OUTPUT, 0);
    struct tri_place shown = tri_at_board(schedule, call->root, data->count * data->type->size);
    if (call->rank == call->root) {
        tri_add_pack(schedule, whole, data->count, data->type, shown);
        tri_next_round(schedule);
        tri_add_show(schedule, 0);
    } else {
        tri_add_look(schedule, call->root, 0);
        tri_add_unpack(schedule, shown, whole, data->count, data->type);
    }
}

/* Of a long message the root writes the next piece while the others read one. */
static double cost(const struct tri_machine *machine, const struct tri_shape *shape)
{
    return tri_board_cost(machine, shape, 1, 1, 1.2 * (double)shape->bytes);
}

const struct tri_algorithm tri_board_bcast = {
    .name = "board",
    .operation = TRI_BCAST,
    .use = "one node",
    .source = TRI_BOARD_SOURCE,
    .board = true,
    .cost = cost,
    .segment = tri_board_segment,
    .build = build,
};

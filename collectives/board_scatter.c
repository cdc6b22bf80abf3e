/* Scatter over the board: the root writes all blocks, each of the others reads its own. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "board_steps.h"

static struct tri_place shown(struct tri_schedule *schedule, const struct tri_collective *call, int to, int64_t bytes)
{
    struct tri_place place = tri_at_board(schedule, call->root, bytes * call->size);
    place.offset += to * bytes;
    return place;
}

static void build(struct tri_schedule *schedule, const struct tri_collective *call)
{
    const struct tri_blocks *all = &call->send, *own = &call->receive;
    if (call->rank != call->root) {
        tri_add_look(schedule, call->root, 0);
        tri_add_unpack(schedule, shown(schedule, call, call->rank, own->count * own->type->size), tri_at(TRI_OUTPUT, 0),
                       own->count, own->type);
        return;
    }
    for (int i = 0; i < call->size; i++) {
        struct tri_place block = tri_at(TRI_INPUT, tri_block_offset(all, i));
        if (i != call->rank) {
            tri_add_pack(schedule, block, all->count, all->type,
                         shown(schedule, call, i, all->count * all->type->size));
        } else if (!call->in_place) {
            tri_add_convert(schedule, block, all->count, all->type, tri_at(TRI_OUTPUT, 0), own->count, own->type);
        }
    }
    tri_next_round(schedule);
    tri_add_show(schedule, 0);
}

static double cost(const struct tri_machine *machine, const struct tri_shape *shape)
{
    double others = shape->ranks - 1;
    double pieces = 1 + (double)shape->bytes / (double)tri_board_segment_blocks(shape);
    return tri_board_cost(machine, shape, pieces, 1, (others + 1) * (double)shape->bytes);
}

const struct tri_algorithm tri_board_scatter = {
    .name = "board",
    .operation = TRI_SCATTER,
    .use = "one node",
    .source = TRI_BOARD_SOURCE,
    .board = true,
    .fits = tri_board_fits_regular,
    .cost = cost,
    .segment = tri_board_segment_blocks,
    .build = build,
};

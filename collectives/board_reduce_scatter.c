/* Reduce-scatter over the board: everybody writes all blocks, and reduces its own. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "board_steps.h"

static void build(struct tri_schedule *schedule, const struct tri_collective *call)
{
    const struct tri_blocks *data = &call->receive;
    struct tri_blocks all = *data;
    all.count = data->count * call->size;
    enum tri_slot slot = call->in_place ? TRI_OUTPUT : TRI_INPUT;
    for (int i = 0; i < call->size; i++) {
        tri_add_copy(schedule, tri_at(slot, tri_block_offset(data, i)),
                     tri_behind(tri_board_vector(schedule, call->rank, &all), i * data->count, data->type), data->count,
                     data->type);
    }
    tri_next_round(schedule);
    tri_add_show(schedule, 0);
    tri_add_look_all(schedule, call, 0);
    const struct tri_pieces blocks = {.data = &all,
                                      .offset = call->rank * data->count,
                                      .count = data->count,
                                      .rank = call->rank,
                                      .own = tri_at(slot, tri_block_offset(data, call->rank))};
    tri_add_fold(schedule, &blocks, call->size - 1, tri_at(TRI_OUTPUT, 0));
}

static double cost(const struct tri_machine *machine, const struct tri_shape *shape)
{
    double bytes = (double)shape->bytes, others = shape->ranks - 1;
    double pieces = 1 + bytes / (double)tri_board_segment_blocks(shape);
    return tri_board_cost(machine, shape, pieces, others, (shape->ranks + others) * bytes);
}

const struct tri_algorithm tri_board_reduce_scatter = {
    .name = "board",
    .operation = TRI_REDUCE_SCATTER,
    .use = "one node",
    .source = TRI_BOARD_SOURCE,
    .board = true,
    .fits = tri_board_fits_reduction,
    .cost = cost,
    .segment = tri_board_segment_blocks,
    .build = build,
};

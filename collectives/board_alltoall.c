/* Alltoall over the board: everybody writes its blocks and reads those for itself. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "board_steps.h"

/* The block for a rank among those that another one shows: all but its own. */
static struct tri_place shown(struct tri_schedule *schedule, const struct tri_collective *call, int from, int to)
{
    int64_t bytes = call->receive.count * call->receive.type->size;
    struct tri_place place = tri_at_board(schedule, from, bytes * (call->size - 1));
    place.offset += (to > from ? to - 1 : to) * bytes;
    return place;
}

static void build(struct tri_schedule *schedule, const struct tri_collective *call)
{
    const struct tri_blocks *out = call->in_place ? &call->receive : &call->send, *in = &call->receive;
    enum tri_slot slot = call->in_place ? TRI_OUTPUT : TRI_INPUT;
    int rank = call->rank;
    for (int i = 0; i < call->size; i++) {
        if (i != rank) {
            tri_add_pack(schedule, tri_at(slot, tri_block_offset(out, i)), out->count, out->type,
                         shown(schedule, call, rank, i));
        }
    }
    tri_next_round(schedule);
    tri_add_show(schedule, 0);
    if (!call->in_place) {
        tri_add_convert(schedule, tri_at(TRI_INPUT, tri_block_offset(out, rank)), out->count, out->type,
                        tri_at(TRI_OUTPUT, tri_block_offset(in, rank)), in->count, in->type);
    }
    tri_next_round(schedule);
    tri_add_look_all(schedule, call, 0);
    for (int k = 1; k < call->size; k++) {
        int i = (rank + k) % call->size;
        tri_add_unpack(schedule, shown(schedule, call, i, rank), tri_at(TRI_OUTPUT, tri_block_offset(in, i)), in->count,
                       in->type);
    }
}

/* A block that does not fit in one piece takes several, in each of which all wait twice: until it is written, and until
 * the next may be. */
static double cost(const struct tri_machine *machine, const struct tri_shape *shape)
{
    double others = shape->ranks - 1, pieces = (double)shape->bytes / (double)tri_board_segment_blocks(shape);
    return tri_board_cost(machine, shape, pieces > 1 ? 2 * pieces : 1, others,
                          tri_cost_each(shape, 2 * others * (double)shape->bytes));
}

const struct tri_algorithm tri_board_alltoall = {
    .name = "board",
    .operation = TRI_ALLTOALL,
    .use = "one node",
    .source = TRI_BOARD_SOURCE,
    .board = true,
    .fits = tri_board_fits_regular,
    .cost = cost,
    .segment = tri_board_segment_blocks,
    .build = build,
};

/* Alltoall by reading: everybody reads the blocks for itself where the others have them. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "board_steps.h"

/* Where the blocks for the others are: not where theirs come to. */
static struct tri_place blocks_out(struct tri_schedule *schedule, const struct tri_collective *call)
{
    const struct tri_blocks *in = &call->receive;
    if (!call->in_place) {
        return tri_at(TRI_INPUT, 0);
    }
    struct tri_place all = tri_add_scratch(schedule, call->size * in->count, in->type);
    tri_add_copy(schedule, tri_at(TRI_OUTPUT, 0), all, call->size * in->count, in->type);
    tri_next_round(schedule);
    return all;
}

static void build(struct tri_schedule *schedule, const struct tri_collective *call)
{
    const struct tri_blocks *in = &call->receive;
    int64_t own = tri_block_offset(in, call->rank);
    tri_add_offer(schedule, 0, blocks_out(schedule, call));
    if (!call->in_place) {
        tri_add_copy(schedule, tri_at(TRI_INPUT, own), tri_at(TRI_OUTPUT, own), in->count, in->type);
    }
    tri_next_round(schedule);
    tri_add_look_all(schedule, call, 0);
    for (int k = 1; k < call->size; k++) {
        int i = (call->rank + k) % call->size;
        tri_add_read(schedule, i, 0, own, tri_at(TRI_OUTPUT, tri_block_offset(in, i)), in->count);
    }
    tri_next_round(schedule);
    tri_add_show(schedule, 1);
    tri_add_look_all(schedule, call, 1);
}

/* Bytes of all blocks of a rank. Ranks that share a core push each other's blocks out of its cache: of more than this
 * they had better take each as soon as it is announced (measured). */
enum { SHARED_MOST = 4 << 20 };

static bool fits(const struct tri_shape *shape)
{
    return tri_board_fits_regular(shape) && (shape->ranks_a_core == 1 || shape->ranks * shape->bytes <= SHARED_MOST);
}

static double cost(const struct tri_machine *machine, const struct tri_shape *shape)
{
    double others = shape->ranks - 1;
    return tri_read_cost(machine, shape, others, others * (double)shape->bytes);
}

const struct tri_algorithm tri_read_alltoall = {
    .name = "read",
    .operation = TRI_ALLTOALL,
    .use = "one node, long blocks",
    .source = TRI_READ_SOURCE,
    .board = true,
    .reads = true,
    .fits = fits,
    .cost = cost,
    .build = build,
};

/* Reduce over the board: everybody writes, the root reads and reduces. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "board_steps.h"

static void build(struct tri_schedule *schedule, const struct tri_collective *call)
{
    const struct tri_pieces vectors = tri_whole_vectors(call);
    tri_add_show_vector(schedule, call, &call->send, tri_contribution(call));
    if (call->rank == call->root) {
        tri_add_look_all(schedule, call, 0);
        tri_add_fold(schedule, &vectors, call->size - 1, tri_at(TRI_OUTPUT, 0));
    }
}

static double cost(const struct tri_machine *machine, const struct tri_shape *shape)
{
    double bytes = (double)shape->bytes, others = shape->ranks - 1;
    double crossing = tri_cost_shared(shape, (1 + others) * bytes, (shape->ranks + others) * bytes);
    return tri_board_cost(machine, shape, 1, others, crossing);
}

const struct tri_algorithm tri_board_reduce = {
    .name = "board",
    .operation = TRI_REDUCE,
    .use = "one node, short vectors, or operations that do not commute",
    .source = TRI_BOARD_SOURCE,
    .board = true,
    .fits = tri_board_fits_reduction,
    .cost = cost,
    .segment = tri_board_segment,
    .build = build,
};

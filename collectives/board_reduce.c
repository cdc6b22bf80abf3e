/* Reduce over the board: the others write, the root reads and reduces. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "board_steps.h"

/* Nobody reads the root's vector: only where the result is to take its place does it go to the board, too. */
static void build(struct tri_schedule *schedule, const struct tri_collective *call)
{
    const struct tri_pieces vectors = tri_whole_vectors(call);
    if (call->rank != call->root) {
        tri_add_show_vector(schedule, call, &call->send, tri_contribution(call));
        tri_show_to_root(schedule);
        return;
    }
    if (call->in_place) {
        tri_add_copy(schedule, vectors.own, tri_board_vector(schedule, call->rank, &call->send), call->send.count,
                     call->send.type);
        tri_next_round(schedule);
    }
    tri_add_look_all(schedule, call, 0);
    tri_add_fold(schedule, &vectors, call->size - 1, tri_at(TRI_OUTPUT, 0));
}

/* The root's own vector is reduced with what is in its cache then: nothing crosses that would hide it. */
static double cost(const struct tri_machine *machine, const struct tri_shape *shape)
{
    double bytes = (double)shape->bytes, others = shape->ranks - 1;
    double crossing = tri_cost_shared(shape, (1 + others) * bytes, 2 * others * bytes);
    return tri_board_cost(machine, shape, 1, others, crossing) + bytes * machine->reduce_per_byte;
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

/* Barrier over the board: everybody shows, and looks at all others. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "board_steps.h"

static void build(struct tri_schedule *schedule, const struct tri_collective *call)
{
    tri_add_show(schedule, 0);
    tri_add_look_all(schedule, call, 0);
}

static double cost(const struct tri_machine *machine, const struct tri_shape *shape)
{
    return tri_board_cost(machine, shape, 1, shape->ranks - 1, 0);
}

const struct tri_algorithm tri_board_barrier = {
    .name = "board",
    .operation = TRI_BARRIER,
    .use = "one node",
    .source = TRI_BOARD_SOURCE,
    .board = true,
    .cost = cost,
    .build = build,
};

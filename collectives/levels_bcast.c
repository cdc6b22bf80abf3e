/* Broadcast with two levels: among the speakers of the nodes, and from each to its node. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "levels.h"

static void build(struct tri_schedule *schedule, const struct tri_collective *call)
{
    struct tri_levels levels = tri_levels_begin(call, call->root);
    tri_levels_add_upper(schedule, &levels);
    tri_levels_spread(schedule, &levels, &call->receive, 0);
    tri_levels_end(&levels);
}

static double cost(const struct tri_machine *machine, const struct tri_shape *shape)
{
    return tri_levels_cost(machine, shape, TRI_BCAST, 1, 2 * (double)shape->bytes);
}

const struct tri_algorithm tri_levels_bcast = {
    .name = "levels",
    .operation = TRI_BCAST,
    .use = "several nodes with several ranks",
    .source = TRI_LEVELS_SOURCE,
    .levels = true,
    .fits = tri_levels_fits,
    .cost = cost,
    .segment = tri_levels_segment,
    .build = build,
};

/* Barrier with two levels: those of a node tell their speaker, the speakers meet, and tell the others. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "levels.h"

static void build(struct tri_schedule *schedule, const struct tri_collective *call)
{
    struct tri_levels levels = tri_levels_begin(call, 0);
    bool alone = levels.nodes->local_count == 1;
    if (!levels.speaks) {
        tri_add_show(schedule, 0);
        tri_levels_look_speaker(schedule, &levels, 1);
    } else if (!alone) {
        tri_levels_look_others(schedule, &levels, 0);
        tri_next_round(schedule);
    }
    tri_levels_add_upper(schedule, &levels);
    if (levels.speaks && !alone) {
        tri_add_show(schedule, 1);
    }
    tri_levels_end(&levels);
}

static double cost(const struct tri_machine *machine, const struct tri_shape *shape)
{
    return tri_levels_cost(machine, shape, TRI_BARRIER, 2, 0);
}

const struct tri_algorithm tri_levels_barrier = {
    .name = "levels",
    .operation = TRI_BARRIER,
    .use = "several nodes with several ranks",
    .source = TRI_LEVELS_SOURCE,
    .levels = true,
    .cost = cost,
    .build = build,
};

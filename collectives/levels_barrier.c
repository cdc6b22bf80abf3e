/* Barrier with two levels: those of a node tell their speaker, the speakers meet, and tell the others. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "levels.h"

/* The speaker, and those who lead a domain of its node, look at theirs before they show that these have come. */
static void collect(struct tri_schedule *schedule, const struct tri_domain_view *view)
{
    if (view->leads) {
        tri_domains_look_members(schedule, view, 0);
        tri_next_round(schedule);
    }
    if (view->own != view->root) {
        tri_add_show(schedule, 0);
        tri_add_look(schedule, view->leads ? view->root : view->leader, 1);
    } else {
        tri_domains_look_leaders(schedule, view, 0);
    }
    tri_next_round(schedule);
}

static void build(struct tri_schedule *schedule, const struct tri_collective *call)
{
    struct tri_levels levels = tri_levels_begin(call, 0);
    const struct tri_domain_view view = tri_levels_view(call, &levels);
    bool alone = view.members == 1;
    if (!alone) {
        collect(schedule, &view);
    }
    tri_levels_add_upper(schedule, &levels);
    if (view.leads && !alone) {
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

/* Barrier over the board in two steps: the ranks of each domain meet their leader, the leaders each other. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "domains.h"

static void build(struct tri_schedule *schedule, const struct tri_collective *call)
{
    struct tri_domain_view view = tri_domains_begin(&call->comm->board->domains, call->size, call->rank, 0);
    if (!view.leads) {
        tri_add_show(schedule, 0);
        tri_add_look(schedule, view.leader, 1);
        return;
    }
    tri_domains_look_members(schedule, &view, 0);
    tri_next_round(schedule);
    tri_add_show(schedule, 0);
    tri_domains_look_leaders(schedule, &view, 0);
    tri_next_round(schedule);
    tri_add_show(schedule, 1);
}

/* The last stage is what the leaders show. */
static double cost(const struct tri_machine *machine, const struct tri_shape *shape)
{
    return tri_domains_cost(machine, shape, 3, shape->crowd - 1 + shape->domains - 1 + 1, 0);
}

const struct tri_algorithm tri_domains_barrier = {
    .name = "domains",
    .operation = TRI_BARRIER,
    .use = "one node with several caches, NUMA nodes or packages",
    .source = TRI_DOMAINS_SOURCE,
    .board = true,
    .fits = tri_domains_fits,
    .cost = cost,
    .build = build,
};

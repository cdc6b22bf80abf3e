/* Broadcast over the board in two steps: the leaders of the domains copy the root's part, the others their leader's. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "domains.h"

static void build(struct tri_schedule *schedule, const struct tri_collective *call)
{
    struct tri_domain_view view = tri_domains_begin(call->comm->board, call->rank, call->root);
    tri_domains_spread(schedule, &view, &call->receive, 0);
}

/* A leader writes what it has read. */
static double cost(const struct tri_machine *machine, const struct tri_shape *shape)
{
    double bytes = (double)shape->bytes;
    return tri_domains_cost(machine, shape, 1, 2 * bytes, 1, (shape->domains - 1) * bytes);
}

const struct tri_algorithm tri_domains_bcast = {
    .name = "domains",
    .operation = TRI_BCAST,
    .use = "one node with several caches, NUMA nodes or packages",
    .source = TRI_DOMAINS_SOURCE,
    .board = true,
    .fits = tri_domains_fits,
    .cost = cost,
    .segment = tri_board_segment,
    .build = build,
};

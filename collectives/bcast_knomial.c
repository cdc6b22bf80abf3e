/* Broadcast along a tree of radix 4. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "trees.h"

enum { RADIX = TRI_RADIX_MAX };

/* log4 p levels, three messages in each. */
static void build(struct tri_schedule *schedule, const struct tri_collective *call)
{
    tri_add_bcast_tree(schedule, call, RADIX, call->root, tri_at(TRI_OUTPUT, 0), call->receive.count,
                       call->receive.type);
}

static double cost(const struct tri_machine *machine, const struct tri_shape *shape)
{
    int levels = tri_log_up(shape->ranks, RADIX), children = TRI_MIN(RADIX, shape->ranks) - 1;
    double bytes = (double)shape->bytes;
    return levels * tri_cost_burst(machine, shape, children, 0) +
           tri_cost_bytes(machine, shape,
                          tri_cost_shared(shape, levels * children * bytes, (shape->ranks - 1) * bytes));
}

const struct tri_algorithm tri_bcast_knomial = {
    .name = "knomial",
    .operation = TRI_BCAST,
    .use = "short messages, latency above overhead",
    .source = "Chan, Heimlich, Purkayastha, van de Geijn: Collective communication, CCPE 2007",
    .cost = cost,
    .build = build,
};

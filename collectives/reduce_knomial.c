/* Reduce along a tree of radix 4. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "trees.h"

enum { RADIX = TRI_RADIX_MAX };

/* log4 p rounds, in which three vectors arrive. */
static void build(struct tri_schedule *schedule, const struct tri_collective *call)
{
    tri_add_reduce_to_root(schedule, call, RADIX);
}

static double cost(const struct tri_machine *machine, const struct tri_shape *shape)
{
    int levels = tri_log_up(shape->ranks, RADIX), children = TRI_MIN(RADIX, shape->ranks) - 1;
    double vector = (double)shape->bytes;
    double bytes = tri_cost_shared(shape, levels * children * vector, (shape->ranks - 1) * vector);
    return levels * tri_cost_burst(machine, shape, children, 0) + tri_cost_bytes(machine, shape, bytes) +
           bytes * machine->reduce_per_byte;
}

const struct tri_algorithm tri_reduce_knomial = {
    .name = "knomial",
    .operation = TRI_REDUCE,
    .use = "short vectors, latency above overhead",
    .source = "Chan, Heimlich, Purkayastha, van de Geijn: Collective communication, CCPE 2007",
    .cost = cost,
    .build = build,
};

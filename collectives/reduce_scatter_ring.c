/* Reduce-scatter over a ring. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "ring.h"

/* p - 1 rounds, one block in each, between neighbours only. */
static void build(struct tri_schedule *schedule, const struct tri_collective *call)
{
    const struct tri_parts parts = tri_parts_of_blocks(call);
    tri_add_ring_reduce(schedule, call, &parts, tri_at(TRI_OUTPUT, 0));
}

static bool fits(const struct tri_shape *shape)
{
    return shape->commutative;
}

static double cost(const struct tri_machine *machine, const struct tri_shape *shape)
{
    double rounds = shape->ranks - 1, bytes = tri_cost_each(shape, rounds * (double)shape->bytes);
    return tri_cost_rounds(machine, shape, rounds, bytes) + bytes * machine->reduce_per_byte;
}

const struct tri_algorithm tri_reduce_scatter_ring = {
    .name = "ring",
    .operation = TRI_REDUCE_SCATTER,
    .use = "long vectors, commutative operations",
    .source = "Patarasuk, Yuan: Bandwidth optimal all-reduce algorithms for clusters of workstations, JPDC 2009",
    .fits = fits,
    .cost = cost,
    .build = build,
};

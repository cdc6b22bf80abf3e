/* Allreduce over a ring: the parts of the vector go round twice, reduced the first time. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "ring.h"

/* 2 (p - 1) rounds, a p-th of the vector in each: no algorithm sends less. A part is reduced on one way round the ring
 * only, so that all ranks have the same bits. */
static void build(struct tri_schedule *schedule, const struct tri_collective *call)
{
    const struct tri_parts parts = {.elements = call->send.count, .type = call->send.type, .count = call->size};
    const struct tri_place output = tri_at(TRI_OUTPUT, 0);
    tri_add_ring_reduce(schedule, call, &parts, tri_behind(output, tri_part_begin(&parts, call->rank), parts.type));
    tri_add_ring_gather(schedule, call, 0, false, &parts, output);
}

static bool fits(const struct tri_shape *shape)
{
    return shape->commutative;
}

static double cost(const struct tri_machine *machine, const struct tri_shape *shape)
{
    double rounds = shape->ranks - 1, share = tri_cost_each(shape, (double)shape->bytes * rounds / shape->ranks);
    return tri_cost_rounds(machine, shape, 2 * rounds, 2 * share) + share * machine->reduce_per_byte;
}

const struct tri_algorithm tri_allreduce_ring = {
    .name = "ring",
    .operation = TRI_ALLREDUCE,
    .use = "long vectors, any number of ranks",
    .source = "Patarasuk, Yuan: Bandwidth optimal all-reduce algorithms for clusters of workstations, JPDC 2009",
    .fits = fits,
    .cost = cost,
    .build = build,
};

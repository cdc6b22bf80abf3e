/* Reduce-scatter: reduced to rank 0 along a binomial tree, then dealt out. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "trees.h"

static void build(struct tri_schedule *schedule, const struct tri_collective *call)
{
    int64_t total = 0;
    for (int i = 0; i < call->size; i++) {
        total += tri_block_count(&call->receive, i);
    }
    tri_add_deal(schedule, call, tri_add_reduce_tree(schedule, call, 2, 0, total, call->receive.type));
}

static double cost(const struct tri_machine *machine, const struct tri_shape *shape)
{
    double rounds = tri_log2_up(shape->ranks), whole = (double)shape->ranks * (double)shape->bytes;
    double bytes = tri_cost_shared(shape, rounds * whole, (shape->ranks - 1) * whole);
    return tri_cost_rounds(machine, shape, rounds + 1, bytes + whole) + bytes * machine->reduce_per_byte;
}

const struct tri_algorithm tri_reduce_scatter_binomial = {
    .name = "binomial",
    .operation = TRI_REDUCE_SCATTER,
    .use = "short vectors, any operation",
    .source = "Chan, Heimlich, Purkayastha, van de Geijn: Collective communication, CCPE 2007",
    .cost = cost,
    .build = build,
};

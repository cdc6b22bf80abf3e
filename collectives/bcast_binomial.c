/* Broadcast along a binomial tree. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "trees.h"

static void build(struct tri_schedule *schedule, const struct tri_collective *call)
{
    tri_add_bcast_tree(schedule, call, 2, call->root, tri_at(TRI_OUTPUT, 0), call->receive.count, call->receive.type);
}

static double cost(const struct tri_machine *machine, const struct tri_shape *shape)
{
    double rounds = tri_log2_up(shape->ranks), bytes = (double)shape->bytes;
    return tri_cost_rounds(machine, shape, rounds, tri_cost_shared(shape, rounds * bytes, (shape->ranks - 1) * bytes));
}

const struct tri_algorithm tri_bcast_binomial = {
    .name = "binomial",
    .operation = TRI_BCAST,
    .use = "short messages",
    .source = "Thakur, Rabenseifner, Gropp: Optimization of collective communication operations in MPICH, IJHPCA 2005",
    .cost = cost,
    .build = build,
};

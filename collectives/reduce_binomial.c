/* Reduce along a binomial tree. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "trees.h"

/* ceil(log2 p) rounds, the whole vector in each; one more for an operation that is not commutative and a root other
 * than rank 0. */
static void build(struct tri_schedule *schedule, const struct tri_collective *call)
{
    tri_add_reduce_to_root(schedule, call, 2);
}

static double cost(const struct tri_machine *machine, const struct tri_shape *shape)
{
    double rounds = tri_log2_up(shape->ranks), vector = (double)shape->bytes;
    double bytes = tri_cost_shared(shape, rounds * vector, (shape->ranks - 1) * vector);
    return tri_cost_rounds(machine, shape, rounds, bytes) + bytes * machine->reduce_per_byte +
           tri_cost_fresh(machine, shape, TRI_MAX(rounds - 1, 0) * vector);
}

const struct tri_algorithm tri_reduce_binomial = {
    .name = "binomial",
    .operation = TRI_REDUCE,
    .use = "short vectors, any operation",
    .source = "Thakur, Rabenseifner, Gropp: Optimization of collective communication operations in MPICH, IJHPCA 2005",
    .cost = cost,
    .build = build,
};

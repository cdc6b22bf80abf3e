/* Reduce-scatter, also with counts of each rank: one partner after the other. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "parts.h"

/* In round k a rank sends the one k above what that needs, and gets its own block from the one k below. Those of lower
 * ranks come in descending order, each in front of what there is (low); so do those of higher ranks, which follow from
 * the last rank on (high): the order of operands is that of the ranks. p - 1 rounds, a block in each. */
static void build(struct tri_schedule *schedule, const struct tri_collective *call)
{
    int size = call->size, rank = call->rank;
    const struct tri_parts parts = tri_parts_of_blocks(call);
    const struct tri_place vector = tri_contribution(call);
    struct tri_piece own = tri_parts_piece(&parts, rank, rank + 1);
    struct tri_place low = tri_add_scratch(schedule, own.count, parts.type);
    struct tri_place high = tri_add_scratch(schedule, own.count, parts.type);
    struct tri_place in = tri_add_scratch(schedule, own.count, parts.type);
    tri_add_copy(schedule, tri_behind(vector, own.begin, parts.type), low, own.count, parts.type);
    for (int k = 1; k < size; k++) {
        int to = (rank + k) % size, from = (rank - k + size) % size;
        bool first_high = from == size - 1;
        tri_next_round(schedule);
        tri_add_send_piece(schedule, to, vector, &parts, tri_parts_piece(&parts, to, to + 1));
        tri_add_receive(schedule, from, first_high ? high : in, own.count, parts.type);
        if (!first_high) {
            tri_add_reduce(schedule, in, from < rank ? low : high, own.count, parts.type);
        }
    }
    if (rank < size - 1) {
        tri_add_reduce(schedule, low, high, own.count, parts.type);
    }
    tri_add_copy(schedule, rank < size - 1 ? high : low, tri_at(TRI_OUTPUT, 0), own.count, parts.type);
}

static double cost(const struct tri_machine *machine, const struct tri_shape *shape)
{
    double rounds = shape->ranks - 1, bytes = tri_cost_each(shape, rounds * (double)shape->bytes);
    return tri_cost_rounds(machine, shape, rounds, bytes) + bytes * machine->reduce_per_byte +
           2 * (double)shape->bytes * machine->copy_per_byte;
}

const struct tri_algorithm tri_reduce_scatter_pairwise = {
    .name = "pairwise",
    .operation = TRI_REDUCE_SCATTER,
    .use = "long vectors, any operation",
    .source = "Thakur, Rabenseifner, Gropp: Optimization of collective communication operations in MPICH, IJHPCA 2005",
    .cost = cost,
    .build = build,
};

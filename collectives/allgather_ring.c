/* Allgather, also with counts of each rank: the blocks go round a ring. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "own.h"

/* p - 1 rounds, a block in each: in round k a rank passes on the block that started k ranks before it. */
static void build(struct tri_schedule *schedule, const struct tri_collective *call)
{
    int size = call->size, rank = call->rank;
    const struct tri_blocks *all = &call->receive;
    tri_add_own(schedule, call);
    int right = (rank + 1) % size, left = (rank - 1 + size) % size;
    for (int k = 0; k < size - 1; k++) {
        int out = (rank - k + size) % size, in = (left - k + size) % size;
        if (k == 0) {
            tri_add_send_own(schedule, call, right);
        } else {
            tri_add_send_block(schedule, right, TRI_OUTPUT, all, out);
        }
        tri_add_receive_block(schedule, left, TRI_OUTPUT, all, in);
        tri_next_round(schedule);
    }
}

static double cost(const struct tri_machine *machine, const struct tri_shape *shape)
{
    return tri_cost_rounds(machine, shape, shape->ranks - 1,
                           tri_cost_each(shape, (double)(shape->ranks - 1) * (double)shape->bytes));
}

const struct tri_algorithm tri_allgather_ring = {
    .name = "ring",
    .operation = TRI_ALLGATHER,
    .use = "long blocks, any counts",
    .source = "Chan, Heimlich, Purkayastha, van de Geijn: Collective communication, CCPE 2007",
    .cost = cost,
    .build = build,
};

/* Reduce along a chain, in pieces. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "collectives.h"

/* From the last number down to 0 each rank adds its contribution in front: p - 1 rounds for the first piece, one more
 * for an operation that is not commutative and a root other than rank 0, as then numbers are ranks. */
static void build(struct tri_schedule *schedule, const struct tri_collective *call)
{
    int size = call->size, rank = call->rank;
    int first = call->op->commutative ? call->root : 0, number = (rank - first + size) % size;
    const struct tri_blocks *data = &call->send;
    const struct tri_place output = tri_at(TRI_OUTPUT, 0);
    struct tri_place mine = tri_contribution(call);
    if (number < size - 1) {
        bool here = rank == first && rank == call->root && !call->in_place;
        struct tri_place sum = here ? output : tri_add_scratch(schedule, data->count, data->type);
        tri_add_receive(schedule, (rank + 1) % size, sum, data->count, data->type);
        tri_add_reduce(schedule, mine, sum, data->count, data->type);
        mine = sum;
    }
    if (rank == first && rank == call->root) {
        tri_add_copy(schedule, mine, output, data->count, data->type);
        return;
    }
    tri_next_round(schedule);
    tri_add_send(schedule, number > 0 ? (rank - 1 + size) % size : call->root, mine, data->count, data->type);
    if (rank == call->root) {
        tri_next_round(schedule);
        tri_add_receive(schedule, first, output, data->count, data->type);
    }
}

static struct tri_pipeline pipeline(const struct tri_shape *shape)
{
    return (struct tri_pipeline){.depth = shape->ranks - 1, .fan = 1, .copies = 1, .reductions = 1, .passes = 1};
}

static int64_t segment(const struct tri_shape *shape)
{
    return tri_pipeline_segment(&tri_machine, shape, pipeline(shape));
}

static double cost(const struct tri_machine *machine, const struct tri_shape *shape)
{
    return tri_pipeline_cost(machine, shape, pipeline(shape));
}

const struct tri_algorithm tri_reduce_chain = {
    .name = "chain",
    .operation = TRI_REDUCE,
    .use = "long vectors, few ranks",
    .source = "Sanders, Speck, Traeff: Two-tree algorithms for full bandwidth broadcast, reduction and scan, "
              "Parallel Computing 2009",
    .cost = cost,
    .segment = segment,
    .build = build,
};

/* Broadcast along a chain, in pieces. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "collectives.h"

/* Each rank passes each piece on to the next: p - 1 rounds for the first one, then one after the other. */
static void build(struct tri_schedule *schedule, const struct tri_collective *call)
{
    int size = call->size, rank = call->rank, next = (rank + 1) % size;
    const struct tri_blocks *data = &call->receive;
    if (rank != call->root) {
        tri_add_receive(schedule, (rank - 1 + size) % size, tri_at(TRI_OUTPUT, 0), data->count, data->type);
        tri_next_round(schedule);
    }
    if (next != call->root) {
        tri_add_send(schedule, next, tri_at(TRI_OUTPUT, 0), data->count, data->type);
    }
}

static struct tri_pipeline pipeline(const struct tri_shape *shape)
{
    return (struct tri_pipeline){.depth = shape->ranks - 1, .fan = 1, .copies = 1, .reductions = 0, .passes = 1};
}

static int64_t segment(const struct tri_shape *shape)
{
    return tri_pipeline_segment(&tri_machine, shape, pipeline(shape));
}

static double cost(const struct tri_machine *machine, const struct tri_shape *shape)
{
    return tri_pipeline_cost(machine, shape, pipeline(shape));
}

const struct tri_algorithm tri_bcast_chain = {
    .name = "chain",
    .operation = TRI_BCAST,
    .use = "long messages, few ranks",
    .source = "Sanders, Speck, Traeff: Two-tree algorithms for full bandwidth broadcast, reduction and scan, "
              "Parallel Computing 2009",
    .cost = cost,
    .segment = segment,
    .build = build,
};

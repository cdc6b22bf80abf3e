/* Broadcast along a binary tree, in pieces. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "binary.h"

/* log2 p rounds for the first piece; a rank sends each piece to two others. */
static void build(struct tri_schedule *schedule, const struct tri_collective *call)
{
    struct tri_binary tree = tri_binary_at(call, call->root);
    tri_add_bcast_binary(schedule, &tree, tri_at(TRI_OUTPUT, 0), call->receive.count, call->receive.type);
}

static struct tri_pipeline pipeline(const struct tri_shape *shape)
{
    return (struct tri_pipeline){
        .depth = tri_log2_down(shape->ranks), .fan = 2, .copies = 2, .reductions = 0, .passes = 1};
}

static int64_t segment(const struct tri_shape *shape)
{
    return tri_pipeline_segment(&tri_machine, shape, pipeline(shape));
}

static double cost(const struct tri_machine *machine, const struct tri_shape *shape)
{
    return tri_pipeline_cost(machine, shape, pipeline(shape));
}

const struct tri_algorithm tri_bcast_binary = {
    .name = "binary",
    .operation = TRI_BCAST,
    .use = "long messages, many ranks",
    .source = "Sanders, Speck, Traeff: Two-tree algorithms for full bandwidth broadcast, reduction and scan, "
              "Parallel Computing 2009",
    .cost = cost,
    .segment = segment,
    .build = build,
};

/* Allreduce as a pipeline up and down a binary tree. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "binary.h"

/* Each piece takes 2 log2 p rounds, but the next one follows close behind it. */
static void build(struct tri_schedule *schedule, const struct tri_collective *call)
{
    const struct tri_place output = tri_at(TRI_OUTPUT, 0);
    struct tri_binary tree = tri_binary_in_order(call);
    struct tri_place result = tri_add_reduce_binary(schedule, call, &tree);
    if (tree.parent < 0) {
        tri_add_copy(schedule, result, output, call->send.count, call->send.type);
    }
    tri_next_round(schedule);
    tri_add_bcast_binary(schedule, &tree, output, call->send.count, call->send.type);
}

/* In the steady state a rank receives three pieces, sends three and reduces two of each. */
static struct tri_pipeline pipeline(const struct tri_shape *shape)
{
    return (struct tri_pipeline){
        .depth = 2 * tri_log2_down(shape->ranks), .fan = 2, .copies = 3, .reductions = 2, .passes = 2};
}

static int64_t segment(const struct tri_shape *shape)
{
    return tri_pipeline_segment(&tri_machine, shape, pipeline(shape));
}

static double cost(const struct tri_machine *machine, const struct tri_shape *shape)
{
    return tri_pipeline_cost(machine, shape, pipeline(shape));
}

const struct tri_algorithm tri_allreduce_binary = {
    .name = "binary",
    .operation = TRI_ALLREDUCE,
    .use = "long vectors, operations that do not commute",
    .source = "Sanders, Speck, Traeff: Two-tree algorithms for full bandwidth broadcast, reduction and scan, "
              "Parallel Computing 2009",
    .cost = cost,
    .segment = segment,
    .build = build,
};

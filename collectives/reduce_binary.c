/* Reduce along a binary tree, in pieces. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "binary.h"

/* log2 p rounds for the first piece; of each piece a rank gets two and sends one. An operation that is not commutative
 * needs the tree in the order of the ranks, whose root passes the result on to the call's. */
static void build(struct tri_schedule *schedule, const struct tri_collective *call)
{
    struct tri_binary tree = call->op->commutative ? tri_binary_at(call, call->root) : tri_binary_in_order(call);
    struct tri_place result = tri_add_reduce_binary(schedule, call, &tree);
    const struct tri_blocks *data = &call->send;
    if (call->rank == call->root && call->rank == tree.root) {
        tri_add_copy(schedule, result, tri_at(TRI_OUTPUT, 0), data->count, data->type);
    } else if (call->rank == tree.root) {
        tri_add_send(schedule, call->root, result, data->count, data->type);
    } else if (call->rank == call->root) {
        tri_next_round(schedule);
        tri_add_receive(schedule, tree.root, tri_at(TRI_OUTPUT, 0), data->count, data->type);
    }
}

static struct tri_pipeline pipeline(const struct tri_shape *shape)
{
    return (struct tri_pipeline){
        .depth = tri_log2_down(shape->ranks), .fan = 2, .copies = 2, .reductions = 2, .passes = 1};
}

static int64_t segment(const struct tri_shape *shape)
{
    return tri_pipeline_segment(&tri_machine, shape, pipeline(shape));
}

static double cost(const struct tri_machine *machine, const struct tri_shape *shape)
{
    return tri_pipeline_cost(machine, shape, pipeline(shape));
}

const struct tri_algorithm tri_reduce_binary = {
    .name = "binary",
    .operation = TRI_REDUCE,
    .use = "long vectors, many ranks",
    .source = "Sanders, Speck, Traeff: Two-tree algorithms for full bandwidth broadcast, reduction and scan, "
              "Parallel Computing 2009",
    .cost = cost,
    .segment = segment,
    .build = build,
};

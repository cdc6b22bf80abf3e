/* Reduce-scatter: reduced to rank 0 along a binomial tree, then dealt out. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "reduce_tree.h"

static void build(struct tri_schedule *schedule, const struct tri_collective *call)
{
    const struct tri_blocks *data = &call->receive;
    int size = call->comm->size, rank = call->comm->rank;
    int64_t total = 0, offset = 0;
    for (int i = 0; i < size; i++) {
        total += tri_block_count(data, i);
    }
    struct tri_place result = tri_add_reduce_tree(schedule, call, total, data->type, 0);
    if (rank != 0) {
        tri_add_receive(schedule, 0, tri_at(TRI_OUTPUT, 0), tri_block_count(data, rank), data->type);
        return;
    }
    for (int i = 0; i < size; i++) {
        struct tri_place block = {result.slot, result.offset + offset * data->type->extent};
        if (i == 0) {
            tri_add_copy(schedule, block, tri_at(TRI_OUTPUT, 0), tri_block_count(data, i), data->type);
        } else {
            tri_add_send(schedule, i, block, tri_block_count(data, i), data->type);
        }
        offset += tri_block_count(data, i);
    }
}

const struct tri_algorithm tri_reduce_scatter_binomial = {
    .name = "binomial",
    .operation = TRI_REDUCE_SCATTER,
    .use = "short vectors, any operation",
    .build = build,
};

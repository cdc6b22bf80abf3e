/* Reduce from all of one group to a rank of the other. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "inter.h"

/* The group reduces to its rank 0, which sends the result. */
static void build(struct tri_schedule *schedule, const struct tri_collective *call)
{
    const struct tri_blocks *data = &call->send;
    if (call->root == MPI_PROC_NULL) {
        return;
    }
    if (call->root == MPI_ROOT) {
        tri_inter_across(schedule, call);
        tri_add_receive(schedule, 0, tri_at(TRI_OUTPUT, 0), data->count, data->type);
        return;
    }
    const struct tri_collective local = tri_inter_local(call);
    tri_inter_within(schedule, call);
    struct tri_place result = tri_add_reduce_tree(schedule, &local, 2, 0, data->count, data->type);
    if (local.rank == 0) {
        tri_inter_across(schedule, call);
        tri_add_send(schedule, call->root, result, data->count, data->type);
    }
}

const struct tri_algorithm tri_inter_reduce = {
    .name = "inter",
    .operation = TRI_REDUCE,
    .use = "a tree within the group, one message between the groups",
    .source = "MPI 5.0, 6.2.2",
    .inter = true,
    .cost = tri_inter_cost,
    .build = build,
};

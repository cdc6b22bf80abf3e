/* Broadcast from a rank of one group to all of the other. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "inter.h"

/* The root sends to rank 0 of the other group, which has a binomial tree below it. */
static void build(struct tri_schedule *schedule, const struct tri_collective *call)
{
    const struct tri_blocks *data = &call->receive;
    const struct tri_place whole = tri_at(TRI_OUTPUT, 0);
    if (call->root == MPI_PROC_NULL) {
        return;
    }
    tri_inter_across(schedule, call);
    if (call->root == MPI_ROOT) {
        tri_add_send(schedule, 0, whole, data->count, data->type);
        return;
    }
    if (call->comm->rank == 0) {
        tri_add_receive(schedule, call->root, whole, data->count, data->type);
        tri_next_round(schedule);
    }
    tri_inter_within(schedule, call);
    const struct tri_collective local = tri_inter_local(call);
    tri_add_bcast_tree(schedule, &local, 2, 0, whole, data->count, data->type);
}

const struct tri_algorithm tri_inter_bcast = {
    .name = "inter",
    .operation = TRI_BCAST,
    .use = "one message between the groups, a tree within",
    .source = "MPI 5.0, 6.2.2",
    .inter = true,
    .cost = tri_inter_cost,
    .build = build,
};

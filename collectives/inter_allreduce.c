/* Allreduce: each group gets the reduction of the other. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "inter.h"

/* Each group reduces to its rank 0; these exchange the results, and broadcast what they get. */
static void build(struct tri_schedule *schedule, const struct tri_collective *call)
{
    const struct tri_blocks *data = &call->send;
    const struct tri_collective local = tri_inter_local(call);
    const struct tri_place whole = tri_at(TRI_OUTPUT, 0);
    tri_inter_within(schedule, call);
    struct tri_place result = tri_add_reduce_tree(schedule, &local, 2, 0, data->count, data->type);
    tri_next_round(schedule);
    if (local.rank == 0) {
        tri_inter_across(schedule, call);
        tri_add_receive(schedule, 0, whole, data->count, data->type);
        tri_add_send(schedule, 0, result, data->count, data->type);
        tri_next_round(schedule);
    }
    tri_inter_within(schedule, call);
    tri_add_bcast_tree(schedule, &local, 2, 0, whole, data->count, data->type);
}

const struct tri_algorithm tri_inter_allreduce = {
    .name = "inter",
    .operation = TRI_ALLREDUCE,
    .use = "trees within the groups, one exchange between them",
    .source = "MPI 5.0, 6.2.2",
    .inter = true,
    .cost = tri_inter_cost,
    .build = build,
};

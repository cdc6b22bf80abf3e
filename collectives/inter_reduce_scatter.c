/* Reduce-scatter: the reduction of one group is dealt out to the other. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "inter.h"

/* Each group reduces to its rank 0; these exchange the results, which have the same length though the groups may cut
 * them differently, and deal out what they get. */
static void build(struct tri_schedule *schedule, const struct tri_collective *call)
{
    const struct tri_blocks *data = &call->receive;
    const struct tri_collective local = tri_inter_local(call);
    int64_t total = 0;
    for (int i = 0; i < local.size; i++) {
        total += tri_block_count(data, i);
    }
    tri_inter_within(schedule, call);
    struct tri_place result = tri_add_reduce_tree(schedule, &local, 2, 0, total, data->type);
    struct tri_place other = tri_at(TRI_SCRATCH, 0);
    tri_next_round(schedule);
    if (local.rank == 0) {
        other = tri_add_scratch(schedule, total, data->type);
        tri_inter_across(schedule, call);
        tri_add_receive(schedule, 0, other, total, data->type);
        tri_add_send(schedule, 0, result, total, data->type);
        tri_next_round(schedule);
    }
    tri_inter_within(schedule, call);
    tri_add_deal(schedule, &local, other);
}

const struct tri_algorithm tri_inter_reduce_scatter = {
    .name = "inter",
    .operation = TRI_REDUCE_SCATTER,
    .use = "trees within the groups, then each result is dealt out",
    .source = "MPI 5.0, 6.2.2",
    .inter = true,
    .cost = tri_inter_cost,
    .build = build,
};

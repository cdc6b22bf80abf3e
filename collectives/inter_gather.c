/* Gather from all of one group to a rank of the other. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "inter.h"

static void build(struct tri_schedule *schedule, const struct tri_collective *call)
{
    tri_inter_across(schedule, call);
    if (call->root == MPI_ROOT) {
        for (int i = 0; i < call->size; i++) {
            tri_add_receive_block(schedule, i, TRI_OUTPUT, &call->receive, i);
        }
    } else if (call->root != MPI_PROC_NULL) {
        tri_add_send(schedule, call->root, tri_at(TRI_INPUT, 0), call->send.count, call->send.type);
    }
}

const struct tri_algorithm tri_inter_gather = {
    .name = "inter",
    .operation = TRI_GATHER,
    .use = "each sends to the root",
    .source = "MPI 5.0, 6.2.2",
    .inter = true,
    .cost = tri_inter_cost,
    .build = build,
};

/* Scatter from a rank of one group to all of the other. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "inter.h"

static void build(struct tri_schedule *schedule, const struct tri_collective *call)
{
    tri_inter_across(schedule, call);
    if (call->root == MPI_ROOT) {
        for (int i = 0; i < call->size; i++) {
            tri_add_send_block(schedule, i, TRI_INPUT, &call->send, i);
        }
    } else if (call->root != MPI_PROC_NULL) {
        tri_add_receive(schedule, call->root, tri_at(TRI_OUTPUT, 0), call->receive.count, call->receive.type);
    }
}

const struct tri_algorithm tri_inter_scatter = {
    .name = "inter",
    .operation = TRI_SCATTER,
    .use = "the root sends to each",
    .source = "MPI 5.0, 6.2.2",
    .inter = true,
    .cost = tri_inter_cost,
    .build = build,
};

/* Allgather: each rank gets the blocks of the other group. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "inter.h"

static void build(struct tri_schedule *schedule, const struct tri_collective *call)
{
    tri_inter_across(schedule, call);
    for (int k = 0; k < call->size; k++) {
        int peer = (call->comm->rank + k) % call->size;
        tri_add_receive_block(schedule, peer, TRI_OUTPUT, &call->receive, peer);
        tri_add_send(schedule, peer, tri_at(TRI_INPUT, 0), call->send.count, call->send.type);
    }
}

const struct tri_algorithm tri_inter_allgather = {
    .name = "inter",
    .operation = TRI_ALLGATHER,
    .use = "each sends to each of the other group",
    .source = "MPI 5.0, 6.2.2",
    .inter = true,
    .cost = tri_inter_cost,
    .build = build,
};

/* Broadcast along a binomial tree. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "collectives.h"

/* ceil(log2 p) rounds, the whole message in each. The root sends to the far ranks first. */
static void build(struct tri_schedule *schedule, const struct tri_collective *call)
{
    const struct tri_blocks *data = &call->receive;
    int size = call->comm->size, rank = call->comm->rank;
    int relative = (rank - call->root + size) % size;
    int mask = 1;
    while (mask < size && !(relative & mask)) {
        mask *= 2;
    }
    if (relative != 0) {
        tri_add_receive(schedule, (rank - mask + size) % size, tri_at(TRI_OUTPUT, 0), data->count, data->type);
        tri_next_round(schedule);
    }
    for (mask /= 2; mask > 0; mask /= 2) {
        if (relative + mask < size) {
            tri_add_send(schedule, (rank + mask) % size, tri_at(TRI_OUTPUT, 0), data->count, data->type);
        }
    }
}

const struct tri_algorithm tri_bcast_binomial = {
    .name = "binomial",
    .operation = TRI_BCAST,
    .use = "short messages",
    .build = build,
};

/* Scatter, also with counts of each rank: the root sends to everybody. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "collectives.h"

static void build(struct tri_schedule *schedule, const struct tri_collective *call)
{
    int size = call->size, rank = call->rank;
    const struct tri_blocks *send = &call->send, *receive = &call->receive;
    if (rank != call->root) {
        tri_add_receive(schedule, call->root, tri_at(TRI_OUTPUT, 0), receive->count, receive->type);
        return;
    }
    for (int i = 0; i < size; i++) {
        struct tri_place block = tri_at(TRI_INPUT, tri_block_offset(send, i));
        if (i != rank) {
            tri_add_send(schedule, i, block, tri_block_count(send, i), send->type);
        } else if (!call->in_place) {
            tri_add_convert(schedule, block, tri_block_count(send, i), send->type, tri_at(TRI_OUTPUT, 0),
                            receive->count, receive->type);
        }
    }
}

static double cost(const struct tri_machine *machine, const struct tri_shape *shape)
{
    return tri_cost_burst(machine, shape, shape->ranks - 1, (double)(shape->ranks - 1) * (double)shape->bytes);
}

const struct tri_algorithm tri_scatter_linear = {
    .name = "linear",
    .operation = TRI_SCATTER,
    .use = "few ranks, or long blocks",
    .source = "Chan, Heimlich, Purkayastha, van de Geijn: Collective communication, CCPE 2007",
    .cost = cost,
    .build = build,
};

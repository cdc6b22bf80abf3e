/* Broadcast by a scatter and an allgather: the algorithm of van de Geijn. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "ring.h"
#include "trees.h"

/* A rank gets the parts of its subtree and sends the far half of what it has on, and so forth. */
static void add_scatter(struct tri_schedule *schedule, const struct tri_collective *call, const struct tri_parts *parts,
                        struct tri_place vector)
{
    int size = call->size, root = call->root, number = (call->rank - root + size) % size;
    struct tri_knomial tree = tri_knomial_of(size, number, 2);
    if (tree.parent >= 0) {
        tri_add_receive_piece(schedule, (tree.parent + root) % size, vector, parts,
                              tri_parts_piece(parts, number, TRI_MIN(number + tree.width, size)));
        tri_next_round(schedule);
    }
    for (int step = tree.width / 2; step > 0; step /= 2) {
        int child = number + step;
        if (child < size) {
            tri_add_send_piece(schedule, (child + root) % size, vector, parts,
                               tri_parts_piece(parts, child, TRI_MIN(child + step, size)));
        }
    }
    tri_next_round(schedule);
}

/* log2 p rounds down the tree, then p - 1 round the ring with a p-th of the message each: every byte is sent about
 * twice. Parts end at any byte, so that this works on packed data. */
static void build(struct tri_schedule *schedule, const struct tri_collective *call)
{
    const struct tri_blocks *data = &call->receive;
    const struct tri_parts parts = {
        .elements = data->count * data->type->size, .type = tri_datatype_get(MPI_BYTE), .count = call->size};
    bool root = call->rank == call->root;
    struct tri_place vector = tri_add_packed(schedule, tri_at(TRI_OUTPUT, 0), data->count, data->type, root);
    add_scatter(schedule, call, &parts, vector);
    tri_add_ring_gather(schedule, call, call->root, true, &parts, vector);
    if (!root) {
        tri_add_unpacked(schedule, vector, tri_at(TRI_OUTPUT, 0), data->count, data->type);
    }
}

static double cost(const struct tri_machine *machine, const struct tri_shape *shape)
{
    double ranks = shape->ranks, share = tri_cost_each(shape, (double)shape->bytes * (ranks - 1) / ranks);
    return tri_cost_rounds(machine, shape, tri_log2_up(shape->ranks) + ranks - 1, 2 * share);
}

const struct tri_algorithm tri_bcast_scatter_allgather = {
    .name = "scatter_allgather",
    .operation = TRI_BCAST,
    .use = "long messages, many ranks",
    .source = "Barnett, Gupta, Payne, Shuler, van de Geijn, Watts: Interprocessor collective communication "
              "library, SHPCC 1994",
    .cost = cost,
    .build = build,
};

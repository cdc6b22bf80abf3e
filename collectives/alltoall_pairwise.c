/* Alltoall, also with counts of each pair: one partner after the other. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "collectives.h"

/* In round k rank i exchanges blocks with rank k - i (mod p), which in that round exchanges with i: p rounds, one of
 * them the own block. In place the block that comes in waits in scratch until the other is out. */
static void add_exchange(struct tri_schedule *schedule, const struct tri_collective *call, int peer,
                         struct tri_place waiting)
{
    const struct tri_blocks *receive = &call->receive;
    if (!call->in_place) {
        tri_add_receive_block(schedule, peer, TRI_OUTPUT, receive, peer);
        tri_add_send_block(schedule, peer, TRI_INPUT, &call->send, peer);
        return;
    }
    struct tri_datatype *type = tri_block_type(receive, peer), *byte = tri_datatype_get(MPI_BYTE);
    int64_t count = tri_block_count(receive, peer);
    tri_add_receive(schedule, peer, waiting, count * type->size, byte);
    tri_add_send_block(schedule, peer, TRI_OUTPUT, receive, peer);
    tri_add_convert(schedule, waiting, count * type->size, byte, tri_at(TRI_OUTPUT, tri_block_offset(receive, peer)),
                    count, type);
}

static int64_t longest(const struct tri_collective *call)
{
    int64_t most = 0;
    for (int i = 0; i < call->size; i++) {
        most = TRI_MAX(most, tri_block_count(&call->receive, i) * tri_block_type(&call->receive, i)->size);
    }
    return most;
}

static void build(struct tri_schedule *schedule, const struct tri_collective *call)
{
    int size = call->size, rank = call->rank;
    const struct tri_blocks *send = &call->send, *receive = &call->receive;
    struct tri_place waiting = tri_at(TRI_SCRATCH, 0);
    if (call->in_place) {
        waiting = tri_add_scratch(schedule, longest(call), tri_datatype_get(MPI_BYTE));
    }
    for (int k = 0; k < size; k++) {
        int peer = (k - rank + size) % size;
        if (peer != rank) {
            add_exchange(schedule, call, peer, waiting);
        } else if (!call->in_place) {
            tri_add_convert(schedule, tri_at(TRI_INPUT, tri_block_offset(send, rank)), tri_block_count(send, rank),
                            tri_block_type(send, rank), tri_at(TRI_OUTPUT, tri_block_offset(receive, rank)),
                            tri_block_count(receive, rank), tri_block_type(receive, rank));
        }
        tri_next_round(schedule);
    }
}

static double cost(const struct tri_machine *machine, const struct tri_shape *shape)
{
    return tri_cost_rounds(machine, shape, shape->ranks - 1,
                           tri_cost_each(shape, (double)(shape->ranks - 1) * (double)shape->bytes));
}

const struct tri_algorithm tri_alltoall_pairwise = {
    .name = "pairwise",
    .operation = TRI_ALLTOALL,
    .use = "long blocks, any counts",
    .source = "Thakur, Rabenseifner, Gropp: Optimization of collective communication operations in MPICH, IJHPCA 2005",
    .cost = cost,
    .build = build,
};

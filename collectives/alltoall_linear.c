/* Alltoall, also with counts of each pair: everything at once, starting with the next rank. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "collectives.h"

/* In place the blocks that go out lie where others come in: they are packed away first. Returns where they are. */
static struct tri_place set_aside(struct tri_schedule *schedule, const struct tri_collective *call)
{
    struct tri_datatype *byte = tri_datatype_get(MPI_BYTE);
    struct tri_place first = tri_at(TRI_SCRATCH, schedule->scratch);
    for (int i = 0; i < call->size; i++) {
        struct tri_datatype *type = tri_block_type(&call->receive, i);
        int64_t count = tri_block_count(&call->receive, i);
        struct tri_place packed = tri_add_scratch(schedule, count * type->size, byte);
        tri_add_convert(schedule, tri_at(TRI_OUTPUT, tri_block_offset(&call->receive, i)), count, type, packed,
                        count * type->size, byte);
    }
    tri_next_round(schedule);
    return first;
}

/* The blocks that were set aside follow each other as tri_add_scratch lays them out. */
static void send_aside(struct tri_schedule *schedule, const struct tri_collective *call, struct tri_place packed)
{
    for (int i = 0; i < call->size; i++) {
        int64_t bytes = tri_block_count(&call->receive, i) * tri_block_type(&call->receive, i)->size;
        if (i != call->rank) {
            tri_add_send(schedule, i, packed, bytes, tri_datatype_get(MPI_BYTE));
        }
        packed.offset += (TRI_MAX(bytes, 1) + TRI_CACHE_LINE - 1) & ~(int64_t)(TRI_CACHE_LINE - 1);
    }
}

static void copy_own(struct tri_schedule *schedule, const struct tri_collective *call)
{
    int rank = call->rank;
    const struct tri_blocks *send = &call->send, *receive = &call->receive;
    tri_add_convert(schedule, tri_at(TRI_INPUT, tri_block_offset(send, rank)), tri_block_count(send, rank),
                    tri_block_type(send, rank), tri_at(TRI_OUTPUT, tri_block_offset(receive, rank)),
                    tri_block_count(receive, rank), tri_block_type(receive, rank));
    tri_next_round(schedule);
}

/* The own block comes first: what comes last stays in the cache, and the others' blocks are dearer to fetch. */
static void build(struct tri_schedule *schedule, const struct tri_collective *call)
{
    int size = call->size, rank = call->rank;
    const struct tri_blocks *send = &call->send, *receive = &call->receive;
    struct tri_place aside = tri_at(TRI_INPUT, 0);
    if (call->in_place) {
        aside = set_aside(schedule, call);
    } else {
        copy_own(schedule, call);
    }
    for (int k = 1; k < size; k++) {
        int to = (rank + k) % size, source = (rank - k + size) % size;
        tri_add_receive_block(schedule, source, TRI_OUTPUT, receive, source);
        if (!call->in_place) {
            tri_add_send_block(schedule, to, TRI_INPUT, send, to);
        }
    }
    if (call->in_place) {
        send_aside(schedule, call, aside);
    }
}

static double cost(const struct tri_machine *machine, const struct tri_shape *shape)
{
    return tri_cost_burst(machine, shape, shape->ranks - 1,
                          tri_cost_each(shape, (double)(shape->ranks - 1) * (double)shape->bytes));
}

const struct tri_algorithm tri_alltoall_linear = {
    .name = "linear",
    .operation = TRI_ALLTOALL,
    .use = "few ranks, any counts",
    .source = "Thakur, Rabenseifner, Gropp: Optimization of collective communication operations in MPICH, IJHPCA 2005",
    .cost = cost,
    .build = build,
};

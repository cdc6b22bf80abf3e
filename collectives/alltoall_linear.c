/* Alltoall, also with counts of each pair: everything at once, starting with the next rank. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "collectives.h"

/* In place the blocks that go out lie where others come in: they are copied away first. */
static struct tri_blocks set_aside(struct tri_schedule *schedule, const struct tri_collective *call,
                                   struct tri_place *from)
{
    struct tri_blocks blocks = call->receive;
    int64_t low = 0, high = 0; /* in elements; displacements may be negative */
    for (int i = 0; i < call->comm->size; i++) {
        int64_t start = blocks.displacements.base ? tri_counts_at(blocks.displacements, (size_t)i) : i * blocks.count;
        low = TRI_MIN(low, start);
        high = TRI_MAX(high, start + tri_block_count(&blocks, i));
    }
    *from = tri_add_scratch(schedule, high - low, blocks.type);
    from->offset -= low * blocks.type->extent;
    for (int i = 0; i < call->comm->size; i++) {
        int64_t offset = tri_block_offset(&blocks, i);
        tri_add_copy(schedule, tri_at(TRI_OUTPUT, offset), tri_at(TRI_SCRATCH, from->offset + offset),
                     tri_block_count(&blocks, i), blocks.type);
    }
    tri_next_round(schedule);
    return blocks;
}

static void build(struct tri_schedule *schedule, const struct tri_collective *call)
{
    int size = call->comm->size, rank = call->comm->rank;
    const struct tri_blocks *receive = &call->receive;
    struct tri_place from = tri_at(TRI_INPUT, 0);
    struct tri_blocks send = call->in_place ? set_aside(schedule, call, &from) : call->send;
    for (int k = 0; k < size; k++) {
        int to = (rank + k) % size, source = (rank - k + size) % size;
        struct tri_place out = tri_at(from.slot, from.offset + tri_block_offset(&send, to));
        struct tri_place in = tri_at(TRI_OUTPUT, tri_block_offset(receive, source));
        if (k == 0) {
            tri_add_convert(schedule, out, tri_block_count(&send, to), send.type, in,
                            tri_block_count(receive, source), receive->type);
        } else {
            tri_add_receive(schedule, source, in, tri_block_count(receive, source), receive->type);
            tri_add_send(schedule, to, out, tri_block_count(&send, to), send.type);
        }
    }
}

const struct tri_algorithm tri_alltoall_linear = {
    .name = "linear",
    .operation = TRI_ALLTOALL,
    .use = "few ranks, any counts",
    .build = build,
};

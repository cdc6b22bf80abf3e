/* Allgather by the algorithm of Bruck and others. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "parts.h"

/* In scratch the blocks begin with the own one: in each of ceil(log2 p) rounds all blocks at hand go down by as many
 * ranks as they are, which doubles them. In the end they are turned into place. The blocks of all ranks have the same
 * number of bytes, whatever their types, and are packed there. */
static void build(struct tri_schedule *schedule, const struct tri_collective *call)
{
    int size = call->size, rank = call->rank;
    const struct tri_blocks *all = &call->receive, *own = call->in_place ? all : &call->send;
    struct tri_datatype *byte = tri_datatype_get(MPI_BYTE);
    int64_t bytes = all->count * all->type->size;
    struct tri_place blocks = tri_add_scratch(schedule, size * bytes, byte);
    tri_add_convert(schedule, call->in_place ? tri_at(TRI_OUTPUT, tri_block_offset(all, rank)) : tri_at(TRI_INPUT, 0),
                    own->count, own->type, blocks, bytes, byte);
    for (int have = 1; have < size; have *= 2) {
        int more = TRI_MIN(have, size - have);
        tri_next_round(schedule);
        tri_add_send(schedule, (rank - have + size) % size, blocks, more * bytes, byte);
        tri_add_receive(schedule, (rank + have) % size, tri_behind(blocks, have * bytes, byte), more * bytes, byte);
    }
    tri_add_convert(schedule, blocks, (size - rank) * bytes, byte, tri_at(TRI_OUTPUT, tri_block_offset(all, rank)),
                    (size - rank) * all->count, all->type);
    tri_add_convert(schedule, tri_behind(blocks, (size - rank) * bytes, byte), rank * bytes, byte,
                    tri_at(TRI_OUTPUT, 0), rank * all->count, all->type);
}

static bool fits(const struct tri_shape *shape)
{
    return shape->regular;
}

static double cost(const struct tri_machine *machine, const struct tri_shape *shape)
{
    double bytes = tri_cost_each(shape, (double)(shape->ranks - 1) * (double)shape->bytes);
    return tri_cost_rounds(machine, shape, tri_log2_up(shape->ranks), bytes) + bytes * machine->copy_per_byte;
}

const struct tri_algorithm tri_allgather_bruck = {
    .name = "bruck",
    .operation = TRI_ALLGATHER,
    .use = "short blocks, any number of ranks",
    .source = "Bruck, Ho, Kipnis, Upfal, Weathersby: Efficient algorithms for all-to-all communications, "
              "TPDS 1997",
    .fits = fits,
    .cost = cost,
    .build = build,
};

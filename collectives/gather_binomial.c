/* Gather along a binomial tree. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "trees.h"

/* The blocks of numbers `number` to end - 1, counted from the root, come from a child; they are packed in its scratch.
 * At the root they have their places unless they go round the end of the ranks. */
static void add_arrival(struct tri_schedule *schedule, const struct tri_collective *call, int number, int end)
{
    const struct tri_blocks *all = &call->receive;
    struct tri_datatype *byte = tri_datatype_get(MPI_BYTE);
    int size = call->size, rank = (call->root + number) % size, blocks = end - number;
    int before_end = TRI_MIN(blocks, size - rank);
    struct tri_place place = tri_at(TRI_OUTPUT, tri_block_offset(all, rank));
    if (before_end == blocks) {
        tri_add_receive(schedule, rank, place, blocks * all->count, all->type);
        return;
    }
    int64_t bytes = all->count * all->type->size;
    struct tri_place packed = tri_add_scratch(schedule, blocks * bytes, byte);
    tri_add_receive(schedule, rank, packed, blocks * bytes, byte);
    tri_add_convert(schedule, packed, before_end * bytes, byte, place, before_end * all->count, all->type);
    tri_add_convert(schedule, tri_behind(packed, before_end * bytes, byte), (blocks - before_end) * bytes, byte,
                    tri_at(TRI_OUTPUT, 0), (blocks - before_end) * all->count, all->type);
}

static void build_root(struct tri_schedule *schedule, const struct tri_collective *call)
{
    const struct tri_blocks *own = &call->send, *all = &call->receive;
    if (!call->in_place) {
        tri_add_convert(schedule, tri_at(TRI_INPUT, 0), own->count, own->type,
                        tri_at(TRI_OUTPUT, tri_block_offset(all, call->root)), all->count, all->type);
    }
    for (int step = 1; step < call->size; step *= 2) {
        add_arrival(schedule, call, step, TRI_MIN(2 * step, call->size));
    }
}

/* ceil(log2 p) levels. A rank gathers its subtree's blocks, all children at once, and sends them on in one message. */
static void build(struct tri_schedule *schedule, const struct tri_collective *call)
{
    int size = call->size, number = (call->rank - call->root + size) % size;
    struct tri_knomial tree = tri_knomial_of(size, number, 2);
    const struct tri_blocks *own = &call->send;
    if (number == 0) {
        build_root(schedule, call);
        return;
    }
    int parent = (tree.parent + call->root) % size, blocks = TRI_MIN(tree.width, size - number);
    if (blocks == 1) {
        tri_add_send(schedule, parent, tri_at(TRI_INPUT, 0), own->count, own->type);
        return;
    }
    struct tri_datatype *byte = tri_datatype_get(MPI_BYTE);
    int64_t bytes = own->count * own->type->size;
    struct tri_place packed = tri_add_scratch(schedule, blocks * bytes, byte);
    tri_add_convert(schedule, tri_at(TRI_INPUT, 0), own->count, own->type, packed, bytes, byte);
    for (int step = 1; step < blocks; step *= 2) {
        tri_add_receive(schedule, (call->rank + step) % size, tri_behind(packed, step * bytes, byte),
                        TRI_MIN(step, blocks - step) * bytes, byte);
    }
    tri_next_round(schedule);
    tri_add_send(schedule, parent, packed, blocks * bytes, byte);
}

static bool fits(const struct tri_shape *shape)
{
    return shape->regular;
}

static double cost(const struct tri_machine *machine, const struct tri_shape *shape)
{
    double bytes = (double)(shape->ranks - 1) * (double)shape->bytes;
    return tri_cost_rounds(machine, shape, tri_log2_up(shape->ranks), bytes) + bytes / 2 * machine->copy_per_byte;
}

const struct tri_algorithm tri_gather_binomial = {
    .name = "binomial",
    .operation = TRI_GATHER,
    .use = "short blocks",
    .source = "Thakur, Rabenseifner, Gropp: Optimization of collective communication operations in MPICH, IJHPCA 2005",
    .fits = fits,
    .cost = cost,
    .build = build,
};

/* Scatter along a binomial tree. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "trees.h"

/* The blocks of numbers `number` to end - 1, counted from the root, go to a child, which takes them packed. The root
 * has them in their places, but if they go round the end of the ranks they are brought together first. */
static struct tri_place add_collect(struct tri_schedule *schedule, const struct tri_collective *call, int number,
                                    int blocks)
{
    const struct tri_blocks *all = &call->send;
    struct tri_datatype *byte = tri_datatype_get(MPI_BYTE);
    int rank = (call->root + number) % call->size, before_end = call->size - rank;
    int64_t bytes = all->count * all->type->size;
    struct tri_place packed = tri_add_scratch(schedule, blocks * bytes, byte);
    tri_add_convert(schedule, tri_at(TRI_INPUT, tri_block_offset(all, rank)), before_end * all->count, all->type,
                    packed, before_end * bytes, byte);
    tri_add_convert(schedule, tri_at(TRI_INPUT, 0), (blocks - before_end) * all->count, all->type,
                    tri_behind(packed, before_end * bytes, byte), (blocks - before_end) * bytes, byte);
    tri_next_round(schedule);
    return packed;
}

/* The far half first. */
static void build_root(struct tri_schedule *schedule, const struct tri_collective *call, int width)
{
    const struct tri_blocks *own = &call->receive, *all = &call->send;
    int size = call->size, root = call->root;
    if (!call->in_place) {
        tri_add_convert(schedule, tri_at(TRI_INPUT, tri_block_offset(all, root)), all->count, all->type,
                        tri_at(TRI_OUTPUT, 0), own->count, own->type);
    }
    for (int step = width / 2; step > 0; step /= 2) {
        int rank = (root + step) % size, blocks = TRI_MIN(step, size - step);
        if (rank + blocks <= size) {
            tri_add_send(schedule, rank, tri_at(TRI_INPUT, tri_block_offset(all, rank)), blocks * all->count,
                         all->type);
        } else {
            int64_t bytes = blocks * all->count * all->type->size;
            tri_add_send(schedule, rank, add_collect(schedule, call, step, blocks), bytes, tri_datatype_get(MPI_BYTE));
        }
    }
}

/* ceil(log2 p) levels. A rank gets the blocks of its subtree in one message, and sends each child its part. */
static void build(struct tri_schedule *schedule, const struct tri_collective *call)
{
    int size = call->size, number = (call->rank - call->root + size) % size;
    struct tri_knomial tree = tri_knomial_of(size, number, 2);
    const struct tri_blocks *own = &call->receive;
    if (number == 0) {
        build_root(schedule, call, tree.width);
        return;
    }
    int parent = (tree.parent + call->root) % size, blocks = TRI_MIN(tree.width, size - number);
    if (blocks == 1) {
        tri_add_receive(schedule, parent, tri_at(TRI_OUTPUT, 0), own->count, own->type);
        return;
    }
    struct tri_datatype *byte = tri_datatype_get(MPI_BYTE);
    int64_t bytes = own->count * own->type->size;
    struct tri_place packed = tri_add_scratch(schedule, blocks * bytes, byte);
    tri_add_receive(schedule, parent, packed, blocks * bytes, byte);
    tri_next_round(schedule);
    for (int step = tree.width / 2; step > 0; step /= 2) {
        if (step < blocks) {
            tri_add_send(schedule, (call->rank + step) % size, tri_behind(packed, step * bytes, byte),
                         TRI_MIN(step, blocks - step) * bytes, byte);
        }
    }
    tri_add_convert(schedule, packed, bytes, byte, tri_at(TRI_OUTPUT, 0), own->count, own->type);
}

static bool fits(const struct tri_shape *shape)
{
    return shape->regular;
}

static double cost(const struct tri_machine *machine, const struct tri_shape *shape)
{
    double bytes = (double)(shape->ranks - 1) * (double)shape->bytes;
    return tri_cost_rounds(machine, shape, tri_log2_up(shape->ranks), bytes);
}

const struct tri_algorithm tri_scatter_binomial = {
    .name = "binomial",
    .operation = TRI_SCATTER,
    .use = "short blocks",
    .source = "Thakur, Rabenseifner, Gropp: Optimization of collective communication operations in MPICH, IJHPCA 2005",
    .fits = fits,
    .cost = cost,
    .build = build,
};

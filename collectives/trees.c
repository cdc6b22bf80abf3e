/* Reduction and broadcast along k-nomial trees. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "trees.h"

struct tri_knomial tri_knomial_of(int size, int number, int radix)
{
    struct tri_knomial tree = {1, -1};
    while (tree.width < size && number / tree.width % radix == 0) {
        tree.width *= radix;
    }
    if (number > 0) {
        tree.parent = number - number / tree.width % radix * tree.width;
    }
    return tree;
}

/* ---- reduction ---- */

/* What a rank has reduced so far, in one of radix scratch buffers or (slot -1) still the contribution. */
struct gathered {
    struct tri_place mine, spare[TRI_RADIX_MAX];
    int slot, made;
};

/* A scratch buffer other than the one in use. */
static int spare_slot(struct gathered *all, struct tri_schedule *schedule, int index, int64_t count,
                      const struct tri_datatype *type)
{
    int slot = all->slot >= 0 && index >= all->slot ? index + 1 : index;
    while (all->made <= slot) {
        all->spare[all->made++] = tri_add_scratch(schedule, count, type);
    }
    return slot;
}

/* A round: the children at one level report, in the order of their numbers. Each stands for the ranks behind those of
 * the child before it. As reduction writes into its second operand, everything ends in the last one's buffer: goal, if
 * there is one. */
static void take_reports(struct gathered *all, struct tri_schedule *schedule, const struct tri_place *goal,
                         const int *children, int reports, int64_t count, struct tri_datatype *type)
{
    struct tri_place buffers[TRI_RADIX_MAX];
    int last = reports - 1, slot = -1;
    for (int i = 0; i < reports; i++) {
        if (i < last || !goal) {
            slot = spare_slot(all, schedule, i, count, type);
        }
        buffers[i] = i < last || !goal ? all->spare[slot] : *goal;
        tri_add_receive(schedule, children[i], buffers[i], count, type);
    }
    for (int i = last - 1; i >= 0; i--) {
        tri_add_reduce(schedule, buffers[i], buffers[last], count, type);
    }
    tri_add_reduce(schedule, all->mine, buffers[last], count, type);
    all->slot = slot;
    all->mine = buffers[last];
    tri_next_round(schedule);
}

/* The result is at `from`, but belongs to root. */
static struct tri_place bring_home(struct tri_schedule *schedule, const struct tri_collective *call, int from, int root,
                                   struct tri_place result, int64_t count, struct tri_datatype *type)
{
    if (call->rank == from) {
        tri_add_send(schedule, root, result, count, type);
    } else if (call->rank == root) {
        result = tri_add_scratch(schedule, count, type);
        tri_add_receive(schedule, from, result, count, type);
    }
    tri_next_round(schedule);
    return result;
}

/* goal: NULL, or a place where nothing lies yet, at which number 0 of the tree brings its result about. */
static struct tri_place reduce_tree(struct tri_schedule *schedule, const struct tri_collective *call, int radix,
                                    int root, const struct tri_place *goal, int64_t count, struct tri_datatype *type)
{
    int size = call->size;
    /* Only a commutative operation may start the numbering at the root. */
    int first = call->op->commutative ? root : 0, number = (call->rank - first + size) % size;
    struct tri_knomial tree = tri_knomial_of(size, number, radix);
    struct gathered all = {.mine = tri_contribution(call), .slot = -1};
    for (int step = 1; step < tree.width; step *= radix) {
        int children[TRI_RADIX_MAX], reports = 0;
        for (int i = 1; i < radix && number + i * step < size; i++) {
            children[reports++] = (number + i * step + first) % size;
        }
        if (reports > 0) {
            bool ends = number == 0 && step * radix >= tree.width;
            take_reports(&all, schedule, ends ? goal : NULL, children, reports, count, type);
        }
    }
    if (tree.parent >= 0) {
        tri_add_send(schedule, (tree.parent + first) % size, all.mine, count, type);
        tri_next_round(schedule);
    }
    return first == root ? all.mine : bring_home(schedule, call, first, root, all.mine, count, type);
}

struct tri_place tri_add_reduce_tree(struct tri_schedule *schedule, const struct tri_collective *call, int radix,
                                     int root, int64_t count, struct tri_datatype *type)
{
    return reduce_tree(schedule, call, radix, root, NULL, count, type);
}

void tri_add_reduce_to_root(struct tri_schedule *schedule, const struct tri_collective *call, int radix)
{
    const struct tri_blocks *data = &call->send;
    const struct tri_place output = tri_at(TRI_OUTPUT, 0);
    bool free = call->rank == call->root && !call->in_place;
    struct tri_place result =
        reduce_tree(schedule, call, radix, call->root, free ? &output : NULL, data->count, data->type);
    if (call->rank == call->root) {
        tri_add_copy(schedule, result, output, data->count, data->type);
    }
}

/* ---- broadcast ---- */

/* The whole message in each round. A rank sends to the far ones first. */
void tri_add_bcast_tree(struct tri_schedule *schedule, const struct tri_collective *call, int radix, int root,
                        struct tri_place whole, int64_t count, struct tri_datatype *type)
{
    int size = call->size, number = (call->rank - root + size) % size;
    struct tri_knomial tree = tri_knomial_of(size, number, radix);
    if (tree.parent >= 0) {
        tri_add_receive(schedule, (tree.parent + root) % size, whole, count, type);
        tri_next_round(schedule);
    }
    for (int step = tree.width / radix; step > 0; step /= radix) {
        for (int i = 1; i < radix && number + i * step < size; i++) {
            tri_add_send(schedule, (number + i * step + root) % size, whole, count, type);
        }
    }
}

void tri_add_deal(struct tri_schedule *schedule, const struct tri_collective *call, struct tri_place result)
{
    const struct tri_blocks *data = &call->receive;
    const struct tri_place own = tri_at(TRI_OUTPUT, 0);
    if (call->rank != 0) {
        tri_add_receive(schedule, 0, own, tri_block_count(data, call->rank), data->type);
        return;
    }
    tri_add_copy(schedule, result, own, tri_block_count(data, 0), data->type);
    int64_t offset = tri_block_count(data, 0);
    for (int i = 1; i < call->size; i++) {
        tri_add_send(schedule, i, tri_behind(result, offset, data->type), tri_block_count(data, i), data->type);
        offset += tri_block_count(data, i);
    }
}

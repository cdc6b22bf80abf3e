/* Reduction and broadcast along binary trees. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "binary.h"

static int middle(int low, int end)
{
    return low + (end - low) / 2;
}

/* Goes down from the root, which is the middle of all numbers, to the own one. first: rank with number 0. */
static struct tri_binary tree_from(const struct tri_collective *call, int first)
{
    int size = call->size, number = (call->rank - first + size) % size;
    int low = 0, end = size, parent = -1;
    for (int at = middle(low, end); at != number; at = middle(low, end)) {
        parent = at;
        if (number < at) {
            end = at;
        } else {
            low = at + 1;
        }
    }
    return (struct tri_binary){
        .root = (middle(0, size) + first) % size,
        .parent = parent < 0 ? -1 : (parent + first) % size,
        .left = low < number ? (middle(low, number) + first) % size : -1,
        .right = number + 1 < end ? (middle(number + 1, end) + first) % size : -1,
    };
}

struct tri_binary tri_binary_at(const struct tri_collective *call, int root)
{
    return tree_from(call, (root - middle(0, call->size) + call->size) % call->size);
}

struct tri_binary tri_binary_in_order(const struct tri_collective *call)
{
    return tree_from(call, 0);
}

/* Reduction writes into its second operand: into the right child's operand, or a copy of the own one. */
struct tri_place tri_add_reduce_binary(struct tri_schedule *schedule, const struct tri_collective *call,
                                       const struct tri_binary *tree)
{
    int64_t count = call->send.count;
    struct tri_datatype *type = call->send.type;
    struct tri_place mine = tri_contribution(call);
    if (tree->right >= 0) {
        struct tri_place right = tri_add_scratch(schedule, count, type);
        tri_add_receive(schedule, tree->right, right, count, type);
        tri_add_reduce(schedule, mine, right, count, type);
        mine = right;
    }
    if (tree->left >= 0) {
        struct tri_place left = tri_add_scratch(schedule, count, type);
        tri_add_receive(schedule, tree->left, left, count, type);
        if (tree->right < 0 && call->op->commutative) {
            tri_add_reduce(schedule, mine, left, count, type);
            mine = left;
        } else {
            struct tri_place own = tree->right < 0 ? tri_add_scratch(schedule, count, type) : mine;
            tri_add_copy(schedule, mine, own, count, type);
            tri_add_reduce(schedule, left, own, count, type);
            mine = own;
        }
    }
    tri_next_round(schedule);
    if (tree->parent >= 0) {
        tri_add_send(schedule, tree->parent, mine, count, type);
    }
    return mine;
}

void tri_add_bcast_binary(struct tri_schedule *schedule, const struct tri_binary *tree, struct tri_place whole,
                          int64_t count, struct tri_datatype *type)
{
    if (tree->parent >= 0) {
        tri_add_receive(schedule, tree->parent, whole, count, type);
        tri_next_round(schedule);
    }
    if (tree->left >= 0) {
        tri_add_send(schedule, tree->left, whole, count, type);
    }
    if (tree->right >= 0) {
        tri_add_send(schedule, tree->right, whole, count, type);
    }
}

/* Reduction and broadcast along binomial trees. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "trees.h"

/* A rank holds the reduction of the ranks from its own up to (not with) the next that has not reported. What arrives
 * covers the ranks behind those, so that "mine op theirs" keeps the order; as reduction writes into its second operand,
 * the result is in the buffer that received, and the two scratch buffers change roles. */
struct tri_place tri_add_reduce_tree(struct tri_schedule *schedule, const struct tri_collective *call, int64_t count,
                                     struct tri_datatype *type, int root)
{
    int size = call->size, rank = call->rank;
    /* Only a commutative operation may start the numbering at the root. */
    int first = call->op->commutative ? root : 0;
    int relative = (rank - first + size) % size;
    struct tri_place mine = tri_contribution(call);
    struct tri_place spare[2] = {tri_at(TRI_SCRATCH, 0), tri_at(TRI_SCRATCH, 0)};
    int next = 0, made = 0;
    for (int mask = 1; mask < size; mask *= 2) {
        if (relative & mask) {
            tri_add_send(schedule, (relative - mask + first) % size, mine, count, type);
            tri_next_round(schedule);
            break;
        }
        if (relative + mask < size) {
            if (made <= next) {
                spare[made++] = tri_add_scratch(schedule, count, type);
            }
            tri_add_receive(schedule, (relative + mask + first) % size, spare[next], count, type);
            tri_add_reduce(schedule, mine, spare[next], count, type);
            tri_next_round(schedule);
            mine = spare[next];
            next = 1 - next;
        }
    }
    if (first != root && rank == first) {
        tri_add_send(schedule, root, mine, count, type);
        tri_next_round(schedule);
    } else if (first != root && rank == root) {
        mine = made > 0 ? spare[0] : tri_add_scratch(schedule, count, type);
        tri_add_receive(schedule, first, mine, count, type);
        tri_next_round(schedule);
    }
    return mine;
}

/* ceil(log2 p) rounds, the whole message in each. The root sends to the far ranks first. */
void tri_add_bcast_tree(struct tri_schedule *schedule, const struct tri_collective *call, int root,
                        struct tri_place whole, int64_t count, struct tri_datatype *type)
{
    int size = call->size, rank = call->rank;
    int relative = (rank - root + size) % size;
    int mask = 1;
    while (mask < size && !(relative & mask)) {
        mask *= 2;
    }
    if (relative != 0) {
        tri_add_receive(schedule, (rank - mask + size) % size, whole, count, type);
        tri_next_round(schedule);
    }
    for (mask /= 2; mask > 0; mask /= 2) {
        if (relative + mask < size) {
            tri_add_send(schedule, (rank + mask) % size, whole, count, type);
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

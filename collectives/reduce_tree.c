/* Reduction along a binomial tree. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "reduce_tree.h"

/* A rank holds the reduction of the ranks from its own up to (not with) the next that has not reported. What arrives
 * covers the ranks behind those, so that "mine op theirs" keeps the order; as reduction writes into its second operand,
 * the result is in the buffer that received, and the two scratch buffers change roles. */
struct tri_place tri_add_reduce_tree(struct tri_schedule *schedule, const struct tri_collective *call, int64_t count,
                                     struct tri_datatype *type, int root)
{
    int size = call->comm->size, rank = call->comm->rank;
    /* Only a commutative operation may start the numbering at the root. */
    int first = call->op->commutative ? root : 0;
    int relative = (rank - first + size) % size;
    struct tri_place mine = tri_contribution(call);
    struct tri_place spare[2] = {{TRI_SCRATCH, 0}, {TRI_SCRATCH, 0}};
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

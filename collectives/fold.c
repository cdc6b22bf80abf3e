/* Recursive halving and doubling. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "fold.h"

struct tri_fold tri_fold_of(const struct tri_collective *call, int first)
{
    struct tri_fold fold = {.size = call->size, .first = first, .power = 1, .neighbor = -1};
    while (2 * fold.power <= fold.size) {
        fold.power *= 2;
    }
    fold.extra = fold.size - fold.power;
    int relative = (call->rank - first + fold.size) % fold.size;
    if (relative >= 2 * fold.extra) {
        fold.number = relative - fold.extra;
    } else {
        fold.number = relative % 2 ? -1 : relative / 2;
        fold.neighbor = ((relative ^ 1) + first) % fold.size;
    }
    return fold;
}

/* ---- partial results ---- */

struct tri_partial tri_partial_of(struct tri_schedule *schedule, const struct tri_collective *call, int64_t count,
                                  struct tri_datatype *type, bool output)
{
    struct tri_partial partial = {.mine = tri_contribution(call), .ordered = !call->op->commutative};
    struct tri_place scratch = tri_add_scratch(schedule, count, type);
    if (!output) {
        partial.other = tri_add_scratch(schedule, count, type);
        partial.spare = scratch;
    } else {
        partial.other = call->in_place ? scratch : tri_at(TRI_OUTPUT, 0);
        partial.spare = call->in_place ? tri_at(TRI_OUTPUT, 0) : scratch;
    }
    return partial;
}

/* Reduction writes into its second operand: what stands in front of the other one is read only. */
void tri_add_combine(struct tri_schedule *schedule, struct tri_partial *partial, struct tri_piece piece,
                     struct tri_datatype *type, bool in_front)
{
    struct tri_place mine = tri_behind(partial->mine, piece.begin, type);
    struct tri_place other = tri_behind(partial->other, piece.begin, type);
    if (!in_front || !partial->ordered) {
        tri_add_reduce(schedule, mine, other, piece.count, type);
        partial->mine = partial->other;
        partial->other = partial->spare;
        partial->spare = partial->mine;
        return;
    }
    struct tri_place spare = tri_behind(partial->spare, piece.begin, type);
    tri_add_copy(schedule, mine, spare, piece.count, type); /* nothing to do if mine is there already */
    tri_add_reduce(schedule, other, spare, piece.count, type);
    partial->mine = partial->spare;
}

/* ---- rounds ---- */

void tri_add_hand_over(struct tri_schedule *schedule, const struct tri_fold *fold, struct tri_partial *partial,
                       const struct tri_parts *whole)
{
    struct tri_piece all = {0, whole->elements};
    if (fold->number >= 0 && fold->neighbor >= 0) {
        tri_add_receive_piece(schedule, fold->neighbor, partial->other, whole, all);
        tri_add_combine(schedule, partial, all, whole->type, false);
    } else if (fold->number < 0) {
        tri_add_send_piece(schedule, fold->neighbor, partial->mine, whole, all);
    }
    tri_next_round(schedule);
}

/* Elements of blocks first to first + count - 1. */
static struct tri_piece piece_of(const struct tri_fold *fold, const struct tri_parts *parts, int first, int count)
{
    if (parts->count == fold->power) {
        return tri_parts_piece(parts, first, first + count);
    }
    return tri_parts_piece(parts, tri_fold_before(fold, first), tri_fold_before(fold, first + count));
}

int tri_add_halving(struct tri_schedule *schedule, const struct tri_fold *fold, bool near, struct tri_partial *partial,
                    const struct tri_parts *parts)
{
    int block = 0;
    for (int half = fold->power / 2; half > 0; half /= 2) {
        int mask = near ? fold->power / 2 / half : half;
        int peer = tri_fold_rank(fold, fold->number ^ mask);
        bool upper = fold->number & mask;
        struct tri_piece keep = piece_of(fold, parts, block + (upper ? half : 0), half);
        struct tri_piece give = piece_of(fold, parts, block + (upper ? 0 : half), half);
        tri_add_send_piece(schedule, peer, partial->mine, parts, give);
        tri_add_receive_piece(schedule, peer, partial->other, parts, keep);
        tri_add_combine(schedule, partial, keep, parts->type, upper);
        tri_next_round(schedule);
        block += upper ? half : 0;
    }
    return block;
}

void tri_add_doubling(struct tri_schedule *schedule, const struct tri_fold *fold, int block, bool all,
                      struct tri_place vector, const struct tri_parts *parts)
{
    for (int width = 1; width < fold->power; width *= 2) {
        int mask = fold->power / 2 / width;
        int peer = tri_fold_rank(fold, fold->number ^ mask);
        bool upper = fold->number & mask;
        int its = upper ? block - width : block + width;
        if (all || upper) {
            tri_add_send_piece(schedule, peer, vector, parts, piece_of(fold, parts, block, width));
        }
        if (all || !upper) {
            tri_add_receive_piece(schedule, peer, vector, parts, piece_of(fold, parts, its, width));
        }
        tri_next_round(schedule);
        if (upper && !all) {
            return;
        }
        block = TRI_MIN(block, its);
    }
}

/* Where consecutive ranks share a node the first rounds, with most of the bytes, stay there; in the others all ranks of
 * a node send at once. */
double tri_near_halving_cost(const struct tri_machine *machine, const struct tri_shape *shape, double bytes)
{
    const int rounds = tri_log2_down(shape->ranks);
    const bool aligned = shape->nodes > 1 && shape->even && shape->ranks == 1 << rounds;
    const int inside = aligned ? tri_log2_down(shape->most) : 0;
    const double near = bytes * (1 - 1.0 / (1 << inside)), far = bytes * (1 - 1.0 / (1 << rounds)) - near;
    struct tri_shape node = *shape;
    node.nodes = 1;
    return tri_cost_rounds(machine, &node, inside, near) +
           tri_cost_rounds(machine, shape, rounds - inside, far * (aligned ? shape->most : 1));
}

/* Recursive halving and doubling: ranks folded to a power of two, and partial results of reductions. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TRI_FOLD_H
#define TRI_FOLD_H

#include "parts.h"

/* Ranks from `first` round to the one before it, numbered 0 to power - 1. Of the first 2 * extra of them every second
 * one has no number: it hands its operand to the neighbour before it. Numbers have the order of the ranks. */
struct tri_fold {
    int size, first, power, extra;
    int number;   /* of this rank, or -1 */
    int neighbor; /* rank that is folded to this one, or that this one is folded to; or -1 */
};
struct tri_fold tri_fold_of(const struct tri_collective *call, int first);

/* How many ranks, from the first, come before that number; the rank that has it. */
static inline int tri_fold_before(const struct tri_fold *fold, int number)
{
    return number < fold->extra ? 2 * number : number + fold->extra;
}

static inline int tri_fold_rank(const struct tri_fold *fold, int number)
{
    return (tri_fold_before(fold, number) + fold->first) % fold->size;
}

/* A partial result and the buffers around it. "mine" may be the call's input, which is only read; what comes in is
 * received into "other"; spare is mine once that has been written to. */
struct tri_partial {
    struct tri_place mine, other, spare;
    bool ordered; /* operands keep their places */
};

/* The own contribution, of count elements. output: this rank has an output that all of it fits in. Operations that do
 * not commute are ordered; commutative ones need that where several ranks compute the same result, as the bits of
 * "a op b" and "b op a" may differ (zeros with a sign, payloads of NaN). */
struct tri_partial tri_partial_of(struct tri_schedule *schedule, const struct tri_collective *call, int64_t count,
                                  struct tri_datatype *type, bool output);

/* Combines a piece that has come in with mine, where the result is then. in_front: its operands stand before mine. */
void tri_add_combine(struct tri_schedule *schedule, struct tri_partial *partial, struct tri_piece piece,
                     struct tri_datatype *type, bool in_front);

/* Adds the round before a folded algorithm: ranks without a number hand over their operand. */
void tri_add_hand_over(struct tri_schedule *schedule, const struct tri_fold *fold, struct tri_partial *partial,
                       const struct tri_parts *whole);

/* Adds log2 power rounds of recursive halving between the ranks with numbers. Afterwards one of power blocks, which is
 * returned, is reduced at its place in partial->mine. There are as many parts as numbers, and block i is part i; or as
 * many as ranks, and block i is the part of number i and that of the rank folded to it.
 *
 * near: the first exchange is with the next number; the operands of the two are neighbours in every round, which keeps
 * their order, and the block is the number with its bits reversed. Else the first one is with the number farthest away,
 * the block is the number itself, and the operation must be commutative. */
int tri_add_halving(struct tri_schedule *schedule, const struct tri_fold *fold, bool near, struct tri_partial *partial,
                    const struct tri_parts *parts);

/* Adds the way back from a near halving: log2 power rounds after which number 0, or all, have the whole vector. */
void tri_add_doubling(struct tri_schedule *schedule, const struct tri_fold *fold, int block, bool all,
                      struct tri_place vector, const struct tri_parts *parts);

/* What the messages of a near halving of so many bytes cost, or of the way back. */
double tri_near_halving_cost(const struct tri_machine *machine, const struct tri_shape *shape, double bytes);

#endif

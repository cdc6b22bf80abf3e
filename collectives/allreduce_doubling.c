/* Allreduce by recursive doubling. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "fold.h"

/* log2 p rounds, the whole vector in each, two more when p is no power of two. Partners compute the same product of the
 * same partial results in the same order, so that in the end all have the same bits. */
static void build(struct tri_schedule *schedule, const struct tri_collective *call)
{
    const struct tri_parts whole = {.elements = call->send.count, .type = call->send.type, .count = 1};
    const struct tri_piece all = {0, whole.elements};
    const struct tri_place output = tri_at(TRI_OUTPUT, 0);
    struct tri_fold fold = tri_fold_of(call, 0);
    struct tri_partial partial = tri_partial_of(schedule, call, whole.elements, whole.type, true);
    partial.ordered = true;
    tri_add_hand_over(schedule, &fold, &partial, &whole);
    if (fold.number < 0) {
        tri_add_receive_piece(schedule, fold.neighbor, output, &whole, all);
        return;
    }
    for (int mask = 1; mask < fold.power; mask *= 2) {
        int partner = fold.number ^ mask, peer = tri_fold_rank(&fold, partner);
        tri_add_send_piece(schedule, peer, partial.mine, &whole, all);
        tri_add_receive_piece(schedule, peer, partial.other, &whole, all);
        tri_add_combine(schedule, &partial, all, whole.type, partner < fold.number);
        tri_next_round(schedule);
    }
    tri_add_copy(schedule, partial.mine, output, whole.elements, whole.type);
    tri_next_round(schedule);
    if (fold.neighbor >= 0) {
        tri_add_send_piece(schedule, fold.neighbor, output, &whole, all);
    }
}

static double cost(const struct tri_machine *machine, const struct tri_shape *shape)
{
    int down = tri_log2_down(shape->ranks), folds = tri_log2_up(shape->ranks) - down;
    double vector = tri_cost_each(shape, (double)shape->bytes);
    return tri_cost_rounds(machine, shape, down + 2 * folds, (down + 2 * folds) * vector) +
           (down + folds) * vector * machine->reduce_per_byte;
}

const struct tri_algorithm tri_allreduce_doubling = {
    .name = "doubling",
    .operation = TRI_ALLREDUCE,
    .use = "short vectors, any operation",
    .source = "Thakur, Rabenseifner, Gropp: Optimization of collective communication operations in MPICH, IJHPCA 2005",
    .cost = cost,
    .build = build,
};

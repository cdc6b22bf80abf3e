/* Reduce-scatter by recursive halving. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "fold.h"

/* log2 p rounds, half of the vector in the first, a quarter in the next; two more when p is no power of two, in which
 * ranks hand their whole vector to a neighbour and get their block from it. */
static void build(struct tri_schedule *schedule, const struct tri_collective *call)
{
    const struct tri_parts parts = tri_parts_of_blocks(call);
    struct tri_fold fold = tri_fold_of(call, 0);
    struct tri_partial partial = tri_partial_of(schedule, call, parts.elements, parts.type, false);
    struct tri_piece own = tri_parts_piece(&parts, call->rank, call->rank + 1);
    tri_add_hand_over(schedule, &fold, &partial, &parts);
    if (fold.number < 0) {
        tri_add_receive(schedule, fold.neighbor, tri_at(TRI_OUTPUT, 0), own.count, parts.type);
        return;
    }
    tri_add_halving(schedule, &fold, false, &partial, &parts);
    tri_add_copy(schedule, tri_behind(partial.mine, own.begin, parts.type), tri_at(TRI_OUTPUT, 0), own.count,
                 parts.type);
    if (fold.neighbor >= 0) {
        tri_add_send_piece(schedule, fold.neighbor, partial.mine, &parts,
                           tri_parts_piece(&parts, fold.neighbor, fold.neighbor + 1));
    }
}

static bool fits(const struct tri_shape *shape)
{
    return shape->commutative;
}

static double cost(const struct tri_machine *machine, const struct tri_shape *shape)
{
    int down = tri_log2_down(shape->ranks), folds = tri_log2_up(shape->ranks) - down;
    double whole = tri_cost_each(shape, (double)shape->ranks * (double)shape->bytes),
           sent = whole * (folds + 1 - 1.0 / (1 << down));
    return tri_cost_rounds(machine, shape, down + 2 * folds, sent) + sent * machine->reduce_per_byte;
}

const struct tri_algorithm tri_reduce_scatter_halving = {
    .name = "halving",
    .operation = TRI_REDUCE_SCATTER,
    .use = "short and middle vectors, commutative operations",
    .source = "Thakur, Rabenseifner, Gropp: Optimization of collective communication operations in MPICH, IJHPCA 2005",
    .fits = fits,
    .cost = cost,
    .build = build,
};

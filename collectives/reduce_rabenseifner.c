/* Reduce by recursive halving and a gather: Rabenseifner's algorithm. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "fold.h"

/* 2 log2 p rounds, in which half of the vector, a quarter... and back again is sent; one more with the whole vector
 * when p is no power of two. The numbering begins at the root, which therefore is never folded away, and gets
 * everything. */
static void build(struct tri_schedule *schedule, const struct tri_collective *call)
{
    struct tri_fold fold = tri_fold_of(call, call->root);
    const struct tri_parts parts = {.elements = call->send.count, .type = call->send.type, .count = fold.power};
    bool root = call->rank == call->root;
    struct tri_partial partial = tri_partial_of(schedule, call, parts.elements, parts.type, root);
    tri_add_hand_over(schedule, &fold, &partial, &parts);
    if (fold.number < 0) {
        return;
    }
    int block = tri_add_halving(schedule, &fold, true, &partial, &parts);
    struct tri_place vector = partial.mine;
    if (root) {
        vector = tri_at(TRI_OUTPUT, 0);
        tri_add_copy(schedule, partial.mine, vector, tri_part_begin(&parts, 1), parts.type); /* block 0 */
        tri_next_round(schedule);
    }
    tri_add_doubling(schedule, &fold, block, false, vector, &parts);
}

static bool fits(const struct tri_shape *shape)
{
    return shape->commutative;
}

static double cost(const struct tri_machine *machine, const struct tri_shape *shape)
{
    int down = tri_log2_down(shape->ranks), folds = tri_log2_up(shape->ranks) - down;
    double vector = tri_cost_each(shape, (double)shape->bytes);
    double share = vector * (1 - 1.0 / (1 << down)), whole = folds * vector;
    return 2 * tri_near_halving_cost(machine, shape, vector) + tri_cost_rounds(machine, shape, folds, whole) +
           (share + whole) * machine->reduce_per_byte + tri_cost_fresh(machine, shape, share);
}

const struct tri_algorithm tri_reduce_rabenseifner = {
    .name = "rabenseifner",
    .operation = TRI_REDUCE,
    .use = "long vectors, commutative operations",
    .source = "Thakur, Rabenseifner, Gropp: Optimization of collective communication operations in MPICH, IJHPCA 2005",
    .fits = fits,
    .cost = cost,
    .build = build,
};

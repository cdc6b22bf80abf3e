/* Allreduce by recursive halving and doubling: Rabenseifner's algorithm. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "fold.h"

/* 2 log2 p rounds, in which half of the vector, a quarter... and back again is sent; two more with the whole vector
 * when p is no power of two. Each part is reduced by one rank, so that all have the same bits; the order of operands is
 * kept, as neighbours come first. */
static void build(struct tri_schedule *schedule, const struct tri_collective *call)
{
    struct tri_fold fold = tri_fold_of(call, 0);
    const struct tri_parts parts = {.elements = call->send.count, .type = call->send.type, .count = fold.power};
    const struct tri_piece all = {0, parts.elements};
    const struct tri_place output = tri_at(TRI_OUTPUT, 0);
    struct tri_partial partial = tri_partial_of(schedule, call, parts.elements, parts.type, true);
    tri_add_hand_over(schedule, &fold, &partial, &parts);
    if (fold.number < 0) {
        tri_add_receive_piece(schedule, fold.neighbor, output, &parts, all);
        return;
    }
    int block = tri_add_halving(schedule, &fold, true, &partial, &parts);
    struct tri_piece own = tri_parts_piece(&parts, block, block + 1);
    tri_add_copy(schedule, tri_behind(partial.mine, own.begin, parts.type), tri_behind(output, own.begin, parts.type),
                 own.count, parts.type);
    tri_next_round(schedule);
    tri_add_doubling(schedule, &fold, block, true, output, &parts);
    if (fold.neighbor >= 0) {
        tri_add_send_piece(schedule, fold.neighbor, output, &parts, all);
    }
}

static double cost(const struct tri_machine *machine, const struct tri_shape *shape)
{
    int down = tri_log2_down(shape->ranks), folds = tri_log2_up(shape->ranks) - down;
    double vector = tri_cost_each(shape, (double)shape->bytes);
    double share = vector * (1 - 1.0 / (1 << down)), whole = folds * vector;
    return 2 * tri_near_halving_cost(machine, shape, vector) + tri_cost_rounds(machine, shape, 2 * folds, 2 * whole) +
           (share + whole) * machine->reduce_per_byte;
}

const struct tri_algorithm tri_allreduce_rabenseifner = {
    .name = "rabenseifner",
    .operation = TRI_ALLREDUCE,
    .use = "long vectors, numbers of ranks near a power of two",
    .source = "Thakur, Rabenseifner, Gropp: Optimization of collective communication operations in MPICH, IJHPCA 2005",
    .cost = cost,
    .build = build,
};

/* Allgather by recursive doubling. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "own.h"

/* log2 p rounds: ranks that differ in one bit exchange all blocks that they have, 2^k neighbours in round k. For powers
 * of two. */
static void build(struct tri_schedule *schedule, const struct tri_collective *call)
{
    const struct tri_blocks *all = &call->receive;
    tri_add_own(schedule, call);
    for (int mask = 1; mask < call->size; mask *= 2) {
        int partner = call->rank ^ mask, have = call->rank & -mask, get = partner & -mask;
        if (mask == 1) {
            tri_add_send_own(schedule, call, partner);
        } else {
            tri_add_send(schedule, partner, tri_at(TRI_OUTPUT, tri_block_offset(all, have)), mask * all->count,
                         all->type);
        }
        tri_add_receive(schedule, partner, tri_at(TRI_OUTPUT, tri_block_offset(all, get)), mask * all->count,
                        all->type);
        tri_next_round(schedule);
    }
}

static bool fits(const struct tri_shape *shape)
{
    return shape->regular && (shape->ranks & (shape->ranks - 1)) == 0;
}

static double cost(const struct tri_machine *machine, const struct tri_shape *shape)
{
    return tri_cost_rounds(machine, shape, tri_log2_up(shape->ranks),
                           tri_cost_each(shape, (double)(shape->ranks - 1) * (double)shape->bytes));
}

const struct tri_algorithm tri_allgather_doubling = {
    .name = "doubling",
    .operation = TRI_ALLGATHER,
    .use = "powers of two",
    .source = "Thakur, Rabenseifner, Gropp: Optimization of collective communication operations in MPICH, IJHPCA 2005",
    .fits = fits,
    .cost = cost,
    .build = build,
};

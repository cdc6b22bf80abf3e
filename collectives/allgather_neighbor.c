/* Allgather by neighbour exchange, for even numbers of ranks. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "own.h"

/* Ranks 2i and 2i + 1 are pair i. Which pair's blocks a rank gets in a round: first those of its own pair are complete;
 * then even ranks hear in turn from the pair before and the pair behind, each time one farther, odd ones the other way
 * round. It passes on in the next round what it got in this one. */
static int pair_got(const struct tri_collective *call, int round)
{
    int pairs = call->size / 2, away = round % 2 ? -(round + 1) / 2 : round / 2;
    return (call->rank / 2 + (call->rank % 2 ? -away : away) + pairs) % pairs;
}

static struct tri_place pair_at(const struct tri_collective *call, int pair)
{
    return tri_at(TRI_OUTPUT, tri_block_offset(&call->receive, 2 * pair));
}

/* p / 2 rounds, of two blocks but for the first: half of the rounds of a ring. */
static void build(struct tri_schedule *schedule, const struct tri_collective *call)
{
    int size = call->size, rank = call->rank, up = rank % 2 ? -1 : 1;
    const struct tri_blocks *all = &call->receive;
    tri_add_own(schedule, call);
    tri_add_send_own(schedule, call, rank + up);
    tri_add_receive_block(schedule, rank + up, TRI_OUTPUT, all, rank + up);
    for (int k = 1; k < size / 2; k++) {
        int peer = (rank + (k % 2 ? -up : up) + size) % size;
        tri_next_round(schedule);
        tri_add_send(schedule, peer, pair_at(call, pair_got(call, k - 1)), 2 * all->count, all->type);
        tri_add_receive(schedule, peer, pair_at(call, pair_got(call, k)), 2 * all->count, all->type);
    }
}

static bool fits(const struct tri_shape *shape)
{
    return shape->regular && shape->ranks % 2 == 0;
}

static double cost(const struct tri_machine *machine, const struct tri_shape *shape)
{
    return tri_cost_rounds(machine, shape, shape->ranks / 2,
                           tri_cost_each(shape, (double)(shape->ranks - 1) * (double)shape->bytes));
}

const struct tri_algorithm tri_allgather_neighbor = {
    .name = "neighbor",
    .operation = TRI_ALLGATHER,
    .use = "long blocks, even numbers of ranks",
    .source = "Chen, Zhang, Zhang, Yuan: Performance evaluation of allgather algorithms on terascale Linux "
              "cluster with fast Ethernet, HPC Asia 2005",
    .fits = fits,
    .cost = cost,
    .build = build,
};

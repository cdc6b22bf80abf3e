/* Allreduce by recursive doubling. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "trees.h"

struct build {
    struct tri_schedule *schedule;
    const struct tri_blocks *data;
    struct tri_place mine, other; /* the partial result, and where the partner's goes */
};

/* Exchanges partial results with a rank whose operands all stand before (or all behind) the own ones. */
static void exchange(struct build *b, int partner, bool partner_before)
{
    int64_t count = b->data->count;
    struct tri_datatype *type = b->data->type;
    tri_add_send(b->schedule, partner, b->mine, count, type);
    tri_add_receive(b->schedule, partner, b->other, count, type);
    if (partner_before) {
        tri_add_reduce(b->schedule, b->other, b->mine, count, type);
    } else {
        tri_add_reduce(b->schedule, b->mine, b->other, count, type);
        struct tri_place swap = b->mine;
        b->mine = b->other;
        b->other = swap;
    }
    tri_next_round(b->schedule);
}

/* ceil(log2 p) rounds, the whole vector in each, two more when p is no power of two. All ranks compute the same
 * products in the same order, so that they get the same bits. Of the first 2 * extra ranks the even ones hand their
 * vector to the next rank and get the result from it: neighbours, to keep the order of operands. */
static void build(struct tri_schedule *schedule, const struct tri_collective *call)
{
    int size = call->size, rank = call->rank;
    struct build b = {.schedule = schedule, .data = &call->send, .mine = tri_at(TRI_OUTPUT, 0)};
    int64_t count = b.data->count;
    struct tri_datatype *type = b.data->type;
    int power = 1;
    while (2 * power <= size) {
        power *= 2;
    }
    int extra = size - power;
    bool paired = rank < 2 * extra;
    if (paired && rank % 2 == 0) {
        tri_add_send(schedule, rank + 1, tri_contribution(call), count, type);
        tri_next_round(schedule);
        tri_add_receive(schedule, rank + 1, tri_at(TRI_OUTPUT, 0), count, type);
        return;
    }
    b.other = tri_add_scratch(schedule, count, type);
    tri_add_copy(schedule, tri_contribution(call), b.mine, count, type);
    tri_next_round(schedule);
    if (paired) {
        tri_add_receive(schedule, rank - 1, b.other, count, type);
        tri_add_reduce(schedule, b.other, b.mine, count, type);
        tri_next_round(schedule);
    }
    int virtual_rank = paired ? rank / 2 : rank - extra;
    for (int mask = 1; mask < power; mask *= 2) {
        int partner = virtual_rank ^ mask;
        exchange(&b, partner < extra ? 2 * partner + 1 : partner + extra, partner < virtual_rank);
    }
    tri_add_copy(schedule, b.mine, tri_at(TRI_OUTPUT, 0), count, type);
    tri_next_round(schedule);
    if (paired) {
        tri_add_send(schedule, rank - 1, tri_at(TRI_OUTPUT, 0), count, type);
    }
}

static double cost(const struct tri_machine *machine, const struct tri_shape *shape)
{
    double rounds = tri_log2_up(shape->ranks), bytes = rounds * (double)shape->bytes;
    return tri_cost_rounds(machine, shape, rounds, bytes) + bytes * machine->reduce_per_byte;
}

const struct tri_algorithm tri_allreduce_doubling = {
    .name = "doubling",
    .operation = TRI_ALLREDUCE,
    .use = "short vectors, any operation",
    .source = "Thakur, Rabenseifner, Gropp: Optimization of collective communication operations in MPICH, IJHPCA 2005",
    .cost = cost,
    .build = build,
};

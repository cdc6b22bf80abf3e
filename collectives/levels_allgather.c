/* Allgather with two levels: a node's blocks go to its speaker, the speakers exchange them, and each shows them all. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "levels.h"

static void collect(struct tri_schedule *schedule, const struct tri_collective *call, const struct tri_levels *levels,
                    int64_t shown)
{
    const struct tri_blocks *all = &call->receive, *own = call->in_place ? all : &call->send;
    const struct tri_nodes *nodes = levels->nodes;
    struct tri_place place = tri_at(TRI_OUTPUT, tri_block_offset(all, call->rank));
    struct tri_place given = call->in_place ? place : tri_at(TRI_INPUT, 0);
    if (!levels->speaks) {
        tri_add_pack(schedule, given, own->count, own->type, tri_at_board(schedule, nodes->own, shown));
        tri_next_round(schedule);
        tri_add_show(schedule, 0);
        return;
    }
    tri_levels_look_others(schedule, levels, 0);
    if (!call->in_place) {
        tri_add_convert(schedule, given, own->count, own->type, place, all->count, all->type);
    }
    for (int i = 0; i < nodes->local_count; i++) {
        if (i != nodes->own) {
            place.offset = tri_block_offset(all, nodes->locals[i]);
            tri_add_unpack(schedule, tri_at_board(schedule, i, shown), place, all->count, all->type);
        }
    }
    tri_next_round(schedule);
}

static void build(struct tri_schedule *schedule, const struct tri_collective *call)
{
    struct tri_levels levels = tri_levels_begin(call, 0);
    const struct tri_blocks *all = &call->receive;
    const struct tri_blocks vector = {.type = all->type, .count = call->size * all->count};
    collect(schedule, call, &levels, vector.count * vector.type->size);
    levels.upper.receive.count *= levels.nodes->local_count;
    tri_levels_add_upper(schedule, &levels);
    tri_levels_spread(schedule, &levels, &vector, 1);
    tri_levels_end(&levels);
}

/* Everything at once; with more than that it matters little who sends it. */
static bool fits(const struct tri_shape *shape)
{
    return shape->regular && shape->even && shape->ranks * shape->bytes <= TRI_BOARD_PIECE;
}

static double cost(const struct tri_machine *machine, const struct tri_shape *shape)
{
    struct tri_shape of_nodes = *shape;
    of_nodes.bytes *= shape->most;
    return tri_levels_cost(machine, &of_nodes, TRI_ALLGATHER, 2,
                           2.0 * (shape->most + shape->ranks) * (double)shape->bytes);
}

const struct tri_algorithm tri_levels_allgather = {
    .name = "levels",
    .operation = TRI_ALLGATHER,
    .use = "several nodes with several ranks, short blocks",
    .source = TRI_LEVELS_SOURCE,
    .levels = true,
    .fits = fits,
    .cost = cost,
    .build = build,
};

/* Alltoall with two levels: a node's blocks for another node go there in one message between the speakers. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "levels.h"

/* Bytes of a block; of what a rank has for one node; of what a node has for another. A part of the board holds what its
 * rank gives, by receiver, and then, for the speaker's node, what came from the others, by node, giver and receiver. */
struct sizes {
    int64_t block, row, square, given, shown;
};

static struct sizes sizes_of(const struct tri_collective *call, const struct tri_nodes *nodes)
{
    int64_t block = call->receive.count * call->receive.type->size;
    return (struct sizes){.block = block,
                          .row = nodes->most * block,
                          .square = nodes->most * nodes->most * block,
                          .given = call->size * block,
                          .shown = (1 + nodes->most) * call->size * block};
}

static void give(struct tri_schedule *schedule, const struct tri_collective *call, const struct tri_nodes *nodes,
                 const struct sizes *sizes)
{
    const struct tri_blocks *out = call->in_place ? &call->receive : &call->send, *in = &call->receive;
    enum tri_slot slot = call->in_place ? TRI_OUTPUT : TRI_INPUT;
    struct tri_place own = tri_at(slot, tri_block_offset(out, call->rank));
    for (int i = 0; i < call->size; i++) {
        struct tri_place shown = tri_at_board(schedule, nodes->own, sizes->shown);
        shown.offset += i * sizes->block;
        if (i != call->rank) {
            tri_add_pack(schedule, tri_at(slot, tri_block_offset(out, i)), out->count, out->type, shown);
        }
    }
    if (!call->in_place) {
        tri_add_convert(schedule, own, out->count, out->type, tri_at(TRI_OUTPUT, tri_block_offset(in, call->rank)),
                        in->count, in->type);
    }
    tri_next_round(schedule);
    tri_add_show(schedule, 0);
}

/* From the others of the own node. */
static void take_local(struct tri_schedule *schedule, const struct tri_collective *call,
                       const struct tri_levels *levels, const struct sizes *sizes)
{
    const struct tri_nodes *nodes = levels->nodes;
    const struct tri_blocks *in = &call->receive;
    tri_levels_look_others(schedule, levels, 0);
    for (int i = 0; i < nodes->local_count; i++) {
        if (i != nodes->own) {
            struct tri_place shown = tri_at_board(schedule, i, sizes->shown);
            shown.offset += call->rank * sizes->block;
            tri_add_unpack(schedule, shown, tri_at(TRI_OUTPUT, tri_block_offset(in, nodes->locals[i])), in->count,
                           in->type);
        }
    }
}

/* The speaker collects what its node gives to the others, exchanges it, and shows what came. */
static void exchange(struct tri_schedule *schedule, const struct tri_levels *levels, const struct sizes *sizes)
{
    const struct tri_nodes *nodes = levels->nodes;
    struct tri_datatype *byte = tri_datatype_get(MPI_BYTE);
    int64_t all = nodes->count * sizes->square;
    struct tri_place out = tri_add_scratch(schedule, all, byte), in = tri_add_scratch(schedule, all, byte);
    struct tri_place shown = tri_at_board(schedule, nodes->own, sizes->shown);
    shown.offset += sizes->given;
    for (int i = 0; i < nodes->local_count; i++) {
        for (int node = 0; node < nodes->count; node++) {
            struct tri_place row = tri_at_board(schedule, i, sizes->shown);
            row.offset += node * sizes->row;
            tri_add_copy(schedule, row, tri_behind(out, node * sizes->square + i * sizes->row, byte),
                         node != nodes->node ? sizes->row : 0, byte);
        }
    }
    tri_next_round(schedule);
    schedule->members = levels->speakers;
    for (int k = 1; k < nodes->count; k++) {
        int to = (nodes->node + k) % nodes->count, from = (nodes->node - k + nodes->count) % nodes->count;
        tri_add_receive(schedule, from, tri_behind(in, from * sizes->square, byte), sizes->square, byte);
        tri_add_send(schedule, to, tri_behind(out, to * sizes->square, byte), sizes->square, byte);
        tri_add_copy(schedule, tri_behind(in, from * sizes->square, byte),
                     tri_behind(shown, from * sizes->square, byte), sizes->square, byte);
    }
    schedule->members = NULL;
    tri_next_round(schedule);
    tri_add_show(schedule, 1);
}

/* From the other nodes, by way of the speaker. */
static void take_remote(struct tri_schedule *schedule, const struct tri_collective *call,
                        const struct tri_levels *levels, const struct sizes *sizes)
{
    const struct tri_nodes *nodes = levels->nodes;
    const struct tri_blocks *in = &call->receive;
    if (!levels->speaks) {
        tri_levels_look_speaker(schedule, levels, 1);
    }
    for (int i = 0; i < call->size; i++) {
        struct tri_place shown = tri_at_board(schedule, levels->speaker, sizes->shown);
        shown.offset += sizes->given + i * sizes->row + nodes->own * sizes->block;
        if (nodes->node_of[i] != nodes->node) {
            tri_add_unpack(schedule, shown, tri_at(TRI_OUTPUT, tri_block_offset(in, i)), in->count, in->type);
        }
    }
}

static void build(struct tri_schedule *schedule, const struct tri_collective *call)
{
    struct tri_levels levels = tri_levels_begin(call, 0);
    const struct sizes sizes = sizes_of(call, levels.nodes);
    give(schedule, call, levels.nodes, &sizes);
    take_local(schedule, call, &levels, &sizes);
    if (levels.speaks) {
        exchange(schedule, &levels, &sizes);
    }
    tri_next_round(schedule);
    take_remote(schedule, call, &levels, &sizes);
    tri_levels_end(&levels);
}

static bool fits(const struct tri_shape *shape)
{
    return shape->regular && shape->even && (1 + shape->most) * shape->ranks * shape->bytes <= TRI_BOARD_PIECE;
}

static double cost(const struct tri_machine *machine, const struct tri_shape *shape)
{
    struct tri_shape of_nodes = *shape;
    double others = shape->nodes - 1, all = (double)shape->ranks * (double)shape->bytes;
    of_nodes.ranks = shape->nodes;
    return tri_board_cost(machine, shape, 2, shape->most - 1, (3 + 3 * shape->most) * all) +
           tri_cost_burst(machine, &of_nodes, others,
                          tri_cost_each(shape, others * shape->most * shape->most * (double)shape->bytes));
}

const struct tri_algorithm tri_levels_alltoall = {
    .name = "levels",
    .operation = TRI_ALLTOALL,
    .use = "several nodes with several ranks, short blocks",
    .source = TRI_LEVELS_SOURCE,
    .levels = true,
    .fits = fits,
    .cost = cost,
    .build = build,
};

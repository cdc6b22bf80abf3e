/* What the algorithms with two levels share. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "levels.h"

#include <stdlib.h>
#include <string.h>

#include "select.h"

struct tri_levels tri_levels_begin(const struct tri_collective *call, int root)
{
    const struct tri_nodes *nodes = tri_nodes_of(call->comm);
    struct tri_levels levels = {.nodes = nodes, .upper = *call};
    size_t bytes = (size_t)nodes->count * sizeof *levels.speakers;
    levels.speakers = tri_memory_take(bytes);
    memcpy(levels.speakers, nodes->leaders, bytes);
    levels.speakers[nodes->node_of[root]] = root;
    int speaker = levels.speakers[nodes->node];
    while (nodes->locals[levels.speaker] != speaker) {
        levels.speaker++;
    }
    levels.speaks = speaker == call->rank;
    levels.upper.size = nodes->count;
    levels.upper.rank = nodes->node;
    levels.upper.root = nodes->node_of[root];
    levels.upper.in_place = true;
    return levels;
}

void tri_levels_end(struct tri_levels *levels)
{
    free(levels->speakers);
}

/* What all know of the upper call. */
static struct tri_shape upper_shape(const struct tri_shape *shape)
{
    struct tri_shape upper = *shape;
    upper.ranks = shape->nodes;
    upper.most = 1;
    upper.board = upper.levels = false;
    return upper;
}

void tri_levels_add_upper(struct tri_schedule *schedule, struct tri_levels *levels)
{
    struct tri_collective *upper = &levels->upper;
    if (levels->speaks) {
        struct tri_shape shape = tri_collective_shape(upper);
        shape = upper_shape(&shape);
        schedule->members = levels->speakers;
        tri_collective_choose(upper->operation, &shape)->build(schedule, upper);
        schedule->members = NULL;
    }
    tri_next_round(schedule);
}

void tri_levels_look_speaker(struct tri_schedule *schedule, const struct tri_levels *levels, int stage)
{
    tri_add_look(schedule, levels->speaker, stage);
}

void tri_levels_look_others(struct tri_schedule *schedule, const struct tri_levels *levels, int stage)
{
    for (int i = 0; i < levels->nodes->local_count; i++) {
        if (i != levels->nodes->own) {
            tri_add_look(schedule, i, stage);
        }
    }
}

static void fold_all(struct tri_schedule *schedule, const struct tri_collective *call, const struct tri_levels *levels,
                     struct tri_place to)
{
    struct tri_collective inside = *call;
    inside.rank = levels->nodes->own;
    inside.size = levels->nodes->local_count;
    tri_add_show_vector(schedule, &inside, &call->send, tri_contribution(call));
    if (levels->speaks) {
        tri_add_look_all(schedule, &inside, 0);
        const struct tri_pieces vectors = tri_whole_vectors(&inside);
        tri_add_fold(schedule, &vectors, inside.size - 1, to);
    }
}

static void fold_domains(struct tri_schedule *schedule, const struct tri_collective *call,
                         const struct tri_domain_view *view, struct tri_place to)
{
    tri_domains_gather(schedule, call, view);
    if (view->own == view->root) {
        tri_next_round(schedule);
        tri_domains_fold(schedule, call, view, to);
    }
}

struct tri_domain_view tri_levels_view(const struct tri_collective *call, const struct tri_levels *levels)
{
    const struct tri_nodes *nodes = levels->nodes;
    const struct tri_board *board = call->comm->board;
    bool may = call->form == TRI_BLOCKING && (!call->op || tri_op_is_exact(call->op, call->send.type));
    bool several = may && board && tri_domains_are_several(&board->domains);
    return tri_domains_begin(several ? &board->domains : NULL, nodes->local_count, nodes->own, levels->speaker);
}

void tri_levels_fold(struct tri_schedule *schedule, const struct tri_collective *call, const struct tri_levels *levels,
                     struct tri_place to)
{
    const struct tri_blocks *data = &call->send;
    const struct tri_domain_view view = tri_levels_view(call, levels);
    if (view.members == 1) {
        tri_add_copy(schedule, tri_contribution(call), to, data->count, data->type);
    } else if (view.domains) {
        fold_domains(schedule, call, &view, to);
    } else {
        fold_all(schedule, call, levels, to);
    }
    tri_next_round(schedule);
}

void tri_levels_spread(struct tri_schedule *schedule, const struct tri_levels *levels, const struct tri_blocks *data,
                       int stage)
{
    int64_t bytes = data->count * data->type->size;
    if (levels->nodes->local_count == 1) {
        return;
    }
    struct tri_place shown = tri_at_board(schedule, levels->speaker, bytes);
    if (levels->speaks) {
        tri_add_pack(schedule, tri_at(TRI_OUTPUT, 0), data->count, data->type, shown);
        tri_next_round(schedule);
        tri_add_show(schedule, stage);
    } else {
        tri_levels_look_speaker(schedule, levels, stage);
        tri_add_unpack(schedule, shown, tri_at(TRI_OUTPUT, 0), data->count, data->type);
    }
}

bool tri_levels_fits(const struct tri_shape *shape)
{
    return shape->regular;
}

bool tri_levels_fits_reduction(const struct tri_shape *shape)
{
    return shape->regular && shape->predefined && shape->commutative;
}

int64_t tri_levels_segment(const struct tri_shape *shape)
{
    (void)shape;
    return 131072;
}

double tri_levels_cost(const struct tri_machine *machine, const struct tri_shape *shape,
                       enum tri_collective_id operation, double stages, double bytes)
{
    const struct tri_shape upper = upper_shape(shape);
    return tri_board_cost(machine, shape, stages, shape->most - 1, bytes) +
           tri_collective_choose(operation, &upper)->cost(machine, &upper);
}

/* Making schedules compact. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "program.h"

#include <stdlib.h>
#include <string.h>

#include "../../collectives/model.h"

/* The shape and the peers that are being made; the arrays stay for the next one. */
static struct sim_shape draft;
static int *draft_peers;
static int item_room, round_room;

struct sim_program *sim_program_new(int ranks, int ranks_a_node, int64_t pieces)
{
    struct sim_program *program = tri_memory_take(sizeof *program);
    *program = (struct sim_program){.ranks = ranks, .ranks_a_node = ranks_a_node, .pieces = pieces};
    program->body = tri_memory_take((size_t)ranks * sizeof *program->body);
    program->tail = pieces > 1 ? tri_memory_take((size_t)ranks * sizeof *program->tail) : program->body;
    return program;
}

void sim_program_free(struct sim_program *program)
{
    for (size_t i = 0; i < TRI_COUNT_OF(program->buckets); i++) {
        while (program->buckets[i]) {
            struct sim_shape *shape = program->buckets[i];
            program->buckets[i] = shape->next;
            free(shape);
        }
    }
    if (program->tail != program->body) {
        free(program->tail);
    }
    free(program->body);
    free(program->peers);
    free(program);
}

/* ---- drafting ---- */

static void add_item(const struct tri_step *step)
{
    if (draft.item_count == item_room) {
        item_room = item_room ? 2 * item_room : 64;
        draft.items = tri_memory_grow(draft.items, (size_t)item_room * sizeof *draft.items);
        draft_peers = tri_memory_grow(draft_peers, (size_t)item_room * sizeof *draft_peers);
    }
    int64_t bytes = step->type ? step->count * step->type->size : 0;
    struct sim_item *item = &draft.items[draft.item_count];
    memset(item, 0, sizeof *item); /* padding counts when shapes are compared */
    item->bytes = bytes;
    item->kind = step->kind;
    item->stage = step->stage;
    draft_peers[draft.item_count++] = step->peer;
}

static bool is_same_place(struct tri_place a, struct tri_place b)
{
    return a.slot == b.slot && a.owner == b.owner && a.offset == b.offset;
}

static double local_cost(const struct tri_step *step)
{
    if (step->kind == TRI_STEP_REDUCE) {
        return (double)(step->count * step->type->size) * tri_machine.reduce_per_byte;
    }
    if (step->kind == TRI_STEP_COPY && !(is_same_place(step->from, step->to) && step->type == step->to_type)) {
        return (double)(step->count * step->type->size) * tri_machine.copy_per_byte;
    }
    if (step->kind == TRI_STEP_READ) {
        return tri_cost_reads(&tri_machine, 1, (double)(step->count * step->type->size));
    }
    return 0;
}

/* 0: receives, 1: sends and shows, 2: looks, 3: local steps. */
static int phase_of(const struct tri_step *step)
{
    static const int phases[] = {
        [TRI_STEP_SEND] = 1,   [TRI_STEP_RECEIVE] = 0, [TRI_STEP_SHOW] = 1, [TRI_STEP_LOOK] = 2,
        [TRI_STEP_REDUCE] = 3, [TRI_STEP_COPY] = 3,    [TRI_STEP_READ] = 3};
    return phases[step->kind];
}

static void add_round(const struct tri_step *steps, int count)
{
    if (draft.round_count == round_room) {
        round_room = round_room ? 2 * round_room : 16;
        draft.rounds = tri_memory_grow(draft.rounds, (size_t)round_room * sizeof *draft.rounds);
    }
    struct sim_round round = {.first = draft.item_count};
    for (int phase = 0; phase < 3; phase++) {
        for (int i = 0; i < count; i++) {
            if (phase_of(&steps[i]) == phase) {
                add_item(&steps[i]);
            }
        }
    }
    for (int i = 0; i < count; i++) {
        round.local += local_cost(&steps[i]);
    }
    round.end = draft.item_count;
    draft.rounds[draft.round_count++] = round;
}

static uint64_t mix(uint64_t mark, const void *bytes, size_t len)
{
    for (const unsigned char *at = bytes; len >= 8; at += 8, len -= 8) {
        uint64_t word;
        memcpy(&word, at, sizeof word);
        mark = (mark ^ word) * UINT64_C(0x9e3779b97f4a7c15);
        mark ^= mark >> 29;
    }
    return mark;
}
_Static_assert(sizeof(struct sim_item) % 8 == 0 && sizeof(struct sim_round) % 8 == 0, "mix takes whole words");

static void make_draft(const struct tri_schedule *schedule)
{
    draft.round_count = draft.item_count = 0;
    for (int from = 0, to; from < schedule->step_count; from = to) {
        for (to = from; to < schedule->step_count && schedule->steps[to].round == schedule->steps[from].round;) {
            to++;
        }
        add_round(&schedule->steps[from], to - from);
    }
    draft.mark = mix(0, draft.items, (size_t)draft.item_count * sizeof *draft.items);
    draft.mark = mix(draft.mark, draft.rounds, (size_t)draft.round_count * sizeof *draft.rounds);
}

/* ---- keeping ---- */

static bool is_draft(const struct sim_shape *shape)
{
    return shape->mark == draft.mark && shape->item_count == draft.item_count &&
           shape->round_count == draft.round_count &&
           (!draft.item_count || !memcmp(shape->items, draft.items, (size_t)draft.item_count * sizeof *draft.items)) &&
           (!draft.round_count ||
            !memcmp(shape->rounds, draft.rounds, (size_t)draft.round_count * sizeof *draft.rounds));
}

static const struct sim_shape *keep_shape(struct sim_program *program)
{
    struct sim_shape **bucket = &program->buckets[draft.mark % TRI_COUNT_OF(program->buckets)];
    for (const struct sim_shape *shape = *bucket; shape; shape = shape->next) {
        if (is_draft(shape)) {
            return shape;
        }
    }
    size_t item_bytes = (size_t)draft.item_count * sizeof *draft.items;
    size_t round_bytes = (size_t)draft.round_count * sizeof *draft.rounds;
    struct sim_shape *shape = tri_memory_take(sizeof *shape + item_bytes + round_bytes);
    *shape = draft;
    shape->items = (struct sim_item *)(shape + 1);
    shape->rounds = (struct sim_round *)(shape->items + draft.item_count);
    if (item_bytes) {
        memcpy(shape->items, draft.items, item_bytes);
    }
    if (round_bytes) {
        memcpy(shape->rounds, draft.rounds, round_bytes);
    }
    shape->next = *bucket;
    program->shape_count++;
    return *bucket = shape;
}

/* On the board peers are numbered among the ranks of the node. */
static size_t keep_peers(struct sim_program *program, int rank)
{
    int node_first = rank - rank % program->ranks_a_node;
    size_t count = (size_t)draft.item_count, first = program->peer_count;
    if (first + count > program->peer_room) {
        program->peer_room = program->peer_room + program->peer_room / 2 + count + 1024;
        program->peers = tri_memory_grow(program->peers, program->peer_room * sizeof *program->peers);
    }
    for (size_t i = 0; i < count; i++) {
        bool on_board = draft.items[i].kind == TRI_STEP_LOOK;
        program->peers[first + i] = draft_peers[i] + (on_board ? node_first : 0);
    }
    program->peer_count += count;
    return first;
}

/* Returns the number of its sends. */
static int64_t compact(struct sim_program *program, int rank, const struct tri_schedule *schedule,
                       struct sim_part *part)
{
    int64_t sends = 0;
    make_draft(schedule);
    program->uses_board |= schedule->uses_board;
    *part = (struct sim_part){keep_shape(program), keep_peers(program, rank)};
    for (int i = 0; i < draft.item_count; i++) {
        sends += draft.items[i].kind == TRI_STEP_SEND;
    }
    return sends;
}

void sim_program_set(struct sim_program *program, int rank, const struct tri_schedule *body,
                     const struct tri_schedule *tail)
{
    int64_t others = program->pieces > 1 ? program->pieces - 1 : 0;
    program->messages += (others ? others : 1) * compact(program, rank, body, &program->body[rank]);
    if (others) {
        program->messages += compact(program, rank, tail ? tail : body, &program->tail[rank]);
    }
}

/* Writing and printing schedules. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "schedule.h"

#include <stdlib.h>

#include "board.h"

/* Schedules are kept for the next collective, with their arrays. */
static struct tri_schedule *free_schedules;

struct tri_schedule *tri_schedule_take(struct tri_comm *comm, struct tri_op *op)
{
    struct tri_schedule *schedule = free_schedules;
    if (schedule) {
        free_schedules = schedule->next_free;
    } else {
        schedule = tri_memory_take(sizeof *schedule);
        *schedule = (struct tri_schedule){0};
    }
    schedule->references = 1;
    schedule->comm = comm;
    schedule->op = op;
    schedule->holds = schedule->uses_board = false;
    schedule->members = NULL;
    schedule->first = 0;
    schedule->round = schedule->step_count = 0;
    schedule->scratch = schedule->bulk = schedule->hands_over = 0;
    return schedule;
}

/* Calls it for each type of the schedule. */
static void for_types(struct tri_schedule *schedule, void (*visit)(struct tri_datatype *type))
{
    for (int i = 0; i < schedule->step_count; i++) {
        if (schedule->steps[i].type) {
            visit(schedule->steps[i].type);
        }
        if (schedule->steps[i].to_type) {
            visit(schedule->steps[i].to_type);
        }
    }
}

void tri_schedule_hold(struct tri_schedule *schedule)
{
    for_types(schedule, tri_datatype_hold);
    if (schedule->op) {
        tri_op_hold(schedule->op);
    }
    schedule->holds = true;
}

void tri_schedule_release(struct tri_schedule *schedule)
{
    if (--schedule->references > 0) {
        return;
    }
    if (schedule->holds) {
        for_types(schedule, tri_datatype_release);
        if (schedule->op) {
            tri_op_release(schedule->op);
        }
    }
    schedule->next_free = free_schedules;
    free_schedules = schedule;
}

void tri_schedules_end(void)
{
    while (free_schedules) {
        struct tri_schedule *schedule = free_schedules;
        free_schedules = schedule->next_free;
        free(schedule->steps);
        free(schedule);
    }
}

static void add(struct tri_schedule *schedule, struct tri_step step)
{
    if (schedule->step_count == schedule->step_room) {
        schedule->step_room = schedule->step_room ? 2 * schedule->step_room : 16;
        schedule->steps = tri_memory_grow(schedule->steps, (size_t)schedule->step_room * sizeof step);
    }
    step.round = schedule->round;
    schedule->steps[schedule->step_count++] = step;
}

static int rank_of(const struct tri_schedule *schedule, int peer)
{
    return schedule->members ? schedule->members[peer] : schedule->first + peer;
}

void tri_add_send(struct tri_schedule *schedule, int peer, struct tri_place from, int64_t count,
                  struct tri_datatype *type)
{
    if (count * type->size > 0) {
        add(schedule,
            (struct tri_step){
                .kind = TRI_STEP_SEND, .peer = rank_of(schedule, peer), .from = from, .count = count, .type = type});
    }
}

void tri_add_receive(struct tri_schedule *schedule, int peer, struct tri_place to, int64_t count,
                     struct tri_datatype *type)
{
    if (count * type->size > 0) {
        add(schedule,
            (struct tri_step){
                .kind = TRI_STEP_RECEIVE, .peer = rank_of(schedule, peer), .to = to, .count = count, .type = type});
    }
}

static void add_empty(struct tri_schedule *schedule, enum tri_step_kind kind, int peer)
{
    add(schedule,
        (struct tri_step){.kind = (uint8_t)kind, .peer = rank_of(schedule, peer), .type = tri_datatype_get(MPI_BYTE)});
}

void tri_add_signal(struct tri_schedule *schedule, int peer)
{
    add_empty(schedule, TRI_STEP_SEND, peer);
}

void tri_add_await(struct tri_schedule *schedule, int peer)
{
    add_empty(schedule, TRI_STEP_RECEIVE, peer);
}

void tri_add_reduce(struct tri_schedule *schedule, struct tri_place from, struct tri_place to, int64_t count,
                    struct tri_datatype *type)
{
    if (count > 0) {
        add(schedule, (struct tri_step){.kind = TRI_STEP_REDUCE, .from = from, .to = to, .count = count, .type = type});
    }
}

void tri_add_convert(struct tri_schedule *schedule, struct tri_place from, int64_t from_count,
                     struct tri_datatype *from_type, struct tri_place to, int64_t to_count,
                     struct tri_datatype *to_type)
{
    if (from_count * from_type->size > 0) {
        add(schedule, (struct tri_step){.kind = TRI_STEP_COPY,
                                        .from = from,
                                        .to = to,
                                        .count = from_count,
                                        .type = from_type,
                                        .to_count = to_count,
                                        .to_type = to_type});
    }
}

void tri_add_copy(struct tri_schedule *schedule, struct tri_place from, struct tri_place to, int64_t count,
                  struct tri_datatype *type)
{
    tri_add_convert(schedule, from, count, type, to, count, type);
}

void tri_next_round(struct tri_schedule *schedule)
{
    schedule->round++;
}

struct tri_place tri_add_scratch(struct tri_schedule *schedule, int64_t count, const struct tri_datatype *type)
{
    int64_t last = (TRI_MAX(count, 1) - 1) * type->extent;
    int64_t low = TRI_MIN(last, 0) + type->true_lb, high = TRI_MAX(last, 0) + type->true_ub;
    struct tri_place place = tri_at(TRI_SCRATCH, schedule->scratch - low);
    schedule->scratch += (high - low + TRI_CACHE_LINE - 1) & ~(int64_t)(TRI_CACHE_LINE - 1);
    return place;
}

/* ---- board ---- */

struct tri_place tri_at_board(struct tri_schedule *schedule, int peer, int64_t bytes)
{
    if (bytes <= TRI_BOARD_INLINE) {
        return (struct tri_place){TRI_BOARD, peer, (int64_t)offsetof(struct tri_board_line, data)};
    }
    schedule->bulk = TRI_MAX(schedule->bulk, bytes);
    return (struct tri_place){TRI_BULK, peer, 0};
}

/* Handing over costs the one that shows the time that the others gain (src/runtime/cache.h). That is nothing that
 * counts, if it waits for theirs, too: but a longer part is read from its beginning while its end is still on the way,
 * and more of it costs more than it gains. A root has more to do than those that show it something; up to 256 bytes
 * also they gain, each being the root in turn (measured). */
enum { HAND_OVER_MUTUAL = 1024, HAND_OVER_ROOT = 256 };

void tri_add_show(struct tri_schedule *schedule, int stage)
{
    schedule->uses_board = true;
    add(schedule, (struct tri_step){.kind = TRI_STEP_SHOW, .stage = (uint8_t)stage});
}

void tri_add_look(struct tri_schedule *schedule, int peer, int stage)
{
    schedule->uses_board = true;
    schedule->hands_over = HAND_OVER_MUTUAL;
    add(schedule, (struct tri_step){.kind = TRI_STEP_LOOK, .peer = peer, .stage = (uint8_t)stage});
}

void tri_show_to_root(struct tri_schedule *schedule)
{
    schedule->hands_over = HAND_OVER_ROOT;
}

void tri_add_offer(struct tri_schedule *schedule, int stage, struct tri_place from)
{
    schedule->uses_board = true;
    add(schedule, (struct tri_step){.kind = TRI_STEP_SHOW, .stage = (uint8_t)stage, .offers = true, .from = from});
}

void tri_add_read(struct tri_schedule *schedule, int peer, int stage, int64_t offset, struct tri_place to,
                  int64_t count, struct tri_datatype *type)
{
    if (count * type->size > 0) {
        add(schedule, (struct tri_step){.kind = TRI_STEP_READ,
                                        .stage = (uint8_t)stage,
                                        .peer = peer,
                                        .to = to,
                                        .offset = offset,
                                        .count = count,
                                        .type = type});
    }
}

/* ---- printing ---- */

static void print_place(struct tri_place place, FILE *file)
{
    static const char *const names[TRI_SLOTS] = {"input", "output", "scratch", "board", "bulk"};
    fprintf(file, "%s", names[place.slot]);
    if (place.slot >= TRI_BOARD) {
        fprintf(file, " of %d", place.owner);
    }
    fprintf(file, "+%lld", (long long)place.offset);
}

static void print_local(const struct tri_step *step, const char *verb, const char *towards, FILE *file)
{
    fprintf(file, "%s %lld bytes of ", verb, (long long)(step->count * step->type->size));
    print_place(step->from, file);
    fprintf(file, " %s ", towards);
    print_place(step->to, file);
}

static void print_step(const struct tri_step *step, FILE *file)
{
    switch ((enum tri_step_kind)step->kind) {
    case TRI_STEP_SEND:
        fprintf(file, "send %lld bytes of ", (long long)(step->count * step->type->size));
        print_place(step->from, file);
        fprintf(file, " to %d", step->peer);
        break;
    case TRI_STEP_RECEIVE:
        fprintf(file, "receive %lld bytes into ", (long long)(step->count * step->type->size));
        print_place(step->to, file);
        fprintf(file, " from %d", step->peer);
        break;
    case TRI_STEP_SHOW:
        fprintf(file, "show stage %d", step->stage);
        if (step->offers) {
            fprintf(file, ", offering ");
            print_place(step->from, file);
        }
        break;
    case TRI_STEP_LOOK: fprintf(file, "look for stage %d of %d", step->stage, step->peer); break;
    case TRI_STEP_READ:
        fprintf(file, "read %lld bytes of %d, %lld behind its offer of stage %d, to ",
                (long long)(step->count * step->type->size), step->peer, (long long)step->offset, step->stage);
        print_place(step->to, file);
        break;
    case TRI_STEP_REDUCE: print_local(step, "reduce", "into", file); break;
    case TRI_STEP_COPY: print_local(step, "copy", "to", file); break;
    }
}

void tri_schedule_print(const struct tri_schedule *schedule, FILE *file)
{
    for (int i = 0; i < schedule->step_count; i++) {
        fprintf(file, "round %d: ", schedule->steps[i].round);
        print_step(&schedule->steps[i], file);
        fputc('\n', file);
    }
}

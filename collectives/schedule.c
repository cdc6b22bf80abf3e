/* Building and printing schedules. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "schedule.h"

#include <stdlib.h>

#include "../src/runtime/counters.h"

/* Schedules are kept for the next collective, with their arrays; a large scratch is not. */
static struct tri_schedule *free_schedules;
enum { KEEP_SCRATCH = 1 << 18 };

struct tri_schedule *tri_schedule_take(struct tri_comm *comm, int tag)
{
    struct tri_schedule *schedule = free_schedules;
    if (schedule) {
        free_schedules = schedule->next_free;
    } else {
        schedule = tri_memory_take(sizeof *schedule);
        *schedule = (struct tri_schedule){0};
    }
    schedule->comm = comm;
    schedule->op = NULL;
    schedule->tag = tag;
    tri_counters.collectives++;
    schedule->round = schedule->step_count = schedule->pending = 0;
    schedule->scratch = 0;
    schedule->error = MPI_SUCCESS;
    return schedule;
}

void tri_schedule_give(struct tri_schedule *schedule)
{
    if (schedule->scratch_room > KEEP_SCRATCH) {
        free(schedule->scratch_memory);
        schedule->scratch_memory = NULL;
        schedule->scratch_room = 0;
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
        free(schedule->scratch_memory);
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

void tri_add_send(struct tri_schedule *schedule, int peer, struct tri_place from, int64_t count,
                  struct tri_datatype *type)
{
    if (count * type->size > 0) {
        add(schedule, (struct tri_step){
                          .kind = TRI_STEP_SEND, .peer = peer, .from = from, .count = count, .type = type});
    }
}

void tri_add_receive(struct tri_schedule *schedule, int peer, struct tri_place to, int64_t count,
                     struct tri_datatype *type)
{
    if (count * type->size > 0) {
        add(schedule, (struct tri_step){
                          .kind = TRI_STEP_RECEIVE, .peer = peer, .to = to, .count = count, .type = type});
    }
}

void tri_add_signal(struct tri_schedule *schedule, int peer)
{
    add(schedule, (struct tri_step){.kind = TRI_STEP_SEND, .peer = peer, .type = tri_datatype_get(MPI_BYTE)});
}

void tri_add_await(struct tri_schedule *schedule, int peer)
{
    add(schedule, (struct tri_step){.kind = TRI_STEP_RECEIVE, .peer = peer, .type = tri_datatype_get(MPI_BYTE)});
}

void tri_add_reduce(struct tri_schedule *schedule, struct tri_place from, struct tri_place to, int64_t count,
                    struct tri_datatype *type)
{
    add(schedule,
        (struct tri_step){.kind = TRI_STEP_REDUCE, .from = from, .to = to, .count = count, .type = type});
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
    struct tri_place place = {TRI_SCRATCH, schedule->scratch - low};
    schedule->scratch += (high - low + TRI_CACHE_LINE - 1) & ~(int64_t)(TRI_CACHE_LINE - 1);
    return place;
}

static const char *const slot_names[TRI_SLOTS] = {"input", "output", "scratch"};

void tri_schedule_print(const struct tri_schedule *schedule, FILE *file)
{
    for (int i = 0; i < schedule->step_count; i++) {
        const struct tri_step *step = &schedule->steps[i];
        long long bytes = (long long)(step->count * step->type->size);
        const char *from = slot_names[step->from.slot], *to = slot_names[step->to.slot];
        long long at = (long long)step->from.offset, into = (long long)step->to.offset;
        fprintf(file, "round %d: ", step->round);
        switch ((enum tri_step_kind)step->kind) {
        case TRI_STEP_SEND: fprintf(file, "send %lld bytes of %s+%lld to %d\n", bytes, from, at, step->peer); break;
        case TRI_STEP_RECEIVE:
            fprintf(file, "receive %lld bytes into %s+%lld from %d\n", bytes, to, into, step->peer);
            break;
        case TRI_STEP_REDUCE:
            fprintf(file, "reduce %lld bytes of %s+%lld into %s+%lld\n", bytes, from, at, to, into);
            break;
        case TRI_STEP_COPY:
            fprintf(file, "copy %lld bytes of %s+%lld to %s+%lld\n", bytes, from, at, to, into);
            break;
        }
    }
}

/* Running schedules over the point-to-point layer. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdlib.h>
#include <string.h>

#include "../src/p2p/p2p.h"
#include "../src/runtime/wait.h"
#include "schedule.h"

static char *address(const struct tri_schedule *schedule, struct tri_place place)
{
    return schedule->base[place.slot] + place.offset;
}

static void note(struct tri_schedule *schedule, const struct tri_request *request)
{
    if (request->outcome.error && !schedule->error) {
        schedule->error = request->outcome.error;
    }
}

static void advance(struct tri_schedule *schedule);

static void step_done(struct tri_request *request)
{
    struct tri_schedule *schedule = request->owner;
    note(schedule, request);
    tri_request_give(request);
    if (--schedule->pending == 0) {
        advance(schedule);
    }
}

static void start(struct tri_schedule *schedule, const struct tri_step *step)
{
    struct tri_comm *comm = schedule->comm;
    bool send = step->kind == TRI_STEP_SEND;
    struct tri_operation op = {.buffer = address(schedule, send ? step->from : step->to),
                               .count = step->count,
                               .type = step->type,
                               .peer = send ? step->peer : tri_comm_source_of(comm, step->peer),
                               .tag = schedule->tag,
                               .comm = comm,
                               .match = comm->collective_match,
                               .context = comm->collective_context};
    struct tri_request *request = send ? tri_p2p_isend(&op, TRI_SEND_STANDARD) : tri_p2p_ireceive(&op);
    if (request->complete) {
        note(schedule, request);
        tri_request_give(request);
        return;
    }
    request->done = step_done;
    request->owner = schedule;
    schedule->pending++;
}

/* A copy between two layouts goes through a packed piece, unless one of them is a plain run of bytes. */
static void copy(char *from, const struct tri_step *step, char *to)
{
    int64_t bytes = step->count * step->type->size;
    if (from == to && step->type == step->to_type) {
        return;
    }
    if (step->type->contiguous && step->to_type->contiguous) {
        memmove(to, from, (size_t)bytes);
    } else if (step->to_type->contiguous) {
        tri_datatype_copy(step->type, from, 0, to, bytes, TRI_PACK);
    } else if (step->type->contiguous) {
        tri_datatype_copy(step->to_type, to, 0, from, bytes, TRI_UNPACK);
    } else {
        char piece[4096];
        for (int64_t done = 0; done < bytes;) {
            int64_t len = TRI_MIN(bytes - done, (int64_t)sizeof piece);
            tri_datatype_copy(step->type, from, done, piece, len, TRI_PACK);
            tri_datatype_copy(step->to_type, to, done, piece, len, TRI_UNPACK);
            done += len;
        }
    }
}

static void do_local(struct tri_schedule *schedule, const struct tri_step *step)
{
    char *from = address(schedule, step->from), *to = address(schedule, step->to);
    if (step->kind == TRI_STEP_REDUCE) {
        tri_op_apply(schedule->op, from, to, step->count, step->type);
    } else {
        copy(from, step, to);
    }
}

static bool is_message(const struct tri_step *step)
{
    return step->kind == TRI_STEP_SEND || step->kind == TRI_STEP_RECEIVE;
}

static int round_end(const struct tri_schedule *schedule)
{
    int end = schedule->position;
    while (end < schedule->step_count && schedule->steps[end].round == schedule->steps[schedule->position].round) {
        end++;
    }
    return end;
}

/* Receives are posted before sends, so that no message of the round has to wait as an unexpected one for this rank's
 * own doing. Whether all of them are through already. */
static bool start_messages(struct tri_schedule *schedule)
{
    const enum tri_step_kind order[] = {TRI_STEP_RECEIVE, TRI_STEP_SEND};
    int end = round_end(schedule);
    schedule->pending = 1; /* a message that ends while others are still to be started does not end the round */
    for (size_t k = 0; k < TRI_COUNT_OF(order); k++) {
        for (int i = schedule->position; i < end; i++) {
            if (schedule->steps[i].kind == order[k]) {
                start(schedule, &schedule->steps[i]);
            }
        }
    }
    return --schedule->pending == 0;
}

/* What the round has to do when its messages are through. */
static void end_round(struct tri_schedule *schedule)
{
    int end = round_end(schedule);
    for (int i = schedule->position; i < end; i++) {
        if (!is_message(&schedule->steps[i])) {
            do_local(schedule, &schedule->steps[i]);
        }
    }
    schedule->position = end;
}

/* The messages of the current round are through: ends it and goes on until one has to be waited for. */
static void advance(struct tri_schedule *schedule)
{
    end_round(schedule);
    while (schedule->position < schedule->step_count) {
        if (!start_messages(schedule)) {
            return;
        }
        end_round(schedule);
    }
    schedule->ended = true;
    if (schedule->done) {
        void *owner = schedule->owner;
        int error = schedule->error;
        tri_schedule_done_fn *done = schedule->done;
        tri_schedule_give(schedule);
        done(owner, error);
    }
}

static void begin(struct tri_schedule *schedule, const void *input, void *output)
{
    if (schedule->scratch > schedule->scratch_room) {
        free(schedule->scratch_memory);
        schedule->scratch_memory = tri_memory_take((size_t)schedule->scratch);
        schedule->scratch_room = schedule->scratch;
    }
    schedule->base[TRI_INPUT] = (char *)(uintptr_t)input;
    schedule->base[TRI_OUTPUT] = output;
    schedule->base[TRI_SCRATCH] = schedule->scratch_memory;
    schedule->position = 0;
    schedule->ended = false;
    if (start_messages(schedule)) {
        advance(schedule);
    }
}

void tri_schedule_start(struct tri_schedule *schedule, const void *input, void *output, tri_schedule_done_fn *done,
                        void *owner)
{
    schedule->done = done;
    schedule->owner = owner;
    begin(schedule, input, output);
}

int tri_schedule_run(struct tri_schedule *schedule, const void *input, void *output)
{
    struct tri_wait wait = {0};
    schedule->done = NULL;
    begin(schedule, input, output);
    while (!schedule->ended) {
        tri_wait_step(&wait);
    }
    return schedule->error;
}

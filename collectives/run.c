/* Running schedules. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "run.h"

#include <stdlib.h>

#include "../src/p2p/p2p.h"
#include "../src/runtime/cache.h"
#include "../src/runtime/job.h"
#include "../src/runtime/wait.h"
#include "board.h"
#include "local.h"

/* One run of a schedule. */
struct tri_run {
    struct tri_run *next; /* free ones, or those that look at the board */
    struct tri_schedule *schedule;
    int tag;
    char *base[TRI_BOARD];
    char *scratch;
    int64_t scratch_room;
    int position; /* step that the current round begins with; of its local steps, the next one */
    int end;      /* step that the next one begins with */
    int pending;  /* messages of the current round under way */
    int look;     /* step up to which the round's looks have been seen; end: all */
    int last;     /* the round's last look */
    int error;
    struct tri_board *board;
    struct tri_board_ticket ticket;
    bool ended, gated;     /* gated: the desk or the piece is still in use */
    tri_run_done_fn *done; /* NULL: somebody waits for ended, and takes the run back */
    void *owner;           /* for done */
};

/* Runs are kept for the next collective, with their scratch if it is not large. */
static struct tri_run *free_runs;
enum { KEEP_SCRATCH = 1 << 18 };

static struct tri_run *looking;
unsigned tri_runs_looking;

static struct tri_run *take_run(void)
{
    struct tri_run *run = free_runs;
    if (run) {
        free_runs = run->next;
    } else {
        run = tri_memory_take(sizeof *run);
        run->scratch = NULL;
        run->scratch_room = 0;
    }
    return run;
}

static void give_run(struct tri_run *run)
{
    tri_schedule_release(run->schedule);
    if (run->scratch_room > KEEP_SCRATCH) {
        free(run->scratch);
        run->scratch = NULL;
        run->scratch_room = 0;
    }
    run->next = free_runs;
    free_runs = run;
}

void tri_runs_end(void)
{
    while (free_runs) {
        struct tri_run *run = free_runs;
        free_runs = run->next;
        free(run->scratch);
        free(run);
    }
}

static char *address(const struct tri_run *run, struct tri_place place)
{
    if (place.slot < TRI_BOARD) {
        return run->base[place.slot] + place.offset;
    }
    return place.offset + (place.slot == TRI_BOARD ? (char *)tri_board_desk(run->board, place.owner, run->ticket.number)
                                                   : tri_board_bulk(run->board, place.owner, run->ticket.piece));
}

/* ---- messages ---- */

static void note(struct tri_run *run, const struct tri_request *request)
{
    if (request->outcome.error && !run->error) {
        run->error = request->outcome.error;
    }
}

static void advance(struct tri_run *run);

static void message_done(struct tri_request *request)
{
    struct tri_run *run = request->owner;
    note(run, request);
    tri_request_give(request);
    if (--run->pending == 0) {
        advance(run);
    }
}

static void start_message(struct tri_run *run, const struct tri_step *step, enum tri_send_mode mode)
{
    struct tri_comm *comm = run->schedule->comm;
    bool send = step->kind == TRI_STEP_SEND;
    struct tri_operation op = {.buffer = address(run, send ? step->from : step->to),
                               .count = step->count,
                               .type = step->type,
                               .peer = send ? step->peer : tri_comm_source_of(comm, step->peer),
                               .tag = run->tag,
                               .comm = comm,
                               .match = comm->collective_match,
                               .context = comm->collective_context};
    struct tri_request *request = send ? tri_p2p_isend(&op, mode) : tri_p2p_ireceive(&op);
    if (request->complete) {
        note(run, request);
        tri_request_give(request);
        return;
    }
    request->done = message_done;
    request->owner = run;
    run->pending++;
}

/* Where ranks share cores, what a round looks for has often been shown when it is this rank's turn. Where not, who is
 * still to show it would be kept from writing. A round that only reads on looks for nothing. */
static void fetch_shown(const struct tri_run *run, int look)
{
    if (look < run->end && !tri_wait_is_alone()) {
        tri_board_fetch(run->board, run->schedule->steps[look].peer, run->ticket.piece, run->schedule->bulk);
    }
}

/* Whether everything that the round looks for has been shown. */
static bool has_seen_all(struct tri_run *run)
{
    for (; run->look < run->end; run->look++) {
        const struct tri_step *step = &run->schedule->steps[run->look];
        if (step->kind == TRI_STEP_LOOK &&
            !tri_board_is_shown(run->board, step->peer, run->ticket.number, step->stage)) {
            return false;
        }
    }
    return true;
}

/* Where each rank has a core of its own it is mostly a matter of a few loads. Else who polls keeps others off the core,
 * who may be waited for as well: it is for the last look only. */
static bool sees_all_soon(struct tri_run *run)
{
    fetch_shown(run, run->last);
    for (unsigned polls = 1; !has_seen_all(run); polls++) {
        int peer = run->schedule->steps[run->look].peer;
        if (polls >= tri_wait_polls(run->look == run->last && run->board->elsewhere[peer])) {
            return false;
        }
        tri_cpu_relax();
    }
    return true;
}

static void look_later(struct tri_run *run)
{
    run->pending++;
    run->next = looking;
    looking = run;
    tri_runs_looking++;
}

static int round_end(const struct tri_schedule *schedule, int position)
{
    int end = position;
    while (end < schedule->step_count && schedule->steps[end].round == schedule->steps[position].round) {
        end++;
    }
    return end;
}

static void show(struct tri_run *run, const struct tri_step *step)
{
    const struct tri_schedule *schedule = run->schedule;
    if (schedule->bulk > 0 && schedule->bulk <= schedule->hands_over) {
        tri_cache_hand_over(tri_board_bulk(run->board, run->board->own, run->ticket.piece), (size_t)schedule->bulk);
    }
    if (step->offers) {
        tri_board_offer(run->board, run->ticket.number, step->stage, address(run, step->from));
    } else {
        tri_board_show(run->board, run->ticket.number, step->stage);
    }
}

/* Only messages to ranks of the own node wait together for who shares the core: those to other nodes make no burst. */
static enum tri_send_mode mode_of_sends(const struct tri_run *run, int sends)
{
    const struct tri_schedule *schedule = run->schedule;
    int near = 0;
    for (int i = run->position; i < run->end && sends >= TRI_BURST_SENDS && near < TRI_BURST_SENDS; i++) {
        const struct tri_step *step = &schedule->steps[i];
        near += step->kind == TRI_STEP_SEND && tri_job_is_local(schedule->comm->processes[step->peer]);
    }
    return near >= TRI_BURST_SENDS ? TRI_SEND_BURST : TRI_SEND_STANDARD;
}

/* Receives are posted before sends, so that no message of the round has to wait as an unexpected one for this rank's
 * own doing. Whether all of them are through already. */
static bool start_round(struct tri_run *run)
{
    const struct tri_step *steps = run->schedule->steps;
    run->end = round_end(run->schedule, run->position);
    run->look = run->position;
    run->pending = 1; /* a message that ends while others are still to be started does not end the round */
    unsigned kinds = 0;
    int sends = 0;
    for (int i = run->position; i < run->end; i++) {
        kinds |= 1u << steps[i].kind;
        sends += steps[i].kind == TRI_STEP_SEND;
        run->last = steps[i].kind == TRI_STEP_LOOK ? i : run->last;
        if (steps[i].kind == TRI_STEP_RECEIVE) {
            start_message(run, &steps[i], TRI_SEND_STANDARD);
        }
    }
    enum tri_send_mode mode = mode_of_sends(run, sends);
    for (int i = run->position; i < run->end && kinds & (1u << TRI_STEP_SEND | 1u << TRI_STEP_SHOW); i++) {
        if (steps[i].kind == TRI_STEP_SEND) {
            start_message(run, &steps[i], mode);
        } else if (steps[i].kind == TRI_STEP_SHOW) {
            show(run, &steps[i]);
        }
    }
    if (kinds & 1u << TRI_STEP_LOOK && !sees_all_soon(run)) {
        look_later(run);
    }
    return --run->pending == 0;
}

/* ---- local steps ---- */

/* Bytes after which reading leaves progress its turn. */
enum { READ_AT_ONCE = 1 << 20 };

/* What the round has to do when its messages are through. Whether all of that is done: the rest is for a later look. */
static bool end_round(struct tri_run *run)
{
    int64_t bytes = 0;
    for (; run->position < run->end; run->position++) {
        const struct tri_step *step = &run->schedule->steps[run->position];
        if (step->kind == TRI_STEP_REDUCE) {
            tri_op_apply(run->schedule->op, address(run, step->from), address(run, step->to), step->count, step->type);
        } else if (step->kind == TRI_STEP_COPY) {
            tri_local_copy(step, address(run, step->from), address(run, step->to));
        } else if (step->kind == TRI_STEP_READ) {
            if (bytes >= READ_AT_ONCE) {
                look_later(run);
                return false;
            }
            tri_local_read(step, run->board, run->ticket.number, address(run, step->to));
            bytes += step->count * step->type->size;
        }
    }
    return true;
}

/* ---- from round to round ---- */

static void end(struct tri_run *run)
{
    if (run->board) {
        tri_board_claim_next(run->board, run->schedule->bulk);
        tri_board_leave(run->board, run->ticket.number);
    }
    run->ended = true;
    if (run->done) {
        void *owner = run->owner;
        int error = run->error;
        tri_run_done_fn *done = run->done;
        give_run(run);
        done(owner, error);
    }
}

/* The messages of the current round are through: ends it and goes on until one has to be waited for. */
static void advance(struct tri_run *run)
{
    while (end_round(run)) {
        if (run->position == run->schedule->step_count) {
            end(run);
            return;
        }
        if (!start_round(run)) {
            return;
        }
    }
}

/* A look at what one run waits for. Returns whether it went on. */
static bool look_again(struct tri_run *run)
{
    if (run->gated) {
        if (!tri_board_is_free(run->board, &run->ticket)) {
            look_later(run);
            return false;
        }
        run->gated = false;
        run->pending = 0;
        advance(run); /* from an empty round before the first */
        return true;
    }
    fetch_shown(run, run->look);
    if (!has_seen_all(run)) {
        look_later(run);
        return false;
    }
    if (run->pending == 0) {
        advance(run);
    }
    return true;
}

int tri_run_look(void)
{
    int events = 0;
    struct tri_run *run = looking;
    looking = NULL; /* those that must look again are for the next call */
    tri_runs_looking = 0;
    while (run) {
        struct tri_run *next = run->next;
        run->pending--;
        events += look_again(run);
        run = next;
    }
    return events;
}

static void begin(struct tri_run *run, struct tri_schedule *schedule, int tag, const void *input, void *output,
                  const struct tri_board_ticket *ticket)
{
    schedule->references++;
    run->schedule = schedule;
    run->tag = tag;
    run->error = MPI_SUCCESS;
    run->ended = run->gated = false;
    run->position = run->end = run->pending = 0;
    if (schedule->scratch > run->scratch_room) {
        free(run->scratch);
        run->scratch = tri_memory_take((size_t)schedule->scratch);
        run->scratch_room = schedule->scratch;
    }
    run->base[TRI_INPUT] = (char *)(uintptr_t)input;
    run->base[TRI_OUTPUT] = output;
    run->base[TRI_SCRATCH] = run->scratch;
    run->board = schedule->uses_board ? schedule->comm->board : NULL;
    if (run->board) {
        run->ticket = ticket ? *ticket : tri_board_enter(run->board, 1, schedule->bulk);
        if (!tri_board_is_free(run->board, &run->ticket)) {
            run->gated = true;
            look_later(run);
            return;
        }
    }
    advance(run);
}

void tri_run_start(struct tri_schedule *schedule, int tag, const void *input, void *output,
                   const struct tri_board_ticket *ticket, tri_run_done_fn *done, void *owner)
{
    struct tri_run *run = take_run();
    run->done = done;
    run->owner = owner;
    begin(run, schedule, tag, input, output, ticket);
}

int tri_run_blocking(struct tri_schedule *schedule, int tag, const void *input, void *output)
{
    struct tri_run *run = take_run();
    struct tri_wait wait = {0};
    run->done = NULL;
    begin(run, schedule, tag, input, output, NULL);
    while (!run->ended) {
        tri_wait_step(&wait);
    }
    int code = run->error;
    give_run(run);
    return code;
}

/* Starting collective operations: blocking, nonblocking and persistent, whole or in overlapping pieces. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdlib.h>

#include "../src/request/request.h"
#include "../src/runtime/counters.h"
#include "../src/runtime/progress.h"
#include "../src/runtime/wait.h"
#include "board.h"
#include "plan.h"
#include "select.h"

struct tri_work;

/* What has one of the work's tags. */
struct piece_tag {
    struct tri_work *work;
    bool busy;
};

/* An operation under way, or a persistent one. */
struct tri_work {
    struct tri_plan *plan;
    const void *input; /* the program's */
    void *output;
    char *staged; /* packed input, then packed output; NULL: the plan works on the program's buffers */
    int tag, tags;
    struct tri_board_ticket ticket; /* of the first piece, when the plan uses the board */
    int64_t next;                   /* piece to be started */
    int64_t running;                /* pieces under way */
    struct piece_tag of_tag[TRI_TAGS_EACH];
    bool starting; /* pieces that end meanwhile do not start others themselves */
    bool ended;
    int code;
    struct tri_request *request; /* NULL: somebody waits for ended */
};

/* ---- packed copies ---- */

static int64_t stage_bytes(const struct tri_stage *stage)
{
    return stage->type ? stage->count * stage->type->size : 0;
}

static void stage(struct tri_work *work)
{
    const struct tri_stage *in = &work->plan->input, *out = &work->plan->output;
    int64_t first = stage_bytes(in), second = stage_bytes(out);
    if (!work->staged) {
        work->staged = tri_memory_take((size_t)(first + second));
    }
    if (in->type) {
        tri_datatype_copy(in->type, (void *)(uintptr_t)work->input, 0, work->staged, first, TRI_PACK);
    }
    if (out->type) {
        tri_datatype_copy(out->type, work->output, 0, work->staged + first, second, TRI_PACK);
    }
}

static void unstage(struct tri_work *work)
{
    const struct tri_stage *out = &work->plan->output;
    if (work->staged && out->type && work->plan->returns) {
        tri_datatype_copy(out->type, work->output, 0, work->staged + stage_bytes(&work->plan->input), stage_bytes(out),
                          TRI_UNPACK);
    }
}

/* ---- pieces ---- */

static void finish(struct tri_work *work)
{
    unstage(work);
    work->ended = true;
    struct tri_request *request = work->request;
    if (!request) {
        return;
    }
    request->outcome.error = work->code;
    if (!request->persistent) {
        tri_plan_release(work->plan);
        free(work->staged);
        free(work);
    }
    tri_request_complete(request);
}

static void piece_done(void *owner, int code);

/* Starts pieces as long as their tags are free: two with the same tag must follow each other, and pieces need not end
 * in the order in which they began. The last one that ends finishes the work. */
static void go_on(struct tri_work *work)
{
    const struct tri_plan *plan = work->plan;
    const char *input = work->staged && plan->input.type ? work->staged : work->input;
    char *output = work->staged && plan->output.type ? work->staged + stage_bytes(&plan->input) : work->output;
    work->starting = true;
    while (work->next < plan->pieces && !work->of_tag[work->next % work->tags].busy) {
        int64_t piece = work->next++;
        struct piece_tag *tag = &work->of_tag[piece % work->tags];
        *tag = (struct piece_tag){work, true};
        work->running++;
        struct tri_schedule *schedule = piece == plan->pieces - 1 && plan->tail ? plan->tail : plan->body;
        struct tri_board_ticket ticket = tri_board_part_ticket(&work->ticket, piece);
        /* A NULL buffer of a rank that has none stays NULL, whatever the step. */
        tri_run_start(schedule, work->tag + (int)(piece % work->tags), input ? input + piece * plan->step : NULL,
                      output ? output + piece * plan->step : NULL, &ticket, piece_done, tag);
    }
    work->starting = false;
    if (work->running == 0 && work->next == plan->pieces) {
        finish(work);
    }
}

static void piece_done(void *owner, int code)
{
    struct piece_tag *tag = owner;
    struct tri_work *work = tag->work;
    tag->busy = false;
    work->running--;
    work->code = work->code ? work->code : code;
    if (!work->starting) {
        go_on(work);
    }
}

static void begin(struct tri_work *work)
{
    work->next = work->running = 0;
    work->ended = false;
    work->code = MPI_SUCCESS;
    if (work->plan->input.type || work->plan->output.type) {
        stage(work);
    }
    const struct tri_schedule *body = work->plan->body;
    if (body->uses_board) {
        work->ticket = tri_board_enter(body->comm->board, work->plan->pieces, body->bulk);
    }
    go_on(work);
}

/* ---- the three forms ---- */

static void take_part(struct tri_collective *call, enum tri_form form)
{
    call->form = form;
    call->size = call->comm->remote ? call->comm->peers : call->comm->size;
    call->rank = call->comm->rank;
    tri_counters->collectives++;
}

/* The first blocking collective of a communicator makes its boards (one among neighbours has no use for them): with
 * later ones the same reduction would be done in another order, and give other bits, before and after. */
static int make_boards_once(const struct tri_collective *call)
{
    struct tri_comm *comm = call->comm;
    if (TRI_LIKELY(comm->asked) || call->neighbors) {
        return MPI_SUCCESS;
    }
    comm->asked = true;
    tri_plans_drop(comm);
    return tri_boards_make(comm);
}

/* The window of pieces, and the first of their tags. */
static struct tri_work work_of(const struct tri_collective *call, struct tri_plan *plan, int tag)
{
    return (struct tri_work){.plan = plan,
                             .input = call->input,
                             .output = call->output,
                             .tag = tag,
                             .tags = call->comm->fixed_tag == TRI_TAGS_RUNNING ? TRI_TAGS_EACH : 1};
}

static int tag_of(struct tri_comm *comm)
{
    return tri_comm_next_tag(comm->remote ? comm->bridge : comm);
}

/* A function of its own for the sake of small calls, which need no room for all that. */
__attribute__((noinline)) static int run_pieces(const struct tri_collective *call, struct tri_plan *plan, int tag)
{
    struct tri_work work = work_of(call, plan, tag);
    struct tri_wait wait = {0};
    begin(&work);
    while (!work.ended) {
        tri_wait_step(&wait);
    }
    free(work.staged);
    return work.code;
}

int tri_collective_run(struct tri_collective *call)
{
    take_part(call, TRI_BLOCKING);
    int code = make_boards_once(call);
    if (code != MPI_SUCCESS) {
        return code;
    }
    int tag = tag_of(call->comm);
    struct tri_plan *plan = tri_plan_for(call);
    if (TRI_LIKELY(plan->pieces == 1)) {
        code = tri_run_blocking(plan->body, tag, call->input, call->output);
    } else {
        code = run_pieces(call, plan, tag);
    }
    tri_plan_release(plan);
    return code;
}

static struct tri_request *request_of(const struct tri_collective *call, int tag)
{
    struct tri_request *request = tri_request_take(TRI_REQUEST_COLLECTIVE);
    request->outcome = (struct tri_outcome){.source = MPI_ANY_SOURCE, .tag = MPI_ANY_TAG};
    request->op = (struct tri_operation){.comm = call->comm, .type = tri_datatype_get(MPI_BYTE)};
    tri_request_hold(request);
    struct tri_work *work = tri_memory_take(sizeof *work);
    *work = work_of(call, tri_plan_for(call), tag);
    work->request = request;
    request->owner = work;
    return request;
}

struct tri_request *tri_collective_start(struct tri_collective *call)
{
    take_part(call, TRI_NONBLOCKING);
    struct tri_request *request = request_of(call, tag_of(call->comm));
    begin(request->owner);
    return request;
}

struct tri_request *tri_collective_prepare(struct tri_collective *call)
{
    take_part(call, TRI_PERSISTENT);
    struct tri_comm *over = call->comm->remote ? call->comm->bridge : call->comm;
    struct tri_request *request = request_of(call, tri_comm_next_persistent_tag(over));
    request->persistent = true;
    return request;
}

void tri_collective_restart(struct tri_request *request)
{
    request->complete = false;
    begin(request->owner);
}

void tri_collective_forget(struct tri_request *request)
{
    struct tri_work *work = request->owner;
    tri_plan_release(work->plan);
    free(work->staged);
    free(work);
    tri_request_give(request);
}

/* ---- start and end ---- */

int tri_collectives_start(void)
{
    tri_progress_watch(tri_run_look, &tri_runs_looking);
    return tri_select_start();
}

void tri_collectives_end(void)
{
    tri_boards_end();
    tri_runs_end();
    tri_schedules_end();
}

void tri_collective_end_comm(struct tri_comm *comm)
{
    tri_plans_drop(comm);
    if (comm->board) {
        tri_board_free(comm->board);
        comm->board = NULL;
    }
}

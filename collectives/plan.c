/* Making plans, and keeping them for the next call. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "plan.h"

#include <stdlib.h>
#include <string.h>

#include "select.h"

/* ---- making ---- */

static struct tri_schedule *build(const struct tri_algorithm *algorithm, const struct tri_collective *call)
{
    /* An intercommunicator's messages go over the inner communicator of both groups. */
    struct tri_comm *over = call->comm->remote ? call->comm->bridge : call->comm;
    struct tri_schedule *schedule = tri_schedule_take(over, call->op);
    algorithm->build(schedule, call);
    if (call->form != TRI_BLOCKING) {
        tri_schedule_hold(schedule); /* the program may free types and operation at once */
    }
    return schedule;
}

static bool is_packed(const struct tri_blocks *blocks)
{
    return !blocks->type || blocks->type->contiguous;
}

/* How many blocks there are in input (or output) at this rank. */
static int blocks_in(const struct tri_collective *call, bool output)
{
    bool root = call->rank == call->root;
    switch (call->operation) {
    case TRI_BCAST: return output;
    case TRI_GATHER: return output ? (root ? call->size : 0) : !(root && call->in_place);
    case TRI_SCATTER: return output ? !(root && call->in_place) : (root ? call->size : 0);
    case TRI_ALLGATHER: return output ? call->size : !call->in_place;
    default: return output || !call->in_place ? call->size : 0;
    }
}

/* A call that moves blocks in pieces works on bytes: of the buffers, or of packed copies. */
static void to_bytes(struct tri_plan *plan, struct tri_collective *call)
{
    struct tri_datatype *byte = tri_datatype_get(MPI_BYTE);
    struct tri_blocks *sides[] = {&call->send, &call->receive};
    struct tri_stage *stages[] = {&plan->input, &plan->output};
    bool staged =
        (!is_packed(&call->send) && blocks_in(call, false)) || (!is_packed(&call->receive) && blocks_in(call, true));
    plan->returns = call->operation != TRI_BCAST || call->rank != call->root;
    for (int i = 0; i < 2; i++) {
        struct tri_blocks *side = sides[i];
        int64_t bytes = side->type ? side->count * side->type->size : 0;
        int blocks = blocks_in(call, i);
        if (staged && blocks > 0) {
            *stages[i] = (struct tri_stage){side->type, blocks * side->count};
            tri_datatype_hold(side->type);
        }
        *side = (struct tri_blocks){.type = byte, .count = bytes, .stride = bytes};
    }
}

static void set_count(struct tri_collective *call, int64_t count)
{
    call->send.count = call->receive.count = count;
}

/* Cuts the call into pieces, if the algorithm wants that. */
static void cut(struct tri_plan *plan, struct tri_collective *call, const struct tri_shape *shape)
{
    int64_t most = plan->algorithm->segment ? plan->algorithm->segment(shape) : INT64_MAX;
    int64_t elements = TRI_MAX(most / shape->element, 1), all = shape->bytes / shape->element;
    plan->pieces = 1;
    if (all <= elements || call->irregular) {
        plan->body = build(plan->algorithm, call);
        return;
    }
    if (!call->op) {
        to_bytes(plan, call);
    }
    const struct tri_datatype *type = call->receive.type ? call->receive.type : call->send.type;
    call->send.stride = call->receive.stride = all * type->extent;
    plan->pieces = (all + elements - 1) / elements;
    plan->step = elements * type->extent;
    set_count(call, all - (plan->pieces - 1) * elements);
    plan->tail = build(plan->algorithm, call);
    set_count(call, elements);
    plan->body = build(plan->algorithm, call);
}

static struct tri_plan *make(const struct tri_collective *call)
{
    struct tri_collective copy = *call;
    struct tri_shape shape = tri_collective_shape(call);
    struct tri_plan *plan = tri_memory_take(sizeof *plan);
    *plan =
        (struct tri_plan){.references = 1, .call = *call, .algorithm = tri_collective_choose(call->operation, &shape)};
    cut(plan, &copy, &shape);
    return plan;
}

void tri_plan_release(struct tri_plan *plan)
{
    if (--plan->references > 0) {
        return;
    }
    tri_schedule_release(plan->body);
    if (plan->tail) {
        tri_schedule_release(plan->tail);
    }
    struct tri_stage *stages[] = {&plan->input, &plan->output};
    for (int i = 0; i < 2; i++) {
        if (stages[i]->type) {
            tri_datatype_release(stages[i]->type);
        }
    }
    free(plan);
}

/* ---- keeping ---- */

/* Handles of derived types and of the program's operations may mean something else in the next call. */
static bool is_keepable(const struct tri_collective *call)
{
    return !call->irregular && !call->neighbors && call->form != TRI_PERSISTENT &&
           (!call->op || call->op->predefined) && (!call->send.type || call->send.type->predefined) &&
           (!call->receive.type || call->receive.type->predefined);
}

static bool is_for(const struct tri_plan *plan, const struct tri_collective *call)
{
    const struct tri_collective *old = &plan->call;
    return old->operation == call->operation && old->form == call->form && old->root == call->root &&
           old->in_place == call->in_place && old->op == call->op && old->send.type == call->send.type &&
           old->send.count == call->send.count && old->receive.type == call->receive.type &&
           old->receive.count == call->receive.count;
}

/* A loop over all roots finds a place for each. */
static unsigned place_of(const struct tri_collective *call)
{
    uint64_t mixed = (uint64_t)call->send.count * 31 + (uint64_t)call->receive.count * 17 +
                     (uint64_t)call->operation * 5 + (uint64_t)call->form;
    return ((unsigned)(mixed * UINT64_C(0x9e3779b97f4a7c15) >> 59) + (unsigned)call->root) % TRI_PLANS;
}
_Static_assert(TRI_PLANS == 32, "place_of gives five bits");

struct tri_plan *tri_plan_for(const struct tri_collective *call)
{
    if (!is_keepable(call)) {
        return make(call);
    }
    struct tri_plan **kept = &call->comm->plans[place_of(call)];
    if (!*kept || !is_for(*kept, call)) {
        struct tri_plan *plan = make(call);
        if (*kept) {
            tri_plan_release(*kept);
        }
        *kept = plan;
    }
    (*kept)->references++;
    return *kept;
}

void tri_plans_drop(struct tri_comm *comm)
{
    for (int i = 0; i < TRI_PLANS; i++) {
        if (comm->plans[i]) {
            tri_plan_release(comm->plans[i]);
            comm->plans[i] = NULL;
        }
    }
}

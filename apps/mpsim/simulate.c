/* The simulation: events, and what ranks, links and cores do at each. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "simulate.h"

#include "state.h"

static struct sim_run *run_at(const struct sim *sim, int rank, int slot)
{
    return &sim->runs[(size_t)rank * (size_t)sim->window + (size_t)slot];
}

static int peer_of(const struct sim *sim, const struct sim_run *run, int item)
{
    return sim->program->peers[run->part->peers + (size_t)item];
}

static const struct sim_round *round_of(const struct sim_run *run)
{
    return &run->part->shape->rounds[run->round];
}

/* Pieces with the same tag follow each other, in the run of that number. */
static uint8_t tag_of(const struct sim *sim, int64_t piece)
{
    return (uint8_t)(piece % sim->program->pieces % sim->window);
}

static void extend(struct sim_run *run, double time)
{
    run->end = TRI_MAX(run->end, time);
}

/* ---- messages ---- */

static const struct tri_loggp *link_of(int link)
{
    return link ? &tri_machine.net : &tri_machine.node;
}

/* What a rank's core does for a message: on a node it also copies the bytes, which counts where another rank waits for
 * that core. */
static double work_of(const struct sim *sim, int rank, int link, int64_t bytes)
{
    const struct tri_loggp *cost = link_of(link);
    bool copies = link == 0 && sim_core_of(sim, rank)->sharers > 1;
    return cost->overhead + (copies ? (double)bytes * cost->per_byte : 0);
}

static double send(struct sim *sim, int rank, struct sim_run *run, int item, double time)
{
    int peer = peer_of(sim, run, item), a_node = sim->layout.ranks_a_node;
    uint8_t link = rank / a_node != peer / a_node;
    const struct tri_loggp *cost = link_of(link);
    int64_t bytes = run->part->shape->items[item].bytes;
    double *next = &sim->ranks[rank].out[link];
    double work = work_of(sim, rank, link, bytes);
    time = sim_use_core(sim, rank, time, work);
    double out = TRI_MAX(time - work + cost->overhead, *next) + (double)bytes * cost->per_byte;
    *next = out + cost->gap;
    extend(run, out);
    sim_events_add(&sim->events, (struct sim_event){.time = out + cost->latency,
                                                    .bytes = bytes,
                                                    .target = peer,
                                                    .source = rank,
                                                    .kind = SIM_ARRIVE,
                                                    .link = link,
                                                    .tag = tag_of(sim, run->piece),
                                                    .piece = (uint8_t)run->piece});
    sim_trace(sim, time, rank, "sends %lld bytes to %d, out at %.3f us", (long long)bytes, peer, out * 1e6);
    return time;
}

static void post(struct sim *sim, int rank, int slot, struct sim_run *run, int item)
{
    struct sim_letter message;
    const struct sim_letter receive = {.source = peer_of(sim, run, item),
                                       .target = rank,
                                       .kind = SIM_RECEIVE,
                                       .tag = tag_of(sim, run->piece),
                                       .piece = (uint8_t)run->piece,
                                       .slot = (uint8_t)slot,
                                       .bytes = run->part->shape->items[item].bytes};
    if (sim_pairs_match(&sim->pairs, &receive, &message)) {
        sim_check(sim, &receive, &message);
        extend(run, message.time);
    } else {
        run->pending++;
    }
}

/* ---- the board ---- */

static int64_t *shown_at(const struct sim *sim, int rank, int64_t piece, int stage)
{
    return &sim->shown[rank][tag_of(sim, piece)][stage];
}

/* Whether the next thing that the run looks for is there. */
static bool is_shown(const struct sim *sim, const struct sim_run *run)
{
    const struct sim_item *item = &run->part->shape->items[run->look];
    return *shown_at(sim, peer_of(sim, run, run->look), run->piece, item->stage) > run->piece;
}

/* Looks on. Returns whether the run has seen all that its round looks for. */
static bool look_on(struct sim *sim, int rank, struct sim_run *run, double time)
{
    for (int end = round_of(run)->end; run->look < end; run->look++) {
        const struct sim_item *item = &run->part->shape->items[run->look];
        if (item->kind != TRI_STEP_LOOK) {
            continue;
        }
        run->looking = !is_shown(sim, run);
        if (run->looking) {
            return false;
        }
        time = sim_use_core(sim, rank, time, tri_cost_look(&tri_machine));
        extend(run, time);
        sim_trace(sim, time, rank, "sees stage %d of %d", item->stage, peer_of(sim, run, run->look));
    }
    return true;
}

/* ---- rounds ---- */

static void start_round(struct sim *sim, int rank, int slot, double time)
{
    struct sim_run *run = run_at(sim, rank, slot);
    const struct sim_round *round = round_of(run);
    run->pending = 0;
    run->end = time;
    run->look = round->first;
    for (int i = round->first; i < round->end; i++) {
        const struct sim_item *item = &run->part->shape->items[i];
        if (item->kind == TRI_STEP_RECEIVE) {
            post(sim, rank, slot, run, i);
        } else if (item->kind == TRI_STEP_SEND) {
            time = send(sim, rank, run, i, time);
        } else if (item->kind == TRI_STEP_SHOW) {
            time = sim_use_core(sim, rank, time, 0);
            sim_events_add(&sim->events, (struct sim_event){.time = time + tri_cost_show(&tri_machine),
                                                            .bytes = run->piece,
                                                            .target = rank,
                                                            .kind = SIM_SHOW,
                                                            .tag = item->stage});
        }
    }
    run->pending += !look_on(sim, rank, run, time);
}

/* Gives the next pieces of the operation to their runs, in order, as long as these are free. Those of other runs than
 * the own one (-1: none) begin by an event. */
static void take_pieces(struct sim *sim, int rank, int own, double time)
{
    struct sim_rank *state = &sim->ranks[rank];
    do {
        uint8_t tag = tag_of(sim, state->next_piece);
        struct sim_run *run = run_at(sim, rank, tag);
        if (run->part) {
            return;
        }
        run->round = 0;
        run->piece = state->next_piece++;
        run->part = sim_program_part(sim->program, rank, run->piece);
        state->running++;
        if (tag != own) {
            sim_events_add(&sim->events,
                           (struct sim_event){.time = time, .target = rank, .kind = SIM_PIECE, .tag = tag});
        }
    } while (state->next_piece % sim->program->pieces);
}

/* The end of a piece. That of the last one lets the rank begin its next operation. */
static void end_piece(struct sim *sim, int rank, int slot, double time)
{
    struct sim_rank *state = &sim->ranks[rank];
    state->end = TRI_MAX(state->end, time);
    state->running--;
    run_at(sim, rank, slot)->part = NULL;
    if (state->next_piece % sim->program->pieces) {
        take_pieces(sim, rank, slot, time);
    } else if (state->running == 0 && state->next_piece < sim->program->pieces * sim->layout.repeats) {
        sim_events_add(&sim->events, (struct sim_event){.time = time, .target = rank, .kind = SIM_START});
    }
}

/* The round's messages are through: its local steps. Returns when they end. */
static double end_round(struct sim *sim, int rank, struct sim_run *run)
{
    double local = round_of(run)->local;
    double time = local > 0 ? sim_use_core(sim, rank, run->end, local) : run->end;
    sim_trace(sim, time, rank, "ends round %d%s", run->round, local > 0 ? " with local steps" : "");
    run->round++;
    return time;
}

/* Goes on with a run until it has to wait for an event. */
static void go_on(struct sim *sim, int rank, int slot, double time)
{
    struct sim_run *run = run_at(sim, rank, slot);
    while (run->part) {
        if (run->round == run->part->shape->round_count) {
            end_piece(sim, rank, slot, time);
            continue;
        }
        start_round(sim, rank, slot, time);
        if (run->pending > 0) {
            return;
        }
        if (run->end > TRI_MAX(time, sim_core_of(sim, rank)->free)) {
            sim_events_add(
                &sim->events,
                (struct sim_event){.time = run->end, .target = rank, .kind = SIM_ROUND, .tag = (uint8_t)slot});
            return;
        }
        time = end_round(sim, rank, run);
    }
}

/* One of the things that a run waits for has come. */
static void one_less(struct sim *sim, int rank, int slot, double now)
{
    struct sim_run *run = run_at(sim, rank, slot);
    if (--run->pending > 0) {
        return;
    }
    if (run->end > TRI_MAX(now, sim_core_of(sim, rank)->free)) {
        sim_events_add(&sim->events,
                       (struct sim_event){.time = run->end, .target = rank, .kind = SIM_ROUND, .tag = (uint8_t)slot});
    } else {
        go_on(sim, rank, slot, end_round(sim, rank, run));
    }
}

/* ---- events ---- */

static void handle(struct sim *sim, const struct sim_event *event, double now)
{
    int rank = event->target;
    struct sim_letter receive;
    const struct sim_letter message = {.source = event->source,
                                       .target = rank,
                                       .kind = SIM_MESSAGE,
                                       .tag = event->tag,
                                       .piece = event->piece,
                                       .bytes = event->bytes,
                                       .time =
                                           sim_use_core(sim, rank, now, work_of(sim, rank, event->link, event->bytes))};
    sim_trace(sim, message.time, rank, "has %lld bytes of %d", (long long)event->bytes, event->source);
    if (sim_pairs_match(&sim->pairs, &message, &receive)) {
        sim_check(sim, &receive, &message);
        extend(run_at(sim, rank, receive.slot), message.time);
        one_less(sim, rank, receive.slot, now);
    }
}

/* Puts an event off until its rank has the core that it shares. Returns whether it has been. */
static bool put_off(struct sim *sim, struct sim_event event)
{
    double turn;
    if (sim_is_turn(sim, event.target, event.time, &turn)) {
        return false;
    }
    event.time = turn;
    sim_events_add(&sim->events, event);
    return true;
}

/* The rank turns to its messages. */
static void turn(struct sim *sim, int rank, double now)
{
    struct sim_event message;
    if (sim->ranks[rank].first_in && !put_off(sim, (struct sim_event){.time = now, .target = rank, .kind = SIM_TURN})) {
        while (sim_inbox_take(sim, rank, &message)) {
            handle(sim, &message, now);
        }
    }
}

/* The message has come in. */
static void come_in(struct sim *sim, const struct sim_event *event)
{
    if (sim_core_of(sim, event->target)->sharers == 1) {
        handle(sim, event, event->time);
        return;
    }
    sim_inbox_put(sim, event);
    if (sim->ranks[event->target].first_in == sim->ranks[event->target].last_in) {
        turn(sim, event->target, event->time);
    }
}

/* The message has come in, or does so when those before it are in. */
static void arrive(struct sim *sim, const struct sim_event *event)
{
    const struct tri_loggp *cost = link_of(event->link);
    double *next = &sim->ranks[event->target].in[event->link];
    double in = *next + (double)event->bytes * cost->per_byte;
    *next = TRI_MAX(event->time, in) + cost->gap;
    if (in <= event->time) {
        come_in(sim, event);
        return;
    }
    struct sim_event later = *event;
    later.kind = SIM_HANDLE;
    later.time = in;
    sim_events_add(&sim->events, later);
}

/* A rank that looks for something looks again. */
static void look(struct sim *sim, int rank, int slot, double now)
{
    struct sim_run *run = run_at(sim, rank, slot);
    run->called = put_off(sim, (struct sim_event){.time = now, .target = rank, .kind = SIM_LOOK, .tag = (uint8_t)slot});
    if (!run->called && look_on(sim, rank, run, now)) {
        one_less(sim, rank, slot, now);
    }
}

/* Wakes those on the node who look for it. */
static void show(struct sim *sim, const struct sim_event *event)
{
    int a_node = sim->program->ranks_a_node, first = event->target - event->target % a_node;
    int end = TRI_MIN(first + a_node, sim->program->ranks);
    *shown_at(sim, event->target, event->bytes, event->tag) = event->bytes + 1;
    sim_trace(sim, event->time, event->target, "shows stage %d", event->tag);
    for (int i = 0; i < (end - first) * sim->window; i++) {
        int rank = first + i / sim->window, slot = i % sim->window;
        struct sim_run *run = run_at(sim, rank, slot);
        if (run->part && run->looking && !run->called && is_shown(sim, run)) {
            look(sim, rank, slot, event->time);
        }
    }
}

/* A run goes on: its round is over, or it begins a piece. */
static void resume(struct sim *sim, const struct sim_event *event)
{
    int rank = event->target, slot = event->tag;
    struct sim_run *run = run_at(sim, rank, slot);
    if (put_off(sim, *event)) {
        return;
    }
    double time = sim_use_core(sim, rank, event->time, 0);
    if (event->kind == SIM_ROUND) {
        extend(run, time);
        time = end_round(sim, rank, run);
    }
    go_on(sim, rank, slot, time);
}

static void take_event(struct sim *sim, const struct sim_event *event)
{
    int rank = event->target;
    switch ((enum sim_event_kind)event->kind) {
    case SIM_ARRIVE: arrive(sim, event); break;
    case SIM_HANDLE: come_in(sim, event); break;
    case SIM_TURN: turn(sim, rank, event->time); break;
    case SIM_SHOW: show(sim, event); break;
    case SIM_LOOK: look(sim, rank, event->tag, event->time); break;
    case SIM_ROUND:
    case SIM_PIECE: resume(sim, event); break;
    case SIM_START: take_pieces(sim, rank, -1, event->time); break;
    }
}

/* Memory of the next event's rank comes while this one is done: nearly each is a cache miss. */
static void look_ahead(const struct sim *sim)
{
    const struct sim_event *next = sim_events_next(&sim->events);
    if (next) {
        __builtin_prefetch(&sim->ranks[next->target], 1);
        __builtin_prefetch(run_at(sim, next->target, 0), 1);
        __builtin_prefetch(sim_core_of(sim, next->target), 1);
        sim_pairs_expect(&sim->pairs, next->source, next->target, next->tag);
    }
}

/* ---- from start to end ---- */

const char *sim_run(const struct sim_program *program, const struct sim_layout *layout, FILE *trace,
                    struct sim_result *result)
{
    static struct sim sim;
    struct sim_event event;
    sim = (struct sim){.program = program, .layout = *layout, .trace = trace};
    if (!sim_is_sound(&sim)) {
        return sim.problem;
    }
    sim_start(&sim);
    while (!sim.failed && sim_events_take(&sim.events, &event)) {
        look_ahead(&sim);
        take_event(&sim, &event);
    }
    if (!sim.failed) {
        sim_explain(&sim);
    }
    sim_end(&sim, result);
    return sim.failed ? sim.problem : NULL;
}

/* A heap of batches: each has four below it, and most events cost no move in it. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "events.h"

#include <stdlib.h>

#include "../../src/runtime/object.h"

enum { WAYS = 4 };

static bool is_before(const struct sim_batch *a, const struct sim_batch *b)
{
    return a->time < b->time || (a->time == b->time && a->order < b->order);
}

/* ---- batches ---- */

/* Puts a batch where nothing lies, keeping track of the open one. */
static void put(struct sim_events *events, size_t at, const struct sim_batch *batch, bool open)
{
    events->heap[at] = *batch;
    if (open) {
        events->open = &events->heap[at];
    }
}

static void add_batch(struct sim_events *events, const struct sim_batch *batch)
{
    if (events->count == events->room) {
        events->room = events->room ? 2 * events->room : 1024;
        events->heap = tri_memory_grow(events->heap, events->room * sizeof *batch);
    }
    size_t at = events->count++;
    for (size_t above = (at - 1) / WAYS; at > 0 && is_before(batch, &events->heap[above]); above = (at - 1) / WAYS) {
        put(events, at, &events->heap[above], false);
        at = above;
    }
    put(events, at, batch, true);
}

static size_t earliest_below(const struct sim_events *events, size_t at)
{
    size_t best = at * WAYS + 1, end = TRI_MIN(best + WAYS, events->count);
    for (size_t i = best + 1; i < end; i++) {
        if (is_before(&events->heap[i], &events->heap[best])) {
            best = i;
        }
    }
    return best;
}

/* The first batch is empty. */
static void drop_batch(struct sim_events *events)
{
    const struct sim_batch *open = events->open;
    if (open == events->heap) {
        events->open = NULL;
    }
    size_t end = --events->count, at = 0;
    const struct sim_batch last = events->heap[end];
    while (at * WAYS + 1 < events->count) {
        size_t below = earliest_below(events, at);
        if (!is_before(&events->heap[below], &last)) {
            break;
        }
        put(events, at, &events->heap[below], open == &events->heap[below]);
        at = below;
    }
    put(events, at, &last, end > 0 && open == &events->heap[end]);
}

/* ---- events ---- */

static uint32_t take_place(struct sim_events *events)
{
    uint32_t index = events->free;
    if (index) {
        events->free = events->events[index].next;
        return index;
    }
    if (events->used + 1 >= events->event_room) {
        events->event_room = events->event_room ? 2 * events->event_room : 1024;
        events->events = tri_memory_grow(events->events, events->event_room * sizeof *events->events);
    }
    return ++events->used; /* number 0 ends a list */
}

void sim_events_add(struct sim_events *events, struct sim_event event)
{
    uint32_t index = take_place(events);
    event.next = 0;
    events->events[index] = event;
    events->added++;
    if (events->open && events->open->time == event.time) {
        events->events[events->open->last].next = index;
        events->open->last = index;
        return;
    }
    const struct sim_batch batch = {.time = event.time, .order = events->begun++, .first = index, .last = index};
    add_batch(events, &batch);
}

bool sim_events_take(struct sim_events *events, struct sim_event *event)
{
    if (events->count == 0) {
        return false;
    }
    struct sim_batch *batch = &events->heap[0];
    uint32_t index = batch->first;
    *event = events->events[index];
    events->events[index].next = events->free;
    events->free = index;
    batch->first = event->next;
    if (!event->next) {
        drop_batch(events);
    }
    return true;
}

const struct sim_event *sim_events_next(const struct sim_events *events)
{
    return events->count ? &events->events[events->heap[0].first] : NULL;
}

void sim_events_free(struct sim_events *events)
{
    free(events->heap);
    free(events->events);
    *events = (struct sim_events){0};
}

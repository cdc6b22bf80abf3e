/* The events of a simulation, taken in order of their time. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TRI_MPSIM_EVENTS_H
#define TRI_MPSIM_EVENTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum sim_event_kind {
    SIM_ARRIVE, /* the last byte of a message reaches the target, if nothing else comes in there */
    SIM_HANDLE, /* it has come in */
    SIM_SHOW,   /* the target's part of the board is shown: stage is in tag, number of the piece in bytes */
    SIM_TURN,   /* the target may have its core, to turn to its messages */
    SIM_LOOK,   /* run `tag` of the target looks again */
    SIM_ROUND,  /* the messages of the round of run `tag` are through */
    SIM_PIECE,  /* run `tag` of the target begins its piece */
    SIM_START   /* the target begins an operation */
};

struct sim_event {
    double time;
    int64_t bytes;
    int target, source; /* ranks */
    uint32_t next;      /* in the queue */
    uint8_t kind;       /* enum sim_event_kind */
    uint8_t link;       /* 0: on the node, 1: between nodes */
    uint8_t tag;        /* of the message */
    uint8_t piece;      /* its number's lowest bits, to see whether the right receive gets it */
};

/* Events of the same time that were added one after the other: ranks that do alike make long ones. */
struct sim_batch {
    double time;
    uint64_t order;       /* of batches of the same time: that in which they were begun */
    uint32_t first, last; /* events */
};

/* A heap of batches. All-zero is empty. */
struct sim_events {
    struct sim_batch *heap;
    size_t count, room;
    struct sim_event *events;
    uint32_t used, event_room;
    uint32_t free;          /* list of events given back; 0: none */
    struct sim_batch *open; /* the batch that was added to last, where it lies now; NULL: it has gone */
    uint64_t begun;
    uint64_t added; /* events in all */
};

/* Events of the same time come out in the order in which they were added. */
void sim_events_add(struct sim_events *events, struct sim_event event);
bool sim_events_take(struct sim_events *events, struct sim_event *event);
/* The one that is next as it looks now, or NULL. */
const struct sim_event *sim_events_next(const struct sim_events *events);
void sim_events_free(struct sim_events *events);

#endif

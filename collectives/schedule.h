/* Schedules: a collective operation as rounds of send, receive, show, look, read, reduce and copy over slots. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TRI_SCHEDULE_H
#define TRI_SCHEDULE_H

#include <stdio.h>

#include "../src/comm/comm.h"
#include "../src/datatype/datatype.h"
#include "../src/op/op.h"

/* An algorithm writes the schedule of one rank without touching any data: it names memory by slot and byte offset. In a
 * round all messages are started together; when they have ended the round's local steps run in the order in which they
 * were added; then comes the next round. A schedule that has been written does not change any more: it may run many
 * times, several times at once (run.h), or in a simulator.
 *
 * Board: memory that the processes of a node share (board.h). Each member writes its own part only: it copies data
 * there, then shows it; the others look for that and then reduce or copy from there. Or it shows where it has data, an
 * offer, and the others read these there; it must learn then when they have, before it may end. */
enum tri_slot { TRI_INPUT, TRI_OUTPUT, TRI_SCRATCH, TRI_BOARD, TRI_BULK, TRI_SLOTS };

struct tri_place {
    enum tri_slot slot;
    int owner;      /* board, bulk: whose part, number among the ranks of the node */
    int64_t offset; /* bytes */
};

enum tri_step_kind {
    TRI_STEP_SEND,
    TRI_STEP_RECEIVE, /* messages */
    TRI_STEP_SHOW,
    TRI_STEP_LOOK, /* messages over the board: own part is ready; peer's part is */
    TRI_STEP_READ, /* local: out of a peer's memory */
    TRI_STEP_REDUCE,
    TRI_STEP_COPY /* local */
};

struct tri_step {
    uint8_t kind;  /* enum tri_step_kind */
    uint8_t stage; /* show, look: 0 to TRI_BOARD_STAGES - 1, each once in a schedule of the one that shows; read: that
                    * of the offer */
    bool offers;   /* show: where `from` is */
    int round;
    int peer;                  /* rank in the communicator; look, read: number among those of the node */
    struct tri_place from, to; /* send: from; receive: to; reduce: to = from op to; copy: both; read: to */
    int64_t offset;            /* read: bytes behind what the peer has offered */
    int64_t count;
    struct tri_datatype *type; /* borrowed, unless the schedule holds it */
    int64_t to_count;          /* copy: as received, when it differs */
    struct tri_datatype *to_type;
};

struct tri_schedule {
    struct tri_schedule *next_free;
    int references;
    struct tri_comm *comm; /* that messages go over */
    struct tri_op *op;
    bool holds; /* has references to types and operation */
    bool uses_board;
    int64_t hands_over; /* bulk memory of up to so many bytes is handed over to the others before it is shown */
    const int
        *members; /* while it is written: ranks of the communicator that peers are numbers in; NULL: first + peer */
    int first;
    int round; /* the one that steps are added to */
    int step_count, step_room;
    struct tri_step *steps;
    int64_t scratch; /* bytes that a run needs */
    int64_t bulk;    /* bytes that each part of the board needs, the same at all ranks */
};

/* An empty schedule over a communicator (not an intercommunicator), with one reference. The last tri_schedule_release
 * takes it back. */
struct tri_schedule *tri_schedule_take(struct tri_comm *comm, struct tri_op *op);
void tri_schedule_release(struct tri_schedule *schedule);
/* Keeps types and operation, which the program may free, until the end of the schedule. */
void tri_schedule_hold(struct tri_schedule *schedule);
void tri_schedules_end(void);

/* For algorithms. Steps without bytes are dropped. */
static inline struct tri_place tri_at(enum tri_slot slot, int64_t offset)
{
    return (struct tri_place){slot, 0, offset};
}
void tri_add_send(struct tri_schedule *schedule, int peer, struct tri_place from, int64_t count,
                  struct tri_datatype *type);
void tri_add_receive(struct tri_schedule *schedule, int peer, struct tri_place to, int64_t count,
                     struct tri_datatype *type);
void tri_add_reduce(struct tri_schedule *schedule, struct tri_place from, struct tri_place to, int64_t count,
                    struct tri_datatype *type);
void tri_add_copy(struct tri_schedule *schedule, struct tri_place from, struct tri_place to, int64_t count,
                  struct tri_datatype *type);
/* A copy between different types of the same signature. */
void tri_add_convert(struct tri_schedule *schedule, struct tri_place from, int64_t from_count,
                     struct tri_datatype *from_type, struct tri_place to, int64_t to_count,
                     struct tri_datatype *to_type);
/* A message without bytes, for barriers. */
void tri_add_signal(struct tri_schedule *schedule, int peer);
void tri_add_await(struct tri_schedule *schedule, int peer);
void tri_next_round(struct tri_schedule *schedule);

/* Scratch memory for count elements; the place is that of the first one's offset 0, as for a buffer of the program. */
struct tri_place tri_add_scratch(struct tri_schedule *schedule, int64_t count, const struct tri_datatype *type);

/* A peer's data of so many bytes on the board: on the line of the first flag, or in bulk memory; aligned for any type.
 * All ranks ask for the same number of bytes, TRI_BOARD_PIECE at most. */
struct tri_place tri_at_board(struct tri_schedule *schedule, int peer, int64_t bytes);
/* What local steps of earlier rounds wrote to the own part is for everybody now; awaits that of a peer. */
void tri_add_show(struct tri_schedule *schedule, int stage);
void tri_add_look(struct tri_schedule *schedule, int peer, int stage);
/* What is shown is for one rank only, the one that all wait for. */
void tri_show_to_root(struct tri_schedule *schedule);
/* Shows where the bytes are that the others may read; reads such of a peer, packed ones, as count elements. Only where
 * the ranks of a node can. */
void tri_add_offer(struct tri_schedule *schedule, int stage, struct tri_place from);
void tri_add_read(struct tri_schedule *schedule, int peer, int stage, int64_t offset, struct tri_place to,
                  int64_t count, struct tri_datatype *type);

/* Shifts a place, in elements of a type. */
static inline struct tri_place tri_behind(struct tri_place place, int64_t elements, const struct tri_datatype *type)
{
    place.offset += elements * type->extent;
    return place;
}

/* One line a step, for people. */
void tri_schedule_print(const struct tri_schedule *schedule, FILE *file);

#endif

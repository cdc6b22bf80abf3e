/* Schedules: a collective operation as rounds of send, receive, reduce and copy over slots. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TRI_SCHEDULE_H
#define TRI_SCHEDULE_H

#include <stdio.h>

#include "../src/comm/comm.h"
#include "../src/datatype/datatype.h"
#include "../src/op/op.h"

/* An algorithm writes a schedule for one rank without touching any data: it names memory by slot and byte offset. In a
 * round all receives and sends are started together; when they have ended the round's local steps run in the order in
 * which they were added; then comes the next round. */
enum tri_slot { TRI_INPUT, TRI_OUTPUT, TRI_SCRATCH, TRI_SLOTS };

struct tri_place {
    enum tri_slot slot;
    int64_t offset; /* bytes */
};

enum tri_step_kind { TRI_STEP_SEND, TRI_STEP_RECEIVE, TRI_STEP_REDUCE, TRI_STEP_COPY };

struct tri_step {
    uint8_t kind; /* enum tri_step_kind */
    int round;
    int peer; /* rank in the communicator */
    struct tri_place from, to; /* send: from; receive: to; reduce: to = from op to; copy: both */
    int64_t count;
    struct tri_datatype *type; /* borrowed: outlives the schedule */
    int64_t to_count;          /* copy: as received, when it differs */
    struct tri_datatype *to_type;
};

/* The collective has ended, with an MPI code that has not been raised. */
typedef void tri_schedule_done_fn(void *owner, int code);

struct tri_schedule {
    struct tri_schedule *next_free;
    struct tri_comm *comm;
    struct tri_op *op;
    int tag;
    int round; /* the one that steps are added to */
    int step_count, step_room;
    struct tri_step *steps;
    char *base[TRI_SLOTS];
    int64_t scratch; /* bytes asked for */
    char *scratch_memory;
    int64_t scratch_room;
    int position; /* step that the current round begins with */
    int pending;  /* sends and receives of the current round under way */
    int error;
    bool ended;
    tri_schedule_done_fn *done; /* NULL: somebody waits for ended */
    void *owner;                /* for done */
};

/* An empty schedule, whose messages have that tag (tri_comm_next_tag). Ends with tri_schedule_give. */
struct tri_schedule *tri_schedule_take(struct tri_comm *comm, int tag);
void tri_schedule_give(struct tri_schedule *schedule);
void tri_schedules_end(void);

/* For algorithms. Steps without bytes are dropped. */
static inline struct tri_place tri_at(enum tri_slot slot, int64_t offset)
{
    return (struct tri_place){slot, offset};
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

/* Starts it; whoever makes progress goes on with it. The buffers stay the caller's until done is called, which may be
 * before this returns. Gives the schedule back. */
void tri_schedule_start(struct tri_schedule *schedule, const void *input, void *output, tri_schedule_done_fn *done,
                        void *owner);

/* Runs it to the end: blocking. Returns an MPI error code. The schedule stays the caller's. */
int tri_schedule_run(struct tri_schedule *schedule, const void *input, void *output);

/* One line a step, for people. */
void tri_schedule_print(const struct tri_schedule *schedule, FILE *file);

#endif

/* What a simulation keeps of each rank, run and core; for simulate.c and its parts cores.c, setup.c and trace.c. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TRI_MPSIM_STATE_H
#define TRI_MPSIM_STATE_H

#include "../../collectives/board.h"
#include "../../collectives/model.h"
#include "events.h"
#include "pairs.h"
#include "simulate.h"

enum { SIM_LINKS = 2, SIM_WINDOW = TRI_TAGS_EACH };

struct sim_core {
    double free; /* from then on */
    int rank;    /* the last that had it; -1: none */
    int sharers; /* ranks that it is for */
};

struct sim_inbox {
    struct sim_event *messages;
    uint32_t used, room;
    uint32_t free; /* list of places given back; 0: none */
};

struct sim_rank {
    double out[SIM_LINKS], in[SIM_LINKS]; /* when the next message may begin */
    double end;
    int64_t next_piece;         /* counted through all operations */
    int running;                /* pieces under way */
    uint32_t first_in, last_in; /* in the inbox */
};

/* Each rank has as many as pieces may be under way. */
struct sim_run {
    const struct sim_part *part; /* of its piece; NULL: no more pieces */
    int64_t piece;
    double end; /* of what is known of the current round */
    int round;
    int pending; /* messages of the round that have not ended, and 1 while it looks */
    int look;    /* item up to which it has seen all */
    bool looking;
    bool called; /* it will look again */
};

/* Per rank, tag and stage: 1 + the last piece that was shown there. */
typedef int64_t sim_shown[SIM_WINDOW][TRI_BOARD_STAGES];

struct sim {
    const struct sim_program *program;
    struct sim_layout layout;
    FILE *trace;
    int window; /* runs of a rank */
    struct sim_core *cores;
    struct sim_rank *ranks;
    struct sim_run *runs;
    sim_shown *shown; /* NULL: no schedule uses the board */
    struct sim_events events;
    struct sim_pairs pairs;
    struct sim_inbox inbox;
    bool failed;
    char problem[256];
};

/* setup.c. Whether all peers exist, and a board has room for all ranks; if not, tells the problem. */
bool sim_is_sound(struct sim *sim);
/* Takes what program, layout and trace need, and lets all ranks start. sim_end frees it, and fills the result. */
void sim_start(struct sim *sim);
void sim_end(struct sim *sim, struct sim_result *result);

/* cores.c. */
struct sim_core *sim_core_of(const struct sim *sim, int rank);
/* The rank has its core from that time on, as soon as it can be had, for so many seconds. Returns when they end. */
double sim_use_core(struct sim *sim, int rank, double time, double seconds);
/* Whether the rank has its core at that time, to turn to what has come; if not, when it will if nothing else happens.
 */
bool sim_is_turn(const struct sim *sim, int rank, double time, double *turn);
/* Messages that have come in while others had the core, in order. */
void sim_inbox_put(struct sim *sim, const struct sim_event *message);
bool sim_inbox_take(struct sim *sim, int rank, struct sim_event *message);

/* trace.c: a line about a rank; does nothing without a trace. */
void sim_trace(const struct sim *sim, double time, int rank, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* trace.c: the message must have the receive's length and be of the same piece. */
void sim_check(struct sim *sim, const struct sim_letter *receive, const struct sim_letter *message);

/* trace.c: what is wrong at the end: who waits for whom. */
void sim_explain(struct sim *sim);

#endif

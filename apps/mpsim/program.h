/* The schedules of all ranks in a compact form: what a simulation needs of a million of them at once. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TRI_MPSIM_PROGRAM_H
#define TRI_MPSIM_PROGRAM_H

#include "../../collectives/schedule.h"

/* Schedules of different ranks mostly differ in nothing but their peers. What else they say is their shape, kept once
 * for all that have it; so a rank costs the numbers of its peers, 4 bytes a message. */
struct sim_item {
    int64_t bytes;
    uint8_t kind; /* enum tri_step_kind: send, receive, show or look */
    uint8_t stage;
};

/* Items lie in the order in which a run starts them: receives, then sends and shows, then looks. */
struct sim_round {
    int first, end; /* of its items */
    double local;   /* seconds of its reductions and copies */
};

struct sim_shape {
    struct sim_shape *next;
    uint64_t mark; /* hash of the rest */
    int round_count, item_count;
    struct sim_round *rounds;
    struct sim_item *items;
};

struct sim_part {
    const struct sim_shape *shape;
    size_t peers; /* where those of its items begin */
};

/* An operation of so many pieces: each rank runs its body for all but the last, its tail for that one. */
struct sim_program {
    int ranks, ranks_a_node;
    int64_t pieces;
    struct sim_part *body, *tail; /* of each rank; tail: where there is one piece, the body is that */
    int *peers;                   /* ranks, also those on the board */
    size_t peer_count, peer_room;
    bool uses_board;
    int64_t messages; /* that are sent by all ranks in all pieces */
    int shape_count;
    struct sim_shape *buckets[1024];
};

struct sim_program *sim_program_new(int ranks, int ranks_a_node, int64_t pieces);
void sim_program_free(struct sim_program *program);

/* Gives a rank its schedules, which stay the caller's; tail is NULL where there is one piece. Local steps are costed
 * by tri_machine. */
void sim_program_set(struct sim_program *program, int rank, const struct tri_schedule *body,
                     const struct tri_schedule *tail);

/* piece: counted through, if the operation is repeated. */
static inline const struct sim_part *sim_program_part(const struct sim_program *program, int rank, int64_t piece)
{
    return piece % program->pieces == program->pieces - 1 ? &program->tail[rank] : &program->body[rank];
}

#endif

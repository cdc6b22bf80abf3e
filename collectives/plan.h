/* Plans: which schedules a collective operation runs, in how many pieces. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TRI_PLAN_H
#define TRI_PLAN_H

#include "collectives.h"

/* One side's blocks, packed into a piece of memory of their own when a plan works on bytes and they have holes. */
struct tri_stage {
    struct tri_datatype *type; /* NULL: not staged */
    int64_t count;             /* elements in all */
};

/* Does not change once it is made; operations that run at the same time may share it. */
struct tri_plan {
    int references;
    struct tri_collective call; /* what it was made for; not its buffers */
    const struct tri_algorithm *algorithm;
    struct tri_schedule *body, *tail; /* of each piece; of the last one */
    int64_t pieces;
    int64_t step; /* bytes from piece to piece, in input and output */
    struct tri_stage input, output;
    bool returns; /* a staged output is copied back */
};

/* The plan of a call, with a reference for the caller: made, or kept from an earlier call with the same arguments. */
struct tri_plan *tri_plan_for(const struct tri_collective *call);
void tri_plan_release(struct tri_plan *plan);

/* Drops those that the communicator keeps. */
void tri_plans_drop(struct tri_comm *comm);

#endif

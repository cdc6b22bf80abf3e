/* What the algorithms for intercommunicators share: who is who in the inner communicator of both groups. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TRI_INTER_H
#define TRI_INTER_H

#include "trees.h"

/* Schedules for intercommunicators are written over the bridge, in which both groups have consecutive ranks. What is
 * added after one of these is among the own group, or with the other: peers are ranks there. */
static inline void tri_inter_within(struct tri_schedule *schedule, const struct tri_collective *call)
{
    schedule->first = schedule->comm->rank - call->comm->rank;
}

static inline void tri_inter_across(struct tri_schedule *schedule, const struct tri_collective *call)
{
    bool own_first = schedule->comm->rank == call->comm->rank;
    schedule->first = own_first ? call->comm->size : 0;
}

/* The call as the own group alone would make it. */
static inline struct tri_collective tri_inter_local(const struct tri_collective *call)
{
    struct tri_collective local = *call;
    local.size = call->comm->size;
    local.rank = call->comm->rank;
    return local;
}

double tri_inter_cost(const struct tri_machine *machine, const struct tri_shape *shape);

#endif

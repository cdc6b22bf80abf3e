/* Barrier by dissemination: in round k every rank signals the one 2^k above and awaits the one 2^k below. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "collectives.h"

/* ceil(log2 p) rounds. Hensgen, Finkel, Manber, Two algorithms for barrier synchronization, 1988. */
static void build(struct tri_schedule *schedule, const struct tri_collective *call)
{
    int size = call->comm->size, rank = call->comm->rank;
    for (int distance = 1; distance < size; distance *= 2) {
        tri_add_signal(schedule, (rank + distance) % size);
        tri_add_await(schedule, (rank - distance + size) % size);
        tri_next_round(schedule);
    }
}

const struct tri_algorithm tri_barrier_dissemination = {
    .name = "dissemination",
    .operation = TRI_BARRIER,
    .use = "any number of ranks",
    .build = build,
};

/* Barrier by dissemination: in round k every rank signals the one 2^k above and awaits the one 2^k below. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "collectives.h"

/* ceil(log2 p) rounds. Hensgen, Finkel, Manber, Two algorithms for barrier synchronization, 1988. */
static void build(struct tri_schedule *schedule, const struct tri_collective *call)
{
    int size = call->size, rank = call->rank;
    for (int distance = 1; distance < size; distance *= 2) {
        tri_add_signal(schedule, (rank + distance) % size);
        tri_add_await(schedule, (rank - distance + size) % size);
        tri_next_round(schedule);
    }
}

static double cost(const struct tri_machine *machine, const struct tri_shape *shape)
{
    return tri_cost_rounds(machine, shape, tri_log2_up(shape->ranks), 0);
}

const struct tri_algorithm tri_barrier_dissemination = {
    .name = "dissemination",
    .operation = TRI_BARRIER,
    .use = "any number of ranks",
    .source = "Hensgen, Finkel, Manber: Two algorithms for barrier synchronization, IJPP 1988",
    .cost = cost,
    .build = build,
};

/* Barrier of both groups of an intercommunicator. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "inter.h"

double tri_inter_cost(const struct tri_machine *machine, const struct tri_shape *shape)
{
    return tri_cost_rounds(machine, shape, tri_log2_up(shape->ranks), 0);
}

/* Dissemination over the bridge, in which all ranks of both groups are. */
static void build(struct tri_schedule *schedule, const struct tri_collective *call)
{
    (void)call;
    int size = schedule->comm->size, rank = schedule->comm->rank;
    for (int mask = 1; mask < size; mask *= 2) {
        tri_add_await(schedule, (rank - mask + size) % size);
        tri_add_signal(schedule, (rank + mask) % size);
        tri_next_round(schedule);
    }
}

const struct tri_algorithm tri_inter_barrier = {
    .name = "inter",
    .operation = TRI_BARRIER,
    .use = "both groups wait for each other",
    .source = "MPI 5.0, 6.2.2",
    .inter = true,
    .cost = tri_inter_cost,
    .build = build,
};

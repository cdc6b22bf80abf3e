/* What all kinds of topologies share. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "topology.h"

#include <stdlib.h>

struct tri_topology *tri_topology_make(int kind, int64_t numbers)
{
    struct tri_topology *topology = tri_memory_take(sizeof *topology + (size_t)numbers * sizeof *topology->numbers);
    topology->references = 1;
    topology->kind = kind;
    return topology;
}

struct tri_topology *tri_topology_hold(struct tri_topology *topology)
{
    if (topology) {
        topology->references++;
    }
    return topology;
}

void tri_topology_release(struct tri_topology *topology)
{
    if (topology && --topology->references == 0) {
        free(topology);
    }
}

int tri_topology_seat(struct tri_comm *comm, const int *ranks, int count, struct tri_comm **result)
{
    int *processes = tri_memory_take((size_t)count * sizeof *processes);
    for (int i = 0; i < count; i++) {
        processes[i] = comm->group->processes[ranks[i]];
    }
    struct tri_group *group = tri_group_make(processes, count);
    tri_group_inherit(group, comm->group);
    int code = tri_comm_create(comm, group, result);
    tri_group_release(group);
    free(processes);
    return code;
}

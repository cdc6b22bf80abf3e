/* Splitting a communicator by what its processes share: a node, a kind of hardware, a process set. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdlib.h>
#include <strings.h>

#include "../../collectives/collectives.h"
#include "../request/request.h"
#include "../runtime/hardware.h"
#include "../runtime/job.h"
#include "comm.h"
#include "session.h"

/* From the large to the small. The node is what shares memory. */
static const char *const levels[] = {"mpi_shared_memory", "hwloc://Machine", "hwloc://Package", "hwloc://Die",
                                     "hwloc://NUMANode",  "hwloc://L3Cache", "hwloc://L2Cache", "hwloc://L1Cache",
                                     "hwloc://Core",      "hwloc://PU"};
enum { LEVELS = TRI_COUNT_OF(levels) };

/* Instances of one kind of hardware on a node, at most; colors of different nodes lie this far apart, and for jobs of a
 * million ranks they fit an int. */
enum { INSTANCES = 2048 };

/* The lowest rank of the job on a node names the node. */
static int color_of_node(int instance)
{
    return instance < 0 || instance >= INSTANCES ? MPI_UNDEFINED : tri_job.local[0] * INSTANCES + instance;
}

/* Which instance of this kind of hardware the process is bound to. */
static int color_of(const char *resource)
{
    struct tri_hardware list[TRI_HARDWARE_MAX];
    if (!strcasecmp(resource, levels[0])) {
        return color_of_node(0);
    }
    int count = tri_hardware_list(list);
    for (int i = 0; i < count; i++) {
        if (!strcasecmp(resource, list[i].uri)) {
            return color_of_node(list[i].instance);
        }
    }
    return MPI_UNDEFINED;
}

int tri_comm_split_hardware(struct tri_comm *comm, const char *resource, int key, struct tri_comm **result)
{
    return tri_comm_split(comm, resource ? color_of(resource) : MPI_UNDEFINED, key, result);
}

int tri_comm_split_pset(struct tri_comm *comm, const char *name, int key, struct tri_comm **result)
{
    struct tri_group *group = tri_pset_group(NULL, name);
    int color = group && group->rank != MPI_UNDEFINED ? group->processes[0] : MPI_UNDEFINED;
    if (group) {
        tri_group_release(group);
    }
    return tri_comm_split(comm, color, key, result);
}

struct place {
    bool takes_part;
    int colors[LEVELS];
};

/* Whether not all processes that take part are together on this level. */
static bool parts(const struct place *places, int size, int level)
{
    const struct place *first = NULL;
    for (int i = 0; i < size; i++) {
        if (places[i].takes_part && first && places[i].colors[level] != first->colors[level]) {
            return true;
        }
        first = !first && places[i].takes_part ? &places[i] : first;
    }
    return false;
}

int tri_comm_split_next_level(struct tri_comm *comm, bool takes_part, int key, const char **resource,
                              struct tri_comm **result)
{
    struct tri_comm *all = comm->remote ? comm->bridge : comm;
    struct place own = {.takes_part = takes_part}, *places = tri_memory_take((size_t)all->size * sizeof *places);
    for (int i = 0; i < LEVELS && takes_part; i++) {
        own.colors[i] = color_of(levels[i]);
    }
    *result = NULL;
    int level = 0, code = tri_request_raise(comm, tri_collective_gather_all(all, &own, sizeof own, places));
    while (code == MPI_SUCCESS && level < LEVELS && !parts(places, all->size, level)) {
        level++;
    }
    free(places);
    if (code != MPI_SUCCESS || level == LEVELS) {
        return code;
    }
    *resource = levels[level];
    return tri_comm_split(comm, takes_part ? own.colors[level] : MPI_UNDEFINED, key, result);
}

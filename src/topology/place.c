/* Where the processes of a communicator run, and which of them gets which vertex. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdlib.h>
#include <string.h>

#include "../../collectives/collectives.h"
#include "../request/request.h"
#include "../runtime/hardware.h"
#include "../runtime/job.h"
#include "../runtime/variables.h"
#include "topology.h"

/* The lowest rank of the job on a node names the node. */
static struct tri_location own_place(void)
{
    int pretended = (int)tri_variable_number(TRI_VAR_REORDER_NODES);
    struct tri_location place = {.node = pretended > 0 ? tri_job.rank % pretended : tri_job.local[0], .domain = -1};
    struct tri_hardware list[TRI_HARDWARE_MAX];
    int count = tri_hardware_list(list);
    for (int i = 0; i < count; i++) {
        if (!strcmp(list[i].uri, "hwloc://NUMANode")) {
            place.domain = list[i].instance;
        }
    }
    return place;
}

/* Of all processes of comm, by rank; to be freed. */
static int learn_places(struct tri_comm *comm, struct tri_location **places)
{
    struct tri_location own = own_place();
    *places = tri_memory_take((size_t)comm->size * sizeof **places);
    int code = tri_request_raise(comm, tri_collective_gather_all(comm, &own, sizeof own, *places));
    if (code != MPI_SUCCESS) {
        free(*places);
    }
    return code;
}

static void arrange(const struct tri_comm *comm, const struct tri_adjacency *graph, const struct tri_grid *grid,
                    const struct tri_location *places, int *process_of)
{
    tri_reorder(graph, grid, places, process_of);
    if (comm->rank == 0) {
        tri_topology_report(comm, graph, grid, places, process_of);
    }
}

int tri_topology_arrange(struct tri_comm *comm, const struct tri_adjacency *graph, const struct tri_grid *grid,
                         int *process_of)
{
    struct tri_location *places;
    int code = learn_places(comm, &places);
    if (code == MPI_SUCCESS) {
        arrange(comm, graph, grid, places, process_of);
        free(places);
    }
    return code;
}

/* Rank 0 has the whole graph for a moment, so that the others need not have room for it. */
int tri_topology_arrange_edges(struct tri_comm *comm, const struct tri_edge *own, int64_t count, int *process_of)
{
    enum { EACH = sizeof *own / sizeof(int) };
    struct tri_location *places;
    int64_t numbers;
    int *edges, code = learn_places(comm, &places);
    if (code != MPI_SUCCESS) {
        return code;
    }
    code = tri_topology_collect(comm, (const int *)own, count * EACH, &numbers, &edges);
    if (code == MPI_SUCCESS && comm->rank == 0) {
        struct tri_adjacency graph;
        tri_adjacency_make(&graph, comm->size, (const struct tri_edge *)edges, numbers / EACH);
        arrange(comm, &graph, NULL, places, process_of);
        tri_adjacency_free(&graph);
    }
    if (code == MPI_SUCCESS) {
        free(edges);
        int64_t bytes = (int64_t)sizeof *process_of * comm->size;
        code = tri_request_raise(comm, tri_collective_tell_all(comm, 0, process_of, bytes));
    }
    free(places);
    return code;
}

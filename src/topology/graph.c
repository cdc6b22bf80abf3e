/* Graph topologies: every process knows the whole graph. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdlib.h>
#include <string.h>

#include "topology.h"

static struct tri_topology *make_graph(int nodes, const int *index, const int *edges, int rank)
{
    int edge_count = nodes > 0 ? index[nodes - 1] : 0;
    struct tri_topology *topology = tri_topology_make(MPI_GRAPH, (int64_t)nodes + edge_count);
    struct tri_graph *graph = &topology->graph;
    *graph = (struct tri_graph){nodes, edge_count, topology->numbers, topology->numbers + nodes};
    memcpy(graph->index, index, (size_t)nodes * sizeof *index);
    if (edge_count > 0) {
        memcpy(graph->edges, edges, (size_t)edge_count * sizeof *edges);
    }
    const int *row;
    int count = tri_graph_row(graph, rank, &row);
    topology->neighbors = (struct tri_neighbors){count, count, row, row, false};
    return topology;
}

/* The process for each vertex; to be freed. */
static int find_processes(struct tri_comm *comm, int nodes, const int *index, const int *edges, bool reorder,
                          int **process_of)
{
    *process_of = tri_memory_take((size_t)nodes * sizeof **process_of);
    for (int i = 0; i < nodes; i++) {
        (*process_of)[i] = i;
    }
    if (!reorder || nodes == 0) {
        return MPI_SUCCESS;
    }
    struct tri_edge *list = tri_memory_take((size_t)index[nodes - 1] * sizeof *list);
    for (int v = 0, k = 0; v < nodes; v++) {
        for (; k < index[v]; k++) {
            list[k] = (struct tri_edge){v, edges[k], 1};
        }
    }
    struct tri_adjacency graph;
    tri_adjacency_make(&graph, nodes, list, index[nodes - 1]);
    free(list);
    int code = tri_topology_arrange(comm, &graph, NULL, *process_of);
    tri_adjacency_free(&graph);
    return code;
}

int tri_graph_create(struct tri_comm *comm, int nodes, const int *index, const int *edges, bool reorder,
                     struct tri_comm **result)
{
    int *process_of, code = find_processes(comm, nodes, index, edges, reorder, &process_of);
    if (code == MPI_SUCCESS) {
        code = tri_topology_seat(comm, process_of, nodes, result);
    }
    if (code == MPI_SUCCESS && *result) {
        (*result)->topology = make_graph(nodes, index, edges, (*result)->rank);
    }
    free(process_of);
    return code;
}

int tri_graph_map(struct tri_comm *comm, int nodes, const int *index, const int *edges, int *rank)
{
    int *process_of, code = find_processes(comm, nodes, index, edges, true, &process_of);
    *rank = MPI_UNDEFINED;
    for (int i = 0; i < nodes && code == MPI_SUCCESS; i++) {
        *rank = process_of[i] == comm->rank ? i : *rank;
    }
    free(process_of);
    return code;
}

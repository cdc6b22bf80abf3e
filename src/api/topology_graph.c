/* Graph topologies, and what all topologies share (MPI 5.0, 8.5.3, 8.5.5, 8.5.8). */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <string.h>

#include "topology.h"

int tri_api_check_topology_place(struct tri_comm *comm, MPI_Comm *result)
{
    TRI_CHECK_POINTER(comm, result);
    *result = MPI_COMM_NULL;
    TRI_CHECK_INTRA(comm);
    return MPI_SUCCESS;
}

static const char *name_of(int kind)
{
    switch (kind) {
    case MPI_CART: return "a cartesian";
    case MPI_GRAPH: return "a graph";
    case MPI_DIST_GRAPH: return "a distributed graph";
    default: return "no";
    }
}

int tri_api_check_topology(struct tri_comm *comm, int kind)
{
    int has = tri_topology_kind(comm);
    TRI_CHECK(has == kind, comm, MPI_ERR_TOPOLOGY, "the communicator has %s topology, but must have %s one",
              name_of(has), name_of(kind));
    return MPI_SUCCESS;
}

TRI_API(Topo_test)(MPI_Comm comm, int *status)
{
    TRI_TAKE_COMM(of, comm);
    TRI_CHECK_POINTER(of, status);
    *status = tri_topology_kind(of);
    return MPI_SUCCESS;
}

static int check_graph(struct tri_comm *comm, int nnodes, const int *indx, const int *edges)
{
    TRI_CHECK(nnodes >= 0 && nnodes <= comm->size, comm, MPI_ERR_ARG,
              "nnodes is %d, but must be 0 to %d, the number of processes", nnodes, comm->size);
    TRI_CHECK(nnodes == 0 || indx, comm, MPI_ERR_ARG, "argument index is NULL");
    for (int i = 0, before = 0; i < nnodes; before = indx[i++]) {
        TRI_CHECK(indx[i] >= before, comm, MPI_ERR_ARG, "index[%d] is %d, but must be %d or more: it counts the edges "
                  "of all nodes so far", i, indx[i], before);
    }
    int count = nnodes > 0 ? indx[nnodes - 1] : 0;
    TRI_CHECK(count == 0 || edges, comm, MPI_ERR_ARG, "argument edges is NULL");
    for (int i = 0; i < count; i++) {
        TRI_CHECK(edges[i] >= 0 && edges[i] < nnodes, comm, MPI_ERR_ARG, "edges[%d] is %d, but there are nodes 0 to %d",
                  i, edges[i], nnodes - 1);
    }
    return MPI_SUCCESS;
}

TRI_API(Graph_create)(MPI_Comm comm_old, int nnodes, const int indx[], const int edges[], int reorder,
                      MPI_Comm *comm_graph)
{
    TRI_TAKE_COMM(of, comm_old);
    int code = tri_api_check_topology_place(of, comm_graph);
    if (code == MPI_SUCCESS) {
        code = check_graph(of, nnodes, indx, edges);
    }
    if (code != MPI_SUCCESS) {
        return code;
    }
    struct tri_comm *made;
    code = tri_graph_create(of, nnodes, indx, edges, reorder != 0, &made);
    return tri_api_give_comm(code, made, comm_graph);
}

TRI_API(Graph_map)(MPI_Comm comm, int nnodes, const int indx[], const int edges[], int *newrank)
{
    TRI_TAKE_COMM(of, comm);
    TRI_CHECK_INTRA(of);
    TRI_CHECK_POINTER(of, newrank);
    int code = check_graph(of, nnodes, indx, edges);
    return code == MPI_SUCCESS ? tri_graph_map(of, nnodes, indx, edges, newrank) : code;
}

TRI_API(Graphdims_get)(MPI_Comm comm, int *nnodes, int *nedges)
{
    TRI_TAKE_TOPOLOGY(of, comm, MPI_GRAPH);
    TRI_CHECK_POINTER(of, nnodes);
    TRI_CHECK_POINTER(of, nedges);
    *nnodes = of->topology->graph.nodes;
    *nedges = of->topology->graph.edge_count;
    return MPI_SUCCESS;
}

/* Copies a list to an array of the program that has room for so many. */
static int copy_out(struct tri_comm *comm, const char *name, int *array, int room, const char *room_name,
                    const int *list, int count)
{
    TRI_CHECK(room >= count, comm, MPI_ERR_ARG, "%s is %d, but there are %d entries for %s", room_name, room, count,
              name);
    TRI_CHECK(array || count == 0, comm, MPI_ERR_ARG, "argument %s is NULL", name);
    if (count > 0) {
        memcpy(array, list, (size_t)count * sizeof *array);
    }
    return MPI_SUCCESS;
}

TRI_API(Graph_get)(MPI_Comm comm, int maxindex, int maxedges, int indx[], int edges[])
{
    TRI_TAKE_TOPOLOGY(of, comm, MPI_GRAPH);
    const struct tri_graph *graph = &of->topology->graph;
    int code = copy_out(of, "index", indx, maxindex, "maxindex", graph->index, graph->nodes);
    return code == MPI_SUCCESS ? copy_out(of, "edges", edges, maxedges, "maxedges", graph->edges, graph->edge_count)
                               : code;
}

#define CHECK_RANK(comm, rank)                                                                                         \
    TRI_CHECK((rank) >= 0 && (rank) < (comm)->size, (comm), MPI_ERR_RANK, "rank is %d, but there are ranks 0 to %d",   \
              (rank), (comm)->size - 1)

TRI_API(Graph_neighbors_count)(MPI_Comm comm, int rank, int *nneighbors)
{
    TRI_TAKE_TOPOLOGY(of, comm, MPI_GRAPH);
    CHECK_RANK(of, rank);
    TRI_CHECK_POINTER(of, nneighbors);
    const int *row;
    *nneighbors = tri_graph_row(&of->topology->graph, rank, &row);
    return MPI_SUCCESS;
}

TRI_API(Graph_neighbors)(MPI_Comm comm, int rank, int maxneighbors, int neighbors[])
{
    TRI_TAKE_TOPOLOGY(of, comm, MPI_GRAPH);
    CHECK_RANK(of, rank);
    TRI_CHECK(maxneighbors >= 0, of, MPI_ERR_ARG, "maxneighbors is %d, but must be 0 or more", maxneighbors);
    const int *row;
    int count = tri_graph_row(&of->topology->graph, rank, &row);
    count = TRI_MIN(count, maxneighbors); /* as with distributed graphs, and in other libraries: the first ones */
    return copy_out(of, "neighbors", neighbors, maxneighbors, "maxneighbors", row, count);
}

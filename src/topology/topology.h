/* Virtual topologies of communicators (MPI 5.0, chapter 8). */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TRI_TOPOLOGY_H
#define TRI_TOPOLOGY_H

#include "../comm/comm.h"
#include "reorder.h"

/* Where this process sends to and receives from in neighbourhood collectives, in the standard's order of the blocks of
 * its buffers (MPI 5.0, 8.6). The arrays belong to the topology.
 *
 * Cartesian: in each dimension the neighbour below, then the one above, MPI_PROC_NULL beyond an edge; both arrays are
 * the same. They are crossed: what is sent to destinations[k] arrives there as the block of its sources[k ^ 1]. This
 * tells the two messages apart when both neighbours in a dimension are one process (dimensions of size 1 and 2).
 * Graph: the rank's neighbours, both arrays the same. Distributed graph: as MPI_Dist_graph_neighbors gives them.
 * In these a pair of processes may be joined several times: the first message from a to b belongs to the first a among
 * b's sources, and so on. */
struct tri_neighbors {
    int source_count, destination_count;
    const int *sources, *destinations;
    bool crossed;
};

struct tri_cart {
    int ndims;
    int *dims, *coords;
    int *periods; /* 0 or 1 */
};

struct tri_graph {
    int nodes, edge_count;
    int *index, *edges; /* as in MPI_Graph_create */
};

struct tri_dist_graph {
    bool weighted;
    int *source_weights, *destination_weights; /* 1 without weights */
};

/* What a process knows about its communicator's topology; constant, and shared by the communicator's duplicates. */
struct tri_topology {
    int references;
    int kind; /* MPI_CART, MPI_GRAPH or MPI_DIST_GRAPH: the member that counts */
    struct tri_neighbors neighbors;
    union {
        struct tri_cart cart;
        struct tri_graph graph;
        struct tri_dist_graph dist_graph;
    };
    int numbers[]; /* what the arrays lie in */
};

/* NULL stays NULL. */
struct tri_topology *tri_topology_hold(struct tri_topology *topology);
void tri_topology_release(struct tri_topology *topology);

/* MPI_CART, MPI_GRAPH, MPI_DIST_GRAPH or MPI_UNDEFINED. */
static inline int tri_topology_kind(const struct tri_comm *comm)
{
    return comm->topology ? comm->topology->kind : MPI_UNDEFINED;
}

/* NULL: the communicator has no topology. */
static inline const struct tri_neighbors *tri_topology_neighbors(const struct tri_comm *comm)
{
    return comm->topology ? &comm->topology->neighbors : NULL;
}

/* All below are collective over comm, an intracommunicator, and have checked arguments. They return an MPI error code
 * that has been raised. *result is NULL for a process that is not in the new communicator: with fewer vertices than
 * processes those take part that have the lowest ranks, also with reorder. */

/* cart.c */
int tri_cart_create(struct tri_comm *comm, const struct tri_grid *grid, bool reorder, struct tri_comm **result);
int tri_cart_sub(struct tri_comm *comm, const int *remain, struct tri_comm **result);
/* The rank that this process would get, or MPI_UNDEFINED. */
int tri_cart_map(struct tri_comm *comm, const struct tri_grid *grid, int *rank);

/* Not collective. A coordinate beyond an edge must be in a periodic dimension. */
int tri_cart_rank(const struct tri_cart *cart, const int *coords);
void tri_cart_coords(const struct tri_cart *cart, int rank, int *coords);
/* The rank that many steps from this process in the dimension, or MPI_PROC_NULL. */
int tri_cart_shifted(const struct tri_cart *cart, int direction, int64_t steps);

/* graph.c */
int tri_graph_create(struct tri_comm *comm, int nodes, const int *index, const int *edges, bool reorder,
                     struct tri_comm **result);
int tri_graph_map(struct tri_comm *comm, int nodes, const int *index, const int *edges, int *rank);

/* The neighbours of a rank, in a graph: their number, and where they begin in edges. */
static inline int tri_graph_row(const struct tri_graph *graph, int rank, const int **row)
{
    int begin = rank == 0 ? 0 : graph->index[rank - 1];
    *row = graph->edges + begin;
    return graph->index[rank] - begin;
}

/* dist_graph.c. Edges between the ranks of the new communicator; each counts as often as it is given. */
struct tri_dist_edges {
    int count; /* number of sources */
    const int *sources, *degrees, *destinations;
    const int *weights; /* for reading only with weighted and edges */
    bool weighted;
};

struct tri_dist_adjacent {
    int source_count, destination_count;
    const int *sources, *destinations;
    const int *source_weights, *destination_weights; /* NULL: there are none */
    bool weighted; /* also a process without edges says so */
};

/* Neighbours come out in the order in which the processes of comm, by rank, have given them. */
int tri_dist_graph_create(struct tri_comm *comm, const struct tri_dist_edges *edges, bool reorder,
                          struct tri_comm **result);
/* Neighbours come out in the order given. */
int tri_dist_graph_create_adjacent(struct tri_comm *comm, const struct tri_dist_adjacent *adjacent, bool reorder,
                                   struct tri_comm **result);

/* ---- for the files of this folder ---- */

/* One reference; room for so many numbers. */
struct tri_topology *tri_topology_make(int kind, int64_t numbers);

/* A communicator of the processes of comm with these ranks, in that order; NULL for the others. */
int tri_topology_seat(struct tri_comm *comm, const int *ranks, int count, struct tri_comm **result);

/* place.c: process_of[] for vertices 0, 1, ... of the graph, as tri_reorder() chooses it for the processes of comm, all of
 * which have the graph; collective. What it has brought is noted by rank 0. */
int tri_topology_arrange(struct tri_comm *comm, const struct tri_adjacency *graph, const struct tri_grid *grid,
                         int *process_of);
/* The same for a graph as large as comm, of which each process has some edges. */
int tri_topology_arrange_edges(struct tri_comm *comm, const struct tri_edge *own, int64_t count, int *process_of);

/* report.c: under TRIREME_VERBOSE, how many neighbours share a node before and after, and a map of a grid. */
void tri_topology_report(const struct tri_comm *comm, const struct tri_adjacency *graph, const struct tri_grid *grid,
                         const struct tri_location *places, const int *process_of);

/* exchange.c: collective. Everybody gives every process some numbers, counts[] of them in order of rank. *received,
 * ordered by the rank that they come from, is to be freed. *odd is a rank that has another mark, or -1. */
int tri_topology_exchange(struct tri_comm *comm, const int64_t *counts, const int *numbers, int mark,
                          int64_t *received_count, int **received, int *odd);
/* Everybody's numbers at rank 0, in order of rank; *received is to be freed, and NULL elsewhere. */
int tri_topology_collect(struct tri_comm *comm, const int *own, int64_t count, int64_t *received_count,
                         int **received);

#endif

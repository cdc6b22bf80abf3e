/* Placing the vertices of a graph on processes, so that neighbours share a node, and on it a NUMA domain. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TRI_REORDER_H
#define TRI_REORDER_H

#include <stdbool.h>
#include <stdint.h>

/* Pure functions: no process is asked anything, and the same input gives the same result in all of them. Ends the job
 * when memory is out. */

/* Where a process runs. Any numbers, as long as they differ for different nodes, and for domains of one node. */
struct tri_location {
    int node;
    int domain; /* NUMA domain that it is bound to; -1: several */
};

struct tri_edge {
    int from, to, weight;
};

/* A graph, in compressed rows. Each edge stands in the rows of both ends; how often two vertices are joined, and the
 * direction, do not matter beyond the sum of weights. Edges from a vertex to itself are left out. */
struct tri_adjacency {
    int vertices;
    int64_t *rows; /* where the row of each vertex begins; one more for the end */
    int *ends;
    int *weights;
};

void tri_adjacency_make(struct tri_adjacency *graph, int vertices, const struct tri_edge *edges, int64_t count);
void tri_adjacency_free(struct tri_adjacency *graph);
int64_t tri_adjacency_weight(const struct tri_adjacency *graph);

/* A cartesian grid; its vertices are numbered in row-major order. The arrays are the caller's. */
struct tri_grid {
    int ndims;
    const int *dims;
    const int *periods;
};

int tri_grid_size(const struct tri_grid *grid);
/* The graph of neighbours in all dimensions. */
void tri_grid_adjacency(const struct tri_grid *grid, struct tri_adjacency *graph);

/* Chooses a process for each vertex: process_of[vertices]. places: of processes 0 to vertices - 1, each of which gets a
 * vertex. The weight of edges between nodes, and among equals of those between domains, is never larger than with
 * process v for vertex v, which stays when nothing better is found. grid: what the graph is made from, or NULL. */
void tri_reorder(const struct tri_adjacency *graph, const struct tri_grid *grid, const struct tri_location *places,
                 int *process_of);

/* Weight of the edges whose ends share a node, and of those that share a domain, too. process_of NULL: process v for
 * vertex v. */
struct tri_closeness {
    int64_t node, domain;
};
struct tri_closeness tri_reorder_closeness(const struct tri_adjacency *graph, const struct tri_location *places,
                                           const int *process_of);

/* ---- for the files of reorder.c: dividing vertices among parts, sizes[] of them each ---- */

/* Weight of the edges between different parts. */
int64_t tri_reorder_cut(const struct tri_adjacency *graph, const int *part);

/* bisect.c: any graph. */
void tri_reorder_bisect(const struct tri_adjacency *graph, const int *sizes, int parts, int *part);

/* bricks.c: a grid, cut into bricks. */
void tri_reorder_bricks(const struct tri_adjacency *graph, const struct tri_grid *grid, const int *sizes, int parts,
                        int *part);

#endif

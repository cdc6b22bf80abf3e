/* Graphs in compressed rows, from lists of edges and from grids. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdlib.h>

#include "../runtime/object.h"
#include "reorder.h"

static void add_end(struct tri_adjacency *graph, int64_t *next, int vertex, int end, int weight)
{
    graph->ends[next[vertex]] = end;
    graph->weights[next[vertex]++] = weight;
}

void tri_adjacency_make(struct tri_adjacency *graph, int vertices, const struct tri_edge *edges, int64_t count)
{
    size_t bytes = ((size_t)vertices + 1) * sizeof *graph->rows;
    int64_t *next = tri_memory_take(bytes);
    graph->vertices = vertices;
    graph->rows = tri_memory_take(bytes);
    for (int v = 0; v <= vertices; v++) {
        graph->rows[v] = 0;
    }
    for (int64_t i = 0; i < count; i++) {
        bool loop = edges[i].from == edges[i].to;
        graph->rows[edges[i].from + 1] += !loop;
        graph->rows[edges[i].to + 1] += !loop;
    }
    for (int v = 0; v < vertices; v++) {
        graph->rows[v + 1] += graph->rows[v];
        next[v] = graph->rows[v];
    }
    graph->ends = tri_memory_take((size_t)graph->rows[vertices] * sizeof *graph->ends);
    graph->weights = tri_memory_take((size_t)graph->rows[vertices] * sizeof *graph->weights);
    for (int64_t i = 0; i < count; i++) {
        if (edges[i].from != edges[i].to) {
            add_end(graph, next, edges[i].from, edges[i].to, edges[i].weight);
            add_end(graph, next, edges[i].to, edges[i].from, edges[i].weight);
        }
    }
    free(next);
}

void tri_adjacency_free(struct tri_adjacency *graph)
{
    free(graph->rows);
    free(graph->ends);
    free(graph->weights);
}

int64_t tri_adjacency_weight(const struct tri_adjacency *graph)
{
    int64_t sum = 0;
    for (int64_t i = 0; i < graph->rows[graph->vertices]; i++) {
        sum += graph->weights[i];
    }
    return sum / 2;
}

int tri_grid_size(const struct tri_grid *grid)
{
    int size = 1;
    for (int i = 0; i < grid->ndims; i++) {
        size *= grid->dims[i];
    }
    return size;
}

void tri_grid_adjacency(const struct tri_grid *grid, struct tri_adjacency *graph)
{
    int size = tri_grid_size(grid), stride = size;
    int64_t count = 0;
    struct tri_edge *edges = tri_memory_take((size_t)size * (size_t)grid->ndims * sizeof *edges);
    for (int i = 0; i < grid->ndims; i++) {
        stride /= grid->dims[i];
        for (int v = 0; v < size; v++) {
            bool last = v / stride % grid->dims[i] == grid->dims[i] - 1;
            if (!last || grid->periods[i]) {
                int to = last ? v - stride * (grid->dims[i] - 1) : v + stride;
                edges[count++] = (struct tri_edge){v, to, 1};
            }
        }
    }
    tri_adjacency_make(graph, size, edges, count);
    free(edges);
}

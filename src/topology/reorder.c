/* Placing vertices on processes: node by node, then domain by domain. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "reorder.h"

#include <stdlib.h>
#include <string.h>

#include "../runtime/object.h"

/* Grids above this size are only cut into bricks: bisection would take seconds. */
enum { GRID_BISECT_MAX = 16384 };

static int *take_ints(int count)
{
    return tri_memory_take((size_t)count * sizeof(int));
}

static int compare_ints(const void *left, const void *right)
{
    const int *a = left, *b = right;
    return (*a > *b) - (*a < *b);
}

/* Things divided by a number that each has: the different numbers, ascending, are the parts. */
struct division {
    int parts;
    int *part;  /* of each thing */
    int *sizes; /* of each part */
};

static struct division divide(const int *numbers, int count)
{
    int *sorted = take_ints(count);
    struct division result = {.part = take_ints(count), .sizes = take_ints(count)};
    memcpy(sorted, numbers, (size_t)count * sizeof *sorted);
    qsort(sorted, (size_t)count, sizeof *sorted, compare_ints);
    for (int i = 0; i < count; i++) {
        if (i == 0 || sorted[i] != sorted[i - 1]) {
            sorted[result.parts] = sorted[i];
            result.sizes[result.parts++] = 0;
        }
    }
    for (int i = 0; i < count; i++) {
        const int *found = bsearch(&numbers[i], sorted, (size_t)result.parts, sizeof *sorted, compare_ints);
        result.part[i] = (int)(found - sorted);
        result.sizes[result.part[i]]++;
    }
    free(sorted);
    return result;
}

static void end_division(struct division *division)
{
    free(division->part);
    free(division->sizes);
}

int64_t tri_reorder_cut(const struct tri_adjacency *graph, const int *part)
{
    int64_t cut = 0;
    for (int v = 0; v < graph->vertices; v++) {
        for (int64_t i = graph->rows[v]; i < graph->rows[v + 1]; i++) {
            cut += part[v] != part[graph->ends[i]] ? graph->weights[i] : 0;
        }
    }
    return cut / 2;
}

/* Keeps the trial if it cuts less. */
static void keep_better(const struct tri_adjacency *graph, int *part, const int *trial)
{
    if (tri_reorder_cut(graph, trial) < tri_reorder_cut(graph, part)) {
        memcpy(part, trial, (size_t)graph->vertices * sizeof *part);
    }
}

/* The part of each vertex: that of the process with its number, or better. */
static int *find_parts(const struct tri_adjacency *graph, const struct tri_grid *grid, const struct division *wanted)
{
    int *part = take_ints(graph->vertices), *trial = take_ints(graph->vertices);
    memcpy(part, wanted->part, (size_t)graph->vertices * sizeof *part);
    if (wanted->parts > 1 && wanted->parts < graph->vertices) {
        if (grid) {
            tri_reorder_bricks(graph, grid, wanted->sizes, wanted->parts, trial);
            keep_better(graph, part, trial);
        }
        if (!grid || graph->vertices <= GRID_BISECT_MAX) {
            tri_reorder_bisect(graph, wanted->sizes, wanted->parts, trial);
            keep_better(graph, part, trial);
        }
    }
    free(trial);
    return part;
}

/* ---- within a node ---- */

/* The graph of some of the vertices, which are numbered anew. local: room for a number of each vertex of the graph, -1
 * everywhere before and after. */
static void extract(const struct tri_adjacency *graph, const int *vertices, int count, int *local,
                    struct tri_adjacency *result)
{
    int64_t room = 0, used = 0;
    for (int i = 0; i < count; i++) {
        local[vertices[i]] = i;
        room += graph->rows[vertices[i] + 1] - graph->rows[vertices[i]];
    }
    struct tri_edge *edges = tri_memory_take((size_t)room * sizeof *edges);
    for (int i = 0; i < count; i++) {
        for (int64_t k = graph->rows[vertices[i]]; k < graph->rows[vertices[i] + 1]; k++) {
            int end = local[graph->ends[k]];
            if (end > i) { /* the row of the other end has it, too */
                edges[used++] = (struct tri_edge){i, end, graph->weights[k]};
            }
        }
    }
    tri_adjacency_make(result, count, edges, used);
    for (int i = 0; i < count; i++) {
        local[vertices[i]] = -1;
    }
    free(edges);
}

/* Gives the node's vertices to its processes, both ascending, by domains. */
static void seat(const struct tri_adjacency *graph, const int *vertices, const int *processes, int count,
                 const struct tri_location *places, int *local, int *process_of)
{
    int *domains = take_ints(count), *first = take_ints(count + 1);
    for (int i = 0; i < count; i++) {
        domains[i] = places[processes[i]].domain;
    }
    struct division wanted = divide(domains, count);
    struct tri_adjacency inner;
    extract(graph, vertices, count, local, &inner);
    int *part = find_parts(&inner, NULL, &wanted);
    for (int d = 0; d < wanted.parts; d++) {
        first[d] = -1;
    }
    for (int i = 0; i < count; i++) {
        int next = first[part[i]] + 1; /* process of the domain that has no vertex yet */
        while (wanted.part[next] != part[i]) {
            next++;
        }
        first[part[i]] = next;
        process_of[vertices[i]] = processes[next];
    }
    tri_adjacency_free(&inner);
    end_division(&wanted);
    free(part);
    free(first);
    free(domains);
}

/* The things of each part, one part after the other, ascending. */
static int *list_parts(const struct division *wanted, const int *part, int count)
{
    int *list = take_ints(count), *next = take_ints(wanted->parts), sum = 0;
    for (int p = 0; p < wanted->parts; p++) {
        next[p] = sum;
        sum += wanted->sizes[p];
    }
    for (int i = 0; i < count; i++) {
        list[next[part[i]]++] = i;
    }
    free(next);
    return list;
}

static void seat_all(const struct tri_adjacency *graph, const struct division *wanted, const int *part,
                     const struct tri_location *places, int *process_of)
{
    int *vertices = list_parts(wanted, part, graph->vertices);
    int *processes = list_parts(wanted, wanted->part, graph->vertices);
    int *local = take_ints(graph->vertices);
    for (int v = 0; v < graph->vertices; v++) {
        local[v] = -1;
    }
    for (int p = 0, at = 0; p < wanted->parts; at += wanted->sizes[p++]) {
        seat(graph, vertices + at, processes + at, wanted->sizes[p], places, local, process_of);
    }
    free(local);
    free(processes);
    free(vertices);
}

/* ---- the whole ---- */

struct tri_closeness tri_reorder_closeness(const struct tri_adjacency *graph, const struct tri_location *places,
                                           const int *process_of)
{
    struct tri_closeness sum = {0};
    for (int v = 0; v < graph->vertices; v++) {
        struct tri_location here = places[process_of ? process_of[v] : v];
        for (int64_t i = graph->rows[v]; i < graph->rows[v + 1]; i++) {
            struct tri_location there = places[process_of ? process_of[graph->ends[i]] : graph->ends[i]];
            if (here.node == there.node) {
                sum.node += graph->weights[i];
                sum.domain += here.domain == there.domain ? graph->weights[i] : 0;
            }
        }
    }
    return (struct tri_closeness){sum.node / 2, sum.domain / 2};
}

/* Never worse than before: on both levels what there was stays unless something cuts less. */
void tri_reorder(const struct tri_adjacency *graph, const struct tri_grid *grid, const struct tri_location *places,
                 int *process_of)
{
    int *nodes = take_ints(graph->vertices);
    for (int v = 0; v < graph->vertices; v++) {
        nodes[v] = places[v].node;
    }
    struct division wanted = divide(nodes, graph->vertices);
    int *part = find_parts(graph, grid, &wanted);
    seat_all(graph, &wanted, part, places, process_of);
    end_division(&wanted);
    free(part);
    free(nodes);
}

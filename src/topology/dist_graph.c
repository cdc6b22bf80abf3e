/* Distributed graph topologies: every process knows its own edges. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdlib.h>
#include <string.h>

#include "topology.h"

/* Weights lie behind the ranks that they belong to; there is room for them in any case. */
static struct tri_topology *make_dist_graph(int source_count, int destination_count, bool weighted)
{
    struct tri_topology *topology =
        tri_topology_make(MPI_DIST_GRAPH, 2 * ((int64_t)source_count + destination_count));
    int *sources = topology->numbers, *destinations = sources + 2 * (int64_t)source_count;
    topology->neighbors = (struct tri_neighbors){source_count, destination_count, sources, destinations, false};
    topology->dist_graph =
        (struct tri_dist_graph){weighted, sources + source_count, destinations + destination_count};
    return topology;
}

/* process_of[v] == v */
static int *take_identity(int count)
{
    int *process_of = tri_memory_take((size_t)count * sizeof *process_of);
    for (int i = 0; i < count; i++) {
        process_of[i] = i;
    }
    return process_of;
}

static int vertex_of(int process, const int *process_of)
{
    int vertex = 0;
    while (process_of[vertex] != process) {
        vertex++;
    }
    return vertex;
}

/* The new communicator, with the topology, which is taken over. */
static int finish(struct tri_comm *comm, const int *process_of, struct tri_topology *topology,
                  struct tri_comm **result)
{
    int code = tri_topology_seat(comm, process_of, comm->size, result);
    if (code == MPI_SUCCESS) {
        (*result)->topology = topology;
    } else {
        tri_topology_release(topology);
    }
    return code;
}

/* ---- edges from anywhere ---- */

enum { EACH = sizeof(struct tri_edge) / sizeof(int) };

/* As a list; to be freed. */
static struct tri_edge *list_edges(const struct tri_dist_edges *given, int64_t *count)
{
    int64_t used = 0;
    *count = 0;
    for (int i = 0; i < given->count; i++) {
        *count += given->degrees[i];
    }
    struct tri_edge *list = tri_memory_take((size_t)*count * sizeof *list);
    for (int i = 0; i < given->count; i++) {
        for (int k = 0; k < given->degrees[i]; k++, used++) {
            int weight = given->weighted ? given->weights[used] : 1;
            list[used] = (struct tri_edge){given->sources[i], given->destinations[used], weight};
        }
    }
    return list;
}

/* Each edge goes to the processes of both its ends: once if they are the same vertex. Edges for a process keep their
 * order. counts: of numbers, by process. The result is to be freed. */
static int *sort_edges(const struct tri_edge *list, int64_t count, const int *process_of, int size, int64_t *counts)
{
    memset(counts, 0, (size_t)size * sizeof *counts);
    for (int64_t i = 0; i < count; i++) {
        counts[process_of[list[i].from]] += EACH;
        counts[process_of[list[i].to]] += list[i].from != list[i].to ? EACH : 0;
    }
    int64_t *next = tri_memory_take((size_t)size * sizeof *next), sum = 0;
    for (int i = 0; i < size; i++) {
        next[i] = sum;
        sum += counts[i];
    }
    int *sorted = tri_memory_take((size_t)sum * sizeof *sorted);
    for (int64_t i = 0; i < count; i++) {
        const int ends[] = {process_of[list[i].from], process_of[list[i].to]};
        for (int k = 0; k < (list[i].from != list[i].to ? 2 : 1); k++) {
            memcpy(sorted + next[ends[k]], &list[i], sizeof *list);
            next[ends[k]] += EACH;
        }
    }
    free(next);
    return sorted;
}

/* Of the edges that end or begin at a vertex. */
static struct tri_topology *from_edges(const struct tri_edge *list, int64_t count, int vertex, bool weighted)
{
    int in = 0, out = 0;
    for (int64_t i = 0; i < count; i++) {
        in += list[i].to == vertex;
        out += list[i].from == vertex;
    }
    struct tri_topology *topology = make_dist_graph(in, out, weighted);
    struct tri_dist_graph *graph = &topology->dist_graph;
    int *sources = topology->numbers, *destinations = sources + 2 * (int64_t)in;
    in = out = 0;
    for (int64_t i = 0; i < count; i++) {
        if (list[i].to == vertex) {
            sources[in] = list[i].from;
            graph->source_weights[in++] = list[i].weight;
        }
        if (list[i].from == vertex) {
            destinations[out] = list[i].to;
            graph->destination_weights[out++] = list[i].weight;
        }
    }
    return topology;
}

/* The exchange has told that some give weights and some do not. */
static int raise_odd(struct tri_comm *comm, bool weighted, int odd)
{
    return weighted ? tri_error(comm, MPI_ERR_ARG, "this process gives weights, but rank %d MPI_UNWEIGHTED", odd)
                    : tri_error(comm, MPI_ERR_ARG, "this process gives MPI_UNWEIGHTED, but rank %d weights", odd);
}

/* This process's edges, from wherever they were given. */
static int learn_edges(struct tri_comm *comm, const struct tri_edge *list, int64_t count, const int *process_of,
                       bool weighted, struct tri_topology **topology)
{
    int64_t *counts = tri_memory_take((size_t)comm->size * sizeof *counts), received;
    int *sorted = sort_edges(list, count, process_of, comm->size, counts), *edges, odd;
    int code = tri_topology_exchange(comm, counts, sorted, weighted, &received, &edges, &odd);
    if (code == MPI_SUCCESS && odd >= 0) {
        code = raise_odd(comm, weighted, odd);
    }
    if (code == MPI_SUCCESS) {
        int vertex = vertex_of(comm->rank, process_of);
        *topology = from_edges((const struct tri_edge *)edges, received / EACH, vertex, weighted);
    }
    free(edges);
    free(sorted);
    free(counts);
    return code;
}

int tri_dist_graph_create(struct tri_comm *comm, const struct tri_dist_edges *given, bool reorder,
                          struct tri_comm **result)
{
    int64_t count;
    struct tri_edge *list = list_edges(given, &count);
    int *process_of = take_identity(comm->size);
    struct tri_topology *topology;
    int code = reorder ? tri_topology_arrange_edges(comm, list, count, process_of) : MPI_SUCCESS;
    if (code == MPI_SUCCESS) {
        code = learn_edges(comm, list, count, process_of, given->weighted, &topology);
    }
    if (code == MPI_SUCCESS) {
        code = finish(comm, process_of, topology, result);
    }
    free(process_of);
    free(list);
    return code;
}

/* ---- edges given by both their ends ---- */

/* Ranks, then their weights. */
static void copy_row(int *to, int count, const int *ranks, const int *weights)
{
    for (int i = 0; i < count; i++) {
        to[i] = ranks[i];
        to[count + i] = weights ? weights[i] : 1;
    }
}

static struct tri_topology *from_adjacent(const struct tri_dist_adjacent *given)
{
    int in = given->source_count, out = given->destination_count;
    struct tri_topology *topology = make_dist_graph(in, out, given->weighted);
    copy_row(topology->numbers, in, given->sources, given->source_weights);
    copy_row(topology->numbers + 2 * (int64_t)in, out, given->destinations, given->destination_weights);
    return topology;
}

static int arrange_adjacent(struct tri_comm *comm, const struct tri_dist_adjacent *given, int *process_of)
{
    struct tri_dist_edges own = {.count = 1,
                                 .sources = &comm->rank,
                                 .degrees = &given->destination_count,
                                 .destinations = given->destinations,
                                 .weights = given->destination_weights,
                                 .weighted = given->destination_weights != NULL};
    int64_t count;
    struct tri_edge *list = list_edges(&own, &count);
    int code = tri_topology_arrange_edges(comm, list, count, process_of);
    free(list);
    return code;
}

/* This process knows the edges of the vertex with its rank, which another process may get now. */
static int pass_on(struct tri_comm *comm, const struct tri_dist_adjacent *given, const int *process_of,
                   struct tri_topology **topology)
{
    struct tri_topology *own = from_adjacent(given);
    int64_t len = 2 + 2 * ((int64_t)given->source_count + given->destination_count), received;
    int64_t *counts = tri_memory_take((size_t)comm->size * sizeof *counts);
    int *numbers = tri_memory_take((size_t)len * sizeof *numbers), *theirs, odd;
    numbers[0] = given->source_count;
    numbers[1] = given->destination_count;
    memcpy(numbers + 2, own->numbers, (size_t)(len - 2) * sizeof *numbers);
    memset(counts, 0, (size_t)comm->size * sizeof *counts);
    counts[process_of[comm->rank]] = len;
    int code = tri_topology_exchange(comm, counts, numbers, given->weighted, &received, &theirs, &odd);
    if (code == MPI_SUCCESS && odd >= 0) {
        code = raise_odd(comm, given->weighted, odd);
    }
    if (code == MPI_SUCCESS) {
        *topology = make_dist_graph(theirs[0], theirs[1], given->weighted);
        memcpy((*topology)->numbers, theirs + 2, (size_t)(received - 2) * sizeof *theirs);
    }
    tri_topology_release(own);
    free(theirs);
    free(numbers);
    free(counts);
    return code;
}

int tri_dist_graph_create_adjacent(struct tri_comm *comm, const struct tri_dist_adjacent *given, bool reorder,
                                   struct tri_comm **result)
{
    int *process_of = take_identity(comm->size), code = MPI_SUCCESS;
    struct tri_topology *topology = NULL;
    if (reorder) {
        code = arrange_adjacent(comm, given, process_of);
        if (code == MPI_SUCCESS) {
            code = pass_on(comm, given, process_of, &topology);
        }
    } else {
        topology = from_adjacent(given);
    }
    if (code == MPI_SUCCESS) {
        code = finish(comm, process_of, topology, result);
    }
    free(process_of);
    return code;
}

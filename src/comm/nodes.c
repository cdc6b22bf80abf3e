/* Which processes of a communicator share a node. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "nodes.h"

#include <stdlib.h>
#include <string.h>

#include "../runtime/job.h"

static int *ints(int count)
{
    return tri_memory_take((size_t)TRI_MAX(count, 1) * sizeof(int));
}

/* The job's numbers of nodes become those of the communicator, the same at all members: found by a table that is as
 * long as the largest of them. False: some are not told, or are no small numbers. */
static bool number_nodes(struct tri_nodes *nodes, const struct tri_comm *comm)
{
    enum { LARGEST = 1 << 22 };
    int largest = -1;
    for (int i = 0; i < comm->size; i++) {
        nodes->node_of[i] = tri_job_node_of(comm->processes[i]);
        if (nodes->node_of[i] < 0 || nodes->node_of[i] > LARGEST) {
            return false;
        }
        largest = TRI_MAX(largest, nodes->node_of[i]);
    }
    int *numbers = ints(largest + 1);
    for (int i = 0; i <= largest; i++) {
        numbers[i] = -1;
    }
    for (int i = 0; i < comm->size; i++) {
        int *number = &numbers[nodes->node_of[i]];
        if (*number < 0) {
            *number = nodes->count;
            nodes->leaders[nodes->count++] = i;
        }
        nodes->node_of[i] = *number;
    }
    free(numbers);
    return true;
}

static void count_ranks(struct tri_nodes *nodes, const struct tri_comm *comm)
{
    int *counts = ints(nodes->count);
    for (int i = 0; i < nodes->count; i++) {
        counts[i] = 0;
    }
    nodes->even = comm->size % nodes->count == 0;
    for (int i = 0; i < comm->size; i++) {
        counts[nodes->node_of[i]]++;
        nodes->most = TRI_MAX(nodes->most, counts[nodes->node_of[i]]);
        nodes->even = nodes->even && nodes->node_of[i] == i / (comm->size / nodes->count);
    }
    free(counts);
}

static void find_locals(struct tri_nodes *nodes, const struct tri_comm *comm)
{
    nodes->locals = ints(comm->size);
    for (int i = 0; i < comm->size; i++) {
        if (i == comm->rank) {
            nodes->own = nodes->local_count;
        }
        if (tri_job_is_local(comm->processes[i])) {
            nodes->locals[nodes->local_count++] = i;
        }
    }
}

static struct tri_nodes *make(const struct tri_comm *comm)
{
    struct tri_nodes *nodes = tri_memory_take(sizeof *nodes);
    *nodes = (struct tri_nodes){.leaders = ints(comm->size), .node_of = ints(comm->size)};
    find_locals(nodes, comm);
    if (nodes->local_count == comm->size) {
        *nodes->leaders = 0;
        memset(nodes->node_of, 0, (size_t)comm->size * sizeof *nodes->node_of);
        nodes->count = 1;
    } else if (!number_nodes(nodes, comm)) {
        nodes->count = 0;
        return nodes;
    }
    count_ranks(nodes, comm);
    nodes->node = nodes->node_of[comm->rank];
    return nodes;
}

const struct tri_nodes *tri_nodes_of(struct tri_comm *comm)
{
    if (!comm->nodes) {
        comm->nodes = make(comm);
    }
    return comm->nodes;
}

void tri_nodes_free(struct tri_nodes *nodes)
{
    if (nodes) {
        free(nodes->leaders);
        free(nodes->node_of);
        free(nodes->locals);
        free(nodes);
    }
}

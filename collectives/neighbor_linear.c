/* Neighbourhood collectives: a message along each edge, all at once. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "../src/topology/topology.h"
#include "collectives.h"

/* Between the same two ranks, or from a rank to itself, the messages of several edges are told apart by their order
 * alone. It is that of the sender's destinations, so blocks are posted in the order in which those get to them. */
static void add_receives(struct tri_schedule *schedule, const struct tri_collective *call)
{
    const struct tri_neighbors *neighbors = call->neighbors;
    for (int k = 0; k < neighbors->source_count; k++) {
        int block = neighbors->crossed ? k ^ 1 : k;
        if (neighbors->sources[block] != MPI_PROC_NULL) {
            tri_add_receive_block(schedule, neighbors->sources[block], TRI_OUTPUT, &call->receive, block);
        }
    }
}

static void build_allgather(struct tri_schedule *schedule, const struct tri_collective *call)
{
    const struct tri_neighbors *neighbors = call->neighbors;
    add_receives(schedule, call);
    for (int k = 0; k < neighbors->destination_count; k++) {
        if (neighbors->destinations[k] != MPI_PROC_NULL) {
            tri_add_send_block(schedule, neighbors->destinations[k], TRI_INPUT, &call->send, 0);
        }
    }
}

static void build_alltoall(struct tri_schedule *schedule, const struct tri_collective *call)
{
    const struct tri_neighbors *neighbors = call->neighbors;
    add_receives(schedule, call);
    for (int k = 0; k < neighbors->destination_count; k++) {
        if (neighbors->destinations[k] != MPI_PROC_NULL) {
            tri_add_send_block(schedule, neighbors->destinations[k], TRI_INPUT, &call->send, k);
        }
    }
}

/* That of one edge: how many edges a rank has, and how long its blocks are, the others do not know. */
static double cost(const struct tri_machine *machine, const struct tri_shape *shape)
{
    return tri_cost_burst(machine, shape, 1, (double)shape->bytes);
}

const struct tri_algorithm tri_neighbor_allgather_linear = {
    .name = "linear",
    .operation = TRI_NEIGHBOR_ALLGATHER,
    .use = "any topology, any counts",
    .source = "Hoefler, Traeff: Sparse collective operations for MPI, IPDPS 2009",
    .cost = cost,
    .build = build_allgather,
};

const struct tri_algorithm tri_neighbor_alltoall_linear = {
    .name = "linear",
    .operation = TRI_NEIGHBOR_ALLTOALL,
    .use = "any topology, any counts",
    .source = "Hoefler, Traeff: Sparse collective operations for MPI, IPDPS 2009",
    .cost = cost,
    .build = build_alltoall,
};

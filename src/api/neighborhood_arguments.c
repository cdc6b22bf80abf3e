/* Checking the arguments of neighbourhood collectives (MPI 5.0, 8.6). */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "collectives.h"
#include "topology.h"

/* A side of the call, and who is on it. */
struct neighbor_side {
    const struct tri_side *side;
    const char *which;
    const int *neighbors;
    int degree;
    bool arrays; /* counts and displacements for each of them */
};

static int check_arrays(struct tri_comm *comm, const struct neighbor_side *of)
{
    const struct tri_side *side = of->side;
    TRI_CHECK(side->counts.base && side->displacements.base, comm, MPI_ERR_ARG,
              "the array of %s counts or displacements is NULL", of->which);
    TRI_CHECK(side->datatypes || side->datatype, comm, MPI_ERR_ARG, "the array of %s datatypes is NULL", of->which);
    return MPI_SUCCESS;
}

/* The blocks of one side, one for each neighbour. What would be sent to MPI_PROC_NULL, or come from there, is not
 * looked at, and without neighbours nothing is. */
static int take_blocks(struct tri_blocks *blocks, struct tri_comm *comm, const struct neighbor_side *of)
{
    const struct tri_side *side = of->side;
    *blocks = (struct tri_blocks){
        .count = side->count, .counts = side->counts, .displacements = side->displacements, .types = side->datatypes};
    int code = of->degree > 0 && of->arrays ? check_arrays(comm, of) : MPI_SUCCESS;
    for (int i = 0; i < of->degree && code == MPI_SUCCESS; i++) {
        if (of->neighbors[i] == MPI_PROC_NULL) {
            continue;
        }
        TRI_TAKE_COMMITTED(type, comm, side->datatypes ? side->datatypes[i] : side->datatype);
        blocks->type = side->datatypes ? NULL : type;
        code = tri_api_check_buffer(comm, side->buffer, tri_block_count(blocks, i), type, of->which);
    }
    return code;
}

static int check_in_place(struct tri_comm *comm, const void *buffer, const char *which)
{
    TRI_CHECK(buffer != MPI_IN_PLACE, comm, MPI_ERR_BUFFER,
              "%s buffer is MPI_IN_PLACE, which neighbourhood collectives do not take", which);
    return MPI_SUCCESS;
}

/* Two buffers that are one: seen where the blocks touch, and have no holes, so that they could not share it. */
static int check_alias(const struct tri_collective *call)
{
    const struct tri_blocks *send = &call->send, *receive = &call->receive;
    if (call->irregular || !send->type || !receive->type) {
        return MPI_SUCCESS;
    }
    bool some = send->count * send->type->size > 0 && receive->count * receive->type->size > 0;
    bool dense = send->type->contiguous && receive->type->contiguous;
    TRI_CHECK(!(some && dense && call->input == call->output), call->comm, MPI_ERR_BUFFER,
              "send and receive buffer are the same, which neighbourhood collectives do not take");
    return MPI_SUCCESS;
}

static int take_comm(struct tri_collective *call, enum tri_collective_id operation, MPI_Comm handle)
{
    TRI_TAKE_COMM(comm, handle);
    TRI_CHECK_INTRA(comm);
    const struct tri_neighbors *neighbors = tri_topology_neighbors(comm);
    TRI_CHECK(neighbors, comm, MPI_ERR_TOPOLOGY,
              "the communicator has no topology, so no process in it has neighbours (MPI_Cart_create, "
              "MPI_Graph_create and MPI_Dist_graph_create make communicators that have one)");
    *call = (struct tri_collective){.operation = operation, .comm = comm, .neighbors = neighbors};
    return MPI_SUCCESS;
}

int tri_take_neighbors(struct tri_collective *call, enum tri_collective_id operation, const struct tri_side *send,
                       const struct tri_side *receive, MPI_Comm comm, bool irregular)
{
    int code = take_comm(call, operation, comm);
    if (code != MPI_SUCCESS) {
        return code;
    }
    const struct tri_neighbors *neighbors = call->neighbors;
    const struct neighbor_side out = {send, "send", neighbors->destinations, neighbors->destination_count,
                                      irregular && operation == TRI_NEIGHBOR_ALLTOALL};
    const struct neighbor_side in = {receive, "receive", neighbors->sources, neighbors->source_count, irregular};
    call->irregular = irregular;
    call->input = send->buffer;
    call->output = (void *)(uintptr_t)receive->buffer;
    code = check_in_place(call->comm, send->buffer, out.which);
    code = code == MPI_SUCCESS ? check_in_place(call->comm, receive->buffer, in.which) : code;
    code = code == MPI_SUCCESS ? take_blocks(&call->send, call->comm, &out) : code;
    code = code == MPI_SUCCESS ? take_blocks(&call->receive, call->comm, &in) : code;
    return code == MPI_SUCCESS ? check_alias(call) : code;
}

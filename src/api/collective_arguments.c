/* Checking the arguments of collective operations (MPI 5.0, 6). */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "../runtime/info.h"
#include "collectives.h"

/* ---- communicator, root, operation ---- */

static int take_comm(struct tri_collective *call, enum tri_collective_id operation, MPI_Comm handle)
{
    TRI_TAKE_COMM(comm, handle)
    tri_collective_clear(call, operation, comm);
    return MPI_SUCCESS;
}

static int take_root(struct tri_collective *call, int root)
{
    struct tri_comm *comm = call->comm;
    call->root = root;
    bool special = comm->remote && (root == MPI_ROOT || root == MPI_PROC_NULL);
    TRI_CHECK(special || (root >= 0 && root < comm->peers), comm, MPI_ERR_ROOT,
              "root is %d, but the %s has ranks 0 to %d", root, comm->remote ? "remote group" : "communicator",
              comm->peers - 1);
    return MPI_SUCCESS;
}

static int take_op(struct tri_collective *call, MPI_Op handle, const struct tri_datatype *type)
{
    call->op = tri_op_get(handle);
    TRI_CHECK(call->op, call->comm, MPI_ERR_OP, "the operation is %s",
              handle == MPI_OP_NULL ? "MPI_OP_NULL" : "not such a handle, or has been freed");
    TRI_CHECK(tri_op_fits(call->op, type), call->comm, MPI_ERR_OP, "%s is not defined on %s", call->op->name,
              tri_datatype_name(type));
    return MPI_SUCCESS;
}

/* ---- buffers ---- */

/* Blocks of which each has its count, or its type too: looked at in full. */
static int take_arrays_of_blocks(struct tri_blocks *blocks, struct tri_comm *comm, const struct tri_side *side,
                                 int ranks, const char *which)
{
    *blocks =
        (struct tri_blocks){.counts = side->counts, .displacements = side->displacements, .types = side->datatypes};
    if (!side->datatypes) {
        TRI_TAKE_COMMITTED(type, comm, side->datatype);
        blocks->type = type;
    }
    for (int i = 0; i < ranks; i++) {
        TRI_TAKE_COMMITTED(type, comm, side->datatypes ? side->datatypes[i] : side->datatype);
        int code = tri_api_check_buffer(comm, side->buffer, tri_block_count(blocks, i), type, which);
        if (code != MPI_SUCCESS) {
            return code;
        }
    }
    return MPI_SUCCESS;
}

/* The blocks of one side, one for each of that many ranks. */
static int take_blocks(struct tri_blocks *blocks, struct tri_comm *comm, const struct tri_side *side, int ranks,
                       const char *which)
{
    if (side->counts.base) {
        return take_arrays_of_blocks(blocks, comm, side, ranks, which);
    }
    TRI_TAKE_COMMITTED(type, comm, side->datatype);
    blocks->type = type;
    blocks->count = side->count;
    return tri_api_check_buffer(comm, side->buffer, side->count, type, which);
}

static int take_arrays(struct tri_comm *comm, const struct tri_side *side, bool irregular)
{
    TRI_CHECK(!irregular || (side->counts.base && side->displacements.base), comm, MPI_ERR_ARG,
              "the array of counts or displacements is NULL");
    TRI_CHECK(!irregular || side->datatypes || side->datatype, comm, MPI_ERR_ARG, "the array of datatypes is NULL");
    return MPI_SUCCESS;
}

/* Two buffers that are one. Only seen for types without holes, which two buffers could share. */
static int check_alias(struct tri_comm *comm, const void *send, const struct tri_datatype *send_type,
                       const void *receive, const struct tri_datatype *receive_type)
{
    bool shared = send == receive && send_type->contiguous && receive_type->contiguous && send_type->size > 0;
    TRI_CHECK(!shared, comm, MPI_ERR_BUFFER, "send and receive buffer are the same (MPI_IN_PLACE is for that)");
    return MPI_SUCCESS;
}

/* What a rank sends to itself must not lie where it gets it. A buffer of one block has it at its start. */
static int check_own_block(const struct tri_collective *call)
{
    enum tri_collective_id operation = call->operation;
    int rank = call->comm->rank;
    bool send_one = operation == TRI_GATHER || operation == TRI_ALLGATHER, receive_one = operation == TRI_SCATTER;
    if (tri_block_count(&call->send, rank) == 0 || tri_block_count(&call->receive, rank) == 0) {
        return MPI_SUCCESS;
    }
    const char *from = (const char *)call->input + (send_one ? 0 : tri_block_offset(&call->send, rank));
    const char *to = (const char *)call->output + (receive_one ? 0 : tri_block_offset(&call->receive, rank));
    return check_alias(call->comm, from, tri_block_type(&call->send, rank), to, tri_block_type(&call->receive, rank));
}

/* Which side's arguments count at this rank. */
struct significance {
    bool send, receive;
    bool send_arrays, receive_arrays; /* and are arrays in the irregular forms */
};

static int take_sides(struct tri_collective *call, const struct tri_side *send, const struct tri_side *receive,
                      struct significance of)
{
    struct tri_comm *comm = call->comm;
    int code = MPI_SUCCESS;
    call->input = send->buffer;
    call->output = (void *)(uintptr_t)receive->buffer;
    if (of.send) {
        code = take_arrays(comm, send, call->irregular && of.send_arrays);
        code = code == MPI_SUCCESS ? take_blocks(&call->send, comm, send, comm->peers, "send") : code;
    }
    if (code == MPI_SUCCESS && of.receive) {
        code = take_arrays(comm, receive, call->irregular && of.receive_arrays);
        code = code == MPI_SUCCESS ? take_blocks(&call->receive, comm, receive, comm->peers, "receive") : code;
    }
    return code == MPI_SUCCESS && of.send && of.receive && !comm->remote ? check_own_block(call) : code;
}

/* ---- operations ---- */

int tri_take_barrier(struct tri_collective *call, MPI_Comm comm)
{
    return take_comm(call, TRI_BARRIER, comm);
}

int tri_take_bcast(struct tri_collective *call, void *buffer, MPI_Count count, MPI_Datatype datatype, int root,
                   MPI_Comm comm)
{
    int code = take_comm(call, TRI_BCAST, comm);
    code = code == MPI_SUCCESS ? take_root(call, root) : code;
    if (code == MPI_SUCCESS && root != MPI_PROC_NULL) {
        call->output = buffer;
        code = take_blocks(&call->receive, call->comm, TRI_SIDE(buffer, count, datatype), 1, "broadcast");
    }
    return code;
}

static bool is_root(const struct tri_collective *call)
{
    return call->comm->remote ? call->root == MPI_ROOT : call->root == call->comm->rank;
}

/* Whether this rank's contribution counts: not that of a root's own group in an intercommunicator. */
static bool gives(const struct tri_collective *call)
{
    return !call->comm->remote || call->root >= 0;
}

int tri_take_gather(struct tri_collective *call, const struct tri_side *send, const struct tri_side *receive, int root,
                    MPI_Comm comm, bool irregular)
{
    int code = take_comm(call, TRI_GATHER, comm);
    code = code == MPI_SUCCESS ? take_root(call, root) : code;
    if (code != MPI_SUCCESS) {
        return code;
    }
    call->irregular = irregular;
    call->in_place = !call->comm->remote && is_root(call) && send->buffer == MPI_IN_PLACE;
    const struct significance of = {
        .send = gives(call) && !call->in_place, .receive = is_root(call), .receive_arrays = true};
    return take_sides(call, send, receive, of);
}

int tri_take_scatter(struct tri_collective *call, const struct tri_side *send, const struct tri_side *receive, int root,
                     MPI_Comm comm, bool irregular)
{
    int code = take_comm(call, TRI_SCATTER, comm);
    code = code == MPI_SUCCESS ? take_root(call, root) : code;
    if (code != MPI_SUCCESS) {
        return code;
    }
    call->irregular = irregular;
    call->in_place = !call->comm->remote && is_root(call) && receive->buffer == MPI_IN_PLACE;
    const struct significance of = {
        .send = is_root(call), .receive = gives(call) && !call->in_place, .send_arrays = true};
    return take_sides(call, send, receive, of);
}

int tri_take_allgather(struct tri_collective *call, const struct tri_side *send, const struct tri_side *receive,
                       MPI_Comm comm, bool irregular)
{
    int code = take_comm(call, TRI_ALLGATHER, comm);
    if (code != MPI_SUCCESS) {
        return code;
    }
    call->irregular = irregular;
    call->in_place = !call->comm->remote && send->buffer == MPI_IN_PLACE;
    const struct significance of = {.send = !call->in_place, .receive = true, .receive_arrays = true};
    return take_sides(call, send, receive, of);
}

int tri_take_alltoall(struct tri_collective *call, const struct tri_side *send, const struct tri_side *receive,
                      MPI_Comm comm, bool irregular)
{
    int code = take_comm(call, TRI_ALLTOALL, comm);
    if (code != MPI_SUCCESS) {
        return code;
    }
    call->irregular = irregular;
    call->in_place = !call->comm->remote && send->buffer == MPI_IN_PLACE;
    const struct significance of = {
        .send = !call->in_place, .receive = true, .send_arrays = true, .receive_arrays = true};
    return take_sides(call, send, receive, of);
}

/* ---- reductions ---- */

/* A vector of which this rank gives its part, and gets the result, or only one of the two. */
static int take_vectors(struct tri_collective *call, const struct tri_side *send, const struct tri_side *receive,
                        MPI_Op op, bool given, bool gets)
{
    struct tri_comm *comm = call->comm;
    int code = MPI_SUCCESS;
    call->input = send->buffer;
    call->output = (void *)(uintptr_t)receive->buffer;
    call->in_place = !comm->remote && gets && send->buffer == MPI_IN_PLACE;
    if (gets) {
        code = take_blocks(&call->receive, comm, receive, 1, "receive");
        call->send = call->receive;
    }
    if (code == MPI_SUCCESS && given && !call->in_place) {
        code = take_blocks(&call->send, comm, send, 1, "send");
    }
    if (code == MPI_SUCCESS && given && gets && !call->in_place && send->count > 0) {
        code = check_alias(comm, send->buffer, call->send.type, receive->buffer, call->receive.type);
    }
    return code == MPI_SUCCESS && (given || gets) ? take_op(call, op, call->send.type) : code;
}

int tri_take_reduce(struct tri_collective *call, const void *sendbuf, void *recvbuf, MPI_Count count,
                    MPI_Datatype datatype, MPI_Op op, int root, MPI_Comm comm)
{
    int code = take_comm(call, TRI_REDUCE, comm);
    code = code == MPI_SUCCESS ? take_root(call, root) : code;
    return code == MPI_SUCCESS ? take_vectors(call, TRI_SIDE(sendbuf, count, datatype),
                                              TRI_SIDE(recvbuf, count, datatype), op, gives(call), is_root(call))
                               : code;
}

int tri_take_reduce_all(struct tri_collective *call, enum tri_collective_id operation, const void *sendbuf,
                        void *recvbuf, MPI_Count count, MPI_Datatype datatype, MPI_Op op, MPI_Comm comm)
{
    int code = take_comm(call, operation, comm);
    if (code != MPI_SUCCESS) {
        return code;
    }
    TRI_CHECK(!call->comm->remote || operation == TRI_ALLREDUCE, call->comm, MPI_ERR_COMM,
              "the communicator is an intercommunicator, on which a scan is not defined");
    return take_vectors(call, TRI_SIDE(sendbuf, count, datatype), TRI_SIDE(recvbuf, count, datatype), op, true, true);
}

int tri_take_reduce_scatter(struct tri_collective *call, const void *sendbuf, void *recvbuf, MPI_Count count,
                            const tri_counts *counts, MPI_Datatype datatype, MPI_Op op, MPI_Comm comm)
{
    int code = take_comm(call, TRI_REDUCE_SCATTER, comm);
    if (code != MPI_SUCCESS) {
        return code;
    }
    struct tri_comm *on = call->comm;
    TRI_CHECK(!counts || counts->base, on, MPI_ERR_ARG, "the array of counts is NULL");
    struct tri_side receive = {.buffer = recvbuf, .count = count, .datatype = datatype};
    call->irregular = counts != NULL;
    receive.counts = counts ? *counts : receive.counts;
    call->in_place = !on->remote && sendbuf == MPI_IN_PLACE;
    call->input = sendbuf;
    call->output = recvbuf;
    code = take_blocks(&call->receive, on, &receive, on->size, "receive");
    /* The send buffer has all blocks; its length only says whether it may be NULL. */
    for (int i = 0; i < on->size && code == MPI_SUCCESS && !call->in_place; i++) {
        int64_t elements = tri_block_count(&call->receive, i);
        code = tri_api_check_buffer(on, sendbuf, elements, call->receive.type, "send");
        if (code == MPI_SUCCESS && elements > 0) {
            code = check_alias(on, sendbuf, call->receive.type, recvbuf, call->receive.type);
        }
    }
    return code == MPI_SUCCESS ? take_op(call, op, call->receive.type) : code;
}

/* ---- the three forms ---- */

int tri_collective_now(int code, struct tri_collective *call)
{
    return code == MPI_SUCCESS ? tri_api_result(call->comm, tri_collective_run(call)) : code;
}

int tri_collective_soon(int code, struct tri_collective *call, MPI_Request *request)
{
    if (code == MPI_SUCCESS) {
        TRI_CHECK_POINTER(call->comm, request);
        *request = tri_request_handle(tri_collective_start(call));
    }
    return code;
}

int tri_collective_often(int code, struct tri_collective *call, MPI_Info info, MPI_Request *request)
{
    if (code == MPI_SUCCESS) {
        TRI_CHECK(info == MPI_INFO_NULL || tri_info_get(info), call->comm, MPI_ERR_INFO,
                  "the info is not such a handle");
        TRI_CHECK_POINTER(call->comm, request);
        *request = tri_request_handle(tri_collective_prepare(call));
    }
    return code;
}

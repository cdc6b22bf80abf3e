/* Collective operations (MPI 5.0, 6). */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "../../collectives/collectives.h"

#include "api.h"

static const tri_counts none = {NULL, 0};

/* ---- arguments ---- */

#define TAKE_COMM(variable, handle)                                                                                    \
    TRI_TAKE_COMM(variable, handle)                                                                                    \
    TRI_CHECK(!variable->remote, variable, MPI_ERR_UNSUPPORTED_OPERATION,                                              \
              "the communicator is an intercommunicator: collective operations on those are not built yet")

static int check_root(struct tri_comm *comm, int root)
{
    TRI_CHECK(root >= 0 && root < comm->size, comm, MPI_ERR_ROOT,
              "root is %d, but the communicator has ranks 0 to %d", root, comm->size - 1);
    return MPI_SUCCESS;
}

/* One buffer: the type, and a count for all ranks or one a rank. */
static int take_blocks(struct tri_blocks *blocks, struct tri_comm *comm, const void *buffer, MPI_Count count,
                       tri_counts counts, tri_counts displacements, MPI_Datatype datatype, const char *which)
{
    TRI_TAKE_COMMITTED(type, comm, datatype);
    *blocks = (struct tri_blocks){.type = type, .count = count, .counts = counts, .displacements = displacements};
    if (!counts.base) {
        return tri_api_check_buffer(comm, buffer, count, type, which);
    }
    for (int i = 0; i < comm->size; i++) {
        int code = tri_api_check_buffer(comm, buffer, tri_block_count(blocks, i), type, which);
        if (code != MPI_SUCCESS) {
            return code;
        }
    }
    return MPI_SUCCESS;
}

static int take_arrays(struct tri_comm *comm, tri_counts counts, tri_counts displacements)
{
    TRI_CHECK(counts.base && displacements.base, comm, MPI_ERR_ARG, "the array of counts or displacements is NULL");
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

/* Two buffers that are one. Only seen for types without holes, which two buffers could share. */
static int check_alias(struct tri_comm *comm, const void *send, const struct tri_datatype *send_type,
                       const void *receive, const struct tri_datatype *receive_type)
{
    bool shared = send == receive && send_type->contiguous && receive_type->contiguous && send_type->size > 0;
    TRI_CHECK(!shared, comm, MPI_ERR_BUFFER,
              "send and receive buffer are the same (MPI_IN_PLACE is for that)");
    return MPI_SUCCESS;
}

/* What a rank sends to itself must not lie where it gets it. A buffer of one block has it at its start. */
static int check_own_block(enum tri_collective_id operation, const struct tri_collective *call)
{
    int rank = call->comm->rank;
    bool send_one = operation == TRI_GATHER || operation == TRI_ALLGATHER, receive_one = operation == TRI_SCATTER;
    if (tri_block_count(&call->send, rank) == 0 || tri_block_count(&call->receive, rank) == 0) {
        return MPI_SUCCESS;
    }
    const char *from = (const char *)call->input + (send_one ? 0 : tri_block_offset(&call->send, rank));
    const char *to = (const char *)call->output + (receive_one ? 0 : tri_block_offset(&call->receive, rank));
    return check_alias(call->comm, from, call->send.type, to, call->receive.type);
}

static int run(enum tri_collective_id operation, const struct tri_collective *call)
{
    return tri_api_result(call->comm, tri_collective_run(operation, call));
}

/* ---- operations ---- */

TRI_API(Barrier)(MPI_Comm comm)
{
    TAKE_COMM(on, comm);
    const struct tri_collective call = {.comm = on};
    return run(TRI_BARRIER, &call);
}

TRI_API(Bcast)(void *buffer, MPI_Count count, MPI_Datatype datatype, int root, MPI_Comm comm)
{
    TAKE_COMM(on, comm);
    struct tri_collective call = {.comm = on, .output = buffer, .root = root};
    int code = check_root(on, root);
    if (code == MPI_SUCCESS) {
        code = take_blocks(&call.receive, on, buffer, count, none, none, datatype, "broadcast");
    }
    return code == MPI_SUCCESS ? run(TRI_BCAST, &call) : code;
}

/* Reductions of one vector; root -1: everybody gets a result. */
static int reduce(enum tri_collective_id operation, const void *sendbuf, void *recvbuf, MPI_Count count,
                  MPI_Datatype datatype, MPI_Op op, int root, MPI_Comm comm)
{
    TAKE_COMM(on, comm);
    struct tri_collective call = {.comm = on, .input = sendbuf, .output = recvbuf, .root = root};
    bool receives = root < 0 || on->rank == root;
    call.in_place = sendbuf == MPI_IN_PLACE && receives;
    int code = root < 0 ? MPI_SUCCESS : check_root(on, root);
    if (code == MPI_SUCCESS) {
        code = take_blocks(&call.send, on, call.in_place ? recvbuf : sendbuf, count, none, none, datatype, "send");
    }
    if (code == MPI_SUCCESS && receives) {
        code = take_blocks(&call.receive, on, recvbuf, count, none, none, datatype, "receive");
    }
    if (code == MPI_SUCCESS && receives && !call.in_place && count > 0) {
        code = check_alias(on, sendbuf, call.send.type, recvbuf, call.receive.type);
    }
    if (code == MPI_SUCCESS) {
        code = take_op(&call, op, call.send.type);
    }
    return code == MPI_SUCCESS && count > 0 ? run(operation, &call) : code;
}

TRI_API(Reduce)(const void *sendbuf, void *recvbuf, MPI_Count count, MPI_Datatype datatype, MPI_Op op, int root,
                MPI_Comm comm)
{
    if (root < 0) {
        TAKE_COMM(on, comm);
        return check_root(on, root);
    }
    return reduce(TRI_REDUCE, sendbuf, recvbuf, count, datatype, op, root, comm);
}

TRI_API(Allreduce)(const void *sendbuf, void *recvbuf, MPI_Count count, MPI_Datatype datatype, MPI_Op op,
                   MPI_Comm comm)
{
    return reduce(TRI_ALLREDUCE, sendbuf, recvbuf, count, datatype, op, -1, comm);
}

TRI_API(Scan)(const void *sendbuf, void *recvbuf, MPI_Count count, MPI_Datatype datatype, MPI_Op op, MPI_Comm comm)
{
    return reduce(TRI_SCAN, sendbuf, recvbuf, count, datatype, op, -1, comm);
}

TRI_API(Exscan)(const void *sendbuf, void *recvbuf, MPI_Count count, MPI_Datatype datatype, MPI_Op op, MPI_Comm comm)
{
    return reduce(TRI_EXSCAN, sendbuf, recvbuf, count, datatype, op, -1, comm);
}

static int reduce_scatter(const void *sendbuf, void *recvbuf, MPI_Count count, tri_counts counts, MPI_Datatype datatype,
                          MPI_Op op, struct tri_comm *comm)
{
    struct tri_collective call = {
        .comm = comm, .input = sendbuf, .output = recvbuf, .in_place = sendbuf == MPI_IN_PLACE};
    int code = take_blocks(&call.receive, comm, recvbuf, count, counts, none, datatype, "receive");
    /* The send buffer has all blocks; its length only says whether it may be NULL. */
    for (int i = 0; i < comm->size && code == MPI_SUCCESS && !call.in_place; i++) {
        int64_t elements = tri_block_count(&call.receive, i);
        code = tri_api_check_buffer(comm, sendbuf, elements, call.receive.type, "send");
        if (code == MPI_SUCCESS && elements > 0) {
            code = check_alias(comm, sendbuf, call.receive.type, recvbuf, call.receive.type);
        }
    }
    if (code == MPI_SUCCESS) {
        code = take_op(&call, op, call.receive.type);
    }
    return code == MPI_SUCCESS ? run(TRI_REDUCE_SCATTER, &call) : code;
}

TRI_API(Reduce_scatter_block)(const void *sendbuf, void *recvbuf, MPI_Count recvcount, MPI_Datatype datatype,
                              MPI_Op op, MPI_Comm comm)
{
    TAKE_COMM(on, comm);
    return reduce_scatter(sendbuf, recvbuf, recvcount, none, datatype, op, on);
}

TRI_API(Reduce_scatter)(const void *sendbuf, void *recvbuf, tri_counts recvcounts, MPI_Datatype datatype, MPI_Op op,
                        MPI_Comm comm)
{
    TAKE_COMM(on, comm);
    TRI_CHECK(recvcounts.base, on, MPI_ERR_ARG, "the array of counts is NULL");
    return reduce_scatter(sendbuf, recvbuf, 0, recvcounts, datatype, op, on);
}

/* What one rank gives or gets, before its arguments are checked. */
struct side {
    const void *buffer;
    MPI_Count count;
    tri_counts counts, displacements;
    MPI_Datatype datatype;
    bool significant; /* at this rank */
};

static int move_blocks(enum tri_collective_id operation, const struct side *send, const struct side *receive, int root,
                       struct tri_comm *comm, bool in_place)
{
    struct tri_collective call = {.comm = comm,
                                  .input = send->buffer,
                                  .output = (void *)(uintptr_t)receive->buffer,
                                  .root = root,
                                  .in_place = in_place};
    int code = MPI_SUCCESS;
    if (send->significant) {
        code = take_blocks(&call.send, comm, send->buffer, send->count, send->counts, send->displacements,
                           send->datatype, "send");
    }
    if (code == MPI_SUCCESS && receive->significant) {
        code = take_blocks(&call.receive, comm, receive->buffer, receive->count, receive->counts,
                           receive->displacements, receive->datatype, "receive");
    }
    if (code == MPI_SUCCESS && send->significant && receive->significant && !comm->remote) {
        code = check_own_block(operation, &call);
    }
    return code == MPI_SUCCESS ? run(operation, &call) : code;
}

static int gather(const void *sendbuf, MPI_Count sendcount, MPI_Datatype sendtype, struct side *receive, int root,
                  MPI_Comm comm, bool by_arrays)
{
    TAKE_COMM(on, comm);
    int code = check_root(on, root);
    receive->significant = on->rank == root;
    if (code == MPI_SUCCESS && by_arrays && receive->significant) {
        code = take_arrays(on, receive->counts, receive->displacements);
    }
    bool in_place = sendbuf == MPI_IN_PLACE && receive->significant;
    const struct side send = {sendbuf, sendcount, none, none, sendtype, !in_place};
    return code == MPI_SUCCESS ? move_blocks(TRI_GATHER, &send, receive, root, on, in_place) : code;
}

TRI_API(Gather)(const void *sendbuf, MPI_Count sendcount, MPI_Datatype sendtype, void *recvbuf, MPI_Count recvcount,
                MPI_Datatype recvtype, int root, MPI_Comm comm)
{
    struct side receive = {recvbuf, recvcount, none, none, recvtype, false};
    return gather(sendbuf, sendcount, sendtype, &receive, root, comm, false);
}

TRI_API(Gatherv)(const void *sendbuf, MPI_Count sendcount, MPI_Datatype sendtype, void *recvbuf, tri_counts recvcounts,
                 tri_counts displs, MPI_Datatype recvtype, int root, MPI_Comm comm)
{
    struct side receive = {recvbuf, 0, recvcounts, displs, recvtype, false};
    return gather(sendbuf, sendcount, sendtype, &receive, root, comm, true);
}

static int scatter(struct side *send, void *recvbuf, MPI_Count recvcount, MPI_Datatype recvtype, int root,
                   MPI_Comm comm, bool by_arrays)
{
    TAKE_COMM(on, comm);
    int code = check_root(on, root);
    send->significant = on->rank == root;
    if (code == MPI_SUCCESS && by_arrays && send->significant) {
        code = take_arrays(on, send->counts, send->displacements);
    }
    bool in_place = recvbuf == MPI_IN_PLACE && send->significant;
    const struct side receive = {recvbuf, recvcount, none, none, recvtype, !in_place};
    return code == MPI_SUCCESS ? move_blocks(TRI_SCATTER, send, &receive, root, on, in_place) : code;
}

TRI_API(Scatter)(const void *sendbuf, MPI_Count sendcount, MPI_Datatype sendtype, void *recvbuf, MPI_Count recvcount,
                 MPI_Datatype recvtype, int root, MPI_Comm comm)
{
    struct side send = {sendbuf, sendcount, none, none, sendtype, false};
    return scatter(&send, recvbuf, recvcount, recvtype, root, comm, false);
}

TRI_API(Scatterv)(const void *sendbuf, tri_counts sendcounts, tri_counts displs, MPI_Datatype sendtype, void *recvbuf,
                  MPI_Count recvcount, MPI_Datatype recvtype, int root, MPI_Comm comm)
{
    struct side send = {sendbuf, 0, sendcounts, displs, sendtype, false};
    return scatter(&send, recvbuf, recvcount, recvtype, root, comm, true);
}

TRI_API(Allgather)(const void *sendbuf, MPI_Count sendcount, MPI_Datatype sendtype, void *recvbuf, MPI_Count recvcount,
                   MPI_Datatype recvtype, MPI_Comm comm)
{
    TAKE_COMM(on, comm);
    bool in_place = sendbuf == MPI_IN_PLACE;
    const struct side send = {sendbuf, sendcount, none, none, sendtype, !in_place};
    const struct side receive = {recvbuf, recvcount, none, none, recvtype, true};
    return move_blocks(TRI_ALLGATHER, &send, &receive, 0, on, in_place);
}

TRI_API(Allgatherv)(const void *sendbuf, MPI_Count sendcount, MPI_Datatype sendtype, void *recvbuf,
                    tri_counts recvcounts, tri_counts displs, MPI_Datatype recvtype, MPI_Comm comm)
{
    TAKE_COMM(on, comm);
    int code = take_arrays(on, recvcounts, displs);
    bool in_place = sendbuf == MPI_IN_PLACE;
    const struct side send = {sendbuf, sendcount, none, none, sendtype, !in_place};
    const struct side receive = {recvbuf, 0, recvcounts, displs, recvtype, true};
    return code == MPI_SUCCESS ? move_blocks(TRI_ALLGATHER, &send, &receive, 0, on, in_place) : code;
}

TRI_API(Alltoall)(const void *sendbuf, MPI_Count sendcount, MPI_Datatype sendtype, void *recvbuf, MPI_Count recvcount,
                  MPI_Datatype recvtype, MPI_Comm comm)
{
    TAKE_COMM(on, comm);
    bool in_place = sendbuf == MPI_IN_PLACE;
    const struct side send = {sendbuf, sendcount, none, none, sendtype, !in_place};
    const struct side receive = {recvbuf, recvcount, none, none, recvtype, true};
    return move_blocks(TRI_ALLTOALL, &send, &receive, 0, on, in_place);
}

TRI_API(Alltoallv)(const void *sendbuf, tri_counts sendcounts, tri_counts sdispls, MPI_Datatype sendtype,
                   void *recvbuf, tri_counts recvcounts, tri_counts rdispls, MPI_Datatype recvtype, MPI_Comm comm)
{
    TAKE_COMM(on, comm);
    bool in_place = sendbuf == MPI_IN_PLACE;
    int code = in_place ? MPI_SUCCESS : take_arrays(on, sendcounts, sdispls);
    if (code == MPI_SUCCESS) {
        code = take_arrays(on, recvcounts, rdispls);
    }
    const struct side send = {sendbuf, 0, sendcounts, sdispls, sendtype, !in_place};
    const struct side receive = {recvbuf, 0, recvcounts, rdispls, recvtype, true};
    return code == MPI_SUCCESS ? move_blocks(TRI_ALLTOALL, &send, &receive, 0, on, in_place) : code;
}

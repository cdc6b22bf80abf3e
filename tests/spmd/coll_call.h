/* coll_call.h - one table of all collective operations, forms and faces. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef SPMD_COLL_CALL_H
#define SPMD_COLL_CALL_H

#include "coll.h"

enum coll_id {
    COLL_BARRIER,
    COLL_BCAST,
    COLL_GATHER,
    COLL_GATHERV,
    COLL_SCATTER,
    COLL_SCATTERV,
    COLL_ALLGATHER,
    COLL_ALLGATHERV,
    COLL_ALLTOALL,
    COLL_ALLTOALLV,
    COLL_ALLTOALLW,
    COLL_REDUCE,
    COLL_ALLREDUCE,
    COLL_REDUCE_SCATTER_BLOCK,
    COLL_REDUCE_SCATTER,
    COLL_SCAN,
    COLL_EXSCAN,
    COLL_OPERATIONS
};

static const char *const coll_names[COLL_OPERATIONS] = {
    "barrier",   "bcast",     "gather",               "gatherv",        "scatter",
    "scatterv",  "allgather", "allgatherv",           "alltoall",       "alltoallv",
    "alltoallw", "reduce",    "allreduce",            "reduce_scatter_block", "reduce_scatter",
    "scan",      "exscan"};

enum coll_form { COLL_BLOCKING, COLL_NONBLOCKING, COLL_PERSISTENT, COLL_FORMS };

static const char *const coll_forms[COLL_FORMS] = {"blocking", "nonblocking", "persistent"};

/* Counts and displacements of each rank, for a face. They stay until the operation is over. */
struct coll_narrow {
    const int *counts, *displs;
};
struct coll_wide {
    const MPI_Count *counts;
    const MPI_Aint *displs;
};

/* One side of a call: what it says about the send or about the receive buffer. */
struct coll_side {
    void *buffer;
    MPI_Count count;
    MPI_Datatype type;
    const MPI_Datatype *types;
    struct coll_narrow narrow;
    struct coll_wide wide;
};

/* The arguments of a call; of these an operation takes those that it has. */
struct coll_args {
    struct coll_side send, receive;
    MPI_Op op;
    int root;
    MPI_Comm comm;
};

/* The count of a face: ints of what the caller has checked to fit. */
#define COLL_N(face, side) COLL_N_##face(side)
#define COLL_N_narrow(side) (int)a->side.count
#define COLL_N_wide(side) a->side.count

#define COLL_ONE(f, side) a->side.buffer, COLL_N(f, side), a->side.type
#define COLL_V(f, side) a->side.buffer, a->side.f.counts, a->side.f.displs, a->side.type
#define COLL_W(f, side) a->side.buffer, a->side.f.counts, a->side.f.displs, a->side.types
#define COLL_VECTOR_ARGS(f) a->send.buffer, COLL_ONE(f, receive), a->op

#define COLL_ARGS_bcast(f) COLL_ONE(f, receive), a->root, a->comm
#define COLL_ARGS_gather(f) COLL_ONE(f, send), COLL_ONE(f, receive), a->root, a->comm
#define COLL_ARGS_gatherv(f) COLL_ONE(f, send), COLL_V(f, receive), a->root, a->comm
#define COLL_ARGS_scatter(f) COLL_ONE(f, send), COLL_ONE(f, receive), a->root, a->comm
#define COLL_ARGS_scatterv(f) COLL_V(f, send), COLL_ONE(f, receive), a->root, a->comm
#define COLL_ARGS_allgather(f) COLL_ONE(f, send), COLL_ONE(f, receive), a->comm
#define COLL_ARGS_allgatherv(f) COLL_ONE(f, send), COLL_V(f, receive), a->comm
#define COLL_ARGS_alltoall(f) COLL_ONE(f, send), COLL_ONE(f, receive), a->comm
#define COLL_ARGS_alltoallv(f) COLL_V(f, send), COLL_V(f, receive), a->comm
#define COLL_ARGS_alltoallw(f) COLL_W(f, send), COLL_W(f, receive), a->comm
#define COLL_ARGS_reduce(f) COLL_VECTOR_ARGS(f), a->root, a->comm
#define COLL_ARGS_allreduce(f) COLL_VECTOR_ARGS(f), a->comm
#define COLL_ARGS_reduce_scatter_block(f) COLL_VECTOR_ARGS(f), a->comm
#define COLL_ARGS_reduce_scatter(f) \
    a->send.buffer, a->receive.buffer, a->receive.f.counts, a->receive.type, a->op, a->comm
#define COLL_ARGS_scan(f) COLL_VECTOR_ARGS(f), a->comm
#define COLL_ARGS_exscan(f) COLL_VECTOR_ARGS(f), a->comm

#define COLL_FORM_OF(Name, name, face, suffix) \
    (form == COLL_BLOCKING      ? MPI_##Name##suffix(COLL_ARGS_##name(face)) \
     : form == COLL_NONBLOCKING ? MPI_I##name##suffix(COLL_ARGS_##name(face), request) \
                                : MPI_##Name##_init##suffix(COLL_ARGS_##name(face), \
                                                            MPI_INFO_NULL, request))

#define COLL_CASE(NAME, Name, name) \
    case COLL_##NAME: \
        return large ? COLL_FORM_OF(Name, name, wide, _c) : COLL_FORM_OF(Name, name, narrow, )

/* Runs an operation (blocking), starts it (nonblocking) or makes its request (persistent). */
static inline int coll_call(enum coll_id operation, enum coll_form form, bool large,
                            const struct coll_args *a, MPI_Request *request)
{
    switch (operation) {
        COLL_CASE(BCAST, Bcast, bcast);
        COLL_CASE(GATHER, Gather, gather);
        COLL_CASE(GATHERV, Gatherv, gatherv);
        COLL_CASE(SCATTER, Scatter, scatter);
        COLL_CASE(SCATTERV, Scatterv, scatterv);
        COLL_CASE(ALLGATHER, Allgather, allgather);
        COLL_CASE(ALLGATHERV, Allgatherv, allgatherv);
        COLL_CASE(ALLTOALL, Alltoall, alltoall);
        COLL_CASE(ALLTOALLV, Alltoallv, alltoallv);
        COLL_CASE(ALLTOALLW, Alltoallw, alltoallw);
        COLL_CASE(REDUCE, Reduce, reduce);
        COLL_CASE(ALLREDUCE, Allreduce, allreduce);
        COLL_CASE(REDUCE_SCATTER_BLOCK, Reduce_scatter_block, reduce_scatter_block);
        COLL_CASE(REDUCE_SCATTER, Reduce_scatter, reduce_scatter);
        COLL_CASE(SCAN, Scan, scan);
        COLL_CASE(EXSCAN, Exscan, exscan);
        default:
            return form == COLL_BLOCKING      ? MPI_Barrier(a->comm)
                   : form == COLL_NONBLOCKING ? MPI_Ibarrier(a->comm, request)
                                              : MPI_Barrier_init(a->comm, MPI_INFO_NULL, request);
    }
}

#endif

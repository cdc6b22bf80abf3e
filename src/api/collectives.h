/* The arguments of collective operations: checked once, for the blocking, nonblocking and persistent forms. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TRI_API_COLLECTIVES_H
#define TRI_API_COLLECTIVES_H

#include "../../collectives/collectives.h"

#include "api.h"

/* One side's arguments. counts.base NULL: the same count for all. */
struct tri_side {
    const void *buffer;
    MPI_Count count;
    tri_counts counts, displacements;
    MPI_Datatype datatype;
    const MPI_Datatype *datatypes; /* Alltoallw */
};

#define TRI_SIDE(buf, n, type) (&(struct tri_side){.buffer = (buf), .count = (n), .datatype = (type)})
#define TRI_SIDE_V(buf, n, displs, type)                                                                               \
    (&(struct tri_side){.buffer = (buf), .counts = (n), .displacements = (displs), .datatype = (type)})
#define TRI_SIDE_W(buf, n, displs, types)                                                                              \
    (&(struct tri_side){.buffer = (buf), .counts = (n), .displacements = (displs), .datatypes = (types)})

/* Each fills the call from the arguments of the operation. Returns MPI_SUCCESS or the raised error. irregular: the v
 * and w forms. */
int tri_take_barrier(struct tri_collective *call, MPI_Comm comm);
int tri_take_bcast(struct tri_collective *call, void *buffer, MPI_Count count, MPI_Datatype datatype, int root,
                   MPI_Comm comm);
int tri_take_gather(struct tri_collective *call, const struct tri_side *send, const struct tri_side *receive, int root,
                    MPI_Comm comm, bool irregular);
int tri_take_scatter(struct tri_collective *call, const struct tri_side *send, const struct tri_side *receive, int root,
                     MPI_Comm comm, bool irregular);
int tri_take_allgather(struct tri_collective *call, const struct tri_side *send, const struct tri_side *receive,
                       MPI_Comm comm, bool irregular);
int tri_take_alltoall(struct tri_collective *call, const struct tri_side *send, const struct tri_side *receive,
                      MPI_Comm comm, bool irregular);
int tri_take_reduce(struct tri_collective *call, const void *sendbuf, void *recvbuf, MPI_Count count,
                    MPI_Datatype datatype, MPI_Op op, int root, MPI_Comm comm);
/* Allreduce, scan and exscan. */
int tri_take_reduce_all(struct tri_collective *call, enum tri_collective_id operation, const void *sendbuf,
                        void *recvbuf, MPI_Count count, MPI_Datatype datatype, MPI_Op op, MPI_Comm comm);
/* counts.base NULL: the same count for all. */
int tri_take_reduce_scatter(struct tri_collective *call, const void *sendbuf, void *recvbuf, MPI_Count count,
                            const tri_counts *counts, MPI_Datatype datatype, MPI_Op op, MPI_Comm comm);

/* TRI_NEIGHBOR_ALLGATHER, TRI_NEIGHBOR_ALLTOALL: blocks of neighbours in the order of the communicator's topology. */
int tri_take_neighbors(struct tri_collective *call, enum tri_collective_id operation, const struct tri_side *send,
                       const struct tri_side *receive, MPI_Comm comm, bool irregular);

/* What the entry points end with: code is that of tri_take_. */
int tri_collective_now(int code, struct tri_collective *call);
int tri_collective_soon(int code, struct tri_collective *call, MPI_Request *request);
int tri_collective_often(int code, struct tri_collective *call, MPI_Info info, MPI_Request *request);

#endif

/* err_arguments_neighbor.h - rows of wrong calls of neighbourhood collectives. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef SPMD_ERR_ARGUMENTS_NEIGHBOR_H
#define SPMD_ERR_ARGUMENTS_NEIGHBOR_H

#include "err_arguments_coll.h"

/* On communicators of one process: an edge from itself to itself. The grid's first two neighbours are MPI_PROC_NULL. */
static MPI_Comm edge_comm, grid_comm, inter_comm;
static const MPI_Aint at_zero[1] = {0};
static MPI_Datatype type_int[1], type_null[1], type_raw[1];

/* The communicator is the only thing that is wrong. */
#define TOPOLOGY_ROWS(call)                                                                                            \
    do {                                                                                                               \
        ROW(call(S), TOPOLOGY);                                                                                        \
        ROW(call(MPI_COMM_NULL), COMM);                                                                                \
        ROW(call(freed_comm()), COMM);                                                                                 \
        ROW(call(NOT_COMM), COMM);                                                                                     \
        if (inter_comm != MPI_COMM_NULL)                                                                               \
            ROW(call(inter_comm), COMM);                                                                               \
    } while (0)

#define EQUAL buf, 1, MPI_INT, other, 1, MPI_INT
#define ARRAY buf, 1, MPI_INT, other, one, zero, MPI_INT
#define ARRAYS buf, one, zero, MPI_INT, other, one, zero, MPI_INT
#define TYPED buf, one, at_zero, type_int, other, one, at_zero, type_int

#define N_ALLGATHER(c) MPI_Neighbor_allgather(EQUAL, c)
#define N_ALLGATHERV(c) MPI_Neighbor_allgatherv(ARRAY, c)
#define N_ALLTOALL(c) MPI_Neighbor_alltoall(EQUAL, c)
#define N_ALLTOALLV(c) MPI_Neighbor_alltoallv(ARRAYS, c)
#define N_ALLTOALLW(c) MPI_Neighbor_alltoallw(TYPED, c)
#define I_ALLGATHER(c) MPI_Ineighbor_allgather(EQUAL, c, &request)
#define I_ALLGATHERV(c) MPI_Ineighbor_allgatherv(ARRAY, c, &request)
#define I_ALLTOALL(c) MPI_Ineighbor_alltoall(EQUAL, c, &request)
#define I_ALLTOALLV(c) MPI_Ineighbor_alltoallv(ARRAYS, c, &request)
#define I_ALLTOALLW(c) MPI_Ineighbor_alltoallw(TYPED, c, &request)
#define P_ALLGATHER(c) MPI_Neighbor_allgather_init(EQUAL, c, MPI_INFO_NULL, &request)
#define P_ALLGATHERV(c) MPI_Neighbor_allgatherv_init(ARRAY, c, MPI_INFO_NULL, &request)
#define P_ALLTOALL(c) MPI_Neighbor_alltoall_init(EQUAL, c, MPI_INFO_NULL, &request)
#define P_ALLTOALLV(c) MPI_Neighbor_alltoallv_init(ARRAYS, c, MPI_INFO_NULL, &request)
#define P_ALLTOALLW(c) MPI_Neighbor_alltoallw_init(TYPED, c, MPI_INFO_NULL, &request)

static void neighbor_topologies(void)
{
    TOPOLOGY_ROWS(N_ALLGATHER);
    TOPOLOGY_ROWS(N_ALLGATHERV);
    TOPOLOGY_ROWS(N_ALLTOALL);
    TOPOLOGY_ROWS(N_ALLTOALLV);
    TOPOLOGY_ROWS(N_ALLTOALLW);
    TOPOLOGY_ROWS(I_ALLGATHER);
    TOPOLOGY_ROWS(I_ALLGATHERV);
    TOPOLOGY_ROWS(I_ALLTOALL);
    TOPOLOGY_ROWS(I_ALLTOALLV);
    TOPOLOGY_ROWS(I_ALLTOALLW);
    TOPOLOGY_ROWS(P_ALLGATHER);
    TOPOLOGY_ROWS(P_ALLGATHERV);
    TOPOLOGY_ROWS(P_ALLTOALL);
    TOPOLOGY_ROWS(P_ALLTOALLV);
    TOPOLOGY_ROWS(P_ALLTOALLW);
    ROW(MPI_Ineighbor_allgather(EQUAL, edge_comm, NULL), ARG);
    ROW(MPI_Ineighbor_alltoallw(TYPED, edge_comm, NULL), ARG);
    ROW(MPI_Neighbor_alltoall_init(EQUAL, edge_comm, MPI_INFO_NULL, NULL), ARG);
    ROW(MPI_Neighbor_allgather_init(EQUAL, edge_comm, freed_info(), &request), INFO);
    ROW(MPI_Neighbor_allgatherv_init(ARRAY, edge_comm, NOT_INFO, &request), INFO);
    ROW(MPI_Neighbor_alltoall_init(EQUAL, edge_comm, NOT_INFO, &request), INFO);
    ROW(MPI_Neighbor_alltoallv_init(ARRAYS, edge_comm, freed_info(), &request), INFO);
    ROW(MPI_Neighbor_alltoallw_init(TYPED, edge_comm, NOT_INFO, &request), INFO);
}

#define SIDE_ROWS(call)                                                                                                \
    do {                                                                                                               \
        ROW(call(buf, -1, MPI_INT, edge_comm), COUNT);                                                                 \
        ROW(call(NULL, 1, MPI_INT, edge_comm), BUFFER);                                                                \
        ROW(call(MPI_IN_PLACE, 1, MPI_INT, edge_comm), BUFFER);                                                        \
        ROW(call(MPI_IN_PLACE, 0, MPI_INT, edge_comm), BUFFER);                                                        \
        ROW(call(other, 1, MPI_INT, edge_comm), BUFFER);                                                               \
        ROW(call(buf, 1, MPI_DATATYPE_NULL, edge_comm), TYPE);                                                         \
        ROW(call(buf, 1, raw, edge_comm), TYPE);                                                                       \
        ROW(call(buf, 1, freed_type(), edge_comm), TYPE);                                                              \
        ROW(call(buf, 1, NOT_TYPE, edge_comm), TYPE);                                                                  \
    } while (0)

#define GATHER_FROM(b, n, t, c) MPI_Neighbor_allgather(b, n, t, other, 1, MPI_INT, c)
#define GATHER_TO(b, n, t, c) MPI_Neighbor_allgather(other, 1, MPI_INT, b, n, t, c)
#define EACH_FROM(b, n, t, c) MPI_Neighbor_alltoall(b, n, t, other, 1, MPI_INT, c)
#define EACH_TO(b, n, t, c) MPI_Ineighbor_alltoall(other, 1, MPI_INT, b, n, t, c, &request)

static void neighbor_sides(void)
{
    SIDE_ROWS(GATHER_FROM);
    SIDE_ROWS(GATHER_TO);
    SIDE_ROWS(EACH_FROM);
    SIDE_ROWS(EACH_TO);
}

#define FROM_V(n, d) MPI_Neighbor_alltoallv(buf, n, d, MPI_INT, other, one, zero, MPI_INT, edge_comm)
#define TO_V(n, d) MPI_Neighbor_alltoallv(buf, one, zero, MPI_INT, other, n, d, MPI_INT, edge_comm)
#define GATHER_V(n, d) MPI_Neighbor_allgatherv(buf, 1, MPI_INT, other, n, d, MPI_INT, edge_comm)
#define FROM_W(n, d, t) MPI_Neighbor_alltoallw(buf, n, d, t, other, one, at_zero, type_int, edge_comm)
#define TO_W(n, d, t) MPI_Neighbor_alltoallw(buf, one, at_zero, type_int, other, n, d, t, edge_comm)

static void neighbor_arrays(void)
{
    ROW(FROM_V(NULL, zero), ARG);
    ROW(FROM_V(one, NULL), ARG);
    ROW(FROM_V(minus, zero), COUNT);
    ROW(TO_V(NULL, zero), ARG);
    ROW(TO_V(one, NULL), ARG);
    ROW(TO_V(minus, zero), COUNT);
    ROW(GATHER_V(NULL, zero), ARG);
    ROW(GATHER_V(one, NULL), ARG);
    ROW(GATHER_V(minus, zero), COUNT);
    ROW(FROM_W(NULL, at_zero, type_int), ARG);
    ROW(FROM_W(one, NULL, type_int), ARG);
    ROW(FROM_W(one, at_zero, NULL), ARG);
    ROW(FROM_W(one, at_zero, type_null), TYPE);
    ROW(FROM_W(one, at_zero, type_raw), TYPE);
    ROW(TO_W(minus, at_zero, type_int), COUNT);
    ROW(TO_W(one, at_zero, NULL), ARG);
    ROW(TO_W(one, at_zero, type_null), TYPE);
    ROW(MPI_Neighbor_alltoallv(MPI_IN_PLACE, one, zero, MPI_INT, other, one, zero, MPI_INT, edge_comm), BUFFER);
    ROW(MPI_Neighbor_alltoallw(buf, one, at_zero, type_int, MPI_IN_PLACE, one, at_zero, type_int, edge_comm), BUFFER);
}

/* What would go to nobody, or come from there, may be anything; a process without neighbours needs no arrays. */
static void neighbor_nobody(void)
{
    const int counts[] = {-1, -1, 1, 1};
    const MPI_Aint places[] = {-1, -1, 4, 0};
    MPI_Datatype types[] = {MPI_DATATYPE_NULL, raw, MPI_INT, MPI_INT};
    MPI_Comm alone;

    buf[0] = 17, buf[1] = 18;
    CHECK_OK(MPI_Neighbor_alltoallw(buf, counts, places, types, other, counts, places, types, grid_comm));
    CHECK(other[0] == 18 && other[1] == 17, "periodic and alone: %d %d", other[0], other[1]);
    MPI_Dist_graph_create_adjacent(S, 0, NULL, MPI_UNWEIGHTED, 0, NULL, MPI_UNWEIGHTED, MPI_INFO_NULL, 0, &alone);
    CHECK_OK(MPI_Neighbor_alltoallw(NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, alone));
    CHECK_OK(MPI_Neighbor_alltoallv(NULL, NULL, NULL, MPI_INT, NULL, NULL, NULL, MPI_INT, alone));
    CHECK_OK(MPI_Neighbor_allgather(NULL, 1, MPI_INT, NULL, 1, MPI_INT, alone));
    MPI_Comm_free(&alone);
}

static void neighborhoods(MPI_Comm with_edge, MPI_Comm with_grid, MPI_Comm between)
{
    edge_comm = with_edge, grid_comm = with_grid, inter_comm = between;
    type_int[0] = MPI_INT, type_null[0] = MPI_DATATYPE_NULL, type_raw[0] = raw;
    neighbor_topologies();
    neighbor_sides();
    neighbor_arrays();
    neighbor_nobody();
}

#endif

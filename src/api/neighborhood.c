/* Neighbourhood collectives, blocking, nonblocking and persistent (MPI 5.0, 8.6 to 8.8). */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "collectives.h"

/* Displacements that are addresses in both forms, MPI_X and MPI_X_c. */
static tri_counts in_bytes(const MPI_Aint *displacements)
{
    return (tri_counts){displacements, 1};
}
_Static_assert(sizeof(MPI_Aint) == sizeof(int64_t), "a view of 64-bit entries");

/* ---- blocking ---- */

TRI_API_FIRST(Neighbor_allgather)
(const void *sendbuf, MPI_Count sendcount, MPI_Datatype sendtype, void *recvbuf, MPI_Count recvcount,
 MPI_Datatype recvtype, MPI_Comm comm)
{
    struct tri_collective call;
    int code = tri_take_neighbors(&call, TRI_NEIGHBOR_ALLGATHER, TRI_SIDE(sendbuf, sendcount, sendtype),
                                  TRI_SIDE(recvbuf, recvcount, recvtype), comm, false);
    return tri_collective_now(code, &call);
}

TRI_API_FIRST(Neighbor_allgatherv)
(const void *sendbuf, MPI_Count sendcount, MPI_Datatype sendtype, void *recvbuf, tri_counts recvcounts,
 tri_counts displs, MPI_Datatype recvtype, MPI_Comm comm)
{
    struct tri_collective call;
    int code = tri_take_neighbors(&call, TRI_NEIGHBOR_ALLGATHER, TRI_SIDE(sendbuf, sendcount, sendtype),
                                  TRI_SIDE_V(recvbuf, recvcounts, displs, recvtype), comm, true);
    return tri_collective_now(code, &call);
}

TRI_API_FIRST(Neighbor_alltoall)
(const void *sendbuf, MPI_Count sendcount, MPI_Datatype sendtype, void *recvbuf, MPI_Count recvcount,
 MPI_Datatype recvtype, MPI_Comm comm)
{
    struct tri_collective call;
    int code = tri_take_neighbors(&call, TRI_NEIGHBOR_ALLTOALL, TRI_SIDE(sendbuf, sendcount, sendtype),
                                  TRI_SIDE(recvbuf, recvcount, recvtype), comm, false);
    return tri_collective_now(code, &call);
}

TRI_API_FIRST(Neighbor_alltoallv)
(const void *sendbuf, tri_counts sendcounts, tri_counts sdispls, MPI_Datatype sendtype, void *recvbuf,
 tri_counts recvcounts, tri_counts rdispls, MPI_Datatype recvtype, MPI_Comm comm)
{
    struct tri_collective call;
    int code = tri_take_neighbors(&call, TRI_NEIGHBOR_ALLTOALL, TRI_SIDE_V(sendbuf, sendcounts, sdispls, sendtype),
                                  TRI_SIDE_V(recvbuf, recvcounts, rdispls, recvtype), comm, true);
    return tri_collective_now(code, &call);
}

TRI_API_FIRST(Neighbor_alltoallw)
(const void *sendbuf, tri_counts sendcounts, const MPI_Aint sdispls[], const MPI_Datatype sendtypes[], void *recvbuf,
 tri_counts recvcounts, const MPI_Aint rdispls[], const MPI_Datatype recvtypes[], MPI_Comm comm)
{
    struct tri_collective call;
    int code =
        tri_take_neighbors(&call, TRI_NEIGHBOR_ALLTOALL, TRI_SIDE_W(sendbuf, sendcounts, in_bytes(sdispls), sendtypes),
                           TRI_SIDE_W(recvbuf, recvcounts, in_bytes(rdispls), recvtypes), comm, true);
    return tri_collective_now(code, &call);
}

/* ---- nonblocking ---- */

TRI_API_FIRST(Ineighbor_allgather)
(const void *sendbuf, MPI_Count sendcount, MPI_Datatype sendtype, void *recvbuf, MPI_Count recvcount,
 MPI_Datatype recvtype, MPI_Comm comm, MPI_Request *request)
{
    struct tri_collective call;
    int code = tri_take_neighbors(&call, TRI_NEIGHBOR_ALLGATHER, TRI_SIDE(sendbuf, sendcount, sendtype),
                                  TRI_SIDE(recvbuf, recvcount, recvtype), comm, false);
    return tri_collective_soon(code, &call, request);
}

TRI_API_FIRST(Ineighbor_allgatherv)
(const void *sendbuf, MPI_Count sendcount, MPI_Datatype sendtype, void *recvbuf, tri_counts recvcounts,
 tri_counts displs, MPI_Datatype recvtype, MPI_Comm comm, MPI_Request *request)
{
    struct tri_collective call;
    int code = tri_take_neighbors(&call, TRI_NEIGHBOR_ALLGATHER, TRI_SIDE(sendbuf, sendcount, sendtype),
                                  TRI_SIDE_V(recvbuf, recvcounts, displs, recvtype), comm, true);
    return tri_collective_soon(code, &call, request);
}

TRI_API_FIRST(Ineighbor_alltoall)
(const void *sendbuf, MPI_Count sendcount, MPI_Datatype sendtype, void *recvbuf, MPI_Count recvcount,
 MPI_Datatype recvtype, MPI_Comm comm, MPI_Request *request)
{
    struct tri_collective call;
    int code = tri_take_neighbors(&call, TRI_NEIGHBOR_ALLTOALL, TRI_SIDE(sendbuf, sendcount, sendtype),
                                  TRI_SIDE(recvbuf, recvcount, recvtype), comm, false);
    return tri_collective_soon(code, &call, request);
}

TRI_API_FIRST(Ineighbor_alltoallv)
(const void *sendbuf, tri_counts sendcounts, tri_counts sdispls, MPI_Datatype sendtype, void *recvbuf,
 tri_counts recvcounts, tri_counts rdispls, MPI_Datatype recvtype, MPI_Comm comm, MPI_Request *request)
{
    struct tri_collective call;
    int code = tri_take_neighbors(&call, TRI_NEIGHBOR_ALLTOALL, TRI_SIDE_V(sendbuf, sendcounts, sdispls, sendtype),
                                  TRI_SIDE_V(recvbuf, recvcounts, rdispls, recvtype), comm, true);
    return tri_collective_soon(code, &call, request);
}

TRI_API_FIRST(Ineighbor_alltoallw)
(const void *sendbuf, tri_counts sendcounts, const MPI_Aint sdispls[], const MPI_Datatype sendtypes[], void *recvbuf,
 tri_counts recvcounts, const MPI_Aint rdispls[], const MPI_Datatype recvtypes[], MPI_Comm comm, MPI_Request *request)
{
    struct tri_collective call;
    int code =
        tri_take_neighbors(&call, TRI_NEIGHBOR_ALLTOALL, TRI_SIDE_W(sendbuf, sendcounts, in_bytes(sdispls), sendtypes),
                           TRI_SIDE_W(recvbuf, recvcounts, in_bytes(rdispls), recvtypes), comm, true);
    return tri_collective_soon(code, &call, request);
}

/* ---- persistent: the info argument has no hints that we know ---- */

TRI_API_FIRST(Neighbor_allgather_init)
(const void *sendbuf, MPI_Count sendcount, MPI_Datatype sendtype, void *recvbuf, MPI_Count recvcount,
 MPI_Datatype recvtype, MPI_Comm comm, MPI_Info info, MPI_Request *request)
{
    struct tri_collective call;
    int code = tri_take_neighbors(&call, TRI_NEIGHBOR_ALLGATHER, TRI_SIDE(sendbuf, sendcount, sendtype),
                                  TRI_SIDE(recvbuf, recvcount, recvtype), comm, false);
    return tri_collective_often(code, &call, info, request);
}

TRI_API_FIRST(Neighbor_allgatherv_init)
(const void *sendbuf, MPI_Count sendcount, MPI_Datatype sendtype, void *recvbuf, tri_counts recvcounts,
 tri_counts displs, MPI_Datatype recvtype, MPI_Comm comm, MPI_Info info, MPI_Request *request)
{
    struct tri_collective call;
    int code = tri_take_neighbors(&call, TRI_NEIGHBOR_ALLGATHER, TRI_SIDE(sendbuf, sendcount, sendtype),
                                  TRI_SIDE_V(recvbuf, recvcounts, displs, recvtype), comm, true);
    return tri_collective_often(code, &call, info, request);
}

TRI_API_FIRST(Neighbor_alltoall_init)
(const void *sendbuf, MPI_Count sendcount, MPI_Datatype sendtype, void *recvbuf, MPI_Count recvcount,
 MPI_Datatype recvtype, MPI_Comm comm, MPI_Info info, MPI_Request *request)
{
    struct tri_collective call;
    int code = tri_take_neighbors(&call, TRI_NEIGHBOR_ALLTOALL, TRI_SIDE(sendbuf, sendcount, sendtype),
                                  TRI_SIDE(recvbuf, recvcount, recvtype), comm, false);
    return tri_collective_often(code, &call, info, request);
}

TRI_API_FIRST(Neighbor_alltoallv_init)
(const void *sendbuf, tri_counts sendcounts, tri_counts sdispls, MPI_Datatype sendtype, void *recvbuf,
 tri_counts recvcounts, tri_counts rdispls, MPI_Datatype recvtype, MPI_Comm comm, MPI_Info info, MPI_Request *request)
{
    struct tri_collective call;
    int code = tri_take_neighbors(&call, TRI_NEIGHBOR_ALLTOALL, TRI_SIDE_V(sendbuf, sendcounts, sdispls, sendtype),
                                  TRI_SIDE_V(recvbuf, recvcounts, rdispls, recvtype), comm, true);
    return tri_collective_often(code, &call, info, request);
}

TRI_API_FIRST(Neighbor_alltoallw_init)
(const void *sendbuf, tri_counts sendcounts, const MPI_Aint sdispls[], const MPI_Datatype sendtypes[], void *recvbuf,
 tri_counts recvcounts, const MPI_Aint rdispls[], const MPI_Datatype recvtypes[], MPI_Comm comm, MPI_Info info,
 MPI_Request *request)
{
    struct tri_collective call;
    int code =
        tri_take_neighbors(&call, TRI_NEIGHBOR_ALLTOALL, TRI_SIDE_W(sendbuf, sendcounts, in_bytes(sdispls), sendtypes),
                           TRI_SIDE_W(recvbuf, recvcounts, in_bytes(rdispls), recvtypes), comm, true);
    return tri_collective_often(code, &call, info, request);
}

/* Collective operations, persistent (MPI 5.0, 6.13). The info argument has no hints that we know. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "collectives.h"

TRI_API_FIRST(Barrier_init)(MPI_Comm comm, MPI_Info info, MPI_Request *request)
{
    struct tri_collective call;
    int code = tri_take_barrier(&call, comm);
    return tri_collective_often(code, &call, info, request);
}

TRI_API_FIRST(Bcast_init)
(void *buffer, MPI_Count count, MPI_Datatype datatype, int root, MPI_Comm comm, MPI_Info info, MPI_Request *request)
{
    struct tri_collective call;
    int code = tri_take_bcast(&call, buffer, count, datatype, root, comm);
    return tri_collective_often(code, &call, info, request);
}

TRI_API_FIRST(Gather_init)
(const void *sendbuf, MPI_Count sendcount, MPI_Datatype sendtype, void *recvbuf, MPI_Count recvcount,
 MPI_Datatype recvtype, int root, MPI_Comm comm, MPI_Info info, MPI_Request *request)
{
    struct tri_collective call;
    int code = tri_take_gather(&call, TRI_SIDE(sendbuf, sendcount, sendtype), TRI_SIDE(recvbuf, recvcount, recvtype),
                               root, comm, false);
    return tri_collective_often(code, &call, info, request);
}

TRI_API_FIRST(Gatherv_init)
(const void *sendbuf, MPI_Count sendcount, MPI_Datatype sendtype, void *recvbuf, tri_counts recvcounts,
 tri_counts displs, MPI_Datatype recvtype, int root, MPI_Comm comm, MPI_Info info, MPI_Request *request)
{
    struct tri_collective call;
    int code = tri_take_gather(&call, TRI_SIDE(sendbuf, sendcount, sendtype),
                               TRI_SIDE_V(recvbuf, recvcounts, displs, recvtype), root, comm, true);
    return tri_collective_often(code, &call, info, request);
}

TRI_API_FIRST(Scatter_init)
(const void *sendbuf, MPI_Count sendcount, MPI_Datatype sendtype, void *recvbuf, MPI_Count recvcount,
 MPI_Datatype recvtype, int root, MPI_Comm comm, MPI_Info info, MPI_Request *request)
{
    struct tri_collective call;
    int code = tri_take_scatter(&call, TRI_SIDE(sendbuf, sendcount, sendtype), TRI_SIDE(recvbuf, recvcount, recvtype),
                                root, comm, false);
    return tri_collective_often(code, &call, info, request);
}

TRI_API_FIRST(Scatterv_init)
(const void *sendbuf, tri_counts sendcounts, tri_counts displs, MPI_Datatype sendtype, void *recvbuf,
 MPI_Count recvcount, MPI_Datatype recvtype, int root, MPI_Comm comm, MPI_Info info, MPI_Request *request)
{
    struct tri_collective call;
    int code = tri_take_scatter(&call, TRI_SIDE_V(sendbuf, sendcounts, displs, sendtype),
                                TRI_SIDE(recvbuf, recvcount, recvtype), root, comm, true);
    return tri_collective_often(code, &call, info, request);
}

TRI_API_FIRST(Allgather_init)
(const void *sendbuf, MPI_Count sendcount, MPI_Datatype sendtype, void *recvbuf, MPI_Count recvcount,
 MPI_Datatype recvtype, MPI_Comm comm, MPI_Info info, MPI_Request *request)
{
    struct tri_collective call;
    int code = tri_take_allgather(&call, TRI_SIDE(sendbuf, sendcount, sendtype), TRI_SIDE(recvbuf, recvcount, recvtype),
                                  comm, false);
    return tri_collective_often(code, &call, info, request);
}

TRI_API_FIRST(Allgatherv_init)
(const void *sendbuf, MPI_Count sendcount, MPI_Datatype sendtype, void *recvbuf, tri_counts recvcounts,
 tri_counts displs, MPI_Datatype recvtype, MPI_Comm comm, MPI_Info info, MPI_Request *request)
{
    struct tri_collective call;
    int code = tri_take_allgather(&call, TRI_SIDE(sendbuf, sendcount, sendtype),
                                  TRI_SIDE_V(recvbuf, recvcounts, displs, recvtype), comm, true);
    return tri_collective_often(code, &call, info, request);
}

TRI_API_FIRST(Alltoall_init)
(const void *sendbuf, MPI_Count sendcount, MPI_Datatype sendtype, void *recvbuf, MPI_Count recvcount,
 MPI_Datatype recvtype, MPI_Comm comm, MPI_Info info, MPI_Request *request)
{
    struct tri_collective call;
    int code = tri_take_alltoall(&call, TRI_SIDE(sendbuf, sendcount, sendtype), TRI_SIDE(recvbuf, recvcount, recvtype),
                                 comm, false);
    return tri_collective_often(code, &call, info, request);
}

TRI_API_FIRST(Alltoallv_init)
(const void *sendbuf, tri_counts sendcounts, tri_counts sdispls, MPI_Datatype sendtype, void *recvbuf,
 tri_counts recvcounts, tri_counts rdispls, MPI_Datatype recvtype, MPI_Comm comm, MPI_Info info, MPI_Request *request)
{
    struct tri_collective call;
    int code = tri_take_alltoall(&call, TRI_SIDE_V(sendbuf, sendcounts, sdispls, sendtype),
                                 TRI_SIDE_V(recvbuf, recvcounts, rdispls, recvtype), comm, true);
    return tri_collective_often(code, &call, info, request);
}

TRI_API_FIRST(Alltoallw_init)
(const void *sendbuf, tri_counts sendcounts, tri_counts sdispls, const MPI_Datatype sendtypes[], void *recvbuf,
 tri_counts recvcounts, tri_counts rdispls, const MPI_Datatype recvtypes[], MPI_Comm comm, MPI_Info info,
 MPI_Request *request)
{
    struct tri_collective call;
    int code = tri_take_alltoall(&call, TRI_SIDE_W(sendbuf, sendcounts, sdispls, sendtypes),
                                 TRI_SIDE_W(recvbuf, recvcounts, rdispls, recvtypes), comm, true);
    return tri_collective_often(code, &call, info, request);
}

TRI_API_FIRST(Reduce_init)
(const void *sendbuf, void *recvbuf, MPI_Count count, MPI_Datatype datatype, MPI_Op op, int root, MPI_Comm comm,
 MPI_Info info, MPI_Request *request)
{
    struct tri_collective call;
    int code = tri_take_reduce(&call, sendbuf, recvbuf, count, datatype, op, root, comm);
    return tri_collective_often(code, &call, info, request);
}

TRI_API_FIRST(Allreduce_init)
(const void *sendbuf, void *recvbuf, MPI_Count count, MPI_Datatype datatype, MPI_Op op, MPI_Comm comm, MPI_Info info,
 MPI_Request *request)
{
    struct tri_collective call;
    int code = tri_take_reduce_all(&call, TRI_ALLREDUCE, sendbuf, recvbuf, count, datatype, op, comm);
    return tri_collective_often(code, &call, info, request);
}

TRI_API_FIRST(Scan_init)
(const void *sendbuf, void *recvbuf, MPI_Count count, MPI_Datatype datatype, MPI_Op op, MPI_Comm comm, MPI_Info info,
 MPI_Request *request)
{
    struct tri_collective call;
    int code = tri_take_reduce_all(&call, TRI_SCAN, sendbuf, recvbuf, count, datatype, op, comm);
    return tri_collective_often(code, &call, info, request);
}

TRI_API_FIRST(Exscan_init)
(const void *sendbuf, void *recvbuf, MPI_Count count, MPI_Datatype datatype, MPI_Op op, MPI_Comm comm, MPI_Info info,
 MPI_Request *request)
{
    struct tri_collective call;
    int code = tri_take_reduce_all(&call, TRI_EXSCAN, sendbuf, recvbuf, count, datatype, op, comm);
    return tri_collective_often(code, &call, info, request);
}

TRI_API_FIRST(Reduce_scatter_block_init)
(const void *sendbuf, void *recvbuf, MPI_Count recvcount, MPI_Datatype datatype, MPI_Op op, MPI_Comm comm,
 MPI_Info info, MPI_Request *request)
{
    struct tri_collective call;
    int code = tri_take_reduce_scatter(&call, sendbuf, recvbuf, recvcount, NULL, datatype, op, comm);
    return tri_collective_often(code, &call, info, request);
}

TRI_API_FIRST(Reduce_scatter_init)
(const void *sendbuf, void *recvbuf, tri_counts recvcounts, MPI_Datatype datatype, MPI_Op op, MPI_Comm comm,
 MPI_Info info, MPI_Request *request)
{
    struct tri_collective call;
    int code = tri_take_reduce_scatter(&call, sendbuf, recvbuf, 0, &recvcounts, datatype, op, comm);
    return tri_collective_often(code, &call, info, request);
}

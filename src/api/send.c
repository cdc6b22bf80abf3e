/* Sends but for buffered ones (MPI 5.0, 3.2.1, 3.4, 3.7.2). */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "../p2p/p2p.h"
#include "api.h"

static inline int blocking(const void *buf, MPI_Count count, MPI_Datatype datatype, int dest, int tag, MPI_Comm comm,
                           enum tri_send_mode mode)
{
    struct tri_operation op;
    int code = tri_api_send_operation(&op, buf, count, datatype, dest, tag, comm);
    if (TRI_UNLIKELY(code != MPI_SUCCESS || dest == MPI_PROC_NULL)) {
        return code;
    }
    return tri_p2p_send(&op, mode);
}

static inline int nonblocking(const void *buf, MPI_Count count, MPI_Datatype datatype, int dest, int tag, MPI_Comm comm,
                              MPI_Request *request, enum tri_send_mode mode)
{
    struct tri_operation op;
    int code = tri_api_send_operation(&op, buf, count, datatype, dest, tag, comm);
    if (TRI_UNLIKELY(code != MPI_SUCCESS)) {
        return code;
    }
    TRI_CHECK_POINTER(op.comm, request);
    *request = tri_request_handle(dest == MPI_PROC_NULL ? &tri_request_sent : tri_p2p_isend(&op, mode));
    return MPI_SUCCESS;
}

TRI_API_LANE(Send)(const void *buf, MPI_Count count, MPI_Datatype datatype, int dest, int tag, MPI_Comm comm)
{
    return blocking(buf, count, datatype, dest, tag, comm, TRI_SEND_STANDARD);
}

TRI_API_LANE(Ssend)(const void *buf, MPI_Count count, MPI_Datatype datatype, int dest, int tag, MPI_Comm comm)
{
    return blocking(buf, count, datatype, dest, tag, comm, TRI_SEND_SYNCHRONOUS);
}

TRI_API_LANE(Rsend)(const void *buf, MPI_Count count, MPI_Datatype datatype, int dest, int tag, MPI_Comm comm)
{
    return blocking(buf, count, datatype, dest, tag, comm, TRI_SEND_READY);
}

TRI_API_LANE(Isend)(const void *buf, MPI_Count count, MPI_Datatype datatype, int dest, int tag, MPI_Comm comm,
                    MPI_Request *request)
{
    return nonblocking(buf, count, datatype, dest, tag, comm, request, TRI_SEND_STANDARD);
}

TRI_API_LANE(Issend)(const void *buf, MPI_Count count, MPI_Datatype datatype, int dest, int tag, MPI_Comm comm,
                     MPI_Request *request)
{
    return nonblocking(buf, count, datatype, dest, tag, comm, request, TRI_SEND_SYNCHRONOUS);
}

TRI_API_LANE(Irsend)(const void *buf, MPI_Count count, MPI_Datatype datatype, int dest, int tag, MPI_Comm comm,
                     MPI_Request *request)
{
    return nonblocking(buf, count, datatype, dest, tag, comm, request, TRI_SEND_READY);
}

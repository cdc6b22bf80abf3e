/* Sends (MPI 5.0, 3.2.1, 3.4, 3.7.2). */
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

static int buffered(const void *buf, MPI_Count count, MPI_Datatype datatype, int dest, int tag, MPI_Comm comm)
{
    struct tri_operation op;
    int code = tri_api_send_operation(&op, buf, count, datatype, dest, tag, comm);
    if (code == MPI_SUCCESS && dest != MPI_PROC_NULL && !tri_bsend_start(&op)) {
        char text[120];
        tri_bsend_describe(text, sizeof text);
        return tri_error(op.comm, MPI_ERR_BUFFER, "no room for a message of %lld bytes: %s (MPI_Buffer_attach)",
                         (long long)(count * op.type->size), text);
    }
    return code;
}

TRI_API(Send)(const void *buf, MPI_Count count, MPI_Datatype datatype, int dest, int tag, MPI_Comm comm)
{
    return blocking(buf, count, datatype, dest, tag, comm, TRI_SEND_STANDARD);
}

TRI_API(Ssend)(const void *buf, MPI_Count count, MPI_Datatype datatype, int dest, int tag, MPI_Comm comm)
{
    return blocking(buf, count, datatype, dest, tag, comm, TRI_SEND_SYNCHRONOUS);
}

TRI_API(Rsend)(const void *buf, MPI_Count count, MPI_Datatype datatype, int dest, int tag, MPI_Comm comm)
{
    return blocking(buf, count, datatype, dest, tag, comm, TRI_SEND_READY);
}

TRI_API(Bsend)(const void *buf, MPI_Count count, MPI_Datatype datatype, int dest, int tag, MPI_Comm comm)
{
    return buffered(buf, count, datatype, dest, tag, comm);
}

TRI_API(Isend)(const void *buf, MPI_Count count, MPI_Datatype datatype, int dest, int tag, MPI_Comm comm,
               MPI_Request *request)
{
    return nonblocking(buf, count, datatype, dest, tag, comm, request, TRI_SEND_STANDARD);
}

TRI_API(Issend)(const void *buf, MPI_Count count, MPI_Datatype datatype, int dest, int tag, MPI_Comm comm,
                MPI_Request *request)
{
    return nonblocking(buf, count, datatype, dest, tag, comm, request, TRI_SEND_SYNCHRONOUS);
}

TRI_API(Irsend)(const void *buf, MPI_Count count, MPI_Datatype datatype, int dest, int tag, MPI_Comm comm,
                MPI_Request *request)
{
    return nonblocking(buf, count, datatype, dest, tag, comm, request, TRI_SEND_READY);
}

TRI_API(Ibsend)(const void *buf, MPI_Count count, MPI_Datatype datatype, int dest, int tag, MPI_Comm comm,
                MPI_Request *request)
{
    TRI_CHECK_POINTER(tri_comm_get(comm), request);
    int code = buffered(buf, count, datatype, dest, tag, comm);
    if (code == MPI_SUCCESS) {
        *request = tri_request_handle(&tri_request_sent);
    }
    return code;
}

TRI_API(Buffer_attach)(void *buffer, MPI_Count size)
{
    TRI_CHECK(size >= 0, NULL, MPI_ERR_ARG, "size is %lld, which is negative", (long long)size);
    int code = tri_bsend_attach(buffer, size);
    TRI_CHECK(code == MPI_SUCCESS, NULL, code, "a buffer is attached already (MPI_Buffer_detach)");
    return code;
}

TRI_API(Buffer_detach)(void *buffer_addr, MPI_Count *size)
{
    TRI_CHECK_POINTER(NULL, buffer_addr);
    TRI_CHECK_POINTER(NULL, size);
    int64_t bytes;
    int code = tri_bsend_detach((void **)buffer_addr, &bytes);
    TRI_CHECK(code == MPI_SUCCESS, NULL, code, "no buffer is attached (MPI_Buffer_attach)");
    *size = bytes;
    return code;
}

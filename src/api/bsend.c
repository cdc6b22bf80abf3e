/* Buffered sends and the buffers for them (MPI 5.0, 3.4, 3.6). */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "../p2p/bsend.h"

#include "../runtime/wait.h"
#include "api.h"

static int start(const void *buf, MPI_Count count, MPI_Datatype datatype, int dest, int tag, MPI_Comm comm)
{
    struct tri_operation op;
    int code = tri_api_send_operation(&op, buf, count, datatype, dest, tag, comm);
    if (code == MPI_SUCCESS && dest != MPI_PROC_NULL && !tri_bsend_start(&op)) {
        return tri_bsend_raise(&op);
    }
    return code;
}

TRI_API(Bsend)(const void *buf, MPI_Count count, MPI_Datatype datatype, int dest, int tag, MPI_Comm comm)
{
    return start(buf, count, datatype, dest, tag, comm);
}

TRI_API(Ibsend)(const void *buf, MPI_Count count, MPI_Datatype datatype, int dest, int tag, MPI_Comm comm,
                MPI_Request *request)
{
    TRI_CHECK_POINTER(tri_comm_get(comm), request);
    int code = start(buf, count, datatype, dest, tag, comm);
    if (code == MPI_SUCCESS) {
        *request = tri_request_handle(&tri_request_sent);
    }
    return code;
}

/* ---- what the forms for process and communicator have in common; comm is NULL for the process ---- */

static int attach(struct tri_comm *comm, struct tri_bsend_buffer *room, void *buffer, MPI_Count size)
{
    if (buffer != MPI_BUFFER_AUTOMATIC) {
        TRI_CHECK(size >= 0, comm, MPI_ERR_ARG, "size is %lld, which is negative", (long long)size);
        TRI_CHECK(buffer || size == 0, comm, MPI_ERR_BUFFER, "buffer is NULL with a size of %lld", (long long)size);
    }
    int code = tri_bsend_attach(room, buffer, size);
    TRI_CHECK(code == MPI_SUCCESS, comm, code, "a buffer is attached already, and has to be detached first");
    return code;
}

static int detach(struct tri_comm *comm, struct tri_bsend_buffer *room, void *buffer_addr, MPI_Count *size)
{
    TRI_CHECK_POINTER(comm, buffer_addr);
    TRI_CHECK_POINTER(comm, size);
    int64_t bytes = 0;
    int code = room ? tri_bsend_detach(room, (void **)buffer_addr, &bytes) : MPI_ERR_BUFFER;
    TRI_CHECK(code == MPI_SUCCESS, comm, code, "no buffer is attached");
    *size = bytes;
    return code;
}

/* Where no buffer is attached there is nothing to wait for. */
static int flush(struct tri_bsend_buffer *room)
{
    if (room) {
        struct tri_request *request = tri_bsend_flush(room);
        tri_request_wait(request);
        tri_request_give(request);
    }
    return MPI_SUCCESS;
}

static int start_flush(struct tri_comm *comm, struct tri_bsend_buffer *room, MPI_Request *request)
{
    TRI_CHECK_POINTER(comm, request);
    struct tri_request *started = room ? tri_bsend_flush(room) : &tri_request_sent;
    *request = tri_request_handle(started);
    return MPI_SUCCESS;
}

/* ---- the process's ---- */

TRI_API(Buffer_attach)(void *buffer, MPI_Count size)
{
    return attach(NULL, &tri_bsend_process, buffer, size);
}

TRI_API(Buffer_detach)(void *buffer_addr, MPI_Count *size)
{
    return detach(NULL, &tri_bsend_process, buffer_addr, size);
}

TRI_API(Buffer_flush)(void)
{
    return flush(&tri_bsend_process);
}

TRI_API(Buffer_iflush)(MPI_Request *request)
{
    return start_flush(NULL, &tri_bsend_process, request);
}

/* ---- a communicator's ---- */

TRI_API(Comm_attach_buffer)(MPI_Comm comm, void *buffer, MPI_Count size)
{
    TRI_TAKE_COMM(on, comm);
    if (!on->bsend) {
        on->bsend = tri_memory_take(sizeof *on->bsend);
        *on->bsend = (struct tri_bsend_buffer){.attached = false};
    }
    return attach(on, on->bsend, buffer, size);
}

TRI_API(Comm_detach_buffer)(MPI_Comm comm, void *buffer_addr, MPI_Count *size)
{
    TRI_TAKE_COMM(on, comm);
    return detach(on, on->bsend, buffer_addr, size);
}

TRI_API(Comm_flush_buffer)(MPI_Comm comm)
{
    TRI_TAKE_COMM(on, comm);
    return flush(on->bsend);
}

TRI_API(Comm_iflush_buffer)(MPI_Comm comm, MPI_Request *request)
{
    TRI_TAKE_COMM(on, comm);
    return start_flush(on, on->bsend, request);
}

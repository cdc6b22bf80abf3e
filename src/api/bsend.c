/* Buffered sends and the buffers for them (MPI 5.0, 3.4, 3.6). */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "../p2p/bsend.h"

#include <stdio.h>

#include "../comm/session.h"
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

/* ---- what the forms for process, communicator and session have in common ---- */

/* Whose buffer it is; both NULL for the process. */
struct owner {
    struct tri_comm *comm;
    struct tri_session *session;
};

#define OWNER_CHECK(condition, owner, class, ...)                                                                      \
    do {                                                                                                               \
        if (TRI_UNLIKELY(!(condition))) {                                                                              \
            char text[200];                                                                                            \
            snprintf(text, sizeof text, __VA_ARGS__);                                                                  \
            return complain((owner), (class), text);                                                                   \
        }                                                                                                              \
    } while (0)

static int complain(struct owner owner, int class, const char *text)
{
    struct tri_session *session = owner.session;
    return session ? tri_error_on(session->errhandler, &session->handle, "the session", class, text)
                   : tri_error(owner.comm, class, "%s", text);
}

static int attach(struct owner owner, struct tri_bsend_buffer *room, void *buffer, MPI_Count size)
{
    if (buffer != MPI_BUFFER_AUTOMATIC) {
        OWNER_CHECK(size >= 0, owner, MPI_ERR_ARG, "size is %lld, which is negative", (long long)size);
        OWNER_CHECK(buffer || size == 0, owner, MPI_ERR_BUFFER, "buffer is NULL with a size of %lld", (long long)size);
    }
    int code = tri_bsend_attach(room, buffer, size);
    OWNER_CHECK(code == MPI_SUCCESS, owner, code, "a buffer is attached already, and has to be detached first");
    return code;
}

static int detach(struct owner owner, struct tri_bsend_buffer *room, void *buffer_addr, MPI_Count *size)
{
    OWNER_CHECK(buffer_addr, owner, MPI_ERR_ARG, "argument buffer_addr is NULL");
    OWNER_CHECK(size, owner, MPI_ERR_ARG, "argument size is NULL");
    int64_t bytes = 0;
    int code = room ? tri_bsend_detach(room, (void **)buffer_addr, &bytes) : MPI_ERR_BUFFER;
    OWNER_CHECK(code == MPI_SUCCESS, owner, code, "no buffer is attached");
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

static int start_flush(struct owner owner, struct tri_bsend_buffer *room, MPI_Request *request)
{
    OWNER_CHECK(request, owner, MPI_ERR_ARG, "argument request is NULL");
    *request = tri_request_handle(room ? tri_bsend_flush(room) : &tri_request_sent);
    return MPI_SUCCESS;
}

/* ---- the process's ---- */

static const struct owner process;

TRI_API(Buffer_attach)(void *buffer, MPI_Count size)
{
    return attach(process, &tri_bsend_process, buffer, size);
}

TRI_API(Buffer_detach)(void *buffer_addr, MPI_Count *size)
{
    return detach(process, &tri_bsend_process, buffer_addr, size);
}

TRI_API(Buffer_flush)(void)
{
    return flush(&tri_bsend_process);
}

TRI_API(Buffer_iflush)(MPI_Request *request)
{
    return start_flush(process, &tri_bsend_process, request);
}

/* ---- a communicator's ---- */

#define TAKE_COMM_OWNER(owner, handle)                                                                                 \
    TRI_TAKE_COMM(of, handle);                                                                                         \
    const struct owner owner = {.comm = of}

TRI_API(Comm_attach_buffer)(MPI_Comm comm, void *buffer, MPI_Count size)
{
    TAKE_COMM_OWNER(owner, comm);
    if (!of->bsend) {
        of->bsend = tri_memory_take(sizeof *of->bsend);
        *of->bsend = (struct tri_bsend_buffer){.attached = false};
    }
    return attach(owner, of->bsend, buffer, size);
}

TRI_API(Comm_detach_buffer)(MPI_Comm comm, void *buffer_addr, MPI_Count *size)
{
    TAKE_COMM_OWNER(owner, comm);
    return detach(owner, of->bsend, buffer_addr, size);
}

TRI_API(Comm_flush_buffer)(MPI_Comm comm)
{
    TRI_TAKE_COMM(of, comm);
    return flush(of->bsend);
}

TRI_API(Comm_iflush_buffer)(MPI_Comm comm, MPI_Request *request)
{
    TAKE_COMM_OWNER(owner, comm);
    return start_flush(owner, of->bsend, request);
}

/* ---- a session's ---- */

#define TAKE_SESSION(variable, handle)                                                                                 \
    struct tri_session *variable = tri_session_get(handle);                                                            \
    TRI_CHECK(variable, NULL, MPI_ERR_SESSION, "the session is %s",                                                    \
              (handle) == MPI_SESSION_NULL ? "MPI_SESSION_NULL" : "not such a handle, or has been finalized")

#define TAKE_SESSION_OWNER(owner, handle)                                                                              \
    TAKE_SESSION(of, handle);                                                                                          \
    const struct owner owner = {.session = of}

TRI_API(Session_attach_buffer)(MPI_Session session, void *buffer, MPI_Count size)
{
    TAKE_SESSION_OWNER(owner, session);
    return attach(owner, &of->bsend, buffer, size);
}

TRI_API(Session_detach_buffer)(MPI_Session session, void *buffer_addr, MPI_Count *size)
{
    TAKE_SESSION_OWNER(owner, session);
    return detach(owner, &of->bsend, buffer_addr, size);
}

TRI_API(Session_flush_buffer)(MPI_Session session)
{
    TAKE_SESSION(of, session);
    return flush(&of->bsend);
}

TRI_API(Session_iflush_buffer)(MPI_Session session, MPI_Request *request)
{
    TAKE_SESSION_OWNER(owner, session);
    return start_flush(owner, &of->bsend, request);
}

/* Requests beyond waiting: persistent ones, free, cancel, status queries (MPI 5.0, 3.7.3 to 3.9). */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "../p2p/p2p.h"
#include "../runtime/progress.h"
#include "../runtime/wait.h"
#include "api.h"

static MPI_Request make_persistent(const struct tri_operation *op, enum tri_request_type type, enum tri_send_mode mode)
{
    struct tri_request *request = tri_request_take(type);
    request->op = *op;
    request->mode = (uint8_t)mode;
    request->persistent = true;
    request->outcome = (struct tri_outcome){.source = MPI_ANY_SOURCE, .tag = MPI_ANY_TAG};
    tri_request_hold(request);
    return tri_request_handle(request);
}

static int init_send(const void *buf, MPI_Count count, MPI_Datatype datatype, int dest, int tag, MPI_Comm comm,
                     MPI_Request *request, enum tri_send_mode mode)
{
    struct tri_operation op;
    int code = tri_api_send_operation(&op, buf, count, datatype, dest, tag, comm);
    if (code == MPI_SUCCESS) {
        TRI_CHECK_POINTER(op.comm, request);
        *request = make_persistent(&op, TRI_REQUEST_SEND, mode);
    }
    return code;
}

TRI_API(Send_init)(const void *buf, MPI_Count count, MPI_Datatype datatype, int dest, int tag, MPI_Comm comm,
                   MPI_Request *request)
{
    return init_send(buf, count, datatype, dest, tag, comm, request, TRI_SEND_STANDARD);
}

TRI_API(Ssend_init)(const void *buf, MPI_Count count, MPI_Datatype datatype, int dest, int tag, MPI_Comm comm,
                    MPI_Request *request)
{
    return init_send(buf, count, datatype, dest, tag, comm, request, TRI_SEND_SYNCHRONOUS);
}

TRI_API(Rsend_init)(const void *buf, MPI_Count count, MPI_Datatype datatype, int dest, int tag, MPI_Comm comm,
                    MPI_Request *request)
{
    return init_send(buf, count, datatype, dest, tag, comm, request, TRI_SEND_READY);
}

TRI_API(Bsend_init)(const void *buf, MPI_Count count, MPI_Datatype datatype, int dest, int tag, MPI_Comm comm,
                    MPI_Request *request)
{
    return init_send(buf, count, datatype, dest, tag, comm, request, TRI_SEND_BUFFERED);
}

TRI_API(Recv_init)(void *buf, MPI_Count count, MPI_Datatype datatype, int source, int tag, MPI_Comm comm,
                   MPI_Request *request)
{
    struct tri_operation op;
    int code = tri_api_receive_operation(&op, buf, count, datatype, source, tag, comm);
    if (code == MPI_SUCCESS) {
        TRI_CHECK_POINTER(op.comm, request);
        *request = make_persistent(&op, TRI_REQUEST_RECEIVE, TRI_SEND_STANDARD);
    }
    return code;
}

static int start_buffered(struct tri_request *request)
{
    if (!tri_bsend_start(&request->op)) {
        char text[120];
        tri_bsend_describe(text, sizeof text);
        request->active = false;
        return tri_error(request->op.comm, MPI_ERR_BUFFER, "no room for a message of %lld bytes: %s (MPI_Buffer_attach)",
                         (long long)(request->op.count * request->op.type->size), text);
    }
    request->complete = true;
    return MPI_SUCCESS;
}

TRI_API(Start)(MPI_Request *handle)
{
    TRI_CHECK_POINTER(NULL, handle);
    bool valid;
    struct tri_request *request = tri_request_get(*handle, &valid);
    if (!valid || !request) {
        return tri_api_bad_request(*handle);
    }
    TRI_CHECK(request->persistent, request->op.comm, MPI_ERR_REQUEST, "the request is not a persistent one");
    TRI_CHECK(!request->active, request->op.comm, MPI_ERR_REQUEST,
              "the persistent request is active: wait for it before it is started again");
    request->active = true;
    if (request->op.peer == MPI_PROC_NULL) {
        bool receive = request->type == TRI_REQUEST_RECEIVE;
        request->outcome =
            (struct tri_outcome){.source = receive ? MPI_PROC_NULL : MPI_ANY_SOURCE, .tag = MPI_ANY_TAG};
        request->complete = true;
        return MPI_SUCCESS;
    }
    if (request->mode == TRI_SEND_BUFFERED) {
        return start_buffered(request);
    }
    if (request->type == TRI_REQUEST_SEND) {
        tri_p2p_start_send(request);
    } else {
        tri_p2p_start_receive(request);
    }
    return MPI_SUCCESS;
}

TRI_API(Startall)(int count, MPI_Request array_of_requests[])
{
    TRI_CHECK(count >= 0, NULL, MPI_ERR_COUNT, "count is %d, which is negative", count);
    TRI_CHECK(count == 0 || array_of_requests, NULL, MPI_ERR_ARG, "the array of requests is NULL");
    for (int i = 0; i < count; i++) {
        int code = tri_api_Start(&array_of_requests[i]);
        if (code != MPI_SUCCESS) {
            return code;
        }
    }
    return MPI_SUCCESS;
}

TRI_API(Request_free)(MPI_Request *handle)
{
    TRI_CHECK_POINTER(NULL, handle);
    bool valid;
    struct tri_request *request = tri_request_get(*handle, &valid);
    if (!valid || !request) {
        return tri_api_bad_request(*handle);
    }
    *handle = MPI_REQUEST_NULL;
    if (request->complete || (request->persistent && !request->active)) {
        tri_request_give(request);
    } else {
        request->detached = true;
    }
    return MPI_SUCCESS;
}

TRI_API(Cancel)(MPI_Request *handle)
{
    TRI_CHECK_POINTER(NULL, handle);
    bool valid;
    struct tri_request *request = tri_request_get(*handle, &valid);
    if (!valid || !request) {
        return tri_api_bad_request(*handle);
    }
    tri_p2p_cancel(request);
    return MPI_SUCCESS;
}

TRI_API(Request_get_status)(MPI_Request handle, int *flag, MPI_Status *status)
{
    TRI_CHECK_POINTER(NULL, flag);
    bool valid;
    struct tri_request *request = tri_request_get(handle, &valid);
    if (!valid) {
        return tri_api_bad_request(handle);
    }
    *flag = 1;
    if (!request || (request->persistent && !request->active)) {
        tri_status_set_empty(status);
        return MPI_SUCCESS;
    }
    if (!request->complete && tri_progress() == 0) {
        tri_wait_courtesy();
    }
    *flag = request->complete;
    if (*flag && status != MPI_STATUS_IGNORE) {
        tri_status_set(status, &request->outcome);
    }
    return MPI_SUCCESS;
}

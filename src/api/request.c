/* Requests beyond waiting: persistent ones, free, cancel, status queries (MPI 5.0, 3.7.3 to 3.9). */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "../../collectives/collectives.h"
#include "../p2p/bsend.h"
#include "../p2p/partitioned.h"
#include "../request/grequest.h"
#include "requests.h"

static MPI_Request make_persistent(const struct tri_operation *op, enum tri_request_type type, enum tri_send_mode mode)
{
    unsigned lane = mode == TRI_SEND_BUFFERED ? 0 : op->match->lane;
    struct tri_request *request = tri_request_take_in(lane, type);
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

/* Start of a send or receive with MPI_PROC_NULL. */
static void start_nobody(struct tri_request *request)
{
    bool receive = request->type == TRI_REQUEST_RECEIVE;
    request->outcome = (struct tri_outcome){.source = receive ? MPI_PROC_NULL : MPI_ANY_SOURCE, .tag = MPI_ANY_TAG};
    request->complete = true;
}

static int start_buffered(struct tri_request *request)
{
    if (!tri_bsend_start(&request->op)) {
        request->active = false;
        return tri_bsend_raise(&request->op);
    }
    request->complete = true;
    return MPI_SUCCESS;
}

static int start(struct tri_request *request)
{
    request->active = true;
    if (request->type >= TRI_REQUEST_PARTITIONED_SEND) {
        tri_partitioned_start(request);
    } else if (request->type == TRI_REQUEST_COLLECTIVE) {
        tri_collective_restart(request);
    } else if (request->op.peer == MPI_PROC_NULL) {
        start_nobody(request);
    } else if (request->mode == TRI_SEND_BUFFERED) {
        return start_buffered(request);
    } else if (request->type == TRI_REQUEST_SEND) {
        tri_p2p_start_send(request);
    } else {
        tri_p2p_start_receive(request);
    }
    return MPI_SUCCESS;
}

static int check_start(MPI_Request handle)
{
    bool valid;
    struct tri_request *request = tri_request_get(handle, &valid);
    if (!valid || !request) {
        return tri_api_bad_request(handle);
    }
    TRI_CHECK(request->persistent, request->op.comm, MPI_ERR_REQUEST, "the request is not a persistent one");
    TRI_CHECK(!request->active, request->op.comm, MPI_ERR_REQUEST,
              "the persistent request is active: wait for it before it is started again");
    return MPI_SUCCESS;
}

TRI_API_LANE(Start)(MPI_Request *handle)
{
    TRI_CHECK_POINTER(NULL, handle);
    int code = check_start(*handle);
    return code == MPI_SUCCESS ? start((struct tri_request *)(void *)*handle) : code;
}

/* All are looked at before the first one is started; once more each, for one may stand there twice. */
TRI_API_LANE(Startall)(int count, MPI_Request requests[])
{
    TRI_CHECK(count >= 0, NULL, MPI_ERR_COUNT, "count is %d, which is negative", count);
    TRI_CHECK(count == 0 || requests, NULL, MPI_ERR_ARG, "the array of requests is NULL");
    int code = MPI_SUCCESS;
    for (int i = 0; i < count && code == MPI_SUCCESS; i++) {
        code = check_start(requests[i]);
    }
    for (int i = 0; i < count && code == MPI_SUCCESS; i++) {
        code = tri_api_Start(&requests[i]);
    }
    return code;
}

/* One that is under way is freed by its completion. Its object is marked already, so that a copy of the handle is
 * found out. */
static void detach(struct tri_request *request)
{
    request->detached = true;
    request->object.kind = TRI_FREED;
}

TRI_API(Request_free)(MPI_Request *handle)
{
    TRI_CHECK_POINTER(NULL, handle);
    bool valid;
    struct tri_request *request = tri_request_get(*handle, &valid);
    if (!valid || !request) {
        return tri_api_bad_request(*handle);
    }
    bool under_way = !request->complete && !tri_api_is_idle(request);
    TRI_CHECK(!under_way || request->type != TRI_REQUEST_COLLECTIVE, request->op.comm, MPI_ERR_REQUEST,
              "the request is that of a collective operation under way, which can not be freed");
    TRI_CHECK(!under_way || request->type < TRI_REQUEST_PARTITIONED_SEND, request->op.comm, MPI_ERR_REQUEST,
              "the request is that of a partitioned operation under way, which can not be freed");
    *handle = MPI_REQUEST_NULL;
    if (request->type == TRI_REQUEST_GENERALIZED) {
        return tri_request_raise(NULL, tri_grequest_free(request));
    }
    if (under_way) {
        detach(request);
    } else if (request->type == TRI_REQUEST_COLLECTIVE && request->persistent) {
        tri_collective_forget(request);
    } else if (request->type >= TRI_REQUEST_PARTITIONED_SEND) {
        tri_partitioned_free(request);
    } else {
        tri_request_give(request);
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
    if (request->type == TRI_REQUEST_GENERALIZED) {
        return tri_request_raise(NULL, tri_grequest_cancel(request));
    }
    TRI_CHECK(!tri_api_is_idle(request), request->op.comm, MPI_ERR_REQUEST,
              "the persistent request is not active: there is nothing to cancel");
    TRI_CHECK(request->type <= TRI_REQUEST_PAIR, request->op.comm, MPI_ERR_REQUEST,
              "the request is that of a %s operation, which can not be cancelled",
              request->type == TRI_REQUEST_COLLECTIVE ? "collective" : "partitioned or flush");
    tri_p2p_cancel(request);
    return MPI_SUCCESS;
}

/* Combined send and receive (MPI 5.0, 3.11). */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdlib.h>

#include "../p2p/p2p.h"
#include "api.h"

static struct tri_request *start_receive(const struct tri_operation *op)
{
    return op->peer == MPI_PROC_NULL ? tri_api_null_receive(op) : tri_p2p_ireceive(op);
}

static struct tri_request *start_send(const struct tri_operation *op)
{
    return op->peer == MPI_PROC_NULL ? &tri_request_sent : tri_p2p_isend(op, TRI_SEND_STANDARD);
}

/* The receive first, so that a message to the own rank finds it. */
static int exchange(const struct tri_operation *send, const struct tri_operation *receive, MPI_Status *status)
{
    struct tri_request *in = start_receive(receive), *out = start_send(send);
    tri_request_wait(out);
    tri_request_wait(in);
    tri_request_give(out);
    MPI_Request handle = tri_request_handle(in);
    return tri_request_finish(&handle, in, status);
}

TRI_API_LANE(Sendrecv)(const void *sendbuf, MPI_Count sendcount, MPI_Datatype sendtype, int dest, int sendtag,
                       void *recvbuf, MPI_Count recvcount, MPI_Datatype recvtype, int source, int recvtag,
                       MPI_Comm comm, MPI_Status *status)
{
    struct tri_operation send, receive;
    int code = tri_api_send_operation(&send, sendbuf, sendcount, sendtype, dest, sendtag, comm);
    if (code == MPI_SUCCESS) {
        code = tri_api_receive_operation(&receive, recvbuf, recvcount, recvtype, source, recvtag, comm);
    }
    return code == MPI_SUCCESS ? tri_api_result(send.comm, exchange(&send, &receive, status)) : code;
}

/* A packed copy of what is to be sent, as a send of bytes. */
static void *set_aside(struct tri_operation *send)
{
    int64_t bytes = send->count * send->type->size;
    void *copy = tri_memory_take((size_t)bytes);
    tri_datatype_copy(send->type, send->buffer, 0, copy, bytes, TRI_PACK);
    send->buffer = copy;
    send->count = bytes;
    send->type = tri_datatype_get(MPI_BYTE);
    return copy;
}

TRI_API_LANE(Sendrecv_replace)(void *buf, MPI_Count count, MPI_Datatype datatype, int dest, int sendtag, int source,
                               int recvtag, MPI_Comm comm, MPI_Status *status)
{
    struct tri_operation send, receive;
    int code = tri_api_send_operation(&send, buf, count, datatype, dest, sendtag, comm);
    if (code == MPI_SUCCESS) {
        code = tri_api_receive_operation(&receive, buf, count, datatype, source, recvtag, comm);
    }
    if (code != MPI_SUCCESS) {
        return code;
    }
    void *copy = set_aside(&send);
    code = exchange(&send, &receive, status);
    free(copy);
    return tri_api_result(send.comm, code);
}

/* ---- nonblocking: one request for two ---- */

static void part_done(struct tri_request *part)
{
    struct tri_request *pair = part->owner;
    if (part->type == TRI_REQUEST_RECEIVE) {
        pair->outcome = part->outcome;
    }
    tri_request_give(part);
    if (--pair->parts_left == 0) {
        tri_request_complete(pair);
    }
}

/* The shared request of completed sends carries nothing and must not be written to. */
static void join(struct tri_request *pair, struct tri_request *part)
{
    if (part == &tri_request_sent) {
        pair->parts_left--;
        return;
    }
    part->owner = pair;
    if (part->complete) {
        part_done(part);
    } else {
        part->done = part_done;
    }
}

static MPI_Request start_pair(const struct tri_operation *send, const struct tri_operation *receive, void *copy)
{
    struct tri_request *pair = tri_request_take_in(receive->match->lane, TRI_REQUEST_PAIR);
    pair->op = *receive;
    pair->bounce = copy;
    tri_request_hold(pair);
    pair->parts_left = 3; /* one for this function, so that it does not complete under its hands */
    join(pair, start_receive(receive));
    join(pair, start_send(send));
    if (--pair->parts_left == 0) {
        tri_request_complete(pair);
    }
    return tri_request_handle(pair);
}

TRI_API_LANE(Isendrecv)(const void *sendbuf, MPI_Count sendcount, MPI_Datatype sendtype, int dest, int sendtag,
                        void *recvbuf, MPI_Count recvcount, MPI_Datatype recvtype, int source, int recvtag,
                        MPI_Comm comm, MPI_Request *request)
{
    struct tri_operation send, receive;
    int code = tri_api_send_operation(&send, sendbuf, sendcount, sendtype, dest, sendtag, comm);
    if (code == MPI_SUCCESS) {
        code = tri_api_receive_operation(&receive, recvbuf, recvcount, recvtype, source, recvtag, comm);
    }
    if (code != MPI_SUCCESS) {
        return code;
    }
    TRI_CHECK_POINTER(send.comm, request);
    *request = start_pair(&send, &receive, NULL);
    return MPI_SUCCESS;
}

TRI_API_LANE(Isendrecv_replace)(void *buf, MPI_Count count, MPI_Datatype datatype, int dest, int sendtag, int source,
                                int recvtag, MPI_Comm comm, MPI_Request *request)
{
    struct tri_operation send, receive;
    int code = tri_api_send_operation(&send, buf, count, datatype, dest, sendtag, comm);
    if (code == MPI_SUCCESS) {
        code = tri_api_receive_operation(&receive, buf, count, datatype, source, recvtag, comm);
    }
    if (code != MPI_SUCCESS) {
        return code;
    }
    TRI_CHECK_POINTER(send.comm, request);
    void *copy = set_aside(&send);
    *request = start_pair(&send, &receive, copy);
    return MPI_SUCCESS;
}

/* Receives and probes (MPI 5.0, 3.2.4, 3.7.2, 3.8). */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "../p2p/p2p.h"
#include "../runtime/progress.h"
#include "../runtime/wait.h"
#include "api.h"

TRI_API_LANE(Recv)(void *buf, MPI_Count count, MPI_Datatype datatype, int source, int tag, MPI_Comm comm,
                   MPI_Status *status)
{
    struct tri_operation op;
    int code = tri_api_receive_operation(&op, buf, count, datatype, source, tag, comm);
    if (TRI_UNLIKELY(code != MPI_SUCCESS)) {
        return code;
    }
    if (TRI_UNLIKELY(source == MPI_PROC_NULL)) {
        tri_api_null_status(status);
        return MPI_SUCCESS;
    }
    return tri_api_result(op.comm, tri_p2p_receive(&op, status));
}

TRI_API_LANE(Irecv)(void *buf, MPI_Count count, MPI_Datatype datatype, int source, int tag, MPI_Comm comm,
                    MPI_Request *request)
{
    struct tri_operation op;
    int code = tri_api_receive_operation(&op, buf, count, datatype, source, tag, comm);
    if (TRI_UNLIKELY(code != MPI_SUCCESS)) {
        return code;
    }
    TRI_CHECK_POINTER(op.comm, request);
    *request = tri_request_handle(source == MPI_PROC_NULL ? tri_api_null_receive(&op) : tri_p2p_ireceive(&op));
    return MPI_SUCCESS;
}

/* One look, after progress when there was nothing. With message: takes it out (matched probe). */
static bool look(const struct tri_operation *op, struct tri_message **message, MPI_Status *status)
{
    if (message) {
        *message = tri_p2p_mprobe(op, status);
        return *message != NULL;
    }
    return tri_p2p_probe(op, status);
}

static void probe_blocking(const struct tri_operation *op, struct tri_message **message, MPI_Status *status)
{
    struct tri_wait wait = {0};
    while (!look(op, message, status)) {
        tri_wait_step(&wait);
    }
}

static bool probe_once(const struct tri_operation *op, struct tri_message **message, MPI_Status *status)
{
    if (look(op, message, status)) {
        return true;
    }
    if (tri_progress() > 0) {
        return look(op, message, status);
    }
    tri_wait_courtesy();
    return false;
}

TRI_API_LANE(Probe)(int source, int tag, MPI_Comm comm, MPI_Status *status)
{
    struct tri_operation op;
    int code = tri_api_receive_operation(&op, NULL, 0, MPI_BYTE, source, tag, comm);
    if (code == MPI_SUCCESS && source == MPI_PROC_NULL) {
        tri_api_null_status(status);
    } else if (code == MPI_SUCCESS) {
        probe_blocking(&op, NULL, status);
    }
    return code;
}

TRI_API_LANE(Iprobe)(int source, int tag, MPI_Comm comm, int *flag, MPI_Status *status)
{
    struct tri_operation op;
    int code = tri_api_receive_operation(&op, NULL, 0, MPI_BYTE, source, tag, comm);
    if (code != MPI_SUCCESS) {
        return code;
    }
    TRI_CHECK_POINTER(op.comm, flag);
    if (source == MPI_PROC_NULL) {
        tri_api_null_status(status);
        *flag = 1;
    } else {
        *flag = probe_once(&op, NULL, status);
    }
    return MPI_SUCCESS;
}

TRI_API_LANE(Mprobe)(int source, int tag, MPI_Comm comm, MPI_Message *message, MPI_Status *status)
{
    struct tri_operation op;
    int code = tri_api_receive_operation(&op, NULL, 0, MPI_BYTE, source, tag, comm);
    if (code != MPI_SUCCESS) {
        return code;
    }
    TRI_CHECK_POINTER(op.comm, message);
    if (source == MPI_PROC_NULL) {
        tri_api_null_status(status);
        *message = MPI_MESSAGE_NO_PROC;
        return MPI_SUCCESS;
    }
    struct tri_message *found;
    probe_blocking(&op, &found, status);
    *message = (MPI_Message)(void *)found;
    return MPI_SUCCESS;
}

TRI_API_LANE(Improbe)(int source, int tag, MPI_Comm comm, int *flag, MPI_Message *message, MPI_Status *status)
{
    struct tri_operation op;
    int code = tri_api_receive_operation(&op, NULL, 0, MPI_BYTE, source, tag, comm);
    if (code != MPI_SUCCESS) {
        return code;
    }
    TRI_CHECK_POINTER(op.comm, flag);
    TRI_CHECK_POINTER(op.comm, message);
    if (source == MPI_PROC_NULL) {
        tri_api_null_status(status);
        *message = MPI_MESSAGE_NO_PROC;
        *flag = 1;
        return MPI_SUCCESS;
    }
    struct tri_message *found;
    *flag = probe_once(&op, &found, status);
    *message = *flag ? (MPI_Message)(void *)found : MPI_MESSAGE_NULL;
    return MPI_SUCCESS;
}

/* Starts receiving a matched message; *request is complete already for MPI_MESSAGE_NO_PROC. */
static int start_matched(void *buf, MPI_Count count, MPI_Datatype datatype, MPI_Message *message,
                         struct tri_request **request)
{
    TRI_CHECK_POINTER(NULL, message);
    bool nobody = *message == MPI_MESSAGE_NO_PROC;
    TRI_CHECK(nobody || tri_object_is(*message, TRI_MESSAGE), NULL, MPI_ERR_REQUEST,
              "the message handle is not that of a message that waits to be received");
    struct tri_message *found = nobody ? NULL : (struct tri_message *)(void *)*message;
    struct tri_comm *comm = nobody ? &tri_comm_self : tri_message_comm(found);
    TRI_TAKE_COMMITTED(type, comm, datatype);
    int code = tri_api_check_buffer(comm, buf, count, type, "receive");
    if (code != MPI_SUCCESS) {
        return code;
    }
    struct tri_operation op;
    tri_operation_set(&op, buf, count, type, MPI_PROC_NULL, MPI_ANY_TAG, comm);
    *request = nobody ? tri_api_null_receive(&op) : tri_p2p_imreceive(found, &op);
    *message = MPI_MESSAGE_NULL;
    return MPI_SUCCESS;
}

TRI_API_LANE(Mrecv)(void *buf, MPI_Count count, MPI_Datatype datatype, MPI_Message *message, MPI_Status *status)
{
    struct tri_request *request;
    int code = start_matched(buf, count, datatype, message, &request);
    if (code != MPI_SUCCESS) {
        return code;
    }
    struct tri_comm *comm = request->op.comm;
    tri_request_wait(request);
    MPI_Request handle = tri_request_handle(request);
    return tri_api_result(comm, tri_request_finish(&handle, request, status));
}

TRI_API_LANE(Imrecv)(void *buf, MPI_Count count, MPI_Datatype datatype, MPI_Message *message, MPI_Request *request)
{
    TRI_CHECK_POINTER(NULL, request);
    struct tri_request *started;
    int code = start_matched(buf, count, datatype, message, &started);
    if (code == MPI_SUCCESS) {
        *request = tri_request_handle(started);
    }
    return code;
}

/* Checks of arguments that many entry points have in common. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdio.h>
#include <stdlib.h>

#include "../p2p/p2p.h"
#include "../runtime/log.h"
#include "api.h"

enum tri_api_state tri_api_state;

int tri_api_not_running(const char *function)
{
    tri_log_fatal(1, "%s was called %s", function,
                  tri_api_state == TRI_FINALIZED ? "after MPI_Finalize (or the last MPI_Session_finalize)"
                                                   : "before MPI_Init");
}

int tri_api_unsupported(const char *function, MPI_Comm handle)
{
    if (tri_api_state != TRI_RUNNING) {
        return MPI_ERR_UNSUPPORTED_OPERATION;
    }
    tri_lane_lock(TRI_LANES_ALL);
    tri_errhandler_function = function;
    int code =
        tri_error(tri_comm_get(handle), MPI_ERR_UNSUPPORTED_OPERATION,
                  "this function is not built yet in this version of Trireme (mpinfo --functions lists what is)");
    tri_lane_unlock();
    return code;
}

static const char *handle_fault(const void *handle, const void *null)
{
    if (handle == null) {
        return "the null handle";
    }
    if ((uintptr_t)handle < TRI_HANDLE_PREDEFINED) {
        return "a handle of another kind";
    }
    return tri_object_is(handle, TRI_FREED) ? "a handle that has been freed" : "not such a handle";
}

int tri_api_bad_comm(MPI_Comm handle)
{
    return tri_error(NULL, MPI_ERR_COMM, "the communicator is %s", handle_fault(handle, MPI_COMM_NULL));
}

int tri_api_bad_type(struct tri_comm *comm, MPI_Datatype handle)
{
    const struct tri_datatype *type = tri_datatype_get(handle);
    if (type) {
        return tri_error(comm, MPI_ERR_TYPE, "the datatype %s has not been committed (MPI_Type_commit)",
                         tri_datatype_name(type));
    }
    return tri_error(comm, MPI_ERR_TYPE, "the datatype is %s", handle_fault(handle, MPI_DATATYPE_NULL));
}

int tri_api_bad_group(MPI_Group handle)
{
    return tri_error(NULL, MPI_ERR_GROUP, "the group is %s", handle_fault(handle, MPI_GROUP_NULL));
}

int tri_api_bad_request(MPI_Request handle)
{
    return tri_error(NULL, MPI_ERR_REQUEST, "the request is %s", handle_fault(handle, MPI_REQUEST_NULL));
}

int tri_api_bad_win(MPI_Win handle)
{
    return tri_error(NULL, MPI_ERR_WIN, "the window is %s", handle_fault(handle, MPI_WIN_NULL));
}

int tri_api_check_buffer(struct tri_comm *comm, const void *buffer, int64_t count, const struct tri_datatype *type,
                         const char *which)
{
    TRI_CHECK(count >= 0, comm, MPI_ERR_COUNT, "%s count is %lld, which is negative", which, (long long)count);
    int64_t bytes;
    TRI_CHECK(!__builtin_mul_overflow(count, type->size, &bytes), comm, MPI_ERR_COUNT,
              "%s count is %lld: that many elements of %lld bytes are more than any memory", which, (long long)count,
              (long long)type->size);
    /* With absolute addresses in a derived type the buffer is MPI_BOTTOM, which is NULL. */
    TRI_CHECK(buffer || bytes == 0 || !type->predefined, comm, MPI_ERR_BUFFER,
              "%s buffer is NULL with a count of %lld", which, (long long)count);
    TRI_CHECK(buffer != MPI_IN_PLACE || bytes == 0, comm, MPI_ERR_BUFFER, "%s buffer is MPI_IN_PLACE, which this call "
                                                                          "does not take here", which);
    return MPI_SUCCESS;
}

static bool is_peer(const struct tri_comm *comm, int rank)
{
    return (unsigned)rank < (unsigned)comm->peers;
}

/* The part that needs no look at the message itself fails the inlined test in one go; here it is told what it was. */
static int explain_send(struct tri_comm *comm, int dest, int tag)
{
    TRI_CHECK(is_peer(comm, dest) || dest == MPI_PROC_NULL, comm, MPI_ERR_RANK,
              "destination is rank %d, but the communicator has ranks 0 to %d", dest, comm->peers - 1);
    return tri_error(comm, MPI_ERR_TAG, "tag is %d, but must be 0 to %d", tag, TRI_TAG_MAX);
}

int tri_api_check_send(struct tri_operation *op, const void *buffer, MPI_Count count, MPI_Datatype datatype, int dest,
                       int tag, MPI_Comm handle)
{
    TRI_TAKE_COMM(comm, handle);
    TRI_TAKE_COMMITTED(type, comm, datatype);
    int code = tri_api_check_buffer(comm, buffer, count, type, "send");
    if (TRI_UNLIKELY(code != MPI_SUCCESS)) {
        return code;
    }
    if (TRI_UNLIKELY(!(is_peer(comm, dest) || dest == MPI_PROC_NULL) || tag < 0)) {
        return explain_send(comm, dest, tag);
    }
    tri_operation_set(op, buffer, count, type, dest, tag, comm);
    return MPI_SUCCESS;
}

static int explain_receive(struct tri_comm *comm, int source, int tag)
{
    TRI_CHECK(!(comm->hints & TRI_HINT_NO_ANY_SOURCE) || source != MPI_ANY_SOURCE, comm, MPI_ERR_RANK,
              "source is MPI_ANY_SOURCE, but the communicator has the hint mpi_assert_no_any_source");
    TRI_CHECK(!(comm->hints & TRI_HINT_NO_ANY_TAG) || tag != MPI_ANY_TAG, comm, MPI_ERR_TAG,
              "tag is MPI_ANY_TAG, but the communicator has the hint mpi_assert_no_any_tag");
    TRI_CHECK(is_peer(comm, source) || source == MPI_ANY_SOURCE || source == MPI_PROC_NULL, comm, MPI_ERR_RANK,
              "source is rank %d, but the communicator has ranks 0 to %d", source, comm->peers - 1);
    return tri_error(comm, MPI_ERR_TAG, "tag is %d, but must be 0 to %d or MPI_ANY_TAG", tag, TRI_TAG_MAX);
}

int tri_api_check_receive(struct tri_operation *op, void *buffer, MPI_Count count, MPI_Datatype datatype, int source,
                          int tag, MPI_Comm handle)
{
    TRI_TAKE_COMM(comm, handle);
    TRI_TAKE_COMMITTED(type, comm, datatype);
    int code = tri_api_check_buffer(comm, buffer, count, type, "receive");
    if (TRI_UNLIKELY(code != MPI_SUCCESS)) {
        return code;
    }
    bool fine = is_peer(comm, source) || source == MPI_ANY_SOURCE || source == MPI_PROC_NULL;
    bool broken = comm->hints && ((source == MPI_ANY_SOURCE && comm->hints & TRI_HINT_NO_ANY_SOURCE) ||
                                  (tag == MPI_ANY_TAG && comm->hints & TRI_HINT_NO_ANY_TAG));
    if (TRI_UNLIKELY(!fine || broken || (tag < 0 && tag != MPI_ANY_TAG))) {
        return explain_receive(comm, source, tag);
    }
    tri_operation_set(op, buffer, count, type, source, tag, comm);
    return MPI_SUCCESS;
}

/* MPI 5.0, 3.10. */
static const struct tri_outcome from_nobody = {.source = MPI_PROC_NULL, .tag = MPI_ANY_TAG};

struct tri_request *tri_api_null_receive(const struct tri_operation *op)
{
    struct tri_request *request = tri_request_take_in(op->match->lane, TRI_REQUEST_RECEIVE);
    request->op = *op;
    request->outcome = from_nobody;
    request->complete = true;
    tri_request_hold(request);
    return request;
}

void tri_api_null_status(MPI_Status *status)
{
    if (status != MPI_STATUS_IGNORE) {
        tri_status_set(status, &from_nobody);
    }
}

int tri_request_raise(struct tri_comm *comm, int code)
{
    if (code == MPI_SUCCESS) {
        return code;
    }
    char text[TRI_ERROR_TEXT];
    tri_p2p_error_text(code, text);
    return tri_error_code(comm, code, text);
}

/* Partitioned communication (MPI 5.0, 4.2). */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "../p2p/partitioned.h"

#include "../runtime/info.h"
#include "requests.h"

/* What both sides ask of their arguments alike; the count of one partition becomes that of all. */
static int count_all(MPI_Comm handle, int partitions, MPI_Info info, MPI_Count *count)
{
    TRI_TAKE_COMM(comm, handle);
    TRI_CHECK(info == MPI_INFO_NULL || tri_info_get(info), comm, MPI_ERR_INFO,
              "the info is not such a handle, or has been freed");
    TRI_CHECK(partitions > 0, comm, MPI_ERR_ARG, "partitions is %d, but must be positive", partitions);
    TRI_CHECK(*count >= 0, comm, MPI_ERR_COUNT, "count is %lld, which is negative", (long long)*count);
    TRI_CHECK(!__builtin_mul_overflow(*count, partitions, count), comm, MPI_ERR_COUNT,
              "count is %lld: with %d partitions that is more than any memory", (long long)*count, partitions);
    return MPI_SUCCESS;
}

TRI_API(Psend_init)(const void *buf, int partitions, MPI_Count count, MPI_Datatype datatype, int dest, int tag,
                    MPI_Comm comm, MPI_Info info, MPI_Request *request)
{
    struct tri_operation op;
    int code = count_all(comm, partitions, info, &count);
    if (code == MPI_SUCCESS) {
        code = tri_api_send_operation(&op, buf, count, datatype, dest, tag, comm);
    }
    if (code == MPI_SUCCESS) {
        TRI_CHECK_POINTER(op.comm, request);
        *request = tri_request_handle(tri_partitioned_make(&op, partitions, TRI_REQUEST_PARTITIONED_SEND));
    }
    return code;
}

TRI_API(Precv_init)(void *buf, int partitions, MPI_Count count, MPI_Datatype datatype, int source, int tag,
                    MPI_Comm comm, MPI_Info info, MPI_Request *request)
{
    struct tri_operation op;
    int code = count_all(comm, partitions, info, &count);
    if (code == MPI_SUCCESS) {
        code = tri_api_receive_operation(&op, buf, count, datatype, source, tag, comm);
    }
    if (code != MPI_SUCCESS) {
        return code;
    }
    TRI_CHECK_POINTER(op.comm, request);
    TRI_CHECK(source != MPI_ANY_SOURCE, op.comm, MPI_ERR_RANK,
              "source is MPI_ANY_SOURCE, which a partitioned receive does not take");
    TRI_CHECK(tag != MPI_ANY_TAG, op.comm, MPI_ERR_TAG,
              "tag is MPI_ANY_TAG, which a partitioned receive does not take");
    *request = tri_request_handle(tri_partitioned_make(&op, partitions, TRI_REQUEST_PARTITIONED_RECEIVE));
    return MPI_SUCCESS;
}

/* ---- sender ---- */

/* An active partitioned send, or the raised error. */
static int take_send(MPI_Request handle, struct tri_request **request)
{
    bool valid;
    *request = tri_request_get(handle, &valid);
    if (!valid || !*request) {
        return tri_api_bad_request(handle);
    }
    struct tri_comm *comm = (*request)->op.comm;
    TRI_CHECK((*request)->type == TRI_REQUEST_PARTITIONED_SEND, comm, MPI_ERR_REQUEST,
              "the request is not that of a partitioned send (MPI_Psend_init)");
    TRI_CHECK((*request)->active, comm, MPI_ERR_REQUEST, "the partitioned send is not active: MPI_Start comes first");
    return MPI_SUCCESS;
}

static int check_partition(const struct tri_request *request, int partition)
{
    TRI_CHECK(partition >= 0 && partition < tri_partitioned_count(request), request->op.comm, MPI_ERR_ARG,
              "partition is %d, but the request has partitions 0 to %d", partition, tri_partitioned_count(request) - 1);
    return MPI_SUCCESS;
}

static int ready(struct tri_request *request, int partition)
{
    int code = check_partition(request, partition);
    if (code == MPI_SUCCESS) {
        TRI_CHECK(!tri_partitioned_is_ready(request, partition), request->op.comm, MPI_ERR_ARG,
                  "partition %d has been marked as ready already since MPI_Start", partition);
        tri_partitioned_ready(request, partition);
    }
    return code;
}

TRI_API(Pready)(int partition, MPI_Request handle)
{
    struct tri_request *request;
    int code = take_send(handle, &request);
    return code == MPI_SUCCESS ? ready(request, partition) : code;
}

TRI_API(Pready_range)(int partition_low, int partition_high, MPI_Request handle)
{
    struct tri_request *request;
    int code = take_send(handle, &request);
    if (code != MPI_SUCCESS) {
        return code;
    }
    TRI_CHECK(partition_low <= partition_high, request->op.comm, MPI_ERR_ARG,
              "the first partition is %d, which is above the last one, %d", partition_low, partition_high);
    code = check_partition(request, partition_high);
    for (int i = partition_low; i <= partition_high && code == MPI_SUCCESS; i++) {
        code = ready(request, i);
    }
    return code;
}

TRI_API(Pready_list)(int length, const int partitions[], MPI_Request handle)
{
    struct tri_request *request;
    int code = take_send(handle, &request);
    if (code != MPI_SUCCESS) {
        return code;
    }
    TRI_CHECK(length >= 0, request->op.comm, MPI_ERR_COUNT, "length is %d, which is negative", length);
    TRI_CHECK(length == 0 || partitions, request->op.comm, MPI_ERR_ARG, "the array of partitions is NULL");
    for (int i = 0; i < length && code == MPI_SUCCESS; i++) {
        code = check_partition(request, partitions[i]);
    }
    for (int i = 0; i < length && code == MPI_SUCCESS; i++) {
        code = ready(request, partitions[i]);
    }
    return code;
}

/* ---- receiver ---- */

TRI_API(Parrived)(MPI_Request handle, int partition, int *flag)
{
    TRI_CHECK_POINTER(NULL, flag);
    bool valid;
    struct tri_request *request = tri_request_get(handle, &valid);
    if (!valid) {
        return tri_api_bad_request(handle);
    }
    *flag = 1;
    if (!request) {
        return MPI_SUCCESS;
    }
    TRI_CHECK(request->type == TRI_REQUEST_PARTITIONED_RECEIVE, request->op.comm, MPI_ERR_REQUEST,
              "the request is not that of a partitioned receive (MPI_Precv_init)");
    int code = check_partition(request, partition);
    if (code != MPI_SUCCESS || !request->active) {
        return code;
    }
    *flag = tri_partitioned_arrived(request, partition);
    if (!*flag) {
        tri_api_look_again();
        *flag = tri_partitioned_arrived(request, partition);
    }
    return MPI_SUCCESS;
}

/* Looking at requests without completing them (MPI 5.0, 3.7.6). */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "../request/grequest.h"
#include "requests.h"

/* The status of a complete request; a callback's error comes back unraised. */
static int read_status(struct tri_request *request, MPI_Status *status)
{
    if (request->type == TRI_REQUEST_GENERALIZED) {
        return tri_grequest_query(request, status);
    }
    if (status != MPI_STATUS_IGNORE) {
        tri_status_set(status, &request->outcome);
    }
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
    if (tri_api_is_idle(request)) {
        tri_status_set_empty(status);
        return MPI_SUCCESS;
    }
    if (!request->complete) {
        tri_api_look_again();
    }
    *flag = request->complete;
    return *flag ? tri_request_raise(NULL, read_status(request, status)) : MPI_SUCCESS;
}

TRI_API(Request_get_status_any)(int count, const MPI_Request requests[], int *index, int *flag, MPI_Status *status)
{
    TRI_CHECK_POINTER(NULL, index);
    TRI_CHECK_POINTER(NULL, flag);
    int code = tri_api_check_requests(count, requests);
    if (code != MPI_SUCCESS) {
        return code;
    }
    bool active;
    *index = tri_api_look_for_complete(count, requests, &active);
    *flag = *index != MPI_UNDEFINED || !active;
    if (*index != MPI_UNDEFINED) {
        return tri_request_raise(NULL, read_status(tri_api_request_at(requests, *index), status));
    }
    if (!active) {
        tri_status_set_empty(status);
    }
    return MPI_SUCCESS;
}

TRI_API(Request_get_status_all)(int count, const MPI_Request requests[], int *flag, MPI_Status *statuses)
{
    TRI_CHECK_POINTER(NULL, flag);
    int code = tri_api_check_requests(count, requests);
    if (code != MPI_SUCCESS) {
        return code;
    }
    *flag = tri_api_all_complete(count, requests);
    if (!*flag) {
        tri_api_look_again();
        *flag = tri_api_all_complete(count, requests);
    }
    for (int i = 0; i < count && *flag; i++) {
        struct tri_request *request = tri_api_request_at(requests, i);
        if (tri_api_is_idle(request)) {
            tri_status_set_empty(tri_api_status_at(statuses, i));
        } else {
            int queried = read_status(request, tri_api_status_at(statuses, i));
            code = code == MPI_SUCCESS ? queried : code;
        }
    }
    return tri_request_raise(NULL, code);
}

TRI_API(Request_get_status_some)(int incount, const MPI_Request requests[], int *outcount, int indices[],
                                 MPI_Status *statuses)
{
    TRI_CHECK_POINTER(NULL, outcount);
    TRI_CHECK(incount <= 0 || indices, NULL, MPI_ERR_ARG, "the array of indices is NULL");
    int code = tri_api_check_requests(incount, requests);
    if (code != MPI_SUCCESS) {
        return code;
    }
    tri_api_look_again();
    bool active;
    if (tri_api_find_complete(incount, requests, &active) == MPI_UNDEFINED) {
        *outcount = active ? 0 : MPI_UNDEFINED;
        return MPI_SUCCESS;
    }
    *outcount = 0;
    for (int i = 0; i < incount; i++) {
        struct tri_request *request = tri_api_request_at(requests, i);
        if (!tri_api_is_idle(request) && request->complete) {
            int queried = read_status(request, tri_api_status_at(statuses, *outcount));
            code = code == MPI_SUCCESS ? queried : code;
            indices[(*outcount)++] = i;
        }
    }
    return tri_request_raise(NULL, code);
}

/* Generalized requests (MPI 5.0, 13.2). */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "../request/grequest.h"

#include "api.h"

TRI_API(Grequest_start)(MPI_Grequest_query_function *query_fn, MPI_Grequest_free_function *free_fn,
                        MPI_Grequest_cancel_function *cancel_fn, void *extra_state, MPI_Request *request)
{
    TRI_CHECK_POINTER(NULL, query_fn);
    TRI_CHECK_POINTER(NULL, free_fn);
    TRI_CHECK_POINTER(NULL, cancel_fn);
    TRI_CHECK_POINTER(NULL, request);
    *request = tri_request_handle(tri_grequest_make(query_fn, free_fn, cancel_fn, extra_state));
    return MPI_SUCCESS;
}

TRI_API(Grequest_complete)(MPI_Request handle)
{
    struct tri_request *request = tri_grequest_get(handle);
    if (!request) {
        TRI_CHECK(!tri_object_is(handle, TRI_REQUEST), NULL, MPI_ERR_REQUEST,
                  "the request is not a generalized one (MPI_Grequest_start)");
        return tri_api_bad_request(handle);
    }
    TRI_CHECK(!request->complete, NULL, MPI_ERR_REQUEST, "the generalized request has been completed already");
    return tri_request_raise(NULL, tri_grequest_complete(request));
}

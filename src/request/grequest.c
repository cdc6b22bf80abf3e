/* Generalized requests. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "grequest.h"

struct tri_grequest {
    struct tri_object object;
    MPI_Grequest_query_function *query;
    MPI_Grequest_free_function *freed;
    MPI_Grequest_cancel_function *cancel;
    void *state;
};

static struct tri_pool pool = {.size = sizeof(struct tri_grequest)};

struct tri_request *tri_grequest_make(MPI_Grequest_query_function *query, MPI_Grequest_free_function *freed,
                                      MPI_Grequest_cancel_function *cancel, void *state)
{
    struct tri_grequest *general = tri_pool_take(&pool);
    general->query = query;
    general->freed = freed;
    general->cancel = cancel;
    general->state = state;
    struct tri_request *request = tri_request_take(TRI_REQUEST_GENERALIZED);
    request->owner = general;
    request->op = (struct tri_operation){.comm = NULL};
    request->outcome = (struct tri_outcome){.error = MPI_ERR_UNKNOWN};
    return request;
}

struct tri_request *tri_grequest_get(MPI_Request handle)
{
    struct tri_request *request = (struct tri_request *)(void *)handle;
    bool known = tri_object_is(handle, TRI_REQUEST) || (tri_object_is(handle, TRI_FREED) && request->detached);
    return known && request->type == TRI_REQUEST_GENERALIZED ? request : NULL;
}

static int end(struct tri_request *request)
{
    struct tri_grequest *general = request->owner;
    int code = general->freed(general->state);
    tri_pool_give(&pool, general);
    request->detached = false;
    tri_request_give(request);
    return code;
}

int tri_grequest_complete(struct tri_request *request)
{
    request->complete = true;
    return request->detached ? end(request) : MPI_SUCCESS;
}

/* The callback gets a status even where the program wants none, and leaves MPI_ERROR alone, whatever it writes there.
 */
int tri_grequest_query(struct tri_request *request, MPI_Status *status)
{
    const struct tri_grequest *general = request->owner;
    MPI_Status filled = {.MPI_ERROR = MPI_SUCCESS};
    tri_status_set_empty(&filled);
    int code = general->query(general->state, &filled);
    if (status != MPI_STATUS_IGNORE) {
        filled.MPI_ERROR = status->MPI_ERROR;
        *status = filled;
    }
    return code;
}

/* The last callback's error counts (MPI 5.0, 13.2). */
int tri_grequest_finish(MPI_Request *handle, struct tri_request *request, MPI_Status *status)
{
    int queried = tri_grequest_query(request, status);
    *handle = MPI_REQUEST_NULL;
    int freed = end(request);
    return freed == MPI_SUCCESS ? queried : freed;
}

int tri_grequest_free(struct tri_request *request)
{
    if (request->complete) {
        return end(request);
    }
    request->detached = true;
    return MPI_SUCCESS;
}

int tri_grequest_cancel(struct tri_request *request)
{
    const struct tri_grequest *general = request->owner;
    return general->cancel(general->state, request->complete);
}

void tri_grequest_end(void)
{
    tri_pool_end(&pool);
}

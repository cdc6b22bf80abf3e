/* Completion: the Wait and Test families (MPI 5.0, 3.7.3, 3.7.5). */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "../runtime/wait.h"

#include "../request/grequest.h"
#include "../runtime/progress.h"
#include "requests.h"

int tri_api_check_requests(int count, const MPI_Request *requests)
{
    TRI_CHECK(count >= 0, NULL, MPI_ERR_COUNT, "count is %d, which is negative", count);
    TRI_CHECK(count == 0 || requests, NULL, MPI_ERR_ARG, "the array of requests is NULL");
    for (int i = 0; i < count; i++) {
        bool valid;
        tri_request_get(requests[i], &valid);
        TRI_CHECK(valid, NULL, MPI_ERR_REQUEST,
                  "request %d of the array is not one that is under way (freed, or waited for already?)",
                  i);
    }
    return MPI_SUCCESS;
}

void tri_api_look_again(void)
{
    if (tri_progress() == 0) {
        tri_wait_courtesy();
    }
}

/* Where an error is possible: raises it on the request's communicator, which must outlive it. */
__attribute__((noinline)) static int finish_one_failing(MPI_Request *handle, struct tri_request *request,
                                                        MPI_Status *status)
{
    if (request->type == TRI_REQUEST_GENERALIZED) {
        return tri_request_raise(NULL, tri_grequest_finish(handle, request, status));
    }
    struct tri_comm *comm = request->op.comm;
    tri_comm_hold(comm);
    int code = tri_request_raise(comm, tri_request_finish(handle, request, status));
    tri_comm_release(comm);
    return code;
}

/* Finishes a complete request and raises its error. */
static inline int finish_one(MPI_Request *handle, struct tri_request *request, MPI_Status *status)
{
    if (TRI_LIKELY(request->outcome.error == MPI_SUCCESS)) {
        return tri_request_finish(handle, request, status);
    }
    return finish_one_failing(handle, request, status);
}

TRI_API_LANE(Wait)(MPI_Request *request, MPI_Status *status)
{
    TRI_CHECK_POINTER(NULL, request);
    bool valid;
    struct tri_request *waited = tri_request_get(*request, &valid);
    if (TRI_UNLIKELY(!valid)) {
        return tri_api_bad_request(*request);
    }
    if (tri_api_is_idle(waited)) {
        tri_status_set_empty(status);
        return MPI_SUCCESS;
    }
    tri_request_wait(waited);
    return finish_one(request, waited, status);
}

TRI_API_LANE(Test)(MPI_Request *request, int *flag, MPI_Status *status)
{
    TRI_CHECK_POINTER(NULL, request);
    TRI_CHECK_POINTER(NULL, flag);
    bool valid;
    struct tri_request *tested = tri_request_get(*request, &valid);
    if (TRI_UNLIKELY(!valid)) {
        return tri_api_bad_request(*request);
    }
    *flag = 1;
    if (tri_api_is_idle(tested)) {
        tri_status_set_empty(status);
        return MPI_SUCCESS;
    }
    if (!tested->complete && tri_progress() == 0) {
        tri_wait_courtesy();
    }
    if (tested->complete) {
        return finish_one(request, tested, status);
    }
    *flag = 0;
    return MPI_SUCCESS;
}

bool tri_api_all_complete(int count, const MPI_Request *requests)
{
    for (int i = 0; i < count; i++) {
        const struct tri_request *request = tri_api_request_at(requests, i);
        if (!tri_api_is_idle(request) && !request->complete) {
            return false;
        }
    }
    return true;
}

/* The errors among several operations: what the call returns, and whom it is raised on. */
struct failures {
    int code; /* of the first one */
    struct tri_comm *guilty; /* its communicator, held; NULL for a generalized request */
};

/* The first error: each status before it gets its MPI_ERROR. */
static void begin_failures(struct failures *failures, int code, struct tri_comm *guilty, MPI_Status *statuses,
                           int index)
{
    failures->code = code;
    failures->guilty = guilty;
    if (guilty) {
        tri_comm_hold(guilty);
    }
    for (int i = 0; i < index && statuses != MPI_STATUSES_IGNORE; i++) {
        statuses[i].MPI_ERROR = MPI_SUCCESS;
    }
}

/* Where an error is possible or has been. */
static void finish_failing(struct failures *failures, MPI_Request *handle, struct tri_request *request,
                           MPI_Status *statuses, int index)
{
    MPI_Status *status = tri_api_status_at(statuses, index);
    int code = request->outcome.error;
    if (request->type == TRI_REQUEST_GENERALIZED) {
        code = tri_grequest_finish(handle, request, status);
        request = NULL;
    }
    if (code != MPI_SUCCESS && !failures->code) {
        begin_failures(failures, code, request ? request->op.comm : NULL, statuses, index);
    }
    if (request) {
        tri_request_finish(handle, request, status);
    }
    if (failures->code && status != MPI_STATUS_IGNORE) {
        status->MPI_ERROR = code;
    }
}

/* Finishes one of several. Each status gets its MPI_ERROR once one of the operations has failed (MPI 5.0, 3.7.5); index
 * is the place of this one's status. */
static inline void finish_among(struct failures *failures, MPI_Request *handle, struct tri_request *request,
                                MPI_Status *statuses, int index)
{
    if (TRI_LIKELY(!request->outcome.error && !failures->code)) {
        tri_request_finish(handle, request, tri_api_status_at(statuses, index));
    } else {
        finish_failing(failures, handle, request, statuses, index);
    }
}

static int raise_failures(const struct failures *failures)
{
    if (TRI_LIKELY(!failures->code)) {
        return MPI_SUCCESS;
    }
    char text[TRI_ERROR_TEXT];
    tri_p2p_error_text(failures->code, text);
    int code = tri_error_code(failures->guilty, MPI_ERR_IN_STATUS, text);
    if (failures->guilty) {
        tri_comm_release(failures->guilty);
    }
    return code;
}

/* Waits for each in turn and finishes it. */
static int finish_all(int count, MPI_Request *requests, MPI_Status *statuses)
{
    struct failures failures = {0};
    for (int i = 0; i < count; i++) {
        struct tri_request *request = tri_api_request_at(requests, i);
        if (!tri_api_is_idle(request)) {
            tri_request_wait(request);
            finish_among(&failures, &requests[i], request, statuses, i);
            continue;
        }
        tri_status_set_empty(tri_api_status_at(statuses, i));
        if (failures.code && statuses != MPI_STATUSES_IGNORE) {
            statuses[i].MPI_ERROR = MPI_SUCCESS;
        }
    }
    return raise_failures(&failures);
}

TRI_API_LANE(Waitall)(int count, MPI_Request requests[], MPI_Status statuses[])
{
    int code = tri_api_check_requests(count, requests);
    return code == MPI_SUCCESS ? finish_all(count, requests, statuses) : code;
}

TRI_API_LANE(Testall)(int count, MPI_Request requests[], int *flag, MPI_Status statuses[])
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
    return *flag ? finish_all(count, requests, statuses) : MPI_SUCCESS;
}

int tri_api_find_complete(int count, const MPI_Request *requests, bool *active)
{
    *active = false;
    for (int i = 0; i < count; i++) {
        const struct tri_request *request = tri_api_request_at(requests, i);
        if (tri_api_is_idle(request)) {
            continue;
        }
        *active = true;
        if (request->complete) {
            return i;
        }
    }
    return MPI_UNDEFINED;
}

int tri_api_look_for_complete(int count, const MPI_Request *requests, bool *active)
{
    int index = tri_api_find_complete(count, requests, active);
    if (index == MPI_UNDEFINED && *active) {
        tri_api_look_again();
        index = tri_api_find_complete(count, requests, active);
    }
    return index;
}

TRI_API_LANE(Waitany)(int count, MPI_Request requests[], int *index, MPI_Status *status)
{
    TRI_CHECK_POINTER(NULL, index);
    int code = tri_api_check_requests(count, requests);
    if (code != MPI_SUCCESS) {
        return code;
    }
    bool active;
    struct tri_wait wait = {0};
    while ((*index = tri_api_find_complete(count, requests, &active)) == MPI_UNDEFINED && active) {
        tri_wait_step(&wait);
    }
    if (!active) {
        tri_status_set_empty(status);
        return MPI_SUCCESS;
    }
    return finish_one(&requests[*index], tri_api_request_at(requests, *index), status);
}

TRI_API_LANE(Testany)(int count, MPI_Request requests[], int *index, int *flag, MPI_Status *status)
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
    if (!active) {
        tri_status_set_empty(status);
    }
    if (*index == MPI_UNDEFINED) {
        return MPI_SUCCESS;
    }
    return finish_one(&requests[*index], tri_api_request_at(requests, *index), status);
}

/* Finishes all that are complete; *found is their number, or MPI_UNDEFINED when none is active. */
static int finish_some(int count, MPI_Request *requests, int *found, int *indices,
                       MPI_Status *statuses)
{
    struct failures failures = {0};
    bool active = false;
    *found = 0;
    for (int i = 0; i < count; i++) {
        struct tri_request *request = tri_api_request_at(requests, i);
        if (tri_api_is_idle(request)) {
            continue;
        }
        active = true;
        if (request->complete) {
            indices[*found] = i;
            finish_among(&failures, &requests[i], request, statuses, *found);
            ++*found;
        }
    }
    if (!active) {
        *found = MPI_UNDEFINED;
    }
    return raise_failures(&failures);
}

TRI_API_LANE(Waitsome)(int incount, MPI_Request requests[], int *outcount, int indices[], MPI_Status statuses[])
{
    TRI_CHECK_POINTER(NULL, outcount);
    TRI_CHECK(incount <= 0 || indices, NULL, MPI_ERR_ARG, "the array of indices is NULL");
    int code = tri_api_check_requests(incount, requests);
    if (code != MPI_SUCCESS) {
        return code;
    }
    struct tri_wait wait = {0};
    bool active;
    while (tri_api_find_complete(incount, requests, &active) == MPI_UNDEFINED && active) {
        tri_wait_step(&wait);
    }
    return finish_some(incount, requests, outcount, indices, statuses);
}

TRI_API_LANE(Testsome)(int incount, MPI_Request requests[], int *outcount, int indices[], MPI_Status statuses[])
{
    TRI_CHECK_POINTER(NULL, outcount);
    TRI_CHECK(incount <= 0 || indices, NULL, MPI_ERR_ARG, "the array of indices is NULL");
    int code = tri_api_check_requests(incount, requests);
    if (code != MPI_SUCCESS) {
        return code;
    }
    bool active;
    tri_api_look_for_complete(incount, requests, &active);
    return finish_some(incount, requests, outcount, indices, statuses);
}

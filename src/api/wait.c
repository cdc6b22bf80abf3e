/* Completion: the Wait and Test families (MPI 5.0, 3.7.3, 3.7.5). */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "../runtime/wait.h"

#include "../p2p/p2p.h"
#include "../runtime/progress.h"
#include "api.h"

/* MPI_REQUEST_NULL and inactive persistent requests: nothing to wait for. */
static bool is_idle(const struct tri_request *request)
{
    return !request || (request->persistent && !request->active);
}

static MPI_Status *status_at(MPI_Status *statuses, int index)
{
    return statuses == MPI_STATUSES_IGNORE ? MPI_STATUS_IGNORE : &statuses[index];
}

static int check_all(int count, const MPI_Request *requests)
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

static struct tri_request *at(const MPI_Request *requests, int index)
{
    return requests[index] == MPI_REQUEST_NULL ? NULL : (struct tri_request *)(void *)requests[index];
}

/* Finishes a complete request and raises its error on its communicator, which must outlive it. */
static int finish_one(MPI_Request *handle, struct tri_request *request, MPI_Status *status)
{
    struct tri_comm *comm = request == &tri_request_sent ? NULL : request->op.comm;
    if (TRI_LIKELY(request->outcome.error == MPI_SUCCESS)) {
        return tri_request_finish(handle, request, status);
    }
    tri_comm_hold(comm);
    int code = tri_request_raise(comm, tri_request_finish(handle, request, status));
    tri_comm_release(comm);
    return code;
}

TRI_API(Wait)(MPI_Request *request, MPI_Status *status)
{
    TRI_CHECK_POINTER(NULL, request);
    bool valid;
    struct tri_request *waited = tri_request_get(*request, &valid);
    if (TRI_UNLIKELY(!valid)) {
        return tri_api_bad_request(*request);
    }
    if (is_idle(waited)) {
        tri_status_set_empty(status);
        return MPI_SUCCESS;
    }
    tri_request_wait(waited);
    return finish_one(request, waited, status);
}

TRI_API(Test)(MPI_Request *request, int *flag, MPI_Status *status)
{
    TRI_CHECK_POINTER(NULL, request);
    TRI_CHECK_POINTER(NULL, flag);
    bool valid;
    struct tri_request *tested = tri_request_get(*request, &valid);
    if (TRI_UNLIKELY(!valid)) {
        return tri_api_bad_request(*request);
    }
    *flag = 1;
    if (is_idle(tested)) {
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

static bool all_complete(int count, const MPI_Request *requests)
{
    for (int i = 0; i < count; i++) {
        const struct tri_request *request = at(requests, i);
        if (!is_idle(request) && !request->complete) {
            return false;
        }
    }
    return true;
}

/* The errors among several operations: what the call returns, and whom it is raised on. */
struct failures {
    bool any;
    struct tri_comm *guilty; /* communicator of the first one, held */
};

/* Finishes one of several. Each status gets its MPI_ERROR once one of the operations has failed (MPI 5.0, 3.7.5); index
 * is the place of this one's status. */
static void finish_among(struct failures *failures, MPI_Request *handle, struct tri_request *request,
                         MPI_Status *statuses, int index)
{
    MPI_Status *status = status_at(statuses, index);
    if (TRI_LIKELY(!request->outcome.error && !failures->any)) {
        tri_request_finish(handle, request, status);
        return;
    }
    if (!failures->any) {
        failures->any = true;
        failures->guilty = request->op.comm;
        tri_comm_hold(failures->guilty);
        for (int i = 0; i < index && statuses != MPI_STATUSES_IGNORE; i++) {
            statuses[i].MPI_ERROR = MPI_SUCCESS;
        }
    }
    int code = tri_request_finish(handle, request, status);
    if (status != MPI_STATUS_IGNORE) {
        status->MPI_ERROR = code;
    }
}

static int raise_failures(const struct failures *failures)
{
    if (TRI_LIKELY(!failures->any)) {
        return MPI_SUCCESS;
    }
    int code = tri_error(failures->guilty, MPI_ERR_IN_STATUS, "%s", tri_p2p_error_text(MPI_ERR_TRUNCATE));
    tri_comm_release(failures->guilty);
    return code;
}

/* Waits for each in turn and finishes it. */
static int finish_all(int count, MPI_Request *requests, MPI_Status *statuses)
{
    struct failures failures = {0};
    for (int i = 0; i < count; i++) {
        struct tri_request *request = at(requests, i);
        if (!is_idle(request)) {
            tri_request_wait(request);
            finish_among(&failures, &requests[i], request, statuses, i);
            continue;
        }
        tri_status_set_empty(status_at(statuses, i));
        if (failures.any && statuses != MPI_STATUSES_IGNORE) {
            statuses[i].MPI_ERROR = MPI_SUCCESS;
        }
    }
    return raise_failures(&failures);
}

TRI_API(Waitall)(int count, MPI_Request requests[], MPI_Status statuses[])
{
    int code = check_all(count, requests);
    return code == MPI_SUCCESS ? finish_all(count, requests, statuses) : code;
}

TRI_API(Testall)(int count, MPI_Request requests[], int *flag, MPI_Status statuses[])
{
    TRI_CHECK_POINTER(NULL, flag);
    int code = check_all(count, requests);
    if (code != MPI_SUCCESS) {
        return code;
    }
    *flag = all_complete(count, requests);
    if (!*flag) {
        if (tri_progress() == 0) {
            tri_wait_courtesy();
        }
        *flag = all_complete(count, requests);
    }
    return *flag ? finish_all(count, requests, statuses) : MPI_SUCCESS;
}

/* The first complete one, or MPI_UNDEFINED. *active: whether there is any to wait for. */
static int find_complete(int count, const MPI_Request *requests, bool *active)
{
    *active = false;
    for (int i = 0; i < count; i++) {
        const struct tri_request *request = at(requests, i);
        if (is_idle(request)) {
            continue;
        }
        *active = true;
        if (request->complete) {
            return i;
        }
    }
    return MPI_UNDEFINED;
}

TRI_API(Waitany)(int count, MPI_Request requests[], int *index, MPI_Status *status)
{
    TRI_CHECK_POINTER(NULL, index);
    int code = check_all(count, requests);
    if (code != MPI_SUCCESS) {
        return code;
    }
    bool active;
    struct tri_wait wait = {0};
    while ((*index = find_complete(count, requests, &active)) == MPI_UNDEFINED && active) {
        tri_wait_step(&wait);
    }
    if (!active) {
        tri_status_set_empty(status);
        return MPI_SUCCESS;
    }
    return finish_one(&requests[*index], at(requests, *index), status);
}

TRI_API(Testany)(int count, MPI_Request requests[], int *index, int *flag, MPI_Status *status)
{
    TRI_CHECK_POINTER(NULL, index);
    TRI_CHECK_POINTER(NULL, flag);
    int code = check_all(count, requests);
    if (code != MPI_SUCCESS) {
        return code;
    }
    bool active;
    *index = find_complete(count, requests, &active);
    if (*index == MPI_UNDEFINED && active) {
        if (tri_progress() == 0) {
            tri_wait_courtesy();
        }
        *index = find_complete(count, requests, &active);
    }
    *flag = *index != MPI_UNDEFINED || !active;
    if (!active) {
        tri_status_set_empty(status);
    }
    return *index == MPI_UNDEFINED ? MPI_SUCCESS : finish_one(&requests[*index], at(requests, *index), status);
}

/* Finishes all that are complete; *found is their number, or MPI_UNDEFINED when none is active. */
static int finish_some(int count, MPI_Request *requests, int *found, int *indices,
                       MPI_Status *statuses)
{
    struct failures failures = {0};
    bool active = false;
    *found = 0;
    for (int i = 0; i < count; i++) {
        struct tri_request *request = at(requests, i);
        if (is_idle(request)) {
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

TRI_API(Waitsome)(int incount, MPI_Request requests[], int *outcount, int indices[],
                  MPI_Status statuses[])
{
    TRI_CHECK_POINTER(NULL, outcount);
    TRI_CHECK(incount <= 0 || indices, NULL, MPI_ERR_ARG, "the array of indices is NULL");
    int code = check_all(incount, requests);
    if (code != MPI_SUCCESS) {
        return code;
    }
    struct tri_wait wait = {0};
    bool active;
    while (find_complete(incount, requests, &active) == MPI_UNDEFINED && active) {
        tri_wait_step(&wait);
    }
    return finish_some(incount, requests, outcount, indices, statuses);
}

TRI_API(Testsome)(int incount, MPI_Request requests[], int *outcount, int indices[],
                  MPI_Status statuses[])
{
    TRI_CHECK_POINTER(NULL, outcount);
    TRI_CHECK(incount <= 0 || indices, NULL, MPI_ERR_ARG, "the array of indices is NULL");
    int code = check_all(incount, requests);
    if (code != MPI_SUCCESS) {
        return code;
    }
    if (tri_progress() == 0) {
        tri_wait_courtesy();
    }
    return finish_some(incount, requests, outcount, indices, statuses);
}

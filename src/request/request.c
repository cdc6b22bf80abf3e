/* Requests and statuses. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "request.h"

#include <stdlib.h>
#include <string.h>

#include "../runtime/wait.h"
#include "grequest.h"

struct tri_pool tri_request_pools[TRI_LANES] = {
    [0 ... TRI_LANES - 1] = {.kind = TRI_REQUEST, .size = sizeof(struct tri_request)},
};

struct tri_request tri_request_sent = {
    .object = {.kind = TRI_REQUEST, .references = 1},
    .complete = true,
    .type = TRI_REQUEST_SEND,
    .outcome = {.source = MPI_ANY_SOURCE, .tag = MPI_ANY_TAG},
};

void tri_request_give(struct tri_request *request)
{
    if (request == &tri_request_sent) {
        return;
    }
    if (request->holds) {
        tri_datatype_release(request->op.type);
        tri_comm_release_from(request->op.comm, request->lane);
    }
    tri_pool_give(&tri_request_pools[request->lane], request);
}

void tri_request_end(void)
{
    for (int lane = 0; lane < TRI_LANES; lane++) {
        tri_pool_end(&tri_request_pools[lane]);
    }
    tri_grequest_end();
}

void tri_request_complete_special(struct tri_request *request)
{
    if (TRI_UNLIKELY(request->bounce != NULL)) {
        free(request->bounce);
        request->bounce = NULL;
    }
    if (request->done) {
        request->done(request);
    } else if (request->detached) {
        tri_request_give(request);
    } else {
        request->complete = true;
    }
}

void tri_request_wait_longer(struct tri_request *request)
{
    struct tri_wait wait = {0};
    while (!request->complete) {
        tri_wait_step(&wait);
    }
}

int tri_request_finish(MPI_Request *handle, struct tri_request *request, MPI_Status *status)
{
    int code = request->outcome.error;
    if (status != MPI_STATUS_IGNORE) {
        tri_status_set(status, &request->outcome);
    }
    if (request->persistent) {
        request->active = false;
    } else {
        *handle = MPI_REQUEST_NULL;
        tri_request_give(request);
    }
    return code;
}

/* MPI_Status.MPI_internal: [0] and [1] hold the length in bytes, [2] whether it was cancelled. */
void tri_status_set(MPI_Status *status, const struct tri_outcome *outcome)
{
    status->MPI_SOURCE = outcome->source;
    status->MPI_TAG = outcome->tag;
    memcpy(&status->MPI_internal[0], &outcome->bytes, sizeof outcome->bytes);
    status->MPI_internal[2] = outcome->cancelled;
}

void tri_status_set_empty(MPI_Status *status)
{
    if (status != MPI_STATUS_IGNORE) {
        const struct tri_outcome outcome = {.source = MPI_ANY_SOURCE, .tag = MPI_ANY_TAG};
        tri_status_set(status, &outcome);
    }
}

int64_t tri_status_bytes(const MPI_Status *status)
{
    int64_t bytes;
    memcpy(&bytes, &status->MPI_internal[0], sizeof bytes);
    return bytes;
}

void tri_status_set_bytes(MPI_Status *status, int64_t bytes)
{
    memcpy(&status->MPI_internal[0], &bytes, sizeof bytes);
}

bool tri_status_cancelled(const MPI_Status *status)
{
    return status->MPI_internal[2] != 0;
}

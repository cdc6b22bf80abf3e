/* What the calls that look at requests share: wait.c, get_status.c, request.c. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TRI_API_REQUESTS_H
#define TRI_API_REQUESTS_H

#include "../p2p/p2p.h"
#include "api.h"

/* MPI_REQUEST_NULL and inactive persistent requests: nothing to wait for. */
static inline bool tri_api_is_idle(const struct tri_request *request)
{
    return !request || (request->persistent && !request->active);
}

static inline MPI_Status *tri_api_status_at(MPI_Status *statuses, int index)
{
    return statuses == MPI_STATUSES_IGNORE ? MPI_STATUS_IGNORE : &statuses[index];
}

/* The request at a place of a checked array, NULL for MPI_REQUEST_NULL. */
static inline struct tri_request *tri_api_request_at(const MPI_Request *requests, int index)
{
    return requests[index] == MPI_REQUEST_NULL ? NULL : (struct tri_request *)(void *)requests[index];
}

/* MPI_SUCCESS, or the raised error for an array that is none or has something else in it. */
int tri_api_check_requests(int count, const MPI_Request *requests);

/* Whether all requests are complete or idle. */
bool tri_api_all_complete(int count, const MPI_Request *requests);

/* The first complete one, or MPI_UNDEFINED. *active: whether there is any to wait for. */
int tri_api_find_complete(int count, const MPI_Request *requests, bool *active);

/* The same with a second look after some progress, for calls that do not wait. */
int tri_api_look_for_complete(int count, const MPI_Request *requests, bool *active);

/* Makes progress once, for calls that do not wait; lets others run when nothing came of it. */
void tri_api_look_again(void);

#endif

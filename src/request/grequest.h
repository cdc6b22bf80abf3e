/* Generalized requests: operations of the program itself that are waited for like those of the library. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TRI_GREQUEST_H
#define TRI_GREQUEST_H

#include "request.h"

/* The outcome of such a request always carries an error, so that the fast ways of finishing a request, which look at
 * that alone, leave it to the slow ones, which look at the type. What its callbacks return is returned by these
 * functions; raising it is up to the caller. Callbacks run under the lock of lane 0, or of all lanes: the same thread may
 * enter again. */
struct tri_request *tri_grequest_make(MPI_Grequest_query_function *query, MPI_Grequest_free_function *freed,
                                      MPI_Grequest_cancel_function *cancel, void *state);

/* The request of a handle that MPI_Grequest_complete may be called with: one under way, freed by the program or not.
 * NULL when it is none. */
struct tri_request *tri_grequest_get(MPI_Request handle);

/* Ends the operation; frees the request if the program has called MPI_Request_free already. A thread asleep in a wait
 * looks again within the milliseconds of its nap (../runtime/wait.c). */
int tri_grequest_complete(struct tri_request *request);

/* Has the status (may be MPI_STATUS_IGNORE) of a complete one filled, but for MPI_ERROR. */
int tri_grequest_query(struct tri_request *request, MPI_Status *status);

/* What a wait or test does: query, free, handle to MPI_REQUEST_NULL. */
int tri_grequest_finish(MPI_Request *handle, struct tri_request *request, MPI_Status *status);

/* MPI_Request_free: frees a complete one now, another when it completes. */
int tri_grequest_free(struct tri_request *request);

int tri_grequest_cancel(struct tri_request *request);

void tri_grequest_end(void);

#endif

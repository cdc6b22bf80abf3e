/* Error handlers, and raising an error: the one way from a mistake to the user. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TRI_ERRHANDLER_H
#define TRI_ERRHANDLER_H

#include "../../include/mpi.h"
#include "../runtime/object.h"

struct tri_comm;

struct tri_errhandler {
    struct tri_object object;
    MPI_Errhandler handle;
    bool predefined;
    MPI_Comm_errhandler_function *function; /* NULL for predefined ones */
};

void tri_errhandler_end(void);

struct tri_errhandler *tri_errhandler_get(MPI_Errhandler handle);
struct tri_errhandler *tri_errhandler_make(MPI_Comm_errhandler_function *function);
void tri_errhandler_hold(struct tri_errhandler *handler);
void tri_errhandler_release(struct tri_errhandler *handler);

/* The MPI function that the program is in, for messages; set by the entry points under the lane's lock. */
extern const char *tri_errhandler_function;

/* Raises an error of that class on a communicator (NULL: the one for errors that belong to none, MPI_COMM_SELF's).
 * The text says what was wrong; function and communicator are added. Returns the code for the entry point to return;
 * does not return when the handler is MPI_ERRORS_ARE_FATAL or MPI_ERRORS_ABORT. */
int tri_error(struct tri_comm *comm, int class, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* Lets an error that was found earlier (code, text already composed) reach the handler now. */
int tri_error_code(struct tri_comm *comm, int code, const char *text);

/* Name of a class without the MPI_ prefix's friends, e.g. "MPI_ERR_TRUNCATE", and a sentence; NULL beyond the last. */
const char *tri_error_name(int class);
const char *tri_error_sentence(int class);

#endif

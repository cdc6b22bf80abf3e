/* Error handlers, and raising an error: the one way from a mistake to the user. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TRI_ERRHANDLER_H
#define TRI_ERRHANDLER_H

#include "../../include/mpi.h"
#include "../runtime/object.h"

struct tri_comm;

/* What an error handler was created for; the predefined ones are for all. */
enum tri_errhandler_kind { TRI_HANDLER_ANY, TRI_HANDLER_COMM, TRI_HANDLER_WIN, TRI_HANDLER_FILE, TRI_HANDLER_SESSION };

union tri_errhandler_function {
    MPI_Comm_errhandler_function *comm;
    MPI_Win_errhandler_function *win;
    MPI_File_errhandler_function *file;
    MPI_Session_errhandler_function *session;
};

struct tri_errhandler {
    struct tri_object object;
    MPI_Errhandler handle;
    bool predefined;
    enum tri_errhandler_kind kind;
    union tri_errhandler_function function; /* not of predefined ones */
};

void tri_errhandler_end(void);

struct tri_errhandler *tri_errhandler_get(MPI_Errhandler handle);
struct tri_errhandler *tri_errhandler_make(enum tri_errhandler_kind kind, union tri_errhandler_function function);
void tri_errhandler_hold(struct tri_errhandler *handler);
void tri_errhandler_release(struct tri_errhandler *handler);

/* Puts a handler in the place of another; both references are cared for. */
void tri_errhandler_replace(struct tri_errhandler **place, struct tri_errhandler *handler);

/* What files get that are opened, and MPI_FILE_NULL has: MPI_ERRORS_RETURN at first (MPI 5.0, 14.7). */
extern struct tri_errhandler *tri_errhandler_of_files;

/* Whether the program has set the handler of MPI_COMM_SELF. */
extern bool tri_errhandler_self_is_set;

/* The MPI function that this thread is in, for messages; set by the entry points. Each thread has its own: while one
 * waits, others come and go. */
extern TRI_THREAD_LOCAL const char *tri_errhandler_function;

/* Raises an error of that class on a communicator (NULL: the one for errors that belong to none, MPI_COMM_SELF).
 * The text says what was wrong; function and communicator are added. Returns the code for the entry point to return;
 * does not return when the handler is MPI_ERRORS_ARE_FATAL or MPI_ERRORS_ABORT. */
int tri_error(struct tri_comm *comm, int class, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* Lets an error that was found earlier (code, text already composed) reach the handler now. */
int tri_error_code(struct tri_comm *comm, int code, const char *text);

/* The same for an object of any kind: its handler (NULL: fatal), the address of a handle that the handler gets, and the
 * object's name for the message, or NULL. Called under the locks of all lanes; the others may be called in any. */
int tri_error_on(const struct tri_errhandler *handler, void *handle, const char *name, int code, const char *text);

/* Raises what a callback of an attribute returned instead of MPI_SUCCESS; what: "copy" or "delete"; function: what
 * tri_errhandler_function was before, as the callback may have called MPI. Returns the callback's code if that is an
 * error code, else MPI_ERR_OTHER. */
int tri_error_of_callback(struct tri_comm *comm, const char *function, int code, const char *what);

/* Name of a class without the MPI_ prefix's friends, e.g. "MPI_ERR_TRUNCATE", and a sentence; NULL beyond the last. */
const char *tri_error_name(int class);
const char *tri_error_sentence(int class);

/* src/tools/errors.c: the same for MPI_T_ERR_*; NULL for other codes. */
const char *tri_tools_error_name(int code);
const char *tri_tools_error_sentence(int code);

/* ---- error_codes.c: classes and codes of the program, above MPI_ERR_LASTCODE ---- */

extern int tri_error_last_used; /* MPI_LASTUSEDCODE */
int tri_error_add_class(void);
int tri_error_add_code(int class);

/* Whether the program has added it (and not removed it since); only such may be given to those below. */
bool tri_error_is_added(int code);

/* Codes that the program has added to a class of its own. */
int tri_error_members(int class);
void tri_error_remove(int code);

/* NULL removes it. The text is copied. */
void tri_error_set_text(int code, const char *text);

/* The text of an added class or code; NULL when it has none. */
const char *tri_error_text(int code);

/* The class of any code; -1: it is none. */
int tri_error_class_of(int code);
void tri_error_codes_end(void);

#endif

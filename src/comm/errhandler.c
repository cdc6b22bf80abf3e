/* Error handlers and error codes. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "errhandler.h"

#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "../runtime/counters.h"
#include "../runtime/log.h"
#include "comm.h"

static struct tri_pool pool = {.kind = TRI_ERRHANDLER, .size = sizeof(struct tri_errhandler)};

/* Handlers are made before MPI_Init and after MPI_Finalize as well, from any thread: the lanes do not guard the pool.
 */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int alive;

/* Initialised by the compiler: error handlers may be asked for before MPI_Init. */
#define PREDEFINED(name) {.object = {.kind = TRI_ERRHANDLER, .references = 1}, .handle = name, .predefined = true}
enum { ARE_FATAL, ABORT, RETURN };
static struct tri_errhandler predefined[] = {[ARE_FATAL] = PREDEFINED(MPI_ERRORS_ARE_FATAL),
                                             [ABORT] = PREDEFINED(MPI_ERRORS_ABORT),
                                             [RETURN] = PREDEFINED(MPI_ERRORS_RETURN)};

struct tri_errhandler *tri_errhandler_of_files = &predefined[RETURN];
TRI_THREAD_LOCAL const char *tri_errhandler_function = "MPI";

/* A handler that the program still holds may be freed after MPI_Finalize. */
void tri_errhandler_end(void)
{
    tri_errhandler_replace(&tri_errhandler_of_files, &predefined[RETURN]);
    pthread_mutex_lock(&lock);
    if (alive == 0) {
        tri_pool_end(&pool);
    }
    pthread_mutex_unlock(&lock);
}

struct tri_errhandler *tri_errhandler_get(MPI_Errhandler handle)
{
    for (size_t i = 0; i < TRI_COUNT_OF(predefined); i++) {
        if (handle == predefined[i].handle) {
            return &predefined[i];
        }
    }
    return tri_object_is(handle, TRI_ERRHANDLER) ? (struct tri_errhandler *)(void *)handle : NULL;
}

struct tri_errhandler *tri_errhandler_make(enum tri_errhandler_kind kind, union tri_errhandler_function function)
{
    pthread_mutex_lock(&lock);
    struct tri_errhandler *handler = tri_pool_take(&pool);
    alive++;
    pthread_mutex_unlock(&lock);
    handler->handle = (MPI_Errhandler)(void *)handler;
    handler->predefined = false;
    handler->kind = kind;
    handler->function = function;
    return handler;
}

void tri_errhandler_hold(struct tri_errhandler *handler)
{
    handler->object.references += !handler->predefined;
}

void tri_errhandler_release(struct tri_errhandler *handler)
{
    if (!handler->predefined && --handler->object.references == 0) {
        pthread_mutex_lock(&lock);
        tri_pool_give(&pool, handler);
        alive--;
        pthread_mutex_unlock(&lock);
    }
}

void tri_errhandler_replace(struct tri_errhandler **place, struct tri_errhandler *handler)
{
    tri_errhandler_hold(handler);
    tri_errhandler_release(*place);
    *place = handler;
}

static void call(const struct tri_errhandler *handler, void *handle, int *code)
{
    switch (handler->kind) {
    case TRI_HANDLER_COMM: handler->function.comm(handle, code); break;
    case TRI_HANDLER_WIN: handler->function.win(handle, code); break;
    case TRI_HANDLER_FILE: handler->function.file(handle, code); break;
    case TRI_HANDLER_SESSION: handler->function.session(handle, code); break;
    case TRI_HANDLER_ANY: break;
    }
}

int tri_error_on(const struct tri_errhandler *handler, void *handle, const char *name, int code, const char *text)
{
    tri_counters->errors++;
    if (tri_event_is_wanted(TRI_EVENT_ERROR)) {
        tri_event_raise(TRI_EVENT_ERROR, &(struct tri_event_error){.code = code});
    }
    if (!handler || handler->handle == MPI_ERRORS_ARE_FATAL || handler->handle == MPI_ERRORS_ABORT) {
        /* The exit code of a shell has eight bits, and 0 would mean success. */
        int exit_code = code & 0xff ? code & 0xff : 1;
        int class = tri_error_class_of(code);
        const char *what = tri_error_is_added(class) ? "an error class of the program" : tri_error_name(class);
        tri_log_fatal(exit_code, "%s%s%s: %s [%s]", tri_errhandler_function, name ? " on " : "", name ? name : "", text,
                      what);
    }
    call(handler, handle, &code);
    return code;
}

/* Since MPI 4.0 an error that belongs to no object is MPI_COMM_SELF's; before it was MPI_COMM_WORLD's. Programs of both
 * times set one of the two handlers: the other communicator counts as long as nothing was said about MPI_COMM_SELF. */
bool tri_errhandler_self_is_set;

/* A handler of the program may call anything. */
int tri_error_code(struct tri_comm *comm, int code, const char *text)
{
    struct tri_lane_hold hold = tri_lane_widen();
    struct tri_comm *on = comm ? comm : tri_errhandler_self_is_set ? &tri_comm_self : &tri_comm_world;
    MPI_Comm handle = on->handle;
    MPI_Win window = on->window;
    code = tri_error_on(on->errhandler, window == MPI_WIN_NULL ? (void *)&handle : &window,
                        comm ? tri_comm_name(comm) : NULL, code, text);
    tri_lane_narrow(hold);
    return code;
}

int tri_error_of_callback(struct tri_comm *comm, const char *function, int code, const char *what)
{
    tri_errhandler_function = function;
    int known = tri_error_class_of(code) > MPI_SUCCESS ? code : MPI_ERR_OTHER;
    return tri_error(comm, known, "the %s callback of an attribute returned %d instead of MPI_SUCCESS", what, code);
}

int tri_error(struct tri_comm *comm, int class, const char *format, ...)
{
    char text[600];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    return tri_error_code(comm, class, text);
}

/* Error handlers and error codes. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "errhandler.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "../runtime/log.h"
#include "comm.h"

static struct tri_pool pool = {.kind = TRI_ERRHANDLER, .size = sizeof(struct tri_errhandler)};

/* Initialised by the compiler: error handlers may be asked for before MPI_Init. */
#define PREDEFINED(name) {.object = {.kind = TRI_ERRHANDLER, .references = 1}, .handle = name, .predefined = true}
static struct tri_errhandler predefined[] = {
    PREDEFINED(MPI_ERRORS_ARE_FATAL), PREDEFINED(MPI_ERRORS_ABORT), PREDEFINED(MPI_ERRORS_RETURN)};

const char *tri_errhandler_function = "MPI";

void tri_errhandler_end(void)
{
    tri_pool_end(&pool);
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

struct tri_errhandler *tri_errhandler_make(MPI_Comm_errhandler_function *function)
{
    struct tri_errhandler *handler = tri_pool_take(&pool);
    handler->handle = (MPI_Errhandler)(void *)handler;
    handler->predefined = false;
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
        tri_pool_give(&pool, handler);
    }
}

int tri_error_code(struct tri_comm *comm, int code, const char *text)
{
    struct tri_comm *on = comm ? comm : &tri_comm_self;
    struct tri_errhandler *handler = on->errhandler;
    if (!handler || handler->handle == MPI_ERRORS_ARE_FATAL || handler->handle == MPI_ERRORS_ABORT) {
        /* The exit code of a shell has eight bits, and 0 would mean success. */
        int exit_code = code & 0xff ? code & 0xff : 1;
        if (comm) {
            tri_log_fatal(exit_code, "%s on %s: %s [%s]", tri_errhandler_function, tri_comm_name(comm), text,
                          tri_error_name(code));
        }
        tri_log_fatal(exit_code, "%s: %s [%s]", tri_errhandler_function, text, tri_error_name(code));
    }
    if (handler->function) {
        MPI_Comm handle = on->handle;
        handler->function(&handle, &code);
    }
    return code;
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

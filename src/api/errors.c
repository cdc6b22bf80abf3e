/* Error handlers, codes and strings (MPI 5.0, 9.3 to 9.5). */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdio.h>
#include <string.h>

#include "../p2p/p2p.h"
#include "api.h"

static int take_handler(MPI_Errhandler handle, struct tri_errhandler **handler)
{
    *handler = tri_errhandler_get(handle);
    TRI_CHECK(*handler, NULL, MPI_ERR_ERRHANDLER, "the error handler is %s",
              handle == MPI_ERRHANDLER_NULL ? "MPI_ERRHANDLER_NULL" : "not such a handle, or has been freed");
    return MPI_SUCCESS;
}

TRI_API_ANYTIME(Comm_create_errhandler)(MPI_Comm_errhandler_function *comm_errhandler_fn, MPI_Errhandler *errhandler)
{
    TRI_CHECK_POINTER(NULL, comm_errhandler_fn);
    TRI_CHECK_POINTER(NULL, errhandler);
    *errhandler = tri_errhandler_make(comm_errhandler_fn)->handle;
    return MPI_SUCCESS;
}

TRI_API_ANYTIME(Errhandler_free)(MPI_Errhandler *errhandler)
{
    TRI_CHECK_POINTER(NULL, errhandler);
    struct tri_errhandler *handler;
    int code = take_handler(*errhandler, &handler);
    if (code == MPI_SUCCESS) {
        tri_errhandler_release(handler);
        *errhandler = MPI_ERRHANDLER_NULL;
    }
    return code;
}

TRI_API(Comm_set_errhandler)(MPI_Comm comm, MPI_Errhandler errhandler)
{
    TRI_TAKE_COMM(on, comm);
    struct tri_errhandler *handler;
    int code = take_handler(errhandler, &handler);
    if (code == MPI_SUCCESS) {
        tri_errhandler_hold(handler);
        tri_errhandler_release(on->errhandler);
        on->errhandler = handler;
    }
    return code;
}

TRI_API(Comm_get_errhandler)(MPI_Comm comm, MPI_Errhandler *errhandler)
{
    TRI_TAKE_COMM(on, comm);
    TRI_CHECK_POINTER(on, errhandler);
    tri_errhandler_hold(on->errhandler);
    *errhandler = on->errhandler->handle;
    return MPI_SUCCESS;
}

TRI_API(Comm_call_errhandler)(MPI_Comm comm, int errorcode)
{
    TRI_TAKE_COMM(on, comm);
    const char *text = tri_error_sentence(errorcode);
    tri_error_code(on, errorcode, text ? text : "an error code of the program");
    return MPI_SUCCESS;
}

/* Codes are classes: what they say beyond that is in the message of the error. */
TRI_API_ANYTIME(Error_class)(int errorcode, int *errorclass)
{
    TRI_CHECK_POINTER(NULL, errorclass);
    TRI_CHECK(tri_error_sentence(errorcode), NULL, MPI_ERR_ARG, "%d is not an error code", errorcode);
    *errorclass = errorcode;
    return MPI_SUCCESS;
}

TRI_API_ANYTIME(Error_string)(int errorcode, char *string, int *resultlen)
{
    TRI_CHECK_POINTER(NULL, string);
    TRI_CHECK_POINTER(NULL, resultlen);
    TRI_CHECK(tri_error_sentence(errorcode), NULL, MPI_ERR_ARG, "%d is not an error code", errorcode);
    *resultlen = snprintf(string, MPI_MAX_ERROR_STRING, "%s: %s", tri_error_name(errorcode),
                          tri_error_sentence(errorcode));
    return MPI_SUCCESS;
}

/* Error handlers (MPI 5.0, 9.3). */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "../rma/window.h"
#include "api.h"

static const char *const kind_names[] = {"any object", "communicators", "windows", "files", "sessions"};

/* A handler for objects of that kind; comm is where errors go. */
static int take_handler(struct tri_comm *comm, MPI_Errhandler handle, enum tri_errhandler_kind kind,
                        struct tri_errhandler **handler)
{
    *handler = tri_errhandler_get(handle);
    TRI_CHECK(*handler, comm, MPI_ERR_ERRHANDLER, "the error handler is %s",
              handle == MPI_ERRHANDLER_NULL ? "MPI_ERRHANDLER_NULL" : "not such a handle, or has been freed");
    TRI_CHECK((*handler)->kind == kind || (*handler)->kind == TRI_HANDLER_ANY || kind == TRI_HANDLER_ANY, comm,
              MPI_ERR_ERRHANDLER, "the error handler was created for %s, not for %s", kind_names[(*handler)->kind],
              kind_names[kind]);
    return MPI_SUCCESS;
}

static int create(enum tri_errhandler_kind kind, union tri_errhandler_function function, MPI_Errhandler *errhandler)
{
    TRI_CHECK(function.comm, NULL, MPI_ERR_ARG, "the function of the error handler is NULL");
    TRI_CHECK_POINTER(NULL, errhandler);
    *errhandler = tri_errhandler_make(kind, function)->handle;
    return MPI_SUCCESS;
}

TRI_API_ANYTIME(Comm_create_errhandler)(MPI_Comm_errhandler_function *comm_errhandler_fn, MPI_Errhandler *errhandler)
{
    return create(TRI_HANDLER_COMM, (union tri_errhandler_function){.comm = comm_errhandler_fn}, errhandler);
}

TRI_API_ANYTIME(Win_create_errhandler)(MPI_Win_errhandler_function *win_errhandler_fn, MPI_Errhandler *errhandler)
{
    return create(TRI_HANDLER_WIN, (union tri_errhandler_function){.win = win_errhandler_fn}, errhandler);
}

TRI_API_ANYTIME(File_create_errhandler)(MPI_File_errhandler_function *file_errhandler_fn, MPI_Errhandler *errhandler)
{
    return create(TRI_HANDLER_FILE, (union tri_errhandler_function){.file = file_errhandler_fn}, errhandler);
}

TRI_API_ANYTIME(Session_create_errhandler)(MPI_Session_errhandler_function *session_errhandler_fn,
                                           MPI_Errhandler *errhandler)
{
    return create(TRI_HANDLER_SESSION, (union tri_errhandler_function){.session = session_errhandler_fn}, errhandler);
}

TRI_API_ANYTIME(Errhandler_free)(MPI_Errhandler *errhandler)
{
    TRI_CHECK_POINTER(NULL, errhandler);
    struct tri_errhandler *handler;
    int code = take_handler(NULL, *errhandler, TRI_HANDLER_ANY, &handler);
    if (code == MPI_SUCCESS) {
        tri_errhandler_release(handler);
        *errhandler = MPI_ERRHANDLER_NULL;
    }
    return code;
}

/* What a handler is told of an error that the program raises. */
static const char *text_of(int code)
{
    const char *text = tri_error_is_added(code) ? tri_error_text(code) : tri_error_sentence(code);
    return text ? text : "an error code of the program";
}

/* ---- communicators ---- */

TRI_API(Comm_set_errhandler)(MPI_Comm comm, MPI_Errhandler errhandler)
{
    TRI_TAKE_COMM(on, comm);
    struct tri_errhandler *handler;
    int code = take_handler(on, errhandler, TRI_HANDLER_COMM, &handler);
    if (code == MPI_SUCCESS) {
        tri_errhandler_replace(&on->errhandler, handler);
        tri_errhandler_self_is_set |= on == &tri_comm_self;
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
    TRI_CHECK(tri_error_class_of(errorcode) >= 0, on, MPI_ERR_ARG, "%d is not an error code", errorcode);
    tri_error_code(on, errorcode, text_of(errorcode));
    return MPI_SUCCESS;
}

/* ---- files: there are none yet but MPI_FILE_NULL, whose handler new files get (MPI 5.0, 14.7) ---- */

static int error_on_file(int code, const char *text)
{
    MPI_File null = MPI_FILE_NULL;
    return tri_error_on(tri_errhandler_of_files, &null, "MPI_FILE_NULL", code, text);
}

static int check_file(MPI_File file)
{
    return file == MPI_FILE_NULL ? MPI_SUCCESS : error_on_file(MPI_ERR_FILE, "the file is not such a handle");
}

TRI_API(File_set_errhandler)(MPI_File file, MPI_Errhandler errhandler)
{
    int code = check_file(file);
    if (code != MPI_SUCCESS) {
        return code;
    }
    struct tri_errhandler *handler = tri_errhandler_get(errhandler);
    if (!handler || (handler->kind != TRI_HANDLER_FILE && handler->kind != TRI_HANDLER_ANY)) {
        return error_on_file(MPI_ERR_ERRHANDLER,
                             "the error handler is not such a handle, was not created for files, or "
                             "has been freed");
    }
    tri_errhandler_replace(&tri_errhandler_of_files, handler);
    return MPI_SUCCESS;
}

TRI_API(File_get_errhandler)(MPI_File file, MPI_Errhandler *errhandler)
{
    int code = check_file(file);
    if (code == MPI_SUCCESS && !errhandler) {
        code = error_on_file(MPI_ERR_ARG, "argument errhandler is NULL");
    }
    if (code == MPI_SUCCESS) {
        tri_errhandler_hold(tri_errhandler_of_files);
        *errhandler = tri_errhandler_of_files->handle;
    }
    return code;
}

TRI_API(File_call_errhandler)(MPI_File fh, int errorcode)
{
    int code = check_file(fh);
    if (code != MPI_SUCCESS) {
        return code;
    }
    if (tri_error_class_of(errorcode) < 0) {
        return error_on_file(MPI_ERR_ARG, "the error code is none");
    }
    error_on_file(errorcode, text_of(errorcode));
    return MPI_SUCCESS;
}

/* ---- windows ---- */

TRI_API(Win_set_errhandler)(MPI_Win win, MPI_Errhandler errhandler)
{
    TRI_TAKE_WIN(on, win);
    struct tri_errhandler *handler;
    int code = take_handler(on->comm, errhandler, TRI_HANDLER_WIN, &handler);
    if (code == MPI_SUCCESS) {
        tri_errhandler_replace(&on->comm->errhandler, handler);
    }
    return code;
}

TRI_API(Win_get_errhandler)(MPI_Win win, MPI_Errhandler *errhandler)
{
    TRI_TAKE_WIN(on, win);
    TRI_CHECK_POINTER(on->comm, errhandler);
    tri_errhandler_hold(on->comm->errhandler);
    *errhandler = on->comm->errhandler->handle;
    return MPI_SUCCESS;
}

TRI_API(Win_call_errhandler)(MPI_Win win, int errorcode)
{
    TRI_TAKE_WIN(on, win);
    TRI_CHECK(tri_error_class_of(errorcode) >= 0, on->comm, MPI_ERR_ARG, "%d is not an error code", errorcode);
    tri_error_code(on->comm, errorcode, text_of(errorcode));
    return MPI_SUCCESS;
}

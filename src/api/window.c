/* Windows: creation, group, hints and names (MPI 5.0, 12.2, 7.8). */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "../rma/window.h"

#include <limits.h>
#include <stdio.h>

#include "../runtime/info.h"
#include "api.h"

/* In order of the bits TRI_WINDOW_. */
static const char *const hint_names[] = {"no_locks", "same_size", "same_disp_unit"};

/* MPI_SUCCESS, or the error raised on comm. */
static int read_hints(struct tri_comm *comm, MPI_Info handle, unsigned *hints)
{
    if (handle == MPI_INFO_NULL) {
        return MPI_SUCCESS;
    }
    const struct tri_info *info = tri_info_get(handle);
    TRI_CHECK(info, comm, MPI_ERR_INFO, "the info is not such a handle, or has been freed");
    tri_info_read_flags(info, hint_names, TRI_COUNT_OF(hint_names), hints);
    return MPI_SUCCESS;
}

static int check_memory(struct tri_comm *comm, const void *base, MPI_Aint size, MPI_Aint disp_unit)
{
    TRI_CHECK(size >= 0, comm, MPI_ERR_SIZE, "the size is %lld, which is negative", (long long)size);
    TRI_CHECK(disp_unit > 0 && disp_unit <= INT_MAX, comm, MPI_ERR_DISP,
              "the displacement unit is %lld, but it must be from 1 to %d", (long long)disp_unit, INT_MAX);
    TRI_CHECK(base || size == 0, comm, MPI_ERR_BASE, "argument base is NULL with a size of %lld", (long long)size);
    return MPI_SUCCESS;
}

TRI_API(Win_create)(void *base, MPI_Aint size, MPI_Aint disp_unit, MPI_Info info, MPI_Comm comm, MPI_Win *win)
{
    TRI_TAKE_COMM(of, comm);
    TRI_CHECK_POINTER(of, win);
    TRI_CHECK(!of->remote, of, MPI_ERR_COMM,
              "an intercommunicator can not have windows; merge it first "
              "(MPI_Intercomm_merge)");
    unsigned hints = 0;
    int code = check_memory(of, base, size, disp_unit);
    if (code == MPI_SUCCESS) {
        code = read_hints(of, info, &hints);
    }
    struct tri_window *made;
    if (code == MPI_SUCCESS) {
        code = tri_window_create(of, base, size, (int)disp_unit, &made);
    }
    if (code == MPI_SUCCESS) {
        made->hints = hints;
        *win = made->handle;
    }
    return code;
}

TRI_API(Win_free)(MPI_Win *win)
{
    TRI_CHECK_POINTER(NULL, win);
    TRI_TAKE_WIN(window, *win);
    const char *function = tri_errhandler_function;
    int code = tri_attributes_delete(&window->attributes, window->handle);
    if (code != MPI_SUCCESS) {
        return tri_error_of_callback(window->comm, function, code, "delete");
    }
    code = tri_window_free(window);
    *win = MPI_WIN_NULL;
    return code;
}

TRI_API(Win_get_group)(MPI_Win win, MPI_Group *group)
{
    TRI_TAKE_WIN(window, win);
    TRI_CHECK_POINTER(window->comm, group);
    tri_group_hold(window->comm->group);
    *group = window->comm->group->handle;
    return MPI_SUCCESS;
}

TRI_API(Win_set_info)(MPI_Win win, MPI_Info info)
{
    TRI_TAKE_WIN(window, win);
    return read_hints(window->comm, info, &window->hints);
}

TRI_API(Win_get_info)(MPI_Win win, MPI_Info *info_used)
{
    TRI_TAKE_WIN(window, win);
    TRI_CHECK_POINTER(window->comm, info_used);
    struct tri_info *info = tri_info_make();
    tri_info_write_flags(info, hint_names, TRI_COUNT_OF(hint_names), window->hints);
    *info_used = info->handle;
    return MPI_SUCCESS;
}

TRI_API(Win_set_name)(MPI_Win win, const char *win_name)
{
    TRI_TAKE_WIN(window, win);
    TRI_CHECK_POINTER(window->comm, win_name);
    snprintf(window->comm->name, sizeof window->comm->name, "%s", win_name);
    return MPI_SUCCESS;
}

TRI_API(Win_get_name)(MPI_Win win, char *win_name, int *resultlen)
{
    if (win == MPI_WIN_NULL && win_name && resultlen) { /* MPI 5.0, 7.8: it has a name, too */
        *resultlen = snprintf(win_name, MPI_MAX_OBJECT_NAME, "MPI_WIN_NULL");
        return MPI_SUCCESS;
    }
    TRI_TAKE_WIN(window, win);
    TRI_CHECK_POINTER(window->comm, win_name);
    TRI_CHECK_POINTER(window->comm, resultlen);
    *resultlen = snprintf(win_name, MPI_MAX_OBJECT_NAME, "%s", window->comm->name);
    return MPI_SUCCESS;
}

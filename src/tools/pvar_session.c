/* Sessions and handles of performance variables: made and freed (MPI 5.0, 15.3.7). */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdlib.h>

#include "pvar.h"

struct MPI_ABI_T_pvar_session *tri_pvar_sessions;

struct MPI_ABI_T_pvar_session **tri_pvar_find_session(MPI_T_pvar_session session)
{
    for (struct MPI_ABI_T_pvar_session **link = &tri_pvar_sessions; *link; link = &(*link)->next) {
        if (*link == session) {
            return link;
        }
    }
    return NULL;
}

struct MPI_ABI_T_pvar_handle **tri_pvar_find_handle(MPI_T_pvar_session session, MPI_T_pvar_handle handle)
{
    for (struct MPI_ABI_T_pvar_handle **link = &session->handles; *link; link = &(*link)->next) {
        if (*link == handle) {
            return link;
        }
    }
    return NULL;
}

static void unbind(struct MPI_ABI_T_pvar_handle *handle)
{
    if (handle->comm) {
        tri_comm_release(handle->comm);
        handle->comm = NULL;
    }
}

static void free_handle(struct MPI_ABI_T_pvar_handle **link)
{
    struct MPI_ABI_T_pvar_handle *handle = *link;
    *link = handle->next;
    unbind(handle);
    free(handle);
}

static void free_session(struct MPI_ABI_T_pvar_session **link)
{
    struct MPI_ABI_T_pvar_session *session = *link;
    while (session->handles) {
        free_handle(&session->handles);
    }
    *link = session->next;
    free(session);
}

void tri_tools_pvar_end(void)
{
    while (tri_pvar_sessions) {
        free_session(&tri_pvar_sessions);
    }
}

void tri_tools_pvar_unbind(void)
{
    for (struct MPI_ABI_T_pvar_session *session = tri_pvar_sessions; session; session = session->next) {
        for (struct MPI_ABI_T_pvar_handle *handle = session->handles; handle; handle = handle->next) {
            unbind(handle);
        }
    }
}

TRI_API_VALUE(int, T_pvar_session_create)(MPI_T_pvar_session *session)
{
    TRI_TOOLS_CHECK_ON();
    TRI_TOOLS_CHECK_POINTER(session);
    struct MPI_ABI_T_pvar_session *made = calloc(1, sizeof *made);
    TRI_TOOLS_CHECK(made, MPI_T_ERR_MEMORY);
    tri_tools_lock();
    made->next = tri_pvar_sessions;
    tri_pvar_sessions = made;
    tri_tools_unlock();
    *session = made;
    return MPI_SUCCESS;
}

TRI_API_VALUE(int, T_pvar_session_free)(MPI_T_pvar_session *session)
{
    TRI_TOOLS_CHECK_ON();
    TRI_TOOLS_CHECK_POINTER(session);
    bool with_lane = tri_tools_enter();
    struct MPI_ABI_T_pvar_session **link = tri_pvar_find_session(*session);
    if (link) {
        free_session(link);
        *session = MPI_T_PVAR_SESSION_NULL;
    }
    tri_tools_leave(with_lane);
    return link ? MPI_SUCCESS : MPI_T_ERR_INVALID_SESSION;
}

static int add_handle(MPI_T_pvar_session session, const struct tri_pvar *row, const void *object,
                      MPI_T_pvar_handle *handle)
{
    TRI_TOOLS_CHECK(tri_pvar_find_session(session), MPI_T_ERR_INVALID_SESSION);
    struct tri_comm *comm = NULL;
    if (row->of_comm) {
        TRI_TOOLS_CHECK(tri_api_state == TRI_RUNNING, MPI_T_ERR_NOT_ACCESSIBLE);
        TRI_TOOLS_CHECK(object, MPI_T_ERR_INVALID);
        comm = tri_comm_get(*(const MPI_Comm *)object);
        TRI_TOOLS_CHECK(comm, MPI_T_ERR_INVALID_HANDLE);
    }
    struct MPI_ABI_T_pvar_handle *made = calloc(1, sizeof *made);
    TRI_TOOLS_CHECK(made, MPI_T_ERR_MEMORY);
    if (comm) {
        tri_comm_hold(comm);
    }
    made->row = row;
    made->comm = comm;
    made->next = session->handles;
    session->handles = made;
    *handle = made;
    return MPI_SUCCESS;
}

TRI_API_VALUE(int, T_pvar_handle_alloc)
(MPI_T_pvar_session session, int pvar_index, void *obj_handle, MPI_T_pvar_handle *handle, int *count)
{
    TRI_TOOLS_CHECK_ON();
    TRI_TOOLS_CHECK_INDEX(pvar_index, tri_pvar_count);
    TRI_TOOLS_CHECK_POINTER(handle);
    bool with_lane = tri_tools_enter();
    int code = add_handle(session, &tri_pvars[pvar_index], obj_handle, handle);
    tri_tools_leave(with_lane);
    if (code == MPI_SUCCESS) {
        TRI_TOOLS_SET(count, 1);
    }
    return code;
}

TRI_API_VALUE(int, T_pvar_handle_free)(MPI_T_pvar_session session, MPI_T_pvar_handle *handle)
{
    TRI_TOOLS_CHECK_ON();
    TRI_TOOLS_CHECK_POINTER(handle);
    bool with_lane = tri_tools_enter();
    int code = tri_pvar_find_session(session) ? MPI_SUCCESS : MPI_T_ERR_INVALID_SESSION;
    struct MPI_ABI_T_pvar_handle **link = code == MPI_SUCCESS ? tri_pvar_find_handle(session, *handle) : NULL;
    if (link) {
        free_handle(link);
        *handle = MPI_T_PVAR_HANDLE_NULL;
    } else if (code == MPI_SUCCESS) {
        code = MPI_T_ERR_INVALID_HANDLE;
    }
    tri_tools_leave(with_lane);
    return code;
}

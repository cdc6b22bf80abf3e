/* Start and end of the tools interface, its lock and its strings (MPI 5.0, 15.3.3, 15.3.4). */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "../api/instance.h"
#include "tools.h"

static pthread_mutex_t lock = PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP;
static int users; /* written under the lock */

void tri_tools_lock(void)
{
    pthread_mutex_lock(&lock);
}

void tri_tools_unlock(void)
{
    pthread_mutex_unlock(&lock);
}

bool tri_tools_enter(void)
{
    /* Whether it is threaded may change meanwhile: the one taken is the one given back. */
    bool with_lane = tri_api_state == TRI_RUNNING && tri_lane_threaded;
    if (with_lane) {
        tri_lane_lock(TRI_LANES_ALL);
    }
    tri_tools_lock();
    return with_lane;
}

void tri_tools_leave(bool with_lane)
{
    tri_tools_unlock();
    if (with_lane) {
        tri_lane_unlock();
    }
}

bool tri_tools_are_on(void)
{
    return __atomic_load_n(&users, __ATOMIC_RELAXED) > 0;
}

void tri_tools_stop(void)
{
    tri_tools_lock();
    tri_tools_pvar_unbind();
    tri_tools_unlock();
}

void tri_tools_text(const char *text, char *buffer, int *len)
{
    if (!len) {
        return;
    }
    if (buffer && *len > 0) {
        snprintf(buffer, (size_t)*len, "%s", text);
    }
    *len = (int)strlen(text) + 1;
}

TRI_API_VALUE(int, T_init_thread)(int required, int *provided)
{
    TRI_TOOLS_CHECK(required >= MPI_THREAD_SINGLE && required <= MPI_THREAD_MULTIPLE, MPI_T_ERR_INVALID);
    TRI_TOOLS_CHECK_POINTER(provided);
    tri_tools_lock();
    if (users == 0 && !tri_instance_is_up()) {
        /* A variable that the environment has wrong shows its default; MPI_Init will say what is wrong. */
        char message[300];
        tri_variables_read(message, sizeof message);
    }
    tri_event_hook = tri_tools_event_raise;
    __atomic_store_n(&users, users + 1, __ATOMIC_RELAXED);
    tri_tools_unlock();
    *provided = MPI_THREAD_MULTIPLE;
    return MPI_SUCCESS;
}

TRI_API_VALUE(int, T_finalize)(void)
{
    bool with_lane = tri_tools_enter();
    int code = users > 0 ? MPI_SUCCESS : MPI_T_ERR_NOT_INITIALIZED;
    if (users > 0) {
        __atomic_store_n(&users, users - 1, __ATOMIC_RELAXED);
        if (users == 0) {
            tri_tools_cvar_end();
            tri_tools_pvar_end();
            tri_tools_event_end();
        }
    }
    tri_tools_leave(with_lane);
    return code;
}

/* Control variables: the rows of the variables table (MPI 5.0, 15.3.6). */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../api/instance.h"
#include "tools.h"

/* Precedence: what a tool writes before MPI_Init counts most, then the environment, then the default. MPI_Init reads
 * the environment again, but leaves what was written. */

struct MPI_ABI_T_cvar_handle {
    struct MPI_ABI_T_cvar_handle *next;
    enum tri_variable_id id;
};
static struct MPI_ABI_T_cvar_handle
    *handles; /* all that are allocated, so that a wrong one is known without a look at it */

static struct MPI_ABI_T_cvar_handle **find(MPI_T_cvar_handle handle)
{
    for (struct MPI_ABI_T_cvar_handle **link = &handles; *link; link = &(*link)->next) {
        if (*link == handle) {
            return link;
        }
    }
    return NULL;
}

void tri_tools_cvar_end(void)
{
    while (handles) {
        struct MPI_ABI_T_cvar_handle *handle = handles;
        handles = handle->next;
        free(handle);
    }
}

static bool is_writable(enum tri_variable_id id)
{
    return tri_variables[id].anytime || !tri_instance_is_up();
}

/* What is fixed once MPI runs is read-only for a tool that asks only then. What was said once stays: the standard wants
 * the same answer each time. */
static int scope_of(enum tri_variable_id id)
{
    static int said[TRI_VAR_COUNT];
    int unsaid = 0;
    int scope = is_writable(id) ? tri_variables[id].scope : MPI_T_SCOPE_READONLY;
    bool first = __atomic_compare_exchange_n(&said[id], &unsaid, scope, false, __ATOMIC_RELAXED, __ATOMIC_RELAXED);
    return first ? scope : unsaid;
}

static MPI_Datatype type_of(enum tri_variable_id id)
{
    switch (tri_variables[id].type) {
    case TRI_TYPE_TEXT: return MPI_CHAR;
    case TRI_TYPE_SIZE: return MPI_COUNT;
    default: return MPI_INT;
    }
}

static void name_of(enum tri_variable_id id, char *name, size_t len)
{
    snprintf(name, len, "TRIREME_%s", tri_variables[id].name);
}

TRI_API_VALUE(int, T_cvar_get_num)(int *num_cvar)
{
    TRI_TOOLS_CHECK_ON();
    TRI_TOOLS_CHECK_POINTER(num_cvar);
    *num_cvar = TRI_VAR_COUNT;
    return MPI_SUCCESS;
}

TRI_API_VALUE(int, T_cvar_get_info)
(int cvar_index, char *name, int *name_len, int *verbosity, MPI_Datatype *datatype, MPI_T_enum *enumtype, char *desc,
 int *desc_len, int *bind, int *scope)
{
    TRI_TOOLS_CHECK_ON();
    TRI_TOOLS_CHECK_INDEX(cvar_index, TRI_VAR_COUNT);
    enum tri_variable_id id = (enum tri_variable_id)cvar_index;
    char text[80];
    name_of(id, text, sizeof text);
    tri_tools_text(text, name, name_len);
    tri_tools_text(tri_variables[id].meaning, desc, desc_len);
    TRI_TOOLS_SET(verbosity, tri_variables[id].verbosity);
    TRI_TOOLS_SET(datatype, type_of(id));
    TRI_TOOLS_SET(enumtype, tri_tools_variable_enum(id));
    TRI_TOOLS_SET(bind, MPI_T_BIND_NO_OBJECT);
    TRI_TOOLS_SET(scope, scope_of(id));
    return MPI_SUCCESS;
}

TRI_API_VALUE(int, T_cvar_get_index)(const char *name, int *cvar_index)
{
    static const char prefix[] = "TRIREME_";
    TRI_TOOLS_CHECK_ON();
    TRI_TOOLS_CHECK_POINTER(name);
    TRI_TOOLS_CHECK_POINTER(cvar_index);
    TRI_TOOLS_CHECK(!strncmp(name, prefix, sizeof prefix - 1), MPI_T_ERR_INVALID_NAME);
    enum tri_variable_id id = tri_variable_find(name + sizeof prefix - 1);
    TRI_TOOLS_CHECK(id != TRI_VAR_COUNT, MPI_T_ERR_INVALID_NAME);
    *cvar_index = (int)id;
    return MPI_SUCCESS;
}

TRI_API_VALUE(int, T_cvar_handle_alloc)(int cvar_index, void *obj_handle, MPI_T_cvar_handle *handle, int *count)
{
    (void)obj_handle;
    TRI_TOOLS_CHECK_ON();
    TRI_TOOLS_CHECK_INDEX(cvar_index, TRI_VAR_COUNT);
    TRI_TOOLS_CHECK_POINTER(handle);
    struct MPI_ABI_T_cvar_handle *made = malloc(sizeof *made);
    TRI_TOOLS_CHECK(made, MPI_T_ERR_MEMORY);
    made->id = (enum tri_variable_id)cvar_index;
    tri_tools_lock();
    made->next = handles;
    handles = made;
    tri_tools_unlock();
    *handle = made;
    TRI_TOOLS_SET(count, type_of(made->id) == MPI_CHAR ? TRI_VARIABLE_TEXT_MAX : 1);
    return MPI_SUCCESS;
}

TRI_API_VALUE(int, T_cvar_handle_free)(MPI_T_cvar_handle *handle)
{
    TRI_TOOLS_CHECK_ON();
    TRI_TOOLS_CHECK_POINTER(handle);
    tri_tools_lock();
    struct MPI_ABI_T_cvar_handle **link = find(*handle), *freed = link ? *link : NULL;
    if (freed) {
        *link = freed->next;
    }
    tri_tools_unlock();
    TRI_TOOLS_CHECK(freed, MPI_T_ERR_INVALID_HANDLE);
    free(freed);
    *handle = MPI_T_CVAR_HANDLE_NULL;
    return MPI_SUCCESS;
}

static int read_value(MPI_T_cvar_handle handle, void *buf)
{
    TRI_TOOLS_CHECK(find(handle), MPI_T_ERR_INVALID_HANDLE);
    MPI_Datatype type = type_of(handle->id);
    if (type == MPI_CHAR) {
        snprintf(buf, TRI_VARIABLE_TEXT_MAX, "%s", tri_variable_text(handle->id));
    } else if (type == MPI_COUNT) {
        *(MPI_Count *)buf = tri_variable_number(handle->id);
    } else {
        *(int *)buf = (int)tri_variable_number(handle->id);
    }
    return MPI_SUCCESS;
}

static int write_value(MPI_T_cvar_handle handle, const void *buf)
{
    TRI_TOOLS_CHECK(find(handle), MPI_T_ERR_INVALID_HANDLE);
    TRI_TOOLS_CHECK(is_writable(handle->id), MPI_T_ERR_CVAR_SET_NOT_NOW);
    MPI_Datatype type = type_of(handle->id);
    int result;
    if (type == MPI_CHAR) {
        result = memchr(buf, '\0', TRI_VARIABLE_TEXT_MAX) ? tri_variable_set(handle->id, buf) : -1;
    } else if (type == MPI_COUNT) {
        result = tri_variable_set_number(handle->id, *(const MPI_Count *)buf);
    } else {
        result = tri_variable_set_number(handle->id, *(const int *)buf);
    }
    return result ? MPI_T_ERR_INVALID : MPI_SUCCESS;
}

TRI_API_VALUE(int, T_cvar_read)(MPI_T_cvar_handle handle, void *buf)
{
    TRI_TOOLS_CHECK_ON();
    TRI_TOOLS_CHECK_POINTER(buf);
    tri_tools_lock();
    int code = read_value(handle, buf);
    tri_tools_unlock();
    return code;
}

TRI_API_VALUE(int, T_cvar_write)(MPI_T_cvar_handle handle, const void *buf)
{
    TRI_TOOLS_CHECK_ON();
    TRI_TOOLS_CHECK_POINTER(buf);
    bool with_lane = tri_tools_enter();
    int code = write_value(handle, buf);
    tri_tools_leave(with_lane);
    return code;
}

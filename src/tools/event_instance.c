/* What a callback learns about the event that it was called for (MPI 5.0, 15.3.8). */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <string.h>

#include "event.h"

struct MPI_ABI_T_event_instance *tri_event_instances;

/* A copy of the instance, its data included by reference; false when no callback runs for it. The lock is given up
 * again: the callback that asks holds it. */
static bool look_up(MPI_T_event_instance handle, struct MPI_ABI_T_event_instance *copy)
{
    bool found = false;
    tri_tools_lock();
    for (struct MPI_ABI_T_event_instance *each = tri_event_instances; each; each = each->outer) {
        if (each == handle) {
            *copy = *each;
            found = true;
        }
    }
    tri_tools_unlock();
    return found;
}

TRI_API_VALUE(int, T_event_read)(MPI_T_event_instance event_instance, int element_index, void *buffer)
{
    struct MPI_ABI_T_event_instance instance;
    TRI_TOOLS_CHECK_ON();
    TRI_TOOLS_CHECK_POINTER(buffer);
    TRI_TOOLS_CHECK(look_up(event_instance, &instance), MPI_T_ERR_INVALID_HANDLE);
    TRI_TOOLS_CHECK_INDEX(element_index, instance.event->elements);
    const struct tri_event_element *element = &instance.event->element[element_index];
    memcpy(buffer, (const char *)instance.data + element->place, element->size);
    return MPI_SUCCESS;
}

TRI_API_VALUE(int, T_event_copy)(MPI_T_event_instance event_instance, void *buffer)
{
    struct MPI_ABI_T_event_instance instance;
    TRI_TOOLS_CHECK_ON();
    TRI_TOOLS_CHECK_POINTER(buffer);
    TRI_TOOLS_CHECK(look_up(event_instance, &instance), MPI_T_ERR_INVALID_HANDLE);
    memcpy(buffer, instance.data, instance.event->size);
    return MPI_SUCCESS;
}

TRI_API_VALUE(int, T_event_get_timestamp)(MPI_T_event_instance event_instance, MPI_Count *event_timestamp)
{
    struct MPI_ABI_T_event_instance instance;
    TRI_TOOLS_CHECK_ON();
    TRI_TOOLS_CHECK_POINTER(event_timestamp);
    TRI_TOOLS_CHECK(look_up(event_instance, &instance), MPI_T_ERR_INVALID_HANDLE);
    *event_timestamp = instance.time;
    return MPI_SUCCESS;
}

TRI_API_VALUE(int, T_event_get_source)(MPI_T_event_instance event_instance, int *source_index)
{
    struct MPI_ABI_T_event_instance instance;
    TRI_TOOLS_CHECK_ON();
    TRI_TOOLS_CHECK_POINTER(source_index);
    TRI_TOOLS_CHECK(look_up(event_instance, &instance), MPI_T_ERR_INVALID_HANDLE);
    *source_index = 0;
    return MPI_SUCCESS;
}

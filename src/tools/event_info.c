/* Which events and sources there are (MPI 5.0, 15.3.8). */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <string.h>

#include "../runtime/clock.h"
#include "../runtime/info.h"
#include "event.h"

#define ELEMENT(type, name, data, field)                                                                               \
    {                                                                                                                  \
        name, type, offsetof(data, field), sizeof(((data *)0)->field)                                                  \
    }
#define MESSAGE_ELEMENTS(whom)                                                                                         \
    sizeof(struct tri_event_message), 3,                                                                               \
    {                                                                                                                  \
        ELEMENT(MPI_INT, whom, struct tri_event_message, process),                                                     \
            ELEMENT(MPI_INT, "tag", struct tri_event_message, tag),                                                    \
            ELEMENT(MPI_COUNT, "bytes", struct tri_event_message, bytes)                                               \
    }

/* All but errors are raised from within progress, where a callback must not make more of it. An error is raised where
 * the error handler is called, too, which may do anything. */
const struct tri_event tri_events[TRI_EVENT_COUNT] = {
    [TRI_EVENT_ERROR] = {"error_raised",
                         "an MPI function found an error; its handler is called next",
                         TRI_LAYER_RUNTIME,
                         MPI_T_VERBOSITY_USER_BASIC,
                         MPI_T_CB_REQUIRE_NONE,
                         sizeof(struct tri_event_error),
                         1,
                         {ELEMENT(MPI_INT, "code", struct tri_event_error, code)}},
    [TRI_EVENT_UNEXPECTED] = {"message_unexpected",
                              "a message came before its receive was posted; ranks are those in "
                              "the job",
                              TRI_LAYER_MATCHING, MPI_T_VERBOSITY_USER_BASIC, MPI_T_CB_REQUIRE_MPI_RESTRICTED,
                              MESSAGE_ELEMENTS("sender")},
    [TRI_EVENT_ANNOUNCED] = {"rendezvous_announced", "a message was announced and waits for its receive", TRI_LAYER_P2P,
                             MPI_T_VERBOSITY_USER_DETAIL, MPI_T_CB_REQUIRE_MPI_RESTRICTED,
                             MESSAGE_ELEMENTS("receiver")},
    [TRI_EVENT_STALL] = {"credit_stall",
                         "a short message had to be announced: its receiver has too many unreceived ones",
                         TRI_LAYER_P2P, MPI_T_VERBOSITY_TUNER_BASIC, MPI_T_CB_REQUIRE_MPI_RESTRICTED,
                         MESSAGE_ELEMENTS("receiver")},
    [TRI_EVENT_SLEPT] = {"slept",
                         "a waiting call woke up from sleep",
                         TRI_LAYER_WAITING,
                         MPI_T_VERBOSITY_USER_DETAIL,
                         MPI_T_CB_REQUIRE_MPI_RESTRICTED,
                         sizeof(struct tri_event_slept),
                         1,
                         {ELEMENT(MPI_COUNT, "nanoseconds", struct tri_event_slept, nanoseconds)}},
};

enum { SOURCES = 1 };

enum tri_layer tri_tools_event_layer(int index)
{
    return tri_events[index].layer;
}

const char *tri_tools_event_name(enum tri_event_id id)
{
    return tri_events[id].name;
}

const char *tri_tools_event_element(enum tri_event_id id, int index)
{
    return index < tri_events[id].elements ? tri_events[id].element[index].name : NULL;
}

/* The tool frees it. There are no hints to tell of. */
static void give_info(MPI_Info *info)
{
    if (info) {
        bool with_lane = tri_tools_enter();
        *info = tri_info_make()->handle;
        tri_tools_leave(with_lane);
    }
}

TRI_API_VALUE(int, T_event_get_num)(int *num_events)
{
    TRI_TOOLS_CHECK_ON();
    TRI_TOOLS_CHECK_POINTER(num_events);
    *num_events = TRI_EVENT_COUNT;
    return MPI_SUCCESS;
}

/* The arrays get as many entries as *num_elements says there is room for; it comes back as how many there are. */
TRI_API_VALUE(int, T_event_get_info)
(int event_index, char *name, int *name_len, int *verbosity, MPI_Datatype array_of_datatypes[],
 MPI_Aint array_of_displacements[], int *num_elements, MPI_T_enum *enumtype, MPI_Info *info, char *desc, int *desc_len,
 int *bind)
{
    TRI_TOOLS_CHECK_ON();
    TRI_TOOLS_CHECK_INDEX(event_index, TRI_EVENT_COUNT);
    const struct tri_event *event = &tri_events[event_index];
    tri_tools_text(event->name, name, name_len);
    tri_tools_text(event->meaning, desc, desc_len);
    TRI_TOOLS_SET(verbosity, event->verbosity);
    for (int i = 0; num_elements && i < TRI_MIN(*num_elements, event->elements); i++) {
        if (array_of_datatypes) {
            array_of_datatypes[i] = event->element[i].type;
        }
        if (array_of_displacements) {
            array_of_displacements[i] = (MPI_Aint)event->element[i].place;
        }
    }
    TRI_TOOLS_SET(num_elements, event->elements);
    TRI_TOOLS_SET(enumtype, tri_tools_event_enum((enum tri_event_id)event_index));
    give_info(info);
    TRI_TOOLS_SET(bind, MPI_T_BIND_NO_OBJECT);
    return MPI_SUCCESS;
}

TRI_API_VALUE(int, T_event_get_index)(const char *name, int *event_index)
{
    TRI_TOOLS_CHECK_ON();
    TRI_TOOLS_CHECK_POINTER(name);
    TRI_TOOLS_CHECK_POINTER(event_index);
    for (int i = 0; i < TRI_EVENT_COUNT; i++) {
        if (!strcmp(tri_events[i].name, name)) {
            *event_index = i;
            return MPI_SUCCESS;
        }
    }
    return MPI_T_ERR_INVALID_NAME;
}

TRI_API_VALUE(int, T_source_get_num)(int *num_sources)
{
    TRI_TOOLS_CHECK_ON();
    TRI_TOOLS_CHECK_POINTER(num_sources);
    *num_sources = SOURCES;
    return MPI_SUCCESS;
}

TRI_API_VALUE(int, T_source_get_info)
(int source_index, char *name, int *name_len, char *desc, int *desc_len, MPI_T_source_order *ordering,
 MPI_Count *ticks_per_second, MPI_Count *max_ticks, MPI_Info *info)
{
    TRI_TOOLS_CHECK_ON();
    TRI_TOOLS_CHECK_INDEX(source_index, SOURCES);
    tri_tools_text("process", name, name_len);
    tri_tools_text("this process, timed by the monotonic clock of its node", desc, desc_len);
    TRI_TOOLS_SET(ordering, MPI_T_SOURCE_ORDERED);
    TRI_TOOLS_SET(ticks_per_second, 1000000000);
    TRI_TOOLS_SET(max_ticks, INT64_MAX);
    give_info(info);
    return MPI_SUCCESS;
}

TRI_API_VALUE(int, T_source_get_timestamp)(int source_index, MPI_Count *timestamp)
{
    TRI_TOOLS_CHECK_ON();
    TRI_TOOLS_CHECK_INDEX(source_index, SOURCES);
    TRI_TOOLS_CHECK_POINTER(timestamp);
    *timestamp = tri_clock_ns();
    return MPI_SUCCESS;
}

/* Events: what there is to be told of, who wants to be told, and the telling. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TRI_EVENT_H
#define TRI_EVENT_H

#include "tools.h"

struct tri_event_element {
    const char *name;
    MPI_Datatype type;
    size_t place, size; /* in the data, bytes */
};

enum { TRI_EVENT_ELEMENTS = 3 };

struct tri_event {
    const char *name, *meaning;
    enum tri_layer layer;
    int verbosity;            /* MPI_T_VERBOSITY_* */
    MPI_T_cb_safety required; /* what a callback must be able to bear where the event is raised */
    size_t size;              /* of the data */
    int elements;
    struct tri_event_element element[TRI_EVENT_ELEMENTS];
};

extern const struct tri_event tri_events[TRI_EVENT_COUNT];

/* The event that a callback has been told of; exists while its callbacks run. */
struct MPI_ABI_T_event_instance {
    struct MPI_ABI_T_event_instance *outer; /* a callback's doing may raise an event */
    const struct tri_event *event;
    const void *data;
    int64_t time;
};
extern struct MPI_ABI_T_event_instance *tri_event_instances; /* innermost first; under the tools' lock */

#endif

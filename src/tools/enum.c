/* Enumerations: the choices of a control variable, the elements of an event (MPI 5.0, 15.3.5). */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdio.h>

#include "tools.h"

/* A handle is a place in an array of which only the place counts: first the variables, then the events. */
struct MPI_ABI_T_enum {
    char place;
};
static struct MPI_ABI_T_enum places[TRI_VAR_COUNT + TRI_EVENT_COUNT];

static bool is_choice(const struct tri_variable *row)
{
    return row->type == TRI_TYPE_CHOICE || row->type == TRI_TYPE_BOOL;
}

MPI_T_enum tri_tools_variable_enum(enum tri_variable_id id)
{
    return is_choice(&tri_variables[id]) ? &places[id] : MPI_T_ENUM_NULL;
}

MPI_T_enum tri_tools_event_enum(enum tri_event_id id)
{
    return &places[TRI_VAR_COUNT + id];
}

/* The place, or -1 for a handle that is none. */
static int place_of(MPI_T_enum handle)
{
    uintptr_t place = (uintptr_t)handle - (uintptr_t)places;
    if (place >= TRI_COUNT_OF(places)) {
        return -1;
    }
    return place >= TRI_VAR_COUNT || is_choice(&tri_variables[place]) ? (int)place : -1;
}

/* The name of item number index; false beyond the last. */
static bool item(int place, int index, char *name, size_t len)
{
    static const char *const switches[] = {"off", "on"};
    const char *word;
    if (index < 0) {
        return false;
    }
    if (place >= TRI_VAR_COUNT) {
        word = tri_tools_event_element((enum tri_event_id)(place - TRI_VAR_COUNT), index);
    } else if (tri_variables[place].type == TRI_TYPE_CHOICE) {
        return tri_variable_choice(&tri_variables[place], index, name, len);
    } else {
        word = index < (int)TRI_COUNT_OF(switches) ? switches[index] : NULL;
    }
    if (word) {
        snprintf(name, len, "%s", word);
    }
    return word != NULL;
}

TRI_API_VALUE(int, T_enum_get_info)(MPI_T_enum enumtype, int *num, char *name, int *name_len)
{
    TRI_TOOLS_CHECK_ON();
    int place = place_of(enumtype), count = 0;
    TRI_TOOLS_CHECK(place >= 0, MPI_T_ERR_INVALID_HANDLE);
    char text[80];
    while (item(place, count, text, sizeof text)) {
        count++;
    }
    if (place < TRI_VAR_COUNT) {
        snprintf(text, sizeof text, "TRIREME_%s", tri_variables[place].name);
    } else {
        snprintf(text, sizeof text, "elements of %s", tri_tools_event_name((enum tri_event_id)(place - TRI_VAR_COUNT)));
    }
    TRI_TOOLS_SET(num, count);
    tri_tools_text(text, name, name_len);
    return MPI_SUCCESS;
}

TRI_API_VALUE(int, T_enum_get_item)(MPI_T_enum enumtype, int indx, int *value, char *name, int *name_len)
{
    TRI_TOOLS_CHECK_ON();
    int place = place_of(enumtype);
    char text[80];
    TRI_TOOLS_CHECK(place >= 0, MPI_T_ERR_INVALID_HANDLE);
    TRI_TOOLS_CHECK(item(place, indx, text, sizeof text), MPI_T_ERR_INVALID_INDEX);
    TRI_TOOLS_SET(value, indx);
    tri_tools_text(text, name, name_len);
    return MPI_SUCCESS;
}

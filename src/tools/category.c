/* Categories: one for each layer of the library, under one for all (MPI 5.0, 15.3.9). */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <string.h>

#include "tools.h"

enum { ALL = 0, FIRST_LAYER = 1, CATEGORIES = FIRST_LAYER + TRI_LAYER_COUNT };

static const struct {
    const char *name, *meaning;
} rows[CATEGORIES] = {
    [ALL] = {"trireme", "all of the library"},
    [FIRST_LAYER + TRI_LAYER_RUNTIME] = {"runtime", "start, messages to the user, errors"},
    [FIRST_LAYER + TRI_LAYER_TRANSPORTS] = {"transports", "shared memory and networks"},
    [FIRST_LAYER + TRI_LAYER_P2P] = {"p2p", "messages and the protocols that carry them"},
    [FIRST_LAYER + TRI_LAYER_MATCHING] = {"matching", "queues of posted receives and unexpected messages"},
    [FIRST_LAYER + TRI_LAYER_WAITING] = {"waiting", "what a rank does while it waits"},
    [FIRST_LAYER + TRI_LAYER_COLLECTIVES] = {"collectives", "collective operations"},
};

static enum tri_layer cvar_layer(int index)
{
    return tri_variables[index].layer;
}

/* The first len of the items that are in the category; returns how many there are. */
static int list(int category, int items, enum tri_layer (*layer_of)(int), int len, int *indices)
{
    int found = 0;
    for (int i = 0; i < items; i++) {
        if ((int)layer_of(i) + FIRST_LAYER == category) {
            if (found < len) {
                indices[found] = i;
            }
            found++;
        }
    }
    return found;
}

static int get_list(int category, int items, enum tri_layer (*layer_of)(int), int len, int *indices)
{
    TRI_TOOLS_CHECK_ON();
    TRI_TOOLS_CHECK_INDEX(category, CATEGORIES);
    TRI_TOOLS_CHECK(len <= 0 || indices, MPI_T_ERR_INVALID);
    list(category, items, layer_of, len, indices);
    return MPI_SUCCESS;
}

TRI_API_VALUE(int, T_category_get_num)(int *num_cat)
{
    TRI_TOOLS_CHECK_ON();
    TRI_TOOLS_CHECK_POINTER(num_cat);
    *num_cat = CATEGORIES;
    return MPI_SUCCESS;
}

TRI_API_VALUE(int, T_category_get_info)
(int cat_index, char *name, int *name_len, char *desc, int *desc_len, int *num_cvars, int *num_pvars,
 int *num_categories)
{
    TRI_TOOLS_CHECK_ON();
    TRI_TOOLS_CHECK_INDEX(cat_index, CATEGORIES);
    tri_tools_text(rows[cat_index].name, name, name_len);
    tri_tools_text(rows[cat_index].meaning, desc, desc_len);
    TRI_TOOLS_SET(num_cvars, list(cat_index, TRI_VAR_COUNT, cvar_layer, 0, NULL));
    TRI_TOOLS_SET(num_pvars, list(cat_index, tri_tools_pvar_count(), tri_tools_pvar_layer, 0, NULL));
    TRI_TOOLS_SET(num_categories, cat_index == ALL ? TRI_LAYER_COUNT : 0);
    return MPI_SUCCESS;
}

TRI_API_VALUE(int, T_category_get_num_events)(int cat_index, int *num_events)
{
    TRI_TOOLS_CHECK_ON();
    TRI_TOOLS_CHECK_INDEX(cat_index, CATEGORIES);
    TRI_TOOLS_CHECK_POINTER(num_events);
    *num_events = list(cat_index, TRI_EVENT_COUNT, tri_tools_event_layer, 0, NULL);
    return MPI_SUCCESS;
}

TRI_API_VALUE(int, T_category_get_index)(const char *name, int *cat_index)
{
    TRI_TOOLS_CHECK_ON();
    TRI_TOOLS_CHECK_POINTER(name);
    TRI_TOOLS_CHECK_POINTER(cat_index);
    for (int i = 0; i < CATEGORIES; i++) {
        if (!strcmp(rows[i].name, name)) {
            *cat_index = i;
            return MPI_SUCCESS;
        }
    }
    return MPI_T_ERR_INVALID_NAME;
}

TRI_API_VALUE(int, T_category_get_cvars)(int cat_index, int len, int indices[])
{
    return get_list(cat_index, TRI_VAR_COUNT, cvar_layer, len, indices);
}

TRI_API_VALUE(int, T_category_get_pvars)(int cat_index, int len, int indices[])
{
    return get_list(cat_index, tri_tools_pvar_count(), tri_tools_pvar_layer, len, indices);
}

TRI_API_VALUE(int, T_category_get_events)(int cat_index, int len, int indices[])
{
    return get_list(cat_index, TRI_EVENT_COUNT, tri_tools_event_layer, len, indices);
}

TRI_API_VALUE(int, T_category_get_categories)(int cat_index, int len, int indices[])
{
    TRI_TOOLS_CHECK_ON();
    TRI_TOOLS_CHECK_INDEX(cat_index, CATEGORIES);
    TRI_TOOLS_CHECK(len <= 0 || indices, MPI_T_ERR_INVALID);
    for (int i = 0; cat_index == ALL && i < TRI_LAYER_COUNT && i < len; i++) {
        indices[i] = FIRST_LAYER + i;
    }
    return MPI_SUCCESS;
}

/* Nothing is ever added. */
TRI_API_VALUE(int, T_category_changed)(int *update_number)
{
    TRI_TOOLS_CHECK_ON();
    TRI_TOOLS_CHECK_POINTER(update_number);
    *update_number = 0;
    return MPI_SUCCESS;
}

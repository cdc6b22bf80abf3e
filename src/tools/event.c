/* Registering for events, and calling back (MPI 5.0, 15.3.8). */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdlib.h>

#include "../runtime/clock.h"
#include "../runtime/info.h"
#include "event.h"

/* The levels of safety in order: a callback that bears one bears those before it. */
static const MPI_T_cb_safety levels[] = {MPI_T_CB_REQUIRE_NONE, MPI_T_CB_REQUIRE_MPI_RESTRICTED,
                                         MPI_T_CB_REQUIRE_THREAD_SAFE, MPI_T_CB_REQUIRE_ASYNC_SIGNAL_SAFE};
enum { LEVELS = TRI_COUNT_OF(levels) };

struct MPI_ABI_T_event_registration {
    struct MPI_ABI_T_event_registration *next;
    enum tri_event_id id;
    struct {
        MPI_T_event_cb_function *function; /* NULL: none at this level */
        void *user_data;
    } callbacks[LEVELS];
    MPI_T_event_dropped_cb_function *dropped_function;
    MPI_Count dropped; /* not told of yet */
    bool busy;         /* its callback runs */
    /* Freed while callbacks run: goes when the last has returned. */
    bool freed;
    MPI_T_event_free_cb_function *free_function;
    void *free_data;
};
static struct MPI_ABI_T_event_registration *registrations; /* all, under the tools' lock */

static int level_of(MPI_T_cb_safety safety)
{
    for (int level = 0; level < LEVELS; level++) {
        if (levels[level] == safety) {
            return level;
        }
    }
    return -1;
}

/* The first level from this one on that has a callback, or LEVELS. */
static int callback_from(const struct MPI_ABI_T_event_registration *registration, int level)
{
    while (level < LEVELS && !registration->callbacks[level].function) {
        level++;
    }
    return level;
}

static void note_wanted(void)
{
    unsigned wanted = 0;
    for (struct MPI_ABI_T_event_registration *each = registrations; each; each = each->next) {
        if (!each->freed && callback_from(each, 0) < LEVELS) {
            wanted |= 1u << each->id;
        }
    }
    __atomic_store_n(&tri_events_wanted, wanted, __ATOMIC_RELAXED);
    tri_lane_join(wanted != 0);
}

static struct MPI_ABI_T_event_registration *find(MPI_T_event_registration handle)
{
    for (struct MPI_ABI_T_event_registration *each = registrations; each; each = each->next) {
        if (each == handle && !each->freed) {
            return each;
        }
    }
    return NULL;
}

/* Only when no callback runs. */
static void remove_freed(MPI_T_cb_safety safety)
{
    for (struct MPI_ABI_T_event_registration **link = &registrations; *link;) {
        struct MPI_ABI_T_event_registration *each = *link;
        if (!each->freed) {
            link = &each->next;
            continue;
        }
        *link = each->next;
        if (each->free_function) {
            each->free_function(each, safety, each->free_data);
        }
        free(each);
        link = &registrations; /* the function may have changed the list */
    }
}

/* Tells of what was dropped, where one of the registration's callbacks could be called. */
static void tell_dropped(struct MPI_ABI_T_event_registration *registration, MPI_T_cb_safety safety)
{
    int level = callback_from(registration, level_of(safety));
    MPI_Count count = registration->dropped;
    if (count > 0 && registration->dropped_function && level < LEVELS && !registration->freed) {
        registration->dropped = 0;
        registration->dropped_function(count, registration, 0, safety, registration->callbacks[level].user_data);
    }
}

static void call(struct MPI_ABI_T_event_registration *registration, struct MPI_ABI_T_event_instance *instance)
{
    MPI_T_cb_safety safety = instance->event->required;
    int level = callback_from(registration, level_of(safety));
    /* No callback may run here, or it is its own doing that raises the event once more. */
    if (level == LEVELS || registration->busy) {
        registration->dropped += callback_from(registration, 0) < LEVELS;
        return;
    }
    registration->busy = true;
    registration->callbacks[level].function(instance, registration, safety, registration->callbacks[level].user_data);
    tell_dropped(registration, safety);
    registration->busy = false;
}

void tri_tools_event_raise(enum tri_event_id id, const void *data)
{
    tri_tools_lock();
    struct MPI_ABI_T_event_instance instance = {
        .outer = tri_event_instances, .event = &tri_events[id], .data = data, .time = tri_clock_ns()};
    tri_event_instances = &instance;
    for (struct MPI_ABI_T_event_registration *each = registrations; each; each = each->next) {
        if (each->id == id && !each->freed) {
            call(each, &instance);
        }
    }
    tri_event_instances = instance.outer;
    if (!tri_event_instances) {
        remove_freed(instance.event->required);
    }
    tri_tools_unlock();
}

void tri_tools_event_end(void)
{
    for (struct MPI_ABI_T_event_registration *each = registrations; each; each = each->next) {
        each->freed = true;
    }
    note_wanted();
    if (!tri_event_instances) {
        remove_freed(MPI_T_CB_REQUIRE_NONE);
    }
}

/* The tool itself has called: whatever it registered may be called from here, unless it is in a callback. */
static void leave(bool with_lane)
{
    if (!tri_event_instances) {
        for (struct MPI_ABI_T_event_registration *each = registrations; each; each = each->next) {
            tell_dropped(each, MPI_T_CB_REQUIRE_NONE);
        }
        remove_freed(MPI_T_CB_REQUIRE_NONE);
    }
    tri_tools_leave(with_lane);
}

TRI_API_VALUE(int, T_event_handle_alloc)
(int event_index, void *obj_handle, MPI_Info info, MPI_T_event_registration *event_registration)
{
    (void)obj_handle, (void)info;
    TRI_TOOLS_CHECK_ON();
    TRI_TOOLS_CHECK_INDEX(event_index, TRI_EVENT_COUNT);
    TRI_TOOLS_CHECK_POINTER(event_registration);
    struct MPI_ABI_T_event_registration *made = calloc(1, sizeof *made);
    TRI_TOOLS_CHECK(made, MPI_T_ERR_MEMORY);
    made->id = (enum tri_event_id)event_index;
    tri_tools_lock();
    made->next = registrations;
    registrations = made;
    tri_tools_unlock();
    *event_registration = made;
    return MPI_SUCCESS;
}

TRI_API_VALUE(int, T_event_handle_free)
(MPI_T_event_registration event_registration, void *user_data, MPI_T_event_free_cb_function free_cb_function)
{
    TRI_TOOLS_CHECK_ON();
    bool with_lane = tri_tools_enter();
    struct MPI_ABI_T_event_registration *found = find(event_registration);
    if (found) {
        found->free_function = free_cb_function;
        found->free_data = user_data;
        found->freed = true;
        note_wanted();
    }
    leave(with_lane);
    return found ? MPI_SUCCESS : MPI_T_ERR_INVALID_HANDLE;
}

TRI_API_VALUE(int, T_event_register_callback)
(MPI_T_event_registration event_registration, MPI_T_cb_safety cb_safety, MPI_Info info, void *user_data,
 MPI_T_event_cb_function event_cb_function)
{
    (void)info;
    TRI_TOOLS_CHECK_ON();
    int level = level_of(cb_safety);
    TRI_TOOLS_CHECK(level >= 0, MPI_T_ERR_INVALID);
    bool with_lane = tri_tools_enter();
    struct MPI_ABI_T_event_registration *found = find(event_registration);
    if (found) {
        found->callbacks[level].function = event_cb_function;
        found->callbacks[level].user_data = user_data;
        note_wanted();
    }
    leave(with_lane);
    return found ? MPI_SUCCESS : MPI_T_ERR_INVALID_HANDLE;
}

TRI_API_VALUE(int, T_event_set_dropped_handler)
(MPI_T_event_registration event_registration, MPI_T_event_dropped_cb_function dropped_cb_function)
{
    TRI_TOOLS_CHECK_ON();
    bool with_lane = tri_tools_enter();
    struct MPI_ABI_T_event_registration *found = find(event_registration);
    if (found) {
        found->dropped_function = dropped_cb_function;
    }
    leave(with_lane);
    return found ? MPI_SUCCESS : MPI_T_ERR_INVALID_HANDLE;
}

/* ---- hints: none has a meaning here, so none is kept ---- */

/* level -1: the registration itself. */
static int check(MPI_T_event_registration handle, int level)
{
    struct MPI_ABI_T_event_registration *found = find(handle);
    TRI_TOOLS_CHECK(found, MPI_T_ERR_INVALID_HANDLE);
    TRI_TOOLS_CHECK(level < 0 || found->callbacks[level].function, MPI_T_ERR_INVALID);
    return MPI_SUCCESS;
}

static int set_info(MPI_T_event_registration handle, int level, MPI_Info info)
{
    bool with_lane = tri_tools_enter();
    int code = check(handle, level);
    if (code == MPI_SUCCESS && info != MPI_INFO_NULL && !tri_info_get(info)) {
        code = MPI_T_ERR_INVALID;
    }
    tri_tools_leave(with_lane);
    return code;
}

static int get_info(MPI_T_event_registration handle, int level, MPI_Info *info)
{
    TRI_TOOLS_CHECK_POINTER(info);
    bool with_lane = tri_tools_enter();
    int code = check(handle, level);
    if (code == MPI_SUCCESS) {
        *info = tri_info_make()->handle;
    }
    tri_tools_leave(with_lane);
    return code;
}

TRI_API_VALUE(int, T_event_handle_set_info)(MPI_T_event_registration event_registration, MPI_Info info)
{
    TRI_TOOLS_CHECK_ON();
    return set_info(event_registration, -1, info);
}

TRI_API_VALUE(int, T_event_handle_get_info)(MPI_T_event_registration event_registration, MPI_Info *info_used)
{
    TRI_TOOLS_CHECK_ON();
    return get_info(event_registration, -1, info_used);
}

TRI_API_VALUE(int, T_event_callback_set_info)
(MPI_T_event_registration event_registration, MPI_T_cb_safety cb_safety, MPI_Info info)
{
    TRI_TOOLS_CHECK_ON();
    TRI_TOOLS_CHECK(level_of(cb_safety) >= 0, MPI_T_ERR_INVALID);
    return set_info(event_registration, level_of(cb_safety), info);
}

TRI_API_VALUE(int, T_event_callback_get_info)
(MPI_T_event_registration event_registration, MPI_T_cb_safety cb_safety, MPI_Info *info_used)
{
    TRI_TOOLS_CHECK_ON();
    TRI_TOOLS_CHECK(level_of(cb_safety) >= 0, MPI_T_ERR_INVALID);
    return get_info(event_registration, level_of(cb_safety), info_used);
}

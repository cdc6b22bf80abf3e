/* The kinds of hardware of this machine, by hwloc. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "hardware.h"

#include <hwloc.h>
#include <stdbool.h>
#include <stdio.h>

static hwloc_topology_t machine;
static bool loaded;

static bool load(void)
{
    if (!loaded && hwloc_topology_init(&machine) == 0) {
        /* The x86 component binds this thread to every core in turn; sysfs says the same at once. */
        hwloc_topology_set_components(machine, HWLOC_TOPOLOGY_COMPONENTS_FLAG_BLACKLIST, "x86");
        loaded = hwloc_topology_load(machine) == 0;
        if (!loaded) {
            hwloc_topology_destroy(machine);
        }
    }
    return loaded;
}

void tri_hardware_end(void)
{
    if (loaded) {
        hwloc_topology_destroy(machine);
        loaded = false;
    }
}

static bool is_wanted(hwloc_obj_type_t type)
{
    return type == HWLOC_OBJ_MACHINE || type == HWLOC_OBJ_PACKAGE || type == HWLOC_OBJ_DIE || type == HWLOC_OBJ_CORE ||
           type == HWLOC_OBJ_PU || type == HWLOC_OBJ_NUMANODE || hwloc_obj_type_is_cache(type);
}

/* The one object of the type that shares hardware threads with the set. */
static int only_instance(hwloc_obj_type_t type, hwloc_const_bitmap_t set)
{
    int found = -1, count = hwloc_get_nbobjs_by_type(machine, type);
    for (int i = 0; i < count; i++) {
        hwloc_obj_t object = hwloc_get_obj_by_type(machine, type, (unsigned)i);
        if (hwloc_bitmap_intersects(object->cpuset, set)) {
            if (found >= 0) {
                return -1;
            }
            found = i;
        }
    }
    return found;
}

int tri_hardware_list(struct tri_hardware *list)
{
    hwloc_bitmap_t bound = load() ? hwloc_bitmap_alloc() : NULL;
    if (!bound) {
        return -1;
    }
    if (hwloc_get_cpubind(machine, bound, HWLOC_CPUBIND_PROCESS) != 0) {
        hwloc_bitmap_copy(bound, hwloc_topology_get_allowed_cpuset(machine));
    }
    int count = 0;
    for (hwloc_obj_type_t type = HWLOC_OBJ_TYPE_MIN; type < HWLOC_OBJ_TYPE_MAX && count < TRI_HARDWARE_MAX; type++) {
        if (is_wanted(type) && hwloc_get_nbobjs_by_type(machine, type) > 0) {
            snprintf(list[count].uri, sizeof list[count].uri, "hwloc://%s", hwloc_obj_type_string(type));
            list[count++].instance = only_instance(type, bound);
        }
    }
    hwloc_bitmap_free(bound);
    return count;
}

/* topology.c: reads this node's hardware; the one file here that includes hwloc.h. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "topology.h"

#include <hwloc.h>
#include <sched.h>
#include <stdbool.h>
#include <stdlib.h>

struct tri_topology {
    hwloc_topology_t hw;
};

/* hwloc's plugins look for GPUs and PCI devices and take longer to open than all the rest; a
 * path with nothing in it keeps them out. */
static bool hide_plugins(void)
{
    return getenv("HWLOC_PLUGINS_PATH") == NULL &&
           setenv("HWLOC_PLUGINS_PATH", "/nonexistent", 1) == 0;
}

/* Reads cores, the caches that several of them share, and memory nodes only. */
static int read_machine(hwloc_topology_t *hw)
{
    if (hwloc_topology_init(hw) != 0) {
        return -1;
    }
    hwloc_topology_set_io_types_filter(*hw, HWLOC_TYPE_FILTER_KEEP_NONE);
    hwloc_topology_set_cache_types_filter(*hw, HWLOC_TYPE_FILTER_KEEP_NONE);
    hwloc_topology_set_type_filter(*hw, HWLOC_OBJ_L3CACHE, HWLOC_TYPE_FILTER_KEEP_ALL);
    hwloc_topology_set_type_filter(*hw, HWLOC_OBJ_MISC, HWLOC_TYPE_FILTER_KEEP_NONE);
    /* The x86 component binds this thread to every core in turn; sysfs says the same at once. */
    hwloc_topology_set_components(*hw, HWLOC_TOPOLOGY_COMPONENTS_FLAG_BLACKLIST, "x86");
    if (hwloc_topology_load(*hw) != 0) {
        hwloc_topology_destroy(*hw);
        return -1;
    }
    return 0;
}

struct tri_topology *tri_topology_load(void)
{
    struct tri_topology *topo = calloc(1, sizeof *topo);

    if (topo == NULL) {
        return NULL;
    }
    bool hidden = hide_plugins();
    int rc = read_machine(&topo->hw);

    if (hidden) {
        unsetenv("HWLOC_PLUGINS_PATH"); /* no rank may inherit it */
    }
    if (rc != 0) {
        free(topo);
        return NULL;
    }
    return topo;
}

void *tri_topology_handle(const struct tri_topology *topo)
{
    return topo->hw;
}

size_t tri_topology_mask_size(const struct tri_topology *topo)
{
    int last = hwloc_bitmap_last(hwloc_topology_get_complete_cpuset(topo->hw));

    return CPU_ALLOC_SIZE((size_t)(last < 0 ? CPU_SETSIZE : last + 1));
}

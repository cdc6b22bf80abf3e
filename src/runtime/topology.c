/* topology.c: the cores that this process may use; the one file that includes hwloc.h. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "topology.h"

#include <hwloc.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct tri_topology {
    hwloc_topology_t hw;
    unsigned ncores;
    unsigned *os_index;   /* the machine's number of each usable core */
    hwloc_bitmap_t *cpus; /* usable hardware threads of each usable core */
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

/* Lists the objects of a type that share a hardware thread with allowed. */
static int collect(struct tri_topology *topo, hwloc_obj_type_t type, hwloc_const_bitmap_t allowed)
{
    int total = hwloc_get_nbobjs_by_type(topo->hw, type);

    if (total <= 0) {
        return 0;
    }
    topo->os_index = calloc((size_t)total, sizeof *topo->os_index);
    topo->cpus = calloc((size_t)total, sizeof *topo->cpus);
    if (topo->os_index == NULL || topo->cpus == NULL) {
        return -1;
    }
    for (int i = 0; i < total; i++) {
        hwloc_obj_t obj = hwloc_get_obj_by_type(topo->hw, type, (unsigned)i);
        hwloc_bitmap_t cpus = hwloc_bitmap_alloc();

        if (cpus == NULL || hwloc_bitmap_and(cpus, obj->cpuset, allowed) != 0) {
            hwloc_bitmap_free(cpus);
            return -1;
        }
        if (hwloc_bitmap_iszero(cpus)) {
            hwloc_bitmap_free(cpus);
            continue;
        }
        topo->os_index[topo->ncores] = obj->os_index;
        topo->cpus[topo->ncores++] = cpus;
    }
    return 0;
}

static int collect_usable(struct tri_topology *topo)
{
    hwloc_bitmap_t allowed = hwloc_bitmap_alloc();

    if (allowed == NULL) {
        return -1;
    }
    if (hwloc_get_cpubind(topo->hw, allowed, HWLOC_CPUBIND_PROCESS) != 0) {
        hwloc_bitmap_copy(allowed, hwloc_topology_get_allowed_cpuset(topo->hw));
    }
    int rc = collect(topo, HWLOC_OBJ_CORE, allowed);

    /* Some virtual machines describe no cores, only hardware threads. */
    if (rc == 0 && topo->ncores == 0) {
        free(topo->os_index);
        free(topo->cpus);
        rc = collect(topo, HWLOC_OBJ_PU, allowed);
    }
    hwloc_bitmap_free(allowed);
    return rc;
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
    if (collect_usable(topo) != 0) {
        tri_topology_free(topo);
        return NULL;
    }
    return topo;
}

void tri_topology_free(struct tri_topology *topo)
{
    if (topo == NULL) {
        return;
    }
    for (unsigned i = 0; i < topo->ncores; i++) {
        hwloc_bitmap_free(topo->cpus[i]);
    }
    free(topo->cpus);
    free(topo->os_index);
    hwloc_topology_destroy(topo->hw);
    free(topo);
}

unsigned tri_topology_cores(const struct tri_topology *topo)
{
    return topo->ncores > 0 ? topo->ncores : 1;
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

int tri_topology_core_mask(const struct tri_topology *topo, unsigned core, cpu_set_t *mask,
                           size_t size)
{
    if (core >= topo->ncores) {
        return -1;
    }
    CPU_ZERO_S(size, mask);
    for (int cpu = hwloc_bitmap_first(topo->cpus[core]); cpu >= 0;
         cpu = hwloc_bitmap_next(topo->cpus[core], cpu)) {
        CPU_SET_S((size_t)cpu, size, mask);
    }
    return 0;
}

int tri_topology_core_cpu(const struct tri_topology *topo, unsigned core)
{
    return core < topo->ncores ? hwloc_bitmap_first(topo->cpus[core]) : -1;
}

void tri_topology_describe(const struct tri_topology *topo, unsigned core, char *text, size_t len)
{
    char list[128];

    if (core >= topo->ncores) {
        snprintf(text, len, "no core");
        return;
    }
    hwloc_bitmap_list_snprintf(list, sizeof list, topo->cpus[core]);
    snprintf(text, len, "core %u (cpus %s)", topo->os_index[core], list);
}

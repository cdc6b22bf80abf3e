/* place_hwloc.c: makes plain data of hwloc's view of a node; the one file here that includes
 * hwloc.h. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "place_hwloc.h"

#include <errno.h>
#include <hwloc.h>
#include <hwloc/cpukinds.h>
#include <hwloc/distances.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "place_sysfs.h"

/* The NUMA domains that ranks can be mapped to: those with cores, and where several memories
 * belong to the same cores the first of them. */
struct domains {
    hwloc_obj_t *items;
    uint32_t count;
};

static struct domains find_domains(hwloc_topology_t hw)
{
    int total = hwloc_get_nbobjs_by_type(hw, HWLOC_OBJ_NUMANODE);
    struct domains domains = {.items = tri_alloc((size_t)total, sizeof *domains.items)};

    for (int i = 0; i < total; i++) {
        hwloc_obj_t obj = hwloc_get_obj_by_type(hw, HWLOC_OBJ_NUMANODE, (unsigned)i);
        bool wanted = !hwloc_bitmap_iszero(obj->cpuset);

        for (uint32_t k = 0; k < domains.count; k++) {
            wanted = wanted && !hwloc_bitmap_isequal(obj->cpuset, domains.items[k]->cpuset);
        }
        if (wanted) {
            domains.items[domains.count++] = obj;
        }
    }
    return domains;
}

/* The smallest domain around a set. */
static uint32_t domain_around(const struct domains *domains, hwloc_const_bitmap_t set)
{
    uint32_t found = TRI_NOWHERE;

    for (uint32_t i = 0; i < domains->count; i++) {
        hwloc_const_bitmap_t cpus = domains->items[i]->cpuset;

        if (hwloc_bitmap_isincluded(set, cpus) &&
            (found == TRI_NOWHERE ||
             hwloc_bitmap_weight(cpus) < hwloc_bitmap_weight(domains->items[found]->cpuset))) {
            found = i;
        }
    }
    return found;
}

static uint32_t around(hwloc_topology_t hw, hwloc_obj_type_t type, hwloc_obj_t obj)
{
    hwloc_obj_t outer = hwloc_get_ancestor_obj_by_type(hw, type, obj);

    return outer != NULL ? outer->logical_index : TRI_NOWHERE;
}

static uint32_t kind_of(hwloc_topology_t hw, hwloc_const_bitmap_t set)
{
    int kind = hwloc_cpukinds_get_by_cpuset(hw, set, 0), efficiency = -1;

    if (kind >= 0) {
        hwloc_cpukinds_get_info(hw, (unsigned)kind, NULL, &efficiency, NULL, NULL, 0);
    }
    return efficiency > 0 ? (uint32_t)efficiency : 0;
}

static void add_threads(struct tri_machine *machine, hwloc_obj_t obj, hwloc_const_bitmap_t allowed)
{
    struct tri_core *core = &machine->cores[machine->ncores];

    core->first = machine->npus;
    for (int cpu = hwloc_bitmap_first(obj->cpuset); cpu >= 0;
         cpu = hwloc_bitmap_next(obj->cpuset, cpu)) {
        machine->pus = tri_regrow(machine->pus, machine->npus + 1, sizeof *machine->pus);
        machine->pus[machine->npus++] = (struct tri_pu){.os = (uint32_t)cpu,
                                                        .core = machine->ncores,
                                                        .usable = hwloc_bitmap_isset(allowed, cpu)};
        core->count++;
    }
}

/* Some virtual machines describe no cores, only hardware threads. */
static void fill_cores(struct tri_machine *machine, hwloc_topology_t hw,
                       const struct domains *domains, hwloc_const_bitmap_t allowed)
{
    int cores = hwloc_get_nbobjs_by_type(hw, HWLOC_OBJ_CORE);
    hwloc_obj_type_t type = cores > 0 ? HWLOC_OBJ_CORE : HWLOC_OBJ_PU;
    int total = hwloc_get_nbobjs_by_type(hw, type);

    machine->cores = tri_alloc(total > 0 ? (size_t)total : 0, sizeof *machine->cores);
    for (int i = 0; i < total; i++) {
        hwloc_obj_t obj = hwloc_get_obj_by_type(hw, type, (unsigned)i);
        struct tri_core *core = &machine->cores[machine->ncores];

        core->os = obj->os_index;
        core->in[TRI_LEVEL_PACKAGE] = around(hw, HWLOC_OBJ_PACKAGE, obj);
        core->in[TRI_LEVEL_NUMA] = domain_around(domains, obj->cpuset);
        core->in[TRI_LEVEL_L3] = around(hw, HWLOC_OBJ_L3CACHE, obj);
        core->in[TRI_LEVEL_CORE] = machine->ncores;
        core->kind = kind_of(hw, obj->cpuset);
        add_threads(machine, obj, allowed);
        machine->ncores++;
    }
}

static void fill_levels(struct tri_machine *machine, hwloc_topology_t hw,
                        const struct domains *domains)
{
    int packages = hwloc_get_nbobjs_by_type(hw, HWLOC_OBJ_PACKAGE);
    int caches = hwloc_get_nbobjs_by_type(hw, HWLOC_OBJ_L3CACHE);
    uint32_t *count = machine->count, **os = machine->os;

    count[TRI_LEVEL_NODE] = 1;
    count[TRI_LEVEL_PACKAGE] = packages > 0 ? (uint32_t)packages : 0;
    count[TRI_LEVEL_L3] = caches > 0 ? (uint32_t)caches : 0;
    count[TRI_LEVEL_NUMA] = domains->count;
    count[TRI_LEVEL_CORE] = machine->ncores;
    count[TRI_LEVEL_HWTHREAD] = machine->npus;
    os[TRI_LEVEL_PACKAGE] = tri_alloc(count[TRI_LEVEL_PACKAGE], sizeof **os);
    for (uint32_t i = 0; i < count[TRI_LEVEL_PACKAGE]; i++) {
        os[TRI_LEVEL_PACKAGE][i] = hwloc_get_obj_by_type(hw, HWLOC_OBJ_PACKAGE, i)->os_index;
    }
    os[TRI_LEVEL_NUMA] = tri_alloc(domains->count, sizeof **os);
    for (uint32_t i = 0; i < domains->count; i++) {
        os[TRI_LEVEL_NUMA][i] = domains->items[i]->os_index;
    }
}

static uint32_t index_of(const struct domains *domains, hwloc_obj_t obj)
{
    for (uint32_t i = 0; i < domains->count; i++) {
        if (domains->items[i] == obj) {
            return i;
        }
    }
    return TRI_NOWHERE;
}

static void fill_distances(struct tri_machine *machine, hwloc_topology_t hw,
                           const struct domains *domains)
{
    struct hwloc_distances_s *matrix = NULL;
    unsigned one = 1, n = domains->count;

    if (n < 2 || hwloc_distances_get_by_name(hw, "NUMALatency", &one, &matrix, 0) != 0 ||
        one == 0) {
        return;
    }
    machine->distance = tri_alloc((size_t)n * n, sizeof *machine->distance);
    for (unsigned i = 0; i < n * n; i++) {
        machine->distance[i] = i / n == i % n ? 10 : UINT32_MAX;
    }
    for (unsigned i = 0; i < matrix->nbobjs * matrix->nbobjs; i++) {
        uint32_t from = index_of(domains, matrix->objs[i / matrix->nbobjs]);
        uint32_t to = index_of(domains, matrix->objs[i % matrix->nbobjs]);

        if (from != TRI_NOWHERE && to != TRI_NOWHERE) {
            machine->distance[from * n + to] = (uint32_t)matrix->values[i];
        }
    }
    hwloc_distances_release(hw, matrix);
}

static struct tri_machine *convert(hwloc_topology_t hw, hwloc_const_bitmap_t allowed)
{
    struct tri_machine *machine = tri_alloc(1, sizeof *machine);
    struct domains domains = find_domains(hw);

    fill_cores(machine, hw, &domains, allowed);
    fill_levels(machine, hw, &domains);
    fill_distances(machine, hw, &domains);
    free(domains.items);
    return machine;
}

struct tri_machine *tri_machine_here(const struct tri_topology *topo)
{
    hwloc_topology_t hw = tri_topology_handle(topo);
    hwloc_bitmap_t allowed = hwloc_bitmap_alloc();

    if (allowed == NULL) {
        tri_die(TRI_EXIT_ERROR, "out of memory");
    }
    if (hwloc_get_cpubind(hw, allowed, HWLOC_CPUBIND_PROCESS) != 0) {
        hwloc_bitmap_copy(allowed, hwloc_topology_get_allowed_cpuset(hw));
    } else {
        hwloc_bitmap_and(allowed, allowed, hwloc_topology_get_allowed_cpuset(hw));
    }
    struct tri_machine *machine = convert(hw, allowed);

    hwloc_bitmap_free(allowed);
    tri_sysfs_add_devices(machine);
    return machine;
}

/* The domain at which a device is, if it is at one and not between several. */
static uint32_t locate(hwloc_topology_t hw, const struct domains *domains, hwloc_obj_t device)
{
    hwloc_obj_t at = hwloc_get_non_io_ancestor_obj(hw, device);

    return at != NULL && at->cpuset != NULL && !hwloc_bitmap_iszero(at->cpuset)
               ? domain_around(domains, at->cpuset)
               : TRI_NOWHERE;
}

static void add_devices(struct tri_machine *machine, hwloc_topology_t hw)
{
    struct domains domains = find_domains(hw);

    for (hwloc_obj_t obj = NULL; (obj = hwloc_get_next_osdev(hw, obj)) != NULL;) {
        hwloc_obj_osdev_type_t type = obj->attr->osdev.type;

        machine->devices = tri_regrow(machine->devices, machine->ndevices + 1,
                                      sizeof *machine->devices);
        machine->devices[machine->ndevices++] = (struct tri_device){
            .name = tri_copy(obj->name != NULL ? obj->name : ""),
            .network = type == HWLOC_OBJ_OSDEV_NETWORK || type == HWLOC_OBJ_OSDEV_OPENFABRICS,
            .numa = locate(hw, &domains, obj)};
    }
    free(domains.items);
}

/* A description may leave out the hardware threads, which hwloc wants to be told. */
static int set_synthetic(hwloc_topology_t hw, const char *text)
{
    char *longer = tri_format("%s pu:1", text);
    int rc = hwloc_topology_set_synthetic(hw, strstr(text, "pu") != NULL ? text : longer);

    free(longer);
    return rc;
}

/* Plugins stay on: the reader of XML may be one. */
struct tri_machine *tri_machine_load(const char *text, char **why)
{
    hwloc_topology_t hw;
    bool is_file = access(text, F_OK) == 0;

    if (hwloc_topology_init(&hw) != 0) {
        *why = tri_copy("hwloc does not start");
        return NULL;
    }
    hwloc_topology_set_io_types_filter(hw, HWLOC_TYPE_FILTER_KEEP_IMPORTANT);
    if ((is_file ? hwloc_topology_set_xml(hw, text) : set_synthetic(hw, text)) != 0 ||
        hwloc_topology_load(hw) != 0) {
        *why = is_file ? tri_format("\"%s\" is no XML file of lstopo's", text)
                       : tri_format("\"%s\" is neither a file nor a description like "
                                    "\"package:2 core:4 pu:2\"", text);
        hwloc_topology_destroy(hw);
        return NULL;
    }
    struct tri_machine *machine = convert(hw, hwloc_topology_get_allowed_cpuset(hw));

    add_devices(machine, hw);
    hwloc_topology_destroy(hw);
    return machine;
}

void *tri_cpus_to_hwloc(const struct tri_cpus *cpus)
{
    hwloc_bitmap_t bitmap = hwloc_bitmap_alloc();

    for (int cpu = tri_cpus_next(cpus, 0); cpu >= 0; cpu = tri_cpus_next(cpus, (uint32_t)cpu + 1)) {
        hwloc_bitmap_set(bitmap, (unsigned)cpu);
    }
    return bitmap;
}

void tri_cpus_free_hwloc(void *bitmap)
{
    hwloc_bitmap_free(bitmap);
}

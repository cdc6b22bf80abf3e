/* machine.c: this node's packages, memory and cores, and the memory for segments. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <hwloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/statvfs.h>

#include "mpinfo.h"

static void count(hwloc_topology_t topology, hwloc_obj_type_t type, const char *name)
{
    int number = hwloc_get_nbobjs_by_type(topology, type);
    if (number > 0) {
        printf("%s%d %s", type == HWLOC_OBJ_PACKAGE ? "" : ", ", number, name);
    }
}

static int print_objects(void)
{
    hwloc_topology_t topology;
    if (hwloc_topology_init(&topology)) {
        return -1;
    }
    if (hwloc_topology_load(topology)) {
        hwloc_topology_destroy(topology);
        return -1;
    }
    printf("topology        ");
    count(topology, HWLOC_OBJ_PACKAGE, "package(s)");
    count(topology, HWLOC_OBJ_NUMANODE, "NUMA domain(s)");
    count(topology, HWLOC_OBJ_L3CACHE, "L3 cache(s)");
    count(topology, HWLOC_OBJ_CORE, "core(s)");
    count(topology, HWLOC_OBJ_PU, "hardware thread(s)");
    char *cpus = NULL;
    hwloc_bitmap_t mine = hwloc_bitmap_alloc();
    if (mine && !hwloc_get_cpubind(topology, mine, HWLOC_CPUBIND_PROCESS) &&
        !hwloc_bitmap_isequal(mine, hwloc_topology_get_topology_cpuset(topology)) &&
        hwloc_bitmap_list_asprintf(&cpus, mine) >= 0) {
        printf("; this process may use %s", cpus);
    }
    printf("\n");
    free(cpus);
    hwloc_bitmap_free(mine);
    hwloc_topology_destroy(topology);
    return 0;
}

int tri_info_machine(void)
{
    struct statvfs shm;
    if (print_objects()) {
        fprintf(stderr, "mpinfo: hwloc can not read the topology of this node\n");
        return EXIT_FAILURE;
    }
    if (statvfs("/dev/shm", &shm)) {
        printf("/dev/shm        none (not needed: segments are nameless)\n");
    } else {
        printf("/dev/shm        %.0f MiB, %.0f free (not needed: segments are nameless)\n",
               (double)shm.f_blocks * (double)shm.f_frsize / 1048576,
               (double)shm.f_bavail * (double)shm.f_frsize / 1048576);
    }
    return EXIT_SUCCESS;
}

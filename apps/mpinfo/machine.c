/* machine.c: this node's packages, memory and cores, the memory for segments, and who may start programs. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/statvfs.h>

#include "../../src/runtime/launcher.h"
#include "mpinfo.h"
#include "place_hwloc.h"

static int print_hardware(void)
{
    struct tri_topology *topology = tri_topology_load();
    if (!topology) {
        fprintf(stderr, "mpinfo: hwloc can not read the hardware of this node\n");
        return EXIT_FAILURE;
    }
    struct tri_machine *machine = tri_machine_here(topology);
    char *summary = tri_machine_summary(machine);
    uint32_t usable = tri_machine_usable(machine, TRI_LEVEL_CORE);
    printf("topology        %s", summary);
    if (usable < machine->ncores) {
        printf("; this process may use %u of the cores", usable);
    }
    printf("\n");
    free(summary);
    tri_machine_free(machine);
    return EXIT_SUCCESS;
}

static void print_launchers(void)
{
    void *library = dlopen(TRI_PMI2_LIBRARY, RTLD_LAZY | RTLD_LOCAL);
    printf("launchers       mprun; over PMIx also srun --mpi=pmix and Open MPI's mpirun; srun --mpi=pmi2: %s\n",
           library ? "works (" TRI_PMI2_LIBRARY ")" : "not here, for want of " TRI_PMI2_LIBRARY " (package libpmi2-0)");
}

int tri_info_machine(void)
{
    struct statvfs shm;
    int code = print_hardware();
    if (statvfs("/dev/shm", &shm)) {
        printf("/dev/shm        none (not needed: segments are nameless)\n");
    } else {
        double unit = (double)shm.f_frsize / (1 << 20);
        printf("/dev/shm        %.0f MiB, %.0f free (not needed: segments are nameless)\n",
               (double)shm.f_blocks * unit, (double)shm.f_bavail * unit);
    }
    print_launchers();
    return code;
}

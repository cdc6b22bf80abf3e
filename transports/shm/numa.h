/* Shared memory on the NUMA node of the process that reads it. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TRI_SHM_NUMA_H
#define TRI_SHM_NUMA_H

#include <stddef.h>
#include <sys/types.h>

/* The one NUMA node that all cpus which this process may run on belong to; -1: they belong to several, or there is one
 * only and so nothing to choose. system: the system's folder of devices, /sys/devices/system but in tests. */
int tri_shm_numa_node(const char *system);

/* Asks for a range of a memory file (whole pages) on that node from now on, whichever process touches it first. Where
 * the system does not do that the first to touch it decides, as always; so nothing is reported. */
void tri_shm_numa_prefer(int fd, off_t start, size_t len, int node);

#endif

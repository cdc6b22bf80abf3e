/* topology.h: the cores that this process may use, as hwloc sees them. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TRI_RUNTIME_TOPOLOGY_H
#define TRI_RUNTIME_TOPOLOGY_H

#include <sched.h>
#include <stddef.h>

struct tri_topology;

/* Reads the machine's cores, without inner caches, devices or plugins (about 1 ms on a small machine).
 * Call it before other threads are started: it sets an environment variable for a moment.
 * Returns NULL when hwloc cannot read the machine; the caller frees the result. */
struct tri_topology *tri_topology_load(void);

/* Frees a topology; NULL is permitted. */
void tri_topology_free(struct tri_topology *topo);

/* The number of cores with at least one hardware thread that this process may run on (affinity
 * mask and cgroup both count). At least 1. */
unsigned tri_topology_cores(const struct tri_topology *topo);

/* The hwloc_topology_t inside, for libraries that take one (PMIx); owned by topo. */
void *tri_topology_handle(const struct tri_topology *topo);

/* The size in bytes of a cpu_set_t that can hold every hardware thread of the machine. */
size_t tri_topology_mask_size(const struct tri_topology *topo);

/* Fills mask (size bytes) with the usable hardware threads of the core-th usable core.
 * Returns 0, or -1 when there is no such core. */
int tri_topology_core_mask(const struct tri_topology *topo, unsigned core, cpu_set_t *mask,
                           size_t size);

/* The system's number of the core-th core's first usable hardware thread; -1: no such core. */
int tri_topology_core_cpu(const struct tri_topology *topo, unsigned core);

/* Writes "core 3 (cpus 3,7)" for the core-th usable core into text. */
void tri_topology_describe(const struct tri_topology *topo, unsigned core, char *text, size_t len);

#endif

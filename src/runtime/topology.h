/* topology.h: this node's hardware, as hwloc sees it. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TRI_RUNTIME_TOPOLOGY_H
#define TRI_RUNTIME_TOPOLOGY_H

#include <stddef.h>

struct tri_topology;

/* Reads the machine's cores, without inner caches, devices or plugins (about 1 ms on a small machine).
 * Call it before other threads are started: it sets an environment variable for a moment.
 * Returns NULL when hwloc cannot read the machine; it is kept until the process ends. */
struct tri_topology *tri_topology_load(void);

/* The hwloc_topology_t inside, for libraries that take one (PMIx); owned by topo. */
void *tri_topology_handle(const struct tri_topology *topo);

/* The size in bytes of a cpu_set_t that can hold every hardware thread of the machine. */
size_t tri_topology_mask_size(const struct tri_topology *topo);

#endif

/* place_hwloc.h: what hwloc knows of a node, as plain data. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TRI_MPRUN_PLACE_HWLOC_H
#define TRI_MPRUN_PLACE_HWLOC_H

#include "place_machine.h"
#include "topology.h"

/* This node, as far as this process may use it, with its network devices. The caller frees it. */
struct tri_machine *tri_machine_here(const struct tri_topology *topo);

/* The same set as an hwloc_bitmap_t, for libraries that take one (PMIx); to be given back. */
void *tri_cpus_to_hwloc(const struct tri_cpus *cpus);
void tri_cpus_free_hwloc(void *bitmap);

/* A machine to plan for: an XML file of lstopo's, or a synthetic description like "package:2
 * core:4 pu:2". Returns NULL with one line in *why, which the caller frees. */
struct tri_machine *tri_machine_load(const char *text, char **why);

#endif

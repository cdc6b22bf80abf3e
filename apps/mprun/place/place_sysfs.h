/* place_sysfs.h: this node's devices, which hwloc finds only with plugins that take long. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TRI_MPRUN_PLACE_SYSFS_H
#define TRI_MPRUN_PLACE_SYSFS_H

#include "place_machine.h"

/* Adds network devices and accelerators that are hardware (lo and bridges are not). */
void tri_sysfs_add_devices(struct tri_machine *machine);

#endif

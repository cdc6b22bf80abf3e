/* claim.h: keeps two jobs on one node from binding their ranks to the same cores. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TRI_MPRUN_CLAIM_H
#define TRI_MPRUN_CLAIM_H

#include <stdbool.h>

#include "topology.h"

/* Claims count cores for as long as this process lives and writes their indices to cores. Returns
 * false, with nothing claimed, when that many are not free of other jobs' claims. */
bool tri_claim_cores(const struct tri_topology *topo, unsigned count, unsigned *cores);

#endif

/* Random calls of the collectives that move data, and a model of what they must do. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TRI_UNIT_MOVEMENT_H
#define TRI_UNIT_MOVEMENT_H

#include "world.h"

/* Calls of an operation over 1 to WORLD_MAX ranks, with all roots, types with holes and in place; with counts and
 * displacements of each rank (arrays); with long blocks. Each is carried out by the runner, and what is in the buffers
 * then asserted. */
void movement_check(enum tri_collective_id operation, bool arrays);
void movement_check_long(enum tri_collective_id operation);

/* world_start and world_end are within. */
void movement_start(world_runner *runner);
void movement_end(void);

#endif

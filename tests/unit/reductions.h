/* Random reductions, and a model of what they must do: every order of operands, root, type and count of ranks. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TRI_UNIT_REDUCTIONS_H
#define TRI_UNIT_REDUCTIONS_H

#include "world.h"

/* Calls of an operation over 1 to WORLD_MAX ranks: all roots (of reduce), commutative operations and others, types with
 * holes, in place, counts with 0 and 1 among them; with long vectors. Each is carried out by the runner, and what is in
 * the buffers then asserted. */
void reductions_check(enum tri_collective_id operation);
void reductions_check_long(enum tri_collective_id operation);

/* world_start and world_end are within. */
void reductions_start(world_runner *runner);
void reductions_end(void);

#endif

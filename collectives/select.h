/* Choosing algorithms. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TRI_SELECT_H
#define TRI_SELECT_H

#include "collectives.h"

/* Reads the variables. Returns 0, or -1 after one line on stderr. */
int tri_select_start(void);

/* What all ranks know of a call; whether an algorithm is for calls like that; the cheapest algorithm for it, or the one that a variable asks for. */
struct tri_shape tri_collective_shape(const struct tri_collective *call);
bool tri_algorithm_can_do(const struct tri_algorithm *algorithm, enum tri_collective_id operation,
                          const struct tri_shape *shape);
const struct tri_algorithm *tri_collective_choose(enum tri_collective_id operation, const struct tri_shape *shape);

#endif

/* The binomial trees that several algorithms have a part of their work done by. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TRI_TREES_H
#define TRI_TREES_H

#include "collectives.h"

/* Adds a reduction of count elements from everybody's input to root, whose result ends in the returned place (other
 * ranks: undefined). The order of operands is that of the ranks if the operation asks for it. */
struct tri_place tri_add_reduce_tree(struct tri_schedule *schedule, const struct tri_collective *call, int64_t count,
                                     struct tri_datatype *type, int root);

/* Adds a broadcast of what the root has in that place to the same place of the others. */
void tri_add_bcast_tree(struct tri_schedule *schedule, const struct tri_collective *call, int root,
                        struct tri_place whole, int64_t count, struct tri_datatype *type);

/* Adds the end of a reduce-scatter: rank 0 has the whole result there, and deals it out. */
void tri_add_deal(struct tri_schedule *schedule, const struct tri_collective *call, struct tri_place result);

#endif

/* The binomial reduction tree that reduce and reduce-scatter share. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TRI_REDUCE_TREE_H
#define TRI_REDUCE_TREE_H

#include "collectives.h"

/* Adds a reduction of count elements from everybody's input to root, whose result ends in the returned place (other
 * ranks: undefined). The order of operands is that of the ranks if the operation asks for it. */
struct tri_place tri_add_reduce_tree(struct tri_schedule *schedule, const struct tri_collective *call, int64_t count,
                                     struct tri_datatype *type, int root);

/* Where the call's own contribution lies. */
static inline struct tri_place tri_contribution(const struct tri_collective *call)
{
    return tri_at(call->in_place ? TRI_OUTPUT : TRI_INPUT, 0);
}

#endif

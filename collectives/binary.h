/* Binary trees, for pipelines: a rank passes each piece on to two others at most. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TRI_BINARY_H
#define TRI_BINARY_H

#include "collectives.h"

/* The ranks' numbers in order: all numbers of a left subtree are lower than that of its parent, those of a right one
 * higher, so that "left op own op right" keeps the order of operands. log2 p levels. */
struct tri_binary {
    int root, parent, left, right; /* ranks; -1: none */
};

/* The tree in which that rank is the root: the ranks' order begins somewhere else then. */
struct tri_binary tri_binary_at(const struct tri_collective *call, int root);
/* The tree in which ranks are numbers. */
struct tri_binary tri_binary_in_order(const struct tri_collective *call);

/* Adds a reduction of everybody's contribution, two rounds. Returns the place of the result at the tree's root. */
struct tri_place tri_add_reduce_binary(struct tri_schedule *schedule, const struct tri_collective *call,
                                       const struct tri_binary *tree);

/* Adds a broadcast of what the tree's root has in that place to the same place of the others, two rounds. */
void tri_add_bcast_binary(struct tri_schedule *schedule, const struct tri_binary *tree, struct tri_place whole,
                          int64_t count, struct tri_datatype *type);

#endif

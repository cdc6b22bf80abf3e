/* The k-nomial trees that several algorithms have a part of their work done by. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TRI_TREES_H
#define TRI_TREES_H

#include "collectives.h"

/* Radix 2 is the binomial tree. Its levels are log_radix p, on each of which a rank has radix - 1 children. */
enum { TRI_RADIX_MAX = 4 };

/* A number's place in a tree with root 0: its subtree has numbers up to (not with) number + width, below size; its
 * children are number + step, number + 2 step... for the steps width / radix, width / radix^2... 1. */
struct tri_knomial {
    int width, parent; /* parent -1: the root */
};
struct tri_knomial tri_knomial_of(int size, int number, int radix);

/* Adds a reduction of count elements from everybody's input to root, whose result ends in the returned place (other
 * ranks: undefined). The order of operands is that of the ranks if the operation asks for it. */
struct tri_place tri_add_reduce_tree(struct tri_schedule *schedule, const struct tri_collective *call, int radix,
                                     int root, int64_t count, struct tri_datatype *type);

/* Adds the whole of a reduce: the same, but the result ends in the root's output. */
void tri_add_reduce_to_root(struct tri_schedule *schedule, const struct tri_collective *call, int radix);

/* Adds a broadcast of what the root has in that place to the same place of the others. */
void tri_add_bcast_tree(struct tri_schedule *schedule, const struct tri_collective *call, int radix, int root,
                        struct tri_place whole, int64_t count, struct tri_datatype *type);

/* Adds the end of a reduce-scatter: rank 0 has the whole result there, and deals it out. */
void tri_add_deal(struct tri_schedule *schedule, const struct tri_collective *call, struct tri_place result);

#endif

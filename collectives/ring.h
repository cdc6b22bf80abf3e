/* The two halves of ring algorithms: parts of a vector go round, from each rank to the next. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TRI_RING_H
#define TRI_RING_H

#include "parts.h"

/* Adds a reduce-scatter of everybody's contribution in size parts: part `rank` of the reduction ends in result, which
 * may be that part's place in the contribution of a call in place. For commutative operations: part i is reduced in the
 * order of the ranks from i + 1 round to i. p - 1 rounds, a part in each. */
void tri_add_ring_reduce(struct tri_schedule *schedule, const struct tri_collective *call,
                         const struct tri_parts *parts, struct tri_place result);

/* Adds the way round of all parts until everybody has them; the ranks are numbered from `first` on, and number i begins
 * with part i. If number 0 has all parts at the beginning nothing is sent to it. p - 1 rounds, a part in each. */
void tri_add_ring_gather(struct tri_schedule *schedule, const struct tri_collective *call, int first,
                         bool first_has_all, const struct tri_parts *parts, struct tri_place vector);

#endif

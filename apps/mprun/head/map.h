/* map.h: decides which rank runs on which node. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TRI_MPRUN_MAP_H
#define TRI_MPRUN_MAP_H

#include "jobdesc.h"
#include "options.h"

/* Fills nranks, node_of, apps (first and count) and universe of desc. Every host's slots are known
 * by now. Each node is filled to its slots, or with --map-by node they take ranks in turn; ranks
 * beyond all slots are spread evenly. node_of lists a program's nodes in blocks; the final order
 * of the ranks is made by tri_place. */
void tri_map_ranks(const struct tri_options *options, struct tri_jobdesc *desc);

/* Which hosts a job can need, as far as known before all slots are: fills needed[]. */
void tri_map_needed(const struct tri_options *options, bool *needed);

#endif

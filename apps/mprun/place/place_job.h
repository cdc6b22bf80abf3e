/* place_job.h: places the ranks that the command line asks for on the nodes it names. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TRI_MPRUN_PLACE_JOB_H
#define TRI_MPRUN_PLACE_JOB_H

#include "jobdesc.h"
#include "options.h"
#include "place.h"

/* Fills the slots that the user left open, desc's ranks, programs and nodes' numbers, and layout.
 * machines has an entry for each host, NULL for one that is not used. Returns NULL, or one line
 * about what cannot be had, which the caller frees. */
char *tri_place_job(struct tri_options *options, struct tri_machine *const *machines,
                    struct tri_jobdesc *desc, struct tri_layout *layout);

/* Shows what the options ask for: the map, and in a dry run the ranks. Returns NULL or one line,
 * which the caller frees. */
char *tri_place_show(const struct tri_options *options, struct tri_machine *const *machines,
                     const struct tri_jobdesc *desc, const struct tri_layout *layout);

#endif

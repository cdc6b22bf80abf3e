/* place_plan.h: a dry run for machines that are not there. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TRI_MPRUN_PLACE_PLAN_H
#define TRI_MPRUN_PLACE_PLAN_H

#include "options.h"

/* Shows what would be started where on nodes like those of --topology, without asking any node.
 * Returns the exit code; a mistake ends the process with a message. */
int tri_place_plan(struct tri_options *options);

#endif

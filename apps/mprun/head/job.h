/* job.h: mprun's view of the whole job: starts it, routes between nodes, judges how it ends. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TRI_MPRUN_JOB_H
#define TRI_MPRUN_JOB_H

#include "options.h"

/* Runs the job; takes the programs' strings out of options. Returns mprun's exit code. */
int tri_job_run(struct tri_options *options);

#endif

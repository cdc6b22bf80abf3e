/* startup.h: what mprun and mprund do before anything else. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TRI_MPRUN_STARTUP_H
#define TRI_MPRUN_STARTUP_H

/* Opens /dev/null on standard descriptors that are closed, forgets that this process may itself
 * be a rank of some job, prepares PMIx library variables and raises the limit on open files. */
void tri_startup(void);

/* Gives the calling process the limit on open files that mprun began with. Safe after vfork. */
void tri_startup_restore_limits(void);

#endif

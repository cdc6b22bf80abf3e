/* tuning.h: the file with the machine's parameters goes to all nodes. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TRI_MPRUN_TUNING_H
#define TRI_MPRUN_TUNING_H

#include "options.h"

/* Puts what the file says that TRIREME_TUNING names (in mprun's environment, or by -x) in the place of its name: ranks
 * on other nodes may not have it, and all must go by the same. Ends the process with one line when it can not be read.
 */
void tri_tuning_take(struct tri_options *options);

#endif

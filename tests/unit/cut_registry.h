/* All algorithms of the library, as they are but for two things: a plan cuts calls into small pieces for them, and
 * which is the cheapest is a matter of chance. Stands in for collectives/registry.c. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TRI_UNIT_CUT_REGISTRY_H
#define TRI_UNIT_CUT_REGISTRY_H

#include "../../collectives/collectives.h"

/* Makes the table. */
void cut_start(void);

/* From now on pieces have that many bytes at most, and this number says what is cheap; ranks that set the same choose
 * the same algorithms. With draw 0 they are plain ones. */
void cut_into(int64_t bytes, uint64_t draw);

#endif

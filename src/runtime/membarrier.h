/* The asymmetric fence: the rare side pays for both (membarrier(2)), so that the frequent side needs none. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TRI_MEMBARRIER_H
#define TRI_MEMBARRIER_H

#include "base.h"

/* To be called early, while the process has one thread: the kernel makes it wait for tens of milliseconds otherwise.
 * Returns whether the kernel permits it; if not, the frequent side must use full fences. Idempotent. */
bool tri_membarrier_register(void);

/* A full fence in this thread and in every running thread of all registered processes. */
void tri_membarrier(void);

#endif

/* server_nspace.h: describes the job to the PMIx server library. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TRI_MPRUN_SERVER_NSPACE_H
#define TRI_MPRUN_SERVER_NSPACE_H

#include "jobdesc.h"
#include "place_message.h"

/* Registers the job and this node's ranks, with where they are bound. Blocks for well under a
 * millisecond. Returns a PMIx status. */
int tri_server_register(const struct tri_jobdesc *desc, const struct tri_berths *berths);

#endif

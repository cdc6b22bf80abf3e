/* Lanes for a transport that has one: all lanes send through it, and what comes is sorted. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TRI_LANED_H
#define TRI_LANED_H

#include "transport.h"

/* The transport of this table has host->lanes lanes and carries their packets, which it marks (tri_envelope.lane), over
 * the one lane of `inner`. Whoever polls it receives for all lanes: packets are kept for who holds their lanes. `inner`
 * is called by one thread at a time; a lock does that, which is not held while packets are delivered.
 * One such table a process: a later call gives it another inner transport, which is not to happen while it is open. */
const struct tri_transport *tri_laned_over(const struct tri_transport *inner);

/* Tells the peers how many lanes this process has, as the table's open() does: for a process that does without it,
 * before its transports are all open. TRI_OK, or TRI_FAILED: the reason was said. */
int tri_laned_publish(const struct tri_host *host);

#endif

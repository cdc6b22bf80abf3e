/* The checks of the transport contract; each is run by every rank of a small job (see harness.h). */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TRI_TEST_CONFORMANCE_H
#define TRI_TEST_CONFORMANCE_H

#include "../../transports/transport.h"

/* Runs every check over the transport: with one rank for a transport that reaches only its own process, otherwise with
 * two and three. Returns the exit code of the test program. */
int run_conformance(const struct tri_transport *transport, int ranks);

/* packets.c */
void check_limits(void);
void check_short_lengths(void);
void check_bcopy_lengths(void);
void check_mixed_order(void);
void check_zcopy(void);
void check_all_directions(void);
void check_flood(void);
void check_echo(void);

/* remote.c */
void check_get(void);
void check_put(void);
void check_notify(void);
void check_notify_in_lanes(void);
void check_claims(void);

/* waiting.c */
void check_sleeping(void);
void check_sleeping_fd(void);
void check_really_sleeps(void);

/* lanes.c */
void check_lanes(void);
void check_lanes_at_once(void);

/* lifetime.c */
void check_nothing_left(void);
void check_close_drains(void);

#endif

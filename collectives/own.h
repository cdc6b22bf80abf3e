/* The block that a rank brings to an allgather. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TRI_OWN_H
#define TRI_OWN_H

#include "collectives.h"

/* A round: it comes to its place in the result. */
void tri_add_own(struct tri_schedule *schedule, const struct tri_collective *call);

/* Sends it out of the program's buffer: the copy is new in this rank's cache and in nobody else's. */
void tri_add_send_own(struct tri_schedule *schedule, const struct tri_collective *call, int peer);

#endif

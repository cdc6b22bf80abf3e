/* What a rank does by itself in a round: copying and reading. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TRI_LOCAL_H
#define TRI_LOCAL_H

#include "schedule.h"

struct tri_board;

/* A copy step, between the addresses of its places. */
void tri_local_copy(const struct tri_step *step, char *from, char *to);

/* A read step, of the operation with that number on the board, to the address of its place. Counts it. */
void tri_local_read(const struct tri_step *step, struct tri_board *board, uint64_t number, char *to);

#endif

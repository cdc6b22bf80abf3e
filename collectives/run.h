/* Running schedules: over the point-to-point layer and the board, moved on by whoever makes progress. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TRI_RUN_H
#define TRI_RUN_H

#include "schedule.h"

/* The run has ended, with an MPI code that has not been raised. */
typedef void tri_run_done_fn(void *owner, int code);

struct tri_board_ticket;

/* Starts a run of a schedule, whose messages have that tag. Two runs with the same tag on a communicator must follow
 * each other at every rank. ticket: on the board, if the schedule uses it; NULL: the next one. Keeps a reference to the
 * schedule. The buffers stay the caller's until done is called, which may be before this returns. */
void tri_run_start(struct tri_schedule *schedule, int tag, const void *input, void *output,
                   const struct tri_board_ticket *ticket, tri_run_done_fn *done, void *owner);

/* Blocking: to the end. Returns an MPI error code that has not been raised. */
int tri_run_blocking(struct tri_schedule *schedule, int tag, const void *input, void *output);

/* Called by tri_progress while something is looked for: looks at the board. Returns the number of things that happened.
 */
int tri_run_look(void);
extern unsigned tri_runs_looking;

void tri_runs_end(void);

#endif

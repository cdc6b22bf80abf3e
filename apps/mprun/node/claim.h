/* claim.h: keeps two jobs on one node from binding their ranks to the same cores. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TRI_MPRUN_CLAIM_H
#define TRI_MPRUN_CLAIM_H

#include "place_machine.h"

/* Waits for other jobs that mprun is planning on this machine, for half a second at most: between
 * the look at the cores and the claim another job would choose the same ones. For mprun only: the
 * daemons of one job would wait for each other. tri_claim_end_turn lets the next one look. */
void tri_claim_await_turn(void);
void tri_claim_end_turn(void);

/* Marks the cores that other jobs have claimed. */
void tri_claim_look(struct tri_machine *machine);

/* Claims cores, each by the number of its first hardware thread, for as long as this process
 * lives. Waits a few milliseconds for one that somebody is just looking at. Returns false, with
 * nothing claimed, when another job has one of them. */
bool tri_claim_cores(const uint32_t *cpus, uint32_t count);

/* The number by which a core is claimed. */
uint32_t tri_claim_number(const struct tri_machine *machine, uint32_t core);

#endif

/* A discrete-event simulation of schedules: LogGP links, cores that ranks may share, the board's flags. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TRI_MPSIM_SIMULATE_H
#define TRI_MPSIM_SIMULATE_H

#include <stdio.h>

#include "program.h"

/* The model, with the parameters of tri_machine:
 * - A rank that sends is busy for o (overhead). Then the message goes out, a byte every G (per_byte), and the next one
 *   may follow g (gap) later. Its last byte arrives L (latency) after it went out, later if others come in at the
 *   receiver: that takes G a byte and g a message, too. The receiver then is busy for o.
 * - Between ranks of one node this is done with the parameters of `node`, beside what goes on between nodes.
 * - A round is over when its sends are out, its receives have been handled and what it looks for has been seen; each
 * look costs `flag`. Its reductions and copies follow, then the next round: at once when that was the core's doing, so
 * that the core turns to a message that has come meanwhile only when the rank has to wait.
 * - Ranks that share a core have it by turns, each after the one before it: who has nothing to do gives it up, and the
 *   next has it `turn` later. So does a rank that waits, until the turn at which there is something for it. Messages
 *   on the node keep their cores busy for their bytes, too: others wait for these. */
struct sim_layout {
    int ranks_a_node;
    int cores_a_node; /* 0: one for each rank */
    int repeats;      /* operations, one after the other: a rank begins the next when it is through with one */
};

struct sim_result {
    double first, mean, last; /* seconds until a rank is through with all operations */
    uint64_t events;
};

/* Returns NULL, or what was wrong (a sentence, good until the next call): ranks that wait for each other, messages that
 * nobody receives, or that have another length than their receive. trace: a line for each event, or NULL. */
const char *sim_run(const struct sim_program *program, const struct sim_layout *layout, FILE *trace,
                    struct sim_result *result);

#endif

/* What the library's selection asks of a running job, answered for one that is only simulated. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TRI_MPSIM_STANDIN_H
#define TRI_MPSIM_STANDIN_H

#include "../../collectives/collectives.h"
#include "../../src/comm/nodes.h"
#include "simulate.h"

/* Where so many ranks are, in blocks. */
void sim_standin_place(int ranks, const struct sim_layout *layout);
/* The nodes, as the rank sees them that sim_standin_be has named last. */
struct tri_nodes *sim_standin_nodes(void);
void sim_standin_be(int rank);
void sim_standin_end(void);

/* What TRIREME_ALGORITHMS says: this algorithm for its operation; NULL: nothing. */
void sim_standin_force(const struct tri_algorithm *algorithm);

/* Ends the program with one line on standard error. */
_Noreturn void sim_die(int code, const char *format, ...) __attribute__((format(printf, 2, 3)));

enum { SIM_EXIT_FAILED = 1, SIM_EXIT_USAGE = 64 };

#endif

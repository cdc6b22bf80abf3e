/* The parameters of the simulated machine: those of tri_machine, from the command line or a file. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TRI_MPSIM_MACHINE_H
#define TRI_MPSIM_MACHINE_H

#include <stdbool.h>

#include "../../collectives/model.h"

/* These end the program with one line when the text is wrong. option: what the user wrote before it. */

/* "0.5us", "80ns", "1e-6", "2ms": seconds unless a unit is given. */
double sim_machine_seconds(const char *option, const char *text);

/* "L,o,g,G". */
void sim_machine_link(const char *option, const char *text, struct tri_loggp *link);

/* A network by name. */
void sim_machine_fabric(const char *option, const char *name);

/* A file as TRIREME_TUNING names one, read by the library. */
void sim_machine_read(const char *path);

#endif

/* Beside the times that were measured, what the simulation says. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TRI_MPSIM_COMPARE_H
#define TRI_MPSIM_COMPARE_H

#include "options.h"

/* Reads tables as mpbench prints them (text or csv, several one after the other), or lines "ranks bytes microseconds",
 * and prints a line for each with the time predicted and its error. Ends the program after one line when the file is
 * none, is of another operation, or has no times. */
void sim_compare(const struct sim_options *options);

#endif

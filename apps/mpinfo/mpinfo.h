/* mpinfo.h: the parts of mpinfo. All print to standard output and return an exit code. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TRI_MPINFO_H
#define TRI_MPINFO_H

/* list.c: the functions of MPI and whether they are built; the variables with value and origin. */
int tri_info_functions(void);
int tri_info_variables(void);
/* The variables as a part of a manual page (man(7)). */
int tri_info_manual(void);
/* How many of the functions are built. */
int tri_info_count_functions(void);

/* machine.c: what hwloc sees here, and memory for segments. */
int tri_info_machine(void);

/* transports.c: each transport, and why it is or is not used here. */
int tri_info_transports(void);

/* attach.c: a sentence about cross-memory attach between processes of this node: that it works, or what forbids it. */
void tri_info_attach(char *text, unsigned len);

/* check.c: looks at every node of a host file from end to end and prints a table; 1 when something is wrong. command:
 * the launch agent's, or NULL for mprun's own choice. */
int tri_info_check(const char *hostfile, const char *command);

/* probe.c: the other side of it, on each node: answers on standard output, asked on standard input. */
int tri_info_probe(void);

#endif

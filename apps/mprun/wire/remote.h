/* remote.h: a program on another node: the words that start it, and the process that stands for it here. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TRI_MPRUN_REMOTE_H
#define TRI_MPRUN_REMOTE_H

#include <sys/types.h>

#include "util.h"

/* A program of Trireme's, as it is looked for on other nodes. */
struct tri_remote_program {
    const char *name;      /* "mprund" */
    const char *arguments; /* behind its name, with a blank before them; or "" */
    const char *missing;   /* the word that is printed in its place when there is none */
};

/* The words that start it on host through the launch agent: the one in the directory dir, or else
 * the one in the PATH there. */
void tri_remote_command(const struct tri_strings *agent, const char *host, const char *dir,
                        const struct tri_remote_program *program, struct tri_strings *argv);

/* Starts a process with pipes, in a process group of its own: Ctrl-C goes to the caller only, which
 * ends its work in order and still needs the process for that. fds are its stdin (to write), stdout
 * and stderr (to read), which the caller then owns. Returns 0, or an errno value and no process. */
int tri_remote_spawn(char *const *argv, pid_t *pid, int fds[3]);

#endif

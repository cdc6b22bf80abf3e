/* slurm.h: the nodes of the Slurm allocation that mprun runs in. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TRI_MPRUN_SLURM_H
#define TRI_MPRUN_SLURM_H

#include "hosts.h"
#include "util.h"

/* Whether mprun runs inside an allocation. */
bool tri_slurm_is_here(void);

/* Adds the nodes of the allocation with their tasks, or where nothing is said about tasks with
 * their processors, as slots. Ends the process with one line when the variables make no sense. */
void tri_slurm_add_hosts(struct tri_hosts *hosts, struct tri_host_list *chosen);

/* The launch agent where the user names none: ssh, or within an allocation Slurm's own. */
#define TRI_SSH_AGENT "ssh -o BatchMode=yes -o ServerAliveInterval=10 -x"
void tri_default_agent(struct tri_strings *agent);

#endif

/* guard.h: a process that cleans up when its parent, mprun or mprund, is killed outright. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TRI_MPRUN_GUARD_H
#define TRI_MPRUN_GUARD_H

/* Starts the guard (a fork: call it while the process has one thread). Without it, what ranks
 * started would outlive a SIGKILL to this process; the ranks themselves the kernel ends. When the
 * other end of the descriptor lifeline (-1: none) is closed and this process does not leave, it is
 * killed too: something has stopped it. */
void tri_guard_start(int lifeline);

/* Tells the guard which processes are the job's: those with entry ("NAME=value") in their
 * environment. */
void tri_guard_set(const char *entry);

/* Sends the guard home, and waits until it has left. */
void tri_guard_stop(void);

#endif

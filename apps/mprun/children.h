/* children.h: reaps child processes and adopted orphans, and finds those that stayed behind. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TRI_MPRUN_CHILDREN_H
#define TRI_MPRUN_CHILDREN_H

#include <event2/event.h>
#include <stddef.h>
#include <sys/types.h>

/* Called on the event loop when a watched child has ended; status is as waitpid gives it. */
typedef void (*tri_child_fn)(void *context, pid_t pid, int status);

/* Starts reaping. Children that this process already has (a shell may have made some before it
 * became mprun) are none of ours and are left alone. Orphans of later children are adopted. */
void tri_children_init(struct event_base *base);

/* Calls fn once when pid ends. Watch a child before the event loop runs again. */
void tri_children_watch(pid_t pid, tri_child_fn fn, void *context);

/* Leaves a child of ours out of all this. */
void tri_children_ignore(pid_t pid);

/* Forgets everything watched with this context. */
void tri_children_forget(const void *context);

/* Calls fn after each time that children were reaped, watched or not. */
void tri_children_after_reaping(void (*fn)(void *context), void *context);

/* From here on only orphans whose environment has this entry ("NAME=value") are killed. The launch
 * agent may leave a process behind (an ssh connection for later) that is not ours to kill. */
void tri_children_only_with(const char *entry);

/* Kills adopted orphans; returns how many there still were. Once it returns 0, every descendant
 * that is not below a watched child is gone. */
size_t tri_children_kill_orphans(void);

/* Kills every process on this node that has entry in its environment and that this user may kill,
 * but not the caller. Returns how many there were. */
size_t tri_children_kill_by_entry(const char *entry);

/* Reaps what has ended by now; for waiting outside the event loop. */
void tri_children_reap(void);

#endif

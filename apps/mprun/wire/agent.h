/* agent.h: the launch agent's process (ssh, say) that starts a daemon on another node. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TRI_MPRUN_AGENT_H
#define TRI_MPRUN_AGENT_H

#include <event2/event.h>
#include <sys/types.h>

#include "tree.h"

struct tri_agent_calls {
    /* The process has ended and all it wrote to stderr was read. */
    void (*over)(void *context);
    /* A line that it wrote to stderr. */
    void (*line)(void *context, const char *text);
};

struct tri_agent {
    const struct tri_agent_calls *calls;
    void *context;
    char *name;               /* its command's first word */
    pid_t pid;                /* 0: has ended, or was not started */
    int status;
    int stderr_fd;            /* -1: closed */
    struct event *stderr_event;
    struct evbuffer *stderr_data;
    char *last_words;         /* its last line on stderr, or NULL */
};

/* The command that starts mprund on host, word by word. */
void tri_agent_command(const struct tri_launch *launch, const char *host,
                       struct tri_strings *argv);

/* Starts it; fds are its stdout (to read) and stdin (to write), which the caller then owns. Returns
 * NULL, or one line that says why not (caller frees). */
char *tri_agent_start(struct tri_agent *agent, struct event_base *base,
                      const struct tri_strings *argv, int fds[2]);

bool tri_agent_is_over(const struct tri_agent *agent);

/* How it ended, with its last words. The caller frees it. */
char *tri_agent_describe_end(const struct tri_agent *agent);

/* Ends an agent that is of no more use, and waits for its end: nothing may stay behind. */
void tri_agent_stop(struct tri_agent *agent);

#endif

/* agent.c: the launch agent's process (ssh, say) that starts a daemon on another node. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "agent.h"

#include <errno.h>
#include <event2/buffer.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "children.h"
#include "magic.h"
#include "remote.h"

void tri_agent_command(const struct tri_launch *launch, const char *host,
                       struct tri_strings *argv)
{
    static const struct tri_remote_program daemon = {"mprund", "", TRI_MAGIC_MISSING};

    tri_remote_command(&launch->agent, host, launch->dir, &daemon, argv);
}

static void check_over(struct tri_agent *agent)
{
    if (tri_agent_is_over(agent)) {
        agent->calls->over(agent->context);
    }
}

static void on_ended(void *context, pid_t pid, int status)
{
    struct tri_agent *agent = context;

    (void)pid;
    agent->pid = 0;
    agent->status = status;
    check_over(agent);
}

static void take_line(struct tri_agent *agent, const char *line)
{
    if (line[strspn(line, " \t\r")] == '\0') {
        return;
    }
    agent->calls->line(agent->context, line);
    free(agent->last_words);
    agent->last_words = tri_copy(line);
}

static void on_stderr(evutil_socket_t fd, short what, void *context)
{
    struct tri_agent *agent = context;
    int got = evbuffer_read(agent->stderr_data, fd, 4096);

    (void)what;
    if (got < 0 && (errno == EAGAIN || errno == EINTR)) {
        return;
    }
    if (got <= 0) {
        evbuffer_add(agent->stderr_data, "\n", 1);
    }
    for (char *line; (line = evbuffer_readln(agent->stderr_data, NULL, EVBUFFER_EOL_CRLF));) {
        take_line(agent, line);
        free(line);
    }
    if (got <= 0) {
        event_del(agent->stderr_event);
        close(fd);
        agent->stderr_fd = -1;
        check_over(agent);
    }
}

char *tri_agent_start(struct tri_agent *agent, struct event_base *base,
                      const struct tri_strings *argv, int fds[2])
{
    int theirs[3];

    agent->stderr_fd = -1;
    agent->name = tri_copy(argv->items[0]);
    int error = tri_remote_spawn(argv->items, &agent->pid, theirs);

    if (error != 0) {
        agent->pid = 0;
        return tri_format("cannot start the launch agent \"%s\": %s", argv->items[0],
                          strerror(error));
    }
    tri_children_watch(agent->pid, on_ended, agent);
    fds[0] = theirs[1];
    fds[1] = theirs[0];
    tri_fd_prepare(theirs[2], true);
    agent->stderr_fd = theirs[2];
    agent->stderr_data = evbuffer_new();
    agent->stderr_event =
        event_new(base, agent->stderr_fd, EV_READ | EV_PERSIST, on_stderr, agent);
    event_add(agent->stderr_event, NULL);
    return NULL;
}

bool tri_agent_is_over(const struct tri_agent *agent)
{
    return agent->pid == 0 && agent->stderr_fd < 0;
}

char *tri_agent_describe_end(const struct tri_agent *agent)
{
    char *end = agent->pid != 0 ? tri_format("the connection broke")
                : WIFSIGNALED(agent->status)
                    ? tri_format("%s was killed by signal %d", agent->name,
                                 WTERMSIG(agent->status))
                    : tri_format("%s exited with code %d", agent->name,
                                 WEXITSTATUS(agent->status));

    if (agent->last_words != NULL) {
        char *longer = tri_format("%s: %s", end, agent->last_words);

        free(end);
        end = longer;
    }
    return end;
}

void tri_agent_stop(struct tri_agent *agent)
{
    static const struct timespec pause = {.tv_nsec = 1000 * 1000};

    if (agent->pid == 0) {
        return;
    }
    tri_children_forget(agent);
    kill(-agent->pid, SIGTERM);
    for (int tries = 0; waitpid(agent->pid, NULL, WNOHANG) == 0; tries++) {
        if (tries == 200) {
            kill(-agent->pid, SIGKILL);
        }
        nanosleep(&pause, NULL);
    }
    agent->pid = 0;
}

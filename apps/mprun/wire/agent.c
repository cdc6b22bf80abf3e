/* agent.c: the launch agent's process (ssh, say) that starts a daemon on another node. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "agent.h"

#include <errno.h>
#include <event2/buffer.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "children.h"
#include "magic.h"

/* The daemon in the directory that the user or mprun's own place says, or the one in the PATH
 * there, or a word that there is none. */
static char *daemon_script(const struct tri_launch *launch)
{
    /* The path stands in double quotes, and these perhaps in single ones. */
    bool plain = launch->dir[0] == '/' && strpbrk(launch->dir, "'\"$`\\!") == NULL;
    const char *dir = plain ? launch->dir : "/nonexistent";

    return tri_format("if [ -x \"%s/mprund\" ]; then exec \"%s/mprund\"; "
                      "elif command -v mprund >/dev/null 2>&1; then exec mprund; "
                      "else echo " TRI_MAGIC_MISSING "; fi",
                      dir, dir);
}

/* Slurm's srun takes a program and its arguments, where ssh takes a line for a shell. */
static bool is_srun(const struct tri_launch *launch)
{
    const char *command = launch->agent.items[0], *slash = strrchr(command, '/');

    return strcmp(slash != NULL ? slash + 1 : command, "srun") == 0;
}

void tri_agent_command(const struct tri_launch *launch, const char *host,
                       struct tri_strings *argv)
{
    char *script = daemon_script(launch);

    for (size_t i = 0; i < launch->agent.count; i++) {
        tri_strings_add(argv, launch->agent.items[i]);
    }
    if (is_srun(launch)) {
        const char *const words[] = {"-w", host, "/bin/sh", "-c", script};

        for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
            tri_strings_add(argv, words[i]);
        }
    } else {
        tri_strings_add(argv, host);
        /* Any login shell understands this much. */
        tri_strings_give(argv, tri_format("/bin/sh -c '%s'", script));
    }
    free(script);
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

/* The agent is in a process group of its own: Ctrl-C goes to mprun only, which ends the job in
 * order and still needs the agent for that. */
static int spawn(char *const *argv, const int theirs[3], pid_t *pid)
{
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t defaults;

    sigemptyset(&defaults);
    sigaddset(&defaults, SIGPIPE);
    posix_spawn_file_actions_init(&actions);
    for (int i = 0; i < 3; i++) {
        posix_spawn_file_actions_adddup2(&actions, theirs[i], i);
    }
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF);
    posix_spawnattr_setpgroup(&attributes, 0);
    posix_spawnattr_setsigdefault(&attributes, &defaults);
    int error = posix_spawnp(pid, argv[0], &actions, &attributes, argv, environ);

    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    return error;
}

/* Pipes in the order of the descriptors: [i][0] to read. */
static bool open_pipes(int ends[3][2])
{
    for (int i = 0; i < 3; i++) {
        if (pipe2(ends[i], O_CLOEXEC) != 0) {
            while (i-- > 0) {
                close(ends[i][0]);
                close(ends[i][1]);
            }
            return false;
        }
    }
    return true;
}

char *tri_agent_start(struct tri_agent *agent, struct event_base *base,
                      const struct tri_strings *argv, int fds[2])
{
    int ends[3][2];

    agent->stderr_fd = -1;
    agent->name = tri_copy(argv->items[0]);
    if (!open_pipes(ends)) {
        return tri_format("no pipe to the launch agent: %s", strerror(errno));
    }
    int error = spawn(argv->items, (int[]){ends[0][0], ends[1][1], ends[2][1]}, &agent->pid);

    close(ends[0][0]);
    close(ends[1][1]);
    close(ends[2][1]);
    if (error != 0) {
        agent->pid = 0;
        close(ends[0][1]);
        close(ends[1][0]);
        close(ends[2][0]);
        return tri_format("cannot start the launch agent \"%s\": %s", argv->items[0],
                          strerror(error));
    }
    tri_children_watch(agent->pid, on_ended, agent);
    fds[0] = ends[1][0];
    fds[1] = ends[0][1];
    tri_fd_prepare(ends[2][0], true);
    agent->stderr_fd = ends[2][0];
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

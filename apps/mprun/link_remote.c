/* link_remote.c: the link to a daemon on another node, over the launch agent's stdin and stdout. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <errno.h>
#include <event2/buffer.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "channel.h"
#include "children.h"
#include "link.h"
#include "magic.h"

enum state { STARTING, READY, FINISHING, OVER };

struct remote_link {
    struct tri_link link;
    enum state state;
    const char *host;
    const struct tri_options *options;
    struct tri_channel *channel;
    bool channel_closed;
    pid_t agent;             /* 0: has ended */
    int agent_status;
    int stderr_fd;           /* -1: closed */
    struct event *stderr_event, *timer;
    struct evbuffer *stderr_data;
    char *last_words;        /* the agent's last line on stderr, or NULL */
    char *why;               /* a better reason than that it ended, or NULL */
};

/* Waits for both the channel's end and the agent's, so that the agent's last words are known. */
static const struct timeval patience = {.tv_sec = 1};

static char *describe_end(const struct remote_link *remote)
{
    const char *agent = remote->options->agent.items[0];
    char *end = remote->agent != 0 ? tri_format("the connection broke")
                : WIFSIGNALED(remote->agent_status)
                    ? tri_format("%s was killed by signal %d", agent,
                                 WTERMSIG(remote->agent_status))
                    : tri_format("%s exited with code %d", agent,
                                 WEXITSTATUS(remote->agent_status));

    if (remote->last_words != NULL) {
        char *longer = tri_format("%s: %s", end, remote->last_words);

        free(end);
        end = longer;
    }
    return end;
}

/* Ends an agent that is of no more use, and waits for its end: nothing may stay behind. */
static void stop_agent(struct remote_link *remote)
{
    static const struct timespec pause = {.tv_nsec = 1000 * 1000};

    if (remote->agent == 0) {
        return;
    }
    tri_children_forget(remote);
    kill(-remote->agent, SIGTERM);
    for (int tries = 0; waitpid(remote->agent, NULL, WNOHANG) == 0; tries++) {
        if (tries == 200) {
            kill(-remote->agent, SIGKILL);
        }
        nanosleep(&pause, NULL);
    }
    remote->agent = 0;
}

static void report_end(struct remote_link *remote)
{
    enum state before = remote->state;
    struct tri_link *link = &remote->link;

    if (before == OVER) {
        return;
    }
    remote->state = OVER;
    event_del(remote->timer);
    if (before == FINISHING) {
        stop_agent(remote);
        link->calls->finished(link->context, link->node);
        return;
    }
    char *end = describe_end(remote);
    char *why = remote->why != NULL ? tri_copy(remote->why)
                : before == STARTING
                    ? tri_format("cannot start mprund on node %s: %s", remote->host, end)
                    : tri_format("lost the connection to node %s (%s)", remote->host, end);

    stop_agent(remote);
    tri_channel_finish(remote->channel);
    link->calls->lost(link->context, link->node, why);
    free(why);
    free(end);
}

static void check_end(struct remote_link *remote)
{
    if (!remote->channel_closed || remote->state == OVER) {
        return;
    }
    if (remote->agent == 0 && remote->stderr_fd < 0) {
        report_end(remote);
    } else {
        event_add(remote->timer, &patience);
    }
}

static void on_timer(evutil_socket_t fd, short what, void *context)
{
    struct remote_link *remote = context;

    (void)fd, (void)what;
    if (remote->state == STARTING && !remote->channel_closed && remote->why == NULL) {
        remote->why = tri_format("mprund on node %s did not report within %u s (--launch-timeout)",
                                 remote->host, remote->options->launch_timeout);
    }
    report_end(remote);
}

static void on_agent_ended(void *context, pid_t pid, int status)
{
    struct remote_link *remote = context;

    (void)pid;
    remote->agent = 0;
    remote->agent_status = status;
    check_end(remote);
}

static void on_stderr_line(struct remote_link *remote, const char *line)
{
    if (line[strspn(line, " \t\r")] == '\0') {
        return;
    }
    if (remote->options->verbose) {
        tri_say("node %s: %s", remote->host, line);
    }
    free(remote->last_words);
    remote->last_words = tri_copy(line);
}

static void on_stderr(evutil_socket_t fd, short what, void *context)
{
    struct remote_link *remote = context;
    int got = evbuffer_read(remote->stderr_data, fd, 4096);

    (void)what;
    if (got < 0 && (errno == EAGAIN || errno == EINTR)) {
        return;
    }
    if (got <= 0) {
        evbuffer_add(remote->stderr_data, "\n", 1);
    }
    for (char *line; (line = evbuffer_readln(remote->stderr_data, NULL, EVBUFFER_EOL_CRLF));) {
        on_stderr_line(remote, line);
        free(line);
    }
    if (got <= 0) {
        event_del(remote->stderr_event);
        close(fd);
        remote->stderr_fd = -1;
        check_end(remote);
    }
}

/* The first thing that mprund prints is its magic line; shell start-up files may print before. */
static void on_line(void *context, const char *text)
{
    struct remote_link *remote = context;
    const char *magic = strstr(text, TRI_MAGIC);
    unsigned version, cores;

    if (magic == NULL) {
        if (strstr(text, TRI_MAGIC_MISSING) != NULL && remote->why == NULL) {
            remote->why = tri_format("mprund was not found on node %s (neither where mprun is nor "
                                     "in PATH); install Trireme there", remote->host);
        } else if (remote->options->verbose) {
            tri_say("node %s: %s", remote->host, text);
        }
        return;
    }
    if (sscanf(magic, TRI_MAGIC_FORMAT, &version, &cores) != 2 || version != TRI_WIRE_VERSION) {
        remote->why = tri_format("mprund on node %s is of another version of Trireme than mprun; "
                                 "install the same version on all nodes", remote->host);
        report_end(remote);
        return;
    }
    tri_channel_leave_text(remote->channel);
    event_del(remote->timer);
    remote->state = READY;
    remote->link.calls->ready(remote->link.context, remote->link.node, cores);
}

static bool on_message(void *context, enum tri_message type, struct tri_reader *reader)
{
    struct remote_link *remote = context;

    return remote->state != READY ||
           remote->link.calls->message(remote->link.context, remote->link.node, type, reader);
}

static void on_closed(void *context)
{
    struct remote_link *remote = context;

    remote->channel_closed = true;
    check_end(remote);
}

static const struct tri_channel_calls channel_calls = {on_line, on_message, on_closed};

/* The daemon that belongs to this mprun, or the one in the remote PATH, or a word that there is
 * none. Any login shell understands this much. */
static char *daemon_command(void)
{
    char self[PATH_MAX];
    ssize_t len = readlink("/proc/self/exe", self, sizeof self - 1);

    if (len > 0) {
        self[len] = '\0';
        *strrchr(self, '/') = '\0';
    }
    /* Within the quotes of sh -c the path stands in double quotes. */
    const char *dir = len > 0 && strpbrk(self, "'\"$`\\!") == NULL ? self : "/nonexistent";

    return tri_format("/bin/sh -c 'if [ -x \"%s/mprund\" ]; then exec \"%s/mprund\"; "
                      "elif command -v mprund >/dev/null 2>&1; then exec mprund; "
                      "else echo " TRI_MAGIC_MISSING "; fi'",
                      dir, dir);
}

/* The agent is in a process group of its own: Ctrl-C goes to mprun only, which ends the job in
 * order and still needs the agent for that. */
static int spawn_agent(char *const *argv, const int theirs[3], pid_t *pid)
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

static void show_command(const struct tri_strings *argv, const char *host)
{
    char *text = tri_copy("");

    for (size_t i = 0; i < argv->count; i++) {
        char *longer = tri_format("%s%s%s", text, i > 0 ? " " : "", argv->items[i]);

        free(text);
        text = longer;
    }
    tri_say("node %s: starting %s", host, text);
    free(text);
}

static void start_agent(struct remote_link *remote, struct event_base *base)
{
    struct tri_strings argv = {0};
    int in[2], out[2], err[2];

    for (size_t i = 0; i < remote->options->agent.count; i++) {
        tri_strings_add(&argv, remote->options->agent.items[i]);
    }
    tri_strings_add(&argv, remote->host);
    tri_strings_give(&argv, daemon_command());
    if (remote->options->verbose) {
        show_command(&argv, remote->host);
    }
    if (pipe2(in, O_CLOEXEC) != 0 || pipe2(out, O_CLOEXEC) != 0 || pipe2(err, O_CLOEXEC) != 0) {
        tri_die(TRI_EXIT_ERROR, "node %s: %s", remote->host, strerror(errno));
    }
    int error = spawn_agent(argv.items, (int[]){in[0], out[1], err[1]}, &remote->agent);

    if (error != 0) {
        tri_die(TRI_EXIT_ERROR, "cannot start the launch agent \"%s\": %s", argv.items[0],
                strerror(error));
    }
    tri_children_watch(remote->agent, on_agent_ended, remote);
    close(in[0]);
    close(out[1]);
    close(err[1]);
    tri_strings_clear(&argv);
    remote->channel = tri_channel_new(base, out[0], in[1], true, &channel_calls, remote);
    tri_fd_prepare(err[0], true);
    remote->stderr_fd = err[0];
    remote->stderr_data = evbuffer_new();
    remote->stderr_event = event_new(base, err[0], EV_READ | EV_PERSIST, on_stderr, remote);
    event_add(remote->stderr_event, NULL);
}

static void send_message(struct tri_link *link, enum tri_message type,
                         const struct tri_buffer *payload)
{
    struct remote_link *remote = (struct remote_link *)link;

    if (remote->state == READY) {
        tri_channel_send(remote->channel, type, payload);
    }
}

static void finish(struct tri_link *link)
{
    static const struct timeval longest = {.tv_sec = 3};
    struct remote_link *remote = (struct remote_link *)link;
    bool was_ready = remote->state == READY;

    if (remote->state == OVER) {
        return;
    }
    if (was_ready) {
        tri_channel_send(remote->channel, TRI_MSG_DONE, &(struct tri_buffer){0});
    } else {
        stop_agent(remote);
    }
    remote->state = FINISHING;
    event_add(remote->timer, was_ready ? &longest : &(struct timeval){0});
}

static void cut(struct tri_link *link)
{
    struct remote_link *remote = (struct remote_link *)link;

    remote->state = OVER;
    event_del(remote->timer);
    tri_channel_finish(remote->channel);
    stop_agent(remote);
}

struct tri_link *tri_link_open_remote(struct event_base *base, const struct tri_options *options,
                                      const char *host)
{
    struct remote_link *remote = tri_alloc(1, sizeof *remote);
    struct timeval limit = {.tv_sec = options->launch_timeout};

    remote->link.send = send_message;
    remote->link.finish = finish;
    remote->link.cut = cut;
    remote->host = host;
    remote->options = options;
    remote->timer = evtimer_new(base, on_timer, remote);
    start_agent(remote, base);
    event_add(remote->timer, &limit);
    return &remote->link;
}

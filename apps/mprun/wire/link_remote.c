/* link_remote.c: the link to a daemon on another node, over the launch agent's stdin and stdout. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent.h"
#include "channel.h"
#include "link.h"
#include "magic.h"

enum state { STARTING, READY, FINISHING, OVER };

/* In how many steps silence is measured. Counting steps and not the clock, a process that was
 * stopped for an hour does not take its children for dead when it goes on. */
enum { BEATS = 4 };

struct remote_link {
    struct tri_link link;
    enum state state;
    const char *host;
    const struct tri_launch *launch;
    struct tri_channel *channel; /* NULL: the agent was not even started */
    bool channel_closed;
    struct tri_agent agent;
    struct event *timer;         /* for the start, and for the end */
    struct event *beat;
    unsigned silent;             /* beats since it was heard last */
    char *why;                   /* a better reason than that it ended, or NULL */
};

/* Waits for both the channel's end and the agent's, so that the agent's last words are known. */
static const struct timeval patience = {.tv_sec = 1};
static const struct timeval at_once = {0};

static void report_end(struct remote_link *remote)
{
    enum state before = remote->state;
    struct tri_link *link = &remote->link;

    if (before == OVER) {
        return;
    }
    remote->state = OVER;
    event_del(remote->timer);
    event_del(remote->beat);
    if (before == FINISHING) {
        tri_agent_stop(&remote->agent);
        link->calls->finished(link->context, link);
        return;
    }
    char *end = tri_agent_describe_end(&remote->agent);
    char *why = remote->why != NULL ? tri_copy(remote->why)
                : before == STARTING
                    ? tri_format("cannot start mprund on node %s: %s", remote->host, end)
                    : tri_format("lost the connection to node %s (%s)", remote->host, end);

    /* First the connection: a daemon that does not answer is then dealt with on its own node. */
    if (remote->channel != NULL) {
        tri_channel_finish(remote->channel);
    }
    tri_agent_stop(&remote->agent);
    link->calls->lost(link->context, link, why);
    free(why);
    free(end);
}

static void check_end(struct remote_link *remote)
{
    if (!remote->channel_closed || remote->state == OVER) {
        return;
    }
    if (tri_agent_is_over(&remote->agent)) {
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
                                 remote->host, remote->launch->timeout);
    }
    report_end(remote);
}

static void on_beat(evutil_socket_t fd, short what, void *context)
{
    struct remote_link *remote = context;

    (void)fd, (void)what;
    if (remote->silent++ >= BEATS && remote->state == READY) {
        remote->why = tri_format("mprund on node %s has not answered for %u s (--heartbeat); the "
                                 "node or its network hangs",
                                 remote->host, remote->launch->heartbeat);
        report_end(remote);
        return;
    }
    tri_channel_send(remote->channel, remote->link.node, TRI_MSG_PING, &(struct tri_buffer){0});
}

static void start_beats(struct remote_link *remote)
{
    long usec = 1000000L * remote->launch->heartbeat / BEATS;
    struct timeval interval = {.tv_sec = usec / 1000000, .tv_usec = usec % 1000000};

    if (remote->launch->heartbeat > 0) {
        event_add(remote->beat, &interval);
    }
}

static void on_agent_over(void *context)
{
    check_end(context);
}

static void on_agent_line(void *context, const char *line)
{
    struct remote_link *remote = context;

    if (remote->launch->verbose) {
        char *text = tri_format("node %s: %s", remote->host, line);

        remote->link.calls->note(remote->link.context, text);
        free(text);
    }
}

/* The first thing that mprund prints is its magic line; shell start-up files may print before. */
static void on_line(void *context, const char *text)
{
    struct remote_link *remote = context;
    const char *magic = strstr(text, TRI_MAGIC);
    unsigned version;

    if (magic == NULL) {
        if (strstr(text, TRI_MAGIC_MISSING) == NULL) {
            on_agent_line(remote, text);
        } else if (remote->why == NULL) {
            remote->why = tri_format("mprund was not found on node %s (neither where mprun is nor "
                                     "in PATH); install Trireme there, or say where it is "
                                     "(--prefix)",
                                     remote->host);
        }
        return;
    }
    if (sscanf(magic, TRI_MAGIC_FORMAT, &version) != 1 || version != TRI_WIRE_VERSION) {
        remote->why = tri_format("mprund on node %s is of another version of Trireme than mprun; "
                                 "install the same version on all nodes", remote->host);
        report_end(remote);
        return;
    }
    tri_channel_leave_text(remote->channel);
    event_del(remote->timer);
    remote->state = READY;
    start_beats(remote);
}

static bool on_message(void *context, uint32_t node, enum tri_message type,
                       struct tri_reader *reader)
{
    struct remote_link *remote = context;
    struct tri_link *link = &remote->link;

    remote->silent = 0;
    return remote->state != READY || type == TRI_MSG_PONG ||
           link->calls->message(link->context, link, node, type, reader);
}

static void on_closed(void *context)
{
    struct remote_link *remote = context;

    remote->channel_closed = true;
    check_end(remote);
}

static const struct tri_channel_calls channel_calls = {on_line, on_message, on_closed};
static const struct tri_agent_calls agent_calls = {on_agent_over, on_agent_line};

static void show_command(struct remote_link *remote, const struct tri_strings *argv)
{
    char *text = tri_format("node %s: starting", remote->host);

    for (size_t i = 0; i < argv->count; i++) {
        char *longer = tri_format("%s %s", text, argv->items[i]);

        free(text);
        text = longer;
    }
    remote->link.calls->note(remote->link.context, text);
    free(text);
}

/* What the daemon has to know is under way before it runs: it need not ask for it. */
static void start(struct remote_link *remote, struct event_base *base,
                  const struct tri_buffer *tree)
{
    struct timeval limit = {.tv_sec = remote->launch->timeout};
    struct tri_strings argv = {0};
    int fds[2];

    tri_agent_command(remote->launch, remote->host, &argv);
    if (remote->launch->verbose) {
        show_command(remote, &argv);
    }
    remote->agent.calls = &agent_calls;
    remote->agent.context = remote;
    remote->why = tri_agent_start(&remote->agent, base, &argv, fds);
    if (remote->why != NULL) {
        event_add(remote->timer, &at_once);
    } else {
        remote->channel = tri_channel_new(base, fds[0], fds[1], true, &channel_calls, remote);
        tri_channel_send(remote->channel, remote->link.node, TRI_MSG_TREE, tree);
        event_add(remote->timer, &limit);
    }
    tri_strings_clear(&argv);
}

static void send_message(struct tri_link *link, uint32_t node, enum tri_message type,
                         const struct tri_buffer *payload)
{
    struct remote_link *remote = (struct remote_link *)link;

    if (remote->state == READY) {
        tri_channel_send(remote->channel, node, type, payload);
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
        tri_channel_send(remote->channel, TRI_NODE_ALL, TRI_MSG_DONE, &(struct tri_buffer){0});
    } else {
        tri_agent_stop(&remote->agent);
    }
    remote->state = FINISHING;
    event_add(remote->timer, was_ready ? &longest : &at_once);
}

static void cut(struct tri_link *link)
{
    struct remote_link *remote = (struct remote_link *)link;

    if (remote->state != OVER && remote->channel != NULL) {
        tri_channel_finish(remote->channel);
    }
    remote->state = OVER;
    event_del(remote->timer);
    event_del(remote->beat);
    tri_agent_stop(&remote->agent);
}

struct tri_link *tri_link_open_remote(struct event_base *base, const struct tri_launch *launch,
                                      const struct tri_branch *branch, uint32_t begin,
                                      uint32_t end, const struct tri_link_calls *calls,
                                      void *context)
{
    struct remote_link *remote = tri_alloc(1, sizeof *remote);
    struct tri_buffer tree = {0};

    remote->link = (struct tri_link){.node = branch->nodes[begin], .calls = calls,
                                     .context = context, .send = send_message,
                                     .finish = finish, .cut = cut};
    remote->host = branch->hosts.items[begin];
    remote->launch = launch;
    remote->timer = evtimer_new(base, on_timer, remote);
    remote->beat = event_new(base, -1, EV_PERSIST, on_beat, remote);
    tri_tree_put(&tree, launch, branch, begin, end);
    start(remote, base, &tree);
    tri_buffer_free(&tree);
    return &remote->link;
}

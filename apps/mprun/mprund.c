/* mprund.c: the daemon that runs a node's ranks for an mprun elsewhere. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "channel.h"
#include "children.h"
#include "guard.h"
#include "magic.h"
#include "node.h"
#include "startup.h"

struct daemon {
    struct event_base *base;
    struct tri_channel *channel;
    struct tri_node *node;
};

static bool on_message(void *context, enum tri_message type, struct tri_reader *reader)
{
    struct daemon *daemon = context;

    if (type == TRI_MSG_DONE) {
        event_base_loopbreak(daemon->base);
        return true;
    }
    return tri_node_deliver(daemon->node, type, reader);
}

static void on_line(void *context, const char *text)
{
    (void)context, (void)text; /* mprun sends no text */
}

static void on_closed(void *context)
{
    event_base_loopbreak(((struct daemon *)context)->base);
}

static void on_signal(evutil_socket_t signum, short what, void *context)
{
    (void)signum, (void)what;
    event_base_loopbreak(((struct daemon *)context)->base);
}

static void send_to_mprun(void *context, enum tri_message type, const struct tri_buffer *payload)
{
    tri_channel_send(((struct daemon *)context)->channel, type, payload);
}

static void catch_signals(struct daemon *daemon)
{
    static const int signals[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT};

    signal(SIGPIPE, SIG_IGN);
    for (size_t i = 0; i < sizeof signals / sizeof *signals; i++) {
        event_add(evsignal_new(daemon->base, signals[i], on_signal, daemon), NULL);
    }
}

/* The channel must not be a standard descriptor: anything that prints would spoil it. */
static int move_away(int fd)
{
    int moved = fcntl(fd, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
    int nothing = open("/dev/null", O_RDWR | O_CLOEXEC);

    if (moved < 0 || nothing < 0 || dup2(nothing, fd) < 0) {
        tri_die(TRI_EXIT_ERROR, "mprund: %s", strerror(errno));
    }
    close(nothing);
    return moved;
}

static void open_channel(struct daemon *daemon, unsigned cores)
{
    static const struct tri_channel_calls calls = {on_line, on_message, on_closed};
    char *magic = tri_format(TRI_MAGIC_FORMAT "\n", (unsigned)TRI_WIRE_VERSION, cores);
    int in = move_away(STDIN_FILENO), out = move_away(STDOUT_FILENO);

    daemon->channel = tri_channel_new(daemon->base, in, out, false, &calls, daemon);
    tri_channel_send_raw(daemon->channel, magic, strlen(magic));
    free(magic);
}

int main(int argc, char **argv)
{
    struct daemon daemon = {0};

    if (argc > 1 || isatty(STDIN_FILENO) || !tri_fd_can_wait(STDIN_FILENO) ||
        !tri_fd_can_wait(STDOUT_FILENO)) {
        fprintf(stderr, "%s: started by mprun on other nodes, not by hand\n", argv[0]);
        return TRI_EXIT_USAGE;
    }
    tri_startup();
    struct tri_topology *topo = tri_topology_load();

    daemon.base = event_base_new();
    if (topo == NULL || daemon.base == NULL) {
        tri_die(TRI_EXIT_ERROR, "mprund: cannot read the cores of this node");
    }
    tri_children_init(daemon.base);
    catch_signals(&daemon);
    daemon.node = tri_node_new(daemon.base, topo, send_to_mprun, &daemon);
    open_channel(&daemon, tri_topology_cores(topo));
    tri_node_report_machine(daemon.node);
    event_base_dispatch(daemon.base);
    tri_node_end(daemon.node);
    tri_channel_finish(daemon.channel);
    tri_guard_stop();
    /* Not exit: the PMIx library's thread still runs and must not see its data torn down. */
    _exit(0);
}

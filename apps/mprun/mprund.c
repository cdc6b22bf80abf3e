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
#include "relay.h"
#include "startup.h"

struct daemon {
    struct event_base *base;
    struct tri_channel *channel;
    struct tri_node *node;
    struct tri_relay *relay;
};

static bool on_message(void *context, uint32_t node, enum tri_message type,
                       struct tri_reader *reader)
{
    return tri_relay_from_above(((struct daemon *)context)->relay, node, type, reader);
}

static void on_line(void *context, const char *text)
{
    (void)context, (void)text; /* mprun sends no text */
}

static void on_over(void *context)
{
    event_base_loopbreak(((struct daemon *)context)->base);
}

static void on_signal(evutil_socket_t signum, short what, void *context)
{
    (void)signum, (void)what;
    on_over(context);
}

static void send_from_here(void *context, enum tri_message type, const struct tri_buffer *payload)
{
    tri_relay_from_here(((struct daemon *)context)->relay, type, payload);
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

/* Standard input and output of the process, which the launch agent connects with mprun or with
 * the daemon above. */
static void open_channel(struct daemon *daemon, int in, int out)
{
    static const struct tri_channel_calls calls = {on_line, on_message, on_over};
    char *magic = tri_format(TRI_MAGIC_FORMAT "\n", (unsigned)TRI_WIRE_VERSION);

    daemon->channel = tri_channel_new(daemon->base, in, out, false, &calls, daemon);
    tri_channel_send_raw(daemon->channel, magic, strlen(magic));
    free(magic);
    tri_relay_connect(daemon->relay, daemon->channel, daemon->node);
}

static void run(struct daemon *daemon, const struct tri_topology *topo)
{
    int in = move_away(STDIN_FILENO), out = move_away(STDOUT_FILENO);

    tri_children_init(daemon->base);
    catch_signals(daemon);
    daemon->node = tri_node_new(daemon->base, topo, in, send_from_here, daemon);
    daemon->relay = tri_relay_new(daemon->base, on_over, daemon);
    open_channel(daemon, in, out);
    event_base_dispatch(daemon->base);
    tri_relay_cut(daemon->relay);
    tri_node_end(daemon->node);
    tri_channel_finish(daemon->channel);
    tri_guard_stop();
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
    run(&daemon, topo);
    /* Not exit: the PMIx library's thread still runs and must not see its data torn down. */
    _exit(0);
}

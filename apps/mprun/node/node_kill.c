/* node_kill.c: ends the ranks of a node and whatever they started. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <signal.h>

#include "children.h"
#include "node_internal.h"

/* What a rank has to put its affairs in order between SIGTERM and SIGKILL. The whole job must be
 * gone within a second of a failure. */
static const struct timeval grace = {.tv_usec = 400 * 1000};
static const struct timeval again = {.tv_usec = 100 * 1000};

void tri_node_signal(struct tri_node *node, int signum)
{
    for (uint32_t i = 0; i < node->nlocals; i++) {
        if (node->locals[i].running) {
            kill(-node->locals[i].pid, signum);
        }
    }
}

static void kill_all(struct tri_node *node)
{
    tri_node_signal(node, SIGKILL);
    tri_children_kill_orphans();
    event_add(node->kill_timer, &again);
}

/* Output of a job that failed does not hold up its end when mprun's reader does not read. */
static void stop_waiting_for_reader(struct tri_node *node)
{
    for (uint32_t i = 0; i < node->nlocals; i++) {
        tri_collector_abandon(&node->locals[i].out[0]);
        tri_collector_abandon(&node->locals[i].out[1]);
    }
    tri_node_check_idle(node);
}

static void on_timer(evutil_socket_t fd, short what, void *context)
{
    struct tri_node *node = context;

    (void)fd, (void)what;
    kill_all(node);
    if (node->nrunning == 0 && ++node->unread >= 2) {
        stop_waiting_for_reader(node);
    }
}

void tri_node_kill(struct tri_node *node, bool now)
{
    if (node->kill_timer == NULL) {
        node->kill_timer = evtimer_new(node->base, on_timer, node);
    }
    if (now) {
        kill_all(node);
    } else if (!node->killing) {
        tri_node_signal(node, SIGTERM);
        tri_node_signal(node, SIGCONT);
        event_add(node->kill_timer, &grace);
    }
    node->killing = true;
}

void tri_node_kill_stop(struct tri_node *node)
{
    if (node->kill_timer != NULL) {
        event_del(node->kill_timer);
    }
}

/* link_local.c: the link to the node part in this very process. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdlib.h>

#include "claim.h"
#include "link.h"
#include "node.h"

struct letter {
    struct letter *next;
    bool to_node;
    enum tri_message type;
    struct tri_buffer payload;
};

struct local_link {
    struct tri_link link;
    struct tri_node *node;
    struct event *deliver;
    struct letter *first, **end;
    bool finishing;
};

/* Messages are not handed over on the spot but by the event loop, as a daemon's would be: neither
 * side is ever called while it is in the middle of something. */
static void post(struct local_link *local, bool to_node, enum tri_message type,
                 const struct tri_buffer *payload)
{
    struct letter *letter = tri_alloc(1, sizeof *letter);

    letter->to_node = to_node;
    letter->type = type;
    tri_put_raw(&letter->payload, payload->data, payload->len);
    *local->end = letter;
    local->end = &letter->next;
    event_active(local->deliver, EV_TIMEOUT, 1);
}

static void send_to_node(struct tri_link *link, uint32_t node, enum tri_message type,
                         const struct tri_buffer *payload)
{
    (void)node;
    post((struct local_link *)link, true, type, payload);
}

static void send_to_mprun(void *context, enum tri_message type, const struct tri_buffer *payload)
{
    post(context, false, type, payload);
}

static void hand_over(struct local_link *local, struct letter *letter)
{
    struct tri_link *link = &local->link;
    struct tri_reader reader = {.at = letter->payload.data, .left = letter->payload.len};
    bool good = letter->to_node
                    ? tri_node_deliver(local->node, letter->type, &reader)
                    : link->calls->message(link->context, link, link->node, letter->type,
                                           &reader);

    if (!good) {
        tri_die(TRI_EXIT_ERROR, "internal error: bad message of type %d", (int)letter->type);
    }
}

static void on_deliver(evutil_socket_t fd, short what, void *context)
{
    struct local_link *local = context;
    struct letter *letter = local->first;

    (void)fd, (void)what;
    local->first = NULL;
    local->end = &local->first;
    while (letter != NULL) {
        struct letter *next = letter->next;

        hand_over(local, letter);
        tri_buffer_free(&letter->payload);
        free(letter);
        letter = next;
    }
    if (local->finishing) {
        local->link.calls->finished(local->link.context, &local->link);
    }
}

static void finish(struct tri_link *link)
{
    struct local_link *local = (struct local_link *)link;

    local->finishing = true;
    event_active(local->deliver, EV_TIMEOUT, 1);
}

static void cut(struct tri_link *link)
{
    tri_node_end(((struct local_link *)link)->node);
}

struct tri_link *tri_link_open_local(struct event_base *base, const struct tri_topology *topo,
                                     uint32_t node, const struct tri_link_calls *calls,
                                     void *context)
{
    struct local_link *local = tri_alloc(1, sizeof *local);
    struct tri_buffer ready = {0};

    local->link = (struct tri_link){.node = node, .calls = calls, .context = context,
                                    .send = send_to_node, .finish = finish, .cut = cut};
    local->end = &local->first;
    local->deliver = event_new(base, -1, 0, on_deliver, local);
    local->node = tri_node_new(base, topo, -1, send_to_mprun, local);
    tri_node_set_number(local->node, node);
    tri_claim_await_turn();
    tri_node_put_machine(local->node, &ready);
    post(local, false, TRI_MSG_READY, &ready);
    tri_buffer_free(&ready);
    return &local->link;
}

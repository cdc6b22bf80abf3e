/* relay.c: a daemon's place in the tree: starts those below, passes on what goes up and down. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "relay.h"

#include <stdlib.h>
#include <string.h>

#include "children.h"
#include "exchange.h"
#include "link.h"

struct tri_relay {
    struct event_base *base;
    struct tri_channel *above;
    struct tri_node *node;
    tri_relay_over_fn over;
    void *context;
    uint32_t own;             /* this node; TRI_NODE_ALL: not yet told */
    char *own_name;
    struct tri_launch launch;
    struct tri_branch branch; /* the nodes below */
    struct tri_link **links;  /* to the children; NULL: gone */
    uint32_t nlinks;
    struct tri_jobdesc desc;
    uint32_t *member_of;      /* for every node of desc: child's number, nlinks: own */
    struct tri_exchange *exchange; /* NULL before the job is known */
    bool leaving;
};

static void send_up(struct tri_relay *relay, uint32_t node, enum tri_message type,
                    struct tri_buffer *payload)
{
    tri_channel_send(relay->above, node, type, payload);
    tri_buffer_free(payload);
}

static void send_text(struct tri_relay *relay, uint32_t node, enum tri_message type,
                      const char *text)
{
    struct tri_buffer payload = {0};

    tri_put_string(&payload, text);
    send_up(relay, node, type, &payload);
}

/* Which child a node is below of, or TRI_ELSEWHERE. */
static uint32_t child_towards(const struct tri_relay *relay, uint32_t node)
{
    for (uint32_t i = 0; i < relay->nlinks; i++) {
        uint32_t end = tri_branch_begin(&relay->branch, relay->nlinks, i + 1);

        for (uint32_t k = tri_branch_begin(&relay->branch, relay->nlinks, i); k < end; k++) {
            if (relay->branch.nodes[k] == node) {
                return i;
            }
        }
    }
    return TRI_ELSEWHERE;
}

static struct tri_buffer borrow(const struct tri_reader *reader)
{
    return (struct tri_buffer){.data = (unsigned char *)(uintptr_t)reader->at,
                               .len = reader->left};
}

static void check_over(struct tri_relay *relay)
{
    for (uint32_t i = 0; i < relay->nlinks; i++) {
        if (relay->links[i] != NULL) {
            return;
        }
    }
    if (relay->leaving) {
        relay->over(relay->context);
    }
}

static void close_link(struct tri_relay *relay, const struct tri_link *link)
{
    for (uint32_t i = 0; i < relay->nlinks; i++) {
        if (relay->links[i] == link) {
            relay->links[i] = NULL;
        }
    }
    check_over(relay);
}

static bool on_message(void *context, struct tri_link *link, uint32_t node,
                       enum tri_message type, struct tri_reader *reader)
{
    struct tri_relay *relay = context;

    if (type == TRI_MSG_FENCE) {
        return relay->exchange != NULL &&
               tri_exchange_enter(relay->exchange, child_towards(relay, link->node), reader);
    }
    struct tri_buffer payload = borrow(reader);

    tri_channel_send(relay->above, node, type, &payload);
    return true;
}

static void on_lost(void *context, struct tri_link *link, const char *why)
{
    struct tri_relay *relay = context;
    char *text = tri_format("%s (started by node %s, see --fanout)", why, relay->own_name);

    send_text(relay, link->node, TRI_MSG_LOST, text);
    free(text);
    close_link(relay, link);
}

static void on_finished(void *context, struct tri_link *link)
{
    close_link(context, link);
}

static void on_note(void *context, const char *text)
{
    struct tri_relay *relay = context;

    send_text(relay, relay->own, TRI_MSG_NOTE, text);
}

static const struct tri_link_calls link_calls = {on_message, on_lost, on_finished, on_note};

/* What the agent may need here as it did where mprun is. */
static void take_env(const struct tri_strings *env)
{
    for (size_t i = 0; i < env->count; i++) {
        const char *equals = strchr(env->items[i], '=');
        char *name = strndup(env->items[i], equals != NULL ? (size_t)(equals - env->items[i]) : 0);

        if (name != NULL && name[0] != '\0') {
            setenv(name, equals + 1, 1);
        }
        free(name);
    }
}

static bool take_place(struct tri_relay *relay, struct tri_reader *reader)
{
    struct tri_buffer ready = {0};

    if (relay->own != TRI_NODE_ALL ||
        !tri_tree_get(reader, &relay->launch, &relay->own, &relay->own_name, &relay->branch)) {
        return false;
    }
    take_env(&relay->launch.env);
    tri_node_set_number(relay->node, relay->own);
    tri_node_put_machine(relay->node, &ready);
    send_up(relay, relay->own, TRI_MSG_READY, &ready);
    relay->nlinks = tri_branch_children(&relay->branch, relay->launch.fanout);
    relay->links = tri_alloc(relay->nlinks, sizeof *relay->links);
    for (uint32_t i = 0; i < relay->nlinks; i++) {
        relay->links[i] = tri_link_open_remote(
            relay->base, &relay->launch, &relay->branch,
            tri_branch_begin(&relay->branch, relay->nlinks, i),
            tri_branch_begin(&relay->branch, relay->nlinks, i + 1), &link_calls, relay);
    }
    return true;
}

/* To every child, or only to the one that the node is below of. */
static void pass_down(struct tri_relay *relay, uint32_t node, enum tri_message type,
                      const struct tri_buffer *payload)
{
    uint32_t towards = node == TRI_NODE_ALL ? TRI_ELSEWHERE : child_towards(relay, node);

    for (uint32_t i = 0; i < relay->nlinks; i++) {
        if (relay->links[i] != NULL && (node == TRI_NODE_ALL || i == towards)) {
            tri_link_send(relay->links[i], node, type, payload);
        }
    }
}

static void release(void *context, uint32_t member, const struct tri_buffer *payload)
{
    struct tri_relay *relay = context;
    struct tri_reader reader = {.at = payload->data, .left = payload->len};

    if (member == relay->nlinks) {
        tri_node_deliver(relay->node, TRI_MSG_FENCE_DONE, &reader);
    } else if (relay->links[member] != NULL) {
        struct tri_link *link = relay->links[member];

        tri_link_send(link, link->node, TRI_MSG_FENCE_DONE, payload);
    }
}

static void pass_up(void *context, const struct tri_buffer *payload)
{
    struct tri_relay *relay = context;

    tri_channel_send(relay->above, relay->own, TRI_MSG_FENCE, payload);
}

/* Where the ranks are decides who takes part in a fence. */
static bool take_job(struct tri_relay *relay, struct tri_reader reader)
{
    static const struct tri_exchange_calls calls = {release, pass_up};

    if (relay->exchange != NULL || !tri_jobdesc_get(&reader, &relay->desc)) {
        return false;
    }
    relay->member_of = tri_alloc(relay->desc.nodes.count, sizeof *relay->member_of);
    for (uint32_t node = 0; node < relay->desc.nodes.count; node++) {
        relay->member_of[node] = node == relay->own ? relay->nlinks : child_towards(relay, node);
    }
    relay->exchange = tri_exchange_new(&relay->desc, relay->member_of, relay->nlinks + 1, &calls,
                                       relay);
    if (relay->nlinks > 0) {
        /* Other orphans here may be the agent's. */
        char *entry = tri_format("PMIX_NAMESPACE=%s", relay->desc.nspace);

        tri_children_only_with(entry);
        free(entry);
    }
    return true;
}

static void leave(struct tri_relay *relay)
{
    relay->leaving = true;
    for (uint32_t i = 0; i < relay->nlinks; i++) {
        if (relay->links[i] != NULL) {
            tri_link_finish(relay->links[i]);
        }
    }
    check_over(relay);
}

static bool route(struct tri_relay *relay, uint32_t node, enum tri_message type,
                  struct tri_reader *reader)
{
    struct tri_buffer payload = borrow(reader);

    if (type == TRI_MSG_JOB && !take_job(relay, *reader)) {
        return false;
    }
    if (node == relay->own && type == TRI_MSG_FENCE_DONE) {
        return relay->exchange != NULL && tri_exchange_answer(relay->exchange, reader);
    }
    if (node != relay->own) {
        pass_down(relay, node, type, &payload);
    }
    return (node != relay->own && node != TRI_NODE_ALL) ||
           tri_node_deliver(relay->node, type, reader);
}

bool tri_relay_from_above(struct tri_relay *relay, uint32_t node, enum tri_message type,
                          struct tri_reader *reader)
{
    struct tri_buffer nothing = {0};

    switch (type) {
    case TRI_MSG_TREE:
        return take_place(relay, reader);
    case TRI_MSG_PING:
        send_up(relay, relay->own, TRI_MSG_PONG, &nothing);
        return true;
    case TRI_MSG_DONE:
        leave(relay);
        return true;
    default:
        return relay->own != TRI_NODE_ALL && route(relay, node, type, reader);
    }
}

void tri_relay_from_here(struct tri_relay *relay, enum tri_message type,
                         const struct tri_buffer *payload)
{
    struct tri_reader reader = {.at = payload->data, .left = payload->len};

    if (type == TRI_MSG_FENCE) {
        tri_exchange_enter(relay->exchange, relay->nlinks, &reader);
    } else {
        tri_channel_send(relay->above, relay->own, type, payload);
    }
}

void tri_relay_cut(struct tri_relay *relay)
{
    for (uint32_t i = 0; i < relay->nlinks; i++) {
        if (relay->links[i] != NULL) {
            tri_link_cut(relay->links[i]);
        }
    }
}

struct tri_relay *tri_relay_new(struct event_base *base, tri_relay_over_fn over, void *context)
{
    struct tri_relay *relay = tri_alloc(1, sizeof *relay);

    *relay = (struct tri_relay){.base = base, .over = over, .context = context,
                                .own = TRI_NODE_ALL};
    return relay;
}

void tri_relay_connect(struct tri_relay *relay, struct tri_channel *above, struct tri_node *node)
{
    relay->above = above;
    relay->node = node;
}

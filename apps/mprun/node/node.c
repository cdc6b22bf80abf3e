/* node.c: the life of a node's part of a job, driven by messages from mprun. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "node.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "children.h"
#include "claim.h"
#include "guard.h"
#include "node_internal.h"

void tri_node_send(struct tri_node *node, enum tri_message type, struct tri_buffer *payload)
{
    node->send(node->context, type, payload);
    tri_buffer_free(payload);
}

static struct tri_local_rank *find_local(struct tri_node *node, uint32_t rank)
{
    for (uint32_t i = 0; i < node->nlocals; i++) {
        if (node->locals[i].rank == rank) {
            return &node->locals[i];
        }
    }
    return NULL;
}

static void on_connected(void *context, uint32_t rank)
{
    struct tri_local_rank *local = find_local(context, rank);

    if (local != NULL) {
        local->connected = true;
    }
}

static void on_finalized(void *context, uint32_t rank)
{
    struct tri_local_rank *local = find_local(context, rank);

    if (local != NULL) {
        local->finalized = true;
    }
}

static void on_aborted(void *context, uint32_t rank, uint32_t code, const char *message)
{
    struct tri_local_rank *local = find_local(context, rank);
    struct tri_buffer payload = {0};

    tri_put_u32(&payload, rank);
    tri_put_u32(&payload, local != NULL ? (uint32_t)local->pid : 0);
    tri_put_u32(&payload, code);
    tri_put_string(&payload, message);
    tri_node_send(context, TRI_MSG_ABORT, &payload);
}

static void on_fence(void *context, uint64_t id, const struct tri_buffer *participants,
                     const void *data, size_t len)
{
    struct tri_buffer payload = {0};

    tri_put_u64(&payload, id);
    tri_put_blob(&payload, participants->data, participants->len);
    tri_put_blob(&payload, data, len);
    tri_node_send(context, TRI_MSG_FENCE, &payload);
}

static void on_modex_ask(void *context, uint64_t id, uint32_t rank)
{
    struct tri_buffer payload = {0};

    tri_put_u64(&payload, id);
    tri_put_u32(&payload, rank);
    tri_node_send(context, TRI_MSG_MODEX_ASK, &payload);
}

static void on_modex_give(void *context, uint64_t id, uint32_t status, const void *data,
                          size_t len)
{
    struct tri_buffer payload = {0};

    tri_put_u64(&payload, id);
    tri_put_u32(&payload, status);
    tri_put_blob(&payload, data, len);
    tri_node_send(context, TRI_MSG_MODEX_GIVE, &payload);
}

static const struct tri_server_hooks hooks = {
    .connected = on_connected,
    .finalized = on_finalized,
    .aborted = on_aborted,
    .fence = on_fence,
    .modex_ask = on_modex_ask,
    .modex_give = on_modex_give,
};

void tri_node_check_idle(struct tri_node *node)
{
    if (!node->has_job || node->nrunning > 0 || node->idle) {
        return;
    }
    if (tri_children_kill_orphans() > 0) {
        return; /* we come back when they are reaped */
    }
    bool done = true;

    for (uint32_t i = 0; i < node->nlocals; i++) {
        for (int stream = 0; stream < 2; stream++) {
            tri_collector_drain(&node->locals[i].out[stream], true);
            done = done && tri_collector_is_done(&node->locals[i].out[stream]);
        }
    }
    if (done) {
        struct tri_buffer payload = {0};

        node->idle = true;
        tri_node_kill_stop(node);
        tri_node_send(node, TRI_MSG_IDLE, &payload);
    }
}

static void after_reaping(void *context)
{
    tri_node_check_idle(context);
}

void tri_node_rank_ended(void *context, pid_t pid, int status)
{
    struct tri_local_rank *local = context;
    struct tri_node *node = local->node;
    struct tri_buffer payload = {0};

    tri_server_poll(); /* it may have finalized or aborted just before */
    local->running = false;
    node->nrunning--;
    for (int stream = 0; stream < 2; stream++) {
        tri_collector_drain(&local->out[stream], false);
    }
    tri_put_u32(&payload, local->rank);
    tri_put_u32(&payload, (uint32_t)pid);
    tri_put_u32(&payload, (uint32_t)status);
    tri_put_u32(&payload, local->connected && !local->finalized);
    tri_node_send(node, TRI_MSG_EXIT, &payload);
}

static void fail(struct tri_node *node, int code, char *why)
{
    struct tri_buffer payload = {0};

    tri_put_u32(&payload, (uint32_t)code);
    tri_put_string(&payload, why);
    tri_node_send(node, TRI_MSG_FAIL, &payload);
    free(why);
    tri_node_kill(node, true);
}

/* This node's ranks, and what they start, have the address of this node's server in their
 * environment. */
static void set_guard(const struct tri_node *node)
{
    static const char name[] = "PMIX_SERVER_URI";
    struct tri_strings env = {0};

    tri_server_setup_env(node->desc.nspace, 0, &env);
    for (size_t i = 0; i < env.count; i++) {
        if (strncmp(env.items[i], name, strlen(name)) == 0) {
            tri_guard_set(env.items[i]);
            break;
        }
    }
    tri_strings_clear(&env);
}

static char *start_server(struct tri_node *node)
{
    char *cause = tri_server_start(node->base, node->topo, &node->desc, &node->berths, &hooks, node);
    char *why = NULL;

    if (cause != NULL) {
        why = tri_format("node %s: %s", node->desc.nodes.items[node->number], cause);
        free(cause);
    }
    return why;
}

static bool start_job(struct tri_node *node, struct tri_reader *reader)
{
    tri_claim_end_turn(); /* the cores are claimed, or not wanted */
    if (node->has_job || !tri_jobdesc_get(reader, &node->desc) ||
        node->number >= node->desc.nodes.count) {
        return false;
    }
    node->desc.node = node->number;
    if (tri_jobdesc_count_on(&node->desc, node->number) == 0) {
        tri_jobdesc_clear(&node->desc); /* a node that the job does not need after all */
        return true;
    }
    node->has_job = true;
    char *why = start_server(node);
    int code = TRI_EXIT_ERROR;

    if (why == NULL) {
        set_guard(node);
        code = tri_node_spawn(node, &why);
    }
    if (code != 0) {
        fail(node, code, why);
    }
    tri_node_check_idle(node);
    return true;
}

static void confirm(struct tri_node *node, struct tri_reader *reader)
{
    struct tri_local_rank *local = find_local(node, tri_get_u32(reader));
    uint32_t stream = tri_get_u32(reader), len = tri_get_u32(reader);

    if (local != NULL && (stream == 1 || stream == 2)) {
        tri_collector_confirm(&local->out[stream - 1], len);
        tri_node_check_idle(node);
    }
}

/* The answers to what on_fence and on_modex_ask sent. */
static void pass_answer(enum tri_message type, struct tri_reader *reader)
{
    uint64_t id = tri_get_u64(reader);
    uint32_t status = tri_get_u32(reader);
    size_t len;
    const void *data = tri_get_blob(reader, &len);

    if (reader->bad) {
        return;
    }
    if (type == TRI_MSG_FENCE_DONE) {
        tri_server_fence_done(id, status, data, len);
    } else {
        tri_server_modex_done(id, status, data, len);
    }
}

static bool deliver_during_job(struct tri_node *node, enum tri_message type,
                               struct tri_reader *reader)
{
    size_t len;
    uint64_t id;
    const void *data;

    switch (type) {
    case TRI_MSG_STDIN:
        data = tri_get_blob(reader, &len);
        tri_input_give(node, data, len);
        break;
    case TRI_MSG_ACK:
        confirm(node, reader);
        break;
    case TRI_MSG_FENCE_DONE:
    case TRI_MSG_MODEX_GIVE:
        pass_answer(type, reader);
        break;
    case TRI_MSG_MODEX_ASK:
        id = tri_get_u64(reader);
        tri_server_modex_get(node->desc.nspace, id, tri_get_u32(reader));
        break;
    case TRI_MSG_SIGNAL:
        tri_node_signal(node, (int)tri_get_u32(reader));
        break;
    case TRI_MSG_KILL:
        tri_node_kill(node, tri_get_u32(reader) != 0);
        break;
    default:
        return false;
    }
    return !reader->bad;
}

bool tri_node_deliver(struct tri_node *node, enum tri_message type, struct tri_reader *reader)
{
    if (type == TRI_MSG_PLACE) {
        return tri_node_take_berths(node, reader);
    }
    if (type == TRI_MSG_JOB) {
        return start_job(node, reader);
    }
    if (node->idle && (type == TRI_MSG_SIGNAL || type == TRI_MSG_KILL)) {
        return true; /* meant for others */
    }
    return node->has_job ? deliver_during_job(node, type, reader)
                         : type == TRI_MSG_SIGNAL || type == TRI_MSG_KILL ||
                               type == TRI_MSG_STDIN;
}

void tri_node_set_number(struct tri_node *node, uint32_t number)
{
    node->number = number;
}

struct tri_node *tri_node_new(struct event_base *base, const struct tri_topology *topo,
                              int lifeline, tri_node_send_fn send, void *context)
{
    struct tri_node *node = tri_alloc(1, sizeof *node);

    node->base = base;
    node->topo = topo;
    node->send = send;
    node->context = context;
    tri_children_after_reaping(after_reaping, node);
    tri_guard_start(lifeline);
    return node;
}

void tri_node_end(struct tri_node *node)
{
    static const struct timespec pause = {.tv_nsec = 5 * 1000 * 1000};

    for (int tries = 0; tries < 400; tries++) {
        tri_node_signal(node, SIGKILL);
        tri_children_reap();
        if (node->nrunning == 0 && tri_children_kill_orphans() == 0) {
            return;
        }
        nanosleep(&pause, NULL);
    }
}

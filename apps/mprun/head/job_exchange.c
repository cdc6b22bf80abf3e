/* job_exchange.c: fences across nodes, and what ranks want to know from ranks elsewhere. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdlib.h>

#include "job_internal.h"
#include "server.h"

static void release(void *context, uint32_t member, const struct tri_buffer *payload)
{
    struct tri_job *job = context;

    tri_job_send(job, job->links[member]->node, TRI_MSG_FENCE_DONE, payload);
}

/* Nothing is above mprun. */
static void pass_up(void *context, const struct tri_buffer *payload)
{
    (void)context, (void)payload;
}

void tri_job_exchange_init(struct tri_job *job)
{
    static const struct tri_exchange_calls calls = {release, pass_up};

    job->exchange = tri_exchange_new(&job->desc, job->member_of, job->nlinks, &calls, job);
}

bool tri_job_fence(struct tri_job *job, const struct tri_link *link, struct tri_reader *reader)
{
    return job->exchange != NULL &&
           tri_exchange_enter(job->exchange, job->member_of[link->node], reader);
}

static void answer(struct tri_job *job, uint32_t node, uint64_t id, uint32_t status,
                   const void *data, size_t len)
{
    struct tri_buffer payload = {0};

    tri_put_u64(&payload, id);
    tri_put_u32(&payload, status);
    tri_put_blob(&payload, data, len);
    tri_job_send(job, node, TRI_MSG_MODEX_GIVE, &payload);
    tri_buffer_free(&payload);
}

/* What a rank published outlives it, as long as its node's server does. */
static bool can_answer(const struct tri_job_node *node)
{
    return node->state == TRI_NODE_RUNNING || node->state == TRI_NODE_IDLE;
}

bool tri_job_modex_ask(struct tri_job *job, uint32_t node, struct tri_reader *reader)
{
    uint64_t id = tri_get_u64(reader);
    uint32_t rank = tri_get_u32(reader);

    if (reader->bad) {
        return false;
    }
    if (rank >= job->desc.nranks || !can_answer(&job->nodes[job->desc.node_of[rank]])) {
        answer(job, node, id, TRI_STATUS_FAILED, NULL, 0);
        return true;
    }
    struct tri_route *route = tri_alloc(1, sizeof *route);
    struct tri_buffer payload = {0};

    *route = (struct tri_route){.next = job->routes, .id = job->next_route++, .asker_id = id,
                                .asker = node, .owner = job->desc.node_of[rank]};
    job->routes = route;
    tri_put_u64(&payload, route->id);
    tri_put_u32(&payload, rank);
    tri_job_send(job, route->owner, TRI_MSG_MODEX_ASK, &payload);
    tri_buffer_free(&payload);
    return true;
}

bool tri_job_modex_give(struct tri_job *job, uint32_t node, struct tri_reader *reader)
{
    size_t len;
    uint64_t id = tri_get_u64(reader);
    uint32_t status = tri_get_u32(reader);
    const void *data = tri_get_blob(reader, &len);
    struct tri_route **link = &job->routes;

    while (*link != NULL && ((*link)->id != id || (*link)->owner != node)) {
        link = &(*link)->next;
    }
    struct tri_route *route = *link;

    if (reader->bad || route == NULL) {
        return false;
    }
    *link = route->next;
    answer(job, route->asker, route->asker_id, status, data, len);
    free(route);
    return true;
}

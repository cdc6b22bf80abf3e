/* job_exchange.c: fences across nodes, and what ranks want to know from ranks elsewhere. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdlib.h>
#include <string.h>

#include "job_internal.h"
#include "server.h"

/* Finds out which nodes have a participant. */
static bool resolve(const struct tri_job *job, struct tri_fence *fence)
{
    struct tri_reader reader = {.at = fence->participants.data, .left = fence->participants.len};

    while (reader.left > 0) {
        uint32_t rank = tri_get_u32(&reader);

        if (rank != TRI_ALL_RANKS && rank >= job->desc.nranks) {
            return false;
        }
        uint32_t first = rank == TRI_ALL_RANKS ? 0 : rank;
        uint32_t end = rank == TRI_ALL_RANKS ? job->desc.nranks : rank + 1;

        for (uint32_t i = first; i < end; i++) {
            uint32_t node = job->desc.node_of[i];

            fence->missing += !fence->needed[node];
            fence->needed[node] = true;
        }
    }
    return !reader.bad;
}

/* The fence with these participants, a new one if need be; NULL if they make no sense. */
static struct tri_fence *open_fence(struct tri_job *job, const void *participants, size_t len)
{
    for (struct tri_fence *fence = job->fences; fence != NULL; fence = fence->next) {
        if (fence->participants.len == len &&
            memcmp(fence->participants.data, participants, len) == 0) {
            return fence;
        }
    }
    struct tri_fence *fence = tri_alloc(1, sizeof *fence);

    tri_put_raw(&fence->participants, participants, len);
    fence->needed = tri_alloc(job->nnodes, sizeof *fence->needed);
    fence->entered = tri_alloc(job->nnodes, sizeof *fence->entered);
    fence->ids = tri_alloc(job->nnodes, sizeof *fence->ids);
    fence->next = job->fences;
    job->fences = fence;
    return resolve(job, fence) ? fence : NULL;
}

static void close_fence(struct tri_job *job, struct tri_fence *fence)
{
    struct tri_fence **link = &job->fences;

    while (*link != fence) {
        link = &(*link)->next;
    }
    *link = fence->next;
    tri_buffer_free(&fence->participants);
    tri_buffer_free(&fence->data);
    free(fence->needed);
    free(fence->entered);
    free(fence->ids);
    free(fence);
}

static void release(struct tri_job *job, struct tri_fence *fence)
{
    for (uint32_t node = 0; node < job->nnodes; node++) {
        if (fence->entered[node]) {
            struct tri_buffer payload = {0};

            tri_put_u64(&payload, fence->ids[node]);
            tri_put_u32(&payload, TRI_STATUS_OK);
            tri_put_blob(&payload, fence->data.data, fence->data.len);
            tri_link_send(job->nodes[node].link, TRI_MSG_FENCE_DONE, &payload);
            tri_buffer_free(&payload);
        }
    }
    close_fence(job, fence);
}

bool tri_job_fence(struct tri_job *job, uint32_t node, struct tri_reader *reader)
{
    size_t participants_len, len;
    uint64_t id = tri_get_u64(reader);
    const void *participants = tri_get_blob(reader, &participants_len);
    const void *data = tri_get_blob(reader, &len);

    if (reader->bad) {
        return false;
    }
    struct tri_fence *fence = open_fence(job, participants, participants_len);

    if (fence == NULL || !fence->needed[node] || fence->entered[node]) {
        return false;
    }
    fence->entered[node] = true;
    fence->ids[node] = id;
    fence->missing--;
    tri_put_raw(&fence->data, data, len);
    if (fence->missing == 0) {
        release(job, fence);
    }
    return true;
}

static void answer(struct tri_job *job, uint32_t node, uint64_t id, uint32_t status,
                   const void *data, size_t len)
{
    struct tri_buffer payload = {0};

    tri_put_u64(&payload, id);
    tri_put_u32(&payload, status);
    tri_put_blob(&payload, data, len);
    tri_link_send(job->nodes[node].link, TRI_MSG_MODEX_GIVE, &payload);
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
    tri_link_send(job->nodes[route->owner].link, TRI_MSG_MODEX_ASK, &payload);
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

/* exchange.c: gathers fences of a subtree, and lets its members go when they are over. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "exchange.h"

#include <stdlib.h>
#include <string.h>

#include "server.h"

/* A fence that is not over. Who enters names it by its participants: a member cannot enter the
 * same one again before it is over. */
struct fence {
    struct fence *next;
    struct tri_buffer participants;
    struct tri_buffer data;   /* what the members brought so far, one after the other */
    bool *needed, *entered;   /* by member */
    uint64_t *ids;            /* the members' names for it */
    uint32_t missing;         /* how many have not entered */
    bool elsewhere;           /* nodes of other subtrees take part */
    uint64_t id;              /* our own name for it */
};

struct tri_exchange {
    const struct tri_jobdesc *desc;
    const uint32_t *member_of;
    uint32_t nmembers;
    const struct tri_exchange_calls *calls;
    void *context;
    struct fence *fences;
    uint64_t next_id;
};

static void need(const struct tri_exchange *exchange, struct fence *fence, uint32_t rank)
{
    uint32_t member = exchange->member_of[exchange->desc->node_of[rank]];

    if (member == TRI_ELSEWHERE) {
        fence->elsewhere = true;
        return;
    }
    fence->missing += !fence->needed[member];
    fence->needed[member] = true;
}

/* Finds out which members have a participant. */
static bool resolve(const struct tri_exchange *exchange, struct fence *fence)
{
    struct tri_reader reader = {.at = fence->participants.data, .left = fence->participants.len};
    uint32_t nranks = exchange->desc->nranks;

    while (reader.left > 0) {
        uint32_t rank = tri_get_u32(&reader);

        if (rank != TRI_ALL_RANKS && rank >= nranks) {
            return false;
        }
        uint32_t first = rank == TRI_ALL_RANKS ? 0 : rank;
        uint32_t end = rank == TRI_ALL_RANKS ? nranks : rank + 1;

        for (uint32_t i = first; i < end; i++) {
            need(exchange, fence, i);
        }
    }
    return !reader.bad;
}

/* The fence with these participants, a new one if need be; NULL if they make no sense. */
static struct fence *open_fence(struct tri_exchange *exchange, const void *participants,
                                size_t len)
{
    for (struct fence *fence = exchange->fences; fence != NULL; fence = fence->next) {
        if (fence->participants.len == len &&
            (len == 0 || memcmp(fence->participants.data, participants, len) == 0)) {
            return fence;
        }
    }
    struct fence *fence = tri_alloc(1, sizeof *fence);

    tri_put_raw(&fence->participants, participants, len);
    fence->needed = tri_alloc(exchange->nmembers, sizeof *fence->needed);
    fence->entered = tri_alloc(exchange->nmembers, sizeof *fence->entered);
    fence->ids = tri_alloc(exchange->nmembers, sizeof *fence->ids);
    fence->id = exchange->next_id++;
    fence->next = exchange->fences;
    exchange->fences = fence;
    return resolve(exchange, fence) ? fence : NULL;
}

static void close_fence(struct tri_exchange *exchange, struct fence *fence)
{
    struct fence **link = &exchange->fences;

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

static void release(struct tri_exchange *exchange, struct fence *fence, uint32_t status,
                    const void *data, size_t len)
{
    for (uint32_t member = 0; member < exchange->nmembers; member++) {
        if (fence->entered[member]) {
            struct tri_buffer payload = {0};

            tri_put_u64(&payload, fence->ids[member]);
            tri_put_u32(&payload, status);
            tri_put_blob(&payload, data, len);
            exchange->calls->release(exchange->context, member, &payload);
            tri_buffer_free(&payload);
        }
    }
    close_fence(exchange, fence);
}

static void pass_up(struct tri_exchange *exchange, struct fence *fence)
{
    struct tri_buffer payload = {0};

    tri_put_u64(&payload, fence->id);
    tri_put_blob(&payload, fence->participants.data, fence->participants.len);
    tri_put_blob(&payload, fence->data.data, fence->data.len);
    tri_buffer_free(&fence->data); /* the result comes from above */
    exchange->calls->pass_up(exchange->context, &payload);
    tri_buffer_free(&payload);
}

bool tri_exchange_enter(struct tri_exchange *exchange, uint32_t member,
                        struct tri_reader *reader)
{
    size_t participants_len, len;
    uint64_t id = tri_get_u64(reader);
    const void *participants = tri_get_blob(reader, &participants_len);
    const void *data = tri_get_blob(reader, &len);

    if (reader->bad) {
        return false;
    }
    struct fence *fence = open_fence(exchange, participants, participants_len);

    if (fence == NULL || !fence->needed[member] || fence->entered[member]) {
        return false;
    }
    fence->entered[member] = true;
    fence->ids[member] = id;
    fence->missing--;
    tri_put_raw(&fence->data, data, len);
    if (fence->missing == 0 && fence->elsewhere) {
        pass_up(exchange, fence);
    } else if (fence->missing == 0) {
        release(exchange, fence, TRI_STATUS_OK, fence->data.data, fence->data.len);
    }
    return true;
}

bool tri_exchange_answer(struct tri_exchange *exchange, struct tri_reader *reader)
{
    size_t len;
    uint64_t id = tri_get_u64(reader);
    uint32_t status = tri_get_u32(reader);
    const void *data = tri_get_blob(reader, &len);
    struct fence *fence = exchange->fences;

    while (fence != NULL && fence->id != id) {
        fence = fence->next;
    }
    if (reader->bad || fence == NULL || fence->missing > 0) {
        return false;
    }
    release(exchange, fence, status, data, len);
    return true;
}

struct tri_exchange *tri_exchange_new(const struct tri_jobdesc *desc, const uint32_t *member_of,
                                      uint32_t nmembers, const struct tri_exchange_calls *calls,
                                      void *context)
{
    struct tri_exchange *exchange = tri_alloc(1, sizeof *exchange);

    *exchange = (struct tri_exchange){.desc = desc, .member_of = member_of, .nmembers = nmembers,
                                      .calls = calls, .context = context};
    return exchange;
}

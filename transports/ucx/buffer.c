/* Buffers that messages are sent from, and the sending itself. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "ucx.h"

#include <stdlib.h>

/* A pool grows a slab at a time and keeps what it has: steady traffic allocates nothing. The buffer that came back last
 * goes out first, it is still in the cache. */
struct slab {
    struct slab *next;
    max_align_t buffers[];
};

struct tri_ucx_pool {
    size_t payload;        /* longest payload of a buffer */
    unsigned slab_buffers; /* buffers in a slab */
    unsigned slab_limit;
    unsigned slab_count;
    struct slab *slabs;
    struct tri_ucx_buffer *free;
};

enum { LINE = 64 };

/* The small ones carry requests of peers, too, which are answered at once: what limits these is that each peer has few
 * transfers under way. */
static struct tri_ucx_pool small_pool = {.payload = TRI_UCX_SHORT_MAX, .slab_buffers = 64, .slab_limit = 4096};
static struct tri_ucx_pool large_pool = {.payload = TRI_UCX_BCOPY_MAX, .slab_buffers = 8, .slab_limit = 32};

static bool grow(struct tri_ucx_pool *pool)
{
    size_t stride = (sizeof(struct tri_ucx_buffer) + pool->payload + LINE - 1) / LINE * LINE;
    struct slab *slab;

    if (pool->slab_count == pool->slab_limit) {
        return false;
    }
    slab = malloc(sizeof(*slab) + stride * pool->slab_buffers);
    if (!slab) {
        return false;
    }
    for (unsigned i = 0; i < pool->slab_buffers; i++) {
        struct tri_ucx_buffer *buffer = (struct tri_ucx_buffer *)(void *)((char *)slab->buffers + i * stride);

        buffer->pool = pool;
        buffer->next = pool->free;
        pool->free = buffer;
    }
    slab->next = pool->slabs;
    pool->slabs = slab;
    pool->slab_count++;
    return true;
}

static void empty(struct tri_ucx_pool *pool)
{
    while (pool->slabs) {
        struct slab *slab = pool->slabs;

        pool->slabs = slab->next;
        free(slab);
    }
    pool->slab_count = 0;
    pool->free = NULL;
}

void tri_ucx_buffers_close(void)
{
    empty(&small_pool);
    empty(&large_pool);
}

struct tri_ucx_buffer *tri_ucx_take(struct tri_ucx_endpoint *endpoint, size_t payload)
{
    struct tri_ucx_pool *pool = payload <= small_pool.payload ? &small_pool : &large_pool;
    struct tri_ucx_buffer *buffer;

    if (!pool->free && !grow(pool)) {
        return NULL;
    }
    buffer = pool->free;
    pool->free = buffer->next;
    buffer->endpoint = endpoint;
    buffer->sent = NULL;
    buffer->counted = false;
    return buffer;
}

static void give_back(struct tri_ucx_buffer *buffer)
{
    tri_ucx.sends--;
    buffer->endpoint->in_flight -= buffer->counted;
    buffer->next = buffer->pool->free;
    buffer->pool->free = buffer;
}

/* A message has left, or never will. */
static void end(struct tri_ucx_buffer *buffer, ucs_status_t status)
{
    void (*sent)(void *owner, int status) = buffer->sent;
    void *owner = buffer->owner;

    if (status != UCS_OK) {
        tri_ucx_lose(buffer->endpoint, status);
    }
    give_back(buffer);
    if (sent) {
        sent(owner, status == UCS_OK ? TRI_OK : TRI_FAILED);
    }
}

static void on_sent(void *request, ucs_status_t status, void *buffer)
{
    ucp_request_free(request);
    end(buffer, status);
}

int tri_ucx_launch(struct tri_ucx_buffer *buffer, unsigned kind, size_t header, const void *data, size_t len,
                   bool rendezvous)
{
    const ucp_request_param_t param = {
        .op_attr_mask = UCP_OP_ATTR_FIELD_CALLBACK | UCP_OP_ATTR_FIELD_USER_DATA | UCP_OP_ATTR_FIELD_FLAGS,
        .flags = rendezvous ? UCP_AM_SEND_FLAG_RNDV : UCP_AM_SEND_FLAG_EAGER,
        .cb.send = on_sent,
        .user_data = buffer,
    };
    ucs_status_ptr_t request = UCS_STATUS_PTR(UCS_ERR_CONNECTION_RESET);

    tri_ucx.sends++;
    buffer->endpoint->in_flight += buffer->counted;
    if (!buffer->endpoint->broken) {
        request = ucp_am_send_nbx(buffer->endpoint->ep, kind, &buffer->header, header, data, len, &param);
    }
    if (!request) {
        end(buffer, UCS_OK);
    } else if (UCS_PTR_IS_ERR(request)) {
        tri_ucx_lose(buffer->endpoint, UCS_PTR_STATUS(request));
        give_back(buffer);
        return TRI_FAILED;
    }
    return TRI_OK;
}

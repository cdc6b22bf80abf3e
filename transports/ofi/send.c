/* Sending: pools of buffers, and packets that leave through them. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "ofi.h"

#include <stdlib.h>
#include <string.h>

/* A pool grows a slab at a time up to its limit and keeps what it has: steady traffic allocates nothing. The buffer
 * that came back last goes out first, it is still in the cache. */
struct slab {
    struct slab *next;
    struct tri_ofi_memory memory;
    struct tri_ofi_buffer buffers[];
};

struct tri_ofi_pool {
    size_t payload;        /* longest payload of a buffer */
    unsigned slab_buffers; /* buffers in a slab */
    unsigned slab_limit;
    unsigned slab_count;
    struct slab *slabs;
    struct tri_ofi_buffer *free;
};

enum {
    /* Packets that one endpoint may have under way: enough to keep a wire busy, few enough that one peer that does not
     * receive can not take all buffers. */
    IN_FLIGHT_MAX = 32,
    BROKEN_AFTER = 2,  /* seconds */
    BLOCKED_AFTER = 5, /* seconds */
    LINE = 64,
};

static struct tri_ofi_pool small_pool = {.payload = TRI_OFI_SHORT_MAX, .slab_buffers = 64, .slab_limit = 16};
static struct tri_ofi_pool large_pool = {.payload = TRI_OFI_BCOPY_MAX, .slab_buffers = 8, .slab_limit = 32};

static void give_back(struct tri_ofi_buffer *buffer)
{
    struct tri_ofi_pool *pool = buffer->pool;

    buffer->endpoint->in_flight--;
    tri_ofi.sends--;
    buffer->endpoint = NULL;
    buffer->next = pool->free;
    pool->free = buffer;
}

/* Who is told may send at once: the buffer has to be back before. */
static void end(struct tri_ofi_buffer *buffer, int status)
{
    struct tri_completion *completion = buffer->completion;

    give_back(buffer);
    if (completion) {
        completion->done(completion, status);
    }
}

static void send_done(struct tri_ofi_operation *self, size_t len)
{
    struct tri_ofi_buffer *buffer = (struct tri_ofi_buffer *)self;

    (void)len;
    buffer->endpoint->proven = true;
    end(buffer, TRI_OK);
}

static void send_failed(struct tri_ofi_operation *self, const char *reason, int error)
{
    struct tri_ofi_buffer *buffer = (struct tri_ofi_buffer *)self;
    int peer = buffer->endpoint->base.peer;
    bool proven = buffer->endpoint->proven;

    (void)error;
    if (!tri_ofi.closing) {
        tri_ofi.host->fail(peer, "%s the connection to rank %d (libfabric %s): %s", proven ? "lost" : "cannot make",
                           peer, tri_ofi.info->fabric_attr->prov_name, reason);
    }
    end(buffer, TRI_FAILED);
}

/* Adds a slab of buffers; false when the pool is at its limit or memory is. */
static bool grow(struct tri_ofi_pool *pool)
{
    size_t stride = (sizeof(struct tri_ofi_header) + pool->payload + LINE - 1) / LINE * LINE;
    struct slab *slab;

    if (pool->slab_count == pool->slab_limit) {
        return false;
    }
    slab = calloc(1, sizeof(*slab) + pool->slab_buffers * sizeof(slab->buffers[0]));
    if (!slab) {
        return false;
    }
    if (tri_ofi_packet_memory(stride * pool->slab_buffers, FI_SEND, &slab->memory) != TRI_OK) {
        free(slab);
        return false;
    }
    for (unsigned i = 0; i < pool->slab_buffers; i++) {
        struct tri_ofi_buffer *buffer = &slab->buffers[i];

        buffer->operation.done = send_done;
        buffer->operation.failed = send_failed;
        buffer->pool = pool;
        buffer->header = (struct tri_ofi_header *)(void *)((char *)slab->memory.address + i * stride);
        buffer->descriptor = slab->memory.mr ? fi_mr_desc(slab->memory.mr) : NULL;
        buffer->next = pool->free;
        pool->free = buffer;
    }
    slab->next = pool->slabs;
    pool->slabs = slab;
    pool->slab_count++;
    return true;
}

static void empty(struct tri_ofi_pool *pool)
{
    while (pool->slabs) {
        struct slab *slab = pool->slabs;

        pool->slabs = slab->next;
        tri_ofi_packet_memory_free(&slab->memory);
        free(slab);
    }
    pool->slab_count = 0;
    pool->free = NULL;
}

int tri_ofi_send_open(void)
{
    return grow(&small_pool) && grow(&large_pool) ? TRI_OK : TRI_FAILED;
}

void tri_ofi_send_close(void)
{
    empty(&small_pool);
    empty(&large_pool);
}

/* A buffer for the endpoint, or NULL: no resource. */
static struct tri_ofi_buffer *take_empty(struct tri_ofi_pool *pool, struct tri_ofi_endpoint *endpoint)
{
    struct tri_ofi_buffer *buffer;

    if (endpoint->stuck || endpoint->in_flight >= IN_FLIGHT_MAX || (!pool->free && !grow(pool))) {
        return NULL;
    }
    buffer = pool->free;
    pool->free = buffer->next;
    buffer->endpoint = endpoint;
    buffer->payload = NULL;
    buffer->completion = NULL;
    endpoint->in_flight++;
    tri_ofi.sends++;
    return buffer;
}

/* With its header filled for the endpoint's next packet. */
static struct tri_ofi_buffer *take(struct tri_ofi_pool *pool, struct tri_ofi_endpoint *endpoint,
                                   const struct tri_envelope *envelope, size_t len)
{
    struct tri_ofi_buffer *buffer = take_empty(pool, endpoint);

    if (!buffer) {
        return NULL;
    }
    buffer->len = sizeof(struct tri_ofi_header) + len;
    buffer->header->envelope = *envelope;
    memcpy(buffer->header->token, endpoint->token, sizeof(buffer->header->token));
    buffer->header->peer = (uint32_t)tri_ofi.host->rank;
    buffer->header->sequence = endpoint->sequence++;
    return buffer;
}

static ssize_t post(struct tri_ofi_buffer *buffer)
{
    if (buffer->payload) {
        const struct iovec pieces[] = {{buffer->header, buffer->len},
                                       {(void *)(uintptr_t)buffer->payload, buffer->payload_len}};

        return fi_sendv(tri_ofi.ep, pieces, NULL, 2, buffer->endpoint->address, &buffer->operation.context);
    }
    return fi_send(tri_ofi.ep, buffer->header, buffer->len, buffer->descriptor, buffer->endpoint->address,
                   &buffer->operation.context);
}

/* Hands a full buffer to the provider. When that is full (or still connecting) the packet has been accepted all the
 * same, since it is packed already, or its memory is not to change: it waits as the endpoint's one stuck buffer and
 * nothing passes it. */
static int launch(struct tri_ofi_buffer *buffer)
{
    struct tri_ofi_endpoint *endpoint = buffer->endpoint;
    ssize_t rc = post(buffer);

    if (rc == 0) {
        return TRI_OK;
    }
    if (rc == -FI_EAGAIN) {
        endpoint->stuck = buffer;
        endpoint->stuck_since = tri_ofi_now();
        endpoint->next_stuck = tri_ofi.stuck;
        tri_ofi.stuck = endpoint;
        return TRI_OK;
    }
    send_failed(&buffer->operation, fi_strerror((int)-rc), (int)-rc);
    return TRI_FAILED;
}

/* The TCP provider connects anew when a connection is lost, for ever if nobody is there, and says "try again" only
 * while it is not connected. Where there was a connection, that means that the peer is gone. */
static bool is_broken(const struct tri_ofi_endpoint *endpoint)
{
    return tri_ofi_is_tcp() && endpoint->proven && tri_ofi_now() - endpoint->stuck_since > BROKEN_AFTER;
}

/* Where there never was a connection, the peer may only be busy: its kernel takes part in a connection all the same. */
static bool is_blocked(struct tri_ofi_endpoint *endpoint, char *reason, size_t size)
{
    if (!tri_ofi_is_tcp() || endpoint->proven || tri_ofi_now() - endpoint->stuck_since <= BLOCKED_AFTER) {
        return false;
    }
    endpoint->stuck_since = tri_ofi_now();
    return tri_ofi_is_out_of_reach(endpoint, reason, size);
}

int tri_ofi_push_stuck(void)
{
    char reason[160] = "it is not there any more";
    struct tri_ofi_endpoint **link = &tri_ofi.stuck;
    int moved = 0;

    while (*link) {
        struct tri_ofi_endpoint *endpoint = *link;
        struct tri_ofi_buffer *buffer = endpoint->stuck;
        ssize_t rc = post(buffer);

        if (rc == -FI_EAGAIN && !is_broken(endpoint) && !is_blocked(endpoint, reason, sizeof(reason))) {
            link = &endpoint->next_stuck;
            continue;
        }
        *link = endpoint->next_stuck;
        endpoint->stuck = NULL;
        moved++;
        if (rc) {
            send_failed(&buffer->operation, rc == -FI_EAGAIN ? reason : fi_strerror((int)-rc),
                        (int)-rc);
        }
    }
    return moved;
}

int tri_ofi_send_short(struct tri_endpoint *base, const struct tri_envelope *envelope, const void *payload, size_t len)
{
    struct tri_ofi_buffer *buffer = take(&small_pool, (struct tri_ofi_endpoint *)base, envelope, len);

    if (!buffer) {
        return TRI_NO_RESOURCE;
    }
    if (len) {
        memcpy(buffer->header + 1, payload, len);
    }
    return launch(buffer);
}

int tri_ofi_send_bcopy(struct tri_endpoint *base, const struct tri_envelope *envelope, tri_pack_fn *pack, void *arg,
                       size_t len)
{
    struct tri_ofi_pool *pool = len <= small_pool.payload ? &small_pool : &large_pool;
    struct tri_ofi_buffer *buffer = take(pool, (struct tri_ofi_endpoint *)base, envelope, len);

    if (!buffer) {
        return TRI_NO_RESOURCE;
    }
    pack(arg, buffer->header + 1, len);
    return launch(buffer);
}

bool tri_ofi_sends_in_place(void)
{
    return !(tri_ofi.info->domain_attr->mr_mode & FI_MR_LOCAL) && tri_ofi.info->tx_attr->iov_limit >= 2;
}

int tri_ofi_send_zcopy(struct tri_endpoint *base, const struct tri_envelope *envelope, const void *payload, size_t len,
                       struct tri_completion *completion)
{
    struct tri_ofi_buffer *buffer = take(&small_pool, (struct tri_ofi_endpoint *)base, envelope, 0);

    if (!buffer) {
        return TRI_NO_RESOURCE;
    }
    buffer->payload = payload;
    buffer->payload_len = len;
    if (launch(buffer) != TRI_OK) {
        return TRI_FAILED;
    }
    buffer->completion = completion;
    return TRI_IN_PROGRESS;
}

/* The provider must tell no sooner than it has written, take memory as it is, and carry the whole word. */
bool tri_ofi_notifies(void)
{
    const struct fi_domain_attr *domain = tri_ofi.info->domain_attr;

    return tri_ofi_is_tcp() && tri_ofi_can_remote() & TRI_CAN_PUT && !(domain->mr_mode & FI_MR_LOCAL) &&
           domain->cq_data_size >= sizeof(uint64_t);
}

/* A small buffer, with nothing in it, stands for the write among what the endpoint has in flight. The word is masked with
 * the receiver's secret, as keys are (memory.c): a stranger could send one, too. */
int tri_ofi_put_notify(struct tri_endpoint *base, const void *local, uint64_t address, const struct tri_remote_key *key,
                       size_t len, uint64_t notice, struct tri_completion *completion)
{
    struct tri_ofi_endpoint *endpoint = (struct tri_ofi_endpoint *)base;
    struct tri_ofi_buffer *buffer = take_empty(&small_pool, endpoint);
    ssize_t rc;

    if (!buffer) {
        return TRI_NO_RESOURCE;
    }
    rc = fi_writedata(tri_ofi.ep, local, len, NULL, notice ^ endpoint->key_mask, endpoint->address,
                      tri_ofi_remote_address(endpoint, address, key->word), key->word, &buffer->operation.context);
    if (rc == -FI_EAGAIN) {
        give_back(buffer);
        return TRI_NO_RESOURCE;
    }
    if (rc) {
        send_failed(&buffer->operation, fi_strerror((int)-rc), (int)-rc);
        return TRI_FAILED;
    }
    buffer->completion = completion;
    return TRI_IN_PROGRESS;
}

void tri_ofi_notified(uint64_t data)
{
    if (!tri_ofi.closing) {
        tri_ofi.host->notified(0, data ^ tri_ofi.key_mask);
    }
}

/* Memory that peers may read and write: its table, and the answers to their requests. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "ucx.h"

#include <stdlib.h>
#include <string.h>

enum { INDEX_BITS = 20, SLAB = 256, SLABS_MAX = (1 << INDEX_BITS) / SLAB };

/* One registration. Its key is its place in the table below a serial number, so that an older key does not open it. */
struct region {
    uint64_t key; /* 0: free */
    uint64_t address;
    uint64_t len;
    uint32_t index;
    struct region *next; /* free one */
};

static struct {
    struct region *slabs[SLABS_MAX];
    unsigned slab_count;
    struct region *free;
    uint64_t serial;
} regions;

static void grow(void)
{
    struct region *slab = regions.slab_count < SLABS_MAX ? calloc(SLAB, sizeof(*slab)) : NULL;

    for (unsigned i = 0; slab && i < SLAB; i++) {
        slab[i].index = regions.slab_count * SLAB + i;
        slab[i].next = regions.free;
        regions.free = &slab[i];
    }
    if (slab) {
        regions.slabs[regions.slab_count++] = slab;
    }
}

int tri_ucx_register(void *address, size_t len, struct tri_remote_key *key, void **handle)
{
    struct region *region;

    if (!regions.free) {
        grow();
    }
    region = regions.free;
    if (!region) {
        return TRI_FAILED;
    }
    regions.free = region->next;
    region->address = (uint64_t)(uintptr_t)address;
    region->len = len;
    region->key = ++regions.serial << INDEX_BITS | region->index;
    key->word = region->key;
    *handle = region;
    return TRI_OK;
}

void tri_ucx_unregister(void *handle)
{
    struct region *region = handle;

    region->key = 0;
    region->next = regions.free;
    regions.free = region;
}

void tri_ucx_regions_close(void)
{
    for (unsigned i = 0; i < regions.slab_count; i++) {
        free(regions.slabs[i]);
    }
    memset(&regions, 0, sizeof(regions));
}

/* The memory that a peer means, or NULL: it may not. */
static char *find(const struct tri_ucx_place *place)
{
    unsigned index = place->key & ((1u << INDEX_BITS) - 1);
    const struct region *region = index / SLAB < regions.slab_count ? &regions.slabs[index / SLAB][index % SLAB] : NULL;

    if (!region || !place->key || region->key != place->key || place->len > region->len ||
        place->address < region->address || place->address - region->address > region->len - place->len) {
        return NULL;
    }
    return (char *)(uintptr_t)place->address;
}

/* Sends an answer about a part, with or without data. */
static void answer(struct tri_ucx_endpoint *endpoint, unsigned kind, uint32_t part,
                   const struct tri_ucx_answer *content, const void *data, size_t len)
{
    struct tri_ucx_buffer *buffer = tri_ucx_take(endpoint, 0);

    if (!buffer) {
        tri_ucx_fail(endpoint->base.peer, "no memory to answer", UCS_ERR_NO_MEMORY);
        return;
    }
    buffer->header.answer = *content;
    tri_ucx_stamp(endpoint, &buffer->header.stamp, part);
    tri_ucx_launch(buffer, kind, sizeof(buffer->header.answer), data, len,
                   tri_ucx.rendezvous && len > TRI_UCX_FETCH_MIN);
}

static void refuse(struct tri_ucx_endpoint *endpoint, uint32_t part)
{
    const struct tri_ucx_answer content = {.refused = 1};

    answer(endpoint, TRI_UCX_DONE, part, &content, NULL, 0);
}

/* Whose request this is: the endpoint to answer on, or NULL. */
static struct tri_ucx_endpoint *asker(const void *header, size_t header_length, struct tri_ucx_place *place)
{
    int peer = tri_ucx_accept(header, header_length, place, sizeof(*place));

    return peer < 0 ? NULL : (struct tri_ucx_endpoint *)tri_ucx_connect(0, peer);
}

ucs_status_t tri_ucx_on_want(void *arg, const void *header, size_t header_length, void *data, size_t len,
                             const ucp_am_recv_param_t *param)
{
    struct tri_ucx_place place;
    struct tri_ucx_endpoint *endpoint = asker(header, header_length, &place);
    const char *memory = endpoint ? find(&place) : NULL;
    size_t most = tri_ucx.rendezvous ? place.len : TRI_UCX_PIECE;

    (void)arg;
    (void)data;
    (void)len;
    (void)param;
    if (endpoint && !memory) {
        refuse(endpoint, place.stamp.number);
    }
    for (size_t at = 0; memory && at < place.len; at += most) {
        const struct tri_ucx_answer content = {.offset = at};
        size_t left = place.len - at;

        answer(endpoint, TRI_UCX_DATA, place.stamp.number, &content, memory + at, left < most ? left : most);
    }
    return UCS_OK;
}

/* A put of which the data are being fetched. */
struct storing {
    struct tri_ucx_fetch fetch;
    struct tri_ucx_endpoint *endpoint;
    uint32_t part;
};

static void on_stored(struct tri_ucx_fetch *fetch, int status)
{
    struct storing *storing = (struct storing *)fetch;
    const struct tri_ucx_answer content = {.refused = status != TRI_OK};

    answer(storing->endpoint, TRI_UCX_DONE, storing->part, &content, NULL, 0);
    free(storing);
}

ucs_status_t tri_ucx_on_put(void *arg, const void *header, size_t header_length, void *data, size_t len,
                            const ucp_am_recv_param_t *param)
{
    struct tri_ucx_place place;
    struct tri_ucx_endpoint *endpoint = asker(header, header_length, &place);
    char *memory = endpoint && place.len == len ? find(&place) : NULL;
    struct storing *storing = memory ? malloc(sizeof(*storing)) : NULL;

    (void)arg;
    if (!storing) {
        if (endpoint) {
            refuse(endpoint, place.stamp.number);
        }
        return UCS_OK;
    }
    *storing = (struct storing){{on_stored}, endpoint, place.stamp.number};
    return tri_ucx_receive_data(memory, data, len, param, &storing->fetch);
}

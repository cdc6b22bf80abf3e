/* The producer's side of a ring. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <string.h>

#include "../../src/runtime/cache.h"
#include "shm.h"

/* With packets of at most a quarter of the data area, a gap at its end that is no longer than one, and a consumer that
 * tells its progress each quarter, a producer that waits for room always gets it. Not longer than 32 KiB: of a message
 * in several pieces the receiver copies one out while the sender copies the next one in. */
uint64_t tri_shm_bcopy_max(void)
{
    return TRI_MIN(tri_shm.data / 4, (uint64_t)32768);
}

/* Of longer payloads fewer go out in a second if each is handed over, though the first one is there sooner. */
enum { HAND_OVER_MOST = 256 };

static struct shm_cell *cell_at(struct shm_endpoint *ep, uint64_t position)
{
    return &ep->ring->cells[position & (tri_shm.cells - 1)];
}

/* Looks at what the consumer has told. Acquire, pairs with its release: it has read what lies in there. A peer that
 * lies here spoils only its own messages: positions are masked into the ring. */
static void refresh(struct shm_endpoint *ep)
{
    ep->cells_free = atomic_load_explicit(&ep->ring->cells_consumed, memory_order_acquire) + tri_shm.cells;
    ep->data_free = atomic_load_explicit(&ep->ring->data_consumed, memory_order_acquire) + tri_shm.data;
}

/* The answer when a packet can not go: no ring could be made, or it has no room now. */
static int refuse(struct shm_endpoint *ep)
{
    if (TRI_UNLIKELY(!ep->ring)) {
        return TRI_FAILED;
    }
    if (!ep->starved) {
        ep->starved = true;
        tri_shm.lanes[ep->lane].starved++;
    }
    return TRI_NO_RESOURCE;
}

static bool has_cell(struct shm_endpoint *ep)
{
    if (TRI_LIKELY(ep->head < ep->cells_free)) {
        return true;
    }
    if (TRI_UNLIKELY(!ep->ring && !tri_shm_make_ring(ep))) {
        return false;
    }
    refresh(ep);
    return ep->head < ep->cells_free;
}

/* Makes the packet visible, and the receiver aware of it. */
static void publish(struct shm_endpoint *ep, struct shm_cell *cell)
{
    /* Pairs with the acquire in the consumer's poll: envelope, length and payload are there when the sequence is. */
    atomic_store_explicit(&cell->sequence, (uint32_t)(ep->head + 1), memory_order_release);
    ep->head++;
    if (TRI_UNLIKELY(ep->starved)) {
        ep->starved = false;
        tri_shm.lanes[ep->lane].starved--;
    }
    struct shm_area *area = ep->area;
    /* The receiver may be going to sleep, or dropping our ring from those it polls: it writes its flag, executes
     * tri_membarrier() and looks at the ring again. That call fences this thread too, so that the loads below can not
     * have been done before the store above became visible; only where membarrier is not permitted we fence here. */
    if (TRI_UNLIKELY(tri_shm.fences || atomic_load_explicit(&area->needs_fence, memory_order_relaxed))) {
        atomic_thread_fence(memory_order_seq_cst);
    }
    atomic_signal_fence(memory_order_seq_cst);
    if (TRI_UNLIKELY(!(atomic_load_explicit(ep->active, memory_order_relaxed) & ep->active_bit))) {
        atomic_fetch_or_explicit(ep->active, ep->active_bit, memory_order_release);
    }
    if (TRI_UNLIKELY(atomic_load_explicit(&area->sleeping, memory_order_relaxed) != SHM_AWAKE)) {
        tri_shm_doorbell_ring((int)(area - tri_shm.areas));
    }
}

int tri_shm_send_short(struct tri_endpoint *base, const struct tri_envelope *envelope, const void *payload, size_t len)
{
    struct shm_endpoint *ep = (struct shm_endpoint *)base;
    if (TRI_UNLIKELY(!has_cell(ep))) {
        return refuse(ep);
    }
    struct shm_cell *cell = cell_at(ep, ep->head);
    cell->len = (uint32_t)len;
    cell->envelope = *envelope;
    if (len == 8) {
        memcpy(cell->payload, payload, 8);
    } else if (len) {
        memcpy(cell->payload, payload, len);
    }
    publish(ep, cell);
    return TRI_OK;
}

static void *data_at(struct shm_endpoint *ep, uint64_t position)
{
    return (unsigned char *)&ep->ring->cells[tri_shm.cells] + (position & (tri_shm.data - 1));
}

/* Position for len bytes in one piece: here, or at the start of the area when its end is too near. */
static uint64_t place(uint64_t position, size_t len)
{
    uint64_t left = tri_shm.data - (position & (tri_shm.data - 1));
    return left < len ? position + left : position;
}

static uint64_t lines(size_t len)
{
    return (len + TRI_CACHE_LINE - 1) & ~(uint64_t)(TRI_CACHE_LINE - 1);
}

static bool has_data(struct shm_endpoint *ep, size_t len)
{
    uint64_t end = place(ep->data_head, len) + lines(len);
    if (end > ep->data_free) {
        refresh(ep);
    }
    return end <= ep->data_free;
}

/* The claims of a longer packet would keep back what the sender does next: of 4 KiB of blocks with holes one way took
 * 10 % longer. */
enum { CLAIM_MOST = 2048 };

int tri_shm_send_bcopy(struct tri_endpoint *base, const struct tri_envelope *envelope, tri_pack_fn *pack, void *arg,
                       size_t len)
{
    struct shm_endpoint *ep = (struct shm_endpoint *)base;
    if (TRI_UNLIKELY(!has_cell(ep))) {
        return refuse(ep);
    }
    struct shm_cell *cell = cell_at(ep, ep->head);
    if (len <= SHM_INLINE) {
        pack(arg, cell->payload, len);
    } else {
        if (TRI_UNLIKELY(!has_data(ep, len))) {
            return refuse(ep);
        }
        uint64_t position = place(ep->data_head, len);
        pack(arg, data_at(ep, position), len);
        if (len <= HAND_OVER_MOST) {
            tri_cache_hand_over(data_at(ep, position), len);
        }
        ep->data_head = position + lines(len);
    }
    cell->len = (uint32_t)len;
    cell->envelope = *envelope;
    publish(ep, cell);
    if (len > SHM_INLINE && len <= CLAIM_MOST) {
        tri_cache_claim(data_at(ep, ep->data_head), len); /* the next packet's, if it is like this one */
    }
    return TRI_OK;
}

bool tri_shm_has_room(struct shm_endpoint *ep)
{
    refresh(ep);
    return ep->head < ep->cells_free && has_data(ep, tri_shm_bcopy_max());
}

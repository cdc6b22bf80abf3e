/* The consumer's side of the rings. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <string.h>

#include "../../src/runtime/membarrier.h"
#include "shm.h"

/* At most this many packets of one ring in one poll, so that a flood does not keep out the others. */
enum { BATCH = 32 };

/* Up to this many rings are polled even when nothing comes; of more, the idle ones are dropped until their producer
 * sets its bit again. */
enum { POLLED_ALWAYS = 8, IDLE_POLLS = 4096 };

static struct shm_source *source_of(unsigned lane, int index)
{
    struct shm_source *source = &tri_shm.lanes[lane].sources[index];
    if (TRI_UNLIKELY(!source->ring)) {
        source->ring = tri_shm_segment_ring(lane, index, tri_shm.index, false);
        if (!source->ring) {
            tri_shm.host->fail(tri_shm.host->local[index], "mapping a message ring failed: out of memory");
        }
    }
    return source;
}

/* Tells the producer what is free again, and wakes it if it sleeps for want of room. */
static void tell(struct shm_source *source, int index)
{
    source->told_cells = source->tail;
    source->told_data = source->data_tail;
    /* Release, pairs with the acquire in refresh(): we have read what was in there. */
    atomic_store_explicit(&source->ring->data_consumed, source->data_tail, memory_order_release);
    atomic_store_explicit(&source->ring->cells_consumed, source->tail, memory_order_release);
    /* Pairs with the fence in tri_shm_arm: either it sees the room, or we see that it waits. */
    atomic_thread_fence(memory_order_seq_cst);
    if (TRI_UNLIKELY(atomic_load_explicit(&source->ring->producer_waits, memory_order_relaxed))) {
        atomic_store_explicit(&source->ring->producer_waits, 0, memory_order_relaxed);
        tri_shm_doorbell_ring(index);
    }
}

static const struct shm_cell *cell_at(const struct shm_source *source)
{
    return &source->ring->cells[source->tail & (tri_shm.cells - 1)];
}

static bool has_packet(const struct shm_source *source)
{
    return atomic_load_explicit(&cell_at(source)->sequence, memory_order_acquire) == (uint32_t)(source->tail + 1);
}

/* Where the payload of a long packet lies; moves the data position behind it. The length is already checked. */
static const void *take_data(struct shm_source *source, size_t len)
{
    uint64_t at = source->data_tail & (tri_shm.data - 1);
    if (tri_shm.data - at < len) {
        source->data_tail += tri_shm.data - at;
        at = 0;
    }
    source->data_tail += (len + TRI_CACHE_LINE - 1) & ~(uint64_t)(TRI_CACHE_LINE - 1);
    return (const unsigned char *)&source->ring->cells[tri_shm.cells] + at;
}

/* Takes one packet. The cell is copied out whole before anything in it is looked at. */
static void receive(struct shm_source *source, unsigned lane, int index)
{
    struct {
        uint32_t len;
        struct tri_envelope envelope;
        unsigned char payload[SHM_INLINE];
    } copy;
    const struct shm_cell *cell = cell_at(source);
    memcpy(&copy, &cell->len, sizeof copy);
    int peer = tri_shm.host->local[index];
    source->tail++;
    if (TRI_LIKELY(copy.len <= SHM_INLINE)) {
        tri_shm.host->deliver(lane, peer, &copy.envelope, copy.payload, copy.len);
    } else if (copy.len <= tri_shm_bcopy_max()) {
        const void *payload = take_data(source, copy.len);
        tri_shm.host->deliver(lane, peer, &copy.envelope, payload, copy.len);
    } else {
        tri_shm.host->fail(peer,
                           "a packet in shared memory claims %u bytes, more than any can have: the peer's memory "
                           "is corrupt",
                           copy.len);
    }
    /* Only after deliver, which reads the data in place. */
    if (source->tail - source->told_cells >= tri_shm.cells / 4 ||
        source->data_tail - source->told_data >= tri_shm.data / 4) {
        tell(source, index);
    }
}

static int poll_ring(struct shm_source *source, unsigned lane, int index)
{
    int received = 0;
    while (received < BATCH && has_packet(source)) {
        receive(source, lane, index);
        received++;
    }
    source->idle = received ? 0 : source->idle + 1;
    return received;
}

/* Stops polling rings that have been empty for long. */
static void drop_idle(unsigned lane)
{
    _Atomic uint64_t *active = tri_shm.areas[tri_shm.index].active[lane];
    struct shm_source *sources = tri_shm.lanes[lane].sources;
    uint64_t dropped[SHM_WORDS] = {0};
    int words = (tri_shm.count + 63) / 64;
    for (int i = 0; i < tri_shm.count; i++) {
        if (sources[i].ring && sources[i].idle >= IDLE_POLLS) {
            sources[i].idle = 0;
            dropped[i / 64] |= UINT64_C(1) << (i % 64);
        }
    }
    for (int w = 0; w < words; w++) {
        dropped[w] &= atomic_fetch_and_explicit(&active[w], ~dropped[w], memory_order_relaxed);
    }
    /* Pairs with publish() in send.c: a producer whose packet we do not see below will see its bit cleared. */
    tri_membarrier();
    for (int i = 0; i < tri_shm.count; i++) {
        if ((dropped[i / 64] >> (i % 64) & 1) && has_packet(&sources[i])) {
            atomic_fetch_or_explicit(&active[i / 64], UINT64_C(1) << (i % 64), memory_order_relaxed);
        }
    }
}

int tri_shm_progress(unsigned lane)
{
    const _Atomic uint64_t *active = tri_shm.areas[tri_shm.index].active[lane];
    tri_shm.lanes[lane].polled = true;
    int received = 0, polled = 0;
    bool idle = false;
    for (int base = 0; base < tri_shm.count; base += 64) {
        /* Acquire, pairs with the release of the producer that set the bit: its ring has its memory. */
        uint64_t bits = atomic_load_explicit(&active[base / 64], memory_order_acquire);
        for (; bits; bits &= bits - 1) {
            int index = base + __builtin_ctzll(bits);
            if (TRI_UNLIKELY(index >= tri_shm.count)) {
                break;
            }
            struct shm_source *source = source_of(lane, index);
            received += poll_ring(source, lane, index);
            idle |= source->idle >= IDLE_POLLS;
            polled++;
        }
    }
    if (TRI_UNLIKELY(idle && polled > POLLED_ALWAYS)) {
        drop_idle(lane);
    }
    return received;
}

static bool is_pending(unsigned lane)
{
    const _Atomic uint64_t *active = tri_shm.areas[tri_shm.index].active[lane];
    for (int i = 0; i < tri_shm.count; i++) {
        uint64_t bits = atomic_load_explicit(&active[i / 64], memory_order_acquire);
        if ((bits >> (i % 64) & 1) && has_packet(source_of(lane, i))) {
            return true;
        }
    }
    return false;
}

bool tri_shm_pending(void)
{
    for (unsigned lane = 0; lane < tri_shm.lane_count; lane++) {
        if ((lane == 0 || tri_shm.lanes[lane].polled) && is_pending(lane)) {
            return true;
        }
    }
    return false;
}

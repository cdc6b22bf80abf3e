/* Stands in for transports/shm/segment.c, over the memory of shm_pair.c. Compiled once for each end. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <unistd.h>

#include "shm_pair.h"

int tri_shm_segment_open(const struct tri_host *host)
{
    tri_shm = (struct shm_state){.host = host, .count = host->local_count, .fd = -1, .pipe = {-1, -1}};
    tri_shm.index = tri_shm_local_index(host->rank);
    tri_shm.cells = pair_options.cells;
    tri_shm.data = pair_options.data;
    tri_shm.ring_size = pair_ring_bytes();
    tri_shm.areas = pair_areas();
    tri_shm.lane_count = 1;
    struct shm_lane *lane = &tri_shm.lanes[0];
    lane->endpoints = calloc((size_t)tri_shm.count, sizeof *lane->endpoints);
    lane->sources = calloc((size_t)tri_shm.count, sizeof *lane->sources);
    assert_true(lane->endpoints && lane->sources);
    struct shm_area *own = &tri_shm.areas[tri_shm.index];
    own->lanes = 1;
    own->pid = getpid();
    tri_shm_doorbell_open(own);
    if (pair_options.fences) {
        tri_shm.fences = true;
        atomic_store_explicit(&own->needs_fence, 1, memory_order_relaxed);
    }
    atomic_store_explicit(&own->ready, 1, memory_order_release);
    return TRI_OK;
}

void tri_shm_segment_close(void)
{
    tri_shm.areas = NULL;
}

struct shm_ring *tri_shm_segment_ring(unsigned lane, int from, int to, bool allocate)
{
    assert_int_equal(lane, 0);
    return allocate && pair_options.no_memory ? NULL : pair_ring(from, to);
}

/* There is no more memory than the rings. */
void *tri_shm_share(int peer, uint64_t offset, size_t len)
{
    (void)peer;
    (void)offset;
    (void)len;
    return NULL;
}

void tri_shm_unshare(void *memory, size_t len)
{
    (void)memory;
    (void)len;
}

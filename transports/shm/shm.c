/* The shm transport: its table, start and end. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "shm.h"

#include <stdlib.h>

struct shm_state tri_shm;

static int shm_open_transport(const struct tri_host *host, struct tri_limits *limits)
{
    if (host->local_count < 2) {
        host->note("shm: no other rank of the job is on this node");
        return TRI_UNSUPPORTED;
    }
    int result = tri_shm_segment_open(host);
    if (result == TRI_OK) {
        *limits = (struct tri_limits){.short_max = SHM_INLINE,
                                      .bcopy_max = tri_shm_bcopy_max(),
                                      .claims = SHM_CLAIMS,
                                      .lanes = tri_shm.lane_count};
    }
    return result;
}

static void shm_close_transport(void)
{
    for (unsigned lane = 0; lane < tri_shm.lane_count; lane++) {
        for (int i = 0; i < tri_shm.count; i++) {
            free(tri_shm.lanes[lane].endpoints[i]);
        }
        free(tri_shm.lanes[lane].endpoints);
        free(tri_shm.lanes[lane].sources);
    }
    tri_shm_doorbell_close();
    tri_shm_segment_close();
}

static bool shm_reaches(int peer)
{
    return peer != tri_shm.host->rank && tri_shm_local_index(peer) >= 0;
}

/* Cross-memory attach needs no registration. */
static int shm_register(void *address, size_t len, struct tri_remote_key *key, void **handle)
{
    (void)address, (void)len;
    key->word = 0;
    *handle = NULL;
    return TRI_OK;
}

static void shm_unregister(void *handle)
{
    (void)handle;
}

static uint32_t shm_claim(int owner, unsigned counter)
{
    int index = tri_shm_local_index(owner);
    if (index < 0 || counter >= SHM_CLAIMS) {
        return UINT32_MAX;
    }
    /* Relaxed: the counter only shares out the work; the copied bytes are ordered by the packets that end it. */
    return atomic_fetch_add_explicit(&tri_shm.areas[index].claims[counter].counter, 1, memory_order_relaxed);
}

static void shm_claim_reset(unsigned counter)
{
    atomic_store_explicit(&tri_shm.areas[tri_shm.index].claims[counter].counter, 0, memory_order_relaxed);
}

const struct tri_transport tri_transport_shm = {
    .name = "shm",
    .open = shm_open_transport,
    .close = shm_close_transport,
    .reaches = shm_reaches,
    .lanes = tri_shm_lanes,
    .connect = tri_shm_connect,
    .send_short = tri_shm_send_short,
    .send_bcopy = tri_shm_send_bcopy,
    .register_memory = shm_register,
    .unregister_memory = shm_unregister,
    .get = tri_shm_get,
    .put = tri_shm_put,
    .claim = shm_claim,
    .claim_reset = shm_claim_reset,
    .share = tri_shm_share,
    .unshare = tri_shm_unshare,
    .wake = tri_shm_wake,
    .progress = tri_shm_progress,
    .arm = tri_shm_arm,
    .disarm = tri_shm_disarm,
};

/* Endpoints: one to each peer that is sent to or whose memory is read. The ring is made when the first packet goes. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdlib.h>

#include "shm.h"

int tri_shm_local_index(int peer)
{
    const int *local = tri_shm.host->local;
    int straight = peer - local[0];
    if (straight >= 0 && straight < tri_shm.host->local_count && local[straight] == peer) {
        return straight; /* consecutive ranks, as most often */
    }
    int low = 0, high = tri_shm.host->local_count;
    while (low < high) {
        int middle = (low + high) / 2;
        if (tri_shm.host->local[middle] < peer) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < tri_shm.host->local_count && tri_shm.host->local[low] == peer ? low : -1;
}

static struct shm_endpoint *endpoint_to(unsigned lane, int index)
{
    struct shm_endpoint *ep = tri_shm.lanes[lane].endpoints[index];
    if (ep) {
        return ep;
    }
    int peer = tri_shm.host->local[index];
    ep = calloc(1, sizeof *ep);
    if (!ep) {
        tri_shm.host->fail(peer, "out of memory");
        return NULL;
    }
    ep->base = (struct tri_endpoint){.transport = &tri_transport_shm, .peer = peer};
    ep->area = &tri_shm.areas[index];
    ep->active = &ep->area->active[lane][tri_shm.index / 64];
    ep->lane = lane;
    ep->active_bit = UINT64_C(1) << (tri_shm.index % 64);
    tri_shm.lanes[lane].endpoints[index] = ep;
    return ep;
}

bool tri_shm_make_ring(struct shm_endpoint *ep)
{
    ep->ring = tri_shm_segment_ring(ep->lane, tri_shm.index, tri_shm_local_index(ep->base.peer), true);
    if (!ep->ring) {
        tri_shm.host->fail(ep->base.peer,
                           "no %llu KiB of shared memory for a message ring: raise the memory limit of this node or "
                           "container, or lower TRIREME_SHM_DATA (now %llu bytes)",
                           (unsigned long long)tri_shm.ring_size >> 10, (unsigned long long)tri_shm.data);
    }
    return ep->ring;
}

struct tri_endpoint *tri_shm_connect(unsigned lane, int peer)
{
    struct shm_endpoint *ep = endpoint_to(lane, tri_shm_local_index(peer));
    if (ep && !ep->pid) {
        tri_shm_probe(ep);
    }
    return ep ? &ep->base : NULL;
}

unsigned tri_shm_lanes(int peer)
{
    /* Written before the peer sent anything, see tri_shm_segment_open. */
    return tri_shm.areas[tri_shm_local_index(peer)].lanes;
}

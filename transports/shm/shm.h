/* Shared-memory rings between the processes of one node: layout of the segment, and what the files of shm share. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TRI_TRANSPORT_SHM_H
#define TRI_TRANSPORT_SHM_H

#include <stdatomic.h>
#include <sys/types.h>

#include "../../src/runtime/base.h"
#include "../transport.h"

extern const struct tri_transport tri_transport_shm;

enum { SHM_CLAIMS = 32, SHM_INLINE = 40, SHM_WORDS = 64, SHM_RANKS_MAX = SHM_WORDS * 64, SHM_LANES = 4 };

/* ---- what lies in shared memory; everything here can be changed by a peer at any time ---- */

/* A cell is one cache line. A packet of up to SHM_INLINE payload bytes is exactly one cell, so that it costs one
 * coherence miss; a longer one has its payload in the ring's data area, whose positions both sides derive from the
 * lengths alone. */
struct shm_cell {
    _Atomic uint32_t sequence; /* position of the packet in the ring + 1; stored last (release), awaited (acquire) */
    uint32_t len;              /* payload bytes */
    struct tri_envelope envelope;
    unsigned char payload[SHM_INLINE];
};
_Static_assert(sizeof(struct shm_cell) == TRI_CACHE_LINE, "a cell is one cache line");

/* The ring of one ordered pair of ranks in one lane. Behind this header lie the cells, then the data area. */
struct shm_ring {
    /* Written by the consumer, rarely (a quarter of the ring at a time): up to where cells and data are free again. */
    _Alignas(TRI_CACHE_LINE) _Atomic uint64_t cells_consumed;
    _Atomic uint64_t data_consumed;
    /* Written by the producer: it sleeps until the ring has room. */
    _Alignas(TRI_CACHE_LINE) _Atomic uint32_t producer_waits;
    _Alignas(TRI_CACHE_LINE) struct shm_cell cells[];
};

enum { SHM_AWAKE = 0, SHM_ON_FUTEX = 1, SHM_ON_PIPE = 2 };

/* What one rank shows to the others of its node. */
struct shm_area {
    /* The attention line: read by senders at each packet, written rarely. */
    _Alignas(TRI_CACHE_LINE) _Atomic uint32_t sleeping; /* SHM_AWAKE, ...; also the futex word */
    _Atomic uint32_t needs_fence; /* membarrier is not permitted to this rank: senders fence, see doorbell.c */
    /* A bit for each local rank whose ring in that lane may hold something. */
    _Alignas(TRI_CACHE_LINE) _Atomic uint64_t active[SHM_LANES][SHM_WORDS];
    /* Written once before the rank attaches. */
    _Alignas(TRI_CACHE_LINE) _Atomic uint32_t ready;
    uint32_t lanes; /* that this rank has */
    int32_t pid;
    int32_t pipe_fd;   /* descriptor number, in that process, of its doorbell pipe's writing end */
    uint64_t probe;    /* address, in that process, of a copy of the segment's secret */
    struct {
        _Alignas(TRI_CACHE_LINE) _Atomic uint32_t counter;
    } claims[SHM_CLAIMS];
};

/* Behind the rings each rank has a space of its own for what the layers above share; its memory comes as it is used. */
#define SHM_SPACE (UINT64_C(1) << 40)

struct shm_header {
    uint64_t magic; /* SHM_MAGIC: library and layout version */
    uint64_t secret[2];
    uint32_t ranks, cells;
    uint64_t data, ring_size, rings; /* bytes of one data area, of one ring, and offset of the first ring */
};

#define SHM_MAGIC UINT64_C(0x5452495245030002)

/* ---- what is private to this process ---- */

struct shm_endpoint {
    struct tri_endpoint base;
    struct shm_ring *ring; /* the ring to that peer; NULL until a packet goes */
    struct shm_area *area; /* the peer's */
    uint64_t head;         /* cells written */
    uint64_t cells_free;   /* up to here the producer may write; from the last look at cells_consumed */
    uint64_t data_head;    /* data bytes written, gaps at the end of the area included */
    uint64_t data_free;
    _Atomic uint64_t *active; /* the word of area->active that has the bit of this process */
    uint64_t active_bit;
    unsigned lane;
    pid_t pid;
    bool starved;          /* the last send found no room */
};

/* The receiving end of one ring. */
struct shm_source {
    struct shm_ring *ring;
    uint64_t tail, data_tail;           /* cells and data bytes read */
    uint64_t told_cells, told_data;     /* what the producer knows of that */
    unsigned idle;                      /* polls in a row that found nothing */
};

/* What one lane has of its own. */
struct shm_lane {
    /* Both by local index. */
    _Alignas(TRI_CACHE_LINE) struct shm_endpoint **endpoints;
    struct shm_source *sources;
    unsigned starved; /* endpoints that are starved */
    bool polled;      /* what comes is looked at: until then, but for lane 0, a packet is no reason not to sleep */
};

struct shm_state {
    const struct tri_host *host;
    int fd;    /* the segment */
    int index; /* own place in host->local */
    int count; /* host->local_count */
    struct shm_header *header; /* mapped: header and areas */
    size_t header_size;
    struct shm_area *areas;
    struct shm_lane lanes[SHM_LANES];
    unsigned lane_count;
    uint32_t cells;                  /* copies of the header's numbers, checked once */
    uint64_t data, ring_size, rings;
    uint64_t secret[2];
    int pipe[2];                     /* the own doorbell */
    _Atomic int *pipes;              /* by local index: opened doorbell pipes of peers, or -1 */
    bool fences;      /* membarrier is not permitted here */
    int numa_node;    /* where memory that this process reads should lie; -1: it does not matter */
};

extern struct shm_state tri_shm;

/* segment.c: the node's segment. Returns TRI_OK, or TRI_UNSUPPORTED after a note. */
int tri_shm_segment_open(const struct tri_host *host);
void tri_shm_segment_close(void);
/* Maps the ring of the lane from one local rank to another, allocating its memory if allocate. NULL when there is none
 * left. */
struct shm_ring *tri_shm_segment_ring(unsigned lane, int from, int to, bool allocate);
void *tri_shm_share(int peer, uint64_t offset, size_t len);
void tri_shm_unshare(void *memory, size_t len);

/* endpoint.c */
struct tri_endpoint *tri_shm_connect(unsigned lane, int peer);
bool tri_shm_make_ring(struct shm_endpoint *ep); /* false: no memory, and host->fail was told */
unsigned tri_shm_lanes(int peer);
int tri_shm_local_index(int peer); /* -1: not on this node */

/* send.c */
int tri_shm_send_short(struct tri_endpoint *ep, const struct tri_envelope *envelope, const void *payload, size_t len);
int tri_shm_send_bcopy(struct tri_endpoint *ep, const struct tri_envelope *envelope, tri_pack_fn *pack, void *arg,
                       size_t len);
/* Whether the ring has room again for whatever was refused. */
bool tri_shm_has_room(struct shm_endpoint *ep);
uint64_t tri_shm_bcopy_max(void);

/* receive.c */
int tri_shm_progress(unsigned lane);
/* Whether any ring holds a packet; reads the rings themselves. */
bool tri_shm_pending(void);

/* doorbell.c */
void tri_shm_doorbell_open(struct shm_area *own);
void tri_shm_doorbell_close(void);
void tri_shm_doorbell_ring(int index);
void tri_shm_wake(int peer);
int tri_shm_arm(bool as_fd, struct tri_wakeup *wakeup);
void tri_shm_disarm(void);

/* attach.c: cross-memory attach */
void tri_shm_probe(struct shm_endpoint *ep);
int tri_shm_get(struct tri_endpoint *ep, void *local, uint64_t remote, const struct tri_remote_key *key, size_t len,
                struct tri_completion *completion);
int tri_shm_put(struct tri_endpoint *ep, const void *local, uint64_t remote, const struct tri_remote_key *key,
                size_t len, struct tri_completion *completion);

#endif

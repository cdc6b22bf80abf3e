/* Two ends of the shm transport in one process, over memory that both see at the same addresses. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TRI_SHM_PAIR_H
#define TRI_SHM_PAIR_H

#include "unit.h"

#include "../../transports/shm/shm.h"

/* The transport is linked twice (shm_second.h), each copy with its own state as in a process of its own; only segment.c
 * is replaced, by memory of this process. So a thread sanitizer sees both sides of every ring, and pages without access
 * lie around each. */
enum { PAIR_RANKS_MAX = 16 };

struct pair_options {
    uint32_t cells;
    uint64_t data;
    int ranks;   /* of the node; only the first two are alive */
    bool fences; /* as where membarrier is not permitted */
    bool no_memory; /* for rings */
};

typedef void pair_deliver(unsigned lane, int peer, const struct tri_envelope *envelope, const void *payload,
                          size_t len);

/* Rank 0 or 1. Each is to be used by one thread at a time. */
struct pair_end {
    const struct tri_transport *ops;
    struct shm_state *state;
    bool (*pending)(void);
    bool (*has_room)(struct shm_endpoint *ep);
    struct tri_host host;
    struct tri_endpoint *to_peer;
    struct shm_endpoint *ep; /* the same */
    struct dice dice;
};
extern struct pair_end pair_ends[2];
extern struct tri_limits pair_limits; /* as open() gave them */

/* How often host->fail was called, and with what last. */
extern _Atomic int pair_failures;
extern char pair_failure[300];

void pair_open(const struct pair_options *options, pair_deliver *deliver_0, pair_deliver *deliver_1);
void pair_close(void);

/* Bytes that the ring of the pair has, from its header to the end of its data. */
size_t pair_ring_bytes(void);

/* Lets both rings between the two start at this position of cells and of data. Before anything was sent. */
void pair_start_at(uint64_t cells, uint64_t data);

/* For the stand-in of segment.c. */
struct shm_area *pair_areas(void);
struct shm_ring *pair_ring(int from, int to);
extern struct pair_options pair_options;

/* Packet `number` of a stream: a length and bytes that follow from the number and the stream's seed. */
size_t packet_len(uint64_t seed, uint64_t number);
void packet_fill(uint64_t seed, uint64_t number, void *payload, size_t len);
bool packet_is(uint64_t seed, uint64_t number, const void *payload, size_t len);
/* Sends it by send_short or send_bcopy, whichever fits. */
int packet_send(struct pair_end *end, uint64_t seed, uint64_t number);

#endif

/* A small job for transport tests: forks ranks, gives each a host, and joins what they say. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TRI_TEST_HARNESS_H
#define TRI_TEST_HARNESS_H

#include "../../transports/transport.h"

enum { RANKS_MAX = 4, SHARED_SLOTS = 64 };

/* A test of one rank. It returns when it succeeded and calls a REQUIRE that fails otherwise. */
typedef void rank_fn(void);

/* What a rank sees of its world; the same in all functions of the process. */
struct self {
    int rank;
    int size;
    const struct tri_transport *transport;
    struct tri_host host;
    struct tri_limits limits;
    struct tri_endpoint *endpoints[RANKS_MAX]; /* filled by open_transport */
    /* Called for each packet; set by the test before packets can come. */
    void (*on_packet)(int peer, const struct tri_envelope *envelope, const void *payload, size_t len);
};

extern struct self self;
extern _Thread_local unsigned packet_lane; /* of the packet that on_packet is called for */

/* Runs fn in `ranks` processes that share a new job, and returns 0 when all succeeded in time (seconds). The reason of
 * a failure is on stderr. */
int run_ranks(const struct tri_transport *transport, int ranks, rank_fn *fn, unsigned seconds);

/* Opens the transport in this rank and connects to all peers; close_transport waits for all ranks first. */
void open_transport(void);
void close_transport(void);

/* Progresses once; when nothing happens, others may have the core. */
void progress(void);

/* All ranks meet. With progress: the transport is progressed meanwhile, so that the others can go on. */
void meet(void);
void meet_progressing(void);

/* Memory that all ranks of the run see: SHARED_SLOTS numbers, zero at the start. */
_Atomic uint64_t *shared_slot(int index);

/* Sends and insists: progresses while there is no resource. */
void send_short(int peer, const struct tri_envelope *envelope, const void *payload, size_t len);
void send_bcopy(int peer, const struct tri_envelope *envelope, const void *payload, size_t len);

/* The pattern that message number `seed` carries, and its check. */
void fill_pattern(void *memory, size_t len, uint32_t seed);
bool has_pattern(const void *memory, size_t len, uint32_t seed);

/* Bytes around memory that nobody may write. */
enum { GUARD = 64, GUARD_BYTE = 0xa5 };
bool is_guard(const uint8_t *bytes);

/* Memory that a transport sends from; it is scribbled over as soon as that says it may change. */
struct lent {
    struct tri_completion completion; /* for the call that is given the memory */
    bool busy;
    size_t room;
    uint8_t *memory;
};

void make_lent(struct lent *lent, size_t room);
/* Takes note of what that call has answered, and checks it. Whether it was taken. */
bool was_lent(struct lent *lent, int result);
bool is_any_busy(const struct lent *list, int count);

/* The next peer in the ring of ranks; itself in a world of one. */
int next_rank(void);

_Noreturn void give_up(const char *file, int line, const char *format, ...) __attribute__((format(printf, 3, 4)));

#define REQUIRE(condition)                                            \
    do {                                                              \
        if (!(condition)) {                                           \
            give_up(__FILE__, __LINE__, "not true: %s", #condition);  \
        }                                                             \
    } while (0)

#endif

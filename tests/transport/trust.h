/* What the tests of the transports' distrust share. All of it is for one rank of a small job, see harness.h. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TRI_TEST_TRUST_H
#define TRI_TEST_TRUST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "harness.h"

/* The transport that the program is linked with. */
const struct tri_transport *tri_transport_module(void);

enum { PACKETS = 5 };

/* How a peer finds the other's card, honest or not. */
typedef int lookup_fn(int peer, const char *key, void *value, size_t capacity);

extern lookup_fn *true_lookup;        /* the harness's, while a test's own is in its place */
extern unsigned delivered[RANKS_MAX]; /* packets that count_packet has seen, by peer */
extern char said[1024];               /* the last line that went to record_fail */

/* For self.on_packet and self.host.fail. */
void count_packet(int peer, const struct tri_envelope *envelope, const void *payload, size_t len);
void record_fail(int peer, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Sends so many packets to a peer. */
void send_packets(int peer);

/* Three ranks: rank 1 is a stranger, made so by its lookup; rank 2 is a friend. Rank 0 must hear the friend alone, and
 * say so once. */
void meet_stranger(lookup_fn *lookup);

/* A peer's card as lookup gives it is refused with these words, and is good after all when the true one is read. */
void refuse_card(lookup_fn *lookup, const char *words);

/* Two ranks: a packet has a number that was there already, made so by step_back. The connection did not keep what the
 * contract promises, and the receiver says so. */
void repeat_packet(void (*step_back)(struct tri_endpoint *endpoint));

/* A get or put of rank 0's memory fails, and these words are said of it. */
void refuse_transfer(bool put, char *local, uint64_t remote, const struct tri_remote_key *key, size_t len,
                     const char *words);

/* Checks that are the same for all; each card begins with a version of 32 bits. */
void stranger_with_wrong_rank(void);
void card_of_other_version(void);
void card_cut_short(void);

/* One row of a cmocka table: a function that so many ranks run. */
struct trust_check {
    rank_fn *fn;
    int ranks;
};

void run_check(void **state);

#define CHECK(fn, ranks) ((struct CMUnitTest){#fn, run_check, NULL, NULL, &(struct trust_check){fn, ranks}})

#endif

/* The ofi transport believes nothing that it has not checked: strangers, other versions, wrong wishes, lost packets. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "../../transports/ofi/ofi.h"
#include "harness.h"

const struct tri_transport *tri_transport_module(void);

enum { PACKETS = 5 };

static unsigned delivered[RANKS_MAX];
static char said[1024]; /* the last line that went to host->fail or host->note */
static unsigned refusals;
static int (*true_lookup)(int peer, const char *key, void *value, size_t capacity);

static void count_packet(int peer, const struct tri_envelope *envelope, const void *payload, size_t len)
{
    (void)envelope;
    (void)payload;
    (void)len;
    delivered[peer]++;
}

static void record_fail(int peer, const char *format, ...)
{
    va_list args;
    (void)peer;
    va_start(args, format);
    vsnprintf(said, sizeof(said), format, args);
    va_end(args);
}

static void count_refusals(const char *format, ...)
{
    refusals += strstr(format, "refused") != NULL;
}

static void progress_while(bool (*wanted)(void))
{
    while (wanted()) {
        if (self.transport->progress() == 0) {
            sched_yield();
        }
    }
}

static void send_packets(int peer)
{
    struct tri_envelope envelope = {.kind = 1};
    for (int i = 0; i < PACKETS; i++) {
        send_short(peer, &envelope, "12345678", 8);
    }
}

static bool friend_is_missing(void)
{
    return delivered[2] < PACKETS || refusals == 0;
}

/* Rank 1 is the stranger, made so by spoil(); rank 2 is a friend. Rank 0 must hear the friend alone, and say so once.
 */
static void meet_stranger(void (*spoil)(void))
{
    self.on_packet = count_packet;
    self.host.note = count_refusals;
    if (self.rank == 1) {
        spoil();
    }
    open_transport();
    if (self.rank > 0) {
        send_packets(0);
    } else {
        progress_while(friend_is_missing);
    }
    meet_progressing();
    REQUIRE(delivered[1] == 0);
    REQUIRE(self.rank != 0 || (delivered[2] == PACKETS && refusals == 1));
    close_transport();
}

static int lookup_wrong_token(int peer, const char *key, void *value, size_t capacity)
{
    int len = true_lookup(peer, key, value, capacity);
    ((struct tri_ofi_card *)value)->token[TRI_OFI_TOKEN_LENGTH - 1] ^= 1;
    return len;
}

static void forget_token(void)
{
    true_lookup = self.host.lookup;
    self.host.lookup = lookup_wrong_token;
}

static void stranger_without_token(void)
{
    meet_stranger(forget_token);
}

static int lookup_then_lie(int peer, const char *key, void *value, size_t capacity)
{
    int len = true_lookup(peer, key, value, capacity);
    self.host.rank = 1000;
    return len;
}

static void claim_other_rank(void)
{
    true_lookup = self.host.lookup;
    self.host.lookup = lookup_then_lie;
}

static void stranger_with_wrong_rank(void)
{
    meet_stranger(claim_other_rank);
}

static int lookup_other_version(int peer, const char *key, void *value, size_t capacity)
{
    int len = true_lookup(peer, key, value, capacity);
    ((struct tri_ofi_card *)value)->version++;
    return len;
}

static int lookup_cut(int peer, const char *key, void *value, size_t capacity)
{
    return true_lookup(peer, key, value, capacity) - 1;
}

static int lookup_other_provider(int peer, const char *key, void *value, size_t capacity)
{
    int len = true_lookup(peer, key, value, capacity);
    strcpy(((struct tri_ofi_card *)value)->protocol, "psm9");
    return len;
}

static void refuse_card(int (*lookup)(int, const char *, void *, size_t), const char *words)
{
    true_lookup = self.host.lookup;
    self.host.lookup = lookup;
    self.host.fail = record_fail;
    REQUIRE(self.transport->open(&self.host, &self.limits) == TRI_OK);
    REQUIRE(self.transport->connect(1 - self.rank) == NULL);
    REQUIRE(strstr(said, words) != NULL);
    self.host.lookup = true_lookup;
    REQUIRE(self.transport->connect(1 - self.rank) != NULL);
    close_transport();
}

static void card_of_other_version(void)
{
    refuse_card(lookup_other_version, "another version");
}

static void card_cut_short(void)
{
    refuse_card(lookup_cut, "another version");
}

static void card_of_other_provider(void)
{
    refuse_card(lookup_other_provider, "psm9");
}

static const char *wish_nonsense(const char *name)
{
    return strcmp(name, "OFI_PROVIDER") == 0 ? "nonsense" : "";
}

static const char *wish_no_interface(const char *name)
{
    return strcmp(name, "OFI_INTERFACE") == 0 ? "10.99.98.97" : "";
}

static void refuse_wish(const char *(*text)(const char *), const char *words)
{
    self.host.text = text;
    self.host.fail = record_fail;
    REQUIRE(self.transport->open(&self.host, &self.limits) == TRI_UNSUPPORTED);
    REQUIRE(strstr(said, words) != NULL);
    REQUIRE(strstr(said, "TRIREME_OFI_PROVIDER") != NULL);
}

static void unknown_provider(void)
{
    refuse_wish(wish_nonsense, "nonsense");
}

static void unknown_interface(void)
{
    refuse_wish(wish_no_interface, "10.99.98.97");
}

static bool nothing_said(void)
{
    return !*said;
}

/* A packet with a number that was there already: the connection did not keep what the contract promises. */
static void repeated_packet(void)
{
    self.on_packet = count_packet;
    self.host.fail = record_fail;
    open_transport();
    if (self.rank == 1) {
        send_packets(0);
        ((struct tri_ofi_endpoint *)self.endpoints[0])->sequence--;
        send_packets(0);
    } else {
        progress_while(nothing_said);
        REQUIRE(strstr(said, "broke") != NULL && delivered[1] >= PACKETS);
    }
    close_transport();
}

struct check {
    rank_fn *fn;
    int ranks;
};

static void run_check(void **state)
{
    const struct check *check = *state;
    assert_int_equal(run_ranks(tri_transport_module(), check->ranks, check->fn, 60), 0);
}

#define CHECK(fn, ranks)                                                                                               \
    {                                                                                                                  \
        #fn, run_check, NULL, NULL, &(struct check)                                                                    \
        {                                                                                                              \
            fn, ranks                                                                                                  \
        }                                                                                                              \
    }

int main(void)
{
    const struct CMUnitTest tests[] = {
        CHECK(stranger_without_token, 3), CHECK(stranger_with_wrong_rank, 3), CHECK(card_of_other_version, 2),
        CHECK(card_cut_short, 2),         CHECK(card_of_other_provider, 2),   CHECK(unknown_provider, 2),
        CHECK(unknown_interface, 2),      CHECK(repeated_packet, 2),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

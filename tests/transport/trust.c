/* What the tests of the transports' distrust share: strangers, wrong cards and repeated packets. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "trust.h"

#include <stdio.h>
#include <string.h>

lookup_fn *true_lookup;
unsigned delivered[RANKS_MAX];
char said[1024];
static unsigned refusals;

void count_packet(int peer, const struct tri_envelope *envelope, const void *payload, size_t len)
{
    (void)envelope;
    (void)payload;
    (void)len;
    delivered[peer]++;
}

void record_fail(int peer, const char *format, ...)
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

void send_packets(int peer)
{
    struct tri_envelope envelope = {.kind = 1};
    for (int i = 0; i < PACKETS; i++) {
        send_short(peer, &envelope, "12345678", 8);
    }
}

void meet_stranger(lookup_fn *lookup)
{
    self.on_packet = count_packet;
    self.host.note = count_refusals;
    true_lookup = self.host.lookup;
    if (self.rank == 1) {
        self.host.lookup = lookup;
    }
    open_transport();
    if (self.rank > 0) {
        send_packets(0);
    }
    while (self.rank == 0 && (delivered[2] < PACKETS || refusals == 0)) {
        progress();
    }
    meet_progressing();
    REQUIRE(delivered[1] == 0);
    REQUIRE(self.rank != 0 || (delivered[2] == PACKETS && refusals == 1));
    close_transport();
}

static int lookup_then_lie(int peer, const char *key, void *value, size_t capacity)
{
    int len = true_lookup(peer, key, value, capacity);
    self.host.rank = 1000;
    return len;
}

void stranger_with_wrong_rank(void)
{
    meet_stranger(lookup_then_lie);
}

void refuse_card(lookup_fn *lookup, const char *words)
{
    true_lookup = self.host.lookup;
    self.host.lookup = lookup;
    self.host.fail = record_fail;
    REQUIRE(self.transport->open(&self.host, &self.limits) == TRI_OK);
    REQUIRE(self.transport->connect(0, 1 - self.rank) == NULL);
    REQUIRE(strstr(said, words) != NULL);
    self.host.lookup = true_lookup;
    REQUIRE(self.transport->connect(0, 1 - self.rank) != NULL);
    close_transport();
}

static int lookup_other_version(int peer, const char *key, void *value, size_t capacity)
{
    int len = true_lookup(peer, key, value, capacity);
    ++*(uint32_t *)value;
    return len;
}

void card_of_other_version(void)
{
    refuse_card(lookup_other_version, "another version");
}

static int lookup_cut(int peer, const char *key, void *value, size_t capacity)
{
    return true_lookup(peer, key, value, capacity) - 1;
}

void card_cut_short(void)
{
    refuse_card(lookup_cut, "another version");
}

void repeat_packet(void (*step_back)(struct tri_endpoint *endpoint))
{
    self.on_packet = count_packet;
    self.host.fail = record_fail;
    open_transport();
    if (self.rank == 1) {
        send_packets(0);
        step_back(self.endpoints[0]);
        send_packets(0);
    }
    while (self.rank == 0 && !*said) {
        progress();
    }
    REQUIRE(self.rank == 1 || (strstr(said, "broke") != NULL && delivered[1] >= PACKETS));
    close_transport();
}

/* The completion of one get or put. */
struct ending {
    struct tri_completion base;
    bool ended;
    int status;
};

static void end(struct tri_completion *completion, int status)
{
    struct ending *ending = (struct ending *)completion;
    ending->ended = true;
    ending->status = status;
}

void refuse_transfer(bool put, char *local, uint64_t remote, const struct tri_remote_key *key, size_t len,
                     const char *words)
{
    struct ending ending = {{end}, false, TRI_OK};
    struct tri_endpoint *owner = self.endpoints[0];
    int result;
    said[0] = '\0';
    do {
        progress();
        result = put ? self.transport->put(owner, local, remote, key, len, &ending.base)
                     : self.transport->get(owner, local, remote, key, len, &ending.base);
    } while (result == TRI_NO_RESOURCE);
    REQUIRE(result == TRI_IN_PROGRESS);
    while (!ending.ended) {
        progress();
    }
    REQUIRE(ending.status == TRI_FAILED && strstr(said, words) != NULL);
}

void run_check(void **state)
{
    const struct trust_check *check = *state;
    assert_int_equal(run_ranks(tri_transport_module(), check->ranks, check->fn, 60), 0);
}

/* The ucx transport believes nothing that it has not checked, and tells a peer that has left from one that is lost. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <dlfcn.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "../../transports/ucx/ucx.h"
#include "harness.h"

const struct tri_transport *tri_transport_module(void);

enum { PACKETS = 5 };

static unsigned delivered[RANKS_MAX];
static char said[1024]; /* the last line that went to host->fail */
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

static void send_packets(int peer)
{
    struct tri_envelope envelope = {.kind = 1};
    for (int i = 0; i < PACKETS; i++) {
        send_short(peer, &envelope, "12345678", 8);
    }
}

static void progress(void)
{
    if (self.transport->progress() == 0) {
        sched_yield();
    }
}

static int lookup_wrong_token(int peer, const char *key, void *value, size_t capacity)
{
    int len = true_lookup(peer, key, value, capacity);
    ((struct tri_ucx_card *)value)->token[TRI_UCX_TOKEN_LENGTH - 1] ^= 1;
    return len;
}

static int lookup_then_lie(int peer, const char *key, void *value, size_t capacity)
{
    int len = true_lookup(peer, key, value, capacity);
    self.host.rank = 1000;
    return len;
}

/* Rank 1 is a stranger, rank 2 a friend. Rank 0 must hear the friend alone, and say so once. */
static void meet_stranger(int (*lookup)(int, const char *, void *, size_t))
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

static void stranger_without_token(void)
{
    meet_stranger(lookup_wrong_token);
}

static void stranger_with_wrong_rank(void)
{
    meet_stranger(lookup_then_lie);
}

static int lookup_other_version(int peer, const char *key, void *value, size_t capacity)
{
    int len = true_lookup(peer, key, value, capacity);
    ((struct tri_ucx_card *)value)->version++;
    return len;
}

static int lookup_cut(int peer, const char *key, void *value, size_t capacity)
{
    return true_lookup(peer, key, value, capacity) - 1;
}

static void refuse_card(int (*lookup)(int, const char *, void *, size_t))
{
    true_lookup = self.host.lookup;
    self.host.lookup = lookup;
    self.host.fail = record_fail;
    REQUIRE(self.transport->open(&self.host, &self.limits) == TRI_OK);
    REQUIRE(self.transport->connect(1 - self.rank) == NULL);
    REQUIRE(strstr(said, "another version") != NULL);
    self.host.lookup = true_lookup;
    REQUIRE(self.transport->connect(1 - self.rank) != NULL);
    close_transport();
}

static void card_of_other_version(void)
{
    refuse_card(lookup_other_version);
}

static void card_cut_short(void)
{
    refuse_card(lookup_cut);
}

static int ended; /* completions of transfers that failed */

static void count_ended(struct tri_completion *completion, int status)
{
    (void)completion;
    ended += status == TRI_FAILED;
}

/* Gets and puts of memory that is not, not any more, or not all registered: each fails, and nothing is touched. */
static void wrong_memory(void)
{
    static char memory[4096];
    struct tri_completion completion = {count_ended};
    struct tri_remote_key key = {0};
    void *handle;
    REQUIRE(sizeof(key.word) == sizeof(uint64_t));
    self.host.fail = record_fail;
    open_transport();
    REQUIRE(self.transport->register_memory(memory, 1024, &key, &handle) == TRI_OK);
    if (self.rank == 1) {
        /* Both processes are forks of one: their addresses and first keys are the same. */
        const struct {
            uint64_t offset, word;
            size_t len;
        } wrong[] = {{0, key.word + 1, 1024}, {0, key.word + (1 << 20), 8}, {0, 0, 8},
                     {0, key.word, 1025},     {1020, key.word, 5},          {UINT64_MAX, key.word, 4}};
        for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
            const struct tri_remote_key bad = {wrong[i].word};
            uint64_t address = (uintptr_t)memory + wrong[i].offset;
            char *local = memory + 2048;
            REQUIRE(self.transport->get(self.endpoints[0], local, address, &bad, wrong[i].len, &completion) ==
                    TRI_IN_PROGRESS);
            REQUIRE(self.transport->put(self.endpoints[0], local, address, &bad, wrong[i].len, &completion) ==
                    TRI_IN_PROGRESS);
            while (ended < 2 * (int)(i + 1)) {
                progress();
            }
            REQUIRE(strstr(said, "no such memory") != NULL);
        }
    }
    close_transport();
}

/* A packet with a number that was there already: the connection did not keep what the contract promises. */
static void repeated_packet(void)
{
    self.on_packet = count_packet;
    self.host.fail = record_fail;
    open_transport();
    if (self.rank == 1) {
        send_packets(0);
        ((struct tri_ucx_endpoint *)self.endpoints[0])->sequence--;
        send_packets(0);
    }
    while (self.rank == 0 && !*said) {
        progress();
    }
    REQUIRE(self.rank == 1 || (strstr(said, "broke") != NULL && delivered[1] >= PACKETS));
    close_transport();
}

/* Rank 1 ends, in order or not, while rank 0 sends it nothing. */
static void part_from_peer(bool orderly)
{
    self.on_packet = count_packet;
    self.host.fail = record_fail;
    open_transport();
    send_packets(1 - self.rank);
    while (delivered[1 - self.rank] < PACKETS) {
        progress();
    }
    meet_progressing();
    if (self.rank == 1) {
        if (orderly) {
            self.transport->close();
        }
        _exit(0);
    }
    for (int i = 0; i < (orderly ? 2500 : 20000) && !*said; i++) {
        self.transport->progress();
        usleep(1000);
    }
    REQUIRE(orderly ? !*said : strstr(said, "lost the connection to rank 1") != NULL);
    self.transport->close();
}

static void peer_leaves(void)
{
    part_from_peer(true);
}

static void peer_is_lost(void)
{
    part_from_peer(false);
}

static void on_signal(int number)
{
    (void)number;
}

/* UCX takes signals when it is loaded; after open() the program has its own handlers again. */
static void signals_are_the_programs(void)
{
    static const int signals[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGHUP};
    struct sigaction action;
    open_transport();
    for (size_t i = 0; i < sizeof(signals) / sizeof(*signals); i++) {
        Dl_info where;
        REQUIRE(sigaction(signals[i], NULL, &action) == 0);
        REQUIRE(!dladdr((void *)(uintptr_t)action.sa_handler, &where) || !strstr(where.dli_fname, "libucs"));
        REQUIRE(signal(signals[i], on_signal) != SIG_ERR);
        REQUIRE(sigaction(signals[i], NULL, &action) == 0 && action.sa_handler == on_signal);
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
        CHECK(stranger_without_token, 3),
        CHECK(stranger_with_wrong_rank, 3),
        CHECK(card_of_other_version, 2),
        CHECK(card_cut_short, 2),
        CHECK(wrong_memory, 2),
        CHECK(repeated_packet, 2),
        CHECK(peer_leaves, 2),
        CHECK(peer_is_lost, 2),
        CHECK(signals_are_the_programs, 2),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

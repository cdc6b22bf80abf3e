/* The ucx transport believes nothing that it has not checked, and tells a peer that has left from one that is lost. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <dlfcn.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "../../transports/ucx/ucx.h"
#include "trust.h"

static int lookup_wrong_token(int peer, const char *key, void *value, size_t capacity)
{
    int len = true_lookup(peer, key, value, capacity);
    ((struct tri_ucx_card *)value)->token[TRI_UCX_TOKEN_LENGTH - 1] ^= 1;
    return len;
}

static void stranger_without_token(void)
{
    meet_stranger(lookup_wrong_token);
}

/* Gets and puts of memory that is not, not any more, or not all registered: each fails, and nothing is touched. */
static void wrong_memory(void)
{
    static char memory[4096];
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
            refuse_transfer(false, local, address, &bad, wrong[i].len, "no such memory");
            refuse_transfer(true, local, address, &bad, wrong[i].len, "no such memory");
        }
    }
    close_transport();
}

static void step_back(struct tri_endpoint *endpoint)
{
    ((struct tri_ucx_endpoint *)endpoint)->sequence--;
}

static void repeated_packet(void)
{
    repeat_packet(step_back);
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
        self.transport->progress(0);
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

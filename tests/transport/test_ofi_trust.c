/* The ofi transport believes nothing that it has not checked: strangers, other versions, wrong wishes, lost packets. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <string.h>

#include "../../transports/ofi/ofi.h"
#include "trust.h"

static int lookup_wrong_token(int peer, const char *key, void *value, size_t capacity)
{
    int len = true_lookup(peer, key, value, capacity);
    ((struct tri_ofi_card *)value)->token[TRI_OFI_TOKEN_LENGTH - 1] ^= 1;
    return len;
}

static void stranger_without_token(void)
{
    meet_stranger(lookup_wrong_token);
}

static int lookup_other_provider(int peer, const char *key, void *value, size_t capacity)
{
    int len = true_lookup(peer, key, value, capacity);
    strcpy(((struct tri_ofi_card *)value)->protocol, "psm9");
    return len;
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

static void step_back(struct tri_endpoint *endpoint)
{
    ((struct tri_ofi_endpoint *)endpoint)->sequence--;
}

static void repeated_packet(void)
{
    repeat_packet(step_back);
}

/* Gets and puts of memory that is not: each fails, in several parts or in one. The peer breaks the connection. */
static void wrong_memory(void)
{
    static char memory[1 << 20], local[1 << 20];
    struct tri_remote_key key = {0};
    void *handle;
    self.host.fail = record_fail;
    open_transport();
    REQUIRE(self.transport->register_memory(memory, sizeof(memory), &key, &handle) == TRI_OK);
    for (size_t len = 1024; self.rank == 1 && len <= sizeof(local); len *= 1024) {
        const struct tri_remote_key wrong = {key.word ^ 1};
        refuse_transfer(false, local, (uintptr_t)memory, &wrong, len, "memory of rank 0 failed");
        refuse_transfer(true, local, (uintptr_t)memory, &wrong, len, "memory of rank 0 failed");
    }
    close_transport();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        CHECK(stranger_without_token, 3), CHECK(stranger_with_wrong_rank, 3), CHECK(card_of_other_version, 2),
        CHECK(card_cut_short, 2),         CHECK(card_of_other_provider, 2),   CHECK(unknown_provider, 2),
        CHECK(unknown_interface, 2),      CHECK(repeated_packet, 2),          CHECK(wrong_memory, 2),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Conformance: get, put and claim. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "conformance.h"
#include "harness.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LARGEST = 4 << 20, OWNER = 0 };

/* What the owner of the memory tells the others. */
struct offer {
    uint64_t address;
    uint64_t len;
    struct tri_remote_key key;
};

/* The completion of one get or put. */
struct ending {
    struct tri_completion base;
    int count;
    int status;
};

static struct offer offer;
static unsigned offers, answers;

static void take_offer(int peer, const struct tri_envelope *envelope, const void *payload, size_t len)
{
    (void)peer;
    (void)envelope;
    if (len == sizeof(offer)) {
        memcpy(&offer, payload, sizeof(offer));
        offers++;
    } else {
        answers++;
    }
}

static void end(struct tri_completion *completion, int status)
{
    struct ending *ending = (struct ending *)completion;
    ending->count++;
    ending->status = status;
}

static void progress_until(const unsigned *counter, unsigned value)
{
    while (*counter < value) {
        progress();
    }
}

/* Runs one get or put to its end. False when the transport can not do it. */
static bool transfer(bool put, uint8_t *local, uint64_t remote, size_t len)
{
    struct ending ending = {{end}, 0, TRI_OK};
    struct tri_endpoint *endpoint = self.endpoints[OWNER];
    int result;
    do {
        result = put ? self.transport->put(endpoint, local, remote, &offer.key, len, &ending.base)
                     : self.transport->get(endpoint, local, remote, &offer.key, len, &ending.base);
        if (result == TRI_NO_RESOURCE) {
            self.transport->progress(0);
        }
    } while (result == TRI_NO_RESOURCE);
    if (result == TRI_UNSUPPORTED) {
        REQUIRE(!(endpoint->can & (put ? TRI_CAN_PUT : TRI_CAN_GET)));
        return false;
    }
    while (result == TRI_IN_PROGRESS && ending.count == 0) {
        progress();
    }
    REQUIRE(result == TRI_IN_PROGRESS || (result == TRI_OK && ending.count == 0));
    REQUIRE(ending.status == TRI_OK && ending.count <= 1);
    return true;
}

/* Lengths from one byte to the largest, odd ones too, at addresses without alignment on both sides. */
static void transfer_all(bool put)
{
    uint8_t *memory = malloc(LARGEST + 2 * GUARD + 8);
    REQUIRE(memory != NULL);
    for (size_t base = 1; base <= LARGEST; base *= 4) {
        for (size_t len = base; len <= base + 3 && len <= LARGEST; len += 3) {
            size_t shift = len % 7, offset = len < LARGEST / 2 ? len % 5 : 0;
            uint8_t *local = memory + GUARD + shift;
            memset(memory, GUARD_BYTE, LARGEST + 2 * GUARD + 8);
            if (put) {
                fill_pattern(local, len, (uint32_t)len);
                if (!transfer(true, local, offer.address + offset, len)) {
                    return free(memory);
                }
                memset(local, GUARD_BYTE, len);
            }
            if (!transfer(false, local, offer.address + offset, len)) {
                return free(memory);
            }
            REQUIRE(put ? has_pattern(local, len, (uint32_t)len) : local[0] == (uint8_t)(offset * 31 + 1));
            for (size_t i = 0; !put && i < len; i++) {
                REQUIRE(local[i] == (uint8_t)((i + offset) * 31 + 1));
            }
            REQUIRE(is_guard(local - GUARD) && is_guard(local + len));
        }
    }
    free(memory);
}

/* More gets at a time than a transport may take: the rest is refused and comes later, each ends once. */
static void get_many(void)
{
    enum { GETS = 100, PIECE = 300001 };
    struct ending *endings = calloc(GETS, sizeof(*endings));
    uint8_t *memory = malloc(PIECE);
    int ended = 0;
    REQUIRE(endings != NULL && memory != NULL);
    for (int i = 0; i < GETS && (self.endpoints[OWNER]->can & TRI_CAN_GET); i++) {
        int result;
        endings[i].base.done = end;
        while ((result = self.transport->get(self.endpoints[OWNER], memory, offer.address, &offer.key, PIECE,
                                             &endings[i].base)) == TRI_NO_RESOURCE) {
            self.transport->progress(0);
        }
        REQUIRE(result == TRI_OK || result == TRI_IN_PROGRESS);
        endings[i].count = result == TRI_OK ? 1 : endings[i].count;
    }
    while (ended < GETS && (self.endpoints[OWNER]->can & TRI_CAN_GET)) {
        ended = 0;
        self.transport->progress(0);
        for (int i = 0; i < GETS; i++) {
            REQUIRE(endings[i].count <= 1 && endings[i].status == TRI_OK);
            ended += endings[i].count;
        }
    }
    for (size_t i = 0; ended && i < PIECE; i++) {
        REQUIRE(memory[i] == (uint8_t)(i * 31 + 1));
    }
    free(memory);
    free(endings);
}

static void own_memory(uint8_t *memory)
{
    void *handle;
    struct offer mine = {(uintptr_t)memory, LARGEST, {0}};
    struct tri_envelope envelope = {.kind = 1};
    if (self.transport->register_memory(memory, LARGEST, &mine.key, &handle) != TRI_OK) {
        puts("skipped: this transport registers no memory");
        *shared_slot(0) = 1;
        return;
    }
    *shared_slot(0) = 2;
    for (int peer = 0; peer < self.size; peer++) {
        if (peer != OWNER || self.size == 1) {
            send_short(peer, &envelope, &mine, sizeof(mine));
        }
    }
    if (self.size == 1) {
        progress_until(&offers, 1);
        transfer_all(false);
    } else {
        progress_until(&answers, (unsigned)self.size - 1);
    }
    self.transport->unregister_memory(handle);
}

static void check_transfers(bool put)
{
    uint8_t *memory = malloc(LARGEST + 1);
    REQUIRE(memory != NULL);
    for (size_t i = 0; i < LARGEST; i++) {
        memory[1 + i] = (uint8_t)(i * 31 + 1);
    }
    self.on_packet = take_offer;
    offers = answers = 0;
    open_transport();
    if (self.rank == OWNER) {
        own_memory(memory + 1);
    } else {
        while (*shared_slot(0) == 0) {
            self.transport->progress(0);
        }
        if (*shared_slot(0) == 2 && (!put || self.rank == 1)) {
            progress_until(&offers, 1);
            transfer_all(put);
            if (!put) {
                get_many();
            }
        }
        struct tri_envelope envelope = {.kind = 2};
        send_short(OWNER, &envelope, NULL, 0);
    }
    close_transport();
    free(memory);
}

void check_get(void)
{
    check_transfers(false);
}

void check_put(void)
{
    check_transfers(true);
}

/* Both sides of each counter take values at the same time: each value is given once, and none is left out. */
void check_claims(void)
{
    enum { VALUES = SHARED_SLOTS * 64, ROUNDS = 3 };
    self.on_packet = take_offer;
    open_transport();
    for (unsigned round = 0; self.limits.claims && round < ROUNDS; round++) {
        unsigned counter = round % self.limits.claims;
        if (self.rank == OWNER) {
            self.transport->claim_reset(counter);
            for (int i = 0; i < SHARED_SLOTS; i++) {
                *shared_slot(i) = 0;
            }
        }
        meet_progressing();
        for (uint32_t value; self.rank <= 1 && (value = self.transport->claim(OWNER, counter)) < VALUES;) {
            uint64_t bit = UINT64_C(1) << (value % 64);
            REQUIRE(!(atomic_fetch_or(shared_slot((int)value / 64), bit) & bit));
        }
        meet_progressing();
        for (int i = 0; i < SHARED_SLOTS; i++) {
            REQUIRE(*shared_slot(i) == UINT64_MAX);
        }
        meet_progressing();
    }
    close_transport();
}

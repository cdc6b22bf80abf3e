/* Conformance: packets of every length arrive once, whole and in order. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "conformance.h"
#include "harness.h"

#include <stdlib.h>
#include <string.h>

/* The tests number their packets in envelope.tag and put the payload's length in envelope.context. */
static unsigned received[RANKS_MAX];
static uint8_t *scratch;

static struct tri_envelope number_packet(unsigned number, size_t len)
{
    return (struct tri_envelope){
        .kind = 7, .version = 9, .context = (uint32_t)len, .source = self.rank, .tag = (int32_t)number};
}

static void expect_packet(int peer, const struct tri_envelope *envelope, const void *payload, size_t len)
{
    REQUIRE(envelope->kind == 7 && envelope->version == 9 && envelope->lane == 0);
    REQUIRE(envelope->source == peer);
    REQUIRE(envelope->tag == (int32_t)received[peer]);
    REQUIRE(envelope->context == len);
    REQUIRE(has_pattern(payload, len, (uint32_t)envelope->tag));
    received[peer]++;
}

static void start(void)
{
    memset(received, 0, sizeof(received));
    self.on_packet = expect_packet;
    open_transport();
    scratch = malloc(self.limits.bcopy_max);
    REQUIRE(scratch != NULL);
}

static void finish(void)
{
    close_transport();
    free(scratch);
}

static int previous_rank(void)
{
    return (self.rank + self.size - 1) % self.size;
}

static void receive_up_to(int peer, unsigned count)
{
    while (received[peer] < count) {
        progress();
    }
    REQUIRE(received[peer] == count);
}

static void send_numbered(int peer, unsigned number, size_t len, bool as_short)
{
    struct tri_envelope envelope = number_packet(number, len);
    fill_pattern(scratch, len, number);
    if (as_short) {
        send_short(peer, &envelope, scratch, len);
    } else {
        send_bcopy(peer, &envelope, scratch, len);
    }
}

void check_limits(void)
{
    start();
    REQUIRE(self.limits.short_max >= 40);
    REQUIRE(self.limits.bcopy_max >= 4096);
    for (int peer = 0; peer < self.size; peer++) {
        if (self.transport->reaches(peer)) {
            REQUIRE(self.endpoints[peer]->peer == peer);
            REQUIRE(self.endpoints[peer]->transport == self.transport);
            REQUIRE(self.transport->connect(0, peer) == self.endpoints[peer]);
        }
    }
    finish();
}

void check_short_lengths(void)
{
    start();
    unsigned count = 0;
    for (size_t len = 0; len <= self.limits.short_max; len++) {
        send_numbered(next_rank(), count++, len, true);
    }
    receive_up_to(previous_rank(), count);
    finish();
}

void check_bcopy_lengths(void)
{
    start();
    unsigned count = 0;
    for (size_t base = 1; base <= self.limits.bcopy_max * 2; base *= 2) {
        for (size_t len = base - 1; len <= base + 1; len++) {
            if (len <= self.limits.bcopy_max) {
                send_numbered(next_rank(), count++, len, false);
            }
        }
    }
    send_numbered(next_rank(), count++, self.limits.bcopy_max, false);
    receive_up_to(previous_rank(), count);
    finish();
}

/* A length that jumps about, the same in sender and receiver. */
static size_t odd_length(unsigned number, size_t most)
{
    return (number * 2654435761u >> 5) % (most + 1);
}

void check_mixed_order(void)
{
    enum { PACKETS = 3000 };
    start();
    for (unsigned i = 0; i < PACKETS; i++) {
        bool as_short = i % 3 != 0;
        send_numbered(next_rank(), i,
                      odd_length(i, as_short ? self.limits.short_max : self.limits.bcopy_max / (1 + i % 7)), as_short);
    }
    receive_up_to(previous_rank(), PACKETS);
    finish();
}

/* ---- out of the sender's memory, which is scribbled over when it is said to be free ---- */

enum { PLACES = 96, IN_VAIN = 500, ROUNDS = 5 };

static struct lent places[PLACES];

/* Whether it was taken. */
static bool send_in_place(unsigned number)
{
    size_t least = self.limits.zcopy_min, span = self.limits.bcopy_max - least;
    size_t len = number % 5 == 0 ? least : number % 5 == 1 ? least + span : least + odd_length(number, span);
    const struct tri_envelope envelope = number_packet(number, len);
    struct lent *place = &places[number % PLACES];
    if (place->busy) {
        return false;
    }
    fill_pattern(place->memory, len, number);
    return was_lent(place, self.transport->send_zcopy(self.endpoints[next_rank()], &envelope, place->memory, len,
                                                      &place->completion));
}

/* A short one between them, of which nothing is left behind. */
static bool send_between(unsigned number)
{
    const struct tri_envelope envelope = number_packet(number, 8);
    fill_pattern(scratch, 8, number);
    return self.transport->send_short(self.endpoints[next_rank()], &envelope, scratch, 8) == TRI_OK;
}

/* To a receiver that looks away, until nothing more goes. */
static unsigned fill_in_place(unsigned number)
{
    for (int vain = 0; vain < IN_VAIN;) {
        if (number % 4 == 0 ? send_between(number) : send_in_place(number)) {
            number++;
            vain = 0;
        } else {
            vain++;
            self.transport->progress(0);
        }
    }
    return number;
}

static void flood_in_place(void)
{
    unsigned sent = 0;
    for (int round = 0; round < ROUNDS; round++) {
        if (self.rank == 0) {
            sent = fill_in_place(sent);
            *shared_slot(0) = sent;
        }
        meet();
        if (self.rank == 1) {
            receive_up_to(0, (unsigned)*shared_slot(0));
        }
        while (is_any_busy(places, PLACES)) {
            progress();
        }
        meet_progressing();
    }
}

void check_zcopy(void)
{
    start();
    for (int i = 0; i < PLACES; i++) {
        make_lent(&places[i], self.limits.bcopy_max);
    }
    if (self.limits.zcopy_min > 0) {
        REQUIRE(self.limits.zcopy_min <= self.limits.bcopy_max);
        flood_in_place();
    }
    finish();
    REQUIRE(!is_any_busy(places, PLACES));
    for (int i = 0; i < PLACES; i++) {
        free(places[i].memory);
    }
}

/* ---- all at once, floods, echoes ---- */

/* All ranks send to all others at once from their very first packet on: connections are made from both sides. */
void check_all_directions(void)
{
    enum { PACKETS = 400 };
    start();
    for (unsigned i = 0; i < PACKETS; i++) {
        for (int peer = 0; peer < self.size; peer++) {
            if (self.endpoints[peer]) {
                send_numbered(peer, i, odd_length(i, i % 2 ? self.limits.short_max : 3000), i % 2);
            }
        }
    }
    for (int peer = 0; peer < self.size; peer++) {
        if (self.endpoints[peer]) {
            receive_up_to(peer, PACKETS);
        }
    }
    finish();
}

static unsigned packs;

static void counting_pack(void *arg, void *dest, size_t len)
{
    packs++;
    fill_pattern(dest, len, *(unsigned *)arg);
}

static int send_flood_packet(unsigned number, size_t len, bool as_short)
{
    struct tri_envelope envelope = number_packet(number, len);
    if (as_short) {
        fill_pattern(scratch, len, number);
        return self.transport->send_short(self.endpoints[next_rank()], &envelope, scratch, len);
    }
    packs = 0;
    int result = self.transport->send_bcopy(self.endpoints[next_rank()], &envelope, counting_pack, &number, len);
    REQUIRE(packs == (result == TRI_OK));
    return result;
}

/* Floods a receiver that looks away until nothing more is taken. That must happen before much memory is put away, the
 * pack function must not run for a refused packet, and all that was accepted comes later. */
static unsigned flood(size_t len, bool as_short, unsigned first)
{
    enum { REFUSALS = 2000 };
    const size_t most = (size_t)256 << 20;
    unsigned number = first;
    for (int refused = 0; refused < REFUSALS;) {
        int result = send_flood_packet(number, len, as_short);
        REQUIRE(result == TRI_OK || result == TRI_NO_RESOURCE);
        refused = result == TRI_OK ? 0 : refused + 1;
        number += result == TRI_OK;
        REQUIRE((number - first) * (len + 64) < most);
        if (refused && self.size > 1) {
            self.transport->progress(0);
        }
    }
    return number;
}

void check_flood(void)
{
    start();
    unsigned sent = 0;
    for (int round = 0; round < 6; round++) {
        if (self.rank == 0) {
            size_t len = round % 2 ? self.limits.bcopy_max : self.limits.short_max;
            send_numbered(next_rank(), sent, 8, true);
            sent = flood(round < 4 ? len : 1000, round % 2 == 0 && round < 4, sent + 1);
            *shared_slot(0) = sent;
        }
        meet();
        if (self.rank == 1 || self.size == 1) {
            receive_up_to(0, (unsigned)*shared_slot(0));
        }
        meet_progressing();
    }
    finish();
}

/* The callee of deliver may send: an echo from within. What has no resource there is kept and sent later. */
enum { ECHOES = 2000, ECHO_KEPT = 64 };
static unsigned kept, echoed;

static void echo_packet(int peer, const struct tri_envelope *envelope, const void *payload, size_t len)
{
    expect_packet(peer, envelope, payload, len);
    struct tri_envelope answer = number_packet(echoed + kept, len);
    if (kept || self.transport->send_short(self.endpoints[peer], &answer, payload, len) != TRI_OK) {
        kept++;
    } else {
        echoed++;
    }
}

static void echo_all(void)
{
    self.on_packet = echo_packet;
    while (echoed < ECHOES) {
        progress();
        while (kept) {
            struct tri_envelope answer = number_packet(echoed, 16);
            fill_pattern(scratch, 16, echoed);
            if (self.transport->send_short(self.endpoints[0], &answer, scratch, 16) != TRI_OK) {
                break;
            }
            kept--;
            echoed++;
        }
    }
}

void check_echo(void)
{
    start();
    kept = echoed = 0;
    if (self.rank == 0) {
        for (unsigned i = 0; i < ECHOES; i++) {
            send_numbered(1, i, 16, true);
        }
        receive_up_to(1, ECHOES);
    } else if (self.rank == 1) {
        echo_all();
    }
    finish();
}

/* Conformance: put_notify. Each rank writes into the next one's memory, which looks at all of it when it is told. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "conformance.h"
#include "harness.h"

#include <stdlib.h>
#include <string.h>

enum { PLACES = 5, WRITES = 400, LANES = 3 };

/* Memory that the rank before this one may write once it has been told where. */
struct offer {
    uint64_t place, address;
    struct tri_remote_key key;
};

static struct {
    uint8_t *memory; /* between two guards */
    void *handle;
    struct offer offer;
    bool to_offer; /* it is to be told (again) */
} places[PLACES];

static struct lent writes[PLACES];

static struct offer taken[PLACES]; /* of the next rank: where a write may go */
static unsigned offers, started, arrived;
static struct tri_endpoint *ends[LANES];

static unsigned lanes(void)
{
    return self.limits.lanes > 1 ? self.limits.lanes : 1;
}

static void take_offer(int peer, const struct tri_envelope *envelope, const void *payload, size_t len)
{
    (void)envelope;
    REQUIRE(peer == next_rank() && len == sizeof *taken && offers < PLACES);
    memcpy(&taken[offers++], payload, len);
}

static size_t length_of(unsigned number)
{
    size_t most = self.limits.notify_max;
    return number % 4 == 0 ? most : number % 4 == 1 ? 1 + number / 4 : (size_t)number * 7919 % most + 1;
}

/* All that the receiver is to know, and the highest bit that there may be. */
static uint64_t notice_of(unsigned number, uint64_t place)
{
    return UINT64_C(1) << 55 | place << 32 | number;
}

static void guard(uint8_t *memory)
{
    memset(memory - GUARD, GUARD_BYTE, self.limits.notify_max + 2 * GUARD);
}

/* The data are whole when the word comes, which comes once, in the lane that they were sent in. */
static void look(unsigned lane, uint64_t notice)
{
    static bool seen[WRITES];
    unsigned number = (uint32_t)notice, place = (unsigned)(notice >> 32 & 0xff);
    REQUIRE(number < WRITES && !seen[number] && place < PLACES && notice == notice_of(number, place));
    REQUIRE(lane == number % lanes());
    size_t len = length_of(number);
    uint8_t *memory = places[place].memory;
    REQUIRE(has_pattern(memory, len, number) && is_guard(memory - GUARD) && is_guard(memory + len));
    guard(memory);
    seen[number] = true;
    places[place].to_offer = true;
    arrived++;
}

static void start_write(struct lent *write)
{
    const struct offer *to = &taken[offers - 1];
    size_t len = length_of(started);
    fill_pattern(write->memory, len, started);
    if (was_lent(write, self.transport->put_notify(ends[started % lanes()], write->memory, to->address, &to->key, len,
                                                   notice_of(started, to->place), &write->completion))) {
        offers--;
        started++;
    }
}

static void tell(int previous)
{
    for (int i = 0; i < PLACES; i++) {
        if (places[i].to_offer) {
            const struct tri_envelope envelope = {.kind = 1};
            places[i].to_offer = false;
            send_short(previous, &envelope, &places[i].offer, sizeof places[i].offer);
        }
    }
}

static void make_places(void)
{
    size_t room = self.limits.notify_max;
    for (int i = 0; i < PLACES; i++) {
        uint8_t *memory = malloc(room + 2 * GUARD);
        REQUIRE(memory != NULL);
        make_lent(&writes[i], room);
        places[i].memory = memory + GUARD;
        guard(places[i].memory);
        places[i].offer = (struct offer){.place = (uint64_t)i, .address = (uint64_t)(uintptr_t)places[i].memory};
        places[i].to_offer = true;
        REQUIRE(self.transport->register_memory(places[i].memory, room, &places[i].offer.key, &places[i].handle) ==
                TRI_OK);
    }
}

static void free_places(void)
{
    for (int i = 0; i < PLACES; i++) {
        self.transport->unregister_memory(places[i].handle);
        free(places[i].memory - GUARD);
        free(writes[i].memory);
    }
}

static void write_all(void)
{
    int previous = (self.rank + self.size - 1) % self.size;
    make_places();
    while (arrived < WRITES || started < WRITES || is_any_busy(writes, PLACES)) {
        tell(previous);
        for (int i = 0; i < PLACES && offers > 0 && started < WRITES; i++) {
            if (!writes[i].busy) {
                start_write(&writes[i]);
            }
        }
        for (unsigned lane = 0; lane < lanes(); lane++) {
            self.transport->progress(lane);
        }
    }
    meet_progressing();
    free_places();
}

static void run(unsigned wanted)
{
    self.host.lanes = wanted;
    self.host.notified = look;
    self.on_packet = take_offer;
    open_transport();
    if (self.limits.notify_max > 0) {
        for (unsigned lane = 0; lane < lanes(); lane++) {
            ends[lane] = self.transport->connect(lane, next_rank());
        }
        write_all();
    }
    close_transport();
}

void check_notify(void)
{
    run(1);
}

void check_notify_in_lanes(void)
{
    run(LANES);
}

/* Conformance: lanes, which threads may use at the same time. What one sends comes out of the same lane alone. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "conformance.h"
#include "harness.h"

#include <pthread.h>
#include <sched.h>
#include <string.h>

enum { LANES = 3, PACKETS = 10, MANY = 3000 };

static struct tri_endpoint *ends[LANES]; /* to the next rank */
static unsigned received[LANES];

static void count_packet(int peer, const struct tri_envelope *envelope, const void *payload, size_t len)
{
    (void)peer;
    REQUIRE(envelope->context == packet_lane && envelope->tag == (int32_t)received[packet_lane]);
    REQUIRE(has_pattern(payload, len, packet_lane));
    received[packet_lane]++;
}

static void send_in(unsigned lane, unsigned number)
{
    unsigned char payload[40];
    struct tri_envelope envelope = {.kind = 1, .context = lane, .tag = (int32_t)number};
    fill_pattern(payload, sizeof payload, lane);
    int result;
    while ((result = self.transport->send_short(ends[lane], &envelope, payload, sizeof payload)) == TRI_NO_RESOURCE) {
        progress();
    }
    REQUIRE(result == TRI_OK);
}

static void receive_in(unsigned lane, unsigned count)
{
    while (received[lane] < count) {
        self.transport->progress(lane);
    }
    REQUIRE(received[lane] == count);
}

static int arm(void)
{
    struct tri_wakeup wakeup;
    int result = self.transport->arm(false, &wakeup);
    self.transport->disarm();
    return result;
}

static void check_apart(void)
{
    for (unsigned i = 0; i < PACKETS; i++) {
        for (unsigned lane = 0; lane < LANES; lane++) {
            send_in(lane, i);
        }
    }
    meet_progressing();
    receive_in(0, PACKETS);
    REQUIRE(received[1] == 0 && received[2] == 0);
    receive_in(1, PACKETS);
    REQUIRE(received[2] == 0);
}

/* Once what has been sent has left. Where there is something to receive in the lanes that count it never returns. */
static void fall_asleep(void)
{
    while (arm() != TRI_OK) {
        progress();
    }
}

/* A packet keeps its receiver awake, in the lanes that it looks at; one from another process not in others, where it
 * may lie for long: until the receiver has the communicator. */
static void check_awake(void)
{
    meet_progressing();
    if (self.size > 1) {
        fall_asleep();
    }
    meet();
    send_in(1, PACKETS);
    meet();
    REQUIRE(arm() == TRI_NO_RESOURCE);
    receive_in(1, PACKETS + 1);
    receive_in(2, PACKETS);
    fall_asleep();
    meet();
    send_in(1, PACKETS + 1);
    meet();
    /* Nor does it matter that somebody has looked at another lane since. */
    for (int i = 0; i < 100; i++) {
        self.transport->progress(2);
    }
    REQUIRE(arm() == TRI_NO_RESOURCE);
    receive_in(1, PACKETS + 2);
    fall_asleep();
}

static void open_lanes(void)
{
    self.host.lanes = LANES;
    self.on_packet = count_packet;
    memset(received, 0, sizeof received);
    open_transport();
    if (self.limits.lanes > 1) {
        REQUIRE(self.limits.lanes == LANES);
        for (unsigned lane = 0; lane < LANES; lane++) {
            ends[lane] = self.transport->connect(lane, next_rank());
            REQUIRE(ends[lane] && ends[lane]->peer == next_rank());
        }
    }
}

void check_lanes(void)
{
    open_lanes();
    if (self.limits.lanes > 1) {
        check_apart();
        REQUIRE(self.transport->lanes(next_rank()) == LANES);
        check_awake();
    }
    close_transport();
}

static void pack_pattern(void *arg, void *dest, size_t len)
{
    fill_pattern(dest, len, *(unsigned *)arg);
}

/* One packet of each lane goes out of memory; its end is told to who holds the lane. */
static struct place {
    struct tri_completion completion;
    unsigned lane;
    bool busy;
    unsigned char memory[1 << 16];
} places[LANES];
static _Thread_local unsigned held;

static void has_left(struct tri_completion *completion, int status)
{
    struct place *place = (struct place *)completion;
    REQUIRE(status == TRI_OK && place->busy && place->lane == held);
    place->busy = false;
}

static int send_in_place(struct place *place, const struct tri_envelope *envelope, size_t len)
{
    if (place->busy) {
        return TRI_NO_RESOURCE;
    }
    fill_pattern(place->memory, len, place->lane);
    place->completion.done = has_left;
    int result = self.transport->send_zcopy(ends[place->lane], envelope, place->memory, len, &place->completion);
    place->busy = result == TRI_IN_PROGRESS;
    return place->busy ? TRI_OK : result;
}

/* Short ones and long ones in turn, of any length. */
static int send_some(unsigned lane, unsigned number)
{
    const struct tri_envelope envelope = {.kind = 1, .context = lane, .tag = (int32_t)number};
    size_t len = number * 7919u % (number % 2 ? self.limits.bcopy_max : self.limits.short_max);
    unsigned char payload[4096];
    if (number % 4 == 3 && self.limits.zcopy_min > 0 && len >= self.limits.zcopy_min && len <= sizeof places->memory) {
        return send_in_place(&places[lane], &envelope, len);
    }
    if (number % 2) {
        return self.transport->send_bcopy(ends[lane], &envelope, pack_pattern, &lane, len);
    }
    REQUIRE(len <= sizeof payload);
    fill_pattern(payload, len, lane);
    return self.transport->send_short(ends[lane], &envelope, payload, len);
}

static void *use_lane(void *arg)
{
    unsigned lane = *(unsigned *)arg, sent = 0;
    held = lane;
    places[lane].lane = lane;
    while (sent < MANY || received[lane] < MANY || places[lane].busy) {
        if (sent < MANY && send_some(lane, sent) == TRI_OK) {
            sent++;
        } else if (self.transport->progress(lane) == 0) {
            sched_yield();
        }
    }
    return NULL;
}

void check_lanes_at_once(void)
{
    pthread_t threads[LANES];
    unsigned numbers[LANES];
    open_lanes();
    for (unsigned lane = 0; lane < LANES && self.limits.lanes > 1; lane++) {
        numbers[lane] = lane;
        REQUIRE(pthread_create(&threads[lane], NULL, use_lane, &numbers[lane]) == 0);
    }
    for (unsigned lane = 0; lane < LANES && self.limits.lanes > 1; lane++) {
        pthread_join(threads[lane], NULL);
        REQUIRE(received[lane] == MANY);
    }
    close_transport();
}

/* Conformance: lanes, which threads may use at the same time. What one sends comes out of the same lane alone. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "conformance.h"
#include "harness.h"

#include <string.h>

enum { LANES = 3, PACKETS = 10 };

static struct tri_endpoint *ends[LANES]; /* to the next rank */
static unsigned received[LANES];

static void count_packet(int peer, const struct tri_envelope *envelope, const void *payload, size_t len)
{
    (void)peer;
    REQUIRE(envelope->context == self.lane && envelope->tag == (int32_t)received[self.lane]);
    REQUIRE(has_pattern(payload, len, self.lane));
    received[self.lane]++;
}

static void send_in(unsigned lane, unsigned number)
{
    unsigned char payload[40];
    struct tri_envelope envelope = {.kind = 1, .context = lane, .tag = (int32_t)number};
    fill_pattern(payload, sizeof payload, lane);
    REQUIRE(self.transport->send_short(ends[lane], &envelope, payload, sizeof payload) == TRI_OK);
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

/* A packet keeps its receiver awake, in the lanes that it looks at; one from another process not in others, where it
 * may lie for long: until the receiver has the communicator. */
static void check_awake(void)
{
    meet_progressing();
    REQUIRE(self.size == 1 || arm() == TRI_OK);
    meet();
    send_in(1, PACKETS);
    meet();
    REQUIRE(arm() == TRI_NO_RESOURCE);
    receive_in(1, PACKETS + 1);
    receive_in(2, PACKETS);
    REQUIRE(arm() == TRI_OK);
}

void check_lanes(void)
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
        check_apart();
        REQUIRE(self.transport->lanes(next_rank()) == LANES);
        check_awake();
    }
    close_transport();
}

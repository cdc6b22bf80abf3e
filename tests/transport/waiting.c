/* Conformance: sleeping until a packet comes, without losing a wake-up and without waking for nothing. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "conformance.h"
#include "harness.h"

#include <limits.h>
#include <linux/futex.h>
#include <poll.h>
#include <stddef.h>
#include <sys/syscall.h>
#include <unistd.h>

static unsigned packets;
static bool as_fd;

static void count_packet(int peer, const struct tri_envelope *envelope, const void *payload, size_t len)
{
    (void)peer;
    (void)payload;
    (void)len;
    REQUIRE(envelope->tag == (int32_t)packets);
    packets++;
}

/* Sleeps without a limit: a lost wake-up becomes the test's time limit. */
static void sleep_on(const struct tri_wakeup *wakeup)
{
    REQUIRE((wakeup->futex != NULL) != (wakeup->fd >= 0));
    REQUIRE(!as_fd || wakeup->fd >= 0);
    if (wakeup->futex) {
        syscall(SYS_futex, wakeup->futex, FUTEX_WAIT, wakeup->value, NULL, NULL, 0);
    } else {
        struct pollfd poll_fd = {.fd = wakeup->fd, .events = POLLIN};
        poll(&poll_fd, 1, -1);
    }
}

/* Receives up to packet number `count`, asleep whenever there is nothing to do. Returns how often it slept. */
static unsigned sleep_until(unsigned count)
{
    unsigned sleeps = 0;
    while (packets < count) {
        struct tri_wakeup wakeup;
        if (self.transport->progress(0) > 0) {
            continue;
        }
        if (self.transport->arm(as_fd, &wakeup) == TRI_OK) {
            sleeps++;
            sleep_on(&wakeup);
        }
        self.transport->disarm();
    }
    return sleeps;
}

static void send_number(int peer, unsigned number)
{
    struct tri_envelope envelope = {.kind = 1, .tag = (int32_t)number};
    send_short(peer, &envelope, &number, sizeof(number));
}

static void ping_pong(unsigned rounds)
{
    for (unsigned i = 0; i < rounds; i++) {
        if (self.rank == 0) {
            send_number(1, i);
        }
        sleep_until(i + 1);
        if (self.rank == 1) {
            send_number(0, i);
        }
    }
}

static void check_ping_pong(void)
{
    enum { ROUNDS = 2000 };
    packets = 0;
    self.on_packet = count_packet;
    open_transport();
    if (self.rank <= 1) {
        ping_pong(ROUNDS);
    }
    close_transport();
}

void check_sleeping(void)
{
    as_fd = false;
    check_ping_pong();
}

void check_sleeping_fd(void)
{
    as_fd = true;
    check_ping_pong();
}

/* A rank to which nothing is sent for a while wakes a few times at most, also after there was traffic. */
void check_really_sleeps(void)
{
    enum { ROUNDS = 20, PAUSES = 3, PAUSE_US = 100000, WAKES_MAX = 20 };
    packets = 0;
    as_fd = self.size % 2;
    self.on_packet = count_packet;
    open_transport();
    unsigned number = 0;
    if (self.rank <= 1) {
        ping_pong(ROUNDS);
        number = packets;
    }
    for (int i = 0; i < PAUSES; i++, number++) {
        meet_progressing();
        if (self.rank == 0) {
            usleep(PAUSE_US);
            send_number(1, number);
        } else if (self.rank == 1) {
            REQUIRE(sleep_until(number + 1) <= WAKES_MAX);
        }
    }
    close_transport();
}

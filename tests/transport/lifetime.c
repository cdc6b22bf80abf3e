/* Conformance: what open() makes, close() ends; and close() loses nothing. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "conformance.h"
#include "harness.h"

#include <dirent.h>
#include <sched.h>
#include <string.h>

static unsigned packets;

static void count_packet(int peer, const struct tri_envelope *envelope, const void *payload, size_t len)
{
    (void)peer;
    REQUIRE(envelope->tag == (int32_t)packets);
    REQUIRE(has_pattern(payload, len, packets));
    packets++;
}

/* Entries of a folder; with a part of a name only those that have it. */
static unsigned count_entries(const char *folder, const char *part)
{
    unsigned count = 0;
    DIR *dir = opendir(folder);
    REQUIRE(dir != NULL);
    for (struct dirent *entry; (entry = readdir(dir));) {
        count += !part || strstr(entry->d_name, part) != NULL;
    }
    closedir(dir);
    return count;
}

static void talk_once(void)
{
    uint8_t bytes[40];
    struct tri_envelope envelope = {.kind = 1};
    packets = 0;
    fill_pattern(bytes, sizeof(bytes), 0);
    open_transport();
    send_short(next_rank(), &envelope, bytes, sizeof(bytes));
    while (packets < 1) {
        if (self.transport->progress() == 0) {
            sched_yield();
        }
    }
    close_transport();
}

/* The first round is for what libraries open once and keep. */
void check_nothing_left(void)
{
    self.on_packet = count_packet;
    talk_once();
    unsigned open_files = count_entries("/proc/self/fd", NULL);
    talk_once();
    REQUIRE(count_entries("/proc/self/fd", NULL) == open_files);
    REQUIRE(count_entries("/dev/shm", self.host.job) == 0);
}

/* A rank that closes right after sending has sent all the same. */
void check_close_drains(void)
{
    enum { PACKETS = 40, LENGTH = 4096 };
    static uint8_t bytes[LENGTH];
    packets = 0;
    self.on_packet = count_packet;
    open_transport();
    if (self.rank == 0) {
        for (unsigned i = 0; i < PACKETS; i++) {
            struct tri_envelope envelope = {.kind = 1, .tag = (int32_t)i};
            fill_pattern(bytes, LENGTH, i);
            send_bcopy(next_rank(), &envelope, bytes, LENGTH);
        }
        self.transport->close();
        meet();
        return;
    }
    while (self.rank == 1 && packets < PACKETS) {
        if (self.transport->progress() == 0) {
            sched_yield();
        }
    }
    meet_progressing();
    self.transport->close();
}

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
        progress();
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

static void pack_pattern(void *arg, void *dest, size_t len)
{
    fill_pattern(dest, len, *(unsigned *)arg);
}

/* Sends the longest packets to a rank that looks away, until nothing more is taken. */
static unsigned fill_up(void)
{
    enum { REFUSALS = 500 };
    unsigned sent = 0;
    for (int refused = 0; refused < REFUSALS;) {
        struct tri_envelope envelope = {.kind = 1, .tag = (int32_t)sent};
        int result = self.transport->send_bcopy(self.endpoints[next_rank()], &envelope, pack_pattern, &sent,
                                                self.limits.bcopy_max);
        REQUIRE(result == TRI_OK || result == TRI_NO_RESOURCE);
        refused = result == TRI_OK ? 0 : refused + 1;
        sent += result == TRI_OK;
        if (refused) {
            self.transport->progress(0);
        }
    }
    return sent;
}

/* A rank that closes right after sending has sent all the same, although the receiver comes late. */
void check_close_drains(void)
{
    packets = 0;
    self.on_packet = count_packet;
    open_transport();
    if (self.rank == 0) {
        unsigned sent = fill_up();
        *shared_slot(0) = sent;
        self.transport->close();
        meet();
        return;
    }
    while (*shared_slot(0) == 0) {
        sched_yield();
    }
    while (self.rank == 1 && packets < *shared_slot(0)) {
        progress();
    }
    meet_progressing();
    self.transport->close();
}

/* The transport of a process to itself: a byte queue in its own memory. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdlib.h>
#include <string.h>

#include "self.h"

/* Packets lie one behind the other, each 16-byte aligned, never wrapped: one that does not fit before the end leaves a
 * gap and starts at the beginning. Not delivered inside send, so that the caller need not expect to be called back. */
enum { SHORT_MAX = 64, BCOPY_MAX = 32768, QUEUE_SIZE = 4 * BCOPY_MAX };

struct packet {
    struct tri_envelope envelope;
    uint64_t len; /* payload bytes that follow, or GAP */
    uint64_t pad;
};

#define GAP UINT64_MAX

/* What one lane sends to itself. */
struct queue {
    _Alignas(64) struct tri_endpoint endpoint; /* first, as connect returns it */
    unsigned char *memory;                     /* NULL until the lane is used */
    size_t head, tail;                         /* bytes written and read since the start, gaps included */
};

static struct {
    const struct tri_host *host;
    struct queue *queues; /* by lane */
} self;

static size_t span(size_t len)
{
    return sizeof(struct packet) + ((len + 15) & ~(size_t)15);
}

static struct packet *packet_at(const struct queue *queue, size_t position)
{
    return (struct packet *)(void *)(queue->memory + position % QUEUE_SIZE);
}

/* Room for a packet of len bytes at the head, or NULL. */
static struct packet *reserve(struct tri_endpoint *ep, size_t len)
{
    struct queue *queue = (struct queue *)ep;
    size_t left = QUEUE_SIZE - queue->head % QUEUE_SIZE;
    size_t skip = left < span(len) ? left : 0;
    if (queue->head + skip + span(len) - queue->tail > QUEUE_SIZE) {
        return NULL;
    }
    if (skip >= sizeof(struct packet)) {
        packet_at(queue, queue->head)->len = GAP;
    }
    queue->head += skip;
    struct packet *packet = packet_at(queue, queue->head);
    packet->len = len;
    queue->head += span(len);
    return packet;
}

static int self_open(const struct tri_host *host, struct tri_limits *limits)
{
    self.host = host;
    self.queues = aligned_alloc(64, host->lanes * sizeof *self.queues);
    if (!self.queues) {
        return TRI_UNSUPPORTED;
    }
    memset(self.queues, 0, host->lanes * sizeof *self.queues);
    *limits = (struct tri_limits){.short_max = SHORT_MAX, .bcopy_max = BCOPY_MAX, .lanes = host->lanes};
    return TRI_OK;
}

static void self_close(void)
{
    for (unsigned lane = 0; lane < self.host->lanes; lane++) {
        free(self.queues[lane].memory);
    }
    free(self.queues);
}

static unsigned self_lanes(int peer)
{
    (void)peer;
    return self.host->lanes;
}

static bool self_reaches(int peer)
{
    return peer == self.host->rank;
}

static struct tri_endpoint *self_connect(unsigned lane, int peer)
{
    struct queue *queue = &self.queues[lane];
    if (!queue->memory) {
        queue->memory = aligned_alloc(64, QUEUE_SIZE);
        if (!queue->memory) {
            self.host->fail(-1, "out of memory");
            return NULL;
        }
        queue->endpoint =
            (struct tri_endpoint){.transport = &tri_transport_self, .peer = peer, .can = TRI_CAN_GET | TRI_CAN_PUT};
    }
    return &queue->endpoint;
}

static int self_short(struct tri_endpoint *ep, const struct tri_envelope *envelope, const void *payload, size_t len)
{
    struct packet *packet = reserve(ep, len);
    if (!packet) {
        return TRI_NO_RESOURCE;
    }
    packet->envelope = *envelope;
    if (len) {
        memcpy(packet + 1, payload, len);
    }
    return TRI_OK;
}

static int self_bcopy(struct tri_endpoint *ep, const struct tri_envelope *envelope, tri_pack_fn *pack, void *arg,
                      size_t len)
{
    struct packet *packet = reserve(ep, len);
    if (!packet) {
        return TRI_NO_RESOURCE;
    }
    packet->envelope = *envelope;
    pack(arg, packet + 1, len);
    return TRI_OK;
}

static int self_register(void *address, size_t len, struct tri_remote_key *key, void **handle)
{
    (void)address, (void)len;
    key->word = 0;
    *handle = NULL;
    return TRI_OK;
}

static void self_unregister(void *handle)
{
    (void)handle;
}

static int self_get(struct tri_endpoint *ep, void *local, uint64_t remote, const struct tri_remote_key *key, size_t len,
                    struct tri_completion *completion)
{
    (void)ep, (void)key, (void)completion;
    memmove(local, (const void *)(uintptr_t)remote, len);
    return TRI_OK;
}

static int self_put(struct tri_endpoint *ep, const void *local, uint64_t remote, const struct tri_remote_key *key,
                    size_t len, struct tri_completion *completion)
{
    (void)ep, (void)key, (void)completion;
    memmove((void *)(uintptr_t)remote, local, len);
    return TRI_OK;
}

static int self_progress(unsigned lane)
{
    struct queue *queue = &self.queues[lane];
    if (queue->head == queue->tail) {
        return 0;
    }
    size_t left = QUEUE_SIZE - queue->tail % QUEUE_SIZE;
    if (left < sizeof(struct packet) || packet_at(queue, queue->tail)->len == GAP) {
        queue->tail += left;
    }
    struct packet *packet = packet_at(queue, queue->tail);
    self.host->deliver(lane, queue->endpoint.peer, &packet->envelope, packet + 1, packet->len);
    /* Freed after the call: deliver may send, and must not overwrite what it is reading. */
    queue->tail += span(packet->len);
    return 1;
}

static int self_arm(bool as_fd, struct tri_wakeup *wakeup)
{
    (void)as_fd;
    *wakeup = (struct tri_wakeup){.fd = -1};
    for (unsigned lane = 0; lane < self.host->lanes; lane++) {
        if (self.queues[lane].head != self.queues[lane].tail) {
            return TRI_NO_RESOURCE;
        }
    }
    return TRI_OK;
}

static void self_disarm(void)
{
}

const struct tri_transport tri_transport_self = {
    .name = "self",
    .open = self_open,
    .close = self_close,
    .reaches = self_reaches,
    .lanes = self_lanes,
    .connect = self_connect,
    .send_short = self_short,
    .send_bcopy = self_bcopy,
    .register_memory = self_register,
    .unregister_memory = self_unregister,
    .get = self_get,
    .put = self_put,
    .progress = self_progress,
    .arm = self_arm,
    .disarm = self_disarm,
};

/* Receiving: buffers that wait for packets, and the checks that a packet passes before it is delivered. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "ofi.h"

#include <stdlib.h>
#include <string.h>

/* One posted buffer takes one packet. FI_MULTI_RECV is left alone: libfabric 1.17's `net` calls such a buffer used up
 * while a packet of another peer is still arriving in it, and packets would lie unaligned. */
struct tri_ofi_receive {
    struct tri_ofi_operation operation;
    struct tri_ofi_header *header;
    size_t payload;               /* of the packet in it */
    struct tri_ofi_receive *next; /* in the list of those to post again, or of early packets */
};

static struct {
    struct tri_ofi_memory memory;
    struct tri_ofi_receive slots[TRI_OFI_RECEIVES];
    struct tri_ofi_receive *idle; /* the provider did not take them back yet */
    unsigned early;               /* packets that wait for their turn, all peers */
} receives;

enum {
    LINE = 64,
    BUFFER_SIZE = sizeof(struct tri_ofi_header) + TRI_OFI_BCOPY_MAX,
    STRIDE = (BUFFER_SIZE + LINE - 1) / LINE * LINE,
};

static void post(struct tri_ofi_receive *receive)
{
    void *descriptor = receives.memory.mr ? fi_mr_desc(receives.memory.mr) : NULL;
    ssize_t rc;

    rc = fi_recv(tri_ofi.ep, receive->header, BUFFER_SIZE, descriptor, FI_ADDR_UNSPEC, &receive->operation.context);
    if (rc == 0) {
        return;
    }
    receive->next = receives.idle;
    receives.idle = receive;
    if (rc != -FI_EAGAIN && !tri_ofi.closing) {
        tri_ofi.host->fail(-1, "libfabric's provider %s takes no more receive buffers: %s",
                           tri_ofi.info->fabric_attr->prov_name, fi_strerror((int)-rc));
    }
}

int tri_ofi_repost(void)
{
    struct tri_ofi_receive *list = receives.idle;
    int count = 0;

    receives.idle = NULL;
    for (; list; count++) {
        struct tri_ofi_receive *receive = list;

        list = receive->next;
        post(receive);
    }
    return count;
}

/* Says once that somebody who is not of this job sends to us, and goes on without them. */
static void refuse(const char *what)
{
    if (!tri_ofi.stranger_noted) {
        tri_ofi.host->note("ofi: refused a packet that %s; somebody outside this job sends to it", what);
    }
    tri_ofi.stranger_noted = true;
}

/* Nothing in a packet is believed before this has returned true. */
static bool acceptable(const struct tri_ofi_header *header, size_t len)
{
    if (len < sizeof(*header)) {
        refuse("is too short");
        return false;
    }
    if (memcmp(header->token, tri_ofi.token, sizeof(header->token)) != 0) {
        refuse("does not carry the secret of this process");
        return false;
    }
    if (header->peer >= (uint32_t)tri_ofi.host->size) {
        refuse("names a rank that does not exist");
        return false;
    }
    return true;
}

static void hand_over(int peer, struct tri_ofi_receive *receive)
{
    tri_ofi.peers[peer].expected++;
    tri_ofi.host->deliver(0, peer, &receive->header->envelope, receive->header + 1, receive->payload);
    post(receive);
}

/* Keeps a packet that overtook others. It stays in its buffer; that those it overtook have buffers already is what the
 * provider's order of messages means, so buffers can run out only when packets are lost. */
static void keep_early(int peer, struct tri_ofi_receive *receive)
{
    struct tri_ofi_receive **link = &tri_ofi.peers[peer].early;
    uint32_t due = tri_ofi.peers[peer].expected, distance = receive->header->sequence - due;

    if (tri_ofi_is_tcp() || distance > INT32_MAX || receives.early == TRI_OFI_RECEIVES - 1) {
        tri_ofi.host->fail(peer, "the connection from rank %d broke: packet %u came where %u was due", peer,
                           receive->header->sequence, due);
        post(receive);
        return;
    }
    while (*link && (*link)->header->sequence - due < distance) {
        link = &(*link)->next;
    }
    receive->next = *link;
    *link = receive;
    receives.early++;
}

static void receive_done(struct tri_ofi_operation *self, size_t len)
{
    struct tri_ofi_receive *receive = (struct tri_ofi_receive *)self;
    int peer;

    if (tri_ofi.closing || !acceptable(receive->header, len)) {
        post(receive);
        return;
    }
    peer = (int)receive->header->peer;
    receive->payload = len - sizeof(*receive->header);
    if (receive->header->sequence != tri_ofi.peers[peer].expected) {
        keep_early(peer, receive);
        return;
    }
    hand_over(peer, receive);
    for (struct tri_ofi_receive *next; (next = tri_ofi.peers[peer].early);) {
        if (next->header->sequence != tri_ofi.peers[peer].expected) {
            break;
        }
        tri_ofi.peers[peer].early = next->next;
        receives.early--;
        hand_over(peer, next);
    }
}

/* A receive fails when a connection breaks in the middle of a packet. Whose it was is not known, and strangers can do
 * that too: the sequence numbers or the sender's own error will tell if it mattered. */
static void receive_failed(struct tri_ofi_operation *self, const char *reason, int error)
{
    if (tri_ofi.closing || error == FI_ECANCELED) {
        return;
    }
    tri_ofi.host->note("ofi: a packet came only in part: %s", reason);
    post((struct tri_ofi_receive *)self);
}

int tri_ofi_receive_open(void)
{
    if (tri_ofi_packet_memory((size_t)STRIDE * TRI_OFI_RECEIVES, FI_RECV, &receives.memory) != TRI_OK) {
        return TRI_FAILED;
    }
    receives.idle = NULL;
    receives.early = 0;
    for (size_t i = 0; i < TRI_OFI_RECEIVES; i++) {
        struct tri_ofi_receive *receive = &receives.slots[i];

        receive->operation.done = receive_done;
        receive->operation.failed = receive_failed;
        receive->header = (struct tri_ofi_header *)(void *)((char *)receives.memory.address + i * STRIDE);
        post(receive);
    }
    return receives.idle ? TRI_FAILED : TRI_OK;
}

void tri_ofi_receive_close(void)
{
    tri_ofi_packet_memory_free(&receives.memory);
}

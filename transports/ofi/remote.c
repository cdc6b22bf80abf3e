/* Get and put: transfers between our memory and a peer's, in parts. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "ofi.h"

#include <string.h>

/* Over TCP a long transfer in parts is quicker than in one piece: while one part is copied into the receiver's memory
 * the next is on its way, and both stay in the caches. In sweeps (1 MiB, libfabric 1.17, between network namespaces)
 * 192 to 256 KiB were best, 64 KiB and one piece worst; and two at once as good for one message as eight, but far
 * better for many (alltoall of 8 ranks on 4 nodes: 12 ms, not 20), which would not stay in the caches. */
enum { PART = 192 * 1024, PARTS_AT_ONCE = 2 };

struct transfer {
    struct tri_completion *completion;
    struct tri_ofi_endpoint *endpoint;
    struct fid_mr *mr; /* of the local side, where FI_MR_LOCAL asks for it */
    bool put;
    char *local;     /* where the next part begins, here */
    uint64_t remote; /* and there, as the provider counts */
    uint64_t key;
    size_t left;        /* bytes that no part has taken yet */
    unsigned under_way; /* parts */
    int status;
    struct transfer *next; /* in the list of free ones or of those that wait */
};

struct part {
    struct tri_ofi_operation operation;
    struct transfer *transfer;
    struct part *next; /* in the list of free ones */
};

static struct {
    struct transfer transfers[TRI_OFI_TRANSFERS];
    struct part parts[TRI_OFI_TRANSFERS * PARTS_AT_ONCE];
    struct transfer *free_transfers;
    struct part *free_parts;
    struct transfer *waiting; /* nothing of it is under way since the provider had no room */
    unsigned active;
} remote;

static ssize_t post(const struct transfer *transfer, struct part *part, size_t len)
{
    void *descriptor = transfer->mr ? fi_mr_desc(transfer->mr) : NULL;
    struct iovec vector = {transfer->local, len};
    struct fi_rma_iov target = {transfer->remote, len, transfer->key};
    struct fi_msg_rma message = {.msg_iov = &vector,
                                 .desc = &descriptor,
                                 .iov_count = 1,
                                 .addr = transfer->endpoint->address,
                                 .rma_iov = &target,
                                 .rma_iov_count = 1,
                                 .context = &part->operation.context};

    if (!transfer->put) {
        return fi_read(tri_ofi.ep, transfer->local, len, descriptor, message.addr, transfer->remote, transfer->key,
                       message.context);
    }
    /* A put that has ended must be visible at the peer: the next packet may say so, on another transport even. */
    return fi_writemsg(tri_ofi.ep, &message, FI_COMPLETION | FI_DELIVERY_COMPLETE);
}

static void give_up(struct transfer *transfer, const char *reason)
{
    int peer = transfer->endpoint->base.peer;

    transfer->left = 0;
    if (transfer->status == TRI_OK && !tri_ofi.closing) {
        tri_ofi.host->fail(peer, "reading or writing the memory of rank %d failed (libfabric %s): %s", peer,
                           tri_ofi.info->fabric_attr->prov_name, reason);
    }
    transfer->status = TRI_FAILED;
}

/* Starts as many parts as may be under way. */
static void advance(struct transfer *transfer)
{
    while (transfer->left && transfer->under_way < PARTS_AT_ONCE) {
        struct part *part = remote.free_parts;
        size_t len = transfer->left < PART ? transfer->left : PART;
        ssize_t rc = post(transfer, part, len);

        if (rc == -FI_EAGAIN) {
            return;
        }
        if (rc) {
            give_up(transfer, fi_strerror((int)-rc));
            return;
        }
        remote.free_parts = part->next;
        part->transfer = transfer;
        transfer->under_way++;
        transfer->local += len;
        transfer->remote += len;
        transfer->left -= len;
    }
}

static void retire(struct transfer *transfer)
{
    if (transfer->mr) {
        fi_close(&transfer->mr->fid);
    }
    transfer->next = remote.free_transfers;
    remote.free_transfers = transfer;
    remote.active--;
}

/* After a part has ended: goes on, ends, or waits until the provider has room. */
static void go_on(struct transfer *transfer)
{
    struct tri_completion *completion = transfer->completion;
    int status;

    advance(transfer);
    if (transfer->under_way) {
        return;
    }
    if (transfer->left) {
        transfer->next = remote.waiting;
        remote.waiting = transfer;
        return;
    }
    status = transfer->status;
    retire(transfer);
    completion->done(completion, status);
}

static struct transfer *end_part(struct tri_ofi_operation *operation)
{
    struct part *part = (struct part *)operation;

    part->next = remote.free_parts;
    remote.free_parts = part;
    part->transfer->under_way--;
    return part->transfer;
}

static void part_done(struct tri_ofi_operation *self, size_t len)
{
    (void)len;
    go_on(end_part(self));
}

static void part_failed(struct tri_ofi_operation *self, const char *reason, int error)
{
    struct transfer *transfer = end_part(self);

    (void)error;
    give_up(transfer, reason);
    go_on(transfer);
}

int tri_ofi_push_transfers(void)
{
    struct transfer *list = remote.waiting;
    int count = 0;

    remote.waiting = NULL;
    while (list) {
        struct transfer *transfer = list;

        list = transfer->next;
        go_on(transfer);
        count += transfer->under_way > 0;
    }
    return count;
}

void tri_ofi_remote_open(void)
{
    memset(&remote, 0, sizeof(remote));
    for (size_t i = 0; i < sizeof(remote.transfers) / sizeof(*remote.transfers); i++) {
        remote.transfers[i].next = remote.free_transfers;
        remote.free_transfers = &remote.transfers[i];
    }
    for (size_t i = 0; i < sizeof(remote.parts) / sizeof(*remote.parts); i++) {
        remote.parts[i].operation.done = part_done;
        remote.parts[i].operation.failed = part_failed;
        remote.parts[i].next = remote.free_parts;
        remote.free_parts = &remote.parts[i];
    }
}

unsigned tri_ofi_transfers_active(void)
{
    return remote.active;
}

/* Fills a free transfer and starts it. */
static int start(struct tri_ofi_endpoint *endpoint, bool put, const void *local, uint64_t address,
                 const struct tri_remote_key *key, size_t len, struct tri_completion *completion)
{
    struct transfer *transfer = remote.free_transfers;
    struct fid_mr *mr;
    bool begun;

    if (!transfer || tri_ofi_register_local(local, len, put ? FI_WRITE : FI_READ, &mr) != TRI_OK) {
        return TRI_NO_RESOURCE;
    }
    remote.free_transfers = transfer->next;
    remote.active++;
    *transfer = (struct transfer){.completion = completion,
                                  .endpoint = endpoint,
                                  .mr = mr,
                                  .put = put,
                                  .local = (char *)(uintptr_t)local,
                                  .remote = tri_ofi_remote_address(endpoint, address, key->word),
                                  .key = key->word,
                                  .left = len,
                                  .status = TRI_OK};
    advance(transfer);
    begun = transfer->under_way > 0;
    if (begun) {
        return TRI_IN_PROGRESS;
    }
    retire(transfer);
    return transfer->status == TRI_OK ? TRI_NO_RESOURCE : TRI_FAILED;
}

int tri_ofi_get(struct tri_endpoint *base, void *local, uint64_t address, const struct tri_remote_key *key, size_t len,
                struct tri_completion *completion)
{
    if (!(base->can & TRI_CAN_GET)) {
        return TRI_UNSUPPORTED;
    }
    return len ? start((struct tri_ofi_endpoint *)base, false, local, address, key, len, completion) : TRI_OK;
}

int tri_ofi_put(struct tri_endpoint *base, const void *local, uint64_t address, const struct tri_remote_key *key,
                size_t len, struct tri_completion *completion)
{
    if (!(base->can & TRI_CAN_PUT)) {
        return TRI_UNSUPPORTED;
    }
    return len ? start((struct tri_ofi_endpoint *)base, true, local, address, key, len, completion) : TRI_OK;
}

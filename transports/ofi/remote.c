/* Get and put: transfers between our memory and a peer's, in parts. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "../transfer.h"
#include "ofi.h"

/* Over TCP a long transfer in parts is quicker than in one piece: while one part is copied into the receiver's memory
 * the next is on its way, and both stay in the caches. In sweeps (64 KiB to 4 MiB between two network namespaces and
 * alltoall on four, libfabric 1.17) 160 KiB (TRI_OFI_PART_MAX) were best, 64 KiB and one piece worst; with 192 KiB one
 * run in four fell to a third of the bandwidth, since two such parts no longer leave the sender's memory at the pace of
 * the receiver. */
struct part {
    struct tri_ofi_operation operation;
    struct tri_part base;
};

static struct part parts[TRI_PARTS];

static void report(const struct tri_transfer *transfer, const char *reason)
{
    int peer = transfer->endpoint->peer;

    if (transfer->status == TRI_OK && !tri_ofi.closing) {
        tri_ofi.host->fail(peer, "reading or writing the memory of rank %d failed (libfabric %s): %s", peer,
                           tri_ofi.info->fabric_attr->prov_name, reason);
    }
}

static int post(struct tri_part *part)
{
    const struct tri_transfer *transfer = part->transfer;
    struct fid_mr *mr = transfer->own; /* of the local side, where FI_MR_LOCAL asks for it */
    void *descriptor = mr ? fi_mr_desc(mr) : NULL;
    struct iovec vector = {part->local, part->len};
    struct fi_rma_iov target = {part->remote, part->len, transfer->key};
    struct fi_msg_rma message = {.msg_iov = &vector,
                                 .desc = &descriptor,
                                 .iov_count = 1,
                                 .addr = ((struct tri_ofi_endpoint *)transfer->endpoint)->address,
                                 .rma_iov = &target,
                                 .rma_iov_count = 1,
                                 .context = &parts[part->number].operation.context};
    /* A put that has ended must be visible at the peer: the next packet may say so, on another transport even. */
    ssize_t rc = transfer->put ? fi_writemsg(tri_ofi.ep, &message, FI_COMPLETION | FI_DELIVERY_COMPLETE)
                               : fi_read(tri_ofi.ep, part->local, part->len, descriptor, message.addr, part->remote,
                                         transfer->key, message.context);

    if (rc && rc != -FI_EAGAIN) {
        report(transfer, fi_strerror((int)-rc));
    }
    return rc == 0 ? TRI_OK : rc == -FI_EAGAIN ? TRI_NO_RESOURCE : TRI_FAILED;
}

static void part_done(struct tri_ofi_operation *self, size_t len)
{
    (void)len;
    tri_transfer_end_part(&((struct part *)self)->base);
}

static void part_failed(struct tri_ofi_operation *self, const char *reason, int error)
{
    struct tri_part *part = &((struct part *)self)->base;

    (void)error;
    report(part->transfer, reason);
    tri_transfer_give_up(part->transfer);
    tri_transfer_end_part(part);
}

static void release(void *own)
{
    struct fid_mr *mr = own;

    if (mr) {
        fi_close(&mr->fid);
    }
}

void tri_ofi_remote_open(void)
{
    static const struct tri_transfer_way way = {.post = post, .release = release};

    tri_transfer_open(&way);
    for (unsigned i = 0; i < TRI_PARTS; i++) {
        parts[i].operation.done = part_done;
        parts[i].operation.failed = part_failed;
        tri_transfer_add_part(&parts[i].base, i);
    }
}

static int start(struct tri_endpoint *base, bool put, const void *local, uint64_t address,
                 const struct tri_remote_key *key, size_t len, struct tri_completion *completion)
{
    struct tri_ofi_endpoint *endpoint = (struct tri_ofi_endpoint *)base;
    struct tri_transfer wanted = {.completion = completion,
                                  .endpoint = base,
                                  .put = put,
                                  .local = (char *)(uintptr_t)local,
                                  .remote = tri_ofi_remote_address(endpoint, address, key->word),
                                  .key = key->word,
                                  .left = len,
                                  .part_max = TRI_OFI_PART_MAX};
    struct fid_mr *mr;

    if (tri_transfer_active() == TRI_TRANSFERS ||
        tri_ofi_register_local(local, len, put ? FI_WRITE : FI_READ, &mr) != TRI_OK) {
        return TRI_NO_RESOURCE;
    }
    wanted.own = mr;
    return tri_transfer_start(&wanted);
}

int tri_ofi_get(struct tri_endpoint *base, void *local, uint64_t address, const struct tri_remote_key *key, size_t len,
                struct tri_completion *completion)
{
    if (!(base->can & TRI_CAN_GET)) {
        return TRI_UNSUPPORTED;
    }
    return len ? start(base, false, local, address, key, len, completion) : TRI_OK;
}

int tri_ofi_put(struct tri_endpoint *base, const void *local, uint64_t address, const struct tri_remote_key *key,
                size_t len, struct tri_completion *completion)
{
    if (!(base->can & TRI_CAN_PUT)) {
        return TRI_UNSUPPORTED;
    }
    return len ? start(base, true, local, address, key, len, completion) : TRI_OK;
}

/* Registered memory, and get and put on it. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "ofi.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

/* A provider addresses remote memory either by its virtual address (FI_MR_VIRT_ADDR) or by the offset in its
 * registration. Our callers say virtual addresses, and a key has 64 bits, so in the second case the key that we choose
 * says where the registration begins: 48 bits of address, 16 bits that tell registrations of the same memory apart, and
 * the whole masked with a secret of the owner, so that a stranger who could reach the provider can guess no key. */
enum { ADDRESS_BITS = 48, KEY_TRIES = 16 };

/* A get or put under way. */
struct transfer {
    struct tri_ofi_operation operation;
    struct tri_completion *completion;
    struct tri_ofi_endpoint *endpoint;
    struct fid_mr *mr; /* of the local side, where FI_MR_LOCAL asks for it */
    struct transfer *next;
};

static struct {
    struct transfer slots[TRI_OFI_RMA_MAX];
    struct transfer *free;
    unsigned active;
    uint16_t serial; /* of the last registration */
} rma;

static bool has_mode(int bits)
{
    return (tri_ofi.info->domain_attr->mr_mode & bits) != 0;
}

/* Registers memory; NULL when the provider refuses. */
static struct fid_mr *make_mr(const void *address, size_t len, uint64_t access, uint64_t key)
{
    struct fid_mr *mr;

    if (fi_mr_reg(tri_ofi.domain, address, len, access, 0, key, 0, &mr, NULL) != 0) {
        return NULL;
    }
    if (has_mode(FI_MR_ENDPOINT) && (fi_mr_bind(mr, &tri_ofi.ep->fid, 0) != 0 || fi_mr_enable(mr) != 0)) {
        fi_close(&mr->fid);
        return NULL;
    }
    return mr;
}

/* The key to ask for; it differs from call to call. A provider with shorter keys takes virtual addresses, or else is
 * not used for get and put (see tri_ofi_memory_open): then the key says nothing but its serial number. */
static uint64_t next_key(const void *address)
{
    size_t bits = tri_ofi.info->domain_attr->mr_key_size * 8;
    uint64_t serial = rma.serial++;

    if (bits < 64) {
        return (serial ^ tri_ofi.key_mask) & ((UINT64_C(1) << bits) - 1);
    }
    return ((uintptr_t)address | serial << ADDRESS_BITS) ^ tri_ofi.key_mask;
}

/* Where the provider wants us to find `remote` under this key of the endpoint's process. */
static uint64_t provider_address(const struct tri_ofi_endpoint *endpoint, uint64_t remote, uint64_t key)
{
    if (has_mode(FI_MR_VIRT_ADDR)) {
        return remote;
    }
    return remote - ((key ^ endpoint->key_mask) & ((UINT64_C(1) << ADDRESS_BITS) - 1));
}

int tri_ofi_packet_memory(size_t len, uint64_t access, struct tri_ofi_memory *memory)
{
    void *address = mmap(NULL, len, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    if (address == MAP_FAILED) {
        return TRI_FAILED;
    }
    memory->address = address;
    memory->len = len;
    memory->mr = NULL;
    if (has_mode(FI_MR_LOCAL)) {
        memory->mr = make_mr(address, len, access, next_key(address));
        if (!memory->mr) {
            tri_ofi_packet_memory_free(memory);
            return TRI_FAILED;
        }
    }
    return TRI_OK;
}

void tri_ofi_packet_memory_free(struct tri_ofi_memory *memory)
{
    if (memory->mr) {
        fi_close(&memory->mr->fid);
    }
    if (memory->address) {
        munmap(memory->address, memory->len);
    }
    memset(memory, 0, sizeof(*memory));
}

int tri_ofi_register(void *address, size_t len, struct tri_remote_key *key, void **handle)
{
    struct fid_mr *mr = NULL;

    if (!tri_ofi.can || (uintptr_t)address >> ADDRESS_BITS) {
        return TRI_FAILED;
    }
    for (int tries = 0; !mr && tries < KEY_TRIES; tries++) {
        key->word = next_key(address);
        mr = make_mr(address, len, FI_REMOTE_READ | FI_REMOTE_WRITE, key->word);
    }
    if (!mr) {
        return TRI_FAILED;
    }
    if (has_mode(FI_MR_PROV_KEY)) {
        key->word = fi_mr_key(mr);
    }
    *handle = mr;
    return TRI_OK;
}

void tri_ofi_unregister(void *handle)
{
    fi_close(&((struct fid_mr *)handle)->fid);
}

static struct tri_completion *retire(struct transfer *transfer)
{
    if (transfer->mr) {
        fi_close(&transfer->mr->fid);
    }
    transfer->next = rma.free;
    rma.free = transfer;
    rma.active--;
    return transfer->completion;
}

static void transfer_done(struct tri_ofi_operation *self, size_t len)
{
    struct tri_completion *completion = retire((struct transfer *)self);

    (void)len;
    completion->done(completion, TRI_OK);
}

static void transfer_failed(struct tri_ofi_operation *self, const char *reason, int error)
{
    int peer = ((struct transfer *)self)->endpoint->base.peer;
    struct tri_completion *completion = retire((struct transfer *)self);

    (void)error;
    if (!tri_ofi.closing) {
        tri_ofi.host->fail(peer, "reading or writing the memory of rank %d failed (libfabric %s): %s", peer,
                           tri_ofi.info->fabric_attr->prov_name, reason);
    }
    completion->done(completion, TRI_FAILED);
}

int tri_ofi_memory_open(void)
{
    const struct fi_domain_attr *domain = tri_ofi.info->domain_attr;
    bool addressable =
        has_mode(FI_MR_VIRT_ADDR) || (!has_mode(FI_MR_PROV_KEY) && domain->mr_key_size >= sizeof(uint64_t));

    memset(&rma, 0, sizeof(rma));
    tri_ofi.can = (tri_ofi.info->caps & FI_RMA) && addressable ? TRI_CAN_GET | TRI_CAN_PUT : 0;
    for (size_t i = 0; i < TRI_OFI_RMA_MAX; i++) {
        rma.slots[i].operation.done = transfer_done;
        rma.slots[i].operation.failed = transfer_failed;
        rma.slots[i].next = rma.free;
        rma.free = &rma.slots[i];
    }
    return TRI_OK;
}

unsigned tri_ofi_rma_active(void)
{
    return rma.active;
}

/* Takes a transfer, with the local memory registered where that is needed. NULL: no resource. */
static struct transfer *take(struct tri_ofi_endpoint *endpoint, const void *local, size_t len, uint64_t access,
                             struct tri_completion *completion)
{
    struct transfer *transfer = rma.free;

    if (!transfer) {
        return NULL;
    }
    transfer->mr = NULL;
    if (has_mode(FI_MR_LOCAL)) {
        transfer->mr = make_mr(local, len, access, next_key(local));
        if (!transfer->mr) {
            return NULL;
        }
    }
    rma.free = transfer->next;
    rma.active++;
    transfer->endpoint = endpoint;
    transfer->completion = completion;
    return transfer;
}

/* What get and put answer after the provider's answer. */
static int started(struct transfer *transfer, ssize_t rc)
{
    int peer = transfer->endpoint->base.peer;

    if (rc == 0) {
        return TRI_IN_PROGRESS;
    }
    retire(transfer);
    if (rc == -FI_EAGAIN) {
        return TRI_NO_RESOURCE;
    }
    tri_ofi.host->fail(peer, "can not reach the memory of rank %d (libfabric %s): %s", peer,
                       tri_ofi.info->fabric_attr->prov_name, fi_strerror((int)-rc));
    return TRI_FAILED;
}

int tri_ofi_get(struct tri_endpoint *base, void *local, uint64_t remote, const struct tri_remote_key *key, size_t len,
                struct tri_completion *completion)
{
    struct tri_ofi_endpoint *endpoint = (struct tri_ofi_endpoint *)base;
    struct transfer *transfer;

    if (!(base->can & TRI_CAN_GET)) {
        return TRI_UNSUPPORTED;
    }
    if (len == 0) {
        return TRI_OK;
    }
    transfer = take(endpoint, local, len, FI_READ, completion);
    if (!transfer) {
        return TRI_NO_RESOURCE;
    }
    return started(transfer,
                   fi_read(tri_ofi.ep, local, len, transfer->mr ? fi_mr_desc(transfer->mr) : NULL, endpoint->address,
                           provider_address(endpoint, remote, key->word), key->word, &transfer->operation.context));
}

int tri_ofi_put(struct tri_endpoint *base, const void *local, uint64_t remote, const struct tri_remote_key *key,
                size_t len, struct tri_completion *completion)
{
    struct tri_ofi_endpoint *endpoint = (struct tri_ofi_endpoint *)base;
    struct iovec vector = {(void *)(uintptr_t)local, len};
    struct fi_rma_iov target = {provider_address(endpoint, remote, key->word), len, key->word};
    struct fi_msg_rma message = {
        .msg_iov = &vector, .iov_count = 1, .addr = endpoint->address, .rma_iov = &target, .rma_iov_count = 1};
    struct transfer *transfer;
    void *descriptor;

    if (!(base->can & TRI_CAN_PUT)) {
        return TRI_UNSUPPORTED;
    }
    if (len == 0) {
        return TRI_OK;
    }
    transfer = take(endpoint, local, len, FI_WRITE, completion);
    if (!transfer) {
        return TRI_NO_RESOURCE;
    }
    descriptor = transfer->mr ? fi_mr_desc(transfer->mr) : NULL;
    message.desc = &descriptor;
    message.context = &transfer->operation.context;
    /* A put that has ended must be visible at the peer: the next packet may say so, on another transport even. */
    return started(transfer, fi_writemsg(tri_ofi.ep, &message, FI_COMPLETION | FI_DELIVERY_COMPLETE));
}

/* Registered memory and its keys. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "ofi.h"

#include <string.h>
#include <sys/mman.h>

/* A provider addresses remote memory either by its virtual address (FI_MR_VIRT_ADDR) or by the offset in its
 * registration. Our callers say virtual addresses, and a key has 64 bits, so in the second case the key that we choose
 * says where the registration begins: 48 bits of address, 16 bits that tell registrations of the same memory apart, and
 * the whole masked with a secret of the owner, so that a stranger who could reach the provider can guess no key. */
enum { ADDRESS_BITS = 48, KEY_TRIES = 16 };

static uint16_t serial; /* of the last registration */

static bool has_mode(int bits)
{
    return (tri_ofi.info->domain_attr->mr_mode & bits) != 0;
}

/* Registers memory under a key; NULL when the provider refuses. */
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
 * not used for get and put (see tri_ofi_can_remote): then the key says nothing but its serial number. */
static uint64_t next_key(const void *address)
{
    size_t bits = tri_ofi.info->domain_attr->mr_key_size * 8;
    uint64_t number = serial++;

    if (bits < 64) {
        return (number ^ tri_ofi.key_mask) & ((UINT64_C(1) << bits) - 1);
    }
    return ((uintptr_t)address | number << ADDRESS_BITS) ^ tri_ofi.key_mask;
}

uint64_t tri_ofi_remote_address(const struct tri_ofi_endpoint *endpoint, uint64_t remote, uint64_t key)
{
    if (has_mode(FI_MR_VIRT_ADDR)) {
        return remote;
    }
    return remote - ((key ^ endpoint->key_mask) & ((UINT64_C(1) << ADDRESS_BITS) - 1));
}

unsigned tri_ofi_can_remote(void)
{
    const struct fi_domain_attr *domain = tri_ofi.info->domain_attr;
    bool own_keys = !has_mode(FI_MR_PROV_KEY) && domain->mr_key_size >= sizeof(uint64_t);

    return (tri_ofi.info->caps & FI_RMA) && (has_mode(FI_MR_VIRT_ADDR) || own_keys) ? TRI_CAN_GET | TRI_CAN_PUT : 0;
}

int tri_ofi_register_local(const void *address, size_t len, uint64_t access, struct fid_mr **mr)
{
    *mr = NULL;
    for (int tries = 0; has_mode(FI_MR_LOCAL) && !*mr; tries++) {
        if (tries == KEY_TRIES) {
            return TRI_FAILED;
        }
        *mr = make_mr(address, len, access, next_key(address));
    }
    return TRI_OK;
}

int tri_ofi_packet_memory(size_t len, uint64_t access, struct tri_ofi_memory *memory)
{
    void *address = mmap(NULL, len, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    if (address == MAP_FAILED) {
        return TRI_FAILED;
    }
    memory->address = address;
    memory->len = len;
    if (tri_ofi_register_local(address, len, access, &memory->mr) != TRI_OK) {
        tri_ofi_packet_memory_free(memory);
        return TRI_FAILED;
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

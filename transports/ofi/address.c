/* Addresses: what a process publishes about itself, and the endpoints made from what its peers published. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "ofi.h"

#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

static const char card_key[] = "ofi.addr";

/* Random bytes that nobody else can foresee. */
static int draw(void *bytes, size_t len)
{
    return getrandom(bytes, len, 0) == (ssize_t)len ? TRI_OK : TRI_FAILED;
}

int tri_ofi_publish(void)
{
    struct tri_ofi_card card = {.version = TRI_OFI_WIRE_VERSION, .address_format = tri_ofi.info->addr_format};
    const char *provider = tri_ofi.info->fabric_attr->prov_name;
    size_t len = sizeof(card.name);
    int rc = fi_getname(&tri_ofi.ep->fid, card.name, &len);

    if (rc || len > sizeof(card.name) || strlen(provider) >= sizeof(card.protocol)) {
        tri_ofi.host->note("ofi: provider %s does not tell its own address: %s", provider, fi_strerror(-rc));
        return TRI_FAILED;
    }
    if (draw(tri_ofi.token, sizeof(tri_ofi.token)) || draw(&tri_ofi.key_mask, sizeof(tri_ofi.key_mask))) {
        tri_ofi.host->note("ofi: the kernel gives no random numbers");
        return TRI_FAILED;
    }
    memcpy(card.token, tri_ofi.token, sizeof(card.token));
    card.key_mask = tri_ofi.key_mask;
    strcpy(card.protocol, provider);
    card.name_length = (uint32_t)len;
    return tri_ofi.host->publish(card_key, &card, offsetof(struct tri_ofi_card, name) + len) < 0 ? TRI_FAILED : TRI_OK;
}

/* Gets a peer's card and checks that we can talk to it at all. */
static int read_card(int peer, struct tri_ofi_card *card)
{
    const char *provider = tri_ofi.info->fabric_attr->prov_name;
    const size_t least = offsetof(struct tri_ofi_card, name);
    int len = tri_ofi.host->lookup(peer, card_key, card, sizeof(*card));

    if (len < 0) {
        return TRI_FAILED;
    }
    if ((size_t)len < least || card->version != TRI_OFI_WIRE_VERSION || card->name_length > sizeof(card->name) ||
        (size_t)len != least + card->name_length) {
        tri_ofi.host->fail(peer, "rank %d runs another version of Trireme: use the same one on all nodes", peer);
        return TRI_FAILED;
    }
    card->protocol[sizeof(card->protocol) - 1] = '\0';
    if (strcmp(card->protocol, provider) != 0 || card->address_format != tri_ofi.info->addr_format) {
        tri_ofi.host->fail(peer,
                           "rank %d uses libfabric's provider %s (address format %u), rank %d uses %s (%u): set "
                           "TRIREME_OFI_PROVIDER and TRIREME_OFI_INTERFACE to what all nodes have",
                           peer, card->protocol, card->address_format, tri_ofi.host->rank, provider,
                           tri_ofi.info->addr_format);
        return TRI_FAILED;
    }
    return TRI_OK;
}

static struct tri_ofi_endpoint *make_endpoint(int peer, const struct tri_ofi_card *card)
{
    struct tri_ofi_endpoint *endpoint = calloc(1, sizeof(*endpoint));
    int rc;

    if (!endpoint) {
        tri_ofi.host->fail(peer, "no memory for the connection to rank %d", peer);
        return NULL;
    }
    rc = fi_av_insert(tri_ofi.vector, card->name, 1, &endpoint->address, 0, NULL);
    if (rc != 1) {
        tri_ofi.host->fail(peer, "libfabric does not take the address of rank %d: %s", peer,
                           rc < 0 ? fi_strerror(-rc) : "not valid");
        free(endpoint);
        return NULL;
    }
    memcpy(endpoint->token, card->token, sizeof(endpoint->token));
    endpoint->key_mask = card->key_mask;
    endpoint->base.peer = peer;
    endpoint->base.can = tri_ofi.can;
    return endpoint;
}

struct tri_endpoint *tri_ofi_connect(unsigned lane, int peer)
{
    (void)lane;
    struct tri_ofi_card card;

    if (!tri_ofi.endpoints[peer]) {
        if (read_card(peer, &card) != TRI_OK) {
            return NULL;
        }
        tri_ofi.endpoints[peer] = make_endpoint(peer, &card);
        if (!tri_ofi.endpoints[peer]) {
            return NULL;
        }
        tri_ofi.endpoints[peer]->base.transport = tri_ofi_table();
    }
    return &tri_ofi.endpoints[peer]->base;
}

void tri_ofi_drop_endpoints(void)
{
    for (int peer = 0; tri_ofi.endpoints && peer < tri_ofi.host->size; peer++) {
        free(tri_ofi.endpoints[peer]);
    }
    free(tri_ofi.endpoints);
    tri_ofi.endpoints = NULL;
}

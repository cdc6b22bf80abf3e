/* The ofi transport: packets between nodes through libfabric's reliable datagram endpoints. Table, start and end. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "../transfer.h"
#include "ofi.h"

#include <sched.h>
#include <stdlib.h>
#include <string.h>

struct tri_ofi tri_ofi;

/* How long close() waits for accepted packets to leave, in seconds: a peer that died takes none. */
enum { DRAIN_LIMIT = 10 };

time_t tri_ofi_now(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec;
}

static int say(const char *what, int rc)
{
    if (rc) {
        tri_ofi.host->note("ofi: provider %s: can not open its %s: %s", tri_ofi.info->fabric_attr->prov_name, what,
                           fi_strerror(-rc));
    }
    return rc;
}

static int open_endpoint(void)
{
    struct fi_av_attr vector = {
        .type = tri_ofi.info->domain_attr->av_type == FI_AV_UNSPEC ? FI_AV_TABLE : tri_ofi.info->domain_attr->av_type,
        .count = (size_t)tri_ofi.host->size};

    if (say("endpoint", fi_endpoint(tri_ofi.domain, tri_ofi.info, &tri_ofi.ep, NULL)) ||
        say("address table", fi_av_open(tri_ofi.domain, &vector, &tri_ofi.vector, NULL)) ||
        say("completion queue", tri_ofi_queue_open()) ||
        say("endpoint", fi_ep_bind(tri_ofi.ep, &tri_ofi.vector->fid, 0)) ||
        say("endpoint", fi_ep_bind(tri_ofi.ep, &tri_ofi.queue->fid, FI_TRANSMIT | FI_RECV)) ||
        say("endpoint", fi_enable(tri_ofi.ep))) {
        return TRI_FAILED;
    }
    return TRI_OK;
}

static int open_buffers(void)
{
    size_t size = (size_t)tri_ofi.host->size;

    tri_ofi.can = tri_ofi_can_remote();
    tri_ofi_remote_open();
    tri_ofi.endpoints = calloc(size, sizeof(struct tri_ofi_endpoint *));
    tri_ofi.peers = calloc(size, sizeof(struct tri_ofi_peer));
    if (!tri_ofi.endpoints || !tri_ofi.peers || tri_ofi_send_open() != TRI_OK || tri_ofi_receive_open() != TRI_OK) {
        tri_ofi.host->note("ofi: provider %s: no memory for packets", tri_ofi.info->fabric_attr->prov_name);
        return TRI_FAILED;
    }
    return TRI_OK;
}

static void shut(void *object)
{
    if (object) {
        fi_close((struct fid *)object);
    }
}

static void release(void)
{
    tri_ofi.closing = true;
    shut(tri_ofi.ep);
    if (tri_ofi.endpoints) {
        tri_ofi_receive_close();
        tri_ofi_send_close();
    }
    tri_ofi_queue_close();
    shut(tri_ofi.vector);
    shut(tri_ofi.domain);
    shut(tri_ofi.fabric);
    tri_ofi_drop_endpoints();
    free(tri_ofi.peers);
    if (tri_ofi.info) {
        fi_freeinfo(tri_ofi.info);
    }
    memset(&tri_ofi, 0, sizeof(tri_ofi));
}

static int ofi_open(const struct tri_host *host, struct tri_limits *limits)
{
    memset(&tri_ofi, 0, sizeof(tri_ofi));
    tri_ofi.host = host;
    tri_ofi.info = tri_ofi_choose(host);
    if (!tri_ofi.info || say("fabric", fi_fabric(tri_ofi.info->fabric_attr, &tri_ofi.fabric, NULL)) ||
        say("domain", fi_domain(tri_ofi.fabric, tri_ofi.info, &tri_ofi.domain, NULL)) || open_endpoint() != TRI_OK ||
        open_buffers() != TRI_OK || tri_ofi_publish() != TRI_OK) {
        release();
        return TRI_UNSUPPORTED;
    }
    limits->short_max = TRI_OFI_SHORT_MAX;
    limits->bcopy_max = TRI_OFI_BCOPY_MAX;
    limits->zcopy_min = tri_ofi_sends_in_place() ? TRI_OFI_ZCOPY_MIN : 0;
    limits->notify_max = tri_ofi_notifies() ? TRI_OFI_PART_MAX : 0;
    limits->claims = 0;
    limits->poll_every = 8; /* a poll is a system call */
    return TRI_OK;
}

static void ofi_close(void)
{
    time_t start = tri_ofi_now();

    tri_ofi.closing = true;
    while ((tri_ofi.sends || tri_transfer_active()) && tri_ofi_now() - start < DRAIN_LIMIT) {
        if (tri_ofi_progress(0) == 0) {
            sched_yield();
        }
    }
    if (tri_ofi.sends) {
        tri_ofi.host->note("ofi: %u packets could not leave within %d s", tri_ofi.sends, DRAIN_LIMIT);
    }
    release();
}

static bool ofi_reaches(int peer)
{
    return peer >= 0 && peer < tri_ofi.host->size && peer != tri_ofi.host->rank;
}

static uint32_t ofi_claim(int owner, unsigned counter)
{
    (void)owner;
    (void)counter;
    return UINT32_MAX;
}

static void ofi_claim_reset(unsigned counter)
{
    (void)counter;
}

static const struct tri_transport table = {
    .name = "ofi",
    .open = ofi_open,
    .close = ofi_close,
    .reaches = ofi_reaches,
    .connect = tri_ofi_connect,
    .send_short = tri_ofi_send_short,
    .send_bcopy = tri_ofi_send_bcopy,
    .send_zcopy = tri_ofi_send_zcopy,
    .register_memory = tri_ofi_register,
    .unregister_memory = tri_ofi_unregister,
    .get = tri_ofi_get,
    .put = tri_ofi_put,
    .put_notify = tri_ofi_put_notify,
    .claim = ofi_claim,
    .claim_reset = ofi_claim_reset,
    .progress = tri_ofi_progress,
    .arm = tri_ofi_arm,
    .disarm = tri_ofi_disarm,
    .survey = tri_ofi_survey,
};

const struct tri_transport *tri_ofi_table(void)
{
    return &table;
}

/* The one symbol of the module that the library looks up. */
__attribute__((visibility("default"))) const struct tri_transport *tri_transport_module(void);

const struct tri_transport *tri_transport_module(void)
{
    return &table;
}

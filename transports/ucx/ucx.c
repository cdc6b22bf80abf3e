/* The ucx transport: packets between nodes through UCX's active messages. Table, start, end and waiting. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "../transfer.h"
#include "ucx.h"

#include <poll.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>

struct tri_ucx tri_ucx;

/* How long close() waits for accepted packets to leave, in seconds: a peer that died takes none. */
enum { DRAIN_LIMIT = 10 };

time_t tri_ucx_now(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec;
}

void tri_ucx_fail(int peer, const char *what, ucs_status_t status)
{
    if (!tri_ucx.closing && !tri_ucx.left[peer]) {
        tri_ucx.host->fail(peer, "%s rank %d (UCX): %s", what, peer, ucs_status_string(status));
    }
}

void tri_ucx_lose(struct tri_ucx_endpoint *endpoint, ucs_status_t status)
{
    int peer = endpoint->base.peer;

    endpoint->broken = true;
    if (!tri_ucx.lost.since && !tri_ucx.closing && !tri_ucx.left[peer]) {
        tri_ucx.lost.since = tri_ucx_now();
        tri_ucx.lost.peer = peer;
        tri_ucx.lost.status = status;
    }
}

bool tri_ucx_in_grace(void)
{
    return tri_ucx.lost.since && !tri_ucx.lost.told && !tri_ucx.closing;
}

static void report_loss(void)
{
    if (tri_ucx_in_grace() && tri_ucx_now() - tri_ucx.lost.since >= TRI_UCX_GRACE) {
        tri_ucx.lost.told = true;
        tri_ucx_fail(tri_ucx.lost.peer, "lost the connection to", tri_ucx.lost.status);
    }
}

static void release(void)
{
    tri_ucx.closing = true;
    tri_ucx_context_close();
    for (int peer = 0; tri_ucx.endpoints && peer < tri_ucx.host->size; peer++) {
        free(tri_ucx.endpoints[peer]);
    }
    free(tri_ucx.endpoints);
    free(tri_ucx.expected);
    free(tri_ucx.left);
    tri_ucx_buffers_close();
    tri_ucx_regions_close();
    memset(&tri_ucx, 0, sizeof(tri_ucx));
}

static int open_tables(void)
{
    size_t size = (size_t)tri_ucx.host->size;

    tri_ucx_remote_open();
    tri_ucx.endpoints = calloc(size, sizeof(*tri_ucx.endpoints));
    tri_ucx.expected = calloc(size, sizeof(*tri_ucx.expected));
    tri_ucx.left = calloc(size, sizeof(*tri_ucx.left));
    if (!tri_ucx.endpoints || !tri_ucx.expected || !tri_ucx.left) {
        tri_ucx.host->note("ucx: no memory for the table of peers");
        return TRI_FAILED;
    }
    return TRI_OK;
}

static int ucx_open(const struct tri_host *host, struct tri_limits *limits)
{
    memset(&tri_ucx, 0, sizeof(tri_ucx));
    tri_ucx.host = host;
    if (open_tables() != TRI_OK || tri_ucx_context_open() != TRI_OK || tri_ucx_receive_open() != TRI_OK ||
        tri_ucx_publish() != TRI_OK) {
        release();
        return TRI_UNSUPPORTED;
    }
    limits->short_max = TRI_UCX_SHORT_MAX;
    limits->bcopy_max = TRI_UCX_BCOPY_MAX;
    limits->claims = 0;
    limits->poll_every = 8; /* a poll is a system call */
    return TRI_OK;
}

static int ucx_progress(unsigned lane)
{
    (void)lane;
    int happened = (int)ucp_worker_progress(tri_ucx.worker);

    if (tri_ucx.lost.since) {
        report_loss();
    }
    return happened + tri_transfer_push();
}

static void ucx_close(void)
{
    time_t start = tri_ucx_now();

    tri_ucx.closing = true;
    while ((tri_ucx.sends || tri_transfer_active()) && tri_ucx_now() - start < DRAIN_LIMIT) {
        if (ucx_progress(0) == 0) {
            sched_yield();
        }
    }
    if (tri_ucx.sends) {
        tri_ucx.host->note("ucx: %u messages could not leave within %d s", tri_ucx.sends, DRAIN_LIMIT);
    }
    tri_ucx_disconnect();
    release();
}

static bool ucx_reaches(int peer)
{
    return peer >= 0 && peer < tri_ucx.host->size && peer != tri_ucx.host->rank;
}

static uint32_t ucx_claim(int owner, unsigned counter)
{
    (void)owner;
    (void)counter;
    return UINT32_MAX;
}

static void ucx_claim_reset(unsigned counter)
{
    (void)counter;
}

/* While a peer has not answered a new connection yet, and there is something to send to it, UCX's tcp waits for the
 * connection's socket to be writable, which it is: the descriptor is readable although progress finds nothing to do.
 * The caller is told so, and yields instead of sleeping, until that peer is heard of. */
static bool is_readable(int fd)
{
    struct pollfd poll_fd = {.fd = fd, .events = POLLIN};

    return poll(&poll_fd, 1, 0) != 0;
}

static int ucx_arm(bool as_fd, struct tri_wakeup *wakeup)
{
    (void)as_fd;
    if (tri_ucx_in_grace() || ucp_worker_arm(tri_ucx.worker) != UCS_OK || is_readable(tri_ucx.fd)) {
        return TRI_NO_RESOURCE;
    }
    wakeup->futex = NULL;
    wakeup->value = 0;
    wakeup->fd = tri_ucx.fd;
    return TRI_OK;
}

static void ucx_disarm(void)
{
}

static const struct tri_transport table = {
    .name = "ucx",
    .open = ucx_open,
    .close = ucx_close,
    .reaches = ucx_reaches,
    .connect = tri_ucx_connect,
    .send_short = tri_ucx_send_short,
    .send_bcopy = tri_ucx_send_bcopy,
    .register_memory = tri_ucx_register,
    .unregister_memory = tri_ucx_unregister,
    .get = tri_ucx_get,
    .put = tri_ucx_put,
    .claim = ucx_claim,
    .claim_reset = ucx_claim_reset,
    .progress = ucx_progress,
    .arm = ucx_arm,
    .disarm = ucx_disarm,
    .survey = tri_ucx_survey,
};

const struct tri_transport *tri_ucx_table(void)
{
    return &table;
}

/* The one symbol of the module that the library looks up. */
__attribute__((visibility("default"))) const struct tri_transport *tri_transport_module(void);

const struct tri_transport *tri_transport_module(void)
{
    return &table;
}

/* Addresses: what a process publishes about itself, and the endpoints made from what its peers published. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "ucx.h"

#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

/* Of what is published under "ucx.addr.0", "ucx.addr.1" and so on: a worker with many devices has an address longer
 * than one value may be. */
enum { VALUE_MAX = 1024, ADDRESS_MAX = 16 * VALUE_MAX, KEY_MAX = 32 };

static void name_value(char key[KEY_MAX], size_t index)
{
    snprintf(key, KEY_MAX, "ucx.addr.%zu", index);
}

static int publish_bytes(const char *bytes, size_t len)
{
    char key[KEY_MAX];

    for (size_t at = 0; at < len; at += VALUE_MAX) {
        name_value(key, at / VALUE_MAX);
        if (tri_ucx.host->publish(key, bytes + at, len - at < VALUE_MAX ? len - at : VALUE_MAX) < 0) {
            return TRI_FAILED;
        }
    }
    return TRI_OK;
}

static int publish_address(const void *address, size_t len)
{
    struct tri_ucx_card card = {.version = TRI_UCX_WIRE_VERSION, .address_length = (uint32_t)len};
    char *bytes;
    int result;

    if (len > ADDRESS_MAX || getrandom(tri_ucx.token, sizeof(tri_ucx.token), 0) != sizeof(tri_ucx.token)) {
        tri_ucx.host->note("ucx: its address is too long (%zu bytes), or the kernel gives no random numbers", len);
        return TRI_FAILED;
    }
    bytes = malloc(sizeof(card) + len);
    if (!bytes) {
        tri_ucx.host->note("ucx: no memory for its address");
        return TRI_FAILED;
    }
    memcpy(card.token, tri_ucx.token, sizeof(card.token));
    memcpy(bytes, &card, sizeof(card));
    memcpy(bytes + sizeof(card), address, len);
    result = publish_bytes(bytes, sizeof(card) + len);
    free(bytes);
    return result;
}

int tri_ucx_publish(void)
{
    ucp_worker_attr_t attributes = {.field_mask = UCP_WORKER_ATTR_FIELD_ADDRESS | UCP_WORKER_ATTR_FIELD_ADDRESS_FLAGS,
                                    .address_flags = UCP_WORKER_ADDRESS_FLAG_NET_ONLY};
    ucs_status_t status = ucp_worker_query(tri_ucx.worker, &attributes);
    int result;

    if (status != UCS_OK) {
        tri_ucx.host->note("ucx: it does not tell its own address: %s", ucs_status_string(status));
        return TRI_FAILED;
    }
    result = publish_address(attributes.address, attributes.address_length);
    ucp_worker_release_address(tri_ucx.worker, attributes.address);
    return result;
}

/* Gets what a peer published, and checks that we can talk to it at all. The caller frees the result. */
static char *read_card(int peer, struct tri_ucx_card *card)
{
    char *bytes = malloc(VALUE_MAX + ADDRESS_MAX + VALUE_MAX), key[KEY_MAX];
    size_t len = 0, whole = sizeof(*card);

    for (size_t index = 0; bytes && len < whole; index++) {
        int more;

        name_value(key, index);
        more = tri_ucx.host->lookup(peer, key, bytes + len, VALUE_MAX);
        if (more < 0) {
            tri_ucx.host->fail(peer, "rank %d does not use UCX between nodes: set TRIREME_TRANSPORTS to what all have",
                               peer);
            free(bytes);
            return NULL;
        }
        len += (size_t)more;
        memcpy(card, bytes, sizeof(*card));
        whole = sizeof(*card) + card->address_length;
        if (len < sizeof(*card) || card->version != TRI_UCX_WIRE_VERSION || card->address_length > ADDRESS_MAX ||
            len > whole || (len < whole && more != VALUE_MAX)) {
            tri_ucx.host->fail(peer, "rank %d runs another version of Trireme: use the same one on all nodes", peer);
            free(bytes);
            return NULL;
        }
    }
    return bytes;
}

static void on_error(void *arg, ucp_ep_h ep, ucs_status_t status)
{
    struct tri_ucx_endpoint *endpoint = arg;

    (void)ep;
    tri_ucx_lose(endpoint, status);
    tri_ucx_transfers_break(endpoint);
}

static struct tri_ucx_endpoint *make_endpoint(int peer, const struct tri_ucx_card *card, const char *address)
{
    struct tri_ucx_endpoint *endpoint = calloc(1, sizeof(*endpoint));
    const ucp_ep_params_t params = {
        .field_mask =
            UCP_EP_PARAM_FIELD_REMOTE_ADDRESS | UCP_EP_PARAM_FIELD_ERR_HANDLING_MODE | UCP_EP_PARAM_FIELD_ERR_HANDLER,
        .address = (const ucp_address_t *)address,
        .err_mode = UCP_ERR_HANDLING_MODE_PEER,
        .err_handler = {.cb = on_error, .arg = endpoint},
    };
    ucs_status_t status;

    if (!endpoint) {
        tri_ucx.host->fail(peer, "no memory for the connection to rank %d", peer);
        return NULL;
    }
    memcpy(endpoint->token, card->token, sizeof(endpoint->token));
    endpoint->base =
        (struct tri_endpoint){.transport = tri_ucx_table(), .peer = peer, .can = TRI_CAN_GET | TRI_CAN_PUT};
    status = ucp_ep_create(tri_ucx.worker, &params, &endpoint->ep);
    if (status != UCS_OK) {
        tri_ucx.host->fail(peer, "UCX can not connect to rank %d: %s", peer, ucs_status_string(status));
        free(endpoint);
        return NULL;
    }
    return endpoint;
}

struct tri_endpoint *tri_ucx_connect(unsigned lane, int peer)
{
    (void)lane;
    struct tri_ucx_card card;
    char *bytes;

    if (!tri_ucx.endpoints[peer]) {
        bytes = read_card(peer, &card);
        if (!bytes) {
            return NULL;
        }
        tri_ucx.endpoints[peer] = make_endpoint(peer, &card, bytes + sizeof(card));
        free(bytes);
        if (!tri_ucx.endpoints[peer]) {
            return NULL;
        }
    }
    return &tri_ucx.endpoints[peer]->base;
}

void tri_ucx_stamp(const struct tri_ucx_endpoint *endpoint, struct tri_ucx_stamp *stamp, uint32_t number)
{
    memcpy(stamp->token, endpoint->token, sizeof(stamp->token));
    stamp->peer = (uint32_t)tri_ucx.host->rank;
    stamp->number = number;
}

static void say_goodbye(struct tri_ucx_endpoint *endpoint)
{
    struct tri_ucx_buffer *buffer = endpoint->broken ? NULL : tri_ucx_take(endpoint, 0);

    if (buffer) {
        tri_ucx_stamp(endpoint, &buffer->header.stamp, 0);
        tri_ucx_launch(buffer, TRI_UCX_BYE, sizeof(buffer->header.stamp), NULL, 0, false);
    }
}

/* Ends an endpoint. Returns the request that tells when that is done, or NULL: it is. */
static void *close_endpoint(struct tri_ucx_endpoint *endpoint, bool force)
{
    const ucp_request_param_t param = {.op_attr_mask = UCP_OP_ATTR_FIELD_FLAGS,
                                       .flags = force ? UCP_EP_CLOSE_FLAG_FORCE : 0};
    ucs_status_ptr_t request = ucp_ep_close_nbx(endpoint->ep, &param);

    endpoint->broken = true;
    return UCS_PTR_IS_PTR(request) ? request : NULL;
}

static void progress_until_done(void *request, time_t end)
{
    while (request && ucp_request_check_status(request) == UCS_INPROGRESS && tri_ucx_now() < end) {
        if (ucp_worker_progress(tri_ucx.worker) == 0) {
            sched_yield();
        }
    }
    if (request) {
        ucp_request_free(request);
    }
}

void tri_ucx_disconnect(void)
{
    time_t end = tri_ucx_now() + TRI_UCX_LAST_WORDS;

    for (int peer = 0; peer < tri_ucx.host->size; peer++) {
        if (tri_ucx.endpoints[peer]) {
            say_goodbye(tri_ucx.endpoints[peer]);
        }
    }
    while (tri_ucx.sends && tri_ucx_now() < end) {
        if (ucp_worker_progress(tri_ucx.worker) == 0) {
            sched_yield();
        }
    }
    for (int peer = 0; peer < tri_ucx.host->size; peer++) {
        struct tri_ucx_endpoint *endpoint = tri_ucx.endpoints[peer];

        if (endpoint) {
            progress_until_done(close_endpoint(endpoint, endpoint->broken || tri_ucx_now() >= end), end);
        }
    }
}

/* Sending packets. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "ucx.h"

#include <string.h>

/* Packets that one endpoint may have under way: enough to keep a wire busy, few enough that one peer that does not
 * receive can not take all buffers. */
enum { IN_FLIGHT_MAX = 32 };

static void fill(struct tri_ucx_endpoint *endpoint, struct tri_ucx_packet *packet, const struct tri_envelope *envelope)
{
    tri_ucx_stamp(endpoint, &packet->stamp, endpoint->sequence);
    packet->envelope = *envelope;
}

/* Sends without a buffer what UCX can take at once, which is the usual case. */
static ucs_status_t send_at_once(struct tri_ucx_endpoint *endpoint, const struct tri_envelope *envelope,
                                 const void *payload, size_t len)
{
    const ucp_request_param_t param = {.op_attr_mask = UCP_OP_ATTR_FIELD_FLAGS | UCP_OP_ATTR_FLAG_FORCE_IMM_CMPL,
                                       .flags = UCP_AM_SEND_FLAG_EAGER};
    struct tri_ucx_packet packet;
    ucs_status_ptr_t result;

    if (endpoint->in_flight || endpoint->broken) {
        return UCS_ERR_NO_RESOURCE;
    }
    fill(endpoint, &packet, envelope);
    result = ucp_am_send_nbx(endpoint->ep, TRI_UCX_PACKET, &packet, sizeof(packet), payload, len, &param);
    return UCS_PTR_STATUS(result); /* a macro that evaluates its argument twice */
}

static struct tri_ucx_buffer *take(struct tri_ucx_endpoint *endpoint, const struct tri_envelope *envelope, size_t len)
{
    struct tri_ucx_buffer *buffer = endpoint->in_flight < IN_FLIGHT_MAX ? tri_ucx_take(endpoint, len) : NULL;

    if (buffer) {
        fill(endpoint, &buffer->header.packet, envelope);
        endpoint->sequence++;
        buffer->counted = true;
    }
    return buffer;
}

/* What to answer for an endpoint that is lost: that was, or will be reported. */
static int refuse(struct tri_ucx_endpoint *endpoint)
{
    if (tri_ucx_in_grace()) {
        return TRI_NO_RESOURCE;
    }
    tri_ucx.left[endpoint->base.peer] = false; /* it has left, but is still wanted */
    tri_ucx_fail(endpoint->base.peer, "can not send to", UCS_ERR_CONNECTION_RESET);
    return TRI_FAILED;
}

/* A packet that was accepted may be lost with its endpoint. */
static int launch(struct tri_ucx_buffer *buffer, size_t len)
{
    tri_ucx_launch(buffer, TRI_UCX_PACKET, sizeof(struct tri_ucx_packet), buffer->payload, len, false);
    return TRI_OK;
}

int tri_ucx_send_short(struct tri_endpoint *base, const struct tri_envelope *envelope, const void *payload, size_t len)
{
    struct tri_ucx_endpoint *endpoint = (struct tri_ucx_endpoint *)base;
    ucs_status_t status = send_at_once(endpoint, envelope, payload, len);
    struct tri_ucx_buffer *buffer;

    if (status == UCS_OK) {
        endpoint->sequence++;
        return TRI_OK;
    }
    if (status != UCS_ERR_NO_RESOURCE) {
        tri_ucx_lose(endpoint, status);
    }
    if (endpoint->broken) {
        return refuse(endpoint);
    }
    buffer = take(endpoint, envelope, len);
    if (!buffer) {
        return TRI_NO_RESOURCE;
    }
    if (len) {
        memcpy(buffer->payload, payload, len);
    }
    return launch(buffer, len);
}

int tri_ucx_send_bcopy(struct tri_endpoint *base, const struct tri_envelope *envelope, tri_pack_fn *pack, void *arg,
                       size_t len)
{
    struct tri_ucx_endpoint *endpoint = (struct tri_ucx_endpoint *)base;
    struct tri_ucx_buffer *buffer;

    if (endpoint->broken) {
        return refuse(endpoint);
    }
    buffer = take(endpoint, envelope, len);
    if (!buffer) {
        return TRI_NO_RESOURCE;
    }
    pack(arg, buffer->payload, len);
    return launch(buffer, len);
}

/* Receiving: handlers of UCX's active messages, and the checks that a message passes before it is believed. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "ucx.h"

#include <string.h>

/* Says once that somebody who is not of this job sends to us, and goes on without them. */
static int refuse(const char *what)
{
    if (!tri_ucx.stranger_noted) {
        tri_ucx.host->note("ucx: refused a message that %s; somebody outside this job sends to it", what);
    }
    tri_ucx.stranger_noted = true;
    return -1;
}

int tri_ucx_accept(const void *header, size_t header_length, void *copy, size_t expected)
{
    struct tri_ucx_stamp stamp;

    if (header_length != expected) {
        return refuse("has another length");
    }
    memcpy(copy, header, expected);
    memcpy(&stamp, copy, sizeof(stamp));
    if (memcmp(stamp.token, tri_ucx.token, sizeof(stamp.token)) != 0) {
        return refuse("does not carry the secret of this process");
    }
    if (stamp.peer >= (uint32_t)tri_ucx.host->size) {
        return refuse("names a rank that does not exist");
    }
    return (int)stamp.peer;
}

static ucs_status_t on_packet(void *arg, const void *header, size_t header_length, void *data, size_t len,
                              const ucp_am_recv_param_t *param)
{
    struct tri_ucx_packet packet;
    int peer = tri_ucx_accept(header, header_length, &packet, sizeof(packet));

    (void)arg;
    if (peer < 0 || tri_ucx.closing || (param->recv_attr & UCP_AM_RECV_ATTR_FLAG_RNDV)) {
        return UCS_OK;
    }
    if (packet.stamp.number != tri_ucx.expected[peer]) {
        tri_ucx.host->fail(peer, "the connection from rank %d broke: packet %u came where %u was due (UCX)", peer,
                           packet.stamp.number, tri_ucx.expected[peer]);
        return UCS_OK;
    }
    tri_ucx.expected[peer]++;
    tri_ucx.host->deliver(0, peer, &packet.envelope, data, len);
    return UCS_OK;
}

static ucs_status_t on_bye(void *arg, const void *header, size_t header_length, void *data, size_t len,
                           const ucp_am_recv_param_t *param)
{
    struct tri_ucx_stamp stamp;
    int peer = tri_ucx_accept(header, header_length, &stamp, sizeof(stamp));

    (void)arg;
    (void)data;
    (void)len;
    (void)param;
    if (peer >= 0) {
        tri_ucx.left[peer] = true;
    }
    return UCS_OK;
}

static void on_fetched(void *request, ucs_status_t status, size_t len, void *user_data)
{
    struct tri_ucx_fetch *fetch = user_data;

    (void)len;
    ucp_request_free(request);
    fetch->done(fetch, status == UCS_OK ? TRI_OK : TRI_FAILED);
}

ucs_status_t tri_ucx_receive_data(void *to, void *data, size_t len, const ucp_am_recv_param_t *param,
                                  struct tri_ucx_fetch *fetch)
{
    const ucp_request_param_t wish = {.op_attr_mask = UCP_OP_ATTR_FIELD_CALLBACK | UCP_OP_ATTR_FIELD_USER_DATA,
                                      .cb.recv_am = on_fetched,
                                      .user_data = fetch};
    ucs_status_ptr_t request;

    if (!(param->recv_attr & UCP_AM_RECV_ATTR_FLAG_RNDV)) {
        memcpy(to, data, len);
        fetch->done(fetch, TRI_OK);
        return UCS_OK;
    }
    request = ucp_am_recv_data_nbx(tri_ucx.worker, data, to, len, &wish);
    if (!UCS_PTR_IS_PTR(request)) {
        fetch->done(fetch, UCS_PTR_IS_ERR(request) ? TRI_FAILED : TRI_OK);
        return UCS_OK;
    }
    return UCS_INPROGRESS;
}

int tri_ucx_receive_open(void)
{
    static const ucp_am_recv_callback_t handlers[TRI_UCX_KINDS] = {
        [TRI_UCX_PACKET] = on_packet,   [TRI_UCX_WANT] = tri_ucx_on_want, [TRI_UCX_DATA] = tri_ucx_on_data,
        [TRI_UCX_PUT] = tri_ucx_on_put, [TRI_UCX_DONE] = tri_ucx_on_done, [TRI_UCX_BYE] = on_bye,
    };

    for (unsigned kind = 0; kind < TRI_UCX_KINDS; kind++) {
        const ucp_am_handler_param_t param = {.field_mask =
                                                  UCP_AM_HANDLER_PARAM_FIELD_ID | UCP_AM_HANDLER_PARAM_FIELD_CB,
                                              .id = kind,
                                              .cb = handlers[kind]};
        ucs_status_t status = ucp_worker_set_am_recv_handler(tri_ucx.worker, &param);

        if (status != UCS_OK) {
            tri_ucx.host->note("ucx: can not receive: %s", ucs_status_string(status));
            return TRI_FAILED;
        }
    }
    return TRI_OK;
}

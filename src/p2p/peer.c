/* Peers: connecting, what waits for room on the way to each, and credit. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdlib.h>
#include <string.h>

#include "../runtime/job.h"
#include "../runtime/log.h"
#include "../runtime/variables.h"
#include "engine.h"

int64_t tri_peer_window;

/* All peers together may have this much unreceived here, in each lane. */
static const int64_t window_total = INT64_C(64) << 20;
static const int64_t window_least = 32768;

void tri_peers_choose_window(void)
{
    int64_t share = TRI_MAX(window_total / tri_job.size, window_least);
    tri_peer_window = TRI_MIN(tri_variable_number(TRI_VAR_EAGER_CREDIT), share);
}

int tri_peers_start(struct tri_engine *engine)
{
    engine->controls = (struct tri_pool){.size = sizeof(struct tri_control) + sizeof(struct tri_object)};
    engine->peers = calloc((size_t)tri_job.size, sizeof *engine->peers);
    if (!engine->peers) {
        tri_log_error("out of memory");
        return -1;
    }
    for (int i = 0; i < tri_job.size; i++) {
        struct tri_peer *peer = &engine->peers[i];
        peer->engine = engine;
        peer->counters = engine->counters;
        peer->process = i;
        peer->credit = tri_peer_window;
        peer->controls_end = &peer->controls;
        peer->sends_end = &peer->sends;
        peer->streams_end = &peer->streams;
        peer->grants_end = &peer->grants;
    }
    return 0;
}

void tri_peers_end(struct tri_engine *engine)
{
    free(engine->peers);
    tri_pool_end(&engine->controls);
}

struct tri_peer *tri_peer_connect_new(struct tri_peer *peer)
{
    const struct tri_open_transport *carrier = tri_transports_for(peer->process);
    peer->transport = carrier->ops;
    peer->short_max = carrier->limits.short_max;
    peer->eager_max = TRI_MIN((size_t)tri_variable_number(TRI_VAR_EAGER_MAX), carrier->limits.bcopy_max);
    peer->ep = carrier->ops->connect(peer->engine->lane, peer->process);
    if (!peer->ep) {
        tri_log_fatal(1, "no connection to rank %d of the job over %s", peer->process, carrier->ops->name);
    }
    peer->eager_unasked = tri_way_unasked(peer, carrier->limits.claims > 0);
    peer->push_max = carrier->limits.notify_max;
    peer->zcopy_min = carrier->limits.zcopy_min ? carrier->limits.zcopy_min : SIZE_MAX;
    peer->eager_now = TRI_MIN(peer->eager_unasked, peer->zcopy_min - 1);
    return peer;
}

unsigned tri_peer_can(struct tri_peer *peer)
{
    return peer->transport->connect(peer->engine->lane, peer->process)->can;
}

static void wait_for_room(struct tri_peer *peer)
{
    if (!peer->waiting) {
        peer->waiting = true;
        peer->next_waiting = peer->engine->waiting;
        peer->engine->waiting = peer;
        peer->engine->work++;
    }
}

static int send_control(struct tri_peer *peer, const struct tri_envelope *envelope, const void *payload, size_t len)
{
    return peer->transport->send_short(peer->ep, envelope, payload, len);
}

void tri_peer_control(struct tri_peer *peer, enum tri_packet_kind kind, const void *payload, size_t len)
{
    if (!peer->ep) {
        tri_peer_connect_new(peer);
    }
    const struct tri_envelope envelope = {.kind = (uint8_t)kind, .version = TRI_PACKET_VERSION};
    if (!peer->controls && send_control(peer, &envelope, payload, len) == TRI_OK) {
        return;
    }
    struct tri_object *object = tri_pool_take(&peer->engine->controls);
    struct tri_control *control = (struct tri_control *)(void *)(object + 1);
    *control = (struct tri_control){.envelope = envelope, .len = len};
    memcpy(control->payload, payload, len);
    *peer->controls_end = control;
    peer->controls_end = &control->next;
    wait_for_room(peer);
}

void tri_peer_queue_send(struct tri_peer *peer, struct tri_request *request)
{
    peer->counters->room_stalls++;
    request->next = NULL;
    *peer->sends_end = request;
    peer->sends_end = &request->next;
    wait_for_room(peer);
}

void tri_peer_queue_stream(struct tri_peer *peer, struct tri_rendezvous *transfer)
{
    transfer->next = NULL;
    *peer->streams_end = transfer;
    peer->streams_end = &transfer->next;
    wait_for_room(peer);
}

void tri_peer_repay(struct tri_peer *peer)
{
    const struct tri_fin credit = {.number = (uint64_t)peer->owed};
    peer->owed = 0;
    tri_peer_control(peer, TRI_PACKET_CREDIT, &credit, sizeof credit);
}

static int flush_controls(struct tri_peer *peer)
{
    int sent = 0;
    while (peer->controls) {
        struct tri_control *control = peer->controls;
        if (send_control(peer, &control->envelope, control->payload, control->len) != TRI_OK) {
            return sent;
        }
        peer->controls = control->next;
        if (!peer->controls) {
            peer->controls_end = &peer->controls;
        }
        tri_pool_give(&peer->engine->controls, (struct tri_object *)(void *)control - 1);
        sent++;
    }
    return sent;
}

/* An operation leaves its list before it completes: its completion may start another one to the same peer, or give the
 * object back. */
static int flush_sends(struct tri_peer *peer)
{
    int sent = 0;
    while (peer->sends) {
        struct tri_request *request = peer->sends;
        int result = tri_send_try(peer, request);
        if (result == TRI_NO_RESOURCE) {
            break;
        }
        peer->sends = request->next;
        if (!peer->sends) {
            peer->sends_end = &peer->sends;
        }
        if (result == TRI_OK) {
            tri_request_complete(request);
        }
        sent++;
    }
    return sent;
}

static int flush_streams(struct tri_peer *peer)
{
    int moved = 0;
    while (peer->streams) {
        struct tri_rendezvous *transfer = peer->streams;
        int result = tri_rendezvous_stream(peer, transfer, &moved);
        if (result == TRI_NO_RESOURCE) {
            break;
        }
        peer->streams = transfer->next;
        if (!peer->streams) {
            peer->streams_end = &peer->streams;
        }
        if (result == TRI_OK) {
            tri_rendezvous_stream_end(transfer);
        }
        moved += result == TRI_IN_PROGRESS; /* it may end without waking anybody */
    }
    return moved;
}

int tri_peers_progress(struct tri_engine *engine)
{
    int moved = 0;
    struct tri_peer **link = &engine->waiting;
    while (*link) {
        struct tri_peer *peer = *link;
        moved += flush_controls(peer);
        if (!peer->controls) {
            moved += flush_sends(peer);
        }
        if (!peer->controls && !peer->sends) {
            moved += flush_streams(peer);
        }
        if (peer->controls || peer->sends || peer->streams) {
            link = &peer->next_waiting;
            continue;
        }
        /* Peers that joined meanwhile stand before this one in the list. */
        for (link = &engine->waiting; *link != peer; link = &(*link)->next_waiting) {
        }
        *link = peer->next_waiting;
        peer->waiting = false;
        engine->work--;
    }
    return moved;
}

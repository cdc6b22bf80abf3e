/* Rendezvous: the message waits at the sender until a receive takes it. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <string.h>

#include "../runtime/log.h"
#include "engine.h"

static struct tri_rendezvous *make(struct tri_peer *peer, struct tri_request *request, int64_t size)
{
    struct tri_engine *engine = peer->engine;
    struct tri_rendezvous *transfer = tri_pool_take(&engine->transfers);
    struct tri_object object = transfer->object;
    *transfer = (struct tri_rendezvous){.object = object, .request = request, .peer = peer, .size = size};
    transfer->slot = tri_slot_take(&engine->slots, transfer);
    if (request->op.type->contiguous) {
        transfer->address = request->op.buffer;
    }
    engine->under_way++;
    return transfer;
}

void tri_rendezvous_end(struct tri_rendezvous *transfer)
{
    if (transfer->registered) {
        transfer->peer->transport->unregister_memory(transfer->memory);
    }
    struct tri_engine *engine = transfer->peer->engine;
    tri_slot_give(&engine->slots, transfer->slot);
    tri_pool_give(&engine->transfers, transfer);
    engine->under_way--;
}

void tri_transfers_start(struct tri_engine *engine)
{
    engine->transfers = (struct tri_pool){.size = sizeof(struct tri_rendezvous)};
    tri_slots_start(&engine->slots);
    engine->shares_end = &engine->shares;
    tri_ways_start(engine);
}

void tri_transfers_end(struct tri_engine *engine)
{
    tri_pool_end(&engine->transfers);
    tri_slots_end(&engine->slots);
    tri_pool_end(&engine->ways);
}

void tri_rendezvous_complete(struct tri_rendezvous *transfer)
{
    if (transfer->tried) {
        tri_way_took(transfer);
    }
    struct tri_request *request = transfer->request;
    transfer->request = NULL;
    request->announced = NULL;
    tri_request_complete(request);
}

/* ---- sender ---- */

int tri_rendezvous_announce(struct tri_peer *peer, struct tri_request *request, const struct tri_envelope *envelope)
{
    struct tri_rendezvous *transfer = make(peer, request, request->bytes);
    transfer->sender = true;
    struct tri_rts rts = {.size = (uint64_t)request->bytes, .sender = transfer->slot};
    if (tri_push_is_possible(transfer)) {
        rts.pushes = 1;
    } else if (transfer->address && transfer->size > 0 && (peer->ep->can & TRI_CAN_GET || peer->transport->claim)) {
        struct tri_remote_key key;
        transfer->registered = peer->transport->register_memory(transfer->address, (size_t)transfer->size, &key,
                                                                &transfer->memory) == TRI_OK;
        if (transfer->registered) {
            rts.address = (uint64_t)(uintptr_t)transfer->address;
            rts.key = key.word;
        }
    }
    if (peer->transport->send_short(peer->ep, envelope, &rts, sizeof rts) != TRI_OK) {
        tri_rendezvous_end(transfer);
        return TRI_NO_RESOURCE;
    }
    request->announced = transfer;
    peer->counters->announced++;
    peer->counters->announced_bytes += (uint64_t)request->bytes;
    tri_event_about(TRI_EVENT_ANNOUNCED, peer->process, request->op.tag, request->bytes);
    return TRI_IN_PROGRESS;
}

struct piece {
    const struct tri_rendezvous *transfer;
    struct tri_data data;
};

static void pack_piece(void *arg, void *dest, size_t len)
{
    const struct piece *piece = arg;
    memcpy(dest, &piece->data, sizeof piece->data);
    const struct tri_operation *op = &piece->transfer->request->op;
    tri_datatype_copy(op->type, op->buffer, (int64_t)piece->data.offset, (char *)dest + sizeof piece->data,
                      (int64_t)(len - sizeof piece->data), TRI_PACK);
}

static int send_pieces(struct tri_peer *peer, struct tri_rendezvous *transfer, int *moved)
{
    const struct tri_envelope envelope = {.kind = TRI_PACKET_DATA, .version = TRI_PACKET_VERSION};
    int64_t most = (int64_t)(tri_transports_for(peer->process)->limits.bcopy_max - sizeof(struct tri_data));
    while (transfer->moved < transfer->size) {
        struct piece piece = {.transfer = transfer,
                              .data = {.receiver = transfer->other, .offset = (uint64_t)transfer->moved}};
        int64_t len = TRI_MIN(most, transfer->size - transfer->moved);
        int result =
            peer->transport->send_bcopy(peer->ep, &envelope, pack_piece, &piece, (size_t)len + sizeof(struct tri_data));
        if (result == TRI_NO_RESOURCE) {
            return result;
        }
        transfer->moved += len;
        ++*moved;
    }
    return TRI_OK;
}

/* ---- receiver ---- */

void tri_rendezvous_finish_receive(struct tri_rendezvous *transfer)
{
    const struct tri_fin fin = {.slot = transfer->other};
    tri_peer_control(transfer->peer, TRI_PACKET_FIN, &fin, sizeof fin);
    tri_rendezvous_complete(transfer);
}

static void end_read(struct tri_rendezvous *transfer)
{
    transfer->peer->counters->read++;
    tri_rendezvous_finish_receive(transfer);
    tri_rendezvous_end(transfer);
}

static void got(struct tri_completion *completion, int status)
{
    struct tri_rendezvous *transfer = tri_container_of(completion, struct tri_rendezvous, completion);
    if (status != TRI_OK) {
        tri_log_fatal(1, "reading %lld bytes from rank %d of the job failed", (long long)transfer->size,
                      transfer->peer->process);
    }
    end_read(transfer);
}

void tri_rendezvous_ask_for_pieces(struct tri_rendezvous *transfer)
{
    transfer->peer->counters->streamed++;
    const struct tri_cts cts = {
        .sender = transfer->other, .receiver = transfer->slot, .number = tri_way_grant(transfer)};
    tri_peer_control(transfer->peer, TRI_PACKET_CTS, &cts, sizeof cts);
}

/* Reads the message from the sender's memory. TRI_OK, TRI_IN_PROGRESS or TRI_NO_RESOURCE. */
static int pull(struct tri_rendezvous *transfer)
{
    struct tri_peer *peer = transfer->peer;
    transfer->completion.done = got;
    int result = peer->transport->get(peer->ep, transfer->address, transfer->other_address, &transfer->key,
                                      (size_t)transfer->size, &transfer->completion);
    if (result == TRI_UNSUPPORTED) {
        tri_rendezvous_ask_for_pieces(transfer);
        return TRI_IN_PROGRESS;
    }
    return result;
}

int tri_rendezvous_stream(struct tri_peer *peer, struct tri_rendezvous *transfer, int *moved)
{
    if (!transfer->sender) {
        return pull(transfer);
    }
    return transfer->pushed ? tri_push_write(transfer) : send_pieces(peer, transfer, moved);
}

void tri_rendezvous_stream_end(struct tri_rendezvous *transfer)
{
    if (transfer->sender) {
        tri_rendezvous_complete(transfer);
        tri_rendezvous_end(transfer);
    } else {
        end_read(transfer);
    }
}

static enum tri_way choose_way(struct tri_rendezvous *transfer, const struct tri_rts *rts)
{
    unsigned can = tri_peer_can(transfer->peer);
    if (!rts->address || !transfer->address || !(can & TRI_CAN_GET)) {
        return TRI_WAY_PIECES;
    }
    return can & TRI_CAN_CLAIM ? tri_way_choose(transfer) : TRI_WAY_DIRECT;
}

static void refuse(struct tri_peer *peer, struct tri_request *request, const struct tri_rts *rts)
{
    const struct tri_fin fin = {.slot = rts->sender};
    tri_peer_control(peer, TRI_PACKET_FIN, &fin, sizeof fin);
    tri_request_complete(request);
}

void tri_rendezvous_accept(struct tri_request *request, struct tri_peer *peer, const struct tri_envelope *envelope,
                           const struct tri_rts *rts)
{
    if (!peer->ep) {
        tri_peer_connect_new(peer);
    }
    peer->counters->accepted++;
    peer->counters->accepted_bytes += rts->size;
    if (!tri_receive_accept(request, envelope->source, envelope->tag, (int64_t)rts->size) || rts->size == 0) {
        refuse(peer, request, rts);
        return;
    }
    struct tri_rendezvous *transfer = make(peer, request, (int64_t)rts->size);
    transfer->other = rts->sender;
    transfer->other_address = rts->address;
    transfer->key.word = rts->key;
    if (rts->pushes && tri_push_is_possible(transfer) && tri_push_grant(transfer)) {
        return;
    }
    enum tri_way way = choose_way(transfer, rts);
    if (way == TRI_WAY_PIECES) {
        tri_rendezvous_ask_for_pieces(transfer);
    } else if (way == TRI_WAY_DIRECT || !tri_share_offer(transfer)) {
        int result = pull(transfer);
        if (result == TRI_OK) {
            end_read(transfer);
        } else if (result == TRI_NO_RESOURCE) {
            tri_peer_queue_stream(peer, transfer);
        }
    }
}

static bool arrive_piece(struct tri_peer *peer, const void *payload, size_t len)
{
    struct tri_data data;
    if (len < sizeof data) {
        return false;
    }
    memcpy(&data, payload, sizeof data);
    struct tri_rendezvous *transfer = tri_slot_object(&peer->engine->slots, data.receiver);
    int64_t bytes = (int64_t)(len - sizeof data);
    if (!transfer || transfer->peer != peer || transfer->sender || !transfer->request ||
        data.offset != (uint64_t)transfer->moved || bytes > transfer->size - transfer->moved) {
        return false;
    }
    const struct tri_operation *op = &transfer->request->op;
    tri_datatype_copy(op->type, op->buffer, transfer->moved, (char *)(uintptr_t)payload + sizeof data, bytes,
                      TRI_UNPACK);
    transfer->moved += bytes;
    if (transfer->moved == transfer->size) {
        tri_rendezvous_complete(transfer);
        tri_rendezvous_end(transfer);
    }
    return true;
}

/* ---- control packets ---- */

static bool arrive_fin(struct tri_rendezvous *transfer, uint64_t granted)
{
    if (!transfer->sender || !transfer->request || transfer->pushed) {
        return false;
    }
    if (granted > 0) {
        tri_way_permit(transfer->peer, transfer->size, (uint32_t)granted);
    }
    tri_rendezvous_complete(transfer);
    /* A sender that was asked to help copying has to answer first, see share.c. */
    if (!transfer->pieces || transfer->told) {
        tri_rendezvous_end(transfer);
    }
    return true;
}

static bool arrive_cts(struct tri_peer *peer, enum tri_packet_kind kind, const struct tri_cts *cts)
{
    struct tri_rendezvous *transfer = tri_slot_object(&peer->engine->slots, cts->sender);
    if (!transfer || transfer->peer != peer || !transfer->sender || !transfer->request || transfer->other) {
        return false;
    }
    transfer->other = cts->receiver;
    if (kind == TRI_PACKET_SHARE) {
        return tri_share_help(transfer, cts);
    }
    tri_way_permit(peer, transfer->size, cts->number);
    tri_peer_queue_stream(peer, transfer);
    return true;
}

static bool arrive_number(struct tri_peer *peer, enum tri_packet_kind kind, const struct tri_fin *fin)
{
    if (kind == TRI_PACKET_CREDIT) {
        peer->credit += (int64_t)fin->number;
        return true;
    }
    if (kind == TRI_PACKET_CANCEL) {
        return tri_cancel_asked(peer, fin);
    }
    struct tri_rendezvous *transfer = tri_slot_object(&peer->engine->slots, fin->slot);
    if (!transfer || transfer->peer != peer) {
        return false;
    }
    switch (kind) {
    case TRI_PACKET_FIN: return arrive_fin(transfer, fin->number);
    case TRI_PACKET_SHARED: return tri_share_told(transfer, fin->number);
    default: return tri_cancel_granted(transfer);
    }
}

bool tri_rendezvous_packet(struct tri_peer *peer, int kind, const void *payload, size_t len)
{
    union {
        struct tri_cts cts;
        struct tri_put put;
        struct tri_fin fin;
    } copy;
    switch (kind) {
    case TRI_PACKET_DATA: return arrive_piece(peer, payload, len);
    case TRI_PACKET_CTS:
    case TRI_PACKET_SHARE:
        memcpy(&copy, payload, TRI_MIN(len, sizeof copy));
        return len == sizeof copy.cts && arrive_cts(peer, (enum tri_packet_kind)kind, &copy.cts);
    case TRI_PACKET_PUT:
        memcpy(&copy, payload, TRI_MIN(len, sizeof copy));
        return len == sizeof copy.put && tri_push_granted(peer, &copy.put);
    case TRI_PACKET_FIN:
    case TRI_PACKET_SHARED:
    case TRI_PACKET_CREDIT:
    case TRI_PACKET_CANCEL:
    case TRI_PACKET_CANCELLED:
        memcpy(&copy, payload, TRI_MIN(len, sizeof copy));
        return len == sizeof copy.fin && arrive_number(peer, (enum tri_packet_kind)kind, &copy.fin);
    default: return false;
    }
}

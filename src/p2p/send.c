/* Sending: eager at once where credit and room allow, announced otherwise. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "../runtime/log.h"
#include "engine.h"

static void pack(void *arg, void *dest, size_t len)
{
    const struct tri_operation *op = arg;
    tri_datatype_copy(op->type, op->buffer, 0, dest, (int64_t)len, TRI_PACK);
}

static struct tri_envelope envelope_of(const struct tri_operation *op, enum tri_packet_kind kind)
{
    return (struct tri_envelope){.kind = (uint8_t)kind,
                                 .version = TRI_PACKET_VERSION,
                                 .context = op->context,
                                 .source = op->comm->source,
                                 .tag = op->tag};
}

static bool has_credit(const struct tri_peer *peer, int64_t bytes)
{
    return peer->credit >= bytes + TRI_EAGER_OVERHEAD;
}

/* Eager, without regard to what is queued before it. With a completion out of the program's memory, which is free when
 * that is called if the result is TRI_IN_PROGRESS. */
static int send_eager(struct tri_peer *peer, const struct tri_operation *op, int64_t bytes,
                      struct tri_completion *completion)
{
    const struct tri_envelope envelope = envelope_of(op, TRI_PACKET_EAGER);
    int result;
    if ((size_t)bytes <= peer->short_max && op->type->contiguous) {
        result = peer->transport->send_short(peer->ep, &envelope, op->buffer, (size_t)bytes);
    } else if (completion) {
        result = peer->transport->send_zcopy(peer->ep, &envelope, op->buffer, (size_t)bytes, completion);
    } else {
        result = peer->transport->send_bcopy(peer->ep, &envelope, pack, (void *)(uintptr_t)op, (size_t)bytes);
    }
    if (TRI_LIKELY(result == TRI_OK || result == TRI_IN_PROGRESS)) {
        peer->credit -= bytes + TRI_EAGER_OVERHEAD;
        peer->counters->eager_sent++;
        peer->counters->eager_sent_bytes += (uint64_t)bytes;
    } else if (result != TRI_NO_RESOURCE) {
        tri_log_fatal(1, "sending %lld bytes to rank %d of the job over %s failed", (long long)bytes, peer->process,
                      peer->transport->name);
    }
    return result;
}

/* What fails has been reported by the transport. */
static void has_left(struct tri_completion *completion, int status)
{
    (void)status;
    struct tri_request *request = tri_container_of(completion, struct tri_request, completion);
    request->op.match->engine->under_way--;
    tri_request_complete(request);
}

static int send_request(struct tri_peer *peer, struct tri_request *request)
{
    bool in_place = (uint64_t)request->bytes >= peer->zcopy_min && request->op.type->contiguous;
    request->completion.done = has_left;
    int result = send_eager(peer, &request->op, request->bytes, in_place ? &request->completion : NULL);
    peer->engine->under_way += result == TRI_IN_PROGRESS;
    return result;
}

int tri_send_try(struct tri_peer *peer, struct tri_request *request)
{
    bool short_enough = (uint64_t)request->bytes <= peer->eager_max && request->mode != TRI_SEND_SYNCHRONOUS;
    bool counted = short_enough && (uint64_t)request->bytes > peer->eager_unasked;
    if (counted && tri_way_announces(peer, request)) {
        short_enough = counted = false;
    }
    bool has_room = short_enough && has_credit(peer, request->bytes);
    bool asks = has_room && counted && tri_way_asks(peer, request);
    if (has_room && !asks) {
        int result = send_request(peer, request);
        if (counted && result == TRI_OK) {
            tri_way_sent(peer, request->bytes);
        }
        return result;
    }
    const struct tri_envelope envelope = envelope_of(&request->op, asks ? TRI_PACKET_ASK : TRI_PACKET_RTS);
    int result = tri_rendezvous_announce(peer, request, &envelope);
    if (asks && result == TRI_IN_PROGRESS) {
        peer->credit -= request->bytes + TRI_EAGER_OVERHEAD;
    } else if (short_enough && result == TRI_IN_PROGRESS) {
        peer->counters->credit_stalls++;
        tri_event_about(TRI_EVENT_STALL, peer->process, request->op.tag, request->bytes);
    }
    return result;
}

void tri_p2p_start_send(struct tri_request *request)
{
    const struct tri_operation *op = &request->op;
    struct tri_peer *peer = tri_peer_of(op);
    request->complete = false;
    request->bytes = op->count * op->type->size;
    request->outcome = (struct tri_outcome){.source = MPI_ANY_SOURCE, .tag = MPI_ANY_TAG};
    /* Behind what waits already: messages do not overtake each other. */
    int result = peer->sends || peer->controls ? TRI_NO_RESOURCE : tri_send_try(peer, request);
    if (result == TRI_OK) {
        tri_request_complete(request);
    } else if (result == TRI_NO_RESOURCE) {
        tri_peer_queue_send(peer, request);
    }
}

/* The shortest way of the most frequent case: a message that fits a short packet and may go now. */
static inline bool send_now(const struct tri_operation *op, enum tri_send_mode mode)
{
    struct tri_peer *peer = tri_peer_of(op);
    int64_t bytes = op->count * op->type->size;
    if (TRI_UNLIKELY((uint64_t)bytes > peer->eager_now || mode == TRI_SEND_SYNCHRONOUS || peer->sends ||
                     peer->controls || !has_credit(peer, bytes))) {
        return false;
    }
    return send_eager(peer, op, bytes, NULL) == TRI_OK;
}

int tri_p2p_send(const struct tri_operation *op, enum tri_send_mode mode)
{
    if (TRI_LIKELY(send_now(op, mode))) {
        return MPI_SUCCESS;
    }
    struct tri_request *request = tri_request_take_in(op->match->lane, TRI_REQUEST_SEND);
    request->op = *op;
    request->mode = (uint8_t)mode;
    tri_p2p_start_send(request);
    tri_request_wait(request);
    tri_request_give(request);
    return MPI_SUCCESS;
}

struct tri_request *tri_p2p_isend(const struct tri_operation *op, enum tri_send_mode mode)
{
    if (TRI_LIKELY(send_now(op, mode))) {
        return &tri_request_sent;
    }
    struct tri_request *request = tri_request_take_in(op->match->lane, TRI_REQUEST_SEND);
    request->op = *op;
    request->mode = (uint8_t)mode;
    tri_request_hold(request);
    tri_p2p_start_send(request);
    return request;
}

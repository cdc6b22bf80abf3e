/* Pushing: a rendezvous in which the receiver says where, and the sender writes there. One packet less than with a
 * read, and the sender is done one journey sooner. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "../runtime/log.h"
#include "engine.h"

_Static_assert((int)TRI_SLOT_BITS <= (int)TRI_NOTICE_BITS, "a slot's name is the word of a write");

bool tri_push_is_possible(const struct tri_rendezvous *transfer)
{
    return transfer->address && transfer->size > 0 && (uint64_t)transfer->size <= transfer->peer->push_max;
}

/* ---- receiver ---- */

/* One message of the longest kind comes while the place for the next one is told. More of them would lie in the
 * kernel's buffers until they have grown cold. */
static bool has_turn(const struct tri_rendezvous *transfer)
{
    const struct tri_peer *peer = transfer->peer;
    return peer->pushing == 0 || peer->pushing + (uint64_t)transfer->size <= 2 * peer->push_max;
}

static bool grant(struct tri_rendezvous *transfer)
{
    struct tri_peer *peer = transfer->peer;
    transfer->registered = peer->transport->register_memory(transfer->address, (size_t)transfer->size, &transfer->key,
                                                            &transfer->memory) == TRI_OK;
    if (!transfer->registered) {
        return false;
    }
    const struct tri_put put = {.sender = transfer->other,
                                .receiver = transfer->slot,
                                .address = (uint64_t)(uintptr_t)transfer->address,
                                .key = transfer->key.word};
    transfer->pushed = true;
    peer->pushing += (uint64_t)transfer->size;
    tri_peer_control(peer, TRI_PACKET_PUT, &put, sizeof put);
    return true;
}

static void grant_next(struct tri_peer *peer)
{
    while (peer->grants && has_turn(peer->grants)) {
        struct tri_rendezvous *transfer = peer->grants;
        peer->grants = transfer->next;
        if (!peer->grants) {
            peer->grants_end = &peer->grants;
        }
        if (!grant(transfer)) {
            tri_rendezvous_ask_for_pieces(transfer);
        }
    }
}

bool tri_push_grant(struct tri_rendezvous *transfer)
{
    struct tri_peer *peer = transfer->peer;
    if (!peer->grants && has_turn(transfer)) {
        return grant(transfer);
    }
    transfer->next = NULL;
    *peer->grants_end = transfer;
    peer->grants_end = &transfer->next;
    return true;
}

void tri_push_arrived(unsigned lane, uint64_t notice)
{
    struct tri_rendezvous *transfer = tri_slot_object(&tri_engines[lane].slots, notice);
    if (!transfer || transfer->sender || !transfer->pushed) {
        return; /* of no message that we wait for */
    }
    struct tri_peer *peer = transfer->peer;
    peer->pushing -= (uint64_t)transfer->size;
    peer->counters->written++;
    grant_next(peer);
    tri_rendezvous_complete(transfer);
    tri_rendezvous_end(transfer);
}

/* ---- sender ---- */

static void has_left(struct tri_completion *completion, int status)
{
    (void)status; /* what fails has been reported by the transport */
    tri_rendezvous_stream_end(tri_container_of(completion, struct tri_rendezvous, completion));
}

int tri_push_write(struct tri_rendezvous *transfer)
{
    struct tri_peer *peer = transfer->peer;
    transfer->completion.done = has_left;
    int result = peer->transport->put_notify(peer->ep, transfer->address, transfer->other_address, &transfer->key,
                                             (size_t)transfer->size, transfer->other, &transfer->completion);
    if (result != TRI_OK && result != TRI_IN_PROGRESS && result != TRI_NO_RESOURCE) {
        tri_log_fatal(1, "sending %lld bytes to rank %d of the job over %s failed", (long long)transfer->size,
                      peer->process, peer->transport->name);
    }
    return result;
}

bool tri_push_granted(struct tri_peer *peer, const struct tri_put *put)
{
    struct tri_rendezvous *transfer = tri_slot_object(&peer->engine->slots, put->sender);
    if (!transfer || transfer->peer != peer || !transfer->sender || !transfer->request || transfer->other ||
        !tri_push_is_possible(transfer) || put->receiver == 0 || put->receiver >> TRI_SLOT_BITS != 0) {
        return false;
    }
    transfer->other = put->receiver;
    transfer->other_address = put->address;
    transfer->key.word = put->key;
    transfer->pushed = true;
    int result = peer->streams ? TRI_NO_RESOURCE : tri_push_write(transfer);
    if (result == TRI_NO_RESOURCE) {
        tri_peer_queue_stream(peer, transfer);
    } else if (result == TRI_OK) {
        tri_rendezvous_stream_end(transfer);
    }
    return true;
}

/* Cancelling: a posted receive, a send that waits for room, a rendezvous that is announced (MPI 5.0, 3.8.4). */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <string.h>

#include "engine.h"

/* An eager message is out of our hands: it completes as sent. A rendezvous whose receive never comes would never end,
 * and the standard wants the wait for a cancelled operation to return. So the sender asks the receiver for its
 * announcement back; if that is still unmatched it is dropped and the send is cancelled, otherwise the send goes on.
 * Packets to a peer arrive in order, so that the announcement is there when the question comes. */

static void set_cancelled(struct tri_request *request)
{
    request->outcome = (struct tri_outcome){.source = MPI_ANY_SOURCE, .tag = MPI_ANY_TAG, .cancelled = true};
}

static void cancel_receive(struct tri_request *request)
{
    if (request->posted) {
        tri_queue_remove(&request->op.match->posted, &request->entry);
        request->posted = false;
        set_cancelled(request);
        tri_request_complete(request);
    }
}

/* Takes the request out of the list of those that wait for room. Whether it was there. */
static bool take_back(struct tri_peer *peer, struct tri_request *request)
{
    for (struct tri_request **link = &peer->sends; *link; link = &(*link)->next) {
        if (*link == request) {
            *link = request->next;
            if (!*link) {
                peer->sends_end = link;
            }
            return true;
        }
    }
    return false;
}

static void cancel_send(struct tri_request *request)
{
    if (request->complete || request == &tri_request_sent) {
        return;
    }
    struct tri_peer *peer = tri_peer_of(&request->op);
    if (request->announced) {
        const struct tri_fin cancel = {.slot = request->announced->slot, .number = request->op.context};
        tri_peer_control(peer, TRI_PACKET_CANCEL, &cancel, sizeof cancel);
    } else if (take_back(peer, request)) {
        set_cancelled(request);
        tri_request_complete(request);
    }
}

void tri_p2p_cancel(struct tri_request *request)
{
    if (request->type == TRI_REQUEST_RECEIVE) {
        cancel_receive(request);
    } else if (request->type == TRI_REQUEST_SEND) {
        cancel_send(request);
    }
}

static bool is_announcement(const struct tri_message *message, const struct tri_peer *peer, uint64_t slot)
{
    struct tri_rts rts;
    if (!message->rendezvous || message->peer != peer) {
        return false;
    }
    memcpy(&rts, message->payload, sizeof rts);
    return rts.sender == slot;
}

bool tri_cancel_asked(struct tri_peer *peer, const struct tri_fin *cancel)
{
    if (cancel->number >= TRI_CONTEXT_LIMIT) {
        return false;
    }
    struct tri_queue *queue = &tri_match_of(peer->engine, (uint32_t)cancel->number)->unexpected;
    for (struct tri_link *link = queue->order.next; link != &queue->order; link = link->next) {
        struct tri_queue_entry *entry = tri_container_of(link, struct tri_queue_entry, order);
        struct tri_message *message = tri_container_of(entry, struct tri_message, entry);
        if (is_announcement(message, peer, cancel->slot)) {
            tri_queue_remove(queue, entry);
            peer->counters->unexpected_length--;
            tri_ask_withdraw(message);
            tri_message_give(message);
            const struct tri_fin cancelled = {.slot = cancel->slot};
            tri_peer_control(peer, TRI_PACKET_CANCELLED, &cancelled, sizeof cancelled);
            return true;
        }
    }
    return true;
}

bool tri_cancel_granted(struct tri_rendezvous *transfer)
{
    if (!transfer->sender || !transfer->request || transfer->other) {
        return false;
    }
    set_cancelled(transfer->request);
    tri_rendezvous_complete(transfer);
    tri_rendezvous_end(transfer);
    return true;
}

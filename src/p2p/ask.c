/* Messages that ask: announced in place of being sent eagerly, and here before their receive. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <string.h>

#include "../runtime/clock.h"
#include "../runtime/wait.h"
#include "engine.h"

/* The sender of an eager message does not wait for the receive, so that of one that asks (way.c) must not either, as
 * long as the receiver calls MPI at all. But in programs that take turns the receive is often only a moment late, and a
 * message that is fetched before has to be copied once more. So it waits that moment as a rendezvous. Then the
 * receiver, when it makes progress, reads it into the memory that it keeps unexpected messages in, and the next ones
 * better come eagerly: TRI_WAY_GRANT of them. */

/* What the last message sets free takes a rank to its next receive in a fraction of this. */
enum { PATIENCE_NS = 2000 };

/* The payload until it is fetched. */
struct ask {
    struct tri_rts rts;
    struct tri_link link; /* in engine->asks */
    int64_t until;        /* tri_clock_ns */
};

static struct ask *ask_of(struct tri_message *message)
{
    return (struct ask *)(void *)message->payload;
}

void tri_asks_start(struct tri_engine *engine)
{
    engine->asks.next = engine->asks.previous = &engine->asks;
}

size_t tri_ask_room(const struct tri_rts *rts)
{
    return TRI_MAX((size_t)rts->size, sizeof(struct ask));
}

/* Whether the message is here. */
static bool fetch(struct tri_message *message)
{
    struct tri_peer *peer = message->peer;
    const struct tri_rts rts = ask_of(message)->rts;
    if (!peer->ep) {
        tri_peer_connect_new(peer);
    }
    const struct tri_remote_key key = {.word = rts.key};
    if (!rts.address || !(tri_peer_can(peer) & TRI_CAN_CLAIM) ||
        peer->transport->get(peer->ep, message->payload, rts.address, &key, (size_t)rts.size, NULL) != TRI_OK) {
        return false;
    }
    message->rendezvous = false;
    const struct tri_fin fin = {.slot = rts.sender, .number = TRI_WAY_GRANT};
    tri_peer_control(peer, TRI_PACKET_FIN, &fin, sizeof fin);
    return true;
}

static void forget(struct tri_message *message)
{
    struct tri_link *link = &ask_of(message)->link;
    link->previous->next = link->next;
    link->next->previous = link->previous;
    message->asks = false;
    message->peer->engine->work--;
}

/* The credit of one that asks goes back when it does not become an eager one. */
void tri_ask_withdraw(struct tri_message *message)
{
    if (message->asks) {
        forget(message);
        tri_peer_owe(message->peer, message->size);
    }
}

static void settle(struct tri_message *message)
{
    forget(message);
    if (!fetch(message)) {
        tri_peer_owe(message->peer, message->size);
    }
}

void tri_ask_arrived(struct tri_message *message)
{
    struct ask *ask = ask_of(message);
    struct tri_engine *engine = message->peer->engine;
    struct tri_link *last = engine->asks.previous;
    ask->link = (struct tri_link){.next = &engine->asks, .previous = last};
    last->next = engine->asks.previous = &ask->link;
    message->asks = true;
    engine->work++;
    /* Where others want the core the sender had better not wait at all. */
    if (tri_wait_is_alone()) {
        ask->until = tri_clock_ns() + PATIENCE_NS;
    } else {
        settle(message);
    }
}

int tri_asks_progress(struct tri_engine *engine, bool last)
{
    struct tri_link *first = engine->asks.next;
    int64_t now = first == &engine->asks || last ? INT64_MAX : tri_clock_ns();
    int settled = 0;
    for (; first != &engine->asks; first = engine->asks.next) {
        struct ask *ask = tri_container_of(first, struct ask, link);
        if (now < ask->until) {
            break;
        }
        settle(tri_container_of(ask, struct tri_message, payload));
        settled++;
    }
    return settled;
}

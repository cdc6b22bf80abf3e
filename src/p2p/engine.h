/* What the files of src/p2p share: the engine of each lane, peers, messages on the way, transfers. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TRI_ENGINE_H
#define TRI_ENGINE_H

#include "../runtime/counters.h"
#include "../runtime/progress.h"
#include "p2p.h"
#include "packet.h"
#include "slots.h"

/* A short packet that found no room. */
struct tri_control {
    struct tri_control *next;
    struct tri_envelope envelope;
    size_t len;
    unsigned char payload[40];
};

/* Another process (or the own one) as the protocol sees it. */
struct tri_peer {
    struct tri_endpoint *ep; /* NULL until something is to be sent */
    struct tri_engine *engine;
    struct tri_counters *counters; /* the engine's */
    const struct tri_transport *transport;
    size_t short_max, eager_max;
    size_t eager_unasked; /* messages up to this are eager whatever way.c finds; at most eager_max */
    size_t eager_now;     /* those up to this are through when they are sent: they need no request */
    size_t zcopy_min;     /* from this on eager messages go out of the program's memory, if that is in one piece */
    size_t push_max;      /* messages up to this may be written by their sender (push.c); 0: none */
    int64_t credit; /* eager bytes that may still go before the peer has received others */
    int64_t owed;   /* eager bytes of the peer that were received here and not yet reported to it */
    int process;
    bool waiting; /* in the list of peers with something queued */
    struct tri_peer *next_waiting;
    /* What waits for room, each in order: control packets, then sends that keep their order, then streams. */
    struct tri_control *controls, **controls_end;
    struct tri_request *sends, **sends_end;
    struct tri_rendezvous *streams, **streams_end;
    /* push.c, as the receiver: bytes that are to be written here and are not here yet, and who waits to be told. */
    size_t pushing;
    struct tri_rendezvous *grants, **grants_end;
    struct tri_ways *ways; /* way.c; NULL until there is something to remember */
};

/* An unexpected message: eager with its bytes, or the announcement of a rendezvous, whose struct tri_rts is the
 * payload. The first cache line has all that a search reads. */
struct tri_message {
    struct tri_object object; /* TRI_MESSAGE once the program holds it */
    struct tri_queue_entry entry;
    struct tri_peer *peer;
    struct tri_comm *comm; /* mprobe: of the program */
    int64_t size;          /* bytes of the message */
    uint8_t size_class;
    bool rendezvous;
    bool asks; /* in engine->asks */
    _Alignas(8) unsigned char payload[];
};

/* A rendezvous under way, at either side. */
struct tri_rendezvous {
    struct tri_object object;
    uint64_t slot;
    struct tri_request *request; /* NULL once that is complete */
    struct tri_peer *peer;
    struct tri_rendezvous *next; /* in peer->streams, peer->grants or among the shares */
    char *address;               /* in one piece: the own buffer */
    int64_t size, moved;         /* bytes; moved: sent or received so far */
    int64_t began;               /* tri_clock_ns when it was accepted, where it is timed; otherwise 0 */
    uint64_t other;              /* slot at the other side */
    uint64_t other_address;
    struct tri_remote_key key;
    void *memory; /* handle of the registration */
    bool registered;
    bool pushed;                      /* the sender writes it, and has been told where */
    struct tri_completion completion; /* of a get or put */
    /* share.c */
    uint32_t counter, piece, pieces, mine, theirs;
    bool sender, exhausted, told;
    /* way.c */
    bool tried; /* by a receiver, which way */
    uint8_t way;
};

/* Unexpected messages have memory by size class, see receive.c. */
enum { TRI_MESSAGE_CLASSES = 14 };

/* The protocol's part of a lane. */
struct tri_engine {
    _Alignas(TRI_CACHE_LINE) unsigned lane;
    unsigned work; /* number of things that need the progress hook */
    struct tri_counters *counters;
    struct tri_match **matches; /* by context */
    uint32_t match_count;
    /* peer.c */
    struct tri_peer *peers;   /* by process; NULL until the lane is used */
    struct tri_peer *waiting; /* those with something queued */
    struct tri_pool controls;
    /* receive.c */
    struct tri_message *free_messages[TRI_MESSAGE_CLASSES];
    void *slabs;
    /* rendezvous.c */
    struct tri_pool transfers;
    struct tri_slots slots;
    int under_way; /* transfers that exist, and eager messages that are still read from the program's memory */
    /* ask.c */
    struct tri_link asks; /* messages, the oldest first */
    /* way.c */
    struct tri_pool ways;
    int64_t timed; /* tri_clock_ns when the last timed transfer was over */
    /* share.c */
    struct tri_rendezvous *shares, **shares_end;
    uint64_t claims_taken; /* bit mask of the own claim counters in use */
};

extern struct tri_engine tri_engines[TRI_LANES];
extern int tri_p2p_self; /* own rank in the job */

static inline struct tri_match *tri_match_of(struct tri_engine *engine, uint32_t context)
{
    if (TRI_LIKELY(context < engine->match_count && engine->matches[context])) {
        return engine->matches[context];
    }
    return tri_match_make(engine->lane, context);
}

/* peer.c */
struct tri_peer *tri_peer_connect_new(struct tri_peer *peer);
static inline struct tri_peer *tri_peer_of(const struct tri_operation *op)
{
    struct tri_peer *peer = &op->match->peers[op->comm->processes[op->peer]];
    return TRI_LIKELY(peer->ep != NULL) ? peer : tri_peer_connect_new(peer);
}
/* Asks the transport again what works to this peer; returns TRI_CAN_* bits. */
unsigned tri_peer_can(struct tri_peer *peer);
void tri_peer_control(struct tri_peer *peer, enum tri_packet_kind kind, const void *payload, size_t len);
void tri_peer_queue_send(struct tri_peer *peer, struct tri_request *request);
void tri_peer_queue_stream(struct tri_peer *peer, struct tri_rendezvous *transfer);
/* Gives the peer back the credit that its received messages had taken. */
void tri_peer_repay(struct tri_peer *peer);
extern int64_t tri_peer_window; /* credit that a peer starts with in each lane, bytes */
void tri_peers_choose_window(void);
int tri_peers_progress(struct tri_engine *engine);
int tri_peers_start(struct tri_engine *engine);
void tri_peers_end(struct tri_engine *engine);

/* Each eager message costs its bytes and this much. */
enum { TRI_EAGER_OVERHEAD = 64 };

/* Credit goes back in quarters of the window: rarely enough to cost nothing, and often enough that what has been
 * received and not given back yet leaves three quarters of it to the sender. */
static inline void tri_peer_owe(struct tri_peer *peer, int64_t bytes)
{
    peer->owed += bytes + TRI_EAGER_OVERHEAD;
    if (TRI_UNLIKELY(peer->owed >= tri_peer_window / 4)) {
        tri_peer_repay(peer);
    }
}

/* An eager message of that many bytes has been received: its memory here is free again. */
static inline void tri_peer_consumed(struct tri_peer *peer, int64_t bytes)
{
    peer->counters->eager_received++;
    peer->counters->eager_received_bytes += (uint64_t)bytes;
    tri_peer_owe(peer, bytes);
}

/* send.c */
/* TRI_OK: it is out, the caller completes it; TRI_IN_PROGRESS: announced, or going out; TRI_NO_RESOURCE. */
int tri_send_try(struct tri_peer *peer, struct tri_request *request);

/* receive.c */
void tri_receive_deliver(unsigned lane, int process, const struct tri_envelope *envelope, const void *payload,
                         size_t len);
void tri_receive_message(struct tri_request *request, struct tri_message *message);
/* Sets source, tag and size; whether the message fits: no more than there is room for, and no half element. If not the
 * error is in the outcome. */
bool tri_receive_accept(struct tri_request *request, int source, int tag, int64_t size);
/* Composes the text of a truncation for the error handler. */
void tri_receive_explain(int source, int tag, int64_t size, int64_t room);
void tri_message_give(struct tri_message *message);
void tri_messages_end(struct tri_engine *engine);

/* rendezvous.c */
/* TRI_IN_PROGRESS or TRI_NO_RESOURCE. */
int tri_rendezvous_announce(struct tri_peer *peer, struct tri_request *request, const struct tri_envelope *envelope);
void tri_rendezvous_accept(struct tri_request *request, struct tri_peer *peer, const struct tri_envelope *envelope,
                           const struct tri_rts *rts);
/* False when the packet makes no sense. */
bool tri_rendezvous_packet(struct tri_peer *peer, int kind, const void *payload, size_t len);
/* Sends pieces (or retries a get or put) until TRI_OK: all sent, TRI_IN_PROGRESS: no more to do here, or
 * TRI_NO_RESOURCE; adds to *moved what happened. After TRI_OK the caller takes it out of the list and calls
 * tri_rendezvous_stream_end. */
int tri_rendezvous_stream(struct tri_peer *peer, struct tri_rendezvous *transfer, int *moved);
void tri_rendezvous_stream_end(struct tri_rendezvous *transfer);
/* Completes the request of the transfer, whose outcome is set. */
void tri_rendezvous_complete(struct tri_rendezvous *transfer);
void tri_rendezvous_end(struct tri_rendezvous *transfer);
void tri_transfers_start(struct tri_engine *engine);
void tri_transfers_end(struct tri_engine *engine);
void tri_rendezvous_finish_receive(struct tri_rendezvous *transfer);
void tri_rendezvous_ask_for_pieces(struct tri_rendezvous *transfer);

/* push.c */
/* At both sides, as far as is known here. */
bool tri_push_is_possible(const struct tri_rendezvous *transfer);
/* Receiver: tells the sender where, now or when others have come; false: there is no way to. */
bool tri_push_grant(struct tri_rendezvous *transfer);
/* Receiver: a put_notify to this process has ended. */
void tri_push_arrived(unsigned lane, uint64_t notice);
/* Sender: has been told; false when the packet makes no sense. */
bool tri_push_granted(struct tri_peer *peer, const struct tri_put *put);
/* Sender: results as tri_rendezvous_stream. */
int tri_push_write(struct tri_rendezvous *transfer);

/* way.c: which way the bytes of a rendezvous come from a peer on the node that lets us read its memory. */
enum tri_way {
    TRI_WAY_PIECES, /* the sender packs them into the ring, the receiver takes them out */
    TRI_WAY_DIRECT, /* the receiver reads the sender's memory */
    TRI_WAY_SHARED, /* and the sender helps, see share.c */
    TRI_WAYS
};
/* So many messages a sender may send eagerly, when it may, before it announces one again. */
enum { TRI_WAY_GRANT = 128 };
/* Receiver. */
enum tri_way tri_way_choose(struct tri_rendezvous *transfer);
/* The message is there, whose transfer has been tried. */
void tri_way_took(struct tri_rendezvous *transfer);
/* Receiver, of a transfer that comes in pieces: so many messages of its size may come eagerly. tri_way_permit: the
 * sender hears it. */
uint32_t tri_way_grant(const struct tri_rendezvous *transfer);
void tri_way_permit(struct tri_peer *peer, int64_t size, uint32_t messages);
/* Sender, of a message longer than peer->eager_unasked that may go eagerly: whether it is to be announced instead. */
bool tri_way_asks(struct tri_peer *peer, const struct tri_request *request);
/* Sender, of any such message: whether it is to wait for its receive. */
bool tri_way_announces(struct tri_peer *peer, const struct tri_request *request);
/* Such a message has gone eagerly. */
void tri_way_sent(struct tri_peer *peer, int64_t size);
/* Messages to this peer up to this length go eagerly without asking. claims: the transport has claim counters. */
size_t tri_way_unasked(const struct tri_peer *peer, bool claims);
void tri_ways_start(struct tri_engine *engine);

/* ask.c: messages that could be eager, announced to a receiver that has posted no receive yet. */
/* Bytes of payload that such a message needs. */
size_t tri_ask_room(const struct tri_rts *rts);
/* Takes note of a message whose payload begins with the announcement. It is fetched before long, now perhaps, and then
 * is an eager one. */
void tri_ask_arrived(struct tri_message *message);
/* The announcement is about to be accepted or dropped; any other message is left alone. */
void tri_ask_withdraw(struct tri_message *message);
/* last: does not put them off any more. */
int tri_asks_progress(struct tri_engine *engine, bool last);
void tri_asks_start(struct tri_engine *engine);

/* cancel.c: a sender asks for its announcement back, and learns that it has it. False: makes no sense. */
bool tri_cancel_asked(struct tri_peer *peer, const struct tri_fin *cancel);
bool tri_cancel_granted(struct tri_rendezvous *transfer);

/* share.c */
/* Whether the receiver's transfer is now copied by both sides; if not the caller copies it otherwise. */
bool tri_share_offer(struct tri_rendezvous *transfer);
bool tri_share_help(struct tri_rendezvous *transfer, const struct tri_cts *cts);
bool tri_share_told(struct tri_rendezvous *transfer, uint64_t pieces);
int tri_shares_progress(struct tri_engine *engine);

#endif

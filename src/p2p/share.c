/* Large messages on a node: the receiver pulls one end while the sender pushes the other, so that both cores copy. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "../runtime/log.h"
#include "engine.h"

/* The message is cut into pieces. Each side takes a number from the claim counter in the receiver's shared memory
 * before each piece: the receiver copies pieces from the front on, the sender from the back, and as long as no more
 * numbers than pieces are given out they can not meet. A sender that is busy elsewhere thus costs nothing.
 * After Chakraborty et al., Cooperative Rendezvous Protocols, SC18. */

enum { PIECE_LEAST = 65536, PIECE_MOST = 1 << 20, PIECES_WANTED = 8 };

/* The lanes share the process's counters out among themselves. */
static int take_counter(struct tri_engine *engine, unsigned counters)
{
    unsigned each = TRI_MIN(counters, 64u) / tri_lane_count, first = engine->lane * each;
    for (unsigned i = first; i < first + each; i++) {
        if (!(engine->claims_taken >> i & 1)) {
            engine->claims_taken |= UINT64_C(1) << i;
            return (int)i;
        }
    }
    return -1;
}

static void begin(struct tri_rendezvous *transfer)
{
    struct tri_engine *engine = transfer->peer->engine;
    transfer->next = NULL;
    *engine->shares_end = transfer;
    engine->shares_end = &transfer->next;
    engine->work++;
}

bool tri_share_offer(struct tri_rendezvous *transfer)
{
    struct tri_peer *peer = transfer->peer;
    int counter = take_counter(peer->engine, tri_transports_for(peer->process)->limits.claims);
    if (counter < 0) {
        transfer->began = 0; /* what takes its place is not what is tried */
        return false;
    }
    int64_t piece = TRI_MAX(PIECE_LEAST, TRI_MIN(PIECE_MOST, (transfer->size / PIECES_WANTED + 4095) & ~4095));
    transfer->counter = (uint32_t)counter;
    transfer->piece = (uint32_t)piece;
    transfer->pieces = (uint32_t)((transfer->size + piece - 1) / piece);
    peer->transport->claim_reset((unsigned)counter);
    const struct tri_cts cts = {.sender = transfer->other,
                                .receiver = transfer->slot,
                                .address = (uint64_t)(uintptr_t)transfer->address,
                                .number = transfer->counter,
                                .piece = transfer->piece};
    tri_peer_control(peer, TRI_PACKET_SHARE, &cts, sizeof cts);
    peer->counters->shared++;
    begin(transfer);
    return true;
}

bool tri_share_help(struct tri_rendezvous *transfer, const struct tri_cts *cts)
{
    if (cts->piece < 4096 || !transfer->address || !transfer->peer->transport->claim) {
        return false;
    }
    transfer->other_address = cts->address;
    transfer->counter = cts->number;
    transfer->piece = cts->piece;
    transfer->pieces = (uint32_t)((transfer->size + cts->piece - 1) / cts->piece);
    begin(transfer);
    return true;
}

static void copy_piece(struct tri_rendezvous *transfer, uint32_t index)
{
    struct tri_peer *peer = transfer->peer;
    int64_t offset = (int64_t)index * transfer->piece;
    size_t len = (size_t)TRI_MIN((int64_t)transfer->piece, transfer->size - offset);
    char *here = transfer->address + offset;
    uint64_t there = transfer->other_address + (uint64_t)offset;
    int result = transfer->sender ? peer->transport->put(peer->ep, here, there, &transfer->key, len, NULL)
                                  : peer->transport->get(peer->ep, here, there, &transfer->key, len, NULL);
    if (result != TRI_OK) {
        tri_log_fatal(1, "copying %zu bytes %s rank %d of the job failed", len, transfer->sender ? "to" : "from",
                      peer->process);
    }
}

/* The receiver has every piece: the message is complete, even if the sender has not seen the offer yet. */
static void check_whole(struct tri_rendezvous *transfer)
{
    if (transfer->request && transfer->mine + transfer->theirs == transfer->pieces) {
        tri_rendezvous_finish_receive(transfer);
    }
    /* The counter is free, and the slot, only when the sender has let go of them. */
    if (transfer->exhausted && transfer->told) {
        transfer->peer->engine->claims_taken &= ~(UINT64_C(1) << transfer->counter);
        tri_rendezvous_end(transfer);
    }
}

bool tri_share_told(struct tri_rendezvous *transfer, uint64_t pieces)
{
    if (transfer->sender || transfer->told || pieces > transfer->pieces - transfer->mine) {
        return false;
    }
    transfer->theirs = (uint32_t)pieces;
    transfer->told = true;
    check_whole(transfer);
    return true;
}

static void tell_sender_part(struct tri_rendezvous *transfer)
{
    const struct tri_fin shared = {.slot = transfer->other, .number = transfer->mine};
    transfer->told = true;
    tri_peer_control(transfer->peer, TRI_PACKET_SHARED, &shared, sizeof shared);
    if (!transfer->request) {
        tri_rendezvous_end(transfer);
    }
}

static bool may_copy(const struct tri_rendezvous *transfer)
{
    return !transfer->sender || (tri_peer_can(transfer->peer) & TRI_CAN_PUT);
}

int tri_shares_progress(struct tri_engine *engine)
{
    struct tri_rendezvous *transfer = engine->shares;
    if (!transfer) {
        return 0;
    }
    struct tri_peer *peer = transfer->peer;
    int owner = transfer->sender ? peer->process : tri_p2p_self;
    uint32_t claimed = may_copy(transfer) ? peer->transport->claim(owner, transfer->counter) : UINT32_MAX;
    if (claimed < transfer->pieces) {
        copy_piece(transfer, transfer->sender ? transfer->pieces - 1 - transfer->mine : transfer->mine);
        transfer->mine++;
        return 1;
    }
    engine->shares = transfer->next;
    if (!engine->shares) {
        engine->shares_end = &engine->shares;
    }
    engine->work--;
    transfer->exhausted = true;
    if (transfer->sender) {
        tell_sender_part(transfer);
    } else {
        check_whole(transfer);
    }
    return 1;
}

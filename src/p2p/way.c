/* Which way large messages come from a peer on the node: found out by trying. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "../runtime/clock.h"
#include "../runtime/variables.h"
#include "../runtime/wait.h"
#include "engine.h"

/* A message can be copied twice, through a ring that stays in the caches, one copy by each core; or once, straight from
 * memory to memory, by the kernel for the receiver, or one half for each side. What is quicker is a matter of the
 * machine (do the two cores share a cache?), of the program (has the sender just written its data, or are they still in
 * the receiver's cache since the last time?), of the load (has the sender a core to do its part?) and of the length:
 * each way has been seen to take 1.6 to 2.6 times as long as another. So the receiver tries one after the other with
 * the first messages of a size, keeps to the one that took the least time, and tries again now and then.
 *
 * A message short enough to be eager comes the first way without being announced, so there the sender asks: it
 * announces some of them. If the receive is there the receiver tries; if they better come eagerly it says so, and the
 * sender asks again later. What holds for eager messages, that their sender does not wait for the receive, holds
 * for those that ask, too: see ask.c. */

/* Lengths are told apart by powers of two, from LEAST on. Of each, PERIOD messages come the quickest way, after some of
 * each, until BATCHES of SAMPLES were timed or TRIAL are through. The mean of a batch counts, as messages that came
 * together may end in pairs, and the quicker batch, as a rank may lose its core for a while. */
enum { LEAST_BITS = 12, LEAST = 1 << LEAST_BITS, CLASSES = 9, SAMPLES = 4, BATCHES = 2, TRIAL = 64, PERIOD = 1024 };

/* The half that the sender writes is in its cache and not in that of the receiver, who is about to use it: where a
 * message fits in there this costs more than was gained, unseen by whoever times the copy. The user may have it from
 * two pieces on. */
enum { SHARED_ABOVE = 1 << 19, SHARED_POSSIBLE = 1 << 16 };

struct way_class {
    float cost[TRI_WAYS]; /* nanoseconds a byte; 0: not known */
    float sum;            /* of the batch */
    uint8_t samples, batches;
    uint8_t trial;     /* the way that is tried; TRI_WAYS: no more */
    uint16_t messages; /* accepted since that began */
};

struct tri_ways {
    struct tri_object object;
    struct way_class classes[CLASSES]; /* of messages from the peer */
    uint32_t under_way[TRI_WAYS];      /* from the peer */
    uint32_t eager[CLASSES];           /* to the peer: so many may go eagerly before the next is announced */
};

void tri_ways_start(struct tri_engine *engine)
{
    engine->ways = (struct tri_pool){.size = sizeof(struct tri_ways)};
}

static struct tri_ways *ways_of(struct tri_peer *peer)
{
    if (!peer->ways) {
        struct tri_ways *ways = tri_pool_take(&peer->engine->ways);
        struct tri_object object = ways->object;
        *ways = (struct tri_ways){.object = object};
        peer->ways = ways;
    }
    return peer->ways;
}

/* Of lengths above LEAST. */
static int class_of(int64_t size)
{
    int bits = 63 - __builtin_clzll((unsigned long long)size - 1);
    return TRI_MIN(bits - LEAST_BITS, CLASSES - 1);
}

/* ---- receiver ---- */

static enum tri_way quickest(const struct way_class *class)
{
    enum tri_way best = TRI_WAY_PIECES;
    for (enum tri_way way = TRI_WAY_DIRECT; way < TRI_WAYS; way++) {
        bool known = class->cost[way] > 0, better = class->cost[way] < class->cost[best] || class->cost[best] <= 0;
        best = known && better ? way : best;
    }
    return best;
}

static void next_trial(struct way_class *class, int64_t size)
{
    class->trial += class->trial == TRI_WAY_DIRECT && size <= SHARED_ABOVE ? 2 : 1;
    class->messages = class->samples = class->batches = 0;
    class->sum = 0;
}

/* Whether messages of this peer that are tried, too, come other ways: neither can be timed then. */
static bool is_mixed(const struct tri_ways *ways, enum tri_way way)
{
    unsigned all = 0;
    for (int i = 0; i < TRI_WAYS; i++) {
        all += ways->under_way[i];
    }
    return all > ways->under_way[way];
}

static enum tri_way find_out(struct tri_rendezvous *transfer, struct tri_ways *ways)
{
    struct way_class *class = &ways->classes[class_of(transfer->size)];
    if (class->trial == TRI_WAYS && class->messages >= PERIOD) {
        *class = (struct way_class){.trial = TRI_WAY_PIECES};
    } else if (class->trial < TRI_WAYS && class->messages == TRIAL) {
        next_trial(class, transfer->size);
    }
    class->messages++;
    if (class->trial == TRI_WAYS) {
        return quickest(class);
    }
    enum tri_way way = (enum tri_way) class->trial;
    /* The first one still finds the caches as another way left them. */
    if (class->messages > 1 && !is_mixed(ways, way)) {
        transfer->began = tri_clock_ns();
    }
    return way;
}

/* As far as is known here: the sender may have another limit. */
static bool may_be_eager(const struct tri_rendezvous *transfer)
{
    return (size_t)transfer->size <= transfer->peer->eager_max;
}

/* By what the user has set. */
static enum tri_way as_told(int64_t size, int64_t share_min)
{
    return size < share_min ? TRI_WAY_PIECES : size <= SHARED_POSSIBLE ? TRI_WAY_DIRECT : TRI_WAY_SHARED;
}

enum tri_way tri_way_choose(struct tri_rendezvous *transfer)
{
    int64_t size = transfer->size, share_min = tri_variable_number(TRI_VAR_SHARE_MIN);
    if (size <= LEAST || tri_variable_is_set(TRI_VAR_SHARE_MIN)) {
        return as_told(size, share_min);
    }
    /* Where others want the core nobody is to wait for the other's part: the receiver does it alone, or lets the
     * sender know that short ones better come eagerly. */
    if (!tri_wait_is_alone()) {
        return may_be_eager(transfer) && size <= TRI_BURST_BYTES ? TRI_WAY_PIECES : TRI_WAY_DIRECT;
    }
    if (size >= share_min) {
        return TRI_WAY_SHARED;
    }
    struct tri_ways *ways = ways_of(transfer->peer);
    enum tri_way way = find_out(transfer, ways);
    transfer->tried = true;
    transfer->way = (uint8_t)way;
    ways->under_way[way]++;
    return way;
}

/* Of several that were accepted at once each is timed from the end of the one before. */
static void take_sample(struct tri_rendezvous *transfer, struct way_class *class)
{
    struct tri_engine *engine = transfer->peer->engine;
    int64_t now = tri_clock_ns(), began = TRI_MAX(transfer->began, engine->timed);
    engine->timed = now;
    class->sum += (float)(now - began) / (float)transfer->size;
    if (++class->samples < SAMPLES) {
        return;
    }
    float cost = class->sum / SAMPLES, *least = &class->cost[transfer->way];
    *least = *least > 0 ? TRI_MIN(*least, cost) : cost;
    class->sum = 0;
    class->samples = 0;
    if (++class->batches == BATCHES) {
        next_trial(class, transfer->size);
    }
}

void tri_way_took(struct tri_rendezvous *transfer)
{
    struct tri_ways *ways = transfer->peer->ways;
    ways->under_way[transfer->way]--;
    struct way_class *class = &ways->classes[class_of(transfer->size)];
    if (transfer->began && class->trial == transfer->way && !is_mixed(ways, (enum tri_way)transfer->way)) {
        take_sample(transfer, class);
    }
}

uint32_t tri_way_grant(const struct tri_rendezvous *transfer)
{
    if (!transfer->tried) {
        return TRI_WAY_GRANT;
    }
    struct way_class *class = &ways_of(transfer->peer)->classes[class_of(transfer->size)];
    if (class->trial < TRI_WAYS) {
        return 0;
    }
    class->messages += may_be_eager(transfer) ? TRI_WAY_GRANT : 0;
    return TRI_WAY_GRANT;
}

/* ---- sender ---- */

/* What the user has set, counts. */
size_t tri_way_unasked(const struct tri_peer *peer, bool claims)
{
    bool asks = claims && !tri_variable_is_set(TRI_VAR_EAGER_MAX);
    return asks ? TRI_MIN((size_t)LEAST, peer->eager_max) : peer->eager_max;
}

void tri_way_permit(struct tri_peer *peer, int64_t size, uint32_t messages)
{
    if ((size_t)size > peer->eager_unasked && (size_t)size <= peer->eager_max) {
        ways_of(peer)->eager[class_of(size)] = messages;
    }
}

/* Whether the receiver may read the message, and the user has not said otherwise. */
static bool may_be_read(struct tri_peer *peer, const struct tri_request *request)
{
    return request->mode != TRI_SEND_BUFFERED && !tri_variable_is_set(TRI_VAR_SHARE_MIN) &&
           request->op.type->contiguous && (tri_peer_can(peer) & TRI_CAN_GET);
}

/* Where others want the core it is better to have sent than to wait for the receiver. */
bool tri_way_asks(struct tri_peer *peer, const struct tri_request *request)
{
    return tri_wait_is_alone() && may_be_read(peer, request) && ways_of(peer)->eager[class_of(request->bytes)] == 0;
}

/* But the messages of a burst wait all at once, which takes hardly longer than one, and each is copied once. */
bool tri_way_announces(struct tri_peer *peer, const struct tri_request *request)
{
    return request->mode == TRI_SEND_BURST && request->bytes > TRI_BURST_BYTES && !tri_wait_is_alone() &&
           may_be_read(peer, request);
}

void tri_way_sent(struct tri_peer *peer, int64_t size)
{
    uint32_t *eager = &ways_of(peer)->eager[class_of(size)];
    *eager -= *eager > 0;
}

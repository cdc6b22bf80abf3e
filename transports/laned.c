/* Lanes over a transport that has one: its lock, marking and sorting packets, and completions in their lanes. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "laned.h"

#include <pthread.h>
#include <stdalign.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

static const char lanes_key[] = "lanes";

struct laned_endpoint {
    struct tri_endpoint base;
    struct tri_endpoint *inner;
    unsigned lane;
};

/* Something that came for a lane: a packet, the end of a send, get or put, or the word of a put. */
struct arrival {
    struct arrival *next;
    struct tri_completion *ended; /* NULL: something else */
    bool notified;
    uint64_t notice;
    int status;                   /* of what has ended */
    int peer;
    struct tri_envelope envelope;
    size_t len;
    alignas(max_align_t) unsigned char payload[];
};

/* A send, get or put under way: its end is the caller's business, in the caller's lane. */
struct errand {
    struct tri_completion base;
    struct tri_completion *completion;
    unsigned lane;
};

struct laned_lane {
    alignas(64) struct arrival *first, **behind;
    _Atomic bool has_arrivals; /* written under the lock; a hint for who looks without it */
    bool polled;               /* progress has been called: only the holder of the lane, or of all, touches it */
    struct laned_endpoint **endpoints; /* by peer */
};

static struct {
    const struct tri_transport *inner;
    const struct tri_host *host;
    struct tri_host beneath; /* what the inner transport is given */
    struct laned_lane *lanes;
    unsigned char *peer_lanes; /* by peer; 0: not asked for yet */
    int kept;                  /* arrivals since the inner transport's progress was called */
} laned;

/* Guards all of the above but what is a lane's own, and each call of the inner transport. */
static pthread_mutex_t guard = PTHREAD_MUTEX_INITIALIZER;

int tri_laned_publish(const struct tri_host *host)
{
    unsigned char lanes = (unsigned char)host->lanes;

    return host->publish(lanes_key, &lanes, sizeof(lanes)) < 0 ? TRI_FAILED : TRI_OK;
}

/* ---- what has arrived for a lane ---- */

static void keep(unsigned lane, struct arrival *arrival)
{
    struct laned_lane *to = &laned.lanes[lane];

    arrival->next = NULL;
    *to->behind = arrival;
    to->behind = &arrival->next;
    atomic_store_explicit(&to->has_arrivals, true, memory_order_relaxed);
    laned.kept++;
}

static struct arrival *make_arrival(size_t len)
{
    struct arrival *arrival = malloc(sizeof(*arrival) + len);

    if (!arrival) {
        laned.host->fail(-1, "no memory for a packet of %zu bytes", len);
    }
    return arrival;
}

static struct arrival *take_all(struct laned_lane *own)
{
    struct arrival *list;

    if (!atomic_load_explicit(&own->has_arrivals, memory_order_relaxed)) {
        return NULL;
    }
    pthread_mutex_lock(&guard);
    list = own->first;
    own->first = NULL;
    own->behind = &own->first;
    atomic_store_explicit(&own->has_arrivals, false, memory_order_relaxed);
    pthread_mutex_unlock(&guard);
    return list;
}

/* Delivers what has been kept for the lane; how much there was. Without the lock. */
static int deliver_arrivals(unsigned lane)
{
    int count = 0;

    for (struct arrival *next, *arrival = take_all(&laned.lanes[lane]); arrival; arrival = next, count++) {
        next = arrival->next;
        if (arrival->ended) {
            arrival->ended->done(arrival->ended, arrival->status);
        } else if (arrival->notified) {
            laned.host->notified(lane, arrival->notice);
        } else {
            laned.host->deliver(lane, arrival->peer, &arrival->envelope, arrival->payload, arrival->len);
        }
        free(arrival);
    }
    return count;
}

/* ---- called by the inner transport's progress, under the lock ---- */

/* Also those of the lane that is polled: the callee may call the inner transport, or wait for a lane whose holder does,
 * and UCX may hold a lock of its own during its progress. */
static void keep_packet(unsigned inner_lane, int peer, const struct tri_envelope *envelope, const void *payload,
                        size_t len)
{
    unsigned lane = envelope->lane;
    struct arrival *arrival;

    (void)inner_lane;
    if (lane >= laned.host->lanes) {
        laned.host->fail(peer, "a packet for lane %u, of which there are %u: rank %d runs another version of Trireme",
                         lane, laned.host->lanes, peer);
        return;
    }
    arrival = make_arrival(len);
    if (!arrival) {
        return;
    }
    *arrival = (struct arrival){.peer = peer, .envelope = *envelope, .len = len};
    memcpy(arrival->payload, payload, len);
    keep(lane, arrival);
}

/* The word that the inner transport carries has the lane above the notice. */
static void keep_notice(unsigned inner_lane, uint64_t word)
{
    unsigned lane = (unsigned)(word >> TRI_NOTICE_BITS);
    struct arrival *arrival = lane < laned.host->lanes ? make_arrival(0) : NULL;

    (void)inner_lane;
    if (arrival) {
        *arrival = (struct arrival){.notified = true, .notice = word & ((UINT64_C(1) << TRI_NOTICE_BITS) - 1)};
        keep(lane, arrival);
    }
}

static void errand_done(struct tri_completion *self, int status)
{
    struct errand *errand = (struct errand *)self;
    struct arrival *arrival = make_arrival(0);

    if (arrival) {
        *arrival = (struct arrival){.ended = errand->completion, .status = status};
        keep(errand->lane, arrival);
    }
    free(errand);
}

/* ---- the transport ---- */

static void release(void)
{
    for (unsigned lane = 0; laned.lanes && lane < laned.host->lanes; lane++) {
        struct laned_lane *own = &laned.lanes[lane];

        for (struct arrival *next, *arrival = own->first; arrival; arrival = next) {
            next = arrival->next;
            if (arrival->ended) { /* close() ends what was under way; packets are for nobody any more */
                arrival->ended->done(arrival->ended, arrival->status);
            }
            free(arrival);
        }
        for (int peer = 0; own->endpoints && peer < laned.host->size; peer++) {
            free(own->endpoints[peer]);
        }
        free(own->endpoints);
    }
    free(laned.lanes);
    free(laned.peer_lanes);
    laned.lanes = NULL;
    laned.peer_lanes = NULL;
}

static int make_lanes(void)
{
    size_t size = (size_t)laned.host->size, lanes = laned.host->lanes;

    laned.peer_lanes = calloc(size, sizeof(*laned.peer_lanes));
    laned.lanes = aligned_alloc(alignof(struct laned_lane), lanes * sizeof(*laned.lanes));
    if (!laned.lanes || !laned.peer_lanes) {
        return TRI_FAILED;
    }
    memset(laned.lanes, 0, lanes * sizeof(*laned.lanes));
    for (unsigned lane = 0; lane < lanes; lane++) {
        laned.lanes[lane].behind = &laned.lanes[lane].first;
        laned.lanes[lane].endpoints = calloc(size, sizeof(*laned.lanes[lane].endpoints));
        if (!laned.lanes[lane].endpoints) {
            return TRI_FAILED;
        }
    }
    return TRI_OK;
}

static int laned_open(const struct tri_host *host, struct tri_limits *limits)
{
    laned.host = host;
    laned.beneath = *host;
    laned.beneath.lanes = 1;
    laned.beneath.deliver = keep_packet;
    laned.beneath.notified = keep_notice;
    if (make_lanes() != TRI_OK) {
        host->note("%s: no memory for its lanes", laned.inner->name);
        release();
        return TRI_UNSUPPORTED;
    }
    if (tri_laned_publish(host) != TRI_OK || laned.inner->open(&laned.beneath, limits) != TRI_OK) {
        release();
        return TRI_UNSUPPORTED;
    }
    limits->lanes = host->lanes;
    return TRI_OK;
}

static void laned_close(void)
{
    pthread_mutex_lock(&guard);
    laned.inner->close();
    pthread_mutex_unlock(&guard);
    release();
}

static bool laned_reaches(int peer)
{
    return laned.inner->reaches(peer);
}

static unsigned laned_lanes(int peer)
{
    unsigned lanes;

    pthread_mutex_lock(&guard);
    if (!laned.peer_lanes[peer] &&
        laned.host->lookup(peer, lanes_key, &laned.peer_lanes[peer], sizeof(laned.peer_lanes[peer])) != 1) {
        /* Not to be guessed: all processes of a communicator choose the same lane. */
        laned.host->fail(peer, "rank %d does not tell how many lanes it has", peer);
    }
    lanes = laned.peer_lanes[peer];
    pthread_mutex_unlock(&guard);
    return lanes;
}

static struct tri_transport table;

static struct laned_endpoint *make_endpoint(unsigned lane, int peer)
{
    struct laned_endpoint *endpoint = calloc(1, sizeof(*endpoint));

    if (!endpoint) {
        laned.host->fail(peer, "no memory for the connection to rank %d", peer);
        return NULL;
    }
    endpoint->base.transport = &table;
    endpoint->base.peer = peer;
    endpoint->lane = lane;
    return endpoint;
}

static struct tri_endpoint *laned_connect(unsigned lane, int peer)
{
    struct laned_endpoint **place = &laned.lanes[lane].endpoints[peer];
    struct tri_endpoint *inner;

    pthread_mutex_lock(&guard);
    inner = laned.inner->connect(0, peer);
    pthread_mutex_unlock(&guard);
    if (!inner || (!*place && !(*place = make_endpoint(lane, peer)))) {
        return NULL;
    }
    (*place)->inner = inner;
    (*place)->base.can = inner->can;
    return &(*place)->base;
}

/* The envelope with the mark of the endpoint's lane. */
static struct tri_envelope mark(const struct laned_endpoint *endpoint, const struct tri_envelope *envelope)
{
    struct tri_envelope marked = *envelope;

    marked.lane = (uint16_t)endpoint->lane;
    return marked;
}

static int laned_short(struct tri_endpoint *base, const struct tri_envelope *envelope, const void *payload, size_t len)
{
    struct laned_endpoint *endpoint = (struct laned_endpoint *)base;
    struct tri_envelope marked = mark(endpoint, envelope);
    int result;

    pthread_mutex_lock(&guard);
    result = laned.inner->send_short(endpoint->inner, &marked, payload, len);
    pthread_mutex_unlock(&guard);
    return result;
}

static int laned_bcopy(struct tri_endpoint *base, const struct tri_envelope *envelope, tri_pack_fn *pack, void *arg,
                       size_t len)
{
    struct laned_endpoint *endpoint = (struct laned_endpoint *)base;
    struct tri_envelope marked = mark(endpoint, envelope);
    int result;

    pthread_mutex_lock(&guard);
    result = laned.inner->send_bcopy(endpoint->inner, &marked, pack, arg, len);
    pthread_mutex_unlock(&guard);
    return result;
}

static int laned_register(void *address, size_t len, struct tri_remote_key *key, void **handle)
{
    int result;

    pthread_mutex_lock(&guard);
    result = laned.inner->register_memory(address, len, key, handle);
    pthread_mutex_unlock(&guard);
    return result;
}

static void laned_unregister(void *handle)
{
    pthread_mutex_lock(&guard);
    laned.inner->unregister_memory(handle);
    pthread_mutex_unlock(&guard);
}

static struct errand *make_errand(const struct laned_endpoint *endpoint, struct tri_completion *completion)
{
    struct errand *errand = malloc(sizeof(*errand));

    if (errand) {
        *errand = (struct errand){.base.done = errand_done, .completion = completion, .lane = endpoint->lane};
    }
    return errand;
}

static int laned_zcopy(struct tri_endpoint *base, const struct tri_envelope *envelope, const void *payload, size_t len,
                       struct tri_completion *completion)
{
    struct laned_endpoint *endpoint = (struct laned_endpoint *)base;
    struct tri_envelope marked = mark(endpoint, envelope);
    struct errand *errand = make_errand(endpoint, completion);
    int result;

    if (!errand) {
        return TRI_NO_RESOURCE;
    }
    pthread_mutex_lock(&guard);
    result = laned.inner->send_zcopy(endpoint->inner, &marked, payload, len, &errand->base);
    pthread_mutex_unlock(&guard);
    if (result != TRI_IN_PROGRESS) {
        free(errand);
    }
    return result;
}

/* The inner get or put, with the end of it sent to the lane that asks. */
static int move(struct tri_endpoint *base, bool put, const void *local, uint64_t remote,
                const struct tri_remote_key *key, size_t len, struct tri_completion *completion)
{
    struct laned_endpoint *endpoint = (struct laned_endpoint *)base;
    struct errand *errand = make_errand(endpoint, completion);
    int result;

    if (!errand) {
        return TRI_NO_RESOURCE;
    }
    pthread_mutex_lock(&guard);
    result = put ? laned.inner->put(endpoint->inner, local, remote, key, len, &errand->base)
                 : laned.inner->get(endpoint->inner, (void *)(uintptr_t)local, remote, key, len, &errand->base);
    base->can = endpoint->inner->can;
    pthread_mutex_unlock(&guard);
    if (result != TRI_IN_PROGRESS) {
        free(errand);
    }
    return result;
}

static int laned_get(struct tri_endpoint *base, void *local, uint64_t remote, const struct tri_remote_key *key,
                     size_t len, struct tri_completion *completion)
{
    return move(base, false, local, remote, key, len, completion);
}

static int laned_put(struct tri_endpoint *base, const void *local, uint64_t remote, const struct tri_remote_key *key,
                     size_t len, struct tri_completion *completion)
{
    return move(base, true, local, remote, key, len, completion);
}

static int laned_put_notify(struct tri_endpoint *base, const void *local, uint64_t remote,
                            const struct tri_remote_key *key, size_t len, uint64_t notice,
                            struct tri_completion *completion)
{
    struct laned_endpoint *endpoint = (struct laned_endpoint *)base;
    struct errand *errand = make_errand(endpoint, completion);
    uint64_t word = notice | (uint64_t)endpoint->lane << TRI_NOTICE_BITS;
    int result;

    if (!errand) {
        return TRI_NO_RESOURCE;
    }
    pthread_mutex_lock(&guard);
    result = laned.inner->put_notify(endpoint->inner, local, remote, key, len, word, &errand->base);
    pthread_mutex_unlock(&guard);
    if (result != TRI_IN_PROGRESS) {
        free(errand);
    }
    return result;
}

static uint32_t laned_claim(int owner, unsigned counter)
{
    return laned.inner->claim(owner, counter);
}

static void laned_claim_reset(unsigned counter)
{
    laned.inner->claim_reset(counter);
}

/* What came for other lanes is not counted: it has not happened for who waits in this one. */
static int laned_progress(unsigned lane)
{
    int count = 0;

    laned.lanes[lane].polled = true;
    /* Another thread that has the lock receives for this one, too, or will let somebody soon. */
    if (pthread_mutex_trylock(&guard) == 0) {
        laned.kept = 0;
        count = laned.inner->progress(0) - laned.kept;
        pthread_mutex_unlock(&guard);
    }
    return (count > 0 ? count : 0) + deliver_arrivals(lane);
}

static int laned_arm(bool as_fd, struct tri_wakeup *wakeup)
{
    int result = TRI_OK;

    pthread_mutex_lock(&guard);
    for (unsigned lane = 0; lane < laned.host->lanes; lane++) {
        struct laned_lane *own = &laned.lanes[lane];

        if ((lane == 0 || own->polled) && own->first) {
            result = TRI_NO_RESOURCE;
        }
    }
    if (result == TRI_OK) {
        result = laned.inner->arm(as_fd, wakeup);
    }
    pthread_mutex_unlock(&guard);
    return result;
}

static void laned_disarm(void)
{
    laned.inner->disarm();
}

static struct tri_transport table = {
    .open = laned_open,
    .close = laned_close,
    .reaches = laned_reaches,
    .lanes = laned_lanes,
    .connect = laned_connect,
    .send_short = laned_short,
    .send_bcopy = laned_bcopy,
    .send_zcopy = laned_zcopy,
    .register_memory = laned_register,
    .unregister_memory = laned_unregister,
    .get = laned_get,
    .put = laned_put,
    .put_notify = laned_put_notify,
    .claim = laned_claim,
    .claim_reset = laned_claim_reset,
    .progress = laned_progress,
    .arm = laned_arm,
    .disarm = laned_disarm,
};

const struct tri_transport *tri_laned_over(const struct tri_transport *inner)
{
    laned.inner = inner;
    table.name = inner->name;
    table.survey = inner->survey;
    return &table;
}

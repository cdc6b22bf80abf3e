/* Get and put, the side that asks: transfers between our memory and a peer's, in parts. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "ucx.h"

#include <string.h>

/* UCX's keys to remote memory do not fit into ours, so a get asks the memory's owner for the data and a put offers it.
 * Where the fabric itself reads remote memory, UCX's rendezvous then moves a part without a copy. Over TCP that costs
 * two more trips and is slower than pieces that come unasked and are copied once out of a buffer in the cache.
 * Parts as in the ofi transport: what is under way stays in the caches. */
enum { PARTS_AT_ONCE = 2, COPIED_PART = 3 * TRI_UCX_PIECE, FETCHED_PART = 1 << 20 };

struct transfer {
    struct tri_completion *completion;
    struct tri_ucx_endpoint *endpoint;
    bool put;
    char *local;     /* where the next part begins, here */
    uint64_t remote; /* and there */
    uint64_t key;
    size_t left;        /* bytes that no part has taken yet */
    unsigned under_way; /* parts */
    int status;
    struct transfer *next; /* in the list of free ones or of those that wait */
};

struct part {
    struct tri_ucx_fetch fetch;
    struct transfer *transfer; /* NULL: free */
    char *local;
    size_t len;
    size_t missing;    /* get: bytes that have not been announced; put: 1 until the owner has it all */
    unsigned pending;  /* what must end before the part can */
    struct part *next; /* in the list of free ones */
};

enum { PARTS = TRI_UCX_TRANSFERS * PARTS_AT_ONCE };

static struct {
    struct transfer transfers[TRI_UCX_TRANSFERS];
    struct part parts[PARTS];
    struct transfer *free_transfers;
    struct part *free_parts;
    struct transfer *waiting; /* nothing of it is under way since there was no buffer */
    unsigned active;
} remote;

static void on_sent(void *part, int status);
static void on_fetched(struct tri_ucx_fetch *fetch, int status);

static size_t part_length(const struct transfer *transfer)
{
    size_t most = tri_ucx.rendezvous ? FETCHED_PART : transfer->put ? TRI_UCX_PIECE : COPIED_PART;

    return transfer->left < most ? transfer->left : most;
}

/* Sends the request for a part, or its data. TRI_OK, TRI_NO_RESOURCE: nothing happened, or TRI_FAILED: the same. */
static int post(const struct transfer *transfer, struct part *part)
{
    struct tri_ucx_buffer *buffer = tri_ucx_take(transfer->endpoint, 0);
    struct tri_ucx_place *place;

    if (!buffer) {
        return TRI_NO_RESOURCE;
    }
    place = &buffer->header.place;
    tri_ucx_stamp(transfer->endpoint, &place->stamp, (uint32_t)(part - remote.parts));
    place->address = transfer->remote;
    place->len = part->len;
    place->key = transfer->key;
    buffer->sent = on_sent;
    buffer->owner = part;
    return tri_ucx_launch(buffer, transfer->put ? TRI_UCX_PUT : TRI_UCX_WANT, sizeof(*place),
                          transfer->put ? part->local : NULL, transfer->put ? part->len : 0,
                          transfer->put && tri_ucx.rendezvous && part->len > TRI_UCX_FETCH_MIN);
}

static void free_part(struct part *part)
{
    part->transfer = NULL;
    part->next = remote.free_parts;
    remote.free_parts = part;
}

static void start_part(struct transfer *transfer, struct part *part)
{
    int result;

    remote.free_parts = part->next;
    *part = (struct part){.fetch.done = on_fetched,
                          .transfer = transfer,
                          .local = transfer->local,
                          .len = part_length(transfer),
                          .pending = 1};
    part->missing = transfer->put ? 1 : part->len;
    result = post(transfer, part);
    if (result == TRI_OK) {
        transfer->under_way++;
        transfer->local += part->len;
        transfer->remote += part->len;
        transfer->left -= part->len;
        return;
    }
    free_part(part);
    if (result == TRI_FAILED) {
        transfer->status = TRI_FAILED;
        transfer->left = 0;
    }
}

/* Starts as many parts as may be under way. */
static void advance(struct transfer *transfer)
{
    unsigned before;

    do {
        before = transfer->under_way;
        if (transfer->left && before < PARTS_AT_ONCE) {
            start_part(transfer, remote.free_parts);
        }
    } while (transfer->under_way > before);
}

static void retire(struct transfer *transfer)
{
    transfer->next = remote.free_transfers;
    remote.free_transfers = transfer;
    remote.active--;
}

/* After a part has ended: goes on, ends, or waits until there is room. */
static void go_on(struct transfer *transfer)
{
    struct tri_completion *completion = transfer->completion;
    int status;

    advance(transfer);
    if (transfer->under_way) {
        return;
    }
    if (transfer->left || (transfer->status != TRI_OK && tri_ucx_in_grace())) {
        transfer->next = remote.waiting;
        remote.waiting = transfer;
        return;
    }
    status = transfer->status;
    retire(transfer);
    completion->done(completion, status);
}

/* One of the things that the part waits for has happened. */
static void settle(struct part *part, int status)
{
    struct transfer *transfer = part->transfer;

    if (status != TRI_OK) {
        transfer->status = TRI_FAILED;
        transfer->left = 0;
        part->missing = 0;
    }
    part->pending--;
    if (part->pending == 0 && part->missing == 0) {
        free_part(part);
        transfer->under_way--;
        go_on(transfer);
    }
}

static void on_sent(void *part, int status)
{
    settle(part, status);
}

static void on_fetched(struct tri_ucx_fetch *fetch, int status)
{
    settle((struct part *)fetch, status);
}

/* The part that an answer is about, or NULL: there is none such. */
static struct part *part_of(int peer, const struct tri_ucx_answer *answer)
{
    struct part *part = answer->stamp.number < PARTS ? &remote.parts[answer->stamp.number] : NULL;

    return part && part->transfer && part->transfer->endpoint->base.peer == peer ? part : NULL;
}

ucs_status_t tri_ucx_on_data(void *arg, const void *header, size_t header_length, void *data, size_t len,
                             const ucp_am_recv_param_t *param)
{
    struct tri_ucx_answer answer;
    int peer = tri_ucx_accept(header, header_length, &answer, sizeof(answer));
    struct part *part = peer < 0 ? NULL : part_of(peer, &answer);

    (void)arg;
    /* Pieces come in order and whole, so that what is missing also says where the next one belongs. */
    if (!part || part->transfer->put || len > part->missing || answer.offset != part->len - part->missing) {
        return UCS_OK;
    }
    part->missing -= len;
    part->pending++;
    return tri_ucx_receive_data(part->local + answer.offset, data, len, param, &part->fetch);
}

ucs_status_t tri_ucx_on_done(void *arg, const void *header, size_t header_length, void *data, size_t len,
                             const ucp_am_recv_param_t *param)
{
    struct tri_ucx_answer answer;
    int peer = tri_ucx_accept(header, header_length, &answer, sizeof(answer));
    struct part *part = peer < 0 ? NULL : part_of(peer, &answer);

    (void)arg;
    (void)data;
    (void)len;
    (void)param;
    if (!part || (!part->transfer->put && !answer.refused)) {
        return UCS_OK;
    }
    if (answer.refused) {
        tri_ucx_fail(peer, "no such memory to read or write at", UCS_ERR_INVALID_ADDR);
    }
    part->missing = 0;
    part->pending++;
    settle(part, answer.refused ? TRI_FAILED : TRI_OK);
    return UCS_OK;
}

void tri_ucx_transfers_break(const struct tri_ucx_endpoint *endpoint)
{
    for (int i = 0; i < PARTS; i++) {
        struct part *part = &remote.parts[i];

        if (part->transfer && part->transfer->endpoint == endpoint) {
            part->pending++;
            settle(part, TRI_FAILED);
        }
    }
}

int tri_ucx_push_transfers(void)
{
    struct transfer *list = remote.waiting;
    int count = 0;

    remote.waiting = NULL;
    while (list) {
        struct transfer *transfer = list;

        list = transfer->next;
        go_on(transfer);
        count += transfer->under_way > 0;
    }
    return count;
}

void tri_ucx_remote_open(void)
{
    memset(&remote, 0, sizeof(remote));
    for (int i = 0; i < TRI_UCX_TRANSFERS; i++) {
        remote.transfers[i].next = remote.free_transfers;
        remote.free_transfers = &remote.transfers[i];
    }
    for (int i = 0; i < PARTS; i++) {
        free_part(&remote.parts[i]);
    }
}

unsigned tri_ucx_transfers_active(void)
{
    return remote.active;
}

/* Fills a free transfer and starts it. */
static int start(struct tri_ucx_endpoint *endpoint, bool put, const void *local, uint64_t address, uint64_t key,
                 size_t len, struct tri_completion *completion)
{
    struct transfer *transfer = remote.free_transfers;

    if (!transfer || (endpoint->broken && tri_ucx_in_grace())) {
        return TRI_NO_RESOURCE;
    }
    remote.free_transfers = transfer->next;
    remote.active++;
    *transfer = (struct transfer){.completion = completion,
                                  .endpoint = endpoint,
                                  .put = put,
                                  .local = (char *)(uintptr_t)local,
                                  .remote = address,
                                  .key = key,
                                  .left = len,
                                  .status = TRI_OK};
    advance(transfer);
    if (transfer->under_way) {
        return TRI_IN_PROGRESS;
    }
    retire(transfer);
    return transfer->status == TRI_OK || tri_ucx_in_grace() ? TRI_NO_RESOURCE : TRI_FAILED;
}

int tri_ucx_get(struct tri_endpoint *base, void *local, uint64_t address, const struct tri_remote_key *key, size_t len,
                struct tri_completion *completion)
{
    return len ? start((struct tri_ucx_endpoint *)base, false, local, address, key->word, len, completion) : TRI_OK;
}

int tri_ucx_put(struct tri_endpoint *base, const void *local, uint64_t address, const struct tri_remote_key *key,
                size_t len, struct tri_completion *completion)
{
    return len ? start((struct tri_ucx_endpoint *)base, true, local, address, key->word, len, completion) : TRI_OK;
}

/* Get and put, the side that asks: transfers between our memory and a peer's, in parts. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "../transfer.h"
#include "ucx.h"

/* UCX's keys to remote memory do not fit into ours, so a get asks the memory's owner for the data and a put offers it.
 * Where the fabric itself reads remote memory, UCX's rendezvous then moves a part without a copy. Over TCP that costs
 * two more trips and is slower than pieces that come unasked and are copied once out of a buffer in the cache.
 * Parts as in the ofi transport: what is under way stays in the caches. */
enum { COPIED_PART = 3 * TRI_UCX_PIECE, FETCHED_PART = 1 << 20 };

struct part {
    struct tri_ucx_fetch fetch;
    struct tri_part base;
    size_t missing;   /* get: bytes that have not been announced; put: 1 until the owner has it all */
    unsigned pending; /* what must end before the part can */
};

static struct part parts[TRI_PARTS];

/* One of the things that the part waits for has happened. */
static void settle(void *owner, int status)
{
    struct part *part = owner;

    if (status != TRI_OK) {
        tri_transfer_give_up(part->base.transfer);
        part->missing = 0;
    }
    part->pending--;
    if (part->pending == 0 && part->missing == 0) {
        tri_transfer_end_part(&part->base);
    }
}

/* Sends the request for a part, or its data. */
static int post(struct tri_part *base)
{
    const struct tri_transfer *transfer = base->transfer;
    struct tri_ucx_endpoint *endpoint = (struct tri_ucx_endpoint *)transfer->endpoint;
    struct tri_ucx_buffer *buffer = tri_ucx_take(endpoint, 0);
    struct part *part = &parts[base->number];
    struct tri_ucx_place *place;

    if (!buffer) {
        return TRI_NO_RESOURCE;
    }
    part->missing = transfer->put ? 1 : base->len;
    part->pending = 1;
    place = &buffer->header.place;
    tri_ucx_stamp(endpoint, &place->stamp, base->number);
    place->address = base->remote;
    place->len = base->len;
    place->key = transfer->key;
    buffer->sent = settle;
    buffer->owner = part;
    return tri_ucx_launch(buffer, transfer->put ? TRI_UCX_PUT : TRI_UCX_WANT, sizeof(*place),
                          transfer->put ? base->local : NULL, transfer->put ? base->len : 0,
                          transfer->put && tri_ucx.rendezvous && base->len > TRI_UCX_FETCH_MIN);
}

static void on_fetched(struct tri_ucx_fetch *fetch, int status)
{
    settle(fetch, status);
}

/* The part that an answer is about, or NULL: there is none such. */
static struct part *part_of(int peer, const struct tri_ucx_answer *answer)
{
    struct part *part = answer->stamp.number < TRI_PARTS ? &parts[answer->stamp.number] : NULL;

    return part && part->base.transfer && part->base.transfer->endpoint->peer == peer ? part : NULL;
}

ucs_status_t tri_ucx_on_data(void *arg, const void *header, size_t header_length, void *data, size_t len,
                             const ucp_am_recv_param_t *param)
{
    struct tri_ucx_answer answer;
    int peer = tri_ucx_accept(header, header_length, &answer, sizeof(answer));
    struct part *part = peer < 0 ? NULL : part_of(peer, &answer);

    (void)arg;
    /* Pieces come in order and whole, so that what is missing also says where the next one belongs. */
    if (!part || part->base.transfer->put || len > part->missing || answer.offset != part->base.len - part->missing) {
        return UCS_OK;
    }
    part->missing -= len;
    part->pending++;
    return tri_ucx_receive_data(part->base.local + answer.offset, data, len, param, &part->fetch);
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
    if (!part || (!part->base.transfer->put && !answer.refused)) {
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
    for (unsigned i = 0; i < TRI_PARTS; i++) {
        const struct tri_transfer *transfer = parts[i].base.transfer;

        if (transfer && transfer->endpoint == &endpoint->base) {
            parts[i].pending++;
            settle(&parts[i], TRI_FAILED);
        }
    }
}

void tri_ucx_remote_open(void)
{
    static const struct tri_transfer_way way = {.post = post, .in_grace = tri_ucx_in_grace};

    tri_transfer_open(&way);
    for (unsigned i = 0; i < TRI_PARTS; i++) {
        parts[i].fetch.done = on_fetched;
        tri_transfer_add_part(&parts[i].base, i);
    }
}

static int start(struct tri_endpoint *endpoint, bool put, const void *local, uint64_t address,
                 const struct tri_remote_key *key, size_t len, struct tri_completion *completion)
{
    size_t part_max = tri_ucx.rendezvous ? FETCHED_PART : put ? TRI_UCX_PIECE : COPIED_PART;
    struct tri_transfer wanted = {.completion = completion,
                                  .endpoint = endpoint,
                                  .put = put,
                                  .local = (char *)(uintptr_t)local,
                                  .remote = address,
                                  .key = key->word,
                                  .left = len,
                                  .part_max = part_max};

    if (((struct tri_ucx_endpoint *)endpoint)->broken && tri_ucx_in_grace()) {
        return TRI_NO_RESOURCE;
    }
    return tri_transfer_start(&wanted);
}

int tri_ucx_get(struct tri_endpoint *base, void *local, uint64_t address, const struct tri_remote_key *key, size_t len,
                struct tri_completion *completion)
{
    return len ? start(base, false, local, address, key, len, completion) : TRI_OK;
}

int tri_ucx_put(struct tri_endpoint *base, const void *local, uint64_t address, const struct tri_remote_key *key,
                size_t len, struct tri_completion *completion)
{
    return len ? start(base, true, local, address, key, len, completion) : TRI_OK;
}

/* Partitioned communication over the point-to-point layer. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "partitioned.h"

#include <stdlib.h>

#include "../runtime/log.h"
#include "engine.h"

/* The sender's request announces itself once, when it is made, by a message with the program's tag in a context of its
 * own: there it is matched with the receiver's request, in the order in which the requests were made. The announcement
 * says how the message is cut and which tags, in a second context, its partitions have: one for each. From then on a
 * round is one ordinary message for each partition of the sender, which may be sent before the receiver is ready, and
 * nothing comes back. The receiver cuts its buffer as the sender did; its own partitions only count for Parrived. */

struct announcement {
    int32_t first_tag;
    int32_t partitions;
    int64_t partition_bytes;
};

struct channel {
    struct tri_object object;
    struct tri_request *request; /* NULL: freed, and only the announcement is still under way */
    int references;              /* of the request and of the announcement under way */
    int partitions;              /* the own ones */
    struct announcement cut;     /* how the message travels; receive: once it is matched */
    bool matched;
    int unready;   /* send: partitions of this round that are not marked yet */
    int under_way; /* messages of this round that have not ended; one more while they are being started */
    int error;     /* receive: the first one of this round */
    uint8_t *marks; /* of each message: send: marked as ready, receive: arrived */
    struct channel *next; /* send: all channels */
};

static struct tri_pool pool = {.size = sizeof(struct channel)};
static struct channel *senders;

static struct channel *channel_of(const struct tri_request *request)
{
    return request->owner;
}

static int64_t total_of(const struct tri_request *request)
{
    return request->op.count * request->op.type->size;
}

/* ---- tags of partitions ---- */

static int32_t next_tag;
static bool tags_again; /* all have been used once */

static struct channel *find_overlap(int32_t first, int count)
{
    for (struct channel *other = senders; other; other = other->next) {
        if (first < other->cut.first_tag + (int64_t)other->cut.partitions &&
            other->cut.first_tag < first + (int64_t)count) {
            return other;
        }
    }
    return NULL;
}

/* Tags of a sender that is gone come back after all others, when its last partitions have long been received. */
static int32_t take_tags(int count)
{
    struct channel *other;
    do {
        if (count > INT32_MAX - next_tag) {
            next_tag = 0;
            tags_again = true;
        }
        other = tags_again ? find_overlap(next_tag, count) : NULL;
        if (other) {
            next_tag = (int32_t)TRI_MIN(other->cut.first_tag + (int64_t)other->cut.partitions, INT32_MAX);
        }
    } while (other);
    int32_t first = next_tag;
    next_tag += count;
    return first;
}

/* ---- channels ---- */

static void release(struct channel *channel)
{
    if (--channel->references == 0) {
        tri_pool_give(&pool, channel);
    }
}

static void make_marks(struct channel *channel, int count)
{
    channel->marks = tri_memory_take((size_t)count);
    for (int i = 0; i < count; i++) {
        channel->marks[i] = 0;
    }
}

/* An operation in one of the communicator's contexts for partitioned messages. */
static struct tri_operation inner_operation(const struct tri_request *request, uint32_t which, int tag)
{
    struct tri_operation op = request->op;
    op.context |= which;
    op.match = tri_match_make(0, op.comm->context | which);
    op.tag = tag;
    return op;
}

/* A message of the round has ended. */
static void end_part(struct channel *channel)
{
    struct tri_request *request = channel->request;
    if (--channel->under_way > 0 || channel->unready > 0) {
        return;
    }
    request->outcome = (struct tri_outcome){.source = MPI_ANY_SOURCE, .tag = MPI_ANY_TAG};
    if (request->type == TRI_REQUEST_PARTITIONED_RECEIVE) {
        int64_t sent = channel->cut.partitions * channel->cut.partition_bytes;
        request->outcome.source = request->op.peer;
        request->outcome.tag = request->op.tag;
        request->outcome.bytes = channel->error ? 0 : sent;
        request->outcome.error = channel->error;
        if (channel->error) {
            tri_receive_explain(request->op.peer, request->op.tag, sent, total_of(request));
        }
    }
    tri_request_complete(request);
}

/* ---- sender ---- */

static void part_sent(struct tri_request *part)
{
    struct channel *channel = part->owner;
    tri_request_give(part);
    end_part(channel);
}

static void announced(struct tri_request *part)
{
    struct channel *channel = part->owner;
    tri_request_give(part);
    release(channel);
}

static void announce(struct channel *channel)
{
    const struct tri_request *request = channel->request;
    const struct tri_operation *op = &request->op;
    channel->cut = (struct announcement){.first_tag = take_tags(channel->partitions),
                                         .partitions = channel->partitions,
                                         .partition_bytes = total_of(request) / channel->partitions};
    channel->next = senders;
    senders = channel;
    struct tri_operation inner = inner_operation(request, TRI_CONTEXT_PARTITIONED, op->tag);
    inner.buffer = &channel->cut;
    inner.count = sizeof channel->cut;
    inner.type = tri_datatype_get(MPI_BYTE);
    struct tri_request *part = tri_p2p_isend(&inner, TRI_SEND_STANDARD);
    if (part->complete) {
        tri_request_give(part);
    } else {
        channel->references++;
        part->owner = channel;
        part->done = announced;
    }
}

static void leave_senders(const struct channel *channel)
{
    for (struct channel **link = &senders; *link; link = &(*link)->next) {
        if (*link == channel) {
            *link = channel->next;
            return;
        }
    }
}

static void send_part(struct channel *channel, int partition)
{
    const struct tri_operation *op = &channel->request->op;
    struct tri_operation inner =
        inner_operation(channel->request, TRI_CONTEXT_PARTITIONS, channel->cut.first_tag + partition);
    inner.count = op->count / channel->partitions;
    inner.buffer = (char *)op->buffer + partition * inner.count * op->type->extent;
    struct tri_request *part = tri_p2p_isend(&inner, TRI_SEND_STANDARD);
    if (part->complete) {
        tri_request_give(part);
        end_part(channel);
    } else {
        part->owner = channel;
        part->done = part_sent;
    }
}

bool tri_partitioned_is_ready(const struct tri_request *request, int partition)
{
    return channel_of(request)->marks[partition];
}

void tri_partitioned_ready(struct tri_request *request, int partition)
{
    struct channel *channel = channel_of(request);
    channel->marks[partition] = 1;
    channel->unready--;
    channel->under_way++;
    if (request->op.peer == MPI_PROC_NULL) {
        end_part(channel);
    } else {
        send_part(channel, partition);
    }
}

/* ---- receiver ---- */

/* Where a message of the sender goes. What lies beyond the buffer has no room, and is reported as truncated. */
struct place {
    int64_t offset, bytes;
    bool direct; /* it covers whole elements; otherwise it is set aside and unpacked when it is there */
};

static struct place place_of(const struct channel *channel, int message)
{
    const struct tri_datatype *type = channel->request->op.type;
    int64_t total = total_of(channel->request);
    int64_t offset = TRI_MIN(message * channel->cut.partition_bytes, total);
    int64_t bytes = TRI_MIN(channel->cut.partition_bytes, total - offset);
    bool direct = type->contiguous || bytes == 0 || (offset % type->size == 0 && bytes % type->size == 0);
    return (struct place){.offset = offset, .bytes = bytes, .direct = direct};
}

static void part_arrived(struct tri_request *part)
{
    struct channel *channel = part->owner;
    const struct tri_operation *op = &channel->request->op;
    int message = part->op.tag - channel->cut.first_tag;
    const struct place place = place_of(channel, message);
    if (part->outcome.error && !channel->error) {
        channel->error = part->outcome.error;
    }
    if (!place.direct) {
        if (!part->outcome.error) {
            tri_datatype_copy(op->type, op->buffer, place.offset, part->op.buffer, place.bytes, TRI_UNPACK);
        }
        free(part->op.buffer);
    }
    channel->marks[message] = 1;
    tri_request_give(part);
    end_part(channel);
}

/* The part needs no reference to type and communicator: the request has them, and can not be freed meanwhile. */
static void receive_part(struct channel *channel, int message)
{
    const struct tri_operation *op = &channel->request->op;
    const struct place place = place_of(channel, message);
    struct tri_request *part = tri_request_take(TRI_REQUEST_RECEIVE);
    part->op = inner_operation(channel->request, TRI_CONTEXT_PARTITIONS, channel->cut.first_tag + message);
    if (place.direct && !op->type->contiguous && place.bytes > 0) {
        part->op.buffer = (char *)op->buffer + place.offset / op->type->size * op->type->extent;
        part->op.count = place.bytes / op->type->size;
    } else {
        part->op.buffer = place.direct ? (char *)op->buffer + place.offset : tri_memory_take((size_t)place.bytes);
        part->op.count = place.bytes;
        part->op.type = tri_datatype_get(MPI_BYTE);
    }
    part->owner = channel;
    part->done = part_arrived;
    channel->under_way++;
    tri_p2p_start_receive(part);
}

static void receive_all(struct channel *channel)
{
    channel->error = MPI_SUCCESS;
    channel->under_way = 1;
    for (int i = 0; i < channel->cut.partitions; i++) {
        channel->marks[i] = 0;
    }
    for (int i = 0; i < channel->cut.partitions; i++) {
        receive_part(channel, i);
    }
    end_part(channel);
}

static void check_announcement(const struct channel *channel, const struct tri_request *part)
{
    const struct announcement *cut = &channel->cut;
    int64_t total;
    if (part->outcome.bytes != sizeof *cut || cut->partitions <= 0 || cut->first_tag < 0 ||
        cut->first_tag > INT32_MAX - cut->partitions || cut->partition_bytes < 0 ||
        __builtin_mul_overflow(cut->partition_bytes, cut->partitions, &total)) {
        tri_log_fatal(1, "the announcement of a partitioned message from rank %d makes no sense: its memory is corrupt",
                      part->outcome.source);
    }
}

static void matched(struct tri_request *part)
{
    struct channel *channel = part->owner;
    if (channel->request) {
        check_announcement(channel, part);
        channel->matched = true;
        make_marks(channel, channel->cut.partitions);
        if (channel->request->active) {
            receive_all(channel);
        }
    }
    tri_request_give(part);
    release(channel);
}

static void expect(struct channel *channel)
{
    const struct tri_request *request = channel->request;
    struct tri_operation inner = inner_operation(request, TRI_CONTEXT_PARTITIONED, request->op.tag);
    inner.buffer = &channel->cut;
    inner.count = sizeof channel->cut;
    inner.type = tri_datatype_get(MPI_BYTE);
    struct tri_request *part = tri_p2p_ireceive(&inner);
    channel->references++;
    part->owner = channel;
    if (part->complete) {
        matched(part);
    } else {
        part->done = matched;
    }
}

bool tri_partitioned_arrived(const struct tri_request *request, int partition)
{
    const struct channel *channel = channel_of(request);
    if (request->complete) {
        return true;
    }
    int64_t bytes = total_of(request) / channel->partitions;
    if (!channel->matched) {
        return false;
    }
    int64_t step = TRI_MAX(channel->cut.partition_bytes, 1);
    int64_t end = TRI_MIN((partition + 1) * bytes, channel->cut.partitions * channel->cut.partition_bytes);
    for (int64_t i = partition * bytes / step; i * step < end; i++) {
        if (!channel->marks[i]) {
            return false;
        }
    }
    return true;
}

/* ---- both ---- */

int tri_partitioned_count(const struct tri_request *request)
{
    return channel_of(request)->partitions;
}

struct tri_request *tri_partitioned_make(const struct tri_operation *op, int partitions, enum tri_request_type type)
{
    struct tri_request *request = tri_request_take(type);
    request->op = *op;
    request->persistent = true;
    request->outcome = (struct tri_outcome){.source = MPI_ANY_SOURCE, .tag = MPI_ANY_TAG};
    tri_request_hold(request);
    struct channel *channel = tri_pool_take(&pool);
    struct tri_object object = channel->object;
    *channel = (struct channel){.object = object, .request = request, .references = 1, .partitions = partitions};
    request->owner = channel;
    if (type == TRI_REQUEST_PARTITIONED_SEND) {
        make_marks(channel, partitions);
    }
    if (op->peer != MPI_PROC_NULL) {
        if (type == TRI_REQUEST_PARTITIONED_SEND) {
            announce(channel);
        } else {
            expect(channel);
        }
    }
    return request;
}

void tri_partitioned_start(struct tri_request *request)
{
    struct channel *channel = channel_of(request);
    request->complete = false;
    if (request->type == TRI_REQUEST_PARTITIONED_SEND) {
        channel->unready = channel->partitions;
        for (int i = 0; i < channel->partitions; i++) {
            channel->marks[i] = 0;
        }
    } else if (request->op.peer == MPI_PROC_NULL) {
        request->outcome = (struct tri_outcome){.source = MPI_PROC_NULL, .tag = MPI_ANY_TAG};
        request->complete = true;
    } else if (channel->matched) {
        receive_all(channel);
    }
}

void tri_partitioned_free(struct tri_request *request)
{
    struct channel *channel = channel_of(request);
    leave_senders(channel);
    free(channel->marks);
    channel->request = NULL;
    release(channel);
    tri_request_give(request);
}

void tri_partitioned_end(void)
{
    tri_pool_end(&pool);
    senders = NULL;
    next_tag = 0;
    tags_again = false;
}

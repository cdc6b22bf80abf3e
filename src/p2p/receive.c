/* Receiving: arriving packets meet posted receives, or wait as unexpected messages. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../runtime/log.h"
#include "engine.h"

/* ---- unexpected messages: memory by size class, given back to the class and not to malloc ---- */

/* Small ones, the frequent case of many, lie closely in slabs; from 512 bytes on each is a piece of its own. Sizes
 * include the message's header. */
enum { CLASS_SLAB = 0, CLASS_FIRST = 9, SLAB_MESSAGE = 192, SLAB_MESSAGES = 340 };

/* Each slab begins with a pointer to the next; the larger pieces likewise. */
static void *take_memory(struct tri_engine *engine, size_t size)
{
    void **memory =
        aligned_alloc(TRI_CACHE_LINE, (TRI_CACHE_LINE + size + TRI_CACHE_LINE - 1) & ~(size_t)(TRI_CACHE_LINE - 1));
    if (!memory) {
        tri_log_fatal(1, "out of memory: %zu bytes for an unexpected message can not be had", size);
    }
    *memory = engine->slabs;
    engine->slabs = memory;
    return (char *)memory + TRI_CACHE_LINE;
}

static void give_to(struct tri_engine *engine, struct tri_message *message)
{
    message->object.kind = TRI_FREED;
    message->object.next_free = (struct tri_object *)(void *)engine->free_messages[message->size_class];
    engine->free_messages[message->size_class] = message;
}

void tri_message_give(struct tri_message *message)
{
    give_to(message->peer->engine, message);
}

static void refill(struct tri_engine *engine, uint8_t class)
{
    size_t count = class == CLASS_SLAB ? SLAB_MESSAGES : 1;
    size_t size = class == CLASS_SLAB ? SLAB_MESSAGE : (size_t)1 << (CLASS_FIRST - 1 + class);
    char *memory = take_memory(engine, count * size);
    for (size_t i = count; i-- > 0;) {
        struct tri_message *message = (struct tri_message *)(void *)(memory + i * size);
        message->size_class = class;
        give_to(engine, message);
    }
}

static struct tri_message *take_message(struct tri_engine *engine, size_t payload)
{
    size_t need = sizeof(struct tri_message) + payload;
    uint8_t class = CLASS_SLAB;
    while (need > SLAB_MESSAGE && ((size_t)1 << (CLASS_FIRST - 1 + class)) < need) {
        class++;
    }
    class += need > SLAB_MESSAGE && class == CLASS_SLAB;
    if (!engine->free_messages[class]) {
        refill(engine, class);
    }
    struct tri_message *message = engine->free_messages[class];
    engine->free_messages[class] = (struct tri_message *)(void *)message->object.next_free;
    return message;
}

void tri_messages_end(struct tri_engine *engine)
{
    while (engine->slabs) {
        void **memory = engine->slabs;
        engine->slabs = *memory;
        free(memory);
    }
}

/* ---- a message meets a receive ---- */

static char misfit[TRI_ERROR_TEXT]; /* why the last message that did not suit its receive did not */
static pthread_mutex_t misfit_lock = PTHREAD_MUTEX_INITIALIZER; /* lanes write it */

__attribute__((format(printf, 1, 2))) static void explain(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    pthread_mutex_lock(&misfit_lock);
    vsnprintf(misfit, sizeof misfit, format, args);
    pthread_mutex_unlock(&misfit_lock);
    va_end(args);
}

void tri_p2p_error_text(int code, char text[TRI_ERROR_TEXT])
{
    const char *sentence = tri_error_sentence(code);
    snprintf(text, TRI_ERROR_TEXT, "%s", sentence ? sentence : "an error code of the program");
    pthread_mutex_lock(&misfit_lock);
    if (*misfit && (code == MPI_ERR_TRUNCATE || code == MPI_ERR_TYPE)) {
        memcpy(text, misfit, sizeof misfit);
    }
    pthread_mutex_unlock(&misfit_lock);
}

void tri_receive_explain(int source, int tag, int64_t size, int64_t room)
{
    explain("the message from rank %d with tag %d has %lld bytes, but the receive buffer has room for %lld; "
            "nothing was written to it",
            source, tag, (long long)size, (long long)room);
}

/* A message that is shorter than the receive. No sender whose signature matches the receive's ends within an element:
 * such a program is wrong, and would find an element that is half old and half new. */
static bool accept_short(struct tri_request *request)
{
    struct tri_outcome *outcome = &request->outcome;
    const struct tri_datatype *type = request->op.type;
    if (tri_datatype_elements_in(type, outcome->bytes) >= 0) {
        return true;
    }
    explain("the message from rank %d with tag %d has %lld bytes, which is no whole number of the elements of %.50s: "
            "sender and receiver differ in the type; nothing was written to the buffer",
            outcome->source, outcome->tag, (long long)outcome->bytes, tri_datatype_name(type));
    outcome->error = MPI_ERR_TYPE;
    outcome->bytes = 0;
    return false;
}

bool tri_receive_accept(struct tri_request *request, int source, int tag, int64_t size)
{
    request->outcome = (struct tri_outcome){.source = source, .tag = tag, .bytes = size};
    if (TRI_LIKELY(size == request->bytes)) {
        return true;
    }
    if (size < request->bytes) {
        return accept_short(request);
    }
    request->outcome.error = MPI_ERR_TRUNCATE;
    request->outcome.bytes = 0;
    tri_receive_explain(source, tag, size, request->bytes);
    return false;
}

static inline void receive_eager(struct tri_request *request, const struct tri_envelope *envelope, const void *payload,
                          size_t len)
{
    const struct tri_operation *op = &request->op;
    if (TRI_LIKELY(tri_receive_accept(request, envelope->source, envelope->tag, (int64_t)len))) {
        if (TRI_LIKELY(op->type->contiguous)) {
            tri_copy(op->buffer, payload, len);
        } else {
            /* The engine writes through its packed argument only when packing. */
            tri_datatype_copy(op->type, op->buffer, 0, (void *)(uintptr_t)payload, (int64_t)len, TRI_UNPACK);
        }
    }
    tri_request_complete(request);
}

void tri_receive_message(struct tri_request *request, struct tri_message *message)
{
    struct tri_peer *peer = message->peer;
    const struct tri_envelope envelope = {.source = message->entry.source, .tag = message->entry.tag};
    if (message->rendezvous) {
        struct tri_rts rts;
        memcpy(&rts, message->payload, sizeof rts);
        tri_ask_withdraw(message);
        tri_message_give(message);
        tri_rendezvous_accept(request, peer, &envelope, &rts);
        return;
    }
    int64_t size = message->size;
    receive_eager(request, &envelope, message->payload, (size_t)size);
    tri_message_give(message);
    tri_peer_consumed(peer, size);
}

/* ---- packets ---- */

static inline struct tri_request *take_posted(struct tri_match *match, const struct tri_envelope *envelope)
{
    struct tri_queue_entry *entry = tri_queue_find(&match->posted, envelope->source, envelope->tag);
    if (!entry) {
        return NULL;
    }
    tri_queue_remove(&match->posted, entry);
    struct tri_request *request = tri_container_of(entry, struct tri_request, entry);
    request->posted = false;
    return request;
}

static struct tri_message *keep(struct tri_match *match, struct tri_peer *peer, const struct tri_envelope *envelope,
                                size_t payload)
{
    struct tri_message *message = take_message(peer->engine, payload);
    message->peer = peer;
    message->rendezvous = message->asks = false;
    message->entry.source = envelope->source;
    message->entry.tag = envelope->tag;
    tri_queue_append(&match->unexpected, &message->entry);
    struct tri_counters *counters = peer->counters;
    counters->unexpected++;
    tri_counters_mark(&counters->unexpected_mark, ++counters->unexpected_length);
    return message;
}

static inline void arrive_eager(struct tri_peer *peer, const struct tri_envelope *envelope, const void *payload,
                                size_t len)
{
    struct tri_match *match = tri_match_of(peer->engine, envelope->context);
    struct tri_request *request = take_posted(match, envelope);
    if (TRI_LIKELY(request != NULL)) {
        receive_eager(request, envelope, payload, len);
        tri_peer_consumed(peer, (int64_t)len);
        return;
    }
    struct tri_message *message = keep(match, peer, envelope, len);
    message->size = (int64_t)len;
    tri_copy(message->payload, payload, len);
    tri_event_about(TRI_EVENT_UNEXPECTED, peer->process, envelope->tag, message->size);
}

static void arrive_rts(struct tri_peer *peer, const struct tri_envelope *envelope, const struct tri_rts *rts)
{
    struct tri_match *match = tri_match_of(peer->engine, envelope->context);
    struct tri_request *request = take_posted(match, envelope);
    bool asks = envelope->kind == TRI_PACKET_ASK;
    int64_t size = (int64_t)rts->size;
    if (request) {
        tri_rendezvous_accept(request, peer, envelope, rts);
        if (asks) {
            tri_peer_owe(peer, size);
        }
        return;
    }
    struct tri_message *message = keep(match, peer, envelope, asks ? tri_ask_room(rts) : sizeof *rts);
    message->size = size;
    message->rendezvous = true;
    memcpy(message->payload, rts, sizeof *rts);
    if (asks) {
        tri_ask_arrived(message);
    }
    tri_event_about(TRI_EVENT_UNEXPECTED, peer->process, envelope->tag, message->size);
}

static void complain(const struct tri_peer *peer, const struct tri_envelope *envelope)
{
    tri_log_fatal(
        1,
        "a packet from rank %d of the job makes no sense (kind %d, version %d, context %u, source %d, tag %d): "
        "its memory is corrupt, or it uses another version of Trireme",
        peer->process, envelope->kind, envelope->version, envelope->context, envelope->source, envelope->tag);
}

static inline void check(const struct tri_peer *peer, const struct tri_envelope *envelope, bool fine)
{
    if (TRI_UNLIKELY(!fine)) {
        complain(peer, envelope);
    }
}

void tri_receive_deliver(unsigned lane, int process, const struct tri_envelope *shared, const void *payload, size_t len)
{
    struct tri_peer *peer = &tri_engines[lane].peers[process];
    const struct tri_envelope envelope = *shared;
    check(peer, &envelope, envelope.version == TRI_PACKET_VERSION);
    if (TRI_LIKELY(envelope.kind == TRI_PACKET_EAGER)) {
        check(peer, &envelope, envelope.source >= 0 && envelope.tag >= 0);
        arrive_eager(peer, &envelope, payload, len);
    } else if (envelope.kind == TRI_PACKET_RTS || envelope.kind == TRI_PACKET_ASK) {
        struct tri_rts rts;
        check(peer, &envelope, envelope.source >= 0 && envelope.tag >= 0 && len == sizeof rts);
        memcpy(&rts, payload, sizeof rts);
        check(peer, &envelope, rts.size <= (uint64_t)(envelope.kind == TRI_PACKET_ASK ? tri_peer_window : INT64_MAX));
        arrive_rts(peer, &envelope, &rts);
    } else {
        check(peer, &envelope, tri_rendezvous_packet(peer, envelope.kind, payload, len));
    }
}

/* ---- receives ---- */

static struct tri_message *take_unexpected(const struct tri_operation *op)
{
    struct tri_queue_entry *entry = tri_queue_find(&op->match->unexpected, op->peer, op->tag);
    if (!entry) {
        return NULL;
    }
    tri_queue_remove(&op->match->unexpected, entry);
    op->match->engine->counters->unexpected_length--;
    return tri_container_of(entry, struct tri_message, entry);
}

void tri_p2p_start_receive(struct tri_request *request)
{
    const struct tri_operation *op = &request->op;
    request->complete = false;
    request->bytes = op->count * op->type->size;
    struct tri_message *message = take_unexpected(op);
    if (message) {
        tri_receive_message(request, message);
        return;
    }
    request->posted = true;
    request->entry.source = op->peer;
    request->entry.tag = op->tag;
    tri_queue_append(&op->match->posted, &request->entry);
}

int tri_p2p_receive(const struct tri_operation *op, MPI_Status *status)
{
    struct tri_request *request = tri_request_take_in(op->match->lane, TRI_REQUEST_RECEIVE);
    request->op = *op;
    tri_p2p_start_receive(request);
    tri_request_wait(request);
    int code = request->outcome.error;
    if (status != MPI_STATUS_IGNORE) {
        tri_status_set(status, &request->outcome);
    }
    tri_request_give(request);
    return code;
}

struct tri_request *tri_p2p_ireceive(const struct tri_operation *op)
{
    struct tri_request *request = tri_request_take_in(op->match->lane, TRI_REQUEST_RECEIVE);
    request->op = *op;
    tri_request_hold(request);
    tri_p2p_start_receive(request);
    return request;
}

/* ---- probes ---- */

static void describe(const struct tri_message *message, MPI_Status *status)
{
    if (status != MPI_STATUS_IGNORE) {
        const struct tri_outcome outcome = {
            .source = message->entry.source, .tag = message->entry.tag, .bytes = message->size};
        tri_status_set(status, &outcome);
    }
}

bool tri_p2p_probe(const struct tri_operation *op, MPI_Status *status)
{
    struct tri_queue_entry *entry = tri_queue_find(&op->match->unexpected, op->peer, op->tag);
    if (entry) {
        describe(tri_container_of(entry, struct tri_message, entry), status);
    }
    return entry != NULL;
}

struct tri_message *tri_p2p_mprobe(const struct tri_operation *op, MPI_Status *status)
{
    struct tri_message *message = take_unexpected(op);
    if (message) {
        describe(message, status);
        message->comm = op->comm;
        message->object.kind = TRI_MESSAGE;
    }
    return message;
}

struct tri_comm *tri_message_comm(const struct tri_message *message)
{
    return message->comm;
}

unsigned tri_message_lane(const struct tri_message *message)
{
    return message->peer->engine->lane;
}

struct tri_request *tri_p2p_imreceive(struct tri_message *message, const struct tri_operation *op)
{
    struct tri_request *request = tri_request_take_in(tri_message_lane(message), TRI_REQUEST_RECEIVE);
    request->op = *op;
    request->bytes = op->count * op->type->size;
    tri_request_hold(request);
    tri_receive_message(request, message);
    return request;
}

/* Buffered sends: the program's attached buffers, as accounts of how much may be under way. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "bsend.h"

#include "../comm/session.h"
#include "../runtime/progress.h"
#include "../runtime/wait.h"

struct tri_bsend_buffer tri_bsend_process;

int tri_bsend_attach(struct tri_bsend_buffer *room, void *buffer, int64_t size)
{
    if (room->attached) {
        return MPI_ERR_BUFFER;
    }
    room->attached = true;
    room->automatic = buffer == MPI_BUFFER_AUTOMATIC;
    room->buffer = buffer;
    room->size = room->automatic ? 0 : size;
    return MPI_SUCCESS;
}

int tri_bsend_detach(struct tri_bsend_buffer *room, void **buffer, int64_t *size)
{
    if (!room->attached) {
        return MPI_ERR_BUFFER;
    }
    struct tri_wait wait = {0};
    while (room->under_way > 0) {
        tri_wait_step(&wait);
    }
    *buffer = room->buffer;
    *size = room->size;
    room->attached = room->automatic = false;
    room->size = 0;
    return MPI_SUCCESS;
}

/* ---- flushing ---- */

struct tri_request *tri_bsend_flush(struct tri_bsend_buffer *room)
{
    struct tri_request *flush = tri_request_take(TRI_REQUEST_FLUSH);
    flush->op = (struct tri_operation){.comm = NULL};
    flush->outcome = (struct tri_outcome){.source = MPI_ANY_SOURCE, .tag = MPI_ANY_TAG};
    flush->bytes = room->epoch;
    flush->parts_left = (int)room->under_way;
    flush->complete = room->under_way == 0;
    if (!flush->complete) {
        flush->next = room->flushes;
        room->flushes = flush;
        room->epoch++;
    }
    return flush;
}

/* A message of that epoch has gone: it counts for all flushes that began after it. */
static void tell_flushes(struct tri_bsend_buffer *room, int epoch)
{
    struct tri_request **link = &room->flushes;
    while (*link) {
        struct tri_request *flush = *link;
        if (epoch <= flush->bytes && --flush->parts_left == 0) {
            *link = flush->next;
            tri_request_complete(flush);
        } else {
            link = &flush->next;
        }
    }
}

static void settle(void *object)
{
    struct tri_request *request = object;
    struct tri_bsend_buffer *room = request->owner;
    room->used -= request->bytes + MPI_BSEND_OVERHEAD;
    room->under_way--;
    tell_flushes(room, request->parts_left);
    tri_request_give(request);
}

/* The message may go in any lane; the account is kept in the first. */
static void sent(struct tri_request *request)
{
    tri_lane_in_first(settle, request);
}

/* ---- sending ---- */

/* The communicator's, else its session's, else the process's (MPI 5.0, 3.6). */
static struct tri_bsend_buffer *room_of(const struct tri_comm *comm)
{
    if (comm->bsend && comm->bsend->attached) {
        return comm->bsend;
    }
    struct tri_session *session = comm->group->session;
    return session && session->bsend.attached ? &session->bsend : &tri_bsend_process;
}

static bool fits(const struct tri_bsend_buffer *room, int64_t cost)
{
    return room->automatic || cost <= room->size - room->used;
}

/* A message may have been received already without this process having been told (MPI 5.0, 3.6.1: completed ones take
 * no room). So progress is made before the answer is no, also for a while in which nothing comes: the word may still be
 * on its way when the program knows, through another rank, that the receive is complete. */
static bool make_room(struct tri_bsend_buffer *room, int64_t cost)
{
    enum { LOOKS = 1000 };
    for (int idle = 0; !fits(room, cost) && room->under_way > 0 && idle < LOOKS;) {
        idle = tri_progress() > 0 ? 0 : idle + 1;
    }
    return fits(room, cost);
}

struct tri_request *tri_bsend_start(const struct tri_operation *op)
{
    struct tri_bsend_buffer *room = room_of(op->comm);
    int64_t bytes = op->count * op->type->size;
    int64_t cost = bytes + MPI_BSEND_OVERHEAD;
    if (!make_room(room, cost)) {
        return NULL;
    }
    struct tri_request *request = tri_request_take(TRI_REQUEST_SEND);
    request->op = *op;
    request->bounce = tri_memory_take((size_t)bytes);
    tri_datatype_copy(op->type, op->buffer, 0, request->bounce, bytes, TRI_PACK);
    request->op.buffer = request->bounce;
    request->op.type = tri_datatype_get(MPI_BYTE);
    request->op.count = bytes;
    request->mode = TRI_SEND_BUFFERED;
    request->done = sent;
    request->owner = room;
    request->parts_left = room->epoch;
    tri_request_hold(request);
    room->used += cost;
    room->under_way++;
    tri_p2p_start_send(request);
    return &tri_request_sent;
}

int tri_bsend_raise(const struct tri_operation *op)
{
    const struct tri_bsend_buffer *room = room_of(op->comm);
    long long bytes = (long long)(op->count * op->type->size);
    if (!room->attached) {
        return tri_error(op->comm, MPI_ERR_BUFFER,
                         "no room for a message of %lld bytes: no buffer is attached (MPI_Buffer_attach)", bytes);
    }
    return tri_error(
        op->comm, MPI_ERR_BUFFER,
        "no room for a message of %lld bytes and %d of overhead: the buffer attached to %s has %lld bytes, "
        "%lld of them in use",
        bytes, MPI_BSEND_OVERHEAD,
        room == &tri_bsend_process ? "the process"
        : room == op->comm->bsend  ? "the communicator"
                                   : "the session",
        (long long)room->size, (long long)room->used);
}

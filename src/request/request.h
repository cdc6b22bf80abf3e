/* Requests: operations under way, from the pool of their lane. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TRI_REQUEST_H
#define TRI_REQUEST_H

#include "../comm/comm.h"
#include "../datatype/datatype.h"
#include "../p2p/queue.h"
#include "../../transports/transport.h"
#include "../runtime/lane.h"
#include "../runtime/object.h"

#include <string.h>

enum tri_request_type {
    TRI_REQUEST_SEND,
    TRI_REQUEST_RECEIVE,
    TRI_REQUEST_PAIR,
    TRI_REQUEST_COLLECTIVE,
    TRI_REQUEST_FLUSH,             /* of a buffer of buffered sends */
    TRI_REQUEST_GENERALIZED,       /* grequest.h */
    TRI_REQUEST_PARTITIONED_SEND,  /* ../p2p/partitioned.h */
    TRI_REQUEST_PARTITIONED_RECEIVE
};

/* Burst, of collectives: one of several that go out together, whose receives are posted about now, too. */
enum tri_send_mode { TRI_SEND_STANDARD, TRI_SEND_SYNCHRONOUS, TRI_SEND_BUFFERED, TRI_SEND_READY, TRI_SEND_BURST };

/* From so many sends of a round to ranks of the own node on it is a burst. Where ranks share cores its longer messages
 * are announced, and the receiver reads what is announced and longer than this. */
enum { TRI_BURST_SENDS = 3, TRI_BURST_BYTES = 16384 };

/* What a send or a receive is about. The type and the communicator are borrowed from the caller. */
struct tri_operation {
    void *buffer;
    int64_t count;
    struct tri_datatype *type;
    int peer; /* rank in comm, MPI_ANY_SOURCE or MPI_PROC_NULL */
    int tag;
    struct tri_comm *comm;
    struct tri_match *match; /* the communicator's queues: of the program's context or the collectives' */
    uint32_t context;
};

/* What a status is made from. */
struct tri_outcome {
    int source, tag, error;
    bool cancelled;
    int64_t bytes;
};

struct tri_request {
    struct tri_object object;
    bool complete;
    uint8_t type; /* enum tri_request_type */
    uint8_t mode; /* enum tri_send_mode */
    uint8_t lane; /* whose pool it comes from, and in which it completes */
    bool persistent;
    bool active;   /* persistent: started and not yet waited for */
    bool detached; /* MPI_Request_free came before completion: goes back to the pool by itself */
    bool posted;   /* receive: in the queue of posted ones */
    bool holds;    /* has references to type and communicator */
    struct tri_outcome outcome;
    /* Called at completion instead of setting complete, when not NULL; may free the request. */
    void (*done)(struct tri_request *request);
    void *owner; /* for done */
    struct tri_queue_entry entry; /* receive: place among the posted ones */
    struct tri_operation op;
    int64_t bytes;               /* send: of the message; receive: room in the buffer */
    void *bounce;                /* a copy of what is sent, freed at completion */
    struct tri_request *next;    /* in a peer's list of sends that wait for room; flush: in its buffer's list */
    struct tri_rendezvous *announced; /* send: its rendezvous, once that is announced */
    struct tri_completion completion; /* send: of one that goes out of the program's memory */
    /* pair: how many of the send and the receive are under way; buffered send: its epoch; flush: messages under way */
    int parts_left;
};

extern struct tri_pool tri_request_pools[TRI_LANES];

/* A send that ended in its own call needs no object: all such calls share this completed request. */
extern struct tri_request tri_request_sent;

/* Copies a message; most are a few words, for which a call of memcpy takes longer than the copy. */
static inline void tri_copy(void *to, const void *from, size_t len)
{
    if (len == 8) {
        memcpy(to, from, 8);
    } else if (len) {
        memcpy(to, from, len);
    }
}

static inline struct tri_request *tri_request_take_in(unsigned lane, enum tri_request_type type)
{
    struct tri_request *request = tri_pool_take(&tri_request_pools[lane]);
    request->lane = (uint8_t)lane;
    request->complete = request->persistent = request->active = request->detached = false;
    request->posted = request->holds = false;
    request->type = (uint8_t)type;
    request->mode = TRI_SEND_STANDARD;
    request->done = NULL;
    request->bounce = NULL;
    request->announced = NULL;
    return request;
}

static inline struct tri_request *tri_request_take(enum tri_request_type type)
{
    return tri_request_take_in(0, type);
}

/* Keeps type and communicator until the request is given back. For requests that the program sees. */
static inline void tri_request_hold(struct tri_request *request)
{
    tri_datatype_hold(request->op.type);
    tri_comm_hold_from(request->op.comm, request->lane);
    request->holds = true;
}

void tri_request_give(struct tri_request *request);
void tri_request_end(void);

/* Ends the operation: outcome is set. */
void tri_request_complete_special(struct tri_request *request);

static inline void tri_request_complete(struct tri_request *request)
{
    if (TRI_LIKELY(!request->done && !request->detached && !request->bounce)) {
        request->complete = true;
    } else {
        tri_request_complete_special(request);
    }
}

/* The request of a handle, NULL for MPI_REQUEST_NULL or one that is none (then *valid is false). */
static inline struct tri_request *tri_request_get(MPI_Request handle, bool *valid)
{
    if (handle == MPI_REQUEST_NULL) {
        *valid = true;
        return NULL;
    }
    *valid = tri_object_is(handle, TRI_REQUEST);
    return *valid ? (struct tri_request *)(void *)handle : NULL;
}

static inline MPI_Request tri_request_handle(struct tri_request *request)
{
    return (MPI_Request)(void *)request;
}

/* Waits until it is complete; see wait.h. */
void tri_request_wait_longer(struct tri_request *request);

static inline void tri_request_wait(struct tri_request *request)
{
    if (!request->complete) {
        tri_request_wait_longer(request);
    }
}

/* What the program does with a completed request: fills status (may be MPI_STATUS_IGNORE) but not its MPI_ERROR, makes
 * a persistent one inactive, frees another and sets the handle to MPI_REQUEST_NULL. Returns the error code of the
 * operation; the handler is not called. */
int tri_request_finish(MPI_Request *handle, struct tri_request *request, MPI_Status *status);

/* Calls the error handler for what tri_request_finish returned (if not MPI_SUCCESS). */
int tri_request_raise(struct tri_comm *comm, int code);

void tri_status_set(MPI_Status *status, const struct tri_outcome *outcome);
void tri_status_set_empty(MPI_Status *status);
int64_t tri_status_bytes(const MPI_Status *status);
void tri_status_set_bytes(MPI_Status *status, int64_t bytes);
bool tri_status_cancelled(const MPI_Status *status);

#endif

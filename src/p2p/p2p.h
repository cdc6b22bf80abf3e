/* Point-to-point: matching, eager and rendezvous protocols, flow control. For src/api and collectives/. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TRI_P2P_H
#define TRI_P2P_H

#include "../request/request.h"

struct tri_engine;
struct tri_peer;

/* The two queues of one context in one lane. Exists from the first use of the context by anybody, so that a message may
 * arrive before its communicator does. */
struct tri_match {
    struct tri_engine *engine;   /* see engine.h */
    struct tri_peer *peers;      /* the engine's */
    unsigned lane;               /* and its lane */
    struct tri_queue posted;     /* struct tri_request by entry */
    struct tri_queue unexpected; /* struct tri_message by entry */
};

/* Finds or makes it. Called under the lock of the lane. */
struct tri_match *tri_match_make(unsigned lane, uint32_t context);
/* The communicator is gone; drops what nobody can receive any more. */
void tri_match_drop(unsigned lane, uint32_t context);

/* The lane for the program's messages in a communicator over that context: the same in all of these processes. Not 0
 * only where they all can be reached on it. From then on the lane is in use. */
unsigned tri_p2p_choose_lane(uint32_t context, const int *processes, int count);

int tri_p2p_start(void);
void tri_p2p_end(void);
/* Waits until everything that other processes need from this one has gone out. */
void tri_p2p_drain(void);

/* Blocking. Return an MPI error code that has not been raised yet; text of it as tri_p2p_error_text. */
int tri_p2p_send(const struct tri_operation *op, enum tri_send_mode mode);
int tri_p2p_receive(const struct tri_operation *op, MPI_Status *status);

/* Nonblocking. The request is the caller's; the program's own are to be held (tri_request_hold). */
struct tri_request *tri_p2p_isend(const struct tri_operation *op, enum tri_send_mode mode);
struct tri_request *tri_p2p_ireceive(const struct tri_operation *op);

/* Starts a request whose op (and mode, done, owner) is filled already: persistent ones, and those of schedules. */
void tri_p2p_start_send(struct tri_request *request);
void tri_p2p_start_receive(struct tri_request *request);

/* The explanation of the last error outcome (truncation, half an element), for the error handler. */
enum { TRI_ERROR_TEXT = 320 };
void tri_p2p_error_text(int code, char text[TRI_ERROR_TEXT]);

/* Probes make progress once. */
bool tri_p2p_probe(const struct tri_operation *op, MPI_Status *status);

/* A message that is matched and not yet received. Kind TRI_MESSAGE when the program holds it. */
struct tri_message;
struct tri_message *tri_p2p_mprobe(const struct tri_operation *op, MPI_Status *status);
/* Like tri_p2p_ireceive; op gives buffer, count and type. Ends the message. */
struct tri_request *tri_p2p_imreceive(struct tri_message *message, const struct tri_operation *op);
struct tri_comm *tri_message_comm(const struct tri_message *message);
unsigned tri_message_lane(const struct tri_message *message);

/* Takes a receive or a send back if nothing has matched it; completes it as cancelled then, maybe later. */
void tri_p2p_cancel(struct tri_request *request);

static inline void tri_operation_set(struct tri_operation *op, const void *buffer, int64_t count,
                                     struct tri_datatype *type, int peer, int tag, struct tri_comm *comm)
{
    op->buffer = (void *)(uintptr_t)buffer; /* sends only read it */
    op->count = count;
    op->type = type;
    op->peer = peer;
    op->tag = tag;
    op->comm = comm;
    op->match = comm->match;
    op->context = comm->context;
}

#endif

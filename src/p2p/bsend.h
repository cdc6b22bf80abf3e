/* Buffered sends: buffers of the process, of sessions and of communicators. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TRI_BSEND_H
#define TRI_BSEND_H

#include "p2p.h"

/* What MPI_Buffer_attach and its like attach. The copies of messages lie in memory of our own; the attached buffer's
 * size says how much of it there may be at a time. So the program's buffer can not be fragmented, and a message that
 * leaves at once takes no part of it. All zero: nothing attached. */
struct tri_bsend_buffer {
    void *buffer;
    int64_t size, used;
    int64_t under_way; /* copies not yet sent */
    bool attached;
    bool automatic; /* MPI_BUFFER_AUTOMATIC: as much as there is memory */
    int epoch;      /* number of flushes begun: tells which messages a flush is for */
    struct tri_request *flushes; /* under way, by next */
};

extern struct tri_bsend_buffer tri_bsend_process;

/* MPI_ERR_BUFFER when there is one already. */
int tri_bsend_attach(struct tri_bsend_buffer *room, void *buffer, int64_t size);

/* Waits until everything in it has been sent. MPI_ERR_BUFFER when there is none. */
int tri_bsend_detach(struct tri_bsend_buffer *room, void **buffer, int64_t *size);

/* A request, complete when everything that is in the buffer now has been sent. */
struct tri_request *tri_bsend_flush(struct tri_bsend_buffer *room);

/* Copies the message and sends it; its request is complete. NULL: there is no room. It takes the communicator's buffer,
 * or, if none is attached to that, its session's, or the process's. */
struct tri_request *tri_bsend_start(const struct tri_operation *op);

/* Why there was no room, as an error raised on the communicator. */
int tri_bsend_raise(const struct tri_operation *op);

#endif

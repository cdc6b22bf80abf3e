/* The transports in use, and moving everything on that is under way. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TRI_PROGRESS_H
#define TRI_PROGRESS_H

#include "../../transports/transport.h"
#include "base.h"

enum { TRI_TRANSPORTS_MAX = 4 };

/* A transport that this process has opened. */
struct tri_open_transport {
    const struct tri_transport *ops;
    struct tri_limits limits;
};

/* Opens what TRIREME_TRANSPORTS names, in its order, as long as a peer is left that the earlier ones do not reach.
 * deliver receives every packet, notified the word of every put_notify. Returns 0, or -1 after one line on stderr. */
int tri_transports_open(void (*deliver)(unsigned lane, int peer, const struct tri_envelope *envelope,
                                        const void *payload, size_t len),
                        void (*notified)(unsigned lane, uint64_t notice));
void tri_transports_close(void);

/* The one that carries packets to this peer; never NULL after a successful open. */
const struct tri_open_transport *tri_transports_for(int peer);

/* In how many lanes packets from and to this peer can be carried, once something has come from it. */
unsigned tri_transports_lanes(int peer);

/* Polls all transports and moves on what the protocol layer has queued, in the lanes that the caller holds, and now and
 * then in those that nobody does: whoever waits keeps everything going. Never blocks. Returns the number of things
 * that happened. Not to be called from within itself (deliver, completions). */
int tri_progress(void);

/* All communication is over: from now on a peer that is gone has left, as this process is about to. */
void tri_progress_leave(void);

/* The next tri_progress polls costly transports, too, in the lanes that the caller holds: for who has been away. */
void tri_progress_all_next(void);

/* The protocol layer's part of tri_progress in a lane: called while *work is not zero, and once more before a sleep
 * (last), for what it has put off. Set before the lane is used. */
void tri_progress_hook(unsigned lane, int (*hook)(unsigned lane, bool last), const unsigned *work);

/* What looks, in lane 0, at memory that peers write without a packet: called by tri_progress while *work is not zero,
 * and once more before a sleep. Returns the number of things that happened. Set once at start. */
void tri_progress_watch(int (*look)(void), const unsigned *work);

/* Something to be tried again in the next call of tri_progress, part of what it belongs to. In lane 0. */
struct tri_later {
    struct tri_later *next;
    void (*run)(struct tri_later *later);
};
void tri_progress_later(struct tri_later *later);

/* Makes all transports wake the caller. TRI_OK: sleep on *wakeup (one futex word, or the descriptors fds[0] to
 * fds[*count - 1]); TRI_NO_RESOURCE: do not sleep. tri_progress_disarm after either.
 * Both are called under the locks of all lanes. */
int tri_progress_arm(uint32_t **futex, uint32_t *value, int fds[TRI_TRANSPORTS_MAX], int *count);
void tri_progress_disarm(void);

#endif

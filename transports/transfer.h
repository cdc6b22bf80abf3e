/* Gets and puts of long data in parts: what transports that move them themselves share. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TRI_TRANSFER_H
#define TRI_TRANSFER_H

#include "transport.h"

/* A transfer moves in parts, of which few are under way at a time; those with one peer take turns. Which ones wait and
 * which go on is decided here; how a part moves is the transport's. Each transport is a module with a queue of
 * transfers of its own, and makes all calls under the lock of its lane. None of them blocks. */
enum {
    TRI_TRANSFERS = 32, /* under way at a time */

    /* To and from one peer, counted in bytes: a part is on its way while the one before it is copied; eight were no
     * better. While others move, too, each has one. More do not stay in the caches, and what a kernel has taken long
     * before it can leave has grown cold: with two parts of each of 32 transfers 4 MiB messages over TCP had a third of
     * the bandwidth. */
    TRI_PARTS_AT_ONCE = 2,
    TRI_PARTS = TRI_TRANSFERS * TRI_PARTS_AT_ONCE,
};

/* One get or put. The transport names what it wants in one that is copied. */
struct tri_transfer {
    struct tri_completion *completion;
    struct tri_endpoint *endpoint;
    bool put;
    char *local;     /* where the next part begins, here */
    uint64_t remote; /* and there, as the transport counts */
    uint64_t key;
    size_t left;     /* bytes that no part has taken yet */
    size_t part_max; /* bytes */
    void *own;       /* the transport's, until release() */

    /* The queue's; zero in what is wanted. */
    unsigned under_way; /* parts */
    bool waits;         /* is in line to post more of them */
    int status;         /* TRI_OK, or TRI_FAILED as soon as a part has failed */
    struct tri_transfer *next;
};

/* A transport embeds this in what it keeps of each part, TRI_PARTS of them, numbered from 0. */
struct tri_part {
    unsigned number;
    struct tri_transfer *transfer; /* NULL: free */
    char *local;
    uint64_t remote;
    size_t len;
    struct tri_part *next; /* in the list of free ones */
};

/* How a transport moves parts. */
struct tri_transfer_way {
    /* Starts a part. TRI_OK: the transport will call tri_transfer_end_part, but not from within; TRI_NO_RESOURCE:
     * nothing happened, push tries again; TRI_FAILED: the same, but the transfer has failed, which the transport
     * reports itself. */
    int (*post)(struct tri_part *part);

    /* Frees the transfer's `own`, when it is over or was never begun. NULL: there is nothing to free. */
    void (*release)(void *own);

    /* While this is true transfers that have failed do not end. NULL: never. */
    bool (*in_grace)(void);
};

/* Forgets all transfers and parts; then the transport adds its parts. The way is constant until the next open. */
void tri_transfer_open(const struct tri_transfer_way *way);
void tri_transfer_add_part(struct tri_part *part, unsigned number);

/* Starts a transfer. TRI_IN_PROGRESS: its completion will be called, from end_part or push; TRI_NO_RESOURCE: nothing
 * happened, since TRI_TRANSFERS are active or post had no resources; TRI_FAILED: as post said. In all cases `own` is
 * released, except where TRI_TRANSFERS were active. */
int tri_transfer_start(const struct tri_transfer *wanted);

/* The transfer has failed: no more parts of it are posted, and it ends with those that are under way. */
void tri_transfer_give_up(struct tri_transfer *transfer);

/* The part has ended, well or given up, and is free. Its transfer and others go on, end, or wait for push. */
void tri_transfer_end_part(struct tri_part *part);

/* Goes on with transfers that there were no resources for; the number of parts started. To be called from progress().
 */
int tri_transfer_push(void);

/* Transfers that have been started and have not ended. */
unsigned tri_transfer_active(void);

#endif

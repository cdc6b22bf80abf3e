/* Matching queues: posted receives and unexpected messages, by (source, tag), wildcards in order. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TRI_QUEUE_H
#define TRI_QUEUE_H

#include "../runtime/base.h"

/* Entries whose source or tag may be a wildcard (posted receives) are looked up by exact keys (arriving messages), and
 * entries with exact keys (unexpected messages) by keys that may have wildcards (receives, probes). Both are one
 * structure: an entry or a key belongs to one of four classes by what is wild in it. A short queue is a plain list;
 * beyond TRI_QUEUE_SHORT entries it is a hash table with chains in order of arrival, and stamps tell which of two
 * candidates came first. */
enum tri_queue_class {
    TRI_QUEUE_EXACT = 0,
    TRI_QUEUE_ANY_SOURCE = 1,
    TRI_QUEUE_ANY_TAG = 2,
    TRI_QUEUE_ANY = 3,
    TRI_QUEUE_CLASSES = 4
};

enum { TRI_QUEUE_SHORT = 8 };

struct tri_link {
    struct tri_link *next, *previous;
};

struct tri_queue_entry {
    struct tri_link order;                         /* all entries, in order of arrival */
    struct tri_link chains[TRI_QUEUE_CLASSES - 1]; /* of posted entries one is in use: that of their class, or the
                                                      first for TRI_QUEUE_ANY */
    uint64_t stamp;
    int32_t source, tag; /* MPI_ANY_SOURCE, MPI_ANY_TAG for wildcards */
};

struct tri_queue {
    struct tri_link order;
    size_t length;
    uint64_t next_stamp;
    bool wild_entries; /* posted receives; false: unexpected messages, findable under every class of key */
    bool hashed;
    size_t in_class[TRI_QUEUE_CLASSES]; /* entries of each class */
    struct tri_link any;                /* while hashed: posted entries of the class TRI_QUEUE_ANY */
    struct tri_link *buckets;
    size_t mask; /* number of buckets - 1 */
};

void tri_queue_start(struct tri_queue *queue, bool wild_entries);
void tri_queue_end(struct tri_queue *queue);

/* Adds at the end; source and tag are set by the caller. */
void tri_queue_append(struct tri_queue *queue, struct tri_queue_entry *entry);
void tri_queue_remove(struct tri_queue *queue, struct tri_queue_entry *entry);

/* The earliest entry that matches, or NULL. Does not remove it. */
struct tri_queue_entry *tri_queue_find(const struct tri_queue *queue, int32_t source, int32_t tag);

#endif

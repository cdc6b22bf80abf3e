/* Matching queues: posted receives and unexpected messages, by (source, tag), wildcards in order. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TRI_QUEUE_H
#define TRI_QUEUE_H

#include "../runtime/counters.h"

/* Entries whose source or tag may be a wildcard (posted receives) are looked up by exact keys (arriving messages), and
 * entries with exact keys (unexpected messages) by keys that may have wildcards (receives, probes). Both are one
 * structure: an entry or a key belongs to one of four classes by what is wild in it. A queue is a plain list, until a
 * search does not end within the first TRI_QUEUE_SHORT entries: from then on, until it is empty, it is a hash table
 * too, with chains in order of arrival and stamps to tell which of two candidates came first. So messages that arrive
 * in the order of their receives are never hashed, however many there are. */
enum tri_queue_class {
    TRI_QUEUE_EXACT = 0,
    TRI_QUEUE_ANY_SOURCE = 1,
    TRI_QUEUE_ANY_TAG = 2,
    TRI_QUEUE_ANY = 3,
    TRI_QUEUE_CLASSES = 4
};

enum { TRI_QUEUE_SHORT = 8 };

/* As MPI_ANY_SOURCE and MPI_ANY_TAG of the ABI. */
enum { TRI_ANY_SOURCE = -1, TRI_ANY_TAG = -2 };

struct tri_link {
    struct tri_link *next, *previous;
};

/* What every search reads comes first, so that it can share a cache line with the head of the object around it. */
struct tri_queue_entry {
    struct tri_link order; /* all entries, in order of arrival */
    int32_t source, tag;   /* TRI_ANY_SOURCE, TRI_ANY_TAG for wildcards */
    uint64_t stamp;
    struct tri_link chains[TRI_QUEUE_CLASSES - 1]; /* of posted entries one is in use: that of their class, or the
                                                      first for TRI_QUEUE_ANY */
};

struct tri_queue {
    struct tri_link order;
    size_t length;
    uint64_t next_stamp;
    bool wild_entries; /* posted receives; false: unexpected messages, findable under every class of key */
    bool hashed;
    bool by_wildcard; /* unexpected messages: chained also for keys with wildcards, since the first such key */
    size_t in_class[TRI_QUEUE_CLASSES]; /* while hashed: entries of each class */
    struct tri_link any;                /* while hashed: posted entries of the class TRI_QUEUE_ANY */
    struct tri_link *buckets;
    size_t mask; /* number of buckets of each class - 1 */
    struct tri_counters *counters; /* of the lane */
};

void tri_queue_start(struct tri_queue *queue, bool wild_entries, struct tri_counters *counters);
void tri_queue_end(struct tri_queue *queue);

/* The ways of a hashed queue, behind the functions below; find makes it one. */
void tri_queue_append_hashed(struct tri_queue *queue, struct tri_queue_entry *entry);
void tri_queue_remove_hashed(struct tri_queue *queue, struct tri_queue_entry *entry);

/* A search whose first entry does not match. */
struct tri_queue_entry *tri_queue_find_further(struct tri_queue *queue, int32_t source, int32_t tag);

static inline enum tri_queue_class tri_queue_class_of(int32_t source, int32_t tag)
{
    return (enum tri_queue_class)((source == TRI_ANY_SOURCE ? 1 : 0) | (tag == TRI_ANY_TAG ? 2 : 0));
}

/* Whether an entry and a key, one of which may have wildcards, fit. */
static inline bool tri_queue_fits(const struct tri_queue_entry *entry, int32_t source, int32_t tag)
{
    bool source_fits = entry->source == source || entry->source == TRI_ANY_SOURCE || source == TRI_ANY_SOURCE;
    return source_fits && (entry->tag == tag || entry->tag == TRI_ANY_TAG || tag == TRI_ANY_TAG);
}

/* Adds at the end; source and tag are set by the caller. */
static inline void tri_queue_append(struct tri_queue *queue, struct tri_queue_entry *entry)
{
    entry->order.next = &queue->order;
    entry->order.previous = queue->order.previous;
    queue->order.previous->next = &entry->order;
    queue->order.previous = &entry->order;
    queue->length++;
    if (TRI_UNLIKELY(queue->hashed)) {
        tri_queue_append_hashed(queue, entry);
    }
}

static inline void tri_queue_remove(struct tri_queue *queue, struct tri_queue_entry *entry)
{
    entry->order.previous->next = entry->order.next;
    entry->order.next->previous = entry->order.previous;
    queue->length--;
    if (TRI_UNLIKELY(queue->hashed)) {
        tri_queue_remove_hashed(queue, entry);
    }
}

/* The earliest entry that matches, or NULL. Does not remove it. */
static inline struct tri_queue_entry *tri_queue_find(struct tri_queue *queue, int32_t source, int32_t tag)
{
    struct tri_link *first = queue->order.next;
    if (first == &queue->order) {
        return NULL;
    }
    struct tri_queue_entry *entry = tri_container_of(first, struct tri_queue_entry, order);
    return TRI_LIKELY(tri_queue_fits(entry, source, tag)) ? entry : tri_queue_find_further(queue, source, tag);
}

#endif

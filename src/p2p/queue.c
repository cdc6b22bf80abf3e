/* Matching queues. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "queue.h"

#include <stdlib.h>
#include <string.h>

#include "../runtime/object.h"

enum { FIRST_BUCKETS = 64 };

static void link_end(struct tri_link *list, struct tri_link *link)
{
    link->next = list;
    link->previous = list->previous;
    list->previous->next = link;
    list->previous = link;
}

static void unlink_from(struct tri_link *link)
{
    link->previous->next = link->next;
    link->next->previous = link->previous;
}

static void make_empty(struct tri_link *list)
{
    list->next = list->previous = list;
}

/* The part of the key that counts in a class, spread over the buckets of that class: an entry's link in a chain is told
 * from the chain's class alone, so that two classes must not share one. Tags that follow each other, as those of a loop
 * do, share a cache line of buckets. */
static struct tri_link *bucket(const struct tri_queue *queue, enum tri_queue_class class, int32_t source, int32_t tag)
{
    uint64_t from = class & TRI_QUEUE_ANY_SOURCE ? 0 : (uint32_t)source;
    uint64_t about = class & TRI_QUEUE_ANY_TAG ? 0 : (uint32_t)tag;
    uint64_t mixed = (from << 32 | about >> 2) * UINT64_C(0x9e3779b97f4a7c15);
    uint64_t index = (mixed >> 32 & ~UINT64_C(3)) | (about & 3);
    return &queue->buckets[class * (queue->mask + 1) + (index & queue->mask)];
}

static void chain_in(struct tri_queue *queue, struct tri_queue_entry *entry, enum tri_queue_class class)
{
    link_end(bucket(queue, class, entry->source, entry->tag), &entry->chains[class]);
}

static void chain(struct tri_queue *queue, struct tri_queue_entry *entry)
{
    enum tri_queue_class class = tri_queue_class_of(entry->source, entry->tag);
    entry->stamp = queue->next_stamp++;
    queue->in_class[class]++;
    if (class == TRI_QUEUE_ANY) {
        link_end(&queue->any, &entry->chains[0]);
    } else {
        chain_in(queue, entry, class);
    }
    if (queue->by_wildcard) {
        chain_in(queue, entry, TRI_QUEUE_ANY_SOURCE);
        chain_in(queue, entry, TRI_QUEUE_ANY_TAG);
    }
}

static void unchain(struct tri_queue *queue, struct tri_queue_entry *entry)
{
    enum tri_queue_class class = tri_queue_class_of(entry->source, entry->tag);
    queue->in_class[class]--;
    unlink_from(&entry->chains[class == TRI_QUEUE_ANY ? 0 : class]);
    if (queue->by_wildcard) {
        unlink_from(&entry->chains[TRI_QUEUE_ANY_SOURCE]);
        unlink_from(&entry->chains[TRI_QUEUE_ANY_TAG]);
    }
}

static struct tri_queue_entry *entry_of_order(struct tri_link *link)
{
    return tri_container_of(link, struct tri_queue_entry, order);
}

/* Makes the table of at least one bucket for each entry, a class, and puts all entries in. In a table that is there
 * already all chains are empty: it was left when the last entry went. */
static void hash_all(struct tri_queue *queue)
{
    size_t buckets = queue->buckets ? queue->mask + 1 : FIRST_BUCKETS;
    while (buckets < queue->length) {
        buckets *= 4;
    }
    if (!queue->buckets || queue->mask + 1 < buckets) {
        free(queue->buckets);
        queue->buckets = tri_memory_take(TRI_QUEUE_ANY * buckets * sizeof *queue->buckets);
        queue->mask = buckets - 1;
        for (size_t i = 0; i < TRI_QUEUE_ANY * buckets; i++) {
            make_empty(&queue->buckets[i]);
        }
    }
    make_empty(&queue->any);
    memset(queue->in_class, 0, sizeof queue->in_class);
    queue->hashed = true;
    for (struct tri_link *link = queue->order.next; link != &queue->order; link = link->next) {
        chain(queue, entry_of_order(link));
    }
}

void tri_queue_start(struct tri_queue *queue, bool wild_entries, struct tri_counters *counters)
{
    *queue = (struct tri_queue){.wild_entries = wild_entries, .counters = counters};
    make_empty(&queue->order);
}

void tri_queue_end(struct tri_queue *queue)
{
    free(queue->buckets);
    queue->buckets = NULL;
}

void tri_queue_append_hashed(struct tri_queue *queue, struct tri_queue_entry *entry)
{
    if (queue->length > queue->mask + 1) {
        hash_all(queue);
    } else {
        chain(queue, entry);
    }
}

/* When the last entry goes all chains are empty, so that the table can be left as it is. Not earlier: a queue that goes
 * up and down around the limit would be hashed anew each time. */
void tri_queue_remove_hashed(struct tri_queue *queue, struct tri_queue_entry *entry)
{
    unchain(queue, entry);
    queue->hashed = queue->length > 0;
    queue->by_wildcard &= queue->hashed;
}

/* The earliest entry in the chain of one class. Several keys share a bucket, hence the comparison. */
static struct tri_queue_entry *find_chained(const struct tri_queue *queue, enum tri_queue_class class, int32_t source,
                                            int32_t tag)
{
    struct tri_link *list = bucket(queue, class, source, tag);
    for (struct tri_link *link = list->next; link != list; link = link->next) {
        struct tri_queue_entry *entry = tri_container_of(link - class, struct tri_queue_entry, chains);
        if (tri_queue_fits(entry, source, tag)) {
            return entry;
        }
        queue->counters->passed_over++;
    }
    return NULL;
}

/* An arriving message: the earliest of what the four classes of receives offer. */
static struct tri_queue_entry *find_among_wild(const struct tri_queue *queue, int32_t source, int32_t tag)
{
    struct tri_queue_entry *best = NULL;
    if (queue->in_class[TRI_QUEUE_ANY]) {
        best = tri_container_of(queue->any.next, struct tri_queue_entry, chains);
    }
    for (int class = 0; class < TRI_QUEUE_ANY; class++) {
        if (queue->in_class[class] == 0) {
            continue;
        }
        struct tri_queue_entry *found = find_chained(queue, (enum tri_queue_class)class, source, tag);
        if (found && (!best || found->stamp < best->stamp)) {
            best = found;
        }
    }
    return best;
}

/* The first key with wildcards that meets a long queue of unexpected messages; most programs never have one, and pay
 * for one chain instead of three. */
static void chain_by_wildcard(struct tri_queue *queue)
{
    for (struct tri_link *link = queue->order.next; link != &queue->order; link = link->next) {
        chain_in(queue, entry_of_order(link), TRI_QUEUE_ANY_SOURCE);
        chain_in(queue, entry_of_order(link), TRI_QUEUE_ANY_TAG);
    }
    queue->by_wildcard = true;
}

static struct tri_queue_entry *find_hashed(struct tri_queue *queue, int32_t source, int32_t tag)
{
    if (!queue->hashed) {
        hash_all(queue);
    }
    if (queue->wild_entries) {
        return find_among_wild(queue, source, tag);
    }
    enum tri_queue_class class = tri_queue_class_of(source, tag);
    if (class == TRI_QUEUE_ANY) {
        return entry_of_order(queue->order.next);
    }
    if (class != TRI_QUEUE_EXACT && !queue->by_wildcard) {
        chain_by_wildcard(queue);
    }
    return find_chained(queue, class, source, tag);
}

struct tri_queue_entry *tri_queue_find_further(struct tri_queue *queue, int32_t source, int32_t tag)
{
    struct tri_counters *counters = queue->counters;
    uint64_t before = counters->passed_over++;
    struct tri_queue_entry *found = NULL;
    int most = queue->hashed ? 1 : TRI_QUEUE_SHORT;
    struct tri_link *link = queue->order.next->next;
    for (; link != &queue->order && --most > 0 && !found; link = link->next) {
        struct tri_queue_entry *entry = entry_of_order(link);
        if (tri_queue_fits(entry, source, tag)) {
            found = entry;
        } else {
            counters->passed_over++;
        }
    }
    if (!found && link != &queue->order) {
        found = find_hashed(queue, source, tag);
    }
    tri_counters_mark(&counters->longest_search, counters->passed_over - before);
    return found;
}

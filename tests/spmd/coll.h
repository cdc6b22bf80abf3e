/* coll.h - elements, blocks and buffers of collective tests, and what must be in them. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef SPMD_COLL_H
#define SPMD_COLL_H

#include "test.h"
#include <limits.h>
#include <stdbool.h>

/* Every rank can compute the input of every other one: a block of bytes that are moved is a pattern
 * of (key, rank that sends it, number of the block); an element that is reduced is a function of
 * (key, rank, index). A buffer is compared as a whole with an image of it, holes and guards too. */

enum { COLL_RANKS = 32, COLL_MARGIN = 64, COLL_VALUES = 2, COLL_ITEM = 16 };

/* How one item of a datatype lies in memory; for reductions also what an item is, and how two of
 * them combine. Packed, an item is its values without holes in the order of the type map. */
struct coll_kind {
    const char *name;
    MPI_Datatype type;
    int values, size;        /* values of an item, bytes of a value */
    int offset[COLL_VALUES]; /* of each value */
    int extent;
    MPI_Op op;
    void (*make)(void *item, uint64_t key, int from, MPI_Count i);
    void (*combine)(void *left, const void *right); /* left = left op right */
};

/* Items next to each other, and whose they are: of one rank, or those of several combined. */
struct coll_block {
    const struct coll_kind *kind;
    MPI_Count items;
    MPI_Aint at;     /* offset of the first item in the buffer, bytes */
    int from, last;  /* ranks; more than one for reductions only */
    int part;        /* which of the blocks that the rank sends */
    MPI_Count first; /* index of the first element, for reductions */
};

struct coll_buffer {
    bool used;
    int count;
    struct coll_block block[COLL_RANKS];
    unsigned char *data, *image; /* both with a margin on either side */
    size_t bytes;                /* between the margins */
};

/* ---- contents ---- */

static inline size_t coll_item_bytes(const struct coll_kind *kind)
{
    return (size_t)(kind->values * kind->size);
}

/* What the model says is in a block, packed; the caller frees it. */
static inline unsigned char *coll_content(const struct coll_block *b, uint64_t key)
{
    size_t width = coll_item_bytes(b->kind), bytes = (size_t)b->items * width;
    unsigned char *packed = malloc(bytes + 1);
    uint64_t other[COLL_ITEM / 8];

    if (packed == NULL)
        abort();
    if (b->kind->make == NULL) {
        t_fill(packed, bytes, t_mix(key + (uint64_t)b->from * 4099 + (uint64_t)b->part));
        return packed;
    }
    for (MPI_Count i = 0; i < b->items; i++) {
        uint64_t item[COLL_ITEM / 8];
        b->kind->make(item, key, b->from, b->first + i);
        for (int r = b->from + 1; r <= b->last; r++) {
            b->kind->make(other, key, r, b->first + i);
            b->kind->combine(item, other);
        }
        memcpy(packed + (size_t)i * width, item, width);
    }
    return packed;
}

static inline unsigned char *coll_value_at(const struct coll_block *b, unsigned char *data,
                                           MPI_Count i, int value)
{
    return data + b->at + i * b->kind->extent + b->kind->offset[value];
}

/* Puts the model's content of a block where it belongs. */
static inline void coll_place(const struct coll_block *b, unsigned char *data, uint64_t key)
{
    const struct coll_kind *k = b->kind;
    unsigned char *content = coll_content(b, key), *packed = content;

    if (k->values == 1 && k->size == k->extent)
        memcpy(data + b->at, packed, (size_t)(b->items * k->extent));
    else
        for (MPI_Count i = 0; i < b->items; i++)
            for (int v = 0; v < k->values; v++, packed += k->size)
                memcpy(coll_value_at(b, data, i, v), packed, (size_t)k->size);
    free(content);
}

/* Copies the values of items `first` and on, and nothing between them. */
static inline void coll_copy(const struct coll_block *b, MPI_Count first, unsigned char *to,
                             unsigned char *from)
{
    for (MPI_Count i = first; i < b->items; i++)
        for (int v = 0; v < b->kind->values; v++)
            memcpy(coll_value_at(b, to, i, v), coll_value_at(b, from, i, v),
                   (size_t)b->kind->size);
}

/* ---- buffers ---- */

static inline struct coll_block *coll_add(struct coll_buffer *buffer, struct coll_block block)
{
    buffer->used = true;
    buffer->block[buffer->count] = block;
    return &buffer->block[buffer->count++];
}

/* Lays the blocks out: next to each other, or backwards with a hole of an item between them. */
static inline void coll_lay_out(struct coll_buffer *buffer, bool apart)
{
    MPI_Aint at = 0;

    for (int i = 0; i < buffer->count; i++) {
        struct coll_block *b = &buffer->block[apart ? buffer->count - 1 - i : i];
        b->at = at;
        at += (b->items + apart) * b->kind->extent;
    }
    if ((size_t)at > buffer->bytes)
        buffer->bytes = (size_t)at;
}

static inline void coll_buffer_start(struct coll_buffer *buffer)
{
    size_t whole = buffer->bytes + 2 * COLL_MARGIN;

    buffer->data = malloc(whole);
    buffer->image = malloc(whole);
    if (buffer->data == NULL || buffer->image == NULL)
        abort();
    buffer->data += COLL_MARGIN;
    buffer->image += COLL_MARGIN;
}

static inline void coll_buffer_end(struct coll_buffer *buffer)
{
    free(buffer->data - COLL_MARGIN);
    free(buffer->image - COLL_MARGIN);
}

static inline void coll_clear(const struct coll_buffer *buffer, unsigned char *data)
{
    memset(data - COLL_MARGIN, T_GUARD_BYTE, buffer->bytes + 2 * COLL_MARGIN);
}

/* The offset of the first byte in which a buffer differs from its image; LONG_MIN: none. */
static inline long coll_differs(const struct coll_buffer *buffer)
{
    size_t whole = buffer->bytes + 2 * COLL_MARGIN;
    const unsigned char *data = buffer->data - COLL_MARGIN, *image = buffer->image - COLL_MARGIN;

    if (memcmp(data, image, whole) == 0)
        return LONG_MIN;
    for (size_t i = 0; i < whole; i++)
        if (data[i] != image[i])
            return (long)i - COLL_MARGIN;
    return LONG_MIN;
}

/* Says where an offset is: in which item of which block, or beside all. */
static inline const char *coll_where(const struct coll_buffer *buffer, long offset)
{
    static _Thread_local char text[128];

    for (int n = 0; n < buffer->count; n++) {
        const struct coll_block *b = &buffer->block[n];
        for (MPI_Count i = 0; i < b->items; i++)
            for (int v = 0; v < b->kind->values; v++) {
                long at = (long)(b->at + i * b->kind->extent + b->kind->offset[v]);
                if (offset < at || offset >= at + b->kind->size)
                    continue;
                snprintf(text, sizeof text, "block %d of %d, index %lld of %lld, value %d", n,
                         buffer->count, (long long)i, (long long)b->items, v);
                return text;
            }
    }
    snprintf(text, sizeof text, "a hole or a guard");
    return text;
}

#endif

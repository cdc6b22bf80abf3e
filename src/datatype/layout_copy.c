/* Layout: the engine that copies between the places of a layout and its packed form. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <string.h>

#include "layout.h"

/* A run of a few bytes: at most four loads and stores, which may overlap each other. Inlined with a constant size it is
 * what the compiler makes of memcpy. */
static inline __attribute__((always_inline)) void copy_run(char *to, const char *from, int64_t size)
{
    if (__builtin_constant_p(size) || size > 64) {
        memcpy(to, from, (size_t)size);
    } else if (size >= 32) {
        memcpy(to, from, 32);
        memcpy(to + size - 32, from + size - 32, 32);
    } else if (size >= 16) {
        memcpy(to, from, 16);
        memcpy(to + size - 16, from + size - 16, 16);
    } else if (size >= 8) {
        memcpy(to, from, 8);
        memcpy(to + size - 8, from + size - 8, 8);
    } else if (size >= 4) {
        memcpy(to, from, 4);
        memcpy(to + size - 4, from + size - 4, 4);
    } else {
        for (int64_t i = 0; i < size; i++) {
            to[i] = from[i];
        }
    }
}

/* Expands LOOP(bytes) with a constant for the frequent sizes, which the compiler turns into loads and stores. */
#define UNROLLED _Pragma("GCC unroll 4")
#define FOR_SIZE(size, LOOP)                                                                                           \
    switch (size) {                                                                                                    \
    case 1: LOOP(UNROLLED, 1) break;                                                                                   \
    case 2: LOOP(UNROLLED, 2) break;                                                                                   \
    case 4: LOOP(UNROLLED, 4) break;                                                                                   \
    case 8: LOOP(UNROLLED, 8) break;                                                                                   \
    case 12: LOOP(UNROLLED, 12) break;                                                                                 \
    case 16: LOOP(UNROLLED, 16) break;                                                                                 \
    case 24: LOOP(UNROLLED, 24) break;                                                                                 \
    case 32: LOOP(UNROLLED, 32) break;                                                                                 \
    case 64: LOOP(UNROLLED, 64) break;                                                                                 \
    default: LOOP(, size) break;                                                                                       \
    }

/* count runs of one size, each side with a stride of its own. */
static void copy_strided(char *to, int64_t to_stride, const char *from, int64_t from_stride, int64_t size,
                         int64_t count)
{
#define STRIDED(unroll, bytes)                                                                                         \
    unroll for (int64_t i = 0; i < count; i++, to += to_stride, from += from_stride) {                                 \
        copy_run(to, from, (bytes));                                                                                   \
    }
    FOR_SIZE(size, STRIDED)
}

/* count runs of one size at any offsets. */
static void gather_runs(char *packed, const char *place, const int64_t *offsets, int64_t size, int64_t count)
{
#define GATHER(unroll, bytes)                                                                                          \
    unroll for (int64_t i = 0; i < count; i++) {                                                                       \
        copy_run(packed + i * (bytes), place + offsets[i], (bytes));                                                   \
    }
    FOR_SIZE(size, GATHER)
}

static void scatter_runs(const char *packed, char *place, const int64_t *offsets, int64_t size, int64_t count)
{
#define SCATTER(unroll, bytes)                                                                                         \
    unroll for (int64_t i = 0; i < count; i++) {                                                                       \
        copy_run(place + offsets[i], packed + i * (bytes), (bytes));                                                   \
    }
    FOR_SIZE(size, SCATTER)
}

/* Several times the same layout, whole, at one distance in memory and at another in packed form. */
struct series {
    char *place, *packed;
    int64_t place_stride, packed_stride, count;
    enum tri_direction direction;
};

static struct series moved(const struct series *series, int64_t place, int64_t packed)
{
    struct series next = *series;
    next.place += place;
    next.packed += packed;
    return next;
}

static void copy_series(const struct tri_layout *layout, const struct series *series);

static void copy_run_series(const struct series *s, int64_t size)
{
    if (s->direction == TRI_PACK) {
        copy_strided(s->packed, s->packed_stride, s->place, s->place_stride, size, s->count);
    } else {
        copy_strided(s->place, s->place_stride, s->packed, s->packed_stride, size, s->count);
    }
}

/* Two nested loops, one of the series and one of the layout: the longer one goes inside. Here outer and inner are each
 * given as a series; together they have the members of both. */
static void copy_nested(const struct tri_layout *child, const struct series *outer, const struct series *inner)
{
    struct series next = *inner;
    for (int64_t i = 0; i < outer->count; i++) {
        if (child->kind == TRI_LAYOUT_RUN) {
            copy_run_series(&next, child->size);
        } else {
            copy_series(child, &next);
        }
        next.place += outer->place_stride;
        next.packed += outer->packed_stride;
    }
}

static void copy_loop_series(const struct tri_layout *loop, const struct series *s)
{
    const struct tri_layout *child = loop->child;
    struct series given = *s, own = *s;
    own.count = loop->count;
    own.place_stride = loop->stride;
    own.packed_stride = child->size;
    if (child->kind == TRI_LAYOUT_RUN) {
        given.place = own.place = s->place + child->offset;
    }
    if (s->count > loop->count) {
        copy_nested(child, &own, &given);
    } else {
        copy_nested(child, &given, &own);
    }
}

/* From so many members on a series is copied piece by piece, for all members at once; a shorter one member by
 * member. */
enum { LONG_SERIES = 4 };

static void copy_blocks_series(const struct tri_layout *blocks, const struct series *s)
{
    const struct tri_layout *child = blocks->child;
    if (child->kind != TRI_LAYOUT_RUN || s->count >= LONG_SERIES) {
        for (int64_t i = 0; i < blocks->count; i++) {
            struct series next = moved(s, blocks->offsets[i], i * child->size);
            copy_series(child, &next);
        }
        return;
    }
    for (int64_t i = 0; i < s->count; i++) {
        struct series next = moved(s, i * s->place_stride + child->offset, i * s->packed_stride);
        if (s->direction == TRI_PACK) {
            gather_runs(next.packed, next.place, blocks->offsets, child->size, blocks->count);
        } else {
            scatter_runs(next.packed, next.place, blocks->offsets, child->size, blocks->count);
        }
    }
}

static void copy_item_series(const struct tri_layout_item *item, const struct series *s)
{
    struct series next = moved(s, item->offset, item->start);
    if (item->child) {
        copy_series(item->child, &next);
    } else {
        copy_run_series(&next, item[1].start - item->start);
    }
}

/* Items up to another one, of a series of one. */
static void copy_items_once(const struct tri_layout_item *item, const struct tri_layout_item *end,
                            const struct series *s)
{
    for (; item < end; item++) {
        char *place = s->place + item->offset, *packed = s->packed + item->start;
        if (item->child) {
            copy_item_series(item, s);
        } else if (s->direction == TRI_PACK) {
            copy_run(packed, place, item[1].start - item->start);
        } else {
            copy_run(place, packed, item[1].start - item->start);
        }
    }
}

static void copy_list_series(const struct tri_layout *list, const struct series *s)
{
    if (s->count >= LONG_SERIES) {
        for (int64_t i = 0; i < list->count; i++) {
            copy_item_series(&list->items[i], s);
        }
        return;
    }
    for (int64_t i = 0; i < s->count; i++) {
        struct series next = moved(s, i * s->place_stride, i * s->packed_stride);
        next.count = 1;
        copy_items_once(list->items, list->items + list->count, &next);
    }
}

/* So many packed bytes of a series are copied before the next: piece by piece they are gone over several times, which
 * should find them in the nearest cache. */
enum { CACHED_BYTES = 4096 };

static void copy_some(const struct tri_layout *layout, const struct series *s)
{
    switch (layout->kind) {
    case TRI_LAYOUT_RUN: copy_run_series(s, layout->size); break;
    case TRI_LAYOUT_LOOP: copy_loop_series(layout, s); break;
    case TRI_LAYOUT_BLOCKS: copy_blocks_series(layout, s); break;
    case TRI_LAYOUT_LIST: copy_list_series(layout, s); break;
    }
}

static void copy_series(const struct tri_layout *layout, const struct series *series)
{
    struct series s = moved(series, layout->offset, 0);
    if (layout->kind == TRI_LAYOUT_RUN) {
        copy_run_series(&s, layout->size);
        return;
    }
    int64_t step = TRI_MAX(CACHED_BYTES / layout->size, 1);
    for (int64_t done = 0; done < series->count; done += step) {
        struct series next = moved(&s, done * s.place_stride, done * s.packed_stride);
        next.count = TRI_MIN(step, series->count - done);
        copy_some(layout, &next);
    }
}

/* ---- bytes [skip, skip + len) of the packed form, which may begin and end within a run ---- */

static void copy_run_part(char *place, char *packed, int64_t len, enum tri_direction direction)
{
    if (direction == TRI_PACK) {
        memcpy(packed, place, (size_t)len);
    } else {
        memcpy(place, packed, (size_t)len);
    }
}

static int64_t place_of(const struct tri_layout *repeated, int64_t index)
{
    return repeated->kind == TRI_LAYOUT_LOOP ? index * repeated->stride : repeated->offsets[index];
}

/* Whole children from index on. */
static void copy_whole(const struct tri_layout *repeated, int64_t index, int64_t count, char *base, char *packed,
                       enum tri_direction direction)
{
    const struct tri_layout *child = repeated->child;
    if (repeated->kind == TRI_LAYOUT_LOOP) {
        copy_series(child, &(struct series){.place = base + index * repeated->stride,
                                            .packed = packed,
                                            .place_stride = repeated->stride,
                                            .packed_stride = child->size,
                                            .count = count,
                                            .direction = direction});
        return;
    }
    struct tri_layout some = *repeated;
    some.offset = 0;
    some.offsets += index;
    some.count = count;
    some.size = count * child->size;
    copy_series(&some, &(struct series){.place = base, .packed = packed, .count = 1, .direction = direction});
}

/* Of a loop or of blocks: a part of one child, then whole children, then a part of another. */
static void copy_repeated(const struct tri_layout *layout, char *base, int64_t skip, char *packed, int64_t len,
                          enum tri_direction direction)
{
    const struct tri_layout *child = layout->child;
    int64_t index = skip / child->size, inside = skip % child->size;
    if (inside > 0) {
        int64_t part = TRI_MIN(child->size - inside, len);
        tri_layout_copy(child, base + place_of(layout, index), inside, packed, part, direction);
        packed += part;
        len -= part;
        index++;
    }
    int64_t whole = len / child->size;
    if (whole > 0) {
        copy_whole(layout, index, whole, base, packed, direction);
        packed += whole * child->size;
        len -= whole * child->size;
        index += whole;
    }
    if (len > 0) {
        tri_layout_copy(child, base + place_of(layout, index), 0, packed, len, direction);
    }
}

/* The item that holds packed byte skip. */
static int64_t find_item(const struct tri_layout *list, int64_t skip)
{
    int64_t low = 0, high = list->count - 1;
    while (low < high) {
        int64_t middle = (low + high + 1) / 2;
        if (list->items[middle].start <= skip) {
            low = middle;
        } else {
            high = middle - 1;
        }
    }
    return low;
}

static void copy_item_part(const struct tri_layout_item *item, char *base, int64_t inside, char *packed, int64_t len,
                           enum tri_direction direction)
{
    if (item->child) {
        tri_layout_copy(item->child, base + item->offset, inside, packed, len, direction);
    } else {
        copy_run_part(base + item->offset + inside, packed, len, direction);
    }
}

static void copy_list(const struct tri_layout *list, char *base, int64_t skip, char *packed, int64_t len,
                      enum tri_direction direction)
{
    const struct tri_layout_item *item = &list->items[find_item(list, skip)];
    const struct tri_layout_item *last = &list->items[find_item(list, skip + len)];
    if (skip > item->start) {
        int64_t part = TRI_MIN(item[1].start - skip, len);
        copy_item_part(item, base, skip - item->start, packed, part, direction);
        packed += part;
        len -= part;
        item++;
    }
    if (item < last) {
        int64_t whole = last->start - item->start;
        struct series once = {
            .place = base, .packed = packed - item->start, .count = 1, .direction = direction};
        copy_items_once(item, last, &once);
        packed += whole;
        len -= whole;
    }
    if (len > 0) {
        copy_item_part(last, base, 0, packed, len, direction);
    }
}

void tri_layout_copy(const struct tri_layout *layout, char *base, int64_t skip, char *packed, int64_t len,
                     enum tri_direction direction)
{
    if (len <= 0) {
        return;
    }
    base += layout->offset;
    switch (layout->kind) {
    case TRI_LAYOUT_RUN: copy_run_part(base + skip, packed, len, direction); break;
    case TRI_LAYOUT_LOOP:
    case TRI_LAYOUT_BLOCKS: copy_repeated(layout, base, skip, packed, len, direction); break;
    case TRI_LAYOUT_LIST: copy_list(layout, base, skip, packed, len, direction); break;
    }
}

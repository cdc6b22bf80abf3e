/* Layouts: making the trees, and the engine that copies along them. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "layout.h"

#include <stdlib.h>
#include <string.h>

#include "../runtime/object.h"

static struct tri_layout *make(enum tri_layout_kind kind, int64_t offset, int64_t size)
{
    struct tri_layout *layout = tri_memory_take(sizeof *layout);
    *layout = (struct tri_layout){.kind = kind, .references = 1, .offset = offset, .size = size};
    return layout;
}

struct tri_layout *tri_layout_hold(struct tri_layout *layout)
{
    layout->references++;
    return layout;
}

void tri_layout_release(struct tri_layout *layout)
{
    if (--layout->references > 0) {
        return;
    }
    if (layout->child) {
        tri_layout_release(layout->child);
    }
    for (int64_t i = 0; layout->items && i < layout->count; i++) {
        tri_layout_release(layout->items[i].child);
    }
    free(layout->items);
    free(layout);
}

struct tri_layout *tri_layout_run(int64_t offset, int64_t size)
{
    return make(TRI_LAYOUT_RUN, size ? offset : 0, size);
}

/* The same bytes moved by an offset. */
static struct tri_layout *shifted(struct tri_layout *layout, int64_t offset)
{
    if (offset == 0) {
        return tri_layout_hold(layout);
    }
    if (layout->kind == TRI_LAYOUT_LIST) {
        return tri_layout_list(1, &offset, &layout);
    }
    struct tri_layout *copy = make(layout->kind, layout->offset + offset, layout->size);
    copy->count = layout->count;
    copy->stride = layout->stride;
    copy->child = layout->child ? tri_layout_hold(layout->child) : NULL;
    return copy;
}

struct tri_layout *tri_layout_loop(int64_t count, int64_t stride, struct tri_layout *child)
{
    if (count <= 0 || child->size == 0) {
        return tri_layout_run(0, 0);
    }
    if (count == 1) {
        return tri_layout_hold(child);
    }
    if (child->kind == TRI_LAYOUT_RUN && stride == child->size) {
        return tri_layout_run(child->offset, count * child->size);
    }
    struct tri_layout *layout = make(TRI_LAYOUT_LOOP, 0, count * child->size);
    layout->count = count;
    layout->stride = stride;
    layout->child = tri_layout_hold(child);
    return layout;
}

/* Whether the items are one run, then another of the same length, ... at equal distances: a loop says it shorter. */
static bool is_regular(const struct tri_layout_item *items, int64_t count)
{
    const struct tri_layout *first = items[0].child;
    if (count < 3 || first->kind != TRI_LAYOUT_RUN) {
        return false;
    }
    int64_t origin = items[0].offset + first->offset;
    int64_t stride = items[1].offset + items[1].child->offset - origin;
    for (int64_t i = 1; i < count; i++) {
        const struct tri_layout *child = items[i].child;
        if (child->kind != TRI_LAYOUT_RUN || child->size != first->size ||
            items[i].offset + child->offset != origin + i * stride) {
            return false;
        }
    }
    return true;
}

/* Drops empty children and joins runs that touch. Returns how many items are left; each holds a reference. */
static int64_t gather_items(struct tri_layout_item *items, int64_t count, const int64_t *offsets,
                            struct tri_layout *const *children)
{
    int64_t used = 0;
    for (int64_t i = 0; i < count; i++) {
        if (children[i]->size == 0) {
            continue;
        }
        struct tri_layout_item *last = used ? &items[used - 1] : NULL;
        if (last && last->child->kind == TRI_LAYOUT_RUN && children[i]->kind == TRI_LAYOUT_RUN &&
            last->offset + last->child->offset + last->child->size == offsets[i] + children[i]->offset) {
            struct tri_layout *joined =
                tri_layout_run(last->offset + last->child->offset, last->child->size + children[i]->size);
            tri_layout_release(last->child);
            *last = (struct tri_layout_item){.start = last->start, .child = joined};
            continue;
        }
        items[used] = (struct tri_layout_item){.start = last ? last->start + last->child->size : 0,
                                               .offset = offsets[i],
                                               .child = tri_layout_hold(children[i])};
        used++;
    }
    return used;
}

struct tri_layout *tri_layout_list(int64_t count, const int64_t *offsets, struct tri_layout *const *children)
{
    struct tri_layout_item *items = tri_memory_take((size_t)TRI_MAX(count, 1) * sizeof *items);
    int64_t used = gather_items(items, count, offsets, children);
    struct tri_layout *layout;
    if (used == 0) {
        layout = tri_layout_run(0, 0);
    } else if (used == 1 && items[0].child->kind != TRI_LAYOUT_LIST) {
        layout = shifted(items[0].child, items[0].offset);
    } else if (used > 1 && is_regular(items, used)) {
        int64_t origin = items[0].offset + items[0].child->offset;
        struct tri_layout *run = tri_layout_run(origin, items[0].child->size);
        layout = tri_layout_loop(used, items[1].offset + items[1].child->offset - origin, run);
        tri_layout_release(run);
    } else {
        layout = make(TRI_LAYOUT_LIST, 0, items[used - 1].start + items[used - 1].child->size);
        layout->count = used;
        layout->items = items;
        return layout;
    }
    for (int64_t i = 0; i < used; i++) {
        tri_layout_release(items[i].child);
    }
    free(items);
    return layout;
}

static void copy_bytes(char *place, char *packed, int64_t len, enum tri_direction direction)
{
    if (direction == TRI_PACK) {
        memcpy(packed, place, (size_t)len);
    } else {
        memcpy(place, packed, (size_t)len);
    }
}

/* Whole runs of one fixed size, which the compiler turns into single loads and stores. */
#define COPY_RUNS(bytes)                                                                                              \
    for (int64_t i = 0; i < count; i++, place += stride, packed += (bytes)) {                                          \
        copy_bytes(place, packed, (bytes), direction);                                                                \
    }

static void copy_runs(char *place, int64_t stride, char *packed, int64_t size, int64_t count,
                      enum tri_direction direction)
{
    switch (size) {
    case 4: COPY_RUNS(4) break;
    case 8: COPY_RUNS(8) break;
    case 16: COPY_RUNS(16) break;
    default: COPY_RUNS(size) break;
    }
}

static void copy_loop(const struct tri_layout *loop, char *base, int64_t skip, char *packed, int64_t len,
                      enum tri_direction direction)
{
    const struct tri_layout *child = loop->child;
    int64_t index = skip / child->size;
    int64_t inside = skip % child->size;
    while (len > 0) {
        if (inside == 0 && child->kind == TRI_LAYOUT_RUN && len >= child->size) {
            int64_t whole = len / child->size;
            copy_runs(base + index * loop->stride + child->offset, loop->stride, packed, child->size, whole, direction);
            index += whole;
            packed += whole * child->size;
            len -= whole * child->size;
            continue;
        }
        int64_t part = TRI_MIN(child->size - inside, len);
        tri_layout_copy(child, base + index * loop->stride, inside, packed, part, direction);
        packed += part;
        len -= part;
        inside = 0;
        index++;
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

static void copy_list(const struct tri_layout *list, char *base, int64_t skip, char *packed, int64_t len,
                      enum tri_direction direction)
{
    for (int64_t i = find_item(list, skip); len > 0; i++) {
        const struct tri_layout_item *item = &list->items[i];
        int64_t inside = skip - item->start;
        int64_t part = TRI_MIN(item->child->size - inside, len);
        tri_layout_copy(item->child, base + item->offset, inside, packed, part, direction);
        packed += part;
        skip += part;
        len -= part;
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
    case TRI_LAYOUT_RUN: copy_bytes(base + skip, packed, len, direction); break;
    case TRI_LAYOUT_LOOP: copy_loop(layout, base, skip, packed, len, direction); break;
    case TRI_LAYOUT_LIST: copy_list(layout, base, skip, packed, len, direction); break;
    }
}

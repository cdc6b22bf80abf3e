/* Layouts: making the trees. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "layout.h"

#include <stdlib.h>

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

static void release_items(struct tri_layout_item *items, int64_t count)
{
    for (int64_t i = 0; i < count; i++) {
        if (items[i].child) {
            tri_layout_release(items[i].child);
        }
    }
    free(items);
}

void tri_layout_release(struct tri_layout *layout)
{
    if (--layout->references > 0) {
        return;
    }
    if (layout->child) {
        tri_layout_release(layout->child);
    }
    if (layout->items) {
        release_items(layout->items, layout->count);
    }
    free(layout->offsets);
    free(layout);
}

struct tri_layout *tri_layout_run(int64_t offset, int64_t size)
{
    return make(TRI_LAYOUT_RUN, size ? offset : 0, size);
}

/* The node as the only child of a loop that is moved by an offset: for those that own what can not be shared. */
static struct tri_layout *wrapped(struct tri_layout *layout, int64_t offset)
{
    struct tri_layout *loop = make(TRI_LAYOUT_LOOP, offset, layout->size);
    loop->count = 1;
    loop->child = tri_layout_hold(layout);
    return loop;
}

/* The same bytes moved by an offset. */
static struct tri_layout *shifted(struct tri_layout *layout, int64_t offset)
{
    if (offset == 0) {
        return tri_layout_hold(layout);
    }
    if (layout->kind == TRI_LAYOUT_LIST || layout->kind == TRI_LAYOUT_BLOCKS) {
        return wrapped(layout, offset);
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
    if (child->kind == TRI_LAYOUT_LOOP && stride == child->count * child->stride) {
        struct tri_layout *longer = tri_layout_loop(count * child->count, child->stride, child->child);
        struct tri_layout *moved = shifted(longer, child->offset);
        tri_layout_release(longer);
        return moved;
    }
    struct tri_layout *layout = make(TRI_LAYOUT_LOOP, 0, count * child->size);
    layout->count = count;
    layout->stride = stride;
    layout->child = tri_layout_hold(child);
    return layout;
}

/* Items in the making. */
struct gather {
    struct tri_layout_item *items;
    int64_t count, room, bytes;
};

/* Adds a piece of that size: a run, which is joined to one that it touches, or a child. */
static void gather_piece(struct gather *gather, int64_t offset, int64_t size, struct tri_layout *child)
{
    struct tri_layout_item *last = gather->count ? &gather->items[gather->count - 1] : NULL;
    bool touches = last && !last->child && !child && last->offset + gather->bytes - last->start == offset;
    if (!touches) {
        /* One place is kept for the end. */
        if (gather->count + 1 >= gather->room) {
            gather->room *= 2;
            gather->items = tri_memory_grow(gather->items, (size_t)gather->room * sizeof *gather->items);
        }
        gather->items[gather->count++] = (struct tri_layout_item){
            .start = gather->bytes, .offset = offset, .child = child ? tri_layout_hold(child) : NULL};
    }
    gather->bytes += size;
}

/* Lists of that many pieces are taken apart: their runs may touch others. */
enum { SHORT_LIST = 16 };

static void gather_layout(struct gather *gather, int64_t offset, struct tri_layout *layout)
{
    if (layout->size == 0) {
        return;
    }
    if (layout->kind == TRI_LAYOUT_RUN) {
        gather_piece(gather, offset + layout->offset, layout->size, NULL);
    } else if (layout->kind == TRI_LAYOUT_LIST && layout->count <= SHORT_LIST) {
        for (const struct tri_layout_item *item = layout->items; item < layout->items + layout->count; item++) {
            gather_piece(gather, offset + layout->offset + item->offset, item[1].start - item->start, item->child);
        }
    } else {
        gather_piece(gather, offset, layout->size, layout);
    }
}

/* Whether all pieces are the same: runs of one size, or one and the same child. */
static bool is_uniform(const struct gather *gather)
{
    const struct tri_layout_item *items = gather->items;
    for (int64_t i = 1; i < gather->count; i++) {
        if (items[i].child != items[0].child || items[i + 1].start - items[i].start != items[1].start) {
            return false;
        }
    }
    return gather->count > 2;
}

static bool is_regular(const struct gather *gather)
{
    const struct tri_layout_item *items = gather->items;
    for (int64_t i = 2; i < gather->count; i++) {
        if (items[i].offset - items[i - 1].offset != items[1].offset - items[0].offset) {
            return false;
        }
    }
    return true;
}

static struct tri_layout *blocks(const struct gather *gather, struct tri_layout *child)
{
    struct tri_layout *layout = make(TRI_LAYOUT_BLOCKS, 0, gather->bytes);
    layout->count = gather->count;
    layout->child = tri_layout_hold(child);
    layout->offsets = tri_memory_take((size_t)gather->count * sizeof *layout->offsets);
    for (int64_t i = 0; i < gather->count; i++) {
        layout->offsets[i] = gather->items[i].offset;
    }
    return layout;
}

/* The shortest way to say it when all pieces are the same. */
static struct tri_layout *repeated(const struct gather *gather)
{
    const struct tri_layout_item *items = gather->items;
    struct tri_layout *child = items[0].child ? tri_layout_hold(items[0].child) : tri_layout_run(0, items[1].start);
    struct tri_layout *layout;
    if (is_regular(gather)) {
        struct tri_layout *loop = tri_layout_loop(gather->count, items[1].offset - items[0].offset, child);
        layout = shifted(loop, items[0].offset);
        tri_layout_release(loop);
    } else {
        layout = blocks(gather, child);
    }
    tri_layout_release(child);
    return layout;
}

struct tri_layout *tri_layout_list(int64_t count, const int64_t *offsets, struct tri_layout *const *children)
{
    struct gather gather = {.room = TRI_MAX(count, 1) + 1};
    gather.items = tri_memory_take((size_t)gather.room * sizeof *gather.items);
    for (int64_t i = 0; i < count; i++) {
        gather_layout(&gather, offsets[i], children[i]);
    }
    gather.items[gather.count] = (struct tri_layout_item){.start = gather.bytes};
    struct tri_layout *layout;
    if (gather.count == 0) {
        layout = tri_layout_run(0, 0);
    } else if (gather.count == 1) {
        const struct tri_layout_item *only = gather.items;
        layout = only->child ? shifted(only->child, only->offset) : tri_layout_run(only->offset, gather.bytes);
    } else if (is_uniform(&gather)) {
        layout = repeated(&gather);
    } else {
        layout = make(TRI_LAYOUT_LIST, 0, gather.bytes);
        layout->count = gather.count;
        layout->items = gather.items;
        return layout;
    }
    release_items(gather.items, gather.count);
    return layout;
}

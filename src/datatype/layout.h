/* Layout: where the bytes of a datatype lie, as a small tree that one engine walks. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TRI_LAYOUT_H
#define TRI_LAYOUT_H

#include <sys/types.h>

#include "../runtime/base.h"

/* A node describes bytes in their order in the packed form, at places relative to a base address. Nodes are immutable
 * and shared by reference count. Runs that touch are joined when a node is made, so that a walk does no work for each
 * element of a contiguous piece. */
enum tri_layout_kind {
    TRI_LAYOUT_RUN,    /* size bytes in one piece */
    TRI_LAYOUT_LOOP,   /* count times the child, stride bytes apart */
    TRI_LAYOUT_BLOCKS, /* count times the child, at any offsets */
    TRI_LAYOUT_LIST,   /* count pieces one after the other: runs of any size, or children */
};

struct tri_layout {
    enum tri_layout_kind kind;
    int references;
    int64_t offset; /* of the whole node from the base */
    int64_t size;   /* bytes in packed form */
    int64_t count;  /* all but run */
    int64_t stride; /* loop */
    struct tri_layout *child; /* loop and blocks */
    int64_t *offsets; /* blocks */
    struct tri_layout_item *items; /* list; in order of start, with one more that tells where the last one ends */
};

struct tri_layout_item {
    int64_t start;  /* packed bytes before this one */
    int64_t offset; /* of the run, or added to the child's own */
    struct tri_layout *child; /* NULL: a run */
};

/* The makers take over no reference: they add what they keep. Zero sizes are fine. */
struct tri_layout *tri_layout_run(int64_t offset, int64_t size);
struct tri_layout *tri_layout_loop(int64_t count, int64_t stride, struct tri_layout *child);
struct tri_layout *tri_layout_list(int64_t count, const int64_t *offsets, struct tri_layout *const *children);
struct tri_layout *tri_layout_hold(struct tri_layout *layout);
void tri_layout_release(struct tri_layout *layout);

enum tri_direction { TRI_PACK, TRI_UNPACK };

/* Copies bytes [skip, skip + len) of the packed form between the places that the layout describes relative to base and
 * the packed memory. skip + len is at most layout->size. A place that the layout has twice may get either of its bytes
 * when unpacked: the order of the copies is free. */
void tri_layout_copy(const struct tri_layout *layout, char *base, int64_t skip, char *packed, int64_t len,
                     enum tri_direction direction);

#endif

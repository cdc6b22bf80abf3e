/* Derived datatypes: constructors and what is asked of them. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "datatype.h"

#include <stdlib.h>
#include <string.h>

static struct tri_pool pool = {.kind = TRI_DATATYPE, .size = sizeof(struct tri_datatype)};

void tri_datatype_end_of(void *object)
{
    struct tri_datatype *type = object;
    for (int i = 0; i < type->part_count; i++) {
        tri_datatype_release(type->parts[i].type);
    }
    free(type->parts);
    tri_recipe_free(type->recipe);
    tri_layout_release(type->layout);
    tri_attributes_drop(&type->attributes);
    tri_pool_give(&pool, type);
}

/* Lower and upper ends of the blocks added so far. any: there is an lb and an ub; fixed: they were set explicitly,
 * which counts before what follows from elements (MPI 5.0, 5.1.7); any_true: there is an element. */
struct bounds {
    bool any, fixed, any_true;
    int64_t lb, ub, true_lb, true_ub;
};

static void extend(struct bounds *bounds, int64_t displacement, int64_t blocklength, const struct tri_datatype *type)
{
    if (blocklength == 0) {
        return;
    }
    /* With a negative extent the last element lies lowest. */
    int64_t last = (blocklength - 1) * type->extent;
    int64_t low = displacement + TRI_MIN(last, 0), high = displacement + TRI_MAX(last, 0);
    if (type->elements > 0) {
        bounds->true_lb = bounds->any_true ? TRI_MIN(bounds->true_lb, low + type->true_lb) : low + type->true_lb;
        bounds->true_ub = bounds->any_true ? TRI_MAX(bounds->true_ub, high + type->true_ub) : high + type->true_ub;
        bounds->any_true = true;
    }
    /* A type without elements has bounds only if they were set. */
    if (type->fixed_bounds < bounds->fixed || (type->elements == 0 && !type->fixed_bounds)) {
        return;
    }
    int64_t lb = low + type->lb, ub = high + type->lb + type->extent;
    bool first = !bounds->any || type->fixed_bounds > bounds->fixed;
    bounds->lb = first ? lb : TRI_MIN(bounds->lb, lb);
    bounds->ub = first ? ub : TRI_MAX(bounds->ub, ub);
    bounds->any = true;
    bounds->fixed = type->fixed_bounds;
}

static struct tri_datatype *make(int64_t part_count)
{
    struct tri_datatype *type = tri_pool_take(&pool);
    struct tri_object object = type->object;
    memset(type, 0, sizeof *type);
    type->object = object;
    type->handle = (MPI_Datatype)(void *)type;
    type->alignment = 1;
    type->parts = tri_memory_take((size_t)TRI_MAX(part_count, 1) * sizeof *type->parts);
    return type;
}

static void add_part(struct tri_datatype *type, struct tri_datatype *old, int64_t count)
{
    tri_datatype_hold(old);
    type->parts[type->part_count++] = (struct tri_part){.type = old, .count = count};
    if (count == 0) {
        return;
    }
    type->elements += count * old->elements;
    type->fixed_bounds |= old->fixed_bounds;
    if (old->elements > 0) {
        type->alignment = TRI_MAX(type->alignment, old->alignment);
    }
}

/* Sets what follows from layout and bounds. Takes over the layout. */
static void finish(struct tri_datatype *type, struct tri_layout *layout, const struct bounds *bounds)
{
    type->layout = layout;
    type->size = layout->size;
    type->lb = bounds->lb;
    type->extent = bounds->ub - bounds->lb;
    type->true_lb = bounds->true_lb;
    type->true_ub = bounds->true_ub;
    type->contiguous = layout->kind == TRI_LAYOUT_RUN && layout->offset == 0 && type->extent == type->size;
}

static struct tri_layout *block_layout(const struct tri_datatype *old, int64_t blocklength)
{
    return tri_layout_loop(blocklength, old->extent, old->layout);
}

struct tri_datatype *tri_datatype_contiguous(int64_t count, struct tri_datatype *old)
{
    return tri_datatype_hvector(count > 0, count, 0, old);
}

struct tri_datatype *tri_datatype_hvector(int64_t count, int64_t blocklength, int64_t stride, struct tri_datatype *old)
{
    struct tri_datatype *type = make(1);
    struct bounds bounds = {0};
    if (count > 0) {
        extend(&bounds, 0, blocklength, old);
        extend(&bounds, (count - 1) * stride, blocklength, old);
    }
    add_part(type, old, count * blocklength);
    struct tri_layout *block = block_layout(old, blocklength);
    finish(type, tri_layout_loop(count, stride, block), &bounds);
    tri_layout_release(block);
    return type;
}

/* The C compiler pads a struct so that its elements stay aligned in an array; so do we, like everybody. */
static void pad_to_alignment(struct bounds *bounds, int64_t alignment)
{
    int64_t rest = (bounds->ub - bounds->lb) % alignment;
    if (rest > 0) {
        bounds->ub += alignment - rest;
    }
}

struct tri_datatype *tri_datatype_blocks(int64_t count, const int64_t *blocklengths, const int64_t *displacements,
                                         struct tri_datatype *const *types, bool pad)
{
    struct tri_datatype *type = make(count);
    struct tri_layout **layouts = tri_memory_take((size_t)TRI_MAX(count, 1) * sizeof *layouts);
    struct bounds bounds = {0};
    for (int64_t i = 0; i < count; i++) {
        extend(&bounds, displacements[i], blocklengths[i], types[i]);
        layouts[i] = block_layout(types[i], blocklengths[i]);
        if (blocklengths[i] == 0) {
            continue;
        }
        if (type->part_count > 0 && type->parts[type->part_count - 1].type == types[i]) {
            type->parts[type->part_count - 1].count += blocklengths[i];
            type->elements += blocklengths[i] * types[i]->elements;
        } else {
            add_part(type, types[i], blocklengths[i]);
        }
    }
    if (pad && !type->fixed_bounds) {
        pad_to_alignment(&bounds, type->alignment);
    }
    finish(type, tri_layout_list(count, displacements, layouts), &bounds);
    for (int64_t i = 0; i < count; i++) {
        tri_layout_release(layouts[i]);
    }
    free(layouts);
    return type;
}

struct tri_datatype *tri_datatype_resized(struct tri_datatype *old, int64_t lb, int64_t extent)
{
    struct tri_datatype *type = make(1);
    add_part(type, old, 1);
    struct bounds bounds = {
        .lb = lb, .ub = lb + extent, .true_lb = old->true_lb, .true_ub = old->true_ub};
    finish(type, tri_layout_hold(old->layout), &bounds);
    type->fixed_bounds = true;
    return type;
}

struct tri_datatype *tri_datatype_dup(struct tri_datatype *old)
{
    struct tri_datatype *type = tri_datatype_resized(old, old->lb, old->extent);
    type->fixed_bounds = old->fixed_bounds;
    type->committed = old->committed;
    return type;
}

static int64_t slice_indexes(const struct tri_slice *slice)
{
    return slice->count * slice->block + slice->rest;
}

/* The layout of one dimension whose indexes are stride bytes apart and are each laid out as child. */
static struct tri_layout *slice_layout(const struct tri_slice *slice, int64_t stride, struct tri_layout *child)
{
    struct tri_layout *block = tri_layout_loop(slice->block, stride, child);
    struct tri_layout *pieces[2] = {tri_layout_loop(slice->count, slice->step * stride, block),
                                    tri_layout_loop(slice->rest, stride, child)};
    int64_t offsets[2] = {slice->first * stride, (slice->first + slice->count * slice->step) * stride};
    struct tri_layout *layout = tri_layout_list(2, offsets, pieces);
    tri_layout_release(block);
    tri_layout_release(pieces[0]);
    tri_layout_release(pieces[1]);
    return layout;
}

struct tri_datatype *tri_datatype_array(int ndims, const struct tri_slice *slices, struct tri_datatype *old)
{
    struct tri_datatype *type = make(1);
    struct tri_layout *layout = tri_layout_hold(old->layout);
    struct bounds bounds = {.true_lb = old->true_lb, .true_ub = old->true_ub};
    int64_t stride = old->extent, elements = 1;
    for (int i = ndims - 1; i >= 0; i--) {
        const struct tri_slice *slice = &slices[i];
        struct tri_layout *wider = slice_layout(slice, stride, layout);
        tri_layout_release(layout);
        layout = wider;
        int64_t last = slice->first + (slice->rest ? slice->count * slice->step + slice->rest - 1
                                                   : (slice->count - 1) * slice->step + slice->block - 1);
        bounds.true_lb += TRI_MIN(slice->first * stride, last * stride);
        bounds.true_ub += TRI_MAX(slice->first * stride, last * stride);
        elements *= slice_indexes(slice);
        stride *= slice->size;
    }
    bounds.ub = stride;
    if (elements == 0) {
        bounds.true_lb = bounds.true_ub = 0;
    }
    add_part(type, old, elements);
    finish(type, layout, &bounds);
    type->fixed_bounds = true;
    return type;
}

void tri_datatype_copy(const struct tri_datatype *type, const void *buffer, int64_t skip, void *packed, int64_t len,
                       enum tri_direction direction)
{
    /* Packing only reads the buffer; one engine serves both ways, hence the cast. */
    char *base = (char *)(uintptr_t)buffer;
    if (len <= 0) {
        return;
    }
    /* Any number of elements: the layout of one, repeated at the extent. */
    struct tri_layout many = {.kind = TRI_LAYOUT_LOOP,
                              .size = INT64_MAX,
                              .count = INT64_MAX,
                              .stride = type->extent,
                              .child = type->layout};
    if (type->contiguous) {
        many = (struct tri_layout){.kind = TRI_LAYOUT_RUN, .size = INT64_MAX};
    }
    tri_layout_copy(&many, base, skip, packed, len, direction);
}

/* Bytes before the index of a predefined pair; the size of a type that is none. */
static int64_t first_half(const struct tri_datatype *type)
{
    return type->size - type->second_size;
}

/* Predefined elements in the first bytes of one element of the type; sets *rest to the bytes that do not make one. */
static int64_t elements_within(const struct tri_datatype *type, int64_t bytes, int64_t *rest)
{
    if (type->part_count == 0) {
        /* A pair's halves are elements of their own. */
        int64_t half = first_half(type);
        int64_t found = bytes >= type->size ? type->elements : bytes >= half && type->elements == 2;
        *rest = found == type->elements ? 0 : found ? bytes - half : bytes;
        return found;
    }
    int64_t found = 0;
    for (int i = 0; i < type->part_count && bytes > 0; i++) {
        const struct tri_part *part = &type->parts[i];
        if (part->type->size == 0) {
            continue;
        }
        int64_t whole = TRI_MIN(part->count, bytes / part->type->size);
        found += whole * part->type->elements;
        bytes -= whole * part->type->size;
        if (whole < part->count && bytes > 0) {
            return found + elements_within(part->type, bytes, rest);
        }
    }
    *rest = bytes;
    return found;
}

int64_t tri_datatype_elements_in(const struct tri_datatype *type, int64_t bytes)
{
    if (type->size == 0) {
        return bytes == 0 ? 0 : -1;
    }
    int64_t rest = 0, found = bytes / type->size * type->elements;
    if (bytes % type->size) {
        found += elements_within(type, bytes % type->size, &rest);
    }
    return rest == 0 ? found : -1;
}

int64_t tri_datatype_bytes_of(const struct tri_datatype *type, int64_t elements)
{
    if (type->elements == 0) {
        return 0;
    }
    int64_t bytes = elements / type->elements * type->size;
    elements %= type->elements;
    if (type->part_count == 0) {
        return bytes + (elements ? first_half(type) : 0);
    }
    for (int i = 0; i < type->part_count && elements > 0; i++) {
        const struct tri_part *part = &type->parts[i];
        int64_t within = TRI_MIN(elements, part->count * part->type->elements);
        bytes += tri_datatype_bytes_of(part->type, within);
        elements -= within;
    }
    return bytes;
}

const char *tri_datatype_name(const struct tri_datatype *type)
{
    if (*type->name) {
        return type->name;
    }
    return type->predefined ? "(unnamed predefined type)" : "(unnamed derived type)";
}

/* dt_tree.h - random datatypes, each with a model: the list of its basic elements. */
/* SPDX-License-Identifier: BSD-3-Clause */
/* The model follows the standard's definitions, one element at a time. */
#ifndef SPMD_DT_TREE_H
#define SPMD_DT_TREE_H

#include "test.h"

enum { TREE_MAX = 3000, TREE_BLOCKS = 5 };

struct element {
    int kind;      /* index of the basic type */
    MPI_Aint disp; /* bytes from the start of the buffer */
};

struct tree {
    MPI_Datatype type;
    int n;
    struct element *map; /* in the order in which the elements travel */
    MPI_Aint lb, ub;
    int marked; /* bounds set by hand (MPI_Type_create_resized) and inherited from there */
};

static inline MPI_Datatype tree_kind(int kind)
{
    MPI_Datatype kinds[] = {MPI_CHAR,  MPI_SHORT,     MPI_INT, MPI_DOUBLE,
                            MPI_FLOAT, MPI_LONG_LONG, MPI_BYTE};

    return kinds[kind];
}

enum { TREE_KINDS = 7 };

static inline int tree_kind_size(int kind)
{
    static const int sizes[TREE_KINDS] = {1, 2, 4, 8, 4, 8, 1};

    return sizes[kind];
}

static inline struct tree tree_new(int capacity)
{
    struct tree t = {MPI_DATATYPE_NULL, 0, NULL, 0, 0, 0};

    t.map = malloc((size_t)(capacity > 0 ? capacity : 1) * sizeof *t.map);
    if (t.map == NULL)
        abort();
    return t;
}

static inline void tree_free(struct tree *t)
{
    MPI_Type_free(&t->type);
    free(t->map);
}

static inline int tree_size(const struct tree *t)
{
    int size = 0;

    for (int i = 0; i < t->n; i++)
        size += tree_kind_size(t->map[i].kind);
    return size;
}

/* Lowest and one past the highest byte of the data itself. */
static inline void tree_true_bounds(const struct tree *t, MPI_Aint *low, MPI_Aint *high)
{
    *low = t->n ? t->map[0].disp : 0;
    *high = *low;
    for (int i = 0; i < t->n; i++) {
        MPI_Aint end = t->map[i].disp + tree_kind_size(t->map[i].kind);
        *low = t->map[i].disp < *low ? t->map[i].disp : *low;
        *high = end > *high ? end : *high;
    }
}

/* Adds one copy of `part` at `disp`; bounds are widened. `first` says that there is nothing yet. */
static inline void tree_add(struct tree *t, const struct tree *part, MPI_Aint disp, int *first)
{
    for (int i = 0; i < part->n; i++) {
        t->map[t->n] = part->map[i];
        t->map[t->n++].disp += disp;
    }
    if (part->n == 0 && !part->marked)
        return;
    if (*first || part->lb + disp < t->lb)
        t->lb = part->lb + disp;
    if (*first || part->ub + disp > t->ub)
        t->ub = part->ub + disp;
    *first = 0;
    t->marked = t->marked || part->marked;
}

/* `length` copies of `part` behind each other from `disp` on. */
static inline void tree_add_block(struct tree *t, const struct tree *part, int length,
                                  MPI_Aint disp, int *first)
{
    for (int k = 0; k < length; k++)
        tree_add(t, part, disp + k * (part->ub - part->lb), first);
}

/* The extent of a struct is rounded up to the strictest alignment of its elements. */
static inline void tree_round(struct tree *t)
{
    MPI_Aint align = 1;

    if (t->marked)
        return;
    for (int i = 0; i < t->n; i++)
        if (tree_kind_size(t->map[i].kind) > align)
            align = tree_kind_size(t->map[i].kind);
    while ((t->ub - t->lb) % align != 0)
        t->ub++;
}

static inline struct tree tree_basic(uint64_t *state)
{
    struct tree t = tree_new(1);
    int kind = t_random(state, TREE_KINDS);

    MPI_Type_dup(tree_kind(kind), &t.type);
    t.n = 1;
    t.map[0] = (struct element){kind, 0};
    t.ub = tree_kind_size(kind);
    return t;
}

/* A place that is a multiple of the strictest alignment, before or behind zero. */
static inline MPI_Aint tree_place(uint64_t *state, int range)
{
    return 16 * (MPI_Aint)(t_random(state, 2 * range + 1) - range);
}

/* A vector or hvector of `part`, forwards or backwards, with overlap now and then. */
static inline struct tree tree_vector(uint64_t *state, const struct tree *part)
{
    int count = t_random(state, 5), length = t_random(state, 4), first = 1;
    int stride = t_random(state, 13) - 4, by_bytes = t_random(state, 2);
    MPI_Aint extent = part->ub - part->lb,
             step = by_bytes ? tree_place(state, 30) : stride * extent;
    struct tree t = tree_new(count * length * part->n);

    if (by_bytes)
        MPI_Type_create_hvector(count, length, step, part->type, &t.type);
    else
        MPI_Type_vector(count, length, stride, part->type, &t.type);
    for (int i = 0; i < count; i++)
        tree_add_block(&t, part, length, i * step, &first);
    return t;
}

/* indexed, hindexed or indexed_block of `part`. */
static inline struct tree tree_indexed(uint64_t *state, const struct tree *part)
{
    int count = t_random(state, TREE_BLOCKS), style = t_random(state, 3), first = 1, total = 0;
    int lengths[TREE_BLOCKS], places[TREE_BLOCKS];
    MPI_Aint where[TREE_BLOCKS], extent = part->ub - part->lb;
    struct tree t;

    for (int i = 0; i < count; i++) {
        lengths[i] = style == 2 && i > 0 ? lengths[0] : t_random(state, 4);
        places[i] = t_random(state, 25) - 8;
        where[i] = style == 1 ? tree_place(state, 40) : places[i] * extent;
        total += lengths[i];
    }
    t = tree_new(total * part->n);
    if (style == 0)
        MPI_Type_indexed(count, lengths, places, part->type, &t.type);
    else if (style == 1)
        MPI_Type_create_hindexed(count, lengths, where, part->type, &t.type);
    else
        MPI_Type_create_indexed_block(count, count ? lengths[0] : 1, places, part->type, &t.type);
    for (int i = 0; i < count; i++)
        tree_add_block(&t, part, lengths[i], where[i], &first);
    return t;
}

static inline struct tree tree_contiguous(uint64_t *state, const struct tree *part)
{
    int count = t_random(state, 6), first = 1;
    struct tree t = tree_new(count * part->n);

    MPI_Type_contiguous(count, part->type, &t.type);
    tree_add_block(&t, part, count, 0, &first);
    return t;
}

/* Resized to hold at least all data, or to interleave with its neighbours. */
static inline struct tree tree_resized(uint64_t *state, const struct tree *part)
{
    struct tree t = tree_new(part->n);
    int first = 1;
    MPI_Aint lb = tree_place(state, 4), extent = 16 * (MPI_Aint)(1 + t_random(state, 12));

    tree_add(&t, part, 0, &first);
    MPI_Type_create_resized(part->type, lb, extent, &t.type);
    t.lb = lb;
    t.ub = lb + extent;
    t.marked = 1;
    return t;
}

static inline struct tree tree_dup(const struct tree *part)
{
    struct tree t = tree_new(part->n);
    int first = 1;

    MPI_Type_dup(part->type, &t.type);
    tree_add(&t, part, 0, &first);
    t.lb = part->lb;
    t.ub = part->ub;
    return t;
}

/* A struct of up to four parts. Parts with bounds set by hand are not mixed with others: what then
 * counts as the bounds of the others is a corner that implementations read differently. */
static inline struct tree tree_struct(uint64_t *state, const struct tree *parts, int n)
{
    int lengths[4], first = 1, total = 0;
    MPI_Aint where[4];
    MPI_Datatype types[4];
    struct tree t;

    for (int i = 0; i < n; i++) {
        lengths[i] =
            parts[i].marked == parts[0].marked && parts[i].n > 0 ? 1 + t_random(state, 2) : 0;
        where[i] = tree_place(state, 40);
        types[i] = parts[i].type;
        total += lengths[i] * parts[i].n;
    }
    t = tree_new(total);
    MPI_Type_create_struct(n, lengths, where, types, &t.type);
    for (int i = 0; i < n; i++)
        tree_add_block(&t, &parts[i], lengths[i], where[i], &first);
    tree_round(&t);
    return t;
}

static inline struct tree tree_wrap(uint64_t *state, const struct tree *part)
{
    switch (t_random(state, 6)) {
        case 0: return tree_contiguous(state, part);
        case 1: return tree_resized(state, part);
        case 2: return tree_dup(part);
        case 3: return tree_indexed(state, part);
        default: return tree_vector(state, part);
    }
}

/* Sets the bounds by hand, to multiples of 16 around the present ones. */
static inline void tree_bound(struct tree *t)
{
    MPI_Datatype bare = t->type;

    t->lb = t->lb < 0 ? -((15 - t->lb) / 16 * 16) : t->lb / 16 * 16;
    t->ub = t->ub < 0 ? -(-t->ub / 16 * 16) : (t->ub + 15) / 16 * 16;
    t->marked = 1;
    MPI_Type_create_resized(bare, t->lb, t->ub - t->lb, &t->type);
    MPI_Type_free(&bare);
}

/* A random datatype of at most `depth` constructors over each other; not committed. */
static inline struct tree tree_random(uint64_t *state, int depth)
{
    struct tree parts[4], t;
    int n = 1;

    if (depth == 0)
        return tree_basic(state);
    if (t_random(state, 4) == 0)
        n = 1 + t_random(state, 4);
    for (int i = 0; i < n; i++)
        parts[i] = tree_random(state, t_random(state, depth));
    t = n > 1 ? tree_struct(state, parts, n) : tree_wrap(state, &parts[0]);
    for (int i = 0; i < n; i++)
        tree_free(&parts[i]);
    /* How a struct is rounded whose lower bound is not aligned, and what the bounds of nothing are,
     * the implementations read differently too. */
    if (!t.marked && ((n > 1 && t.lb % 8 != 0) || (t.n == 0 && depth > 1)))
        tree_bound(&t);
    return t;
}

#endif

/* dt_model.h - what a datatype constructor has as its result: a naive model of its elements. */
/* SPDX-License-Identifier: BSD-3-Clause */
/* The model is the list of the basic elements. It follows the standard's definitions, one element
 * at a time. */
#ifndef SPMD_DT_MODEL_H
#define SPMD_DT_MODEL_H

#include "test.h"

enum { TREE_MAX = 3000, TREE_BLOCKS = 5, TREE_DIMS = 3, TREE_ARGS = 32 };

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

/* A call of a constructor: its numbers in the order of its arguments. */
struct recipe {
    int combiner;
    int large; /* MPI_X_c */
    int n;
    long long a[TREE_ARGS];
};

enum { TREE_KINDS = 9 };

static inline MPI_Datatype tree_kind(int kind)
{
    MPI_Datatype kinds[] = {MPI_CHAR,  MPI_SHORT,     MPI_INT, MPI_DOUBLE,
                            MPI_FLOAT, MPI_LONG_LONG, MPI_BYTE};
    MPI_Datatype made = MPI_DATATYPE_NULL;

    if (kind < T_COUNT(kinds))
        return kinds[kind];
    if (kind == 7)
        MPI_Type_create_f90_integer(8, &made);
    else
        MPI_Type_create_f90_real(14, MPI_UNDEFINED, &made);
    return made;
}

static inline int tree_kind_size(int kind)
{
    static const int sizes[TREE_KINDS] = {1, 2, 4, 8, 4, 8, 1, 4, 8};

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
static inline void tree_add_block(struct tree *t, const struct tree *part, long long length,
                                  MPI_Aint disp, int *first)
{
    for (long long k = 0; k < length; k++)
        tree_add(t, part, disp + (MPI_Aint)k * (part->ub - part->lb), first);
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

/* ---- the array constructors, index by index ---- */

/* Whether index `i` of dimension `d` belongs to the type. */
static inline int tree_owns(const struct recipe *r, int dims, int d, long long i)
{
    const long long *a = r->a;

    if (r->combiner == MPI_COMBINER_SUBARRAY) {
        long long start = a[1 + 2 * dims + d];
        return i >= start && i < start + a[1 + dims + d];
    }
    long long size = a[3 + d], distrib = a[3 + dims + d], darg = a[3 + 2 * dims + d];
    long long processes = a[3 + 3 * dims + d], coordinate = a[1];
    for (int k = dims - 1; k > d; k--)
        coordinate /= a[3 + 3 * dims + k];
    coordinate %= processes;
    if (distrib == MPI_DISTRIBUTE_NONE)
        return 1;
    if (darg == MPI_DISTRIBUTE_DFLT_DARG)
        darg = distrib == MPI_DISTRIBUTE_BLOCK ? (size + processes - 1) / processes : 1;
    return i / darg % processes == coordinate;
}

static inline struct tree tree_model_array(const struct recipe *r, const struct tree *part)
{
    int is_sub = r->combiner == MPI_COMBINER_SUBARRAY, dims = (int)r->a[is_sub ? 0 : 2];
    int fortran = r->a[r->n - 1] == MPI_ORDER_FORTRAN, first = 1;
    const long long *sizes = r->a + (is_sub ? 1 : 3);
    long long total = 1;
    struct tree t;

    for (int d = 0; d < dims; d++)
        total *= sizes[d];
    t = tree_new((int)total * part->n);
    for (long long i = 0; i < total; i++) {
        long long left = i;
        int mine = 1;
        for (int k = 0; k < dims; k++) {
            int d = fortran ? k : dims - 1 - k;
            mine = mine && tree_owns(r, dims, d, left % sizes[d]);
            left /= sizes[d];
        }
        if (mine)
            tree_add(&t, part, (MPI_Aint)i * (part->ub - part->lb), &first);
    }
    t.lb = 0;
    t.ub = (MPI_Aint)total * (part->ub - part->lb);
    t.marked = 1;
    return t;
}

/* ---- the others ---- */

/* The typemap that a call has as its result, without the type. `parts`: of a struct several. */
static inline struct tree tree_model(const struct recipe *r, const struct tree *parts)
{
    const long long *a = r->a, *lengths = a + 1, *places;
    MPI_Aint extent = parts->ub - parts->lb, unit = 1;
    int first = 1, same = 0, total = 0, count = (int)a[0];
    struct tree t;

    switch (r->combiner) {
        case MPI_COMBINER_SUBARRAY:
        case MPI_COMBINER_DARRAY: return tree_model_array(r, parts);
        case MPI_COMBINER_DUP:
        case MPI_COMBINER_RESIZED:
            t = tree_new(parts->n);
            tree_add(&t, parts, 0, &first);
            t.marked = t.marked || r->combiner == MPI_COMBINER_RESIZED;
            t.lb = r->combiner == MPI_COMBINER_RESIZED ? (MPI_Aint)a[0] : parts->lb;
            t.ub = r->combiner == MPI_COMBINER_RESIZED ? (MPI_Aint)(a[0] + a[1]) : parts->ub;
            return t;
        case MPI_COMBINER_CONTIGUOUS:
            t = tree_new(count * parts->n);
            tree_add_block(&t, parts, count, 0, &first);
            return t;
        case MPI_COMBINER_VECTOR: unit = extent; /* fall through */
        case MPI_COMBINER_HVECTOR:
            t = tree_new(count * (int)a[1] * parts->n);
            for (int i = 0; i < count; i++)
                tree_add_block(&t, parts, a[1], i * (MPI_Aint)a[2] * unit, &first);
            return t;
        case MPI_COMBINER_INDEXED_BLOCK: unit = extent; /* fall through */
        case MPI_COMBINER_HINDEXED_BLOCK: same = 1; break;
        case MPI_COMBINER_INDEXED: unit = extent; break;
        default: break;
    }
    places = a + 1 + (same ? 1 : count);
    int is_struct = r->combiner == MPI_COMBINER_STRUCT;
    for (int i = 0; i < count; i++)
        total += (int)lengths[same ? 0 : i] * parts[is_struct ? i : 0].n;
    t = tree_new(total);
    for (int i = 0; i < count; i++)
        tree_add_block(&t, &parts[is_struct ? i : 0], lengths[same ? 0 : i],
                       (MPI_Aint)places[i] * unit, &first);
    if (is_struct)
        tree_round(&t);
    return t;
}

#endif

/* dt_tree.h - random datatypes, each with a model: the list of its basic elements. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef SPMD_DT_TREE_H
#define SPMD_DT_TREE_H

#include "dt_make.h"

static inline struct tree tree_basic(uint64_t *state)
{
    return tree_leaf(tree_kind(t_random(state, TREE_KINDS)));
}

/* A place that is a multiple of the strictest alignment, before or behind zero. */
static inline MPI_Aint tree_place(uint64_t *state, int range)
{
    return 16 * (MPI_Aint)(t_random(state, 2 * range + 1) - range);
}

static inline void tree_arg(struct recipe *r, long long value)
{
    r->a[r->n++] = value;
}

/* A vector or hvector, forwards or backwards, with overlap now and then. */
static inline void tree_draw_vector(uint64_t *state, struct recipe *r)
{
    int by_bytes = t_random(state, 2);

    r->combiner = by_bytes ? MPI_COMBINER_HVECTOR : MPI_COMBINER_VECTOR;
    tree_arg(r, t_random(state, 5));
    tree_arg(r, t_random(state, 4));
    tree_arg(r, by_bytes ? tree_place(state, 30) : t_random(state, 13) - 4);
}

static inline void tree_draw_indexed(uint64_t *state, struct recipe *r)
{
    int combiners[] = {MPI_COMBINER_INDEXED, MPI_COMBINER_HINDEXED, MPI_COMBINER_INDEXED_BLOCK,
                       MPI_COMBINER_HINDEXED_BLOCK};
    int style = t_random(state, 4), count = t_random(state, TREE_BLOCKS);

    r->combiner = combiners[style];
    tree_arg(r, count);
    for (int i = 0; i < (style >= 2 ? 1 : count); i++)
        tree_arg(r, t_random(state, 4));
    for (int i = 0; i < count; i++)
        tree_arg(r, style % 2 ? tree_place(state, 40) : t_random(state, 25) - 8);
}

static inline int tree_draw_order(uint64_t *state)
{
    return t_random(state, 2) ? MPI_ORDER_C : MPI_ORDER_FORTRAN;
}

static inline void tree_draw_subarray(uint64_t *state, struct recipe *r)
{
    int dims = 1 + t_random(state, TREE_DIMS);
    long long *sizes = r->a + 1, *subsizes = sizes + dims, *starts = subsizes + dims;

    r->combiner = MPI_COMBINER_SUBARRAY;
    r->n = 3 * dims + 1;
    r->a[0] = dims;
    for (int d = 0; d < dims; d++) {
        sizes[d] = 1 + t_random(state, 5);
        subsizes[d] = 1 + t_random(state, (int)sizes[d]);
        starts[d] = t_random(state, (int)(sizes[d] - subsizes[d] + 1));
    }
    tree_arg(r, tree_draw_order(state));
}

static inline void tree_draw_darray(uint64_t *state, struct recipe *r, int dims, int max_size)
{
    long long *sizes = r->a + 3, *distribs = sizes + dims, *dargs = distribs + dims;
    long long *processes = dargs + dims;

    r->combiner = MPI_COMBINER_DARRAY;
    r->n = 4 * dims + 3;
    r->a[0] = 1;
    r->a[2] = dims;
    for (int d = 0; d < dims; d++) {
        int distrib = t_random(state, 3);
        sizes[d] = 1 + t_random(state, max_size);
        processes[d] = distrib == 2 ? 1 : 1 + t_random(state, 3);
        distribs[d] = distrib == 0   ? MPI_DISTRIBUTE_BLOCK
                      : distrib == 1 ? MPI_DISTRIBUTE_CYCLIC
                                     : MPI_DISTRIBUTE_NONE;
        dargs[d] = distrib == 1 ? 1 + t_random(state, 3)
                                : (sizes[d] + processes[d] - 1) / processes[d] + t_random(state, 2);
        if (distrib == 2 || t_random(state, 2))
            dargs[d] = MPI_DISTRIBUTE_DFLT_DARG;
        r->a[0] *= processes[d];
    }
    r->a[1] = t_random(state, (int)r->a[0]);
    tree_arg(r, tree_draw_order(state));
}

/* Resized to hold at least all data, or to interleave with its neighbours. */
static inline void tree_draw_resized(uint64_t *state, struct recipe *r)
{
    r->combiner = MPI_COMBINER_RESIZED;
    tree_arg(r, tree_place(state, 4));
    tree_arg(r, 16 * (1 + t_random(state, 12)));
}

/* A struct of up to four parts. Parts with bounds set by hand are not mixed with others: what then
 * counts as the bounds of the others is a corner that implementations read differently. */
static inline void tree_draw_struct(uint64_t *state, struct recipe *r, const struct tree *parts,
                                    int n)
{
    r->combiner = MPI_COMBINER_STRUCT;
    tree_arg(r, n);
    for (int i = 0; i < n; i++)
        tree_arg(r, parts[i].marked == parts[0].marked && parts[i].n > 0 ? 1 + t_random(state, 2)
                                                                         : 0);
    for (int i = 0; i < n; i++)
        tree_arg(r, tree_place(state, 40));
}

static inline struct tree tree_wrap(uint64_t *state, const struct tree *parts, int n)
{
    struct recipe r = {MPI_COMBINER_DUP, t_random(state, 2), 0, {0}};

    if (n > 1) {
        tree_draw_struct(state, &r, parts, n);
        return tree_make(&r, parts);
    }
    switch (t_random(state, 8)) {
        case 0:
            r.combiner = MPI_COMBINER_CONTIGUOUS;
            tree_arg(&r, t_random(state, 6));
            break;
        case 1: tree_draw_resized(state, &r); break;
        case 2: break;
        case 3:
        case 4: tree_draw_indexed(state, &r); break;
        case 5: tree_draw_subarray(state, &r); break;
        case 6: tree_draw_darray(state, &r, 1 + t_random(state, TREE_DIMS), 5); break;
        default: tree_draw_vector(state, &r); break;
    }
    return tree_make(&r, parts);
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
    t = tree_wrap(state, parts, n);
    for (int i = 0; i < n; i++)
        tree_free(&parts[i]);
    /* How a struct is rounded whose lower bound is not aligned, and what the bounds of nothing are,
     * the implementations read differently too. */
    if (!t.marked && ((n > 1 && t.lb % 8 != 0) || (t.n == 0 && depth > 1)))
        tree_bound(&t);
    return t;
}

#endif

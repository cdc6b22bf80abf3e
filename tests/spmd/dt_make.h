/* dt_make.h - calls of the datatype constructors from a list of their arguments, and back from the
 * envelope. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef SPMD_DT_MAKE_H
#define SPMD_DT_MAKE_H

#include "dt_model.h"

/* The numbers of a recipe in all the widths that constructors take. */
struct widths {
    int i[TREE_ARGS];
    MPI_Aint a[TREE_ARGS];
    MPI_Count c[TREE_ARGS];
    MPI_Datatype types[TREE_BLOCKS];
};

static inline struct widths tree_widths(const struct recipe *r, const struct tree *parts)
{
    struct widths w;
    int types = r->combiner == MPI_COMBINER_STRUCT ? (int)r->a[0] : 1;

    for (int k = 0; k < r->n; k++) {
        w.i[k] = (int)r->a[k];
        w.a[k] = (MPI_Aint)r->a[k];
        w.c[k] = (MPI_Count)r->a[k];
    }
    for (int k = 0; k < types; k++)
        w.types[k] = parts[k].type;
    return w;
}

static inline void tree_call(const struct recipe *r, const struct widths *w, MPI_Datatype *type)
{
    const int *i = w->i, *l = w->i + 1;
    const MPI_Aint *a = w->a;
    MPI_Datatype old = w->types[0];
    int n = i[0], d = i[2];

    switch (r->combiner) {
        case MPI_COMBINER_DUP: MPI_Type_dup(old, type); break;
        case MPI_COMBINER_CONTIGUOUS: MPI_Type_contiguous(n, old, type); break;
        case MPI_COMBINER_VECTOR: MPI_Type_vector(n, i[1], i[2], old, type); break;
        case MPI_COMBINER_HVECTOR: MPI_Type_create_hvector(n, i[1], a[2], old, type); break;
        case MPI_COMBINER_INDEXED: MPI_Type_indexed(n, l, l + n, old, type); break;
        case MPI_COMBINER_HINDEXED: MPI_Type_create_hindexed(n, l, a + 1 + n, old, type); break;
        case MPI_COMBINER_INDEXED_BLOCK:
            MPI_Type_create_indexed_block(n, i[1], i + 2, old, type);
            break;
        case MPI_COMBINER_HINDEXED_BLOCK:
            MPI_Type_create_hindexed_block(n, i[1], a + 2, old, type);
            break;
        case MPI_COMBINER_STRUCT: MPI_Type_create_struct(n, l, a + 1 + n, w->types, type); break;
        case MPI_COMBINER_RESIZED: MPI_Type_create_resized(old, a[0], a[1], type); break;
        case MPI_COMBINER_SUBARRAY:
            MPI_Type_create_subarray(n, l, l + n, l + 2 * n, l[3 * n], old, type);
            break;
        case MPI_COMBINER_DARRAY:
            MPI_Type_create_darray(n, i[1], d, i + 3, i + 3 + d, i + 3 + 2 * d, i + 3 + 3 * d,
                                   i[3 + 4 * d], old, type);
            break;
        default: abort();
    }
}

#if MPI_VERSION >= 4
static inline void tree_call_c(const struct recipe *r, const struct widths *w, MPI_Datatype *type)
{
    const MPI_Count *c = w->c, *l = w->c + 1;
    const int *i = w->i;
    MPI_Datatype old = w->types[0];
    MPI_Count n = c[0];
    int d = i[2];

    switch (r->combiner) {
        case MPI_COMBINER_DUP: MPI_Type_dup(old, type); break;
        case MPI_COMBINER_CONTIGUOUS: MPI_Type_contiguous_c(n, old, type); break;
        case MPI_COMBINER_VECTOR: MPI_Type_vector_c(n, c[1], c[2], old, type); break;
        case MPI_COMBINER_HVECTOR: MPI_Type_create_hvector_c(n, c[1], c[2], old, type); break;
        case MPI_COMBINER_INDEXED: MPI_Type_indexed_c(n, l, l + n, old, type); break;
        case MPI_COMBINER_HINDEXED: MPI_Type_create_hindexed_c(n, l, l + n, old, type); break;
        case MPI_COMBINER_INDEXED_BLOCK:
            MPI_Type_create_indexed_block_c(n, c[1], c + 2, old, type);
            break;
        case MPI_COMBINER_HINDEXED_BLOCK:
            MPI_Type_create_hindexed_block_c(n, c[1], c + 2, old, type);
            break;
        case MPI_COMBINER_STRUCT: MPI_Type_create_struct_c(n, l, l + n, w->types, type); break;
        case MPI_COMBINER_RESIZED: MPI_Type_create_resized_c(old, c[0], c[1], type); break;
        case MPI_COMBINER_SUBARRAY:
            MPI_Type_create_subarray_c(i[0], l, l + n, l + 2 * n, (int)l[3 * n], old, type);
            break;
        case MPI_COMBINER_DARRAY:
            MPI_Type_create_darray_c(i[0], i[1], d, c + 3, i + 3 + d, i + 3 + 2 * d, i + 3 + 3 * d,
                                     i[3 + 4 * d], old, type);
            break;
        default: abort();
    }
}
#endif

/* The type of a call, and its model. */
static inline struct tree tree_make(const struct recipe *r, const struct tree *parts)
{
    struct tree t = tree_model(r, parts);
    struct widths w = tree_widths(r, parts);

#if MPI_VERSION >= 4
    if (r->large) {
        tree_call_c(r, &w, &t.type);
        return t;
    }
#endif
    tree_call(r, &w, &t.type);
    return t;
}

/* ---- from the envelope ---- */

struct contents {
    int ni, na, nl, nt, combiner;
    int i[TREE_ARGS];
    MPI_Aint a[TREE_ARGS];
    MPI_Count c[TREE_ARGS];
    MPI_Datatype types[TREE_BLOCKS];
};

static inline struct contents tree_contents(MPI_Datatype type)
{
    struct contents c;
#if MPI_VERSION >= 4
    MPI_Count ni, na, nl, nt;

    CHECK_OK(MPI_Type_get_envelope_c(type, &ni, &na, &nl, &nt, &c.combiner));
    c.ni = (int)ni, c.na = (int)na, c.nl = (int)nl, c.nt = (int)nt;
    if (c.combiner != MPI_COMBINER_NAMED)
        CHECK_OK(MPI_Type_get_contents_c(type, ni, na, nl, nt, c.i, c.a, c.c, c.types));
#else
    CHECK_OK(MPI_Type_get_envelope(type, &c.ni, &c.na, &c.nt, &c.combiner));
    c.nl = 0;
    if (c.combiner != MPI_COMBINER_NAMED)
        CHECK_OK(MPI_Type_get_contents(type, c.ni, c.na, c.nt, c.i, c.a, c.types));
#endif
    return c;
}

/* The arguments in their order. Of the large forms only those of arrays mix ints and counts. */
static inline struct recipe tree_recipe(const struct contents *c)
{
    int lead = c->combiner == MPI_COMBINER_SUBARRAY ? 1
               : c->combiner == MPI_COMBINER_DARRAY ? 3
                                                    : c->ni;
    struct recipe r = {c->combiner, c->nl > 0, 0, {0}};

    if (c->nl == 0)
        lead = c->ni;
    for (int k = 0; k < lead; k++)
        r.a[r.n++] = c->i[k];
    for (int k = 0; k < c->na; k++)
        r.a[r.n++] = c->a[k];
    for (int k = 0; k < c->nl; k++)
        r.a[r.n++] = c->c[k];
    for (int k = lead; k < c->ni; k++)
        r.a[r.n++] = c->i[k];
    return r;
}

static inline struct tree tree_leaf(MPI_Datatype type)
{
    struct tree t = tree_new(1);
    int kind = 0;

    while (kind < TREE_KINDS - 1 && tree_kind(kind) != type)
        kind++;
    CHECK(tree_kind(kind) == type, "a basic type that nobody has put in");
    MPI_Type_dup(type, &t.type);
    t.n = 1;
    t.map[0] = (struct element){kind, 0};
    t.ub = tree_kind_size(kind);
    return t;
}

/* A tree with a new type, made only from what the envelopes of a type and of those within say. */
static inline struct tree tree_again(MPI_Datatype type, int *is_basic)
{
    struct contents c = tree_contents(type);
    struct tree parts[TREE_BLOCKS] = {{MPI_DATATYPE_NULL, 0, NULL, 0, 0, 0}}, t;
    struct recipe r;

    *is_basic = c.combiner == MPI_COMBINER_NAMED || c.combiner == MPI_COMBINER_F90_REAL ||
                c.combiner == MPI_COMBINER_F90_INTEGER;
    if (*is_basic)
        return tree_leaf(type);
    for (int k = 0; k < c.nt; k++) {
        int part_is_basic;
        parts[k] = tree_again(c.types[k], &part_is_basic);
        if (!part_is_basic)
            MPI_Type_free(&c.types[k]);
    }
    r = tree_recipe(&c);
    t = tree_make(&r, parts);
    for (int k = 0; k < c.nt; k++)
        tree_free(&parts[k]);
    return t;
}

#endif

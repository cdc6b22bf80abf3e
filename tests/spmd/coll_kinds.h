/* coll_kinds.h - the datatypes and operations that the collective tests use. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef SPMD_COLL_KINDS_H
#define SPMD_COLL_KINDS_H

#include "coll.h"

/* Kinds that are moved. The signatures of all but bytes are the same number of ints. */
enum { COLL_BYTE, COLL_INT, COLL_VECTOR, COLL_RESIZED, COLL_NEGATIVE, COLL_MOVED };
/* Kinds that are reduced. */
enum { COLL_SUM, COLL_MAX, COLL_MINLOC, COLL_ORDERED, COLL_HOLES, COLL_USER, COLL_REDUCED };

/* What a sender and a receiver use. */
static const struct {
    int out, in;
} coll_pairs[] = {{COLL_BYTE, COLL_BYTE},         {COLL_INT, COLL_INT},
                  {COLL_VECTOR, COLL_VECTOR},     {COLL_RESIZED, COLL_RESIZED},
                  {COLL_NEGATIVE, COLL_NEGATIVE}, {COLL_INT, COLL_VECTOR},
                  {COLL_NEGATIVE, COLL_RESIZED},  {COLL_VECTOR, COLL_NEGATIVE}};

static struct coll_kind coll_moved[COLL_MOVED], coll_reduced[COLL_REDUCED];
static int coll_bad_types; /* calls of user functions with another datatype than the call's */

static inline uint64_t coll_number(uint64_t key, int from, MPI_Count i)
{
    return t_word(key + (uint64_t)from * 4099, (size_t)i);
}

/* ---- the items of reductions, packed ---- */

/* Small enough that no sum of ranks overflows. */
static inline void coll_make_int(void *item, uint64_t key, int from, MPI_Count i)
{
    int32_t v = (int32_t)(coll_number(key, from, i) % 2000001) - 1000000;
    memcpy(item, &v, sizeof v);
}

static inline void coll_add_int(void *left, const void *right)
{
    int32_t a, b;
    memcpy(&a, left, sizeof a);
    memcpy(&b, right, sizeof b);
    a += b;
    memcpy(left, &a, sizeof a);
}

static inline void coll_make_double(void *item, uint64_t key, int from, MPI_Count i)
{
    double v = (double)(int64_t)coll_number(key, from, i) / 1024;
    memcpy(item, &v, sizeof v);
}

static inline void coll_max_double(void *left, const void *right)
{
    double a, b;
    memcpy(&a, left, sizeof a);
    memcpy(&b, right, sizeof b);
    if (b > a)
        memcpy(left, &b, sizeof b);
}

/* A double_int: few values, so that many are equal and the index decides. */
static inline void coll_make_pair(void *item, uint64_t key, int from, MPI_Count i)
{
    uint64_t n = coll_number(key, from, i);
    double value = (double)(n % 3);
    int32_t index = (int32_t)(n >> 40) - 1000;
    memcpy(item, &value, sizeof value);
    memcpy((char *)item + sizeof value, &index, sizeof index);
}

static inline void coll_min_pair(void *left, const void *right)
{
    double a, b;
    int32_t i, k;
    memcpy(&a, left, sizeof a);
    memcpy(&b, right, sizeof b);
    memcpy(&i, (char *)left + sizeof a, sizeof i);
    memcpy(&k, (const char *)right + sizeof b, sizeof k);
    if (b < a || (b == a && k < i))
        memcpy(left, right, sizeof b + sizeof k);
}

/* A map x -> ax + b of 32-bit numbers; maps do not commute under composition. */
static inline void coll_make_map(void *item, uint64_t key, int from, MPI_Count i)
{
    uint64_t n = coll_number(key, from, i) | 1;
    memcpy(item, &n, sizeof n);
}

static inline void coll_compose(void *left, const void *right)
{
    uint32_t l[2], r[2];
    memcpy(l, left, sizeof l);
    memcpy(r, right, sizeof r);
    l[1] += l[0] * r[1];
    l[0] *= r[0];
    memcpy(left, l, sizeof l);
}

/* ---- user functions: inout = in op inout ---- */

static inline void coll_apply(const struct coll_kind *kind, unsigned char *in,
                              unsigned char *inout, MPI_Count n, MPI_Datatype type)
{
    struct coll_block b = {.kind = kind};
    MPI_Aint low = 0, extent = 0;
    int size = 0;

    MPI_Type_get_extent(type, &low, &extent);
    MPI_Type_size(type, &size);
    if (extent != kind->extent || size != (int)coll_item_bytes(kind))
        __atomic_fetch_add(&coll_bad_types, 1, __ATOMIC_RELAXED);
    for (MPI_Count i = 0; i < n; i++) {
        unsigned char left[COLL_ITEM], right[COLL_ITEM];
        for (int v = 0; v < kind->values; v++) {
            memcpy(left + v * kind->size, coll_value_at(&b, in, i, v), (size_t)kind->size);
            memcpy(right + v * kind->size, coll_value_at(&b, inout, i, v), (size_t)kind->size);
        }
        kind->combine(left, right);
        for (int v = 0; v < kind->values; v++)
            memcpy(coll_value_at(&b, inout, i, v), left + v * kind->size, (size_t)kind->size);
    }
}

static inline void coll_apply_ordered(void *in, void *inout, int *n, MPI_Datatype *type)
{
    coll_apply(&coll_reduced[COLL_ORDERED], in, inout, *n, *type);
}

static inline void coll_apply_holes(void *in, void *inout, MPI_Count *n, MPI_Datatype *type)
{
    coll_apply(&coll_reduced[COLL_HOLES], in, inout, *n, *type);
}

static inline void coll_apply_user(void *in, void *inout, int *n, MPI_Datatype *type)
{
    coll_apply(&coll_reduced[COLL_USER], in, inout, *n, *type);
}

/* ---- all of them ---- */

static inline void coll_types_start(MPI_Datatype *vector, MPI_Datatype *resized,
                                    MPI_Datatype *negative, MPI_Datatype *map)
{
    MPI_Type_vector(2, 1, 3, MPI_INT, vector);
    MPI_Type_create_resized(MPI_INT, 0, 12, resized);
    MPI_Type_create_hindexed(2, (int[]){1, 1}, (MPI_Aint[]){4, -8}, MPI_INT, negative);
    MPI_Type_contiguous(2, MPI_INT, map);
    MPI_Type_commit(vector);
    MPI_Type_commit(resized);
    MPI_Type_commit(negative);
    MPI_Type_commit(map);
}

static inline void coll_kinds_start(void)
{
    MPI_Datatype vector, resized, negative, map;
    MPI_Op ordered, holes, user;

    coll_types_start(&vector, &resized, &negative, &map);
    MPI_Op_create(coll_apply_ordered, 0, &ordered);
    MPI_Op_create_c(coll_apply_holes, 0, &holes);
    MPI_Op_create(coll_apply_user, 1, &user);
    const struct coll_kind moved[COLL_MOVED] = {
        {.name = "byte", .type = MPI_BYTE, 1, 1, {0}, 1},
        {.name = "int", .type = MPI_INT, 1, 4, {0}, 4},
        {.name = "vector", .type = vector, 2, 4, {0, 12}, 16},
        {.name = "resized", .type = resized, 1, 4, {0}, 12},
        {.name = "negative", .type = negative, 2, 4, {4, -8}, 16}};
    const struct coll_kind reduced[COLL_REDUCED] = {
        {"sum int", MPI_INT, 1, 4, {0}, 4, MPI_SUM, coll_make_int, coll_add_int},
        {"max double", MPI_DOUBLE, 1, 8, {0}, 8, MPI_MAX, coll_make_double, coll_max_double},
        {"minloc", MPI_DOUBLE_INT, 1, 12, {0}, 16, MPI_MINLOC, coll_make_pair, coll_min_pair},
        {"ordered", map, 2, 4, {0, 4}, 8, ordered, coll_make_map, coll_compose},
        {"ordered holes", negative, 2, 4, {4, -8}, 16, holes, coll_make_map, coll_compose},
        {"user sum", resized, 1, 4, {0}, 12, user, coll_make_int, coll_add_int}};
    memcpy(coll_moved, moved, sizeof moved);
    memcpy(coll_reduced, reduced, sizeof reduced);
}

static inline void coll_kinds_end(void)
{
    CHECK(coll_bad_types == 0, "%d calls of a user function with another datatype",
          coll_bad_types);
    MPI_Type_free(&coll_moved[COLL_VECTOR].type);
    MPI_Type_free(&coll_moved[COLL_RESIZED].type);
    MPI_Type_free(&coll_moved[COLL_NEGATIVE].type);
    MPI_Type_free(&coll_reduced[COLL_ORDERED].type);
    MPI_Op_free(&coll_reduced[COLL_ORDERED].op);
    MPI_Op_free(&coll_reduced[COLL_HOLES].op);
    MPI_Op_free(&coll_reduced[COLL_USER].op);
}

#endif

/* Predefined datatypes without names: made when first asked for, and never freed by the program. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdlib.h>
#include <string.h>

#include "basic_types.h"
#include "predefined.h"

static struct tri_pool pool = {.kind = TRI_DATATYPE, .size = sizeof(struct tri_datatype)};
static struct tri_datatype **known;
static int known_count;

static bool is_same(const struct tri_recipe *a, const struct tri_recipe *b)
{
    return a->combiner == b->combiner && a->integer_count == b->integer_count && a->type_count == b->type_count &&
           memcmp(a->integers, b->integers, (size_t)a->integer_count * sizeof *a->integers) == 0 &&
           memcmp(a->types, b->types, (size_t)a->type_count * sizeof *a->types) == 0;
}

struct tri_datatype *tri_datatype_unnamed(const struct tri_datatype *like, struct tri_recipe *recipe)
{
    for (int i = 0; i < known_count; i++) {
        if (is_same(known[i]->recipe, recipe)) {
            tri_recipe_free(recipe);
            return known[i];
        }
    }
    struct tri_datatype *type = tri_pool_take(&pool);
    struct tri_object object = type->object;
    *type = *like;
    type->object = object;
    type->handle = (MPI_Datatype)(void *)type;
    type->layout = tri_layout_hold(like->layout);
    type->recipe = recipe;
    type->attributes = (struct tri_attributes){0};
    *type->name = '\0';
    known = tri_memory_grow(known, (size_t)(known_count + 1) * sizeof *known);
    known[known_count++] = type;
    return type;
}

void tri_unnamed_end(void)
{
    for (int i = 0; i < known_count; i++) {
        tri_layout_release(known[i]->layout);
        tri_recipe_free(known[i]->recipe);
        tri_attributes_drop(&known[i]->attributes);
    }
    free(known);
    known = NULL;
    known_count = 0;
    tri_pool_end(&pool);
}

static struct tri_datatype *named_pair(MPI_Datatype value, MPI_Datatype index)
{
    static const struct {
        MPI_Datatype value, index, pair;
    } pairs[] = {{MPI_FLOAT, MPI_INT, MPI_FLOAT_INT},
                 {MPI_DOUBLE, MPI_INT, MPI_DOUBLE_INT},
                 {MPI_LONG, MPI_INT, MPI_LONG_INT},
                 {MPI_INT, MPI_INT, MPI_2INT},
                 {MPI_SHORT, MPI_INT, MPI_SHORT_INT},
                 {MPI_LONG_DOUBLE, MPI_INT, MPI_LONG_DOUBLE_INT},
                 {MPI_REAL, MPI_REAL, MPI_2REAL},
                 {MPI_DOUBLE_PRECISION, MPI_DOUBLE_PRECISION, MPI_2DOUBLE_PRECISION},
                 {MPI_INTEGER, MPI_INTEGER, MPI_2INTEGER}};
    for (size_t i = 0; i < TRI_COUNT_OF(pairs); i++) {
        if (pairs[i].value == value && pairs[i].index == index) {
            return tri_datatype_get(pairs[i].pair);
        }
    }
    return NULL;
}

/* The pairs that reductions know, by what value and index are to them. */
static const struct {
    uint8_t value, index;
    struct tri_predefined_row row;
} shapes[] = {
    {TRI_F32, TRI_I32, TRI_PAIR_ROW(0, struct tri_float_int, TRI_FLOAT_INT, "")},
    {TRI_F64, TRI_I32, TRI_PAIR_ROW(0, struct tri_double_int, TRI_DOUBLE_INT, "")},
    {TRI_I64, TRI_I32, TRI_PAIR_ROW(0, struct tri_long_int, TRI_LONG_INT, "")},
    {TRI_I32, TRI_I32, TRI_PAIR_ROW(0, struct tri_2int, TRI_2INT, "")},
    {TRI_I16, TRI_I32, TRI_PAIR_ROW(0, struct tri_short_int, TRI_SHORT_INT, "")},
    {TRI_FLD, TRI_I32, TRI_PAIR_ROW(0, struct tri_long_double_int, TRI_LONG_DOUBLE_INT, "")},
    {TRI_F32, TRI_I64, TRI_PAIR_ROW(0, struct tri_float_long, TRI_FLOAT_LONG, "")},
    {TRI_F64, TRI_I64, TRI_PAIR_ROW(0, struct tri_double_long, TRI_DOUBLE_LONG, "")},
    {TRI_I64, TRI_I64, TRI_PAIR_ROW(0, struct tri_long_long, TRI_LONG_LONG, "")},
    {TRI_I32, TRI_I64, TRI_PAIR_ROW(0, struct tri_int_long, TRI_INT_LONG, "")},
    {TRI_I16, TRI_I64, TRI_PAIR_ROW(0, struct tri_short_long, TRI_SHORT_LONG, "")},
    {TRI_FLD, TRI_I64, TRI_PAIR_ROW(0, struct tri_long_double_long, TRI_LONG_DOUBLE_LONG, "")},
};

struct tri_datatype *tri_datatype_pair(struct tri_datatype *value, struct tri_datatype *index)
{
    struct tri_datatype *named = named_pair(value->handle, index->handle);
    for (size_t i = 0; !named && i < TRI_COUNT_OF(shapes); i++) {
        if (shapes[i].value != value->basic || shapes[i].index != index->basic) {
            continue;
        }
        struct tri_recipe *recipe =
            tri_recipe_make(MPI_COMBINER_VALUE_INDEX, false, (struct tri_recipe_room){.types = 2});
        tri_recipe_add_type(recipe, value);
        tri_recipe_add_type(recipe, index);
        struct tri_datatype like;
        tri_predefined_fill(&like, &shapes[i].row);
        struct tri_datatype *pair = tri_datatype_unnamed(&like, recipe);
        tri_layout_release(like.layout);
        return pair;
    }
    return named;
}

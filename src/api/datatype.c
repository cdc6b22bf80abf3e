/* Datatypes: constructors but those of arrays, commit and free (MPI 5.0, 5.1). */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdlib.h>

#include "api.h"

#define CHECK_COUNT(name)                                                                                              \
    TRI_CHECK((name) >= 0, NULL, MPI_ERR_COUNT, #name " is %lld, which is negative", (long long)(name))

/* Which constructor it was, and whether MPI_X_c. */
struct form {
    int combiner;
    bool large;
};

static int give(struct tri_datatype *made, struct tri_recipe *recipe, MPI_Datatype *newtype)
{
    made->recipe = recipe;
    *newtype = made->handle;
    return MPI_SUCCESS;
}

/* The bytes of all blocks together, with their holes, and those between the blocks must be numbers. */
static int check_bytes(int64_t count, int64_t blocklength, int64_t stride, const struct tri_datatype *old)
{
    int64_t bytes, reach;
    bool fits = !__builtin_mul_overflow(count, blocklength, &bytes) &&
                !__builtin_mul_overflow(bytes, TRI_MAX(old->size, old->extent), &bytes) &&
                !__builtin_mul_overflow(count, stride, &reach);
    TRI_CHECK(fits, NULL, MPI_ERR_ARG, "%lld blocks of %lld elements are more bytes than any memory", (long long)count,
              (long long)blocklength);
    return MPI_SUCCESS;
}

TRI_API_FORM(Type_contiguous)(bool large, MPI_Count count, MPI_Datatype oldtype, MPI_Datatype *newtype)
{
    CHECK_COUNT(count);
    TRI_TAKE_TYPE(old, NULL, oldtype);
    TRI_CHECK_POINTER(NULL, newtype);
    int code = check_bytes(1, count, 0, old);
    if (code != MPI_SUCCESS) {
        return code;
    }
    struct tri_recipe_room room = {.counts = 1, .types = 1};
    struct tri_recipe *recipe = tri_recipe_make(MPI_COMBINER_CONTIGUOUS, large, room);
    tri_recipe_add_count(recipe, count);
    tri_recipe_add_type(recipe, old);
    return give(tri_datatype_contiguous(count, old), recipe, newtype);
}

static int make_vector(struct form form, MPI_Count count, MPI_Count blocklength, MPI_Count stride,
                       MPI_Datatype oldtype, MPI_Datatype *newtype)
{
    CHECK_COUNT(count);
    CHECK_COUNT(blocklength);
    TRI_TAKE_TYPE(old, NULL, oldtype);
    TRI_CHECK_POINTER(NULL, newtype);
    bool in_elements = form.combiner == MPI_COMBINER_VECTOR;
    int64_t step = stride;
    TRI_CHECK(!in_elements || !__builtin_mul_overflow(stride, old->extent, &step), NULL, MPI_ERR_ARG,
              "stride is %lld, which is more bytes than any memory", (long long)stride);
    int code = check_bytes(count, blocklength, step, old);
    if (code != MPI_SUCCESS) {
        return code;
    }
    struct tri_recipe_room room = {.counts = 2 + in_elements, .addresses = !in_elements, .types = 1};
    struct tri_recipe *recipe = tri_recipe_make(form.combiner, form.large, room);
    tri_recipe_add_count(recipe, count);
    tri_recipe_add_count(recipe, blocklength);
    (in_elements ? tri_recipe_add_count : tri_recipe_add_address)(recipe, stride);
    tri_recipe_add_type(recipe, old);
    return give(tri_datatype_hvector(count, blocklength, step, old), recipe, newtype);
}

TRI_API_FORM(Type_vector)(bool large, MPI_Count count, MPI_Count blocklength, MPI_Count stride, MPI_Datatype oldtype,
                          MPI_Datatype *newtype)
{
    return make_vector((struct form){MPI_COMBINER_VECTOR, large}, count, blocklength, stride, oldtype, newtype);
}

TRI_API_FORM(Type_create_hvector)(bool large, MPI_Count count, MPI_Count blocklength, MPI_Count stride,
                                  MPI_Datatype oldtype, MPI_Datatype *newtype)
{
    return make_vector((struct form){MPI_COMBINER_HVECTOR, large}, count, blocklength, stride, oldtype, newtype);
}

/* The arguments of the constructors with displacements, brought into one form. */
struct blocks {
    int64_t count;
    int64_t *lengths, *displacements; /* in elements; in bytes */
    struct tri_datatype **types;
};

static struct blocks take_blocks(int64_t count)
{
    size_t n = (size_t)TRI_MAX(count, 1);
    return (struct blocks){count, tri_memory_take(n * sizeof(int64_t)), tri_memory_take(n * sizeof(int64_t)),
                           tri_memory_take(n * sizeof(struct tri_datatype *))};
}

static void give_blocks(struct blocks *blocks)
{
    free(blocks->lengths);
    free(blocks->displacements);
    free(blocks->types);
}

/* The four constructors of blocks of one type: each with a length of its own, or all of the same. */
struct indexed {
    struct form form;
    MPI_Count count;
    tri_counts lengths;
    MPI_Count length;
    tri_counts displacements;
};

static bool is_block(const struct indexed *given)
{
    return given->form.combiner == MPI_COMBINER_INDEXED_BLOCK || given->form.combiner == MPI_COMBINER_HINDEXED_BLOCK;
}

static bool in_elements(const struct indexed *given)
{
    return given->form.combiner == MPI_COMBINER_INDEXED || given->form.combiner == MPI_COMBINER_INDEXED_BLOCK;
}

static struct tri_recipe *indexed_recipe(const struct indexed *given, struct tri_datatype *old)
{
    int64_t n = given->count, own = in_elements(given) ? n : 0;
    struct tri_recipe_room room = {
        .counts = 1 + (is_block(given) ? 1 : n) + own, .addresses = n - own, .types = 1};
    struct tri_recipe *recipe = tri_recipe_make(given->form.combiner, given->form.large, room);
    tri_recipe_add_count(recipe, n);
    for (int64_t i = 0; !is_block(given) && i < n; i++) {
        tri_recipe_add_count(recipe, tri_counts_at(given->lengths, (size_t)i));
    }
    if (is_block(given)) {
        tri_recipe_add_count(recipe, given->length);
    }
    for (int64_t i = 0; i < n; i++) {
        (own ? tri_recipe_add_count : tri_recipe_add_address)(recipe, tri_counts_at(given->displacements, (size_t)i));
    }
    tri_recipe_add_type(recipe, old);
    return recipe;
}

static int make_indexed(struct indexed given, MPI_Datatype oldtype, MPI_Datatype *newtype)
{
    MPI_Count count = given.count;
    CHECK_COUNT(count);
    TRI_TAKE_TYPE(old, NULL, oldtype);
    TRI_CHECK_POINTER(NULL, newtype);
    TRI_CHECK(count == 0 || is_block(&given) || given.lengths.base, NULL, MPI_ERR_ARG,
              "the array of block lengths is NULL");
    TRI_CHECK(count == 0 || given.displacements.base, NULL, MPI_ERR_ARG, "the array of displacements is NULL");
    TRI_CHECK(given.length >= 0, NULL, MPI_ERR_ARG, "blocklength is %lld, which is negative", (long long)given.length);
    int64_t unit = in_elements(&given) ? old->extent : 1;
    struct blocks blocks = take_blocks(count);
    for (int64_t i = 0; i < count; i++) {
        blocks.lengths[i] = is_block(&given) ? given.length : tri_counts_at(given.lengths, (size_t)i);
        blocks.displacements[i] = tri_counts_at(given.displacements, (size_t)i) * unit;
        blocks.types[i] = old;
        if (blocks.lengths[i] < 0) {
            long long wrong = (long long)blocks.lengths[i];
            give_blocks(&blocks);
            return tri_error(NULL, MPI_ERR_ARG, "block length %lld is %lld, which is negative", (long long)i, wrong);
        }
    }
    struct tri_datatype *made = tri_datatype_blocks(count, blocks.lengths, blocks.displacements, blocks.types, false);
    give_blocks(&blocks);
    return give(made, indexed_recipe(&given, old), newtype);
}

TRI_API_FORM(Type_indexed)(bool large, MPI_Count count, tri_counts array_of_blocklengths,
                           tri_counts array_of_displacements, MPI_Datatype oldtype, MPI_Datatype *newtype)
{
    struct indexed given = {{MPI_COMBINER_INDEXED, large}, count, array_of_blocklengths, 0, array_of_displacements};
    return make_indexed(given, oldtype, newtype);
}

TRI_API_FORM(Type_create_hindexed)(bool large, MPI_Count count, tri_counts array_of_blocklengths,
                                   tri_counts array_of_displacements, MPI_Datatype oldtype, MPI_Datatype *newtype)
{
    struct indexed given = {{MPI_COMBINER_HINDEXED, large}, count, array_of_blocklengths, 0, array_of_displacements};
    return make_indexed(given, oldtype, newtype);
}

static const tri_counts no_counts = {NULL, 0};

TRI_API_FORM(Type_create_indexed_block)(bool large, MPI_Count count, MPI_Count blocklength,
                                        tri_counts array_of_displacements, MPI_Datatype oldtype, MPI_Datatype *newtype)
{
    struct indexed given = {
        {MPI_COMBINER_INDEXED_BLOCK, large}, count, no_counts, blocklength, array_of_displacements};
    return make_indexed(given, oldtype, newtype);
}

TRI_API_FORM(Type_create_hindexed_block)(bool large, MPI_Count count, MPI_Count blocklength,
                                         tri_counts array_of_displacements, MPI_Datatype oldtype, MPI_Datatype *newtype)
{
    struct indexed given = {
        {MPI_COMBINER_HINDEXED_BLOCK, large}, count, no_counts, blocklength, array_of_displacements};
    return make_indexed(given, oldtype, newtype);
}

static struct tri_recipe *struct_recipe(bool large, const struct blocks *blocks)
{
    struct tri_recipe_room room = {.counts = 1 + blocks->count, .addresses = blocks->count, .types = blocks->count};
    struct tri_recipe *recipe = tri_recipe_make(MPI_COMBINER_STRUCT, large, room);
    tri_recipe_add_count(recipe, blocks->count);
    for (int64_t i = 0; i < blocks->count; i++) {
        tri_recipe_add_count(recipe, blocks->lengths[i]);
    }
    for (int64_t i = 0; i < blocks->count; i++) {
        tri_recipe_add_address(recipe, blocks->displacements[i]);
        tri_recipe_add_type(recipe, blocks->types[i]);
    }
    return recipe;
}

TRI_API_FORM(Type_create_struct)(bool large, MPI_Count count, tri_counts array_of_blocklengths,
                                 tri_counts array_of_displacements, const MPI_Datatype array_of_types[],
                                 MPI_Datatype *newtype)
{
    CHECK_COUNT(count);
    TRI_CHECK_POINTER(NULL, newtype);
    TRI_CHECK(count == 0 || (array_of_blocklengths.base && array_of_displacements.base && array_of_types), NULL,
              MPI_ERR_ARG, "an array of blocks is NULL");
    struct blocks blocks = take_blocks(count);
    for (int64_t i = 0; i < count; i++) {
        blocks.lengths[i] = tri_counts_at(array_of_blocklengths, (size_t)i);
        blocks.displacements[i] = tri_counts_at(array_of_displacements, (size_t)i);
        blocks.types[i] = tri_datatype_get(array_of_types[i]);
        if (!blocks.types[i] || blocks.lengths[i] < 0) {
            bool bad_type = !blocks.types[i];
            give_blocks(&blocks);
            return bad_type ? tri_api_bad_type(NULL, array_of_types[i])
                            : tri_error(NULL, MPI_ERR_ARG, "block length %lld is negative", (long long)i);
        }
    }
    struct tri_datatype *made = tri_datatype_blocks(count, blocks.lengths, blocks.displacements, blocks.types, true);
    struct tri_recipe *recipe = struct_recipe(large, &blocks);
    give_blocks(&blocks);
    return give(made, recipe, newtype);
}

TRI_API_FORM(Type_create_resized)
(bool large, MPI_Datatype oldtype, MPI_Count lb, MPI_Count extent, MPI_Datatype *newtype)
{
    TRI_TAKE_TYPE(old, NULL, oldtype);
    TRI_CHECK_POINTER(NULL, newtype);
    struct tri_recipe_room room = {.addresses = 2, .types = 1};
    struct tri_recipe *recipe = tri_recipe_make(MPI_COMBINER_RESIZED, large, room);
    tri_recipe_add_address(recipe, lb);
    tri_recipe_add_address(recipe, extent);
    tri_recipe_add_type(recipe, old);
    return give(tri_datatype_resized(old, lb, extent), recipe, newtype);
}

TRI_API(Type_dup)(MPI_Datatype oldtype, MPI_Datatype *newtype)
{
    TRI_TAKE_TYPE(old, NULL, oldtype);
    TRI_CHECK_POINTER(NULL, newtype);
    const char *function = tri_errhandler_function;
    struct tri_datatype *made = tri_datatype_dup(old);
    int code = tri_attributes_copy(&old->attributes, old->handle, &made->attributes, made->handle);
    if (code != MPI_SUCCESS) {
        tri_datatype_release(made);
        return tri_error_of_callback(NULL, function, code, "copy");
    }
    struct tri_recipe *recipe = tri_recipe_make(MPI_COMBINER_DUP, false, (struct tri_recipe_room){.types = 1});
    tri_recipe_add_type(recipe, old);
    return give(made, recipe, newtype);
}

TRI_API(Type_commit)(MPI_Datatype *datatype)
{
    TRI_CHECK_POINTER(NULL, datatype);
    TRI_TAKE_TYPE(type, NULL, *datatype);
    type->committed = true;
    return MPI_SUCCESS;
}

TRI_API(Type_free)(MPI_Datatype *datatype)
{
    TRI_CHECK_POINTER(NULL, datatype);
    TRI_TAKE_TYPE(type, NULL, *datatype);
    TRI_CHECK(!type->predefined, NULL, MPI_ERR_TYPE, "%s is predefined and can not be freed", tri_datatype_name(type));
    if (type->more_handles > 0) {
        type->more_handles--;
    } else {
        const char *function = tri_errhandler_function;
        int code = tri_attributes_delete(&type->attributes, type->handle);
        if (code != MPI_SUCCESS) {
            return tri_error_of_callback(NULL, function, code, "delete");
        }
    }
    tri_datatype_release(type);
    *datatype = MPI_DATATYPE_NULL;
    return MPI_SUCCESS;
}

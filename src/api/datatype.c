/* Datatypes: constructors and inquiry (MPI 5.0, 5.1, 7.8). */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdio.h>
#include <stdlib.h>

#include "api.h"

#define CHECK_COUNT(name) TRI_CHECK((name) >= 0, NULL, MPI_ERR_COUNT, #name " is %lld, which is negative", (long long)(name))

static int give(const struct tri_datatype *made, MPI_Datatype *newtype)
{
    *newtype = made->handle;
    return MPI_SUCCESS;
}

TRI_API(Type_contiguous)(MPI_Count count, MPI_Datatype oldtype, MPI_Datatype *newtype)
{
    CHECK_COUNT(count);
    TRI_TAKE_TYPE(old, NULL, oldtype);
    TRI_CHECK_POINTER(NULL, newtype);
    return give(tri_datatype_contiguous(count, old), newtype);
}

static int make_vector(MPI_Count count, MPI_Count blocklength, MPI_Count stride, bool in_elements, MPI_Datatype oldtype,
                       MPI_Datatype *newtype)
{
    CHECK_COUNT(count);
    CHECK_COUNT(blocklength);
    TRI_TAKE_TYPE(old, NULL, oldtype);
    TRI_CHECK_POINTER(NULL, newtype);
    return give(tri_datatype_hvector(count, blocklength, in_elements ? stride * old->extent : stride, old), newtype);
}

TRI_API(Type_vector)(MPI_Count count, MPI_Count blocklength, MPI_Count stride, MPI_Datatype oldtype,
                     MPI_Datatype *newtype)
{
    return make_vector(count, blocklength, stride, true, oldtype, newtype);
}

TRI_API(Type_create_hvector)(MPI_Count count, MPI_Count blocklength, MPI_Count stride, MPI_Datatype oldtype,
                             MPI_Datatype *newtype)
{
    return make_vector(count, blocklength, stride, false, oldtype, newtype);
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

/* lengths.base NULL: all blocks have that length. unit: bytes of one displacement. */
static int make_indexed(MPI_Count count, tri_counts lengths, MPI_Count length, tri_counts displacements,
                        bool in_elements, MPI_Datatype oldtype, MPI_Datatype *newtype)
{
    CHECK_COUNT(count);
    TRI_TAKE_TYPE(old, NULL, oldtype);
    TRI_CHECK_POINTER(NULL, newtype);
    TRI_CHECK(count == 0 || displacements.base, NULL, MPI_ERR_ARG, "the array of displacements is NULL");
    int64_t unit = in_elements ? old->extent : 1;
    struct blocks blocks = take_blocks(count);
    for (int64_t i = 0; i < count; i++) {
        blocks.lengths[i] = lengths.base ? tri_counts_at(lengths, (size_t)i) : length;
        blocks.displacements[i] = tri_counts_at(displacements, (size_t)i) * unit;
        blocks.types[i] = old;
        if (blocks.lengths[i] < 0) {
            long long wrong = (long long)blocks.lengths[i];
            give_blocks(&blocks);
            return tri_error(NULL, MPI_ERR_ARG, "block length %lld is %lld, which is negative", (long long)i, wrong);
        }
    }
    int code = give(tri_datatype_blocks(count, blocks.lengths, blocks.displacements, blocks.types, false), newtype);
    give_blocks(&blocks);
    return code;
}

static const tri_counts no_counts = {NULL, 0};

TRI_API(Type_indexed)(MPI_Count count, tri_counts array_of_blocklengths, tri_counts array_of_displacements,
                      MPI_Datatype oldtype, MPI_Datatype *newtype)
{
    TRI_CHECK(count <= 0 || array_of_blocklengths.base, NULL, MPI_ERR_ARG, "the array of block lengths is NULL");
    return make_indexed(count, array_of_blocklengths, 0, array_of_displacements, true, oldtype, newtype);
}

TRI_API(Type_create_hindexed)(MPI_Count count, tri_counts array_of_blocklengths, tri_counts array_of_displacements,
                              MPI_Datatype oldtype, MPI_Datatype *newtype)
{
    TRI_CHECK(count <= 0 || array_of_blocklengths.base, NULL, MPI_ERR_ARG, "the array of block lengths is NULL");
    return make_indexed(count, array_of_blocklengths, 0, array_of_displacements, false, oldtype, newtype);
}

TRI_API(Type_create_indexed_block)(MPI_Count count, MPI_Count blocklength, tri_counts array_of_displacements,
                                   MPI_Datatype oldtype, MPI_Datatype *newtype)
{
    return make_indexed(count, no_counts, blocklength, array_of_displacements, true, oldtype, newtype);
}

TRI_API(Type_create_hindexed_block)(MPI_Count count, MPI_Count blocklength, tri_counts array_of_displacements,
                                    MPI_Datatype oldtype, MPI_Datatype *newtype)
{
    return make_indexed(count, no_counts, blocklength, array_of_displacements, false, oldtype, newtype);
}

TRI_API(Type_create_struct)(MPI_Count count, tri_counts array_of_blocklengths, tri_counts array_of_displacements,
                            const MPI_Datatype array_of_types[], MPI_Datatype *newtype)
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
    int code = give(tri_datatype_blocks(count, blocks.lengths, blocks.displacements, blocks.types, true), newtype);
    give_blocks(&blocks);
    return code;
}

TRI_API(Type_create_resized)(MPI_Datatype oldtype, MPI_Count lb, MPI_Count extent, MPI_Datatype *newtype)
{
    TRI_TAKE_TYPE(old, NULL, oldtype);
    TRI_CHECK_POINTER(NULL, newtype);
    return give(tri_datatype_resized(old, lb, extent), newtype);
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
    return give(made, newtype);
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

static int get_size(MPI_Datatype datatype, MPI_Count *size)
{
    TRI_TAKE_TYPE(type, NULL, datatype);
    TRI_CHECK_POINTER(NULL, size);
    *size = type->size;
    return MPI_SUCCESS;
}

TRI_API(Type_size)(MPI_Datatype datatype, MPI_Count *size)
{
    return get_size(datatype, size);
}

TRI_API(Type_size_x)(MPI_Datatype datatype, MPI_Count *size)
{
    return get_size(datatype, size);
}

static int get_extent(MPI_Datatype datatype, MPI_Count *lb, MPI_Count *extent, bool true_ones)
{
    TRI_TAKE_TYPE(type, NULL, datatype);
    TRI_CHECK_POINTER(NULL, lb);
    TRI_CHECK_POINTER(NULL, extent);
    *lb = true_ones ? type->true_lb : type->lb;
    *extent = true_ones ? type->true_ub - type->true_lb : type->extent;
    return MPI_SUCCESS;
}

TRI_API(Type_get_extent)(MPI_Datatype datatype, MPI_Count *lb, MPI_Count *extent)
{
    return get_extent(datatype, lb, extent, false);
}

TRI_API(Type_get_extent_x)(MPI_Datatype datatype, MPI_Count *lb, MPI_Count *extent)
{
    return get_extent(datatype, lb, extent, false);
}

TRI_API(Type_get_true_extent)(MPI_Datatype datatype, MPI_Count *true_lb, MPI_Count *true_extent)
{
    return get_extent(datatype, true_lb, true_extent, true);
}

TRI_API(Type_get_true_extent_x)(MPI_Datatype datatype, MPI_Count *true_lb, MPI_Count *true_extent)
{
    return get_extent(datatype, true_lb, true_extent, true);
}

TRI_API(Type_set_name)(MPI_Datatype datatype, const char *type_name)
{
    TRI_TAKE_TYPE(type, NULL, datatype);
    TRI_CHECK_POINTER(NULL, type_name);
    snprintf(type->name, sizeof type->name, "%s", type_name);
    return MPI_SUCCESS;
}

TRI_API(Type_get_name)(MPI_Datatype datatype, char *type_name, int *resultlen)
{
    TRI_TAKE_TYPE(type, NULL, datatype);
    TRI_CHECK_POINTER(NULL, type_name);
    TRI_CHECK_POINTER(NULL, resultlen);
    *resultlen = snprintf(type_name, MPI_MAX_OBJECT_NAME, "%s", type->name);
    return MPI_SUCCESS;
}

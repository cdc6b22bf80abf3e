/* Datatypes: what is asked of them: size, bounds, name, how they were made (MPI 5.0, 5.1, 7.8). */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdio.h>
#include <string.h>

#include "api.h"

static int get_size(MPI_Datatype datatype, MPI_Count *size)
{
    TRI_TAKE_TYPE(type, NULL, datatype);
    TRI_CHECK_POINTER(NULL, size);
    *size = type->size;
    return MPI_SUCCESS;
}

TRI_API_PURE(Type_size)(MPI_Datatype datatype, MPI_Count *size)
{
    return get_size(datatype, size);
}

TRI_API_PURE(Type_size_x)(MPI_Datatype datatype, MPI_Count *size)
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

TRI_API_PURE(Type_get_extent)(MPI_Datatype datatype, MPI_Count *lb, MPI_Count *extent)
{
    return get_extent(datatype, lb, extent, false);
}

TRI_API_PURE(Type_get_extent_x)(MPI_Datatype datatype, MPI_Count *lb, MPI_Count *extent)
{
    return get_extent(datatype, lb, extent, false);
}

TRI_API_PURE(Type_get_true_extent)(MPI_Datatype datatype, MPI_Count *true_lb, MPI_Count *true_extent)
{
    return get_extent(datatype, true_lb, true_extent, true);
}

TRI_API_PURE(Type_get_true_extent_x)(MPI_Datatype datatype, MPI_Count *true_lb, MPI_Count *true_extent)
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

/* MPI_DATATYPE_NULL has its name too (MPI 5.0, 7.8). */
TRI_API(Type_get_name)(MPI_Datatype datatype, char *type_name, int *resultlen)
{
    TRI_CHECK_POINTER(NULL, type_name);
    TRI_CHECK_POINTER(NULL, resultlen);
    const char *name = "MPI_DATATYPE_NULL";
    if (datatype != MPI_DATATYPE_NULL) {
        TRI_TAKE_TYPE(type, NULL, datatype);
        name = type->name;
    }
    *resultlen = snprintf(type_name, MPI_MAX_OBJECT_NAME, "%s", name);
    return MPI_SUCCESS;
}

/* A type made with large counts has no answer in ints. */
static int check_form(const struct tri_datatype *type)
{
    TRI_CHECK(!type->recipe || !type->recipe->large, NULL, MPI_ERR_TYPE,
              "%s was made by a constructor with large counts: ask with the function whose name ends in _c",
              tri_datatype_name(type));
    return MPI_SUCCESS;
}

TRI_API(Type_get_envelope)(MPI_Datatype datatype, int *num_integers, int *num_addresses, int *num_datatypes,
                           int *combiner)
{
    TRI_TAKE_TYPE(type, NULL, datatype);
    TRI_CHECK_POINTER(NULL, num_integers);
    TRI_CHECK_POINTER(NULL, num_addresses);
    TRI_CHECK_POINTER(NULL, num_datatypes);
    TRI_CHECK_POINTER(NULL, combiner);
    int code = check_form(type);
    if (code == MPI_SUCCESS) {
        const struct tri_recipe *recipe = type->recipe;
        *num_integers = recipe ? (int)recipe->integer_count : 0;
        *num_addresses = recipe ? (int)recipe->address_count : 0;
        *num_datatypes = recipe ? (int)recipe->type_count : 0;
        *combiner = recipe ? recipe->combiner : MPI_COMBINER_NAMED;
    }
    return code;
}

TRI_API(Type_get_envelope_c)(MPI_Datatype datatype, MPI_Count *num_integers, MPI_Count *num_addresses,
                             MPI_Count *num_large_counts, MPI_Count *num_datatypes, int *combiner)
{
    TRI_TAKE_TYPE(type, NULL, datatype);
    TRI_CHECK_POINTER(NULL, num_integers);
    TRI_CHECK_POINTER(NULL, num_addresses);
    TRI_CHECK_POINTER(NULL, num_large_counts);
    TRI_CHECK_POINTER(NULL, num_datatypes);
    TRI_CHECK_POINTER(NULL, combiner);
    const struct tri_recipe *recipe = type->recipe;
    *num_integers = recipe ? recipe->integer_count : 0;
    *num_addresses = recipe ? recipe->address_count : 0;
    *num_large_counts = recipe ? recipe->large_count_count : 0;
    *num_datatypes = recipe ? recipe->type_count : 0;
    *combiner = recipe ? recipe->combiner : MPI_COMBINER_NAMED;
    return MPI_SUCCESS;
}

/* Copies one array of the contents. */
static int give_array(const char *what, MPI_Count room, void *array, int64_t count, const void *values, size_t size)
{
    TRI_CHECK(room >= count, NULL, MPI_ERR_ARG, "max_%s is %lld, but the type has %lld (MPI_Type_get_envelope)", what,
              (long long)room, (long long)count);
    TRI_CHECK(array || count == 0, NULL, MPI_ERR_ARG, "array_of_%s is NULL, but the type has %lld", what,
              (long long)count);
    if (count > 0) {
        memcpy(array, values, (size_t)count * size);
    }
    return MPI_SUCCESS;
}

/* Predefined types come as they are; a derived one is a reference that the caller frees. */
static int give_types(const struct tri_recipe *recipe, MPI_Count room, MPI_Datatype *array)
{
    int code = give_array("datatypes", room, array, recipe->type_count, recipe->types, sizeof *array);
    for (int64_t i = 0; code == MPI_SUCCESS && i < recipe->type_count; i++) {
        tri_datatype_hold(recipe->types[i]);
        recipe->types[i]->more_handles += !recipe->types[i]->predefined;
        array[i] = recipe->types[i]->handle;
    }
    return code;
}

static int check_derived(const struct tri_datatype *type)
{
    TRI_CHECK(type->recipe, NULL, MPI_ERR_TYPE, "%s is a named predefined type: it has no contents",
              tri_datatype_name(type));
    return MPI_SUCCESS;
}

TRI_API(Type_get_contents)(MPI_Datatype datatype, int max_integers, int max_addresses, int max_datatypes,
                           int array_of_integers[], MPI_Aint array_of_addresses[], MPI_Datatype array_of_datatypes[])
{
    TRI_TAKE_TYPE(type, NULL, datatype);
    int code = check_form(type);
    if (code == MPI_SUCCESS) {
        code = tri_api_Type_get_contents_c(datatype, max_integers, max_addresses, 0, max_datatypes, array_of_integers,
                                           array_of_addresses, NULL, array_of_datatypes);
    }
    return code;
}

TRI_API(Type_get_contents_c)(MPI_Datatype datatype, MPI_Count max_integers, MPI_Count max_addresses,
                             MPI_Count max_large_counts, MPI_Count max_datatypes, int array_of_integers[],
                             MPI_Aint array_of_addresses[], MPI_Count array_of_large_counts[],
                             MPI_Datatype array_of_datatypes[])
{
    TRI_TAKE_TYPE(type, NULL, datatype);
    const struct tri_recipe *recipe = type->recipe;
    int code = check_derived(type);
    if (code == MPI_SUCCESS) {
        code = give_array("integers", max_integers, array_of_integers, recipe->integer_count, recipe->integers,
                          sizeof(int));
    }
    if (code == MPI_SUCCESS) {
        code = give_array("addresses", max_addresses, array_of_addresses, recipe->address_count, recipe->addresses,
                          sizeof(MPI_Aint));
    }
    if (code == MPI_SUCCESS) {
        code = give_array("large_counts", max_large_counts, array_of_large_counts, recipe->large_count_count,
                          recipe->large_counts, sizeof(MPI_Count));
    }
    return code == MPI_SUCCESS ? give_types(recipe, max_datatypes, array_of_datatypes) : code;
}

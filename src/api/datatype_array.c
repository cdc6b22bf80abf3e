/* Datatypes of parts of arrays: MPI_Type_create_subarray and MPI_Type_create_darray (MPI 5.0, 5.1.3, 5.1.4). */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdlib.h>

#include "api.h"

/* The bytes of the whole array must be a number. */
static int check_extent(int ndims, tri_counts sizes, const struct tri_datatype *old)
{
    int64_t bytes = old->extent;
    for (int i = 0; i < ndims; i++) {
        TRI_CHECK(!__builtin_mul_overflow(bytes, tri_counts_at(sizes, (size_t)i), &bytes), NULL, MPI_ERR_ARG,
                  "the whole array has more bytes than any memory");
    }
    return MPI_SUCCESS;
}

static int check_shape(int ndims, tri_counts sizes, const char *array, int order)
{
    TRI_CHECK(ndims > 0, NULL, MPI_ERR_DIMS, "ndims is %d, but must be 1 or more", ndims);
    TRI_CHECK(sizes.base, NULL, MPI_ERR_ARG, "%s is NULL", array);
    TRI_CHECK(order == MPI_ORDER_C || order == MPI_ORDER_FORTRAN, NULL, MPI_ERR_ARG,
              "order is %d, but must be MPI_ORDER_C or MPI_ORDER_FORTRAN", order);
    for (int i = 0; i < ndims; i++) {
        int64_t size = tri_counts_at(sizes, (size_t)i);
        TRI_CHECK(size > 0, NULL, MPI_ERR_ARG, "%s[%d] is %lld, but must be 1 or more", array, i, (long long)size);
    }
    return MPI_SUCCESS;
}

/* Makes the type; slices is in the order of the dimensions of the arguments and is freed. */
static int give_array(int ndims, int order, struct tri_slice *slices, struct tri_datatype *old,
                      struct tri_recipe *recipe, MPI_Datatype *newtype)
{
    /* In Fortran's order the first index runs fastest. */
    for (int low = 0, high = ndims - 1; order == MPI_ORDER_FORTRAN && low < high; low++, high--) {
        struct tri_slice slice = slices[low];
        slices[low] = slices[high];
        slices[high] = slice;
    }
    struct tri_datatype *made = tri_datatype_array(ndims, slices, old);
    free(slices);
    made->recipe = recipe;
    *newtype = made->handle;
    return MPI_SUCCESS;
}

static int check_part(int ndims, tri_counts sizes, tri_counts subsizes, tri_counts starts)
{
    TRI_CHECK(subsizes.base, NULL, MPI_ERR_ARG, "array_of_subsizes is NULL");
    TRI_CHECK(starts.base, NULL, MPI_ERR_ARG, "array_of_starts is NULL");
    for (int i = 0; i < ndims; i++) {
        long long size = tri_counts_at(sizes, (size_t)i), subsize = tri_counts_at(subsizes, (size_t)i);
        long long start = tri_counts_at(starts, (size_t)i);
        TRI_CHECK(subsize >= 1 && subsize <= size, NULL, MPI_ERR_ARG,
                  "array_of_subsizes[%d] is %lld, but must be 1 to the array's size of %lld", i, subsize, size);
        TRI_CHECK(start >= 0 && start <= size - subsize, NULL, MPI_ERR_ARG,
                  "array_of_starts[%d] is %lld, but must be 0 to %lld (size %lld less subsize %lld)", i, start,
                  size - subsize, size, subsize);
    }
    return MPI_SUCCESS;
}

static void add_counts(struct tri_recipe *recipe, int n, tri_counts counts)
{
    for (int i = 0; i < n; i++) {
        tri_recipe_add_count(recipe, tri_counts_at(counts, (size_t)i));
    }
}

static void add_integers(struct tri_recipe *recipe, int n, const int *values)
{
    for (int i = 0; i < n; i++) {
        tri_recipe_add_integer(recipe, values[i]);
    }
}

TRI_API_FORM(Type_create_subarray)(bool large, int ndims, tri_counts array_of_sizes, tri_counts array_of_subsizes,
                                   tri_counts array_of_starts, int order, MPI_Datatype oldtype, MPI_Datatype *newtype)
{
    TRI_TAKE_TYPE(old, NULL, oldtype);
    TRI_CHECK_POINTER(NULL, newtype);
    int code = check_shape(ndims, array_of_sizes, "array_of_sizes", order);
    code = code == MPI_SUCCESS ? check_part(ndims, array_of_sizes, array_of_subsizes, array_of_starts) : code;
    code = code == MPI_SUCCESS ? check_extent(ndims, array_of_sizes, old) : code;
    if (code != MPI_SUCCESS) {
        return code;
    }
    struct tri_slice *slices = tri_memory_take((size_t)ndims * sizeof *slices);
    for (int i = 0; i < ndims; i++) {
        slices[i] = (struct tri_slice){.size = tri_counts_at(array_of_sizes, (size_t)i),
                                       .first = tri_counts_at(array_of_starts, (size_t)i),
                                       .block = tri_counts_at(array_of_subsizes, (size_t)i),
                                       .count = 1};
    }
    struct tri_recipe_room room = {.integers = 2, .counts = 3 * (int64_t)ndims, .types = 1};
    struct tri_recipe *recipe = tri_recipe_make(MPI_COMBINER_SUBARRAY, large, room);
    tri_recipe_add_integer(recipe, ndims);
    add_counts(recipe, ndims, array_of_sizes);
    add_counts(recipe, ndims, array_of_subsizes);
    add_counts(recipe, ndims, array_of_starts);
    tri_recipe_add_integer(recipe, order);
    tri_recipe_add_type(recipe, old);
    return give_array(ndims, order, slices, old, recipe, newtype);
}

/* The arguments of MPI_Type_create_darray. */
struct darray {
    int size, rank, ndims;
    tri_counts gsizes;
    const int *distribs, *dargs, *psizes;
    int order;
};

static int check_grid(const struct darray *given)
{
    TRI_CHECK(given->size > 0, NULL, MPI_ERR_ARG, "size is %d, but must be 1 or more", given->size);
    TRI_CHECK(given->rank >= 0 && given->rank < given->size, NULL, MPI_ERR_ARG,
              "rank is %d, but must be 0 to %d (size - 1)", given->rank, given->size - 1);
    TRI_CHECK(given->distribs, NULL, MPI_ERR_ARG, "array_of_distribs is NULL");
    TRI_CHECK(given->dargs, NULL, MPI_ERR_ARG, "array_of_dargs is NULL");
    TRI_CHECK(given->psizes, NULL, MPI_ERR_ARG, "array_of_psizes is NULL");
    int64_t processes = 1;
    for (int i = 0; i < given->ndims; i++) {
        TRI_CHECK(given->psizes[i] > 0, NULL, MPI_ERR_ARG, "array_of_psizes[%d] is %d, but must be 1 or more", i,
                  given->psizes[i]);
        processes *= given->psizes[i];
        TRI_CHECK(processes <= given->size, NULL, MPI_ERR_ARG,
                  "the grid of array_of_psizes has more than size (%d) processes", given->size);
    }
    TRI_CHECK(processes == given->size, NULL, MPI_ERR_ARG,
              "the grid of array_of_psizes has %lld processes, but size is %d", (long long)processes, given->size);
    return MPI_SUCCESS;
}

static int check_distribution(const struct darray *given, int i)
{
    int distrib = given->distribs[i], darg = given->dargs[i], psize = given->psizes[i];
    int64_t gsize = tri_counts_at(given->gsizes, (size_t)i);
    if (distrib == MPI_DISTRIBUTE_NONE) {
        TRI_CHECK(psize == 1, NULL, MPI_ERR_ARG,
                  "array_of_psizes[%d] is %d, but must be 1 with MPI_DISTRIBUTE_NONE", i, psize);
        return MPI_SUCCESS;
    }
    TRI_CHECK(distrib == MPI_DISTRIBUTE_BLOCK || distrib == MPI_DISTRIBUTE_CYCLIC, NULL, MPI_ERR_ARG,
              "array_of_distribs[%d] is %d, which is none of MPI_DISTRIBUTE_BLOCK, _CYCLIC and _NONE", i, distrib);
    if (darg == MPI_DISTRIBUTE_DFLT_DARG) {
        return MPI_SUCCESS;
    }
    TRI_CHECK(darg > 0, NULL, MPI_ERR_ARG,
              "array_of_dargs[%d] is %d, but must be 1 or more, or MPI_DISTRIBUTE_DFLT_DARG", i, darg);
    TRI_CHECK(distrib == MPI_DISTRIBUTE_CYCLIC || (int64_t)darg * psize >= gsize, NULL, MPI_ERR_ARG,
              "array_of_dargs[%d] is %d: blocks of that size on %d processes do not hold %lld indexes", i, darg, psize,
              (long long)gsize);
    return MPI_SUCCESS;
}

static int check_darray(const struct darray *given, const struct tri_datatype *old)
{
    int code = check_shape(given->ndims, given->gsizes, "array_of_gsizes", given->order);
    code = code == MPI_SUCCESS ? check_grid(given) : code;
    for (int i = 0; code == MPI_SUCCESS && i < given->ndims; i++) {
        code = check_distribution(given, i);
    }
    return code == MPI_SUCCESS ? check_extent(given->ndims, given->gsizes, old) : code;
}

/* What the process at that coordinate of its dimension has. A block distribution is cyclic with one round. */
static struct tri_slice distribute(int64_t gsize, int distrib, int darg, int psize, int64_t coordinate)
{
    int64_t block = darg;
    if (distrib == MPI_DISTRIBUTE_NONE) {
        block = gsize;
    } else if (darg == MPI_DISTRIBUTE_DFLT_DARG) {
        block = distrib == MPI_DISTRIBUTE_CYCLIC ? 1 : (gsize + psize - 1) / psize;
    }
    struct tri_slice slice = {.size = gsize, .block = block, .step = block * psize, .first = block * coordinate};
    if (slice.first >= gsize) {
        return (struct tri_slice){.size = gsize};
    }
    int64_t reach = gsize - slice.first, beyond = reach % slice.step;
    slice.count = reach / slice.step + (beyond >= block);
    slice.rest = beyond >= block ? 0 : beyond;
    if (reach <= slice.step) {
        slice.step = 0; /* of one round only it leads nowhere, and its bytes may be more than a number holds */
    }
    return slice;
}

static struct tri_recipe *darray_recipe(bool large, const struct darray *given, struct tri_datatype *old)
{
    int n = given->ndims;
    struct tri_recipe_room room = {.integers = 3 * (int64_t)n + 4, .counts = n, .types = 1};
    struct tri_recipe *recipe = tri_recipe_make(MPI_COMBINER_DARRAY, large, room);
    tri_recipe_add_integer(recipe, given->size);
    tri_recipe_add_integer(recipe, given->rank);
    tri_recipe_add_integer(recipe, n);
    add_counts(recipe, n, given->gsizes);
    add_integers(recipe, n, given->distribs);
    add_integers(recipe, n, given->dargs);
    add_integers(recipe, n, given->psizes);
    tri_recipe_add_integer(recipe, given->order);
    tri_recipe_add_type(recipe, old);
    return recipe;
}

TRI_API_FORM(Type_create_darray)(bool large, int size, int rank, int ndims, tri_counts array_of_gsizes,
                                 const int array_of_distribs[], const int array_of_dargs[],
                                 const int array_of_psizes[], int order, MPI_Datatype oldtype, MPI_Datatype *newtype)
{
    struct darray given = {size,           rank,            ndims, array_of_gsizes, array_of_distribs,
                           array_of_dargs, array_of_psizes, order};
    TRI_TAKE_TYPE(old, NULL, oldtype);
    TRI_CHECK_POINTER(NULL, newtype);
    int code = check_darray(&given, old);
    if (code != MPI_SUCCESS) {
        return code;
    }
    /* Processes are in the grid in row-major order, whatever the order of the array (MPI 5.0, 5.1.4). */
    struct tri_slice *slices = tri_memory_take((size_t)ndims * sizeof *slices);
    for (int i = ndims - 1, left = rank; i >= 0; i--) {
        slices[i] = distribute(tri_counts_at(array_of_gsizes, (size_t)i), array_of_distribs[i], array_of_dargs[i],
                               array_of_psizes[i], left % array_of_psizes[i]);
        left /= array_of_psizes[i];
    }
    return give_array(ndims, order, slices, old, darray_recipe(large, &given, old), newtype);
}

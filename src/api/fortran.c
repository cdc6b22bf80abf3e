/* What the ABI says of itself, and what a Fortran binding over it tells the library (MPI 5.0, 20.2, 20.4). */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdio.h>
#include <string.h>

#include "../runtime/info.h"
#include "api.h"

TRI_API_ANYTIME(Abi_get_info)(MPI_Info *info)
{
    static const struct {
        const char *key;
        size_t size;
    } rows[] = {{"mpi_aint_size", sizeof(MPI_Aint)}, {"mpi_count_size", sizeof(MPI_Count)},
                {"mpi_offset_size", sizeof(MPI_Offset)}};
    TRI_CHECK_POINTER(NULL, info);
    struct tri_info *made = tri_info_make();
    for (size_t i = 0; i < TRI_COUNT_OF(rows); i++) {
        char value[8];
        snprintf(value, sizeof value, "%zu", rows[i].size);
        tri_info_set(made, rows[i].key, value);
    }
    *info = made->handle;
    return MPI_SUCCESS;
}

/* ---- sizes ---- */

/* Each of Fortran's default kinds is made the type of a fixed size. */
static const struct {
    const char *key;
    struct {
        int size;
        MPI_Datatype like, like_complex;
    } sizes[5];
    MPI_Datatype type, type_complex; /* the complex type has twice the size */
} kinds[] = {
    {"mpi_logical_size",
     {{1, MPI_LOGICAL1, NULL}, {2, MPI_LOGICAL2, NULL}, {4, MPI_LOGICAL4, NULL}, {8, MPI_LOGICAL8, NULL},
      {16, MPI_LOGICAL16, NULL}},
     MPI_LOGICAL, NULL},
    {"mpi_integer_size",
     {{1, MPI_INTEGER1, NULL}, {2, MPI_INTEGER2, NULL}, {4, MPI_INTEGER4, NULL}, {8, MPI_INTEGER8, NULL},
      {16, MPI_INTEGER16, NULL}},
     MPI_INTEGER, NULL},
    {"mpi_real_size",
     {{2, MPI_REAL2, MPI_COMPLEX4}, {4, MPI_REAL4, MPI_COMPLEX8}, {8, MPI_REAL8, MPI_COMPLEX16},
      {16, MPI_REAL16, MPI_COMPLEX32}},
     MPI_REAL, MPI_COMPLEX},
    {"mpi_double_precision_size",
     {{2, MPI_REAL2, MPI_COMPLEX4}, {4, MPI_REAL4, MPI_COMPLEX8}, {8, MPI_REAL8, MPI_COMPLEX16},
      {16, MPI_REAL16, MPI_COMPLEX32}},
     MPI_DOUBLE_PRECISION, MPI_DOUBLE_COMPLEX},
};

enum { KINDS = TRI_COUNT_OF(kinds), NOT_GIVEN = -1, NO_SIZE = -2 };

/* The index in sizes of what the info object gives for the kind; NOT_GIVEN or NO_SIZE. */
static int size_given(const struct tri_info *info, size_t kind)
{
    const char *value = tri_info_value(info, kinds[kind].key);
    if (!value) {
        return NOT_GIVEN;
    }
    for (int i = 0; i < (int)TRI_COUNT_OF(kinds[kind].sizes); i++) {
        char text[8];
        snprintf(text, sizeof text, "%d", kinds[kind].sizes[i].size);
        if (kinds[kind].sizes[i].size && !strcmp(text, value)) {
            return i;
        }
    }
    return NO_SIZE;
}

/* The keys and values of the program, in its order. */
static char *(*fortran_info)[2];
static int fortran_keys;

static char *copy(const char *text)
{
    size_t len = strlen(text) + 1;
    return memcpy(tri_memory_take(len), text, len);
}

static void keep(const struct tri_info *info)
{
    fortran_keys = info->count;
    fortran_info = tri_memory_take((size_t)TRI_MAX(info->count, 1) * sizeof *fortran_info);
    for (int i = 0; i < info->count; i++) {
        fortran_info[i][0] = copy(info->entries[i].key);
        fortran_info[i][1] = copy(info->entries[i].value);
    }
}

TRI_API_ANYTIME(Abi_set_fortran_info)(MPI_Info info)
{
    const struct tri_info *given = tri_info_get(info);
    TRI_CHECK(given, NULL, MPI_ERR_INFO, "the info object is %s",
              info == MPI_INFO_NULL ? "MPI_INFO_NULL" : "not such a handle, or has been freed");
    TRI_CHECK(!fortran_info, NULL, MPI_ERR_ABI,
              "the properties of Fortran have been set before, and are set only once");
    int chosen[KINDS];
    for (size_t i = 0; i < KINDS; i++) {
        chosen[i] = size_given(given, i);
        TRI_CHECK(chosen[i] != NO_SIZE, NULL, MPI_ERR_ABI, "%s is \"%s\", a size that no type has", kinds[i].key,
                  tri_info_value(given, kinds[i].key));
    }
    for (size_t i = 0; i < KINDS; i++) {
        if (chosen[i] != NOT_GIVEN) {
            tri_datatype_make_like(kinds[i].type, kinds[i].sizes[chosen[i]].like);
            if (kinds[i].type_complex) {
                tri_datatype_make_like(kinds[i].type_complex, kinds[i].sizes[chosen[i]].like_complex);
            }
        }
    }
    keep(given);
    return MPI_SUCCESS;
}

TRI_API_ANYTIME(Abi_get_fortran_info)(MPI_Info *info)
{
    TRI_CHECK_POINTER(NULL, info);
    *info = MPI_INFO_NULL;
    if (fortran_info) {
        struct tri_info *made = tri_info_make();
        for (int i = 0; i < fortran_keys; i++) {
            tri_info_set(made, fortran_info[i][0], fortran_info[i][1]);
        }
        *info = made->handle;
    }
    return MPI_SUCCESS;
}

/* ---- .TRUE. and .FALSE. ---- */

static struct {
    int size; /* 0: not set */
    unsigned char values[2][16];
} booleans;

static int check_logical_size(int size)
{
    TRI_CHECK(size == 1 || size == 2 || size == 4 || size == 8 || size == 16, NULL, MPI_ERR_ARG,
              "logical_size is %d, but must be 1, 2, 4, 8 or 16", size);
    return MPI_SUCCESS;
}

TRI_API_ANYTIME(Abi_set_fortran_booleans)(int logical_size, void *logical_true, void *logical_false)
{
    int code = check_logical_size(logical_size);
    if (code != MPI_SUCCESS) {
        return code;
    }
    TRI_CHECK_POINTER(NULL, logical_true);
    TRI_CHECK_POINTER(NULL, logical_false);
    TRI_CHECK(booleans.size == 0, NULL, MPI_ERR_ABI,
              "the values of Fortran's logicals have been set before, and are set only once");
    TRI_CHECK(memcmp(logical_true, logical_false, (size_t)logical_size), NULL, MPI_ERR_ARG,
              "logical_true and logical_false are the same value");
    memcpy(booleans.values[1], logical_true, (size_t)logical_size);
    memcpy(booleans.values[0], logical_false, (size_t)logical_size);
    booleans.size = logical_size;
    return MPI_SUCCESS;
}

/* Only the size that was set is known: how a compiler forms the values of another kind is its own affair. */
TRI_API_ANYTIME(Abi_get_fortran_booleans)(int logical_size, void *logical_true, void *logical_false, int *is_set)
{
    int code = check_logical_size(logical_size);
    if (code != MPI_SUCCESS) {
        return code;
    }
    TRI_CHECK_POINTER(NULL, logical_true);
    TRI_CHECK_POINTER(NULL, logical_false);
    TRI_CHECK_POINTER(NULL, is_set);
    *is_set = booleans.size == logical_size;
    if (*is_set) {
        memcpy(logical_true, booleans.values[1], (size_t)logical_size);
        memcpy(logical_false, booleans.values[0], (size_t)logical_size);
    }
    return MPI_SUCCESS;
}

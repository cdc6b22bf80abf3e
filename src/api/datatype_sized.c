/* Datatypes by precision, range, size or members (MPI 5.0, 6.9.4, 19.1.9). */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <float.h>

#include "api.h"

/* The kinds of real of the Fortran compiler (gfortran), by decimal digits and decimal exponent. */
static const struct real_kind {
    int digits, exponent;
    MPI_Datatype real, complex;
} real_kinds[] = {{FLT_DIG, FLT_MAX_10_EXP - 1, MPI_REAL4, MPI_COMPLEX8},
                  {DBL_DIG, DBL_MAX_10_EXP - 1, MPI_REAL8, MPI_COMPLEX16},
                  {LDBL_DIG, LDBL_MAX_10_EXP - 1, MPI_LONG_DOUBLE, MPI_C_LONG_DOUBLE_COMPLEX},
                  {33, 4931, MPI_REAL16, MPI_COMPLEX32}};

static const struct integer_kind {
    int range;
    MPI_Datatype type;
} integer_kinds[] = {{2, MPI_INTEGER1}, {4, MPI_INTEGER2}, {9, MPI_INTEGER4}, {18, MPI_INTEGER8}, {38, MPI_INTEGER16}};

static int give_unnamed(MPI_Datatype like, int combiner, int count, const int *arguments, MPI_Datatype *newtype)
{
    struct tri_recipe *recipe = tri_recipe_make(combiner, false, (struct tri_recipe_room){.integers = count});
    for (int i = 0; i < count; i++) {
        tri_recipe_add_integer(recipe, arguments[i]);
    }
    *newtype = tri_datatype_unnamed(tri_datatype_get(like), recipe)->handle;
    return MPI_SUCCESS;
}

/* The smallest kind with these digits and that exponent; MPI_UNDEFINED asks for nothing. NULL: there is none. */
static const struct real_kind *find_real(int p, int r)
{
    for (size_t i = 0; i < TRI_COUNT_OF(real_kinds); i++) {
        if ((p == MPI_UNDEFINED || p <= real_kinds[i].digits) && (r == MPI_UNDEFINED || r <= real_kinds[i].exponent)) {
            return &real_kinds[i];
        }
    }
    return NULL;
}

static int make_real(int combiner, int p, int r, MPI_Datatype *newtype)
{
    TRI_CHECK_POINTER(NULL, newtype);
    TRI_CHECK(p != MPI_UNDEFINED || r != MPI_UNDEFINED, NULL, MPI_ERR_ARG, "p and r are both MPI_UNDEFINED");
    TRI_CHECK(p == MPI_UNDEFINED || p >= 0, NULL, MPI_ERR_ARG, "p is %d, which is negative", p);
    TRI_CHECK(r == MPI_UNDEFINED || r >= 0, NULL, MPI_ERR_ARG, "r is %d, which is negative", r);
    const struct real_kind *kind = find_real(p, r);
    TRI_CHECK(kind, NULL, MPI_ERR_ARG, "p is %d and r is %d: no kind of real has so many digits and such a range", p,
              r);
    int arguments[2] = {p, r};
    bool is_real = combiner == MPI_COMBINER_F90_REAL;
    return give_unnamed(is_real ? kind->real : kind->complex, combiner, 2, arguments, newtype);
}

TRI_API(Type_create_f90_real)(int p, int r, MPI_Datatype *newtype)
{
    return make_real(MPI_COMBINER_F90_REAL, p, r, newtype);
}

TRI_API(Type_create_f90_complex)(int p, int r, MPI_Datatype *newtype)
{
    return make_real(MPI_COMBINER_F90_COMPLEX, p, r, newtype);
}

TRI_API(Type_create_f90_integer)(int r, MPI_Datatype *newtype)
{
    TRI_CHECK_POINTER(NULL, newtype);
    TRI_CHECK(r >= 0, NULL, MPI_ERR_ARG, "r is %d, which is negative", r);
    for (size_t i = 0; i < TRI_COUNT_OF(integer_kinds); i++) {
        if (r <= integer_kinds[i].range) {
            return give_unnamed(integer_kinds[i].type, MPI_COMBINER_F90_INTEGER, 1, &r, newtype);
        }
    }
    return tri_error(NULL, MPI_ERR_ARG, "r is %d: no kind of integer has such a range", r);
}

TRI_API(Type_match_size)(int typeclass, int size, MPI_Datatype *datatype)
{
    static const struct {
        int typeclass;
        MPI_Datatype types[5];
    } rows[] = {
        {MPI_TYPECLASS_INTEGER, {MPI_INTEGER1, MPI_INTEGER2, MPI_INTEGER4, MPI_INTEGER8, MPI_INTEGER16}},
        {MPI_TYPECLASS_REAL, {MPI_REAL2, MPI_REAL4, MPI_REAL8, MPI_REAL16}},
        {MPI_TYPECLASS_COMPLEX, {MPI_COMPLEX4, MPI_COMPLEX8, MPI_COMPLEX16, MPI_COMPLEX32}},
        {MPIX_TYPECLASS_LOGICAL, {MPI_LOGICAL1, MPI_LOGICAL2, MPI_LOGICAL4, MPI_LOGICAL8, MPI_LOGICAL16}},
    };
    TRI_CHECK_POINTER(NULL, datatype);
    for (size_t i = 0; i < TRI_COUNT_OF(rows); i++) {
        for (size_t k = 0; rows[i].typeclass == typeclass && k < TRI_COUNT_OF(rows[i].types); k++) {
            const struct tri_datatype *type = tri_datatype_get(rows[i].types[k]);
            if (type && type->size == size) {
                *datatype = type->handle;
                return MPI_SUCCESS;
            }
        }
    }
    return tri_error(NULL, MPI_ERR_ARG, "there is no type of size %d in typeclass %d", size, typeclass);
}

TRI_API(Type_get_value_index)(MPI_Datatype value_type, MPI_Datatype index_type, MPI_Datatype *pair_type)
{
    TRI_TAKE_TYPE(value, NULL, value_type);
    TRI_TAKE_TYPE(index, NULL, index_type);
    TRI_CHECK_POINTER(NULL, pair_type);
    const struct tri_datatype *pair = tri_datatype_pair(value, index);
    *pair_type = pair ? pair->handle : MPI_DATATYPE_NULL;
    return MPI_SUCCESS;
}

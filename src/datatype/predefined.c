/* The predefined datatypes. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <complex.h>
#include <stdalign.h>
#include <string.h>
#include <wchar.h>

#include "basic_types.h"
#include "predefined.h"

struct tri_datatype tri_datatype_predefined[TRI_DATATYPE_LAST - TRI_DATATYPE_FIRST + 1];

#define HANDLE(name) ((uint16_t)(uintptr_t)(name))
#define ROW(name, ctype, basic) {HANDLE(name), basic, sizeof(ctype), alignof(ctype), sizeof(ctype), 0, 0, #name}
#define PAIR(name, ctype, basic) TRI_PAIR_ROW(HANDLE(name), ctype, basic, #name)

/* The order is that of the ABI's numbers. Of a type with two names it is the one that the other is a synonym of (MPI 5.0,
 * table 3.2), for MPI_Type_get_name. Fortran's types have the sizes of gfortran's defaults. */
static const struct tri_predefined_row rows[] = {
    ROW(MPI_AINT, MPI_Aint, TRI_I64),
    ROW(MPI_COUNT, MPI_Count, TRI_I64),
    ROW(MPI_OFFSET, MPI_Offset, TRI_I64),
    ROW(MPI_PACKED, char, TRI_BASIC_NONE),
    ROW(MPI_SHORT, short, TRI_I16),
    ROW(MPI_INT, int, TRI_I32),
    ROW(MPI_LONG, long, sizeof(long) == 8 ? TRI_I64 : TRI_I32),
    ROW(MPI_LONG_LONG_INT, long long, TRI_I64),
    ROW(MPI_UNSIGNED_SHORT, unsigned short, TRI_U16),
    ROW(MPI_UNSIGNED, unsigned, TRI_U32),
    ROW(MPI_UNSIGNED_LONG, unsigned long, sizeof(long) == 8 ? TRI_U64 : TRI_U32),
    ROW(MPI_UNSIGNED_LONG_LONG, unsigned long long, TRI_U64),
    ROW(MPI_FLOAT, float, TRI_F32),
    ROW(MPI_C_COMPLEX, float complex, TRI_C32),
    ROW(MPI_CXX_FLOAT_COMPLEX, float complex, TRI_C32),
    ROW(MPI_DOUBLE, double, TRI_F64),
    ROW(MPI_C_DOUBLE_COMPLEX, double complex, TRI_C64),
    ROW(MPI_CXX_DOUBLE_COMPLEX, double complex, TRI_C64),
    ROW(MPI_LOGICAL, int32_t, TRI_L4),
    ROW(MPI_INTEGER, int32_t, TRI_I32),
    ROW(MPI_REAL, float, TRI_F32),
    ROW(MPI_COMPLEX, float complex, TRI_C32),
    ROW(MPI_DOUBLE_PRECISION, double, TRI_F64),
    ROW(MPI_DOUBLE_COMPLEX, double complex, TRI_C64),
    ROW(MPI_CHARACTER, char, TRI_BASIC_NONE),
    ROW(MPI_LONG_DOUBLE, long double, TRI_FLD),
    ROW(MPI_C_LONG_DOUBLE_COMPLEX, long double complex, TRI_CLD),
    ROW(MPI_CXX_LONG_DOUBLE_COMPLEX, long double complex, TRI_CLD),
    PAIR(MPI_FLOAT_INT, struct tri_float_int, TRI_FLOAT_INT),
    PAIR(MPI_DOUBLE_INT, struct tri_double_int, TRI_DOUBLE_INT),
    PAIR(MPI_LONG_INT, struct tri_long_int, TRI_LONG_INT),
    PAIR(MPI_2INT, struct tri_2int, TRI_2INT),
    PAIR(MPI_SHORT_INT, struct tri_short_int, TRI_SHORT_INT),
    PAIR(MPI_LONG_DOUBLE_INT, struct tri_long_double_int, TRI_LONG_DOUBLE_INT),
    PAIR(MPI_2REAL, struct tri_2real, TRI_2REAL),
    PAIR(MPI_2DOUBLE_PRECISION, struct tri_2double_precision, TRI_2DOUBLE_PRECISION),
    PAIR(MPI_2INTEGER, struct tri_2int, TRI_2INT),
    ROW(MPI_C_BOOL, bool, TRI_CBOOL),
    ROW(MPI_CXX_BOOL, bool, TRI_CBOOL),
    ROW(MPI_WCHAR, wchar_t, TRI_BASIC_NONE),
    ROW(MPI_INT8_T, int8_t, TRI_I8),
    ROW(MPI_UINT8_T, uint8_t, TRI_U8),
    ROW(MPI_CHAR, char, TRI_BASIC_NONE),
    ROW(MPI_SIGNED_CHAR, signed char, TRI_I8),
    ROW(MPI_UNSIGNED_CHAR, unsigned char, TRI_U8),
    ROW(MPI_BYTE, char, TRI_BYTE),
    ROW(MPI_INT16_T, int16_t, TRI_I16),
    ROW(MPI_UINT16_T, uint16_t, TRI_U16),
    ROW(MPI_INT32_T, int32_t, TRI_I32),
    ROW(MPI_UINT32_T, uint32_t, TRI_U32),
    ROW(MPI_INT64_T, int64_t, TRI_I64),
    ROW(MPI_UINT64_T, uint64_t, TRI_U64),
    ROW(MPI_LOGICAL1, int8_t, TRI_L1),
    ROW(MPI_INTEGER1, int8_t, TRI_I8),
    ROW(MPI_LOGICAL2, int16_t, TRI_L2),
    ROW(MPI_INTEGER2, int16_t, TRI_I16),
    ROW(MPI_REAL2, tri_f16, TRI_F16),
    ROW(MPI_LOGICAL4, int32_t, TRI_L4),
    ROW(MPI_INTEGER4, int32_t, TRI_I32),
    ROW(MPI_REAL4, float, TRI_F32),
    ROW(MPI_COMPLEX4, tri_c16, TRI_C16),
    ROW(MPI_LOGICAL8, int64_t, TRI_L8),
    ROW(MPI_INTEGER8, int64_t, TRI_I64),
    ROW(MPI_REAL8, double, TRI_F64),
    ROW(MPI_COMPLEX8, float complex, TRI_C32),
    ROW(MPI_LOGICAL16, tri_i128, TRI_L16),
    ROW(MPI_INTEGER16, tri_i128, TRI_I128),
    ROW(MPI_REAL16, tri_f128, TRI_F128),
    ROW(MPI_COMPLEX16, double complex, TRI_C64),
    ROW(MPI_COMPLEX32, tri_c128, TRI_C128),
};

static struct tri_layout *row_layout(const struct tri_predefined_row *row)
{
    if (!row->second || row->size == row->extent) {
        return tri_layout_run(0, row->size);
    }
    int64_t offsets[2] = {0, row->second};
    struct tri_layout *members[2] = {tri_layout_run(0, row->size - row->second_size),
                                     tri_layout_run(0, row->second_size)};
    struct tri_layout *layout = tri_layout_list(2, offsets, members);
    tri_layout_release(members[0]);
    tri_layout_release(members[1]);
    return layout;
}

/* Fortran's defaults that are not gfortran's. */
enum { LIKES = 8 };
static struct {
    MPI_Datatype handle, like;
} likes[LIKES];
static int like_count;
static bool started;

static struct tri_datatype *entry_of(MPI_Datatype handle)
{
    return &tri_datatype_predefined[(uintptr_t)handle - TRI_DATATYPE_FIRST];
}

static void make_like(MPI_Datatype handle, MPI_Datatype like)
{
    struct tri_datatype *type = entry_of(handle), made = *entry_of(like);
    tri_layout_hold(made.layout);
    tri_layout_release(type->layout);
    made.handle = type->handle;
    made.attributes = type->attributes;
    memcpy(made.name, type->name, sizeof made.name);
    *type = made;
}

void tri_datatype_make_like(MPI_Datatype handle, MPI_Datatype like)
{
    if (like_count < LIKES) {
        likes[like_count].handle = handle;
        likes[like_count++].like = like;
    }
    if (started) {
        make_like(handle, like);
    }
}

void tri_predefined_fill(struct tri_datatype *type, const struct tri_predefined_row *row)
{
    *type = (struct tri_datatype){
        .object = {.kind = TRI_DATATYPE, .references = 1},
        .handle = (MPI_Datatype)(uintptr_t)row->handle,
        .predefined = true,
        .committed = true,
        .contiguous = row->size == row->extent,
        .basic = row->basic,
        .second_size = row->second_size,
        .alignment = row->alignment,
        .size = row->size,
        .extent = row->extent,
        .true_ub = row->second ? row->second + row->second_size : row->size,
        .elements = row->second ? 2 : 1,
        .layout = row_layout(row),
    };
    strcpy(type->name, row->name);
}

void tri_datatype_start(void)
{
    for (size_t i = 0; i < TRI_COUNT_OF(rows); i++) {
        tri_predefined_fill(&tri_datatype_predefined[rows[i].handle - TRI_DATATYPE_FIRST], &rows[i]);
    }
    started = true;
    for (int i = 0; i < like_count; i++) {
        make_like(likes[i].handle, likes[i].like);
    }
}

void tri_datatype_end(void)
{
    started = false;
    tri_unnamed_end();
    for (size_t i = 0; i < TRI_COUNT_OF(rows); i++) {
        struct tri_datatype *type = &tri_datatype_predefined[rows[i].handle - TRI_DATATYPE_FIRST];
        tri_layout_release(type->layout);
        tri_attributes_drop(&type->attributes);
        type->object.kind = TRI_FREED;
    }
}

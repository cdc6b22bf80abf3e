/* Kernels of the predefined reductions (MPI 5.0, 6.9.2 to 6.9.4). */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <complex.h>

#include "../datatype/basic_types.h"
#include "op.h"

/* b is the accumulated operand: b = a op b. */
#define KERNEL(name, ctype, expression)                                                                                \
    static void name(const void *in, void *inout, int64_t count)                                                       \
    {                                                                                                                  \
        const ctype *restrict from = in;                                                                               \
        ctype *restrict to = inout;                                                                                    \
        _Pragma("omp simd") for (int64_t i = 0; i < count; i++)                                                        \
        {                                                                                                              \
            const ctype a = from[i], b = to[i];                                                                        \
            to[i] = (ctype)(expression);                                                                               \
        }                                                                                                              \
    }

/* For types that no vector unit knows. */
#define SCALAR(name, ctype, expression)                                                                                \
    static void name(const void *in, void *inout, int64_t count)                                                       \
    {                                                                                                                  \
        const ctype *from = in;                                                                                        \
        ctype *to = inout;                                                                                             \
        for (int64_t i = 0; i < count; i++) {                                                                          \
            const ctype a = from[i], b = to[i];                                                                        \
            to[i] = (ctype)(expression);                                                                               \
        }                                                                                                              \
    }

/* Sums and products of signed integers wrap around instead of being undefined: unsigned arithmetic does. */
#define INTEGERS(X, op, expression)                                                                                    \
    X(op##_i8, int8_t, expression)                                                                                     \
    X(op##_i16, int16_t, expression)                                                                                   \
    X(op##_i32, int32_t, expression)                                                                                   \
    X(op##_i64, int64_t, expression)                                                                                   \
    X(op##_u8, uint8_t, expression)                                                                                    \
    X(op##_u16, uint16_t, expression)                                                                                  \
    X(op##_u32, uint32_t, expression)                                                                                  \
    X(op##_u64, uint64_t, expression)                                                                                  \
    SCALAR(op##_i128, tri_i128, expression)

#define WRAPPING(op, sign)                                                                                             \
    KERNEL(op##_i8, uint8_t, a sign b)                                                                                 \
    KERNEL(op##_i16, uint16_t, (unsigned)a sign(unsigned) b)                                                           \
    KERNEL(op##_i32, uint32_t, a sign b)                                                                               \
    KERNEL(op##_i64, uint64_t, a sign b)                                                                               \
    SCALAR(op##_i128, unsigned_i128, a sign b)

#define FLOATS(op, expression)                                                                                         \
    KERNEL(op##_f32, float, expression)                                                                                \
    KERNEL(op##_f64, double, expression)                                                                               \
    SCALAR(op##_fld, long double, expression)

#define COMPLEXES(op, expression)                                                                                      \
    SCALAR(op##_c32, float complex, expression)                                                                        \
    SCALAR(op##_c64, double complex, expression)                                                                       \
    SCALAR(op##_cld, long double complex, expression)

#if TRI_HAVE_F16
#define HALVES(op, expression) SCALAR(op##_f16, tri_f16, expression)
#define HALF_COMPLEXES(op, expression) SCALAR(op##_c16, tri_c16, expression)
#define ROW_F16(op) [TRI_F16] = op##_f16,
#define ROW_C16(op) [TRI_C16] = op##_c16,
#else
#define HALVES(op, expression)
#define HALF_COMPLEXES(op, expression)
#define ROW_F16(op)
#define ROW_C16(op)
#endif

#if TRI_HAVE_F128
#define QUADS(op, expression) SCALAR(op##_f128, tri_f128, expression)
#define QUAD_COMPLEXES(op, expression) SCALAR(op##_c128, tri_c128, expression)
#define ROW_F128(op) [TRI_F128] = op##_f128,
#define ROW_C128(op) [TRI_C128] = op##_c128,
#else
#define QUADS(op, expression)
#define QUAD_COMPLEXES(op, expression)
#define ROW_F128(op)
#define ROW_C128(op)
#endif

#define LOGICALS(op, expression)                                                                                       \
    KERNEL(op##_l1, int8_t, expression)                                                                                \
    KERNEL(op##_l2, int16_t, expression)                                                                               \
    KERNEL(op##_l4, int32_t, expression)                                                                               \
    KERNEL(op##_l8, int64_t, expression)                                                                               \
    SCALAR(op##_l16, tri_i128, expression)                                                                             \
    KERNEL(op##_cbool, bool, expression)

/* MPI 5.0, 6.9.4: the lower index wins a tie; in[] and inout[] may come from either side. Member by member: the padding
 * is no part of the datatype and stays as it is. */
#define PAIRS(op, compare)                                                                                             \
    PAIR(op##_float_int, struct tri_float_int, compare)                                                                \
    PAIR(op##_double_int, struct tri_double_int, compare)                                                              \
    PAIR(op##_long_int, struct tri_long_int, compare)                                                                  \
    PAIR(op##_2int, struct tri_2int, compare)                                                                          \
    PAIR(op##_short_int, struct tri_short_int, compare)                                                                \
    PAIR(op##_long_double_int, struct tri_long_double_int, compare)                                                    \
    PAIR(op##_2real, struct tri_2real, compare)                                                                        \
    PAIR(op##_2double_precision, struct tri_2double_precision, compare)                                                \
    PAIR(op##_float_long, struct tri_float_long, compare)                                                              \
    PAIR(op##_double_long, struct tri_double_long, compare)                                                            \
    PAIR(op##_long_long, struct tri_long_long, compare)                                                                \
    PAIR(op##_int_long, struct tri_int_long, compare)                                                                  \
    PAIR(op##_short_long, struct tri_short_long, compare)                                                              \
    PAIR(op##_long_double_long, struct tri_long_double_long, compare)

#define PAIR(name, ctype, compare)                                                                                     \
    static void name(const void *in, void *inout, int64_t count)                                                       \
    {                                                                                                                  \
        const ctype *from = in;                                                                                        \
        ctype *to = inout;                                                                                             \
        for (int64_t i = 0; i < count; i++) {                                                                          \
            if (from[i].value compare to[i].value) {                                                                   \
                to[i].value = from[i].value;                                                                           \
                to[i].index = from[i].index;                                                                           \
            } else if (!(to[i].value compare from[i].value) && from[i].index < to[i].index) {                          \
                to[i].index = from[i].index;                                                                           \
            }                                                                                                          \
        }                                                                                                              \
    }

__extension__ typedef unsigned __int128 unsigned_i128;

WRAPPING(sum, +)
FLOATS(sum, a + b)
HALVES(sum, a + b)
QUADS(sum, a + b)
COMPLEXES(sum, a + b)
HALF_COMPLEXES(sum, a + b)
QUAD_COMPLEXES(sum, a + b)
WRAPPING(prod, *)
FLOATS(prod, a *b)
HALVES(prod, a *b)
QUADS(prod, a *b)
COMPLEXES(prod, a *b)
HALF_COMPLEXES(prod, a *b)
QUAD_COMPLEXES(prod, a *b)
INTEGERS(KERNEL, min, a < b ? a : b)
FLOATS(min, a < b ? a : b)
HALVES(min, a < b ? a : b)
QUADS(min, a < b ? a : b)
INTEGERS(KERNEL, max, a > b ? a : b)
FLOATS(max, a > b ? a : b)
HALVES(max, a > b ? a : b)
QUADS(max, a > b ? a : b)
INTEGERS(KERNEL, band, a &b)
INTEGERS(KERNEL, bor, a | b)
INTEGERS(KERNEL, bxor, a ^ b)
INTEGERS(KERNEL, land, a &&b)
INTEGERS(KERNEL, lor, a || b)
INTEGERS(KERNEL, lxor, !a != !b)
LOGICALS(land, a &&b)
LOGICALS(lor, a || b)
LOGICALS(lxor, !a != !b)
PAIRS(minloc, <)
PAIRS(maxloc, >)

/* Unsigned types share the kernels of the signed ones where the bits are the same. */
#define ROWS_WRAPPING(op)                                                                                              \
    [TRI_I8] = op##_i8, [TRI_I16] = op##_i16, [TRI_I32] = op##_i32, [TRI_I64] = op##_i64, [TRI_I128] = op##_i128,      \
    [TRI_U8] = op##_i8, [TRI_U16] = op##_i16, [TRI_U32] = op##_i32, [TRI_U64] = op##_i64,

#define ROWS_INTEGERS(op)                                                                                              \
    [TRI_I8] = op##_i8, [TRI_I16] = op##_i16, [TRI_I32] = op##_i32, [TRI_I64] = op##_i64, [TRI_I128] = op##_i128,      \
    [TRI_U8] = op##_u8, [TRI_U16] = op##_u16, [TRI_U32] = op##_u32, [TRI_U64] = op##_u64,

#define ROWS_FLOATS(op) ROW_F16(op)[TRI_F32] = op##_f32, [TRI_F64] = op##_f64, [TRI_FLD] = op##_fld, ROW_F128(op)

#define ROWS_COMPLEXES(op) ROW_C16(op)[TRI_C32] = op##_c32, [TRI_C64] = op##_c64, [TRI_CLD] = op##_cld, ROW_C128(op)

#define ROWS_LOGICALS(op)                                                                                              \
    [TRI_L1] = op##_l1, [TRI_L2] = op##_l2, [TRI_L4] = op##_l4, [TRI_L8] = op##_l8, [TRI_L16] = op##_l16,              \
    [TRI_CBOOL] = op##_cbool

#define ROWS_PAIRS(op)                                                                                                 \
    [TRI_FLOAT_INT] = op##_float_int, [TRI_DOUBLE_INT] = op##_double_int, [TRI_LONG_INT] = op##_long_int,              \
    [TRI_2INT] = op##_2int, [TRI_SHORT_INT] = op##_short_int, [TRI_LONG_DOUBLE_INT] = op##_long_double_int,            \
    [TRI_2REAL] = op##_2real, [TRI_2DOUBLE_PRECISION] = op##_2double_precision, [TRI_FLOAT_LONG] = op##_float_long,    \
    [TRI_DOUBLE_LONG] = op##_double_long, [TRI_LONG_LONG] = op##_long_long, [TRI_INT_LONG] = op##_int_long,            \
    [TRI_SHORT_LONG] = op##_short_long, [TRI_LONG_DOUBLE_LONG] = op##_long_double_long

static tri_kernel *const sums[TRI_BASIC_COUNT] = {ROWS_WRAPPING(sum) ROWS_FLOATS(sum) ROWS_COMPLEXES(sum)};
static tri_kernel *const prods[TRI_BASIC_COUNT] = {ROWS_WRAPPING(prod) ROWS_FLOATS(prod) ROWS_COMPLEXES(prod)};
static tri_kernel *const mins[TRI_BASIC_COUNT] = {ROWS_INTEGERS(min) ROWS_FLOATS(min)};
static tri_kernel *const maxs[TRI_BASIC_COUNT] = {ROWS_INTEGERS(max) ROWS_FLOATS(max)};
static tri_kernel *const bands[TRI_BASIC_COUNT] = {ROWS_INTEGERS(band)[TRI_BYTE] = band_u8};
static tri_kernel *const bors[TRI_BASIC_COUNT] = {ROWS_INTEGERS(bor)[TRI_BYTE] = bor_u8};
static tri_kernel *const bxors[TRI_BASIC_COUNT] = {ROWS_INTEGERS(bxor)[TRI_BYTE] = bxor_u8};
static tri_kernel *const lands[TRI_BASIC_COUNT] = {ROWS_INTEGERS(land) ROWS_LOGICALS(land)};
static tri_kernel *const lors[TRI_BASIC_COUNT] = {ROWS_INTEGERS(lor) ROWS_LOGICALS(lor)};
static tri_kernel *const lxors[TRI_BASIC_COUNT] = {ROWS_INTEGERS(lxor) ROWS_LOGICALS(lxor)};
static tri_kernel *const minlocs[TRI_BASIC_COUNT] = {ROWS_PAIRS(minloc)};
static tri_kernel *const maxlocs[TRI_BASIC_COUNT] = {ROWS_PAIRS(maxloc)};

tri_kernel *const *tri_kernels_of(MPI_Op handle)
{
    const struct {
        MPI_Op handle;
        tri_kernel *const *kernels;
    } rows[] = {
        {MPI_SUM, sums}, {MPI_PROD, prods}, {MPI_MIN, mins}, {MPI_MAX, maxs}, {MPI_BAND, bands}, {MPI_BOR, bors},
        {MPI_BXOR, bxors}, {MPI_LAND, lands}, {MPI_LOR, lors}, {MPI_LXOR, lxors}, {MPI_MINLOC, minlocs},
        {MPI_MAXLOC, maxlocs},
    };
    for (size_t i = 0; i < TRI_COUNT_OF(rows); i++) {
        if (rows[i].handle == handle) {
            return rows[i].kernels;
        }
    }
    return NULL;
}

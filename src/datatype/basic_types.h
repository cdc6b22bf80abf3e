/* C types behind the predefined datatypes that C has no name for. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TRI_BASIC_TYPES_H
#define TRI_BASIC_TYPES_H

#include <stdint.h>

__extension__ typedef __int128 tri_i128;

/* Half and quadruple precision are the compiler's own; where it has none, the bytes still travel. */
#if defined(__FLT16_MAX__)
#define TRI_HAVE_F16 1
__extension__ typedef _Float16 tri_f16;
__extension__ typedef _Float16 _Complex tri_c16;
#else
#define TRI_HAVE_F16 0
typedef uint16_t tri_f16;
typedef struct {
    uint16_t real, imaginary;
} tri_c16;
#endif

#if defined(__FLT128_MAX__)
#define TRI_HAVE_F128 1
__extension__ typedef _Float128 tri_f128;
__extension__ typedef _Float128 _Complex tri_c128;
#else
#define TRI_HAVE_F128 0
typedef struct {
    _Alignas(16) unsigned char bytes[16];
} tri_f128;
typedef struct {
    tri_f128 real, imaginary;
} tri_c128;
#endif

/* The pairs of MINLOC and MAXLOC. */
#define TRI_PAIR(tag, value_type, index_type)                                                                          \
    struct tag {                                                                                                       \
        value_type value;                                                                                              \
        index_type index;                                                                                              \
    }

TRI_PAIR(tri_float_int, float, int);
TRI_PAIR(tri_double_int, double, int);
TRI_PAIR(tri_long_int, long, int);
TRI_PAIR(tri_2int, int, int);
TRI_PAIR(tri_short_int, short, int);
TRI_PAIR(tri_long_double_int, long double, int);
TRI_PAIR(tri_2real, float, float);
TRI_PAIR(tri_2double_precision, double, double);

/* The same with an index that counts beyond 2^31: pairs without a name. */
TRI_PAIR(tri_float_long, float, int64_t);
TRI_PAIR(tri_double_long, double, int64_t);
TRI_PAIR(tri_long_long, int64_t, int64_t);
TRI_PAIR(tri_int_long, int32_t, int64_t);
TRI_PAIR(tri_short_long, int16_t, int64_t);
TRI_PAIR(tri_long_double_long, long double, int64_t);

#endif

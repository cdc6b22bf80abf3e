/* coll_ops.h - scalar code for every predefined operation, and the table of types it is for. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef SPMD_COLL_OPS_H
#define SPMD_COLL_OPS_H

#include "test.h"
#include <complex.h>
#include <stdbool.h>

enum op {
    OP_MAX,
    OP_MIN,
    OP_SUM,
    OP_PROD,
    OP_LAND,
    OP_LOR,
    OP_LXOR,
    OP_BAND,
    OP_BOR,
    OP_BXOR,
    OP_MINLOC,
    OP_MAXLOC,
    OP_REPLACE,
    OP_NO_OP,
    OPS
};

static const char *const op_names[OPS] = {"max",  "min",    "sum",    "prod",    "land",
                                          "lor",  "lxor",   "band",   "bor",     "bxor",
                                          "minloc", "maxloc", "replace", "no_op"};

/* Sets of operations: a bit each. */
#define ARITHMETIC 0x00fu
#define LOGICAL 0x070u
#define BITWISE 0x380u
#define LOCATION 0xc00u
#define SUM_PROD 0x00cu

__extension__ typedef __int128 int128;
__extension__ typedef unsigned __int128 uint128;
__extension__ typedef _Float16 half;
__extension__ typedef _Float16 _Complex complex_half;
__extension__ typedef _Float128 quad;
__extension__ typedef _Float128 _Complex complex_quad;

static inline uint64_t bits(int rank, int i)
{
    return t_mix((uint64_t)(rank * 1000 + i));
}

/* Small, so that sums and products are exact in every type and order, and with zeros. */
static inline int number(int rank, int i)
{
    return (rank * 5 + i * 3) % 3 + (i % 4 == 0 && rank > 5 ? 1 : 0) - (i % 5 == 1);
}

typedef void set_fn(void *at, int rank, int i, enum op op);
typedef void apply_fn(void *to, const void *from, enum op op); /* to = from op to */
typedef bool equal_fn(const void *a, const void *b);

#define DEFINE_EQUAL(name, c) \
    static inline bool equal_##name(const void *x, const void *y) \
    { \
        c a, b; \
        memcpy(&a, x, sizeof a); \
        memcpy(&b, y, sizeof b); \
        return a == b; \
    }

#define DEFINE_APPLY(name, c, expression) \
    static inline void apply_##name(void *to, const void *from, enum op op) \
    { \
        c a, b; \
        memcpy(&a, from, sizeof a); \
        memcpy(&b, to, sizeof b); \
        b = (c)(expression); \
        memcpy(to, &b, sizeof b); \
    }

#define DEFINE_SET(name, c, value) \
    static inline void set_##name(void *at, int rank, int i, enum op op) \
    { \
        c v = (c)(value); \
        memcpy(at, &v, sizeof v); \
    }

/* All bits for what cannot overflow. `u` is the unsigned type, whose sums wrap around. */
#define DEFINE_INTEGER(name, c, u) \
    DEFINE_SET(name, c, \
               op == OP_SUM || op == OP_PROD          ? (uint128)(int128)number(rank, i) \
               : op >= OP_LAND && op <= OP_LXOR && bits(rank, i) % 3 == 0 \
                   ? 0 \
                   : (uint128)bits(rank, i) << 64 | bits(rank, i + 99)) \
    DEFINE_APPLY(name, c, \
                 op == OP_MAX    ? (u)(a > b ? a : b) \
                 : op == OP_MIN  ? (u)(a < b ? a : b) \
                 : op == OP_SUM  ? (u)((u)a + (u)b) \
                 : op == OP_PROD ? (u)((uint128)a * (uint128)b) \
                 : op == OP_LAND ? (u)(a && b) \
                 : op == OP_LOR  ? (u)(a || b) \
                 : op == OP_LXOR ? (u)(!a != !b) \
                 : op == OP_BAND ? (u)(a & b) \
                 : op == OP_BOR  ? (u)(a | b) \
                                 : (u)(a ^ b)) \
    DEFINE_EQUAL(name, c)

#define DEFINE_LOGICAL(name, c) \
    DEFINE_SET(name, c, ((void)op, bits(rank, i) % 2)) \
    DEFINE_APPLY(name, c, op == OP_LAND ? a && b : op == OP_LOR ? a || b : !a != !b) \
    DEFINE_EQUAL(name, c)

#define DEFINE_FLOAT(name, c) \
    DEFINE_SET(name, c, op <= OP_MIN ? (int)(bits(rank, i) % 999) - 500 : number(rank, i)) \
    DEFINE_APPLY(name, c, \
                 op == OP_MAX   ? (a > b ? a : b) \
                 : op == OP_MIN ? (a < b ? a : b) \
                 : op == OP_SUM ? a + b \
                                : a * b) \
    DEFINE_EQUAL(name, c)

#define DEFINE_COMPLEX(name, c) \
    DEFINE_SET(name, c, number(rank, i) + (op == OP_SUM ? 2 : 1) * number(rank, i + 1) * I) \
    DEFINE_APPLY(name, c, op == OP_SUM ? a + b : a * b) \
    DEFINE_EQUAL(name, c)

/* Pairs: few values, so that the lower index often decides. */
#define DEFINE_PAIR(name, value_type, index_type) \
    struct name { \
        value_type value; \
        index_type index; \
    }; \
    static inline void set_##name(void *at, int rank, int i, enum op op) \
    { \
        struct name *p = at; \
        (void)op; \
        p->value = (value_type)((int)(bits(rank, i) % 3) - 1); \
        p->index = (index_type)(bits(rank, i + 99) % 100); \
    } \
    static inline void apply_##name(void *to, const void *from, enum op op) \
    { \
        const struct name *a = from; \
        struct name *b = to; \
        bool first = op == OP_MINLOC ? a->value < b->value : a->value > b->value; \
        if (first || (a->value == b->value && a->index < b->index)) { \
            b->value = a->value; \
            b->index = a->index; \
        } \
    } \
    static inline bool equal_##name(const void *x, const void *y) \
    { \
        const struct name *a = x, *b = y; \
        return a->value == b->value && a->index == b->index; \
    }

DEFINE_INTEGER(i8, int8_t, uint8_t)
DEFINE_INTEGER(i16, int16_t, uint16_t)
DEFINE_INTEGER(i32, int32_t, uint32_t)
DEFINE_INTEGER(i64, int64_t, uint64_t)
DEFINE_INTEGER(i128, int128, uint128)
DEFINE_INTEGER(u8, uint8_t, uint8_t)
DEFINE_INTEGER(u16, uint16_t, uint16_t)
DEFINE_INTEGER(u32, uint32_t, uint32_t)
DEFINE_INTEGER(u64, uint64_t, uint64_t)
DEFINE_LOGICAL(boolean, bool)
DEFINE_LOGICAL(l8, int8_t)
DEFINE_LOGICAL(l16, int16_t)
DEFINE_LOGICAL(l32, int32_t)
DEFINE_LOGICAL(l64, int64_t)
DEFINE_LOGICAL(l128, int128)
DEFINE_FLOAT(f16, half)
DEFINE_FLOAT(f32, float)
DEFINE_FLOAT(f64, double)
DEFINE_FLOAT(fld, long double)
DEFINE_FLOAT(f128, quad)
DEFINE_COMPLEX(c16, complex_half)
DEFINE_COMPLEX(c32, float complex)
DEFINE_COMPLEX(c64, double complex)
DEFINE_COMPLEX(cld, long double complex)
DEFINE_COMPLEX(c128, complex_quad)
DEFINE_PAIR(float_int, float, int)
DEFINE_PAIR(double_int, double, int)
DEFINE_PAIR(long_int, long, int)
DEFINE_PAIR(two_int, int, int)
DEFINE_PAIR(short_int, short, int)
DEFINE_PAIR(long_double_int, long double, int)
DEFINE_PAIR(two_real, float, float)
DEFINE_PAIR(two_double, double, double)

static inline const char *name_of(MPI_Datatype type)
{
    static char name[MPI_MAX_OBJECT_NAME];
    int length = 0;

    MPI_Type_get_name(type, name, &length);
    return name;
}

struct kind {
    MPI_Datatype type;
    unsigned ops;   /* that the standard defines for it */
    unsigned maybe; /* that it does not, but a library may */
    int size;       /* bytes of an element in memory */
    set_fn *set;
    apply_fn *apply;
    equal_fn *equal;
};

#define KIND(type, ops, maybe, c, name) \
    {type, ops, maybe, (int)sizeof(c), set_##name, apply_##name, equal_##name}
#define C_INTEGER(type, c, name) KIND(type, ARITHMETIC | LOGICAL | BITWISE, 0, c, name)
/* Of Fortran and of both languages: whether they are logical too is up to the library. */
#define INTEGER(type, c, name) KIND(type, ARITHMETIC | BITWISE, LOGICAL, c, name)
#define FLOAT(type, c, name) KIND(type, ARITHMETIC, 0, c, name)
#define COMPLEX(type, c, name) KIND(type, SUM_PROD, 0, c, name)
#define TRUTH(type, c, name) KIND(type, LOGICAL, 0, c, name)
#define PAIR(type, name) KIND(type, LOCATION, 0, struct name, name)
#define NONE(type, c) {type, 0, 0, (int)sizeof(c), NULL, NULL, NULL}

#endif

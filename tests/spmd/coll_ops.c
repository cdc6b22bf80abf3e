/* coll_ops.c - every predefined operation on every C type it is defined for. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "test.h"
#include <complex.h>
#include <stdbool.h>

enum { N = 37, MAX_BYTES = N * 32 };
enum { OP_MAX, OP_MIN, OP_SUM, OP_PROD, OP_LAND, OP_LOR, OP_LXOR, OP_BAND, OP_BOR, OP_BXOR, OPS };

static const char *const names[OPS] = {"max", "min",  "sum",  "prod", "land",
                                       "lor", "lxor", "band", "bor",  "bxor"};

static MPI_Op op_of(int op)
{
    MPI_Op ops[OPS] = {MPI_MAX, MPI_MIN,  MPI_SUM,  MPI_PROD, MPI_LAND,
                       MPI_LOR, MPI_LXOR, MPI_BAND, MPI_BOR,  MPI_BXOR};

    return ops[op];
}

/* What an element of a rank is: small, so that no sum or product of eight ranks leaves a signed
 * char, and with zeros, so that logical operations differ. */
static int number(int rank, int i)
{
    return (rank * 5 + i * 3) % 3 + (i % 4 == 0 && rank > 5 ? 1 : 0) - (i % 5 == 1);
}

static int bits(int rank, int i)
{
    return (rank * 37 + i * 11 + 1) & 0x7f;
}

typedef void set_fn(void *at, int rank, int i, int op);
typedef void apply_fn(void *to, const void *from, int op);

#define DEFINE_SET(name, c) \
    static void set_##name(void *at, int rank, int i, int op) \
    { \
        c v = (c)(op >= OP_BAND ? bits(rank, i) : number(rank, i)); \
        memcpy(at, &v, sizeof v); \
    }

#define DEFINE_INTEGER(name, c) \
    DEFINE_SET(name, c) \
    static void apply_##name(void *to, const void *from, int op) \
    { \
        c a, b; \
        memcpy(&a, to, sizeof a); \
        memcpy(&b, from, sizeof b); \
        switch (op) { \
            case OP_MAX: a = a > b ? a : b; break; \
            case OP_MIN: a = a < b ? a : b; break; \
            case OP_SUM: a = (c)(a + b); break; \
            case OP_PROD: a = (c)(a * b); break; \
            case OP_LAND: a = a && b; break; \
            case OP_LOR: a = a || b; break; \
            case OP_LXOR: a = !a != !b; break; \
            case OP_BAND: a = (c)(a & b); break; \
            case OP_BOR: a = (c)(a | b); break; \
            default: a = (c)(a ^ b); \
        } \
        memcpy(to, &a, sizeof a); \
    }

#define DEFINE_FLOAT(name, c) \
    DEFINE_SET(name, c) \
    static void apply_##name(void *to, const void *from, int op) \
    { \
        c a, b; \
        memcpy(&a, to, sizeof a); \
        memcpy(&b, from, sizeof b); \
        a = op == OP_MAX   ? (a > b ? a : b) \
            : op == OP_MIN ? (a < b ? a : b) \
            : op == OP_SUM ? a + b \
                           : a * b; \
        memcpy(to, &a, sizeof a); \
    }

#define DEFINE_COMPLEX(name, c) \
    static void set_##name(void *at, int rank, int i, int op) \
    { \
        c v = (c)(number(rank, i) + (op == OP_SUM ? 2 : 1) * number(rank, i + 1) * I); \
        memcpy(at, &v, sizeof v); \
    } \
    static void apply_##name(void *to, const void *from, int op) \
    { \
        c a, b; \
        memcpy(&a, to, sizeof a); \
        memcpy(&b, from, sizeof b); \
        a = op == OP_SUM ? a + b : a * b; \
        memcpy(to, &a, sizeof a); \
    }

DEFINE_INTEGER(schar, signed char)
DEFINE_INTEGER(uchar, unsigned char)
DEFINE_INTEGER(short, short)
DEFINE_INTEGER(ushort, unsigned short)
DEFINE_INTEGER(int, int)
DEFINE_INTEGER(uint, unsigned)
DEFINE_INTEGER(long, long)
DEFINE_INTEGER(ulong, unsigned long)
DEFINE_INTEGER(llong, long long)
DEFINE_INTEGER(ullong, unsigned long long)

static void set_logical(void *at, int rank, int i, int op)
{
    bool v = number(rank, i) != 0;

    (void)op;
    memcpy(at, &v, sizeof v);
}

static void apply_logical(void *to, const void *from, int op)
{
    bool a, b;

    memcpy(&a, to, sizeof a);
    memcpy(&b, from, sizeof b);
    a = op == OP_LAND ? a && b : op == OP_LOR ? a || b : a != b;
    memcpy(to, &a, sizeof a);
}

DEFINE_FLOAT(float, float)
DEFINE_FLOAT(double, double)
DEFINE_FLOAT(ldouble, long double)
DEFINE_COMPLEX(cfloat, float complex)
DEFINE_COMPLEX(cdouble, double complex)
DEFINE_COMPLEX(cldouble, long double complex)

#define ARITHMETIC 0x00f
#define LOGICAL 0x070
#define BITWISE 0x380
#define SUM_PROD 0x00c

struct kind {
    MPI_Datatype type;
    const char *name;
    unsigned ops;   /* bit per operation */
    int size, data; /* bytes of an element, bytes of it that count */
    set_fn *set;
    apply_fn *apply;
};

#define INTEGER(type, name, c) \
    { \
        type, #type, ARITHMETIC | LOGICAL | BITWISE, (int)sizeof(c), (int)sizeof(c), set_##name, \
            apply_##name \
    }
#define OF(type, ops, name, c, data) \
    { \
        type, #type, ops, (int)sizeof(c), data, set_##name, apply_##name \
    }

static unsigned char out[MAX_BYTES], in[MAX_BYTES * 8], wanted[MAX_BYTES];

/* The result over ranks 0 to `last`, elements `first` to `first` + n - 1. */
static void model(const struct kind *k, int op, int last, int first, int n)
{
    unsigned char item[32];

    for (int i = 0; i < n; i++) {
        k->set(wanted + i * k->size, 0, first + i, op);
        for (int r = 1; r <= last; r++) {
            k->set(item, r, first + i, op);
            k->apply(wanted + i * k->size, item, op);
        }
    }
}

/* Adds zero to the parts of complex numbers: the sign of a zero depends on the order of products.
 */
static void unsign_zeros(const struct kind *k, unsigned char *at)
{
    size_t half = (size_t)k->size / 2;

    for (int part = 0; part < 2; part++, at += half) {
        if (k->apply == apply_cfloat) {
            float v;
            memcpy(&v, at, sizeof v);
            v += 0.0f;
            memcpy(at, &v, sizeof v);
        } else if (k->apply == apply_cdouble) {
            double v;
            memcpy(&v, at, sizeof v);
            v += 0.0;
            memcpy(at, &v, sizeof v);
        } else if (k->apply == apply_cldouble) {
            long double v;
            memcpy(&v, at, sizeof v);
            v += 0.0L;
            memcpy(at, &v, 10);
        }
    }
}

/* A long double has ten bytes of value, the rest is padding; a complex one is two of them. */
static void compare(const struct kind *k, int op, int n, const char *how)
{
    int half = k->size == 32 ? 16 : 0;

    for (int i = 0; i < n; i++) {
        unsigned char *a = in + i * k->size, *b = wanted + i * k->size;
        unsign_zeros(k, a);
        unsign_zeros(k, b);
        if (memcmp(a, b, (size_t)k->data) != 0 ||
            memcmp(a + half, b + half, (size_t)k->data) != 0) {
            CHECK(0, "%s of %s by %s: element %d", names[op], k->name, how, i);
            return;
        }
    }
}

static void one(const struct kind *k, int op)
{
    MPI_Op o = op_of(op);
    int block = N / t_size > 0 ? N / t_size : 1;

    for (int i = 0; i < N; i++)
        k->set(out + i * k->size, t_rank, i, op);
    model(k, op, t_size - 1, 0, N);
    MPI_Allreduce(out, in, N, k->type, o, MPI_COMM_WORLD);
    compare(k, op, N, "allreduce");
    MPI_Reduce(out, in, N, k->type, o, t_size - 1, MPI_COMM_WORLD);
    if (t_rank == t_size - 1)
        compare(k, op, N, "reduce");
    model(k, op, t_rank, 0, N);
    MPI_Scan(out, in, N, k->type, o, MPI_COMM_WORLD);
    compare(k, op, N, "scan");
    if (t_rank > 0)
        model(k, op, t_rank - 1, 0, N);
    MPI_Exscan(out, in, N, k->type, o, MPI_COMM_WORLD);
    if (t_rank > 0)
        compare(k, op, N, "exscan");
    model(k, op, t_size - 1, t_rank * block, block);
    MPI_Reduce_scatter_block(out, in, block, k->type, o, MPI_COMM_WORLD);
    compare(k, op, block, "reduce_scatter_block");
}

static void all_kinds(void)
{
    const struct kind kinds[] = {
        INTEGER(MPI_SIGNED_CHAR, schar, signed char),
        INTEGER(MPI_UNSIGNED_CHAR, uchar, unsigned char),
        INTEGER(MPI_SHORT, short, short),
        INTEGER(MPI_UNSIGNED_SHORT, ushort, unsigned short),
        INTEGER(MPI_INT, int, int),
        INTEGER(MPI_UNSIGNED, uint, unsigned),
        INTEGER(MPI_LONG, long, long),
        INTEGER(MPI_UNSIGNED_LONG, ulong, unsigned long),
        INTEGER(MPI_LONG_LONG, llong, long long),
        INTEGER(MPI_UNSIGNED_LONG_LONG, ullong, unsigned long long),
        INTEGER(MPI_INT8_T, schar, int8_t),
        INTEGER(MPI_UINT8_T, uchar, uint8_t),
        INTEGER(MPI_INT16_T, short, int16_t),
        INTEGER(MPI_UINT16_T, ushort, uint16_t),
        INTEGER(MPI_INT32_T, int, int32_t),
        INTEGER(MPI_UINT32_T, uint, uint32_t),
        INTEGER(MPI_INT64_T, long, int64_t),
        INTEGER(MPI_UINT64_T, ulong, uint64_t),
        OF(MPI_AINT, ARITHMETIC | BITWISE, long, MPI_Aint, 8),
        OF(MPI_OFFSET, ARITHMETIC | BITWISE, long, MPI_Offset, 8),
        OF(MPI_COUNT, ARITHMETIC | BITWISE, long, MPI_Count, 8),
        OF(MPI_BYTE, BITWISE, uchar, unsigned char, 1),
        OF(MPI_C_BOOL, LOGICAL, logical, bool, 1),
        OF(MPI_FLOAT, ARITHMETIC, float, float, 4),
        OF(MPI_DOUBLE, ARITHMETIC, double, double, 8),
        OF(MPI_LONG_DOUBLE, ARITHMETIC, ldouble, long double, 10),
        OF(MPI_C_COMPLEX, SUM_PROD, cfloat, float complex, 8),
        OF(MPI_C_DOUBLE_COMPLEX, SUM_PROD, cdouble, double complex, 16),
        OF(MPI_C_LONG_DOUBLE_COMPLEX, SUM_PROD, cldouble, long double complex, 10)};

    for (int k = 0; k < T_COUNT(kinds); k++)
        for (int op = 0; op < OPS; op++)
            if (kinds[k].ops >> op & 1)
                one(&kinds[k], op);
}

int main(int argc, char **argv)
{
    t_init(&argc, &argv);
    if (t_size > 8)
        MPI_Abort(MPI_COMM_WORLD, 2);
    all_kinds();
    return t_finish();
}

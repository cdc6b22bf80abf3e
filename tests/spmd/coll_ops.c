/* coll_ops.c - every predefined operation on every predefined type: defined, or refused. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "coll_ops.h"

enum { N = 37, MAX_SIZE = 32, SHIFTS = 4, ROOM = (N + SHIFTS) * MAX_SIZE };

static const int lengths[] = {1, 2, 3, 8, 17, N};
/* Aligned for the widest vectors: the shifts then are what they say. */
static _Alignas(64) unsigned char out[ROOM], in[ROOM], wanted[ROOM], start[ROOM];
static int pairs_tried, pairs_refused;

static MPI_Op op_of(int op)
{
    const MPI_Op ops[OPS] = {MPI_MAX,  MPI_MIN,    MPI_SUM,    MPI_PROD,    MPI_LAND,
                             MPI_LOR,  MPI_LXOR,   MPI_BAND,   MPI_BOR,     MPI_BXOR,
                             MPI_MINLOC, MPI_MAXLOC, MPI_REPLACE, MPI_NO_OP};

    return ops[op];
}

static void fill(const struct kind *k, unsigned char *at, int rank, int first, int n, enum op op)
{
    for (int i = 0; i < n; i++)
        k->set(at + i * k->size, rank, first + i, op);
}

/* The result over ranks 0 to `last`, elements `first` to `first` + n - 1. */
static void model(const struct kind *k, enum op op, int last, int first, int n)
{
    _Alignas(16) unsigned char item[MAX_SIZE];

    for (int i = 0; i < n; i++) {
        unsigned char *to = wanted + i * k->size;
        k->set(to, last, first + i, op);
        for (int r = last - 1; r >= 0; r--) {
            k->set(item, r, first + i, op);
            k->apply(to, item, op);
        }
    }
}

static bool compare(const struct kind *k, enum op op, const unsigned char *got, int n,
                    const char *how)
{
    for (int i = 0; i < n; i++)
        if (!k->equal(got + i * k->size, wanted + i * k->size)) {
            CHECK(0, "%s, %s of %d %s on %d ranks: element %d", how, op_names[op], n,
                  name_of(k->type), t_size, i);
            return false;
        }
    return true;
}

/* Two operands, every length and place: what is before and behind stays. */
static void local(const struct kind *k, enum op op)
{
    model(k, op, 1, 0, N);
    for (int n = 0; n <= N; n++)
        for (int shift = 0; shift < SHIFTS; shift++) {
            unsigned char *from = out + (n + shift) % SHIFTS * k->size, *to = in + shift * k->size;
            memset(in, T_GUARD_BYTE, ROOM);
            fill(k, from, 0, 0, n, op);
            fill(k, to, 1, 0, n, op);
            CHECK_OK(MPI_Reduce_local(from, to, n, k->type, op_of(op)));
            if (!compare(k, op, to, n, "reduce_local"))
                return;
            CHECK(t_untouched(in, (size_t)(shift * k->size)), "reduce_local of %d %s: before it", n,
                  name_of(k->type));
            CHECK(t_untouched(to + n * k->size, (size_t)((N + SHIFTS - shift - n) * k->size)),
                  "reduce_local of %d %s: behind it", n, name_of(k->type));
        }
}

static void together(const struct kind *k, enum op op)
{
    MPI_Op o = op_of(op);
    int block = N / t_size > 0 ? N / t_size : 1;
    unsigned char *from = out + k->size, *to = in + 2 * k->size;

    fill(k, from, t_rank, 0, N, op);
    model(k, op, t_size - 1, 0, N);
    for (int i = 0; i < T_COUNT(lengths); i++) {
        memset(in, T_GUARD_BYTE, ROOM);
        CHECK_OK(MPI_Allreduce(from, to, lengths[i], k->type, o, MPI_COMM_WORLD));
        compare(k, op, to, lengths[i], "allreduce");
        CHECK(t_untouched(in, (size_t)(2 * k->size)) &&
                  t_untouched(to + lengths[i] * k->size, (size_t)k->size),
              "allreduce of %d %s: around it", lengths[i], name_of(k->type));
    }
    MPI_Reduce(from, to, N, k->type, o, t_size - 1, MPI_COMM_WORLD);
    if (t_rank == t_size - 1)
        compare(k, op, to, N, "reduce");
    model(k, op, t_rank, 0, N);
    MPI_Scan(from, to, N, k->type, o, MPI_COMM_WORLD);
    compare(k, op, to, N, "scan");
    MPI_Exscan(from, to, N, k->type, o, MPI_COMM_WORLD);
    if (t_rank > 0) {
        model(k, op, t_rank - 1, 0, N);
        compare(k, op, to, N, "exscan");
    }
    model(k, op, t_size - 1, t_rank * block, block);
    fill(k, start, t_rank, 0, block * t_size, op);
    MPI_Reduce_scatter_block(start, to, block, k->type, o, MPI_COMM_WORLD);
    compare(k, op, to, block, "reduce_scatter_block");
}

/* A pair that makes no sense is refused on all ranks alike, before anything is sent. */
static void refused(MPI_Datatype type, int op)
{
#ifdef MPICH_VERSION
    return; /* 4.0.2 ends the program on some of them */
#endif
    int code = MPI_Reduce_local(out, in, 1, type, op_of(op));

    pairs_refused++;
    CHECK(t_class(code) == MPI_ERR_OP, "reduce_local, %s of %s: class %d", op_names[op],
          name_of(type), t_class(code));
    code = MPI_Allreduce(out, in, 1, type, op_of(op), MPI_COMM_WORLD);
    CHECK(t_class(code) == MPI_ERR_OP, "allreduce, %s of %s: class %d", op_names[op],
          name_of(type), t_class(code));
}

/* What Debian's MPICH 4.0.2, the control of this program, is known to do wrong: the largest and the
 * smallest of unsigned numbers are those of signed ones. */
static bool peer_fails(const struct kind *k, int op)
{
#ifdef MPICH_VERSION
    return op <= OP_MIN && (k->apply == apply_u8 || k->apply == apply_u16 ||
                            k->apply == apply_u32 || k->apply == apply_u64);
#else
    (void)k, (void)op;
    return false;
#endif
}

static void all_operations(const struct kind *k)
{
    if (k->type == MPI_DATATYPE_NULL)
        return; /* a Fortran type that this library does without */
    for (int op = 0; op < OPS; op++) {
        if (peer_fails(k, op))
            continue;
        if (k->ops >> op & 1) {
            pairs_tried++;
            local(k, (enum op)op);
            together(k, (enum op)op);
        } else if (!(k->maybe >> op & 1)) {
            refused(k->type, op);
        }
    }
}

static void integers(void)
{
    const struct kind kinds[] = {C_INTEGER(MPI_SIGNED_CHAR, signed char, i8),
                                 C_INTEGER(MPI_UNSIGNED_CHAR, unsigned char, u8),
                                 C_INTEGER(MPI_SHORT, short, i16),
                                 C_INTEGER(MPI_UNSIGNED_SHORT, unsigned short, u16),
                                 C_INTEGER(MPI_INT, int, i32),
                                 C_INTEGER(MPI_UNSIGNED, unsigned, u32),
                                 C_INTEGER(MPI_LONG, long, i64),
                                 C_INTEGER(MPI_UNSIGNED_LONG, unsigned long, u64),
                                 C_INTEGER(MPI_LONG_LONG, long long, i64),
                                 C_INTEGER(MPI_LONG_LONG_INT, long long, i64),
                                 C_INTEGER(MPI_UNSIGNED_LONG_LONG, unsigned long long, u64),
                                 C_INTEGER(MPI_INT8_T, int8_t, i8),
                                 C_INTEGER(MPI_UINT8_T, uint8_t, u8),
                                 C_INTEGER(MPI_INT16_T, int16_t, i16),
                                 C_INTEGER(MPI_UINT16_T, uint16_t, u16),
                                 C_INTEGER(MPI_INT32_T, int32_t, i32),
                                 C_INTEGER(MPI_UINT32_T, uint32_t, u32),
                                 C_INTEGER(MPI_INT64_T, int64_t, i64),
                                 C_INTEGER(MPI_UINT64_T, uint64_t, u64),
                                 INTEGER(MPI_AINT, MPI_Aint, i64),
                                 INTEGER(MPI_OFFSET, MPI_Offset, i64),
                                 INTEGER(MPI_COUNT, MPI_Count, i64),
                                 INTEGER(MPI_INTEGER, int32_t, i32),
                                 INTEGER(MPI_INTEGER1, int8_t, i8),
                                 INTEGER(MPI_INTEGER2, int16_t, i16),
                                 INTEGER(MPI_INTEGER4, int32_t, i32),
                                 INTEGER(MPI_INTEGER8, int64_t, i64),
#ifndef MPICH_VERSION
                                 INTEGER(MPI_INTEGER16, int128, i128),
#endif
                                 KIND(MPI_BYTE, BITWISE, 0, unsigned char, u8)};

    for (int i = 0; i < T_COUNT(kinds); i++)
        all_operations(&kinds[i]);
}

static void others(void)
{
    const struct kind kinds[] = {TRUTH(MPI_C_BOOL, bool, boolean),
                                 TRUTH(MPI_CXX_BOOL, bool, boolean),
                                 TRUTH(MPI_LOGICAL, int32_t, l32),
                                 FLOAT(MPI_FLOAT, float, f32),
                                 FLOAT(MPI_DOUBLE, double, f64),
                                 FLOAT(MPI_LONG_DOUBLE, long double, fld),
                                 FLOAT(MPI_REAL, float, f32),
                                 FLOAT(MPI_DOUBLE_PRECISION, double, f64),
                                 FLOAT(MPI_REAL4, float, f32),
                                 FLOAT(MPI_REAL8, double, f64),
                                 COMPLEX(MPI_C_COMPLEX, float complex, c32),
                                 COMPLEX(MPI_C_FLOAT_COMPLEX, float complex, c32),
                                 COMPLEX(MPI_C_DOUBLE_COMPLEX, double complex, c64),
                                 COMPLEX(MPI_C_LONG_DOUBLE_COMPLEX, long double complex, cld),
                                 COMPLEX(MPI_CXX_FLOAT_COMPLEX, float complex, c32),
                                 COMPLEX(MPI_CXX_DOUBLE_COMPLEX, double complex, c64),
                                 COMPLEX(MPI_CXX_LONG_DOUBLE_COMPLEX, long double complex, cld),
                                 COMPLEX(MPI_COMPLEX, float complex, c32),
                                 COMPLEX(MPI_DOUBLE_COMPLEX, double complex, c64),
                                 COMPLEX(MPI_COMPLEX8, float complex, c32),
                                 COMPLEX(MPI_COMPLEX16, double complex, c64),
#ifndef MPICH_VERSION
                                 TRUTH(MPI_LOGICAL1, int8_t, l8),
                                 TRUTH(MPI_LOGICAL2, int16_t, l16),
                                 TRUTH(MPI_LOGICAL4, int32_t, l32),
                                 TRUTH(MPI_LOGICAL8, int64_t, l64),
                                 TRUTH(MPI_LOGICAL16, int128, l128),
                                 FLOAT(MPI_REAL2, half, f16),
                                 FLOAT(MPI_REAL16, quad, f128),
                                 COMPLEX(MPI_COMPLEX4, complex_half, c16),
                                 COMPLEX(MPI_COMPLEX32, complex_quad, c128),
#endif
                                 PAIR(MPI_FLOAT_INT, float_int),
                                 PAIR(MPI_DOUBLE_INT, double_int),
                                 PAIR(MPI_LONG_INT, long_int),
                                 PAIR(MPI_2INT, two_int),
                                 PAIR(MPI_SHORT_INT, short_int),
                                 PAIR(MPI_LONG_DOUBLE_INT, long_double_int),
                                 PAIR(MPI_2REAL, two_real),
                                 PAIR(MPI_2DOUBLE_PRECISION, two_double),
                                 PAIR(MPI_2INTEGER, two_int),
                                 NONE(MPI_CHAR, char),
                                 NONE(MPI_WCHAR, int),
                                 NONE(MPI_CHARACTER, char),
                                 NONE(MPI_PACKED, char)};

    for (int i = 0; i < T_COUNT(kinds); i++)
        all_operations(&kinds[i]);
}

/* No predefined operation is defined on a type that the program made, be it of one int. */
static void derived(void)
{
    MPI_Datatype type;

    MPI_Type_contiguous(1, MPI_INT, &type);
    MPI_Type_commit(&type);
    for (int op = 0; op < OPS; op++)
        refused(type, op);
    MPI_Type_free(&type);
}

int main(int argc, char **argv)
{
    t_init(&argc, &argv);
    if (t_size > 8)
        MPI_Abort(MPI_COMM_WORLD, 2);
    MPI_Comm_set_errhandler(MPI_COMM_WORLD, MPI_ERRORS_RETURN);
    MPI_Comm_set_errhandler(MPI_COMM_SELF, MPI_ERRORS_RETURN);
    integers();
    others();
    derived();
    if (t_rank == 0)
        printf("%d pairs of an operation and a type, %d refused\n", pairs_tried, pairs_refused);
    return t_finish();
}

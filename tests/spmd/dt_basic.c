/* dt_basic.c - every predefined datatype: its size and extent, and messages of it. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "test.h"
#include <complex.h>
#include <stdbool.h>
#include <stddef.h>
#include <wchar.h>

enum { TAG = 161, MAX_COUNT = 5000, MAX_ITEM = 32 };

struct basic {
    MPI_Datatype type;
    const char *name;
    int size;   /* bytes of data; 0: whatever the library says (Fortran types) */
    int extent; /* bytes between neighbours; 0: the same as the size */
};

#define PLAIN(type, c) \
    { \
        type, #type, (int)sizeof(c), 0 \
    }
#define FORTRAN(type, size) \
    { \
        type, #type, size, 0 \
    }
#define PAIR(type, c, name) \
    { \
        type, #type, (int)(sizeof(c) + sizeof(int)), (int)sizeof(struct name) \
    }

struct float_int {
    float v;
    int i;
};
struct double_int {
    double v;
    int i;
};
struct long_int {
    long v;
    int i;
};
struct short_int {
    short v;
    int i;
};
struct two_int {
    int v;
    int i;
};
struct long_double_int {
    long double v;
    int i;
};

static int peer;
static unsigned char *out, *in;

static void check_layout(const struct basic *b, int *size, MPI_Aint *extent)
{
    MPI_Aint lb = -1, true_lb = -1, true_extent = -1;

    MPI_Type_size(b->type, size);
    MPI_Type_get_extent(b->type, &lb, extent);
    MPI_Type_get_true_extent(b->type, &true_lb, &true_extent);
    CHECK(b->size == 0 || *size == b->size, "%s: size %d, not %d", b->name, *size, b->size);
    CHECK(lb == 0 && true_lb == 0, "%s: lower bound %ld, true %ld", b->name, (long)lb,
          (long)true_lb);
    if (b->extent != 0)
        CHECK(*extent == b->extent, "%s: extent %ld, not %d", b->name, (long)*extent, b->extent);
    else
        CHECK(*extent == *size, "%s: extent %ld of size %d", b->name, (long)*extent, *size);
    CHECK(true_extent > 0 && true_extent <= *extent, "%s: true extent %ld", b->name,
          (long)true_extent);
}

/* Messages of `count` elements; pair types have gaps, so their bytes are compared only when
 * dense. */
static void check_messages(const struct basic *b, int size, MPI_Aint extent, int count)
{
    MPI_Status status;
    int got = -1;
    size_t bytes = (size_t)count * (size_t)extent;

    t_fill(out, bytes, (uint64_t)(t_rank * 31 + count));
    memset(in, T_GUARD_BYTE, bytes);
    MPI_Sendrecv(out, count, b->type, peer, TAG, in, count, b->type, peer, TAG, MPI_COMM_WORLD,
                 &status);
    MPI_Get_count(&status, b->type, &got);
    CHECK(got == count, "%s: count %d, not %d", b->name, got, count);
    MPI_Get_count(&status, MPI_BYTE, &got);
    CHECK(got == count * size, "%s: %d bytes, not %d", b->name, got, count * size);
    if (extent == size)
        CHECK(t_differs(in, bytes, (uint64_t)(peer * 31 + count)) < 0, "%d of %s differ", count,
              b->name);
    CHECK(t_guards(in, (size_t)MAX_COUNT * MAX_ITEM), "%s: a guard was written", b->name);
}

static void check_pack(const struct basic *b, int size, MPI_Aint extent)
{
    unsigned char packed[64 * MAX_ITEM];
    int room = -1, end = 0, at = 0;

    MPI_Pack_size(50, b->type, MPI_COMM_WORLD, &room);
    CHECK(room >= 50 * size, "%s: MPI_Pack_size %d of %d", b->name, room, 50 * size);
    MPI_Pack(out, 50, b->type, packed, (int)sizeof packed, &end, MPI_COMM_WORLD);
    CHECK(end > 0 && end <= room, "%s: packed %d of at most %d", b->name, end, room);
    memset(in, T_GUARD_BYTE, 50 * MAX_ITEM);
    MPI_Unpack(packed, end, &at, in, 50, b->type, MPI_COMM_WORLD);
    CHECK(at == end, "%s: unpacked %d of %d", b->name, at, end);
    if (extent == size)
        CHECK(memcmp(in, out, (size_t)(50 * size)) == 0, "%s: unpacked differs", b->name);
}

static void check_one(const struct basic *b)
{
    static const int counts[] = {0, 1, 3, 100, MAX_COUNT};
    int size = -1;
    MPI_Aint extent = -1;

    if (b->type == MPI_DATATYPE_NULL)
        return;
    check_layout(b, &size, &extent);
    if (size <= 0 || extent > MAX_ITEM)
        return;
    for (int i = 0; i < T_COUNT(counts); i++)
        check_messages(b, size, extent, counts[i]);
    t_fill(out, 50 * (size_t)extent, 1);
    check_pack(b, size, extent);
}

/* The two halves of a pair arrive, the gap between them is not sent. */
static void check_pair_values(void)
{
    struct double_int pairs[4], got[4];

    for (int i = 0; i < 4; i++) {
        pairs[i].v = t_rank + i / 4.0;
        pairs[i].i = 100 * t_rank + i;
    }
    memset(got, T_GUARD_BYTE, sizeof got);
    MPI_Sendrecv(pairs, 4, MPI_DOUBLE_INT, peer, TAG, got, 4, MPI_DOUBLE_INT, peer, TAG,
                 MPI_COMM_WORLD, MPI_STATUS_IGNORE);
    for (int i = 0; i < 4; i++) {
        CHECK(got[i].v >= peer + i / 4.0 && got[i].v <= peer + i / 4.0, "pair %d: %g", i, got[i].v);
        CHECK(got[i].i == 100 * peer + i, "pair %d: %d", i, got[i].i);
        CHECK(t_untouched((char *)&got[i] + 12, sizeof got[i] - 12), "pair %d: the gap was written",
              i);
    }
}

static const struct basic *c_types(int *n)
{
    static struct basic all[64];
    struct basic list[] = {PLAIN(MPI_CHAR, char),
                           PLAIN(MPI_SIGNED_CHAR, signed char),
                           PLAIN(MPI_UNSIGNED_CHAR, unsigned char),
                           PLAIN(MPI_BYTE, char),
                           PLAIN(MPI_PACKED, char),
                           PLAIN(MPI_SHORT, short),
                           PLAIN(MPI_UNSIGNED_SHORT, unsigned short),
                           PLAIN(MPI_INT, int),
                           PLAIN(MPI_UNSIGNED, unsigned),
                           PLAIN(MPI_LONG, long),
                           PLAIN(MPI_UNSIGNED_LONG, unsigned long),
                           PLAIN(MPI_LONG_LONG, long long),
                           PLAIN(MPI_LONG_LONG_INT, long long),
                           PLAIN(MPI_UNSIGNED_LONG_LONG, unsigned long long),
                           PLAIN(MPI_FLOAT, float),
                           PLAIN(MPI_DOUBLE, double),
                           PLAIN(MPI_LONG_DOUBLE, long double),
                           PLAIN(MPI_WCHAR, wchar_t),
                           PLAIN(MPI_C_BOOL, bool),
                           PLAIN(MPI_INT8_T, int8_t),
                           PLAIN(MPI_INT16_T, int16_t),
                           PLAIN(MPI_INT32_T, int32_t),
                           PLAIN(MPI_INT64_T, int64_t),
                           PLAIN(MPI_UINT8_T, uint8_t),
                           PLAIN(MPI_UINT16_T, uint16_t),
                           PLAIN(MPI_UINT32_T, uint32_t),
                           PLAIN(MPI_UINT64_T, uint64_t),
                           PLAIN(MPI_C_COMPLEX, float complex),
                           PLAIN(MPI_C_FLOAT_COMPLEX, float complex),
                           PLAIN(MPI_C_DOUBLE_COMPLEX, double complex),
                           PLAIN(MPI_C_LONG_DOUBLE_COMPLEX, long double complex),
                           PLAIN(MPI_AINT, MPI_Aint),
                           PLAIN(MPI_OFFSET, MPI_Offset),
                           PLAIN(MPI_COUNT, MPI_Count),
                           PAIR(MPI_FLOAT_INT, float, float_int),
                           PAIR(MPI_DOUBLE_INT, double, double_int),
                           PAIR(MPI_LONG_INT, long, long_int),
                           PAIR(MPI_SHORT_INT, short, short_int),
                           PAIR(MPI_2INT, int, two_int),
                           PAIR(MPI_LONG_DOUBLE_INT, long double, long_double_int)};

    memcpy(all, list, sizeof list);
    *n = T_COUNT(list);
    return all;
}

#if MPI_VERSION >= 5
static const struct basic *fortran_types(int *n)
{
    static struct basic all[32];
    struct basic list[] = {FORTRAN(MPI_INTEGER1, 1),
                           FORTRAN(MPI_INTEGER2, 2),
                           FORTRAN(MPI_INTEGER4, 4),
                           FORTRAN(MPI_INTEGER8, 8),
                           FORTRAN(MPI_REAL4, 4),
                           FORTRAN(MPI_REAL8, 8),
                           FORTRAN(MPI_COMPLEX8, 8),
                           FORTRAN(MPI_COMPLEX16, 16),
                           FORTRAN(MPI_LOGICAL1, 1),
                           FORTRAN(MPI_LOGICAL2, 2),
                           FORTRAN(MPI_LOGICAL4, 4),
                           FORTRAN(MPI_LOGICAL8, 8),
                           FORTRAN(MPI_CHARACTER, 1),
                           FORTRAN(MPI_INTEGER, 4),
                           FORTRAN(MPI_REAL, 4),
                           FORTRAN(MPI_DOUBLE_PRECISION, 8),
                           FORTRAN(MPI_LOGICAL, 4),
                           FORTRAN(MPI_COMPLEX, 8),
                           FORTRAN(MPI_DOUBLE_COMPLEX, 16),
                           FORTRAN(MPI_2INTEGER, 8),
                           FORTRAN(MPI_2REAL, 8),
                           FORTRAN(MPI_2DOUBLE_PRECISION, 16),
                           FORTRAN(MPI_CXX_BOOL, 1),
                           FORTRAN(MPI_CXX_FLOAT_COMPLEX, 8),
                           FORTRAN(MPI_CXX_DOUBLE_COMPLEX, 16)};

    memcpy(all, list, sizeof list);
    *n = T_COUNT(list);
    return all;
}
#endif

int main(int argc, char **argv)
{
    const struct basic *list;
    int n;

    t_init(&argc, &argv);
    peer = t_partner();
    out = t_alloc(MAX_COUNT * MAX_ITEM);
    in = t_alloc(MAX_COUNT * MAX_ITEM);
    list = c_types(&n);
    for (int i = 0; i < n; i++)
        check_one(&list[i]);
#if MPI_VERSION >= 5
    list = fortran_types(&n);
    for (int i = 0; i < n; i++)
        check_one(&list[i]);
#endif
    check_pair_values();
    t_free(out);
    t_free(in);
    return t_finish();
}

/* dt_external.c - "external32": the bytes of each basic type, derived types, wrong arguments. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <complex.h>
#include <stdbool.h>
#include <wchar.h>

#include "test.h"

static char representation[] = "external32";

static void refused(int code, int class, const char *what)
{
    CHECK(t_class(code) == class, "%s gave class %d, not %d", what, t_class(code), class);
}

/* One value there and back; `wanted` are its bytes in hexadecimal. */
static void one(MPI_Datatype type, void *value, size_t bytes, const char *wanted, const char *name)
{
    unsigned char packed[64], back[64];
    char text[129] = "";
    MPI_Aint size = -1, at = 0;

    CHECK_OK(MPI_Pack_external_size(representation, 1, type, &size));
    CHECK(size == (MPI_Aint)strlen(wanted) / 2, "%s: %ld bytes", name, (long)size);
    CHECK_OK(MPI_Pack_external(representation, value, 1, type, packed, sizeof packed, &at));
    CHECK(at == size, "%s: packed %ld bytes", name, (long)at);
    for (int i = 0; i < at; i++)
        snprintf(text + 2 * i, 3, "%02x", packed[i]);
    CHECK(strcmp(text, wanted) == 0, "%s is %s, not %s", name, text, wanted);
    memset(back, 0, sizeof back);
    at = 0;
    CHECK_OK(MPI_Unpack_external(representation, packed, size, &at, back, 1, type));
    CHECK(at == size && memcmp(back, value, bytes) == 0, "%s does not come back", name);
}

#define ONE(type, ctype, value, wanted)                                                            \
    do {                                                                                           \
        union {                                                                                    \
            ctype v;                                                                               \
            char bytes[64];                                                                        \
        } u = {.bytes = {0}};                                                                      \
        u.v = (value);                                                                             \
        one(type, &u, (type) == MPI_LONG_DOUBLE ? 10 : sizeof u.v, wanted, #type " " #value);      \
    } while (0)

static void basics(void)
{
    ONE(MPI_CHAR, char, 'A', "41");
    ONE(MPI_BYTE, char, 'B', "42");
    ONE(MPI_SHORT, short, -2, "fffe");
    ONE(MPI_INT, int, 0x01020304, "01020304");
    ONE(MPI_INT, int, -3, "fffffffd");
    ONE(MPI_LONG, long, -3, "fffffffd");
    ONE(MPI_LONG, long, 0x7654321, "07654321");
    ONE(MPI_UNSIGNED_LONG, unsigned long, 0xf7654321, "f7654321");
    ONE(MPI_LONG_LONG, long long, -2, "fffffffffffffffe");
    ONE(MPI_INT64_T, int64_t, 0x0102030405060708, "0102030405060708");
    ONE(MPI_AINT, MPI_Aint, 5, "0000000000000005");
    ONE(MPI_WCHAR, wchar_t, 0x20ac, "20ac");
    ONE(MPI_C_BOOL, bool, true, "01");
    ONE(MPI_FLOAT, float, 1.5f, "3fc00000");
    ONE(MPI_DOUBLE, double, -2.0, "c000000000000000");
    ONE(MPI_LONG_DOUBLE, long double, 1.5L, "3fff8000000000000000000000000000");
    ONE(MPI_LONG_DOUBLE, long double, -0.15625L, "bffc4000000000000000000000000000");
    ONE(MPI_C_FLOAT_COMPLEX, float complex, 1.0f + 2.0f * I, "3f80000040000000");
    ONE(MPI_C_DOUBLE_COMPLEX, double complex, 1.0 + 2.0 * I, "3ff00000000000004000000000000000");
    ONE(MPI_LOGICAL, int, 1, "00000001");
    ONE(MPI_INTEGER8, int64_t, 258, "0000000000000102");
}

static void pairs(void)
{
    struct {
        double value;
        int index;
    } pair = {1.0, 7};
    struct {
        long value;
        int index;
    } longs = {-1, 9};

    one(MPI_DOUBLE_INT, &pair, 12, "3ff000000000000000000007", "MPI_DOUBLE_INT");
    one(MPI_LONG_INT, &longs, 12, "ffffffff00000009", "MPI_LONG_INT");
}

/* Columns of structs, many: more than any piece that the library works in. */
static void derived(void)
{
    enum { COUNT = 3000 };
    struct item {
        long l;
        char c[3];
        short s;
    } *items = calloc(2 * COUNT, sizeof *items), *back = calloc(2 * COUNT, sizeof *items);
    int lengths[] = {1, 3, 1};
    MPI_Aint where[] = {offsetof(struct item, l), offsetof(struct item, c),
                        offsetof(struct item, s)};
    MPI_Datatype types[] = {MPI_LONG, MPI_CHAR, MPI_SHORT}, bare, item, column;
    MPI_Aint size = -1, at = 0, bytes = 9l * COUNT;
    unsigned char *packed = t_alloc((size_t)bytes);
    int wrong = 0;

    MPI_Type_create_struct(3, lengths, where, types, &bare);
    MPI_Type_create_resized(bare, 0, sizeof(struct item), &item);
    MPI_Type_vector(COUNT, 1, 2, item, &column);
    MPI_Type_commit(&column);
    for (int i = 0; i < 2 * COUNT; i++)
        items[i] = (struct item){-i, {'a', (char)i, 'c'}, (short)(2 * i)};
    CHECK_OK(MPI_Pack_external_size(representation, 1, column, &size));
    CHECK(size == bytes, "%ld bytes, not %ld", (long)size, (long)bytes);
    refused(MPI_Pack_external(representation, items, 1, column, packed, bytes - 1, &at),
            MPI_ERR_TRUNCATE, "a byte of room too few");
    CHECK_OK(MPI_Pack_external(representation, items, 1, column, packed, bytes, &at));
    CHECK(at == bytes && t_guards(packed, (size_t)bytes), "packed %ld", (long)at);
    for (int i = 0; i < COUNT; i++) {
        const unsigned char *p = packed + 9 * i;
        int value = (int)((unsigned)p[0] << 24 | (unsigned)p[1] << 16 | (unsigned)p[2] << 8 | p[3]);
        wrong += value != -2 * i || p[4] != 'a' || p[5] != (unsigned char)(2 * i) || p[6] != 'c' ||
                 (short)(p[7] << 8 | p[8]) != (short)(4 * i);
    }
    CHECK(wrong == 0, "%d items are packed wrong", wrong);
    at = 0;
    CHECK_OK(MPI_Unpack_external(representation, packed, bytes, &at, back, 1, column));
    for (int i = 0; i < 2 * COUNT; i++) {
        const struct item *w = &items[i], *g = &back[i];
        wrong += i % 2 ? g->l != 0 || g->c[1] != 0 || g->s != 0
                       : g->l != w->l || memcmp(g->c, w->c, 3) != 0 || g->s != w->s;
    }
    CHECK(wrong == 0 && at == bytes, "%d items come back wrong", wrong);
    MPI_Type_free(&bare);
    MPI_Type_free(&item);
    MPI_Type_free(&column);
    t_free(packed);
    free(items);
    free(back);
}

static void wrong_arguments(void)
{
    char other[] = "external64", out[16];
    MPI_Aint at = 0, size = -1;
    int value = 3;
    MPI_Datatype fresh;

    refused(MPI_Pack_external(other, &value, 1, MPI_INT, out, 16, &at), MPI_ERR_ARG, "external64");
    refused(MPI_Unpack_external(other, out, 16, &at, &value, 1, MPI_INT), MPI_ERR_ARG,
            "external64");
    refused(MPI_Pack_external_size(other, 1, MPI_INT, &size), MPI_ERR_ARG, "external64");
    refused(MPI_Pack_external(NULL, &value, 1, MPI_INT, out, 16, &at), MPI_ERR_ARG, "no datarep");
    refused(MPI_Pack_external(representation, &value, -1, MPI_INT, out, 16, &at), MPI_ERR_COUNT,
            "a negative count");
    refused(MPI_Pack_external(representation, &value, 1, MPI_DATATYPE_NULL, out, 16, &at),
            MPI_ERR_TYPE, "no type");
    refused(MPI_Pack_external(representation, &value, 1, MPI_INT, out, 16, NULL), MPI_ERR_ARG,
            "no position");
    at = 13;
    refused(MPI_Unpack_external(representation, out, 16, &at, &value, 1, MPI_INT), MPI_ERR_TRUNCATE,
            "an int in three bytes");
    MPI_Type_contiguous(2, MPI_INT, &fresh);
    refused(MPI_Pack_external_size(representation, 1, fresh, &size), MPI_ERR_TYPE,
            "a type that is not committed");
    MPI_Type_free(&fresh);
}

int main(int argc, char **argv)
{
    t_init(&argc, &argv);
    MPI_Comm_set_errhandler(MPI_COMM_WORLD, MPI_ERRORS_RETURN);
    MPI_Comm_set_errhandler(MPI_COMM_SELF, MPI_ERRORS_RETURN);
    basics();
    pairs();
    derived();
    wrong_arguments();
    return t_finish();
}

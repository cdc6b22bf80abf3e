/* The data representation "external32". */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "external.h"

#include <float.h>
#include <string.h>

#include "basic_types.h"

/* How one number is represented here and there. */
struct unit {
    uint8_t native, external; /* bytes */
    bool is_signed;           /* what it is filled up with */
    bool is_long_double;      /* in a format of the machine's own; there binary128 */
};

/* Where a long double is not binary128 itself, the compiler converts; without that type the bytes go as they are. */
#define CONVERT_LONG_DOUBLE (LDBL_MANT_DIG != 113 && TRI_HAVE_F128)

static struct unit value_unit(const struct tri_datatype *type, int64_t bytes)
{
    uint8_t size = (uint8_t)bytes;
    if (type->handle == MPI_LONG || type->handle == MPI_LONG_INT) {
        return (struct unit){.native = size, .external = 4, .is_signed = true};
    }
    if (type->handle == MPI_UNSIGNED_LONG) {
        return (struct unit){.native = size, .external = 4};
    }
    if (type->handle == MPI_WCHAR) {
        return (struct unit){.native = size, .external = 2};
    }
    bool is_long_double = type->basic == TRI_FLD || type->basic == TRI_CLD || type->basic == TRI_LONG_DOUBLE_INT ||
                          type->basic == TRI_LONG_DOUBLE_LONG;
    return (struct unit){.native = size,
                         .external = is_long_double ? 16 : size,
                         .is_long_double = is_long_double && CONVERT_LONG_DOUBLE};
}

/* The numbers that make one element of a predefined type: one, or two for a pair or a complex one. */
static int describe(const struct tri_datatype *type, struct unit units[2])
{
    if (type->second_size > 0) {
        units[0] = value_unit(type, type->size - type->second_size);
        units[1] = (struct unit){.native = type->second_size, .external = type->second_size};
        return 2;
    }
    bool is_complex = type->basic >= TRI_C16 && type->basic <= TRI_C128;
    units[0] = units[1] = value_unit(type, is_complex ? type->size / 2 : type->size);
    return is_complex ? 2 : 1;
}

int64_t tri_external_size(const struct tri_datatype *type)
{
    int64_t size = 0;
    if (type->size == 0) {
        return 0;
    }
    if (type->part_count == 0) {
        struct unit units[2];
        int n = describe(type, units);
        return n == 2 ? units[0].external + units[1].external : units[0].external;
    }
    for (int i = 0; i < type->part_count; i++) {
        size += type->parts[i].count * tri_external_size(type->parts[i].type);
    }
    return size;
}

static void convert_long_double(char *native, char *external, enum tri_direction direction)
{
#if CONVERT_LONG_DOUBLE
    long double here;
    tri_f128 there;
    if (direction == TRI_PACK) {
        memcpy(&here, native, sizeof here);
        there = (tri_f128)here;
        memcpy(external, &there, sizeof there);
    } else {
        memcpy(&there, external, sizeof there);
        here = (long double)there;
        memset(native, 0, sizeof here);
        memcpy(native, &here, sizeof here);
    }
#else
    (void)native, (void)external, (void)direction;
#endif
}

static void reverse(char *bytes, int size)
{
    for (int i = 0; i < size / 2; i++) {
        char byte = bytes[i];
        bytes[i] = bytes[size - 1 - i];
        bytes[size - 1 - i] = byte;
    }
}

/* Integers and what is copied bit by bit: big-endian bytes of one size to another. */
static void resize(const char *from, int from_size, char *to, int to_size, bool is_signed)
{
    int shared = TRI_MIN(from_size, to_size), more = to_size - shared;
    memset(to, is_signed && *from < 0 ? -1 : 0, (size_t)more);
    memcpy(to + more, from + from_size - shared, (size_t)shared);
}

static void reverse_native(char *bytes, int size)
{
    if (__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__) {
        reverse(bytes, size);
    }
}

static void to_external(const struct unit *unit, char *native, char *external)
{
    char big[32];
    if (unit->is_long_double) {
        convert_long_double(native, external, TRI_PACK);
        reverse_native(external, unit->external);
        return;
    }
    memcpy(big, native, unit->native);
    reverse_native(big, unit->native);
    resize(big, unit->native, external, unit->external, unit->is_signed);
}

static void from_external(const struct unit *unit, char *native, const char *external)
{
    char big[32];
    if (unit->is_long_double) {
        memcpy(big, external, unit->external);
        reverse_native(big, unit->external);
        convert_long_double(native, big, TRI_UNPACK);
        return;
    }
    resize(external, unit->external, native, unit->native, unit->is_signed);
    reverse_native(native, unit->native);
}

/* A walk over the signature of a buffer. Elements are taken out of it, or put in, a few at a time. */
struct walk {
    const struct tri_datatype *type; /* of the buffer */
    const void *buffer;
    int64_t done; /* bytes of the packed form here */
    char *packed; /* next byte there */
    enum tri_direction direction;
};

enum { PIECE_BYTES = 4096 };

static void walk_basic(struct walk *walk, const struct tri_datatype *basic, int64_t count)
{
    char piece[PIECE_BYTES];
    struct unit units[2];
    int n = describe(basic, units);
    while (count > 0) {
        int64_t some = TRI_MIN(count, PIECE_BYTES / basic->size);
        char *at = piece;
        if (walk->direction == TRI_PACK) {
            tri_datatype_copy(walk->type, walk->buffer, walk->done, piece, some * basic->size, TRI_PACK);
        }
        for (int64_t i = 0; i < some * n; i++) {
            const struct unit *unit = &units[n == 2 ? i & 1 : 0];
            if (walk->direction == TRI_PACK) {
                to_external(unit, at, walk->packed);
            } else {
                from_external(unit, at, walk->packed);
            }
            at += unit->native;
            walk->packed += unit->external;
        }
        if (walk->direction == TRI_UNPACK) {
            tri_datatype_copy(walk->type, walk->buffer, walk->done, piece, some * basic->size, TRI_UNPACK);
        }
        walk->done += some * basic->size;
        count -= some;
    }
}

static void walk_type(struct walk *walk, const struct tri_datatype *type, int64_t count)
{
    if (type->size == 0) {
        return;
    }
    if (type->part_count == 0) {
        walk_basic(walk, type, count);
    } else if (type->part_count == 1) {
        walk_type(walk, type->parts[0].type, count * type->parts[0].count);
    } else {
        for (int64_t i = 0; i < count; i++) {
            for (int k = 0; k < type->part_count; k++) {
                walk_type(walk, type->parts[k].type, type->parts[k].count);
            }
        }
    }
}

void tri_external_copy(struct tri_datatype *type, const void *buffer, int64_t count, void *packed,
                       enum tri_direction direction)
{
    struct walk walk = {.type = type, .buffer = buffer, .packed = packed, .direction = direction};
    walk_type(&walk, type, count);
}

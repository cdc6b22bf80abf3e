/* Datatypes: predefined ones in a table, derived ones with their layout and signature. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TRI_DATATYPE_H
#define TRI_DATATYPE_H

#include "../../include/mpi.h"
#include "../runtime/attribute.h"
#include "../runtime/object.h"
#include "layout.h"
#include "recipe.h"

/* What a predefined type is to a reduction. */
enum tri_basic {
    TRI_BASIC_NONE, /* derived, or not defined for any reduction */
    TRI_I8, TRI_I16, TRI_I32, TRI_I64, TRI_I128, TRI_U8, TRI_U16, TRI_U32, TRI_U64,
    TRI_F16, TRI_F32, TRI_F64, TRI_FLD, TRI_F128,
    TRI_C16, TRI_C32, TRI_C64, TRI_CLD, TRI_C128,
    TRI_L1, TRI_L2, TRI_L4, TRI_L8, TRI_L16, TRI_CBOOL, TRI_BYTE,
    TRI_FLOAT_INT, TRI_DOUBLE_INT, TRI_LONG_INT, TRI_2INT, TRI_SHORT_INT, TRI_LONG_DOUBLE_INT,
    TRI_2REAL, TRI_2DOUBLE_PRECISION,
    TRI_FLOAT_LONG, TRI_DOUBLE_LONG, TRI_LONG_LONG, TRI_INT_LONG, TRI_SHORT_LONG, TRI_LONG_DOUBLE_LONG,
    TRI_BASIC_COUNT
};

/* A piece of the type signature: count times the signature of another type. */
struct tri_part {
    struct tri_datatype *type;
    int64_t count;
};

struct tri_datatype {
    struct tri_object object;
    MPI_Datatype handle;
    bool predefined, committed;
    bool contiguous;   /* size bytes in one piece at offset 0, elements touching */
    bool fixed_bounds; /* MPI_Type_create_resized somewhere within: no padding is added */
    uint8_t basic;     /* enum tri_basic */
    uint8_t second_size; /* of a predefined pair: bytes of its index; else 0 */
    uint8_t alignment; /* strictest of the predefined types within */
    int64_t size, extent, lb;
    int64_t true_lb, true_ub;
    int64_t elements; /* predefined elements in one of this type */
    struct tri_layout *layout;
    int part_count; /* 0: predefined */
    struct tri_part *parts;
    struct tri_recipe *recipe; /* NULL: a predefined type with a name */
    int more_handles; /* given out besides the constructor's (MPI_Type_get_contents): attributes go with the last */
    struct tri_attributes attributes;
    char name[MPI_MAX_OBJECT_NAME];
};

/* For pair types and the elements of Get_elements a predefined pair counts as two. */

/* A predefined type without a name: the one that has been given for that recipe before, or a new copy of another one,
 * with the recipe's combiner. Takes over the recipe. It lives until tri_datatype_end. */
struct tri_datatype *tri_datatype_unnamed(const struct tri_datatype *like, struct tri_recipe *recipe);

/* The pair of MPI_MINLOC and MPI_MAXLOC for these two predefined types; NULL when there is none. */
struct tri_datatype *tri_datatype_pair(struct tri_datatype *value, struct tri_datatype *index);

void tri_datatype_start(void);
void tri_datatype_end(void);

/* Makes a predefined type the same as another but for handle, name and attributes: Fortran's default kinds have the
 * sizes that the program says. Kept for tri_datatype_start when it has not been called yet. */
void tri_datatype_make_like(MPI_Datatype handle, MPI_Datatype like);

extern struct tri_datatype tri_datatype_predefined[];

enum { TRI_DATATYPE_FIRST = 0x200, TRI_DATATYPE_LAST = 0x2ff };

static inline struct tri_datatype *tri_datatype_get(MPI_Datatype handle)
{
    uintptr_t value = (uintptr_t)handle;
    if (TRI_LIKELY(value >= TRI_DATATYPE_FIRST && value <= TRI_DATATYPE_LAST)) {
        struct tri_datatype *type = &tri_datatype_predefined[value - TRI_DATATYPE_FIRST];
        return TRI_LIKELY(type->object.kind == TRI_DATATYPE) ? type : NULL;
    }
    return tri_object_is(handle, TRI_DATATYPE) ? (struct tri_datatype *)(void *)handle : NULL;
}

static inline void tri_datatype_hold(struct tri_datatype *type)
{
    if (!type->predefined) {
        tri_object_hold(&type->object);
    }
}

/* The last reference is gone. */
void tri_datatype_end_of(void *type);

static inline void tri_datatype_release(struct tri_datatype *type)
{
    if (!type->predefined && tri_object_drop(&type->object) == 0) {
        tri_lane_in_first(tri_datatype_end_of, type);
    }
}

/* Constructors (MPI 5.0, 5.1). Arguments are checked by the caller; the result has one reference and is uncommitted. */
struct tri_datatype *tri_datatype_contiguous(int64_t count, struct tri_datatype *old);
struct tri_datatype *tri_datatype_hvector(int64_t count, int64_t blocklength, int64_t stride,
                                          struct tri_datatype *old);
/* Blocks with displacements in bytes; types has one entry a block. pad: struct, whose extent is rounded up to the
 * alignment. */
struct tri_datatype *tri_datatype_blocks(int64_t count, const int64_t *blocklengths, const int64_t *displacements,
                                         struct tri_datatype *const *types, bool pad);
struct tri_datatype *tri_datatype_resized(struct tri_datatype *old, int64_t lb, int64_t extent);
struct tri_datatype *tri_datatype_dup(struct tri_datatype *old);

/* Which indexes of one dimension of an array belong to a type: count blocks of block indexes, the first at index first,
 * from one to the next step indexes; then rest indexes where the next block would be. */
struct tri_slice {
    int64_t size; /* indexes of the whole dimension */
    int64_t first, block, count, step, rest;
};

/* The elements of an array whose indexes are in the slices of all dimensions; the last dimension is the one whose
 * neighbours are neighbours in memory. Extent: that of the whole array. */
struct tri_datatype *tri_datatype_array(int ndims, const struct tri_slice *slices, struct tri_datatype *old);

/* Bytes [skip, skip + len) of the packed form of count elements at buffer, from or to packed. */
void tri_datatype_copy(const struct tri_datatype *type, const void *buffer, int64_t skip, void *packed, int64_t len,
                       enum tri_direction direction);

/* How many predefined elements lie in the first bytes of a sequence of this type; -1 when they end within one. */
int64_t tri_datatype_elements_in(const struct tri_datatype *type, int64_t bytes);

/* The other way round: bytes of the first elements of a sequence of this type; 0 when it has no elements. */
int64_t tri_datatype_bytes_of(const struct tri_datatype *type, int64_t elements);

/* The name for messages: the one set by the user or the predefined constant's. */
const char *tri_datatype_name(const struct tri_datatype *type);

#endif

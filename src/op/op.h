/* Reduction operations: predefined kernels and the program's own functions. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TRI_OP_H
#define TRI_OP_H

#include "../datatype/datatype.h"

/* inout[i] = in[i] op inout[i] for count elements of one predefined type. */
typedef void tri_kernel(const void *in, void *inout, int64_t count);

struct tri_op {
    struct tri_object object;
    MPI_Op handle;
    bool predefined, commutative;
    const char *name; /* predefined */
    tri_kernel *const *kernels; /* predefined: by enum tri_basic, NULL where not defined */
    MPI_User_function *function; /* the program's, one of the two */
    MPI_User_function_c *function_c;
};

void tri_op_start(void);
void tri_op_end(void);

struct tri_op *tri_op_get(MPI_Op handle);
struct tri_op *tri_op_make(MPI_User_function *function, MPI_User_function_c *function_c, bool commutative);
void tri_op_hold(struct tri_op *op);
void tri_op_release(struct tri_op *op);

/* Whether the operation is defined on the type (any type for the program's own). */
bool tri_op_fits(const struct tri_op *op, const struct tri_datatype *type);

/* Whether any order of operands gives the same bits: predefined operations on integers, logical values and bytes. */
bool tri_op_is_exact(const struct tri_op *op, const struct tri_datatype *type);

/* inout = in op inout, in this order, for count elements laid out as the type says. */
void tri_op_apply(const struct tri_op *op, const void *in, void *inout, int64_t count, struct tri_datatype *type);

/* kernels.c: the kernels of a predefined operation by its ABI handle, NULL when it has none. */
tri_kernel *const *tri_kernels_of(MPI_Op handle);

#endif

/* Reduction operations. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "op.h"

#include <limits.h>

static struct tri_pool pool = {.kind = TRI_OP, .size = sizeof(struct tri_op)};

static const struct {
    MPI_Op handle;
    const char *name;
} rows[] = {
    {MPI_SUM, "MPI_SUM"},   {MPI_MIN, "MPI_MIN"},   {MPI_MAX, "MPI_MAX"},       {MPI_PROD, "MPI_PROD"},
    {MPI_BAND, "MPI_BAND"}, {MPI_BOR, "MPI_BOR"},   {MPI_BXOR, "MPI_BXOR"},     {MPI_LAND, "MPI_LAND"},
    {MPI_LOR, "MPI_LOR"},   {MPI_LXOR, "MPI_LXOR"}, {MPI_MINLOC, "MPI_MINLOC"}, {MPI_MAXLOC, "MPI_MAXLOC"},
    {MPI_REPLACE, "MPI_REPLACE"}, {MPI_NO_OP, "MPI_NO_OP"},
};

static struct tri_op predefined[TRI_COUNT_OF(rows)];

void tri_op_start(void)
{
    for (size_t i = 0; i < TRI_COUNT_OF(rows); i++) {
        predefined[i] = (struct tri_op){.object = {.kind = TRI_OP, .references = 1},
                                        .handle = rows[i].handle,
                                        .predefined = true,
                                        .commutative = rows[i].handle != MPI_REPLACE && rows[i].handle != MPI_NO_OP,
                                        .name = rows[i].name,
                                        .kernels = tri_kernels_of(rows[i].handle)};
    }
}

void tri_op_end(void)
{
    tri_pool_end(&pool);
}

struct tri_op *tri_op_get(MPI_Op handle)
{
    for (size_t i = 0; i < TRI_COUNT_OF(rows); i++) {
        if (handle == rows[i].handle) {
            return &predefined[i];
        }
    }
    return tri_object_is(handle, TRI_OP) ? (struct tri_op *)(void *)handle : NULL;
}

struct tri_op *tri_op_make(MPI_User_function *function, MPI_User_function_c *function_c, bool commutative)
{
    struct tri_op *op = tri_pool_take(&pool);
    struct tri_object object = op->object;
    *op = (struct tri_op){.object = object,
                          .handle = (MPI_Op)(void *)op,
                          .commutative = commutative,
                          .function = function,
                          .function_c = function_c};
    return op;
}

void tri_op_hold(struct tri_op *op)
{
    op->object.references += !op->predefined;
}

void tri_op_release(struct tri_op *op)
{
    if (!op->predefined && --op->object.references == 0) {
        tri_pool_give(&pool, op);
    }
}

bool tri_op_fits(const struct tri_op *op, const struct tri_datatype *type)
{
    return !op->predefined || (op->kernels && op->kernels[type->basic]);
}

bool tri_op_is_exact(const struct tri_op *op, const struct tri_datatype *type)
{
    enum tri_basic basic = (enum tri_basic)type->basic;
    bool whole = (basic >= TRI_I8 && basic <= TRI_U64) || (basic >= TRI_L1 && basic <= TRI_BYTE);
    return op->predefined && whole;
}

/* A function with an int count gets a long vector in several calls. */
static void apply_user(const struct tri_op *op, const void *in, void *inout, int64_t count, struct tri_datatype *type)
{
    MPI_Datatype handle = type->handle;
    void *input = (void *)(uintptr_t)in;
    if (op->function_c) {
        MPI_Count len = count;
        op->function_c(input, inout, &len, &handle);
        return;
    }
    for (int64_t done = 0; done < count;) {
        int len = (int)TRI_MIN(count - done, INT_MAX);
        op->function((char *)input + done * type->extent, (char *)inout + done * type->extent, &len, &handle);
        done += len;
    }
}

void tri_op_apply(const struct tri_op *op, const void *in, void *inout, int64_t count, struct tri_datatype *type)
{
    if (op->predefined) {
        op->kernels[type->basic](in, inout, count);
    } else {
        apply_user(op, in, inout, count, type);
    }
}

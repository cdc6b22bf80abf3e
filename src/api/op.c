/* Reduction operations (MPI 5.0, 6.9.5, 6.9.7). */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "../op/op.h"

#include "api.h"

TRI_API(Op_create)(MPI_User_function *user_fn, int commute, MPI_Op *op)
{
    TRI_CHECK_POINTER(NULL, user_fn);
    TRI_CHECK_POINTER(NULL, op);
    *op = tri_op_make(user_fn, NULL, commute != 0)->handle;
    return MPI_SUCCESS;
}

TRI_API(Op_create_c)(MPI_User_function_c *user_fn, int commute, MPI_Op *op)
{
    TRI_CHECK_POINTER(NULL, user_fn);
    TRI_CHECK_POINTER(NULL, op);
    *op = tri_op_make(NULL, user_fn, commute != 0)->handle;
    return MPI_SUCCESS;
}

static int bad_op(MPI_Op handle)
{
    return tri_error(NULL, MPI_ERR_OP, "the operation is %s",
                     handle == MPI_OP_NULL ? "MPI_OP_NULL" : "not such a handle, or has been freed");
}

TRI_API(Op_free)(MPI_Op *op)
{
    TRI_CHECK_POINTER(NULL, op);
    struct tri_op *freed = tri_op_get(*op);
    if (!freed) {
        return bad_op(*op);
    }
    TRI_CHECK(!freed->predefined, NULL, MPI_ERR_OP, "%s is predefined and can not be freed", freed->name);
    tri_op_release(freed);
    *op = MPI_OP_NULL;
    return MPI_SUCCESS;
}

TRI_API(Op_commutative)(MPI_Op op, int *commute)
{
    const struct tri_op *of = tri_op_get(op);
    if (!of) {
        return bad_op(op);
    }
    TRI_CHECK_POINTER(NULL, commute);
    *commute = of->commutative;
    return MPI_SUCCESS;
}

TRI_API(Reduce_local)(const void *inbuf, void *inoutbuf, MPI_Count count, MPI_Datatype datatype, MPI_Op op)
{
    TRI_TAKE_COMMITTED(type, NULL, datatype);
    struct tri_op *with = tri_op_get(op);
    if (!with) {
        return bad_op(op);
    }
    TRI_CHECK(tri_op_fits(with, type), NULL, MPI_ERR_OP, "%s is not defined on %s", with->name,
              tri_datatype_name(type));
    int code = tri_api_check_buffer(NULL, inbuf, count, type, "input");
    if (code == MPI_SUCCESS) {
        code = tri_api_check_buffer(NULL, inoutbuf, count, type, "result");
    }
    TRI_CHECK(code != MPI_SUCCESS || inbuf != inoutbuf || count == 0 || type->size == 0, NULL, MPI_ERR_BUFFER,
              "both buffers are the same");
    if (code == MPI_SUCCESS && count > 0) {
        tri_op_apply(with, inbuf, inoutbuf, count, type);
    }
    return code;
}

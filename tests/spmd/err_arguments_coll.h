/* err_arguments_coll.h - rows of wrong calls of collective operations and of packing. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef SPMD_ERR_ARGUMENTS_COLL_H
#define SPMD_ERR_ARGUMENTS_COLL_H

#include "err_arguments.h"

static const int one[1] = {1}, minus[1] = {-1}, zero[1] = {0};

/* What all check that take one buffer, a count, a type and a communicator; other arguments are in the macro's own. */
#define BUFFER_ROWS(call)                                                                                              \
    do {                                                                                                               \
        ROW(call(buf, -1, MPI_INT, S), COUNT);                                                                         \
        ROW(call(NULL, 1, MPI_INT, S), BUFFER);                                                                        \
        ROW(call(buf, 1, MPI_DATATYPE_NULL, S), TYPE);                                                                 \
        ROW(call(buf, 1, raw, S), TYPE);                                                                               \
        ROW(call(buf, 1, freed_type(), S), TYPE);                                                                      \
        ROW(call(buf, 1, NOT_TYPE, S), TYPE);                                                                          \
        ROW(call(buf, 1, MPI_INT, MPI_COMM_NULL), COMM);                                                               \
        ROW(call(buf, 1, MPI_INT, freed_comm()), COMM);                                                                \
        ROW(call(buf, 1, MPI_INT, NOT_COMM), COMM);                                                                    \
    } while (0)

#define BCAST(b, n, t, c) MPI_Bcast(b, n, t, 0, c)
#define GATHER_OUT(b, n, t, c) MPI_Gather(b, n, t, other, 1, MPI_INT, 0, c)
#define GATHER_IN(b, n, t, c) MPI_Gather(other, 1, MPI_INT, b, n, t, 0, c)
#define SCATTER_OUT(b, n, t, c) MPI_Scatter(b, n, t, other, 1, MPI_INT, 0, c)
#define SCATTER_IN(b, n, t, c) MPI_Scatter(other, 1, MPI_INT, b, n, t, 0, c)
#define ALLGATHER_OUT(b, n, t, c) MPI_Allgather(b, n, t, other, 1, MPI_INT, c)
#define ALLGATHER_IN(b, n, t, c) MPI_Allgather(other, 1, MPI_INT, b, n, t, c)
#define ALLTOALL_OUT(b, n, t, c) MPI_Alltoall(b, n, t, other, 1, MPI_INT, c)
#define ALLTOALL_IN(b, n, t, c) MPI_Alltoall(other, 1, MPI_INT, b, n, t, c)
#define REDUCE_OUT(b, n, t, c) MPI_Reduce(b, n < 0 ? other : other + 8, n, t, MPI_SUM, 0, c)
#define ALLREDUCE_OUT(b, n, t, c) MPI_Allreduce(b, other, n, t, MPI_SUM, c)
#define ALLREDUCE_IN(b, n, t, c) MPI_Allreduce(other, b, n, t, MPI_SUM, c)
#define SCAN_OUT(b, n, t, c) MPI_Scan(b, other, n, t, MPI_SUM, c)
#define EXSCAN_IN(b, n, t, c) MPI_Exscan(other, b, n, t, MPI_SUM, c)
#define BLOCK_OUT(b, n, t, c) MPI_Reduce_scatter_block(b, other, n, t, MPI_SUM, c)
#define BLOCK_IN(b, n, t, c) MPI_Reduce_scatter_block(other, b, n, t, MPI_SUM, c)
#define PACK(b, n, t, c) MPI_Pack(b, n, t, other, sizeof other, int_at(0), c)
#define UNPACK(b, n, t, c) MPI_Unpack(other, sizeof other, int_at(0), b, n, t, c)

static void one_buffer(void)
{
    BUFFER_ROWS(BCAST);
    BUFFER_ROWS(GATHER_OUT);
    BUFFER_ROWS(GATHER_IN);
    BUFFER_ROWS(SCATTER_OUT);
    BUFFER_ROWS(SCATTER_IN);
    BUFFER_ROWS(ALLGATHER_OUT);
    BUFFER_ROWS(ALLGATHER_IN);
    BUFFER_ROWS(ALLTOALL_OUT);
    BUFFER_ROWS(ALLTOALL_IN);
    BUFFER_ROWS(REDUCE_OUT);
    BUFFER_ROWS(ALLREDUCE_OUT);
    BUFFER_ROWS(ALLREDUCE_IN);
    BUFFER_ROWS(SCAN_OUT);
    BUFFER_ROWS(EXSCAN_IN);
    BUFFER_ROWS(BLOCK_OUT);
    BUFFER_ROWS(BLOCK_IN);
    BUFFER_ROWS(PACK);
    BUFFER_ROWS(UNPACK);
    ROW(MPI_Barrier(MPI_COMM_NULL), COMM);
    ROW(MPI_Barrier(freed_comm()), COMM);
    ROW(MPI_Pack(buf, 16, MPI_INT, other, 4, int_at(0), S), TRUNCATE);
    ROW(MPI_Pack(buf, 1, MPI_INT, other, 64, int_at(-1), S), TRUNCATE);
    ROW(MPI_Pack(buf, 1, MPI_INT, other, 64, NULL, S), ARG);
    ROW(MPI_Pack(buf, 1, MPI_INT, NULL, 64, int_at(0), S), BUFFER);
    ROW(MPI_Unpack(other, 4, int_at(2), buf, 1, MPI_INT, S), TRUNCATE);
    ROW(MPI_Pack_size(-1, MPI_INT, S, other), COUNT);
    ROW(MPI_Pack_size(1, freed_type(), S, other), TYPE);
    ROW(MPI_Pack_size(1, MPI_INT, S, NULL), ARG);
}

static void roots(void)
{
    ROW(MPI_Bcast(buf, 1, MPI_INT, 1, S), ROOT);
    ROW(MPI_Bcast(buf, 1, MPI_INT, -1, S), ROOT);
    ROW(MPI_Gather(buf, 1, MPI_INT, other, 1, MPI_INT, 1, S), ROOT);
    ROW(MPI_Gatherv(buf, 1, MPI_INT, other, one, zero, MPI_INT, -1, S), ROOT);
    ROW(MPI_Scatter(buf, 1, MPI_INT, other, 1, MPI_INT, 7, S), ROOT);
    ROW(MPI_Scatterv(buf, one, zero, MPI_INT, other, 1, MPI_INT, -7, S), ROOT);
    ROW(MPI_Reduce(buf, other, 1, MPI_INT, MPI_SUM, 1, S), ROOT);
    ROW(MPI_Reduce(buf, other, 1, MPI_INT, MPI_SUM, -1, S), ROOT);
    ROW(MPI_Reduce(buf, other, 1, MPI_INT, MPI_SUM, MPI_ROOT, S), ROOT);
}

static void operations(void)
{
    ROW(MPI_Reduce(buf, other, 1, MPI_INT, MPI_OP_NULL, 0, S), OP);
    ROW(MPI_Allreduce(buf, other, 1, MPI_INT, freed_op(), S), OP);
    ROW(MPI_Allreduce(buf, other, 1, MPI_INT, NOT_OP, S), OP);
    ROW(MPI_Allreduce(buf, other, 1, MPI_INT, NOT_OP_2, S), OP);
    ROW(MPI_Allreduce(buf, other, 1, MPI_DOUBLE, MPI_BXOR, S), OP);
    ROW(MPI_Allreduce(buf, other, 1, MPI_CHAR, MPI_SUM, S), OP);
    ROW(MPI_Scan(buf, other, 1, MPI_INT, MPI_MINLOC, S), OP);
    ROW(MPI_Exscan(buf, other, 1, MPI_FLOAT_INT, MPI_SUM, S), OP);
    ROW(MPI_Reduce_scatter_block(buf, other, 1, MPI_INT, MPI_OP_NULL, S), OP);
    ROW(MPI_Reduce_scatter(buf, other, one, MPI_INT, freed_op(), S), OP);
    ROW(MPI_Reduce_local(buf, other, 1, MPI_INT, MPI_OP_NULL), OP);
    ROW(MPI_Reduce_local(buf, other, 1, raw, MPI_SUM), TYPE);
    ROW(MPI_Reduce_local(buf, other, -1, MPI_INT, MPI_SUM), COUNT);
    ROW(MPI_Reduce_local(NULL, other, 1, MPI_INT, MPI_SUM), BUFFER);
    ROW(MPI_Reduce_local(buf, NULL, 1, MPI_INT, MPI_SUM), BUFFER);
    ROW(MPI_Reduce_local(MPI_IN_PLACE, other, 1, MPI_INT, MPI_SUM), BUFFER);
    ROW(MPI_Reduce_local(buf, MPI_IN_PLACE, 1, MPI_INT, MPI_SUM), BUFFER);
    ROW(MPI_Reduce_local(buf, buf, 1, MPI_INT, MPI_SUM), BUFFER);
    ROW(MPI_Op_create(NULL, 1, op_at(MPI_OP_NULL)), ARG);
    ROW(MPI_Op_create(user_op, 1, NULL), ARG);
    ROW(MPI_Op_free(NULL), ARG);
    ROW(MPI_Op_free(op_at(MPI_SUM)), OP);
    ROW(MPI_Op_free(op_at(MPI_OP_NULL)), OP);
    ROW(MPI_Op_free(op_at(freed_op())), OP);
    ROW(MPI_Op_commutative(freed_op(), other), OP);
    ROW(MPI_Op_commutative(MPI_SUM, NULL), ARG);
}

static void arrays(void)
{
    ROW(MPI_Gatherv(buf, 1, MPI_INT, other, NULL, zero, MPI_INT, 0, S), ARG);
    ROW(MPI_Gatherv(buf, 1, MPI_INT, other, one, NULL, MPI_INT, 0, S), ARG);
    ROW(MPI_Gatherv(buf, 1, MPI_INT, other, minus, zero, MPI_INT, 0, S), COUNT);
    ROW(MPI_Scatterv(buf, NULL, zero, MPI_INT, other, 1, MPI_INT, 0, S), ARG);
    ROW(MPI_Scatterv(buf, minus, zero, MPI_INT, other, 1, MPI_INT, 0, S), COUNT);
    ROW(MPI_Allgatherv(buf, 1, MPI_INT, other, NULL, zero, MPI_INT, S), ARG);
    ROW(MPI_Allgatherv(buf, 1, MPI_INT, other, minus, zero, MPI_INT, S), COUNT);
    ROW(MPI_Alltoallv(buf, NULL, zero, MPI_INT, other, one, zero, MPI_INT, S), ARG);
    ROW(MPI_Alltoallv(buf, one, zero, MPI_INT, other, one, NULL, MPI_INT, S), ARG);
    ROW(MPI_Alltoallv(buf, minus, zero, MPI_INT, other, one, zero, MPI_INT, S), COUNT);
    ROW(MPI_Reduce_scatter(buf, other, NULL, MPI_INT, MPI_SUM, S), ARG);
    ROW(MPI_Reduce_scatter(buf, other, minus, MPI_INT, MPI_SUM, S), COUNT);
    ROW(MPI_Reduce_scatter(NULL, other, one, MPI_INT, MPI_SUM, S), BUFFER);
}

/* MPI_IN_PLACE where it is not allowed, and one buffer in two places. */
static void places(void)
{
    ROW(MPI_Bcast(MPI_IN_PLACE, 1, MPI_INT, 0, S), BUFFER);
    ROW(MPI_Allreduce(buf, MPI_IN_PLACE, 1, MPI_INT, MPI_SUM, S), BUFFER);
    ROW(MPI_Reduce(buf, MPI_IN_PLACE, 1, MPI_INT, MPI_SUM, 0, S), BUFFER);
    ROW(MPI_Scan(buf, MPI_IN_PLACE, 1, MPI_INT, MPI_SUM, S), BUFFER);
    ROW(MPI_Gather(buf, 1, MPI_INT, MPI_IN_PLACE, 1, MPI_INT, 0, S), BUFFER);
    ROW(MPI_Scatter(MPI_IN_PLACE, 1, MPI_INT, other, 1, MPI_INT, 0, S), BUFFER);
    ROW(MPI_Allgather(buf, 1, MPI_INT, MPI_IN_PLACE, 1, MPI_INT, S), BUFFER);
    ROW(MPI_Alltoall(buf, 1, MPI_INT, MPI_IN_PLACE, 1, MPI_INT, S), BUFFER);
    ROW(MPI_Reduce_scatter_block(buf, MPI_IN_PLACE, 1, MPI_INT, MPI_SUM, S), BUFFER);
    ROW(MPI_Allreduce(buf, buf, 1, MPI_INT, MPI_SUM, S), BUFFER);
    ROW(MPI_Reduce(buf, buf, 1, MPI_INT, MPI_SUM, 0, S), BUFFER);
    ROW(MPI_Scan(buf, buf, 1, MPI_INT, MPI_SUM, S), BUFFER);
    ROW(MPI_Exscan(buf, buf, 1, MPI_INT, MPI_SUM, S), BUFFER);
    ROW(MPI_Reduce_scatter_block(buf, buf, 1, MPI_INT, MPI_SUM, S), BUFFER);
    ROW(MPI_Reduce_scatter(buf, buf, one, MPI_INT, MPI_SUM, S), BUFFER);
    ROW(MPI_Gather(buf, 1, MPI_INT, buf, 1, MPI_INT, 0, S), BUFFER);
    ROW(MPI_Scatter(buf, 1, MPI_INT, buf, 1, MPI_INT, 0, S), BUFFER);
    ROW(MPI_Allgather(buf, 1, MPI_INT, buf, 1, MPI_INT, S), BUFFER);
    ROW(MPI_Alltoall(buf, 1, MPI_INT, buf, 1, MPI_INT, S), BUFFER);
    ROW(MPI_Gatherv(buf + 1, 1, MPI_INT, buf, one, one, MPI_INT, 0, S), BUFFER);
    ROW(MPI_Scatterv(buf, one, one, MPI_INT, buf + 1, 1, MPI_INT, 0, S), BUFFER);
    ROW(MPI_Allgatherv(buf, 1, MPI_INT, buf, one, zero, MPI_INT, S), BUFFER);
    ROW(MPI_Alltoallv(buf, one, zero, MPI_INT, buf, one, zero, MPI_INT, S), BUFFER);
}

static void collectives(void)
{
    one_buffer();
    roots();
    operations();
    arrays();
    places();
}

#endif

/* err_arguments_forms.h - rows of wrong calls of nonblocking and persistent collectives, and of those between groups. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef SPMD_ERR_ARGUMENTS_FORMS_H
#define SPMD_ERR_ARGUMENTS_FORMS_H

#include "err_arguments_coll.h"

#define R &request
#define N MPI_INFO_NULL

/* The calls that BUFFER_ROWS makes: one buffer, its count and type are what is wrong. */
#define IBCAST(b, n, t, c) MPI_Ibcast(b, n, t, 0, c, R)
#define BCAST_INIT(b, n, t, c) MPI_Bcast_init(b, n, t, 0, c, N, R)
#define IGATHER(b, n, t, c) MPI_Igather(b, n, t, other, 1, MPI_INT, 0, c, R)
#define GATHER_INIT(b, n, t, c) MPI_Gather_init_c(other, 1, MPI_INT, b, n, t, 0, c, N, R)
#define IGATHERV(b, n, t, c) MPI_Igatherv(b, n, t, other, one, zero, MPI_INT, 0, c, R)
#define GATHERV_INIT(b, n, t, c) MPI_Gatherv_init(other, 1, MPI_INT, b, int_at(n), zero, t, 0, c, N, R)
#define ISCATTER(b, n, t, c) MPI_Iscatter(b, n, t, other, 1, MPI_INT, 0, c, R)
#define SCATTER_INIT(b, n, t, c) MPI_Scatter_init(other, 1, MPI_INT, b, n, t, 0, c, N, R)
#define ISCATTERV(b, n, t, c) MPI_Iscatterv(b, int_at(n), zero, t, other, 1, MPI_INT, 0, c, R)
#define SCATTERV_INIT(b, n, t, c) MPI_Scatterv_init(other, one, zero, MPI_INT, b, n, t, 0, c, N, R)
#define IALLGATHER(b, n, t, c) MPI_Iallgather_c(b, n, t, other, 1, MPI_INT, c, R)
#define ALLGATHER_INIT(b, n, t, c) MPI_Allgather_init(other, 1, MPI_INT, b, n, t, c, N, R)
#define IALLGATHERV(b, n, t, c) MPI_Iallgatherv(b, n, t, other, one, zero, MPI_INT, c, R)
#define ALLGATHERV_INIT(b, n, t, c) MPI_Allgatherv_init(other, 1, MPI_INT, b, int_at(n), zero, t, c, N, R)
#define IALLTOALL(b, n, t, c) MPI_Ialltoall(b, n, t, other, 1, MPI_INT, c, R)
#define ALLTOALL_INIT(b, n, t, c) MPI_Alltoall_init(other, 1, MPI_INT, b, n, t, c, N, R)
#define IALLTOALLV(b, n, t, c) MPI_Ialltoallv(b, int_at(n), zero, t, other, one, zero, MPI_INT, c, R)
#define ALLTOALLV_INIT(b, n, t, c) MPI_Alltoallv_init(other, one, zero, MPI_INT, b, int_at(n), zero, t, c, N, R)
#define ALLTOALLW(b, n, t, c) MPI_Alltoallw(b, int_at(n), zero, type_at(t), other, one, zero, ints, c)
#define ALLTOALLW_IN(b, n, t, c) MPI_Alltoallw(other, one, zero, ints, b, int_at(n), zero, type_at(t), c)
#define IALLTOALLW(b, n, t, c) MPI_Ialltoallw(b, int_at(n), zero, type_at(t), other, one, zero, ints, c, R)
#define ALLTOALLW_INIT(b, n, t, c) MPI_Alltoallw_init(other, one, zero, ints, b, int_at(n), zero, type_at(t), c, N, R)
#define IREDUCE(b, n, t, c) MPI_Ireduce(b, n < 0 ? other : other + 8, n, t, MPI_SUM, 0, c, R)
#define REDUCE_INIT(b, n, t, c) MPI_Reduce_init(other, b, n, t, MPI_SUM, 0, c, N, R)
#define IALLREDUCE(b, n, t, c) MPI_Iallreduce_c(b, other, n, t, MPI_SUM, c, R)
#define ALLREDUCE_INIT(b, n, t, c) MPI_Allreduce_init_c(other, b, n, t, MPI_SUM, c, N, R)
#define ISCAN(b, n, t, c) MPI_Iscan(b, other, n, t, MPI_SUM, c, R)
#define SCAN_INIT(b, n, t, c) MPI_Scan_init(other, b, n, t, MPI_SUM, c, N, R)
#define IEXSCAN(b, n, t, c) MPI_Iexscan(b, other, n, t, MPI_SUM, c, R)
#define EXSCAN_INIT(b, n, t, c) MPI_Exscan_init(other, b, n, t, MPI_SUM, c, N, R)
#define IBLOCK(b, n, t, c) MPI_Ireduce_scatter_block(b, other, n, t, MPI_SUM, c, R)
#define BLOCK_INIT(b, n, t, c) MPI_Reduce_scatter_block_init(other, b, n, t, MPI_SUM, c, N, R)
#define IREDUCE_SCATTER(b, n, t, c) MPI_Ireduce_scatter(b, other, int_at(n), t, MPI_SUM, c, R)
#define REDUCE_SCATTER_INIT(b, n, t, c) MPI_Reduce_scatter_init(other, b, int_at(n), t, MPI_SUM, c, N, R)

static const MPI_Datatype ints[1] = {MPI_INT};

static void moving_forms(void)
{
    BUFFER_ROWS(IBCAST);
    BUFFER_ROWS(BCAST_INIT);
    BUFFER_ROWS(IGATHER);
    BUFFER_ROWS(GATHER_INIT);
    BUFFER_ROWS(IGATHERV);
    BUFFER_ROWS(GATHERV_INIT);
    BUFFER_ROWS(ISCATTER);
    BUFFER_ROWS(SCATTER_INIT);
    BUFFER_ROWS(ISCATTERV);
    BUFFER_ROWS(SCATTERV_INIT);
    BUFFER_ROWS(IALLGATHER);
    BUFFER_ROWS(ALLGATHER_INIT);
    BUFFER_ROWS(IALLGATHERV);
    BUFFER_ROWS(ALLGATHERV_INIT);
    BUFFER_ROWS(IALLTOALL);
    BUFFER_ROWS(ALLTOALL_INIT);
    BUFFER_ROWS(IALLTOALLV);
    BUFFER_ROWS(ALLTOALLV_INIT);
    BUFFER_ROWS(ALLTOALLW);
    BUFFER_ROWS(ALLTOALLW_IN);
    BUFFER_ROWS(IALLTOALLW);
    BUFFER_ROWS(ALLTOALLW_INIT);
}

static void reducing_forms(void)
{
    BUFFER_ROWS(IREDUCE);
    BUFFER_ROWS(REDUCE_INIT);
    BUFFER_ROWS(IALLREDUCE);
    BUFFER_ROWS(ALLREDUCE_INIT);
    BUFFER_ROWS(ISCAN);
    BUFFER_ROWS(SCAN_INIT);
    BUFFER_ROWS(IEXSCAN);
    BUFFER_ROWS(EXSCAN_INIT);
    BUFFER_ROWS(IBLOCK);
    BUFFER_ROWS(BLOCK_INIT);
    BUFFER_ROWS(IREDUCE_SCATTER);
    BUFFER_ROWS(REDUCE_SCATTER_INIT);
    ROW(MPI_Ireduce(buf, other, 1, MPI_INT, MPI_OP_NULL, 0, S, R), OP);
    ROW(MPI_Iallreduce(buf, other, 1, MPI_INT, freed_op(), S, R), OP);
    ROW(MPI_Iallreduce(buf, other, 1, MPI_DOUBLE, MPI_BAND, S, R), OP);
    ROW(MPI_Allreduce_init(buf, other, 1, MPI_INT, NOT_OP, S, N, R), OP);
    ROW(MPI_Reduce_init(buf, other, 1, MPI_CHAR, MPI_MAX, 0, S, N, R), OP);
    ROW(MPI_Iscan(buf, other, 1, MPI_INT, MPI_MAXLOC, S, R), OP);
    ROW(MPI_Exscan_init(buf, other, 1, MPI_2INT, MPI_PROD, S, N, R), OP);
    ROW(MPI_Ireduce_scatter(buf, other, one, MPI_INT, MPI_REPLACE, S, R), OP);
    ROW(MPI_Reduce_scatter_block_init(buf, other, 1, MPI_INT, MPI_NO_OP, S, N, R), OP);
    ROW(MPI_Allreduce(buf, other, 1, MPI_INT, MPI_REPLACE, S), OP);
    ROW(MPI_Allreduce(buf, other, 1, MPI_INT, MPI_NO_OP, S), OP);
}

static void form_roots(void)
{
    ROW(MPI_Ibcast(buf, 1, MPI_INT, 1, S, R), ROOT);
    ROW(MPI_Bcast_init(buf, 1, MPI_INT, -1, S, N, R), ROOT);
    ROW(MPI_Ibcast(buf, 1, MPI_INT, MPI_ROOT, S, R), ROOT);
    ROW(MPI_Bcast(buf, 1, MPI_INT, MPI_PROC_NULL, S), ROOT);
    ROW(MPI_Igather(buf, 1, MPI_INT, other, 1, MPI_INT, 1, S, R), ROOT);
    ROW(MPI_Gather_init(buf, 1, MPI_INT, other, 1, MPI_INT, -2, S, N, R), ROOT);
    ROW(MPI_Igatherv(buf, 1, MPI_INT, other, one, zero, MPI_INT, 9, S, R), ROOT);
    ROW(MPI_Gatherv_init(buf, 1, MPI_INT, other, one, zero, MPI_INT, MPI_ROOT, S, N, R), ROOT);
    ROW(MPI_Iscatter(buf, 1, MPI_INT, other, 1, MPI_INT, -1, S, R), ROOT);
    ROW(MPI_Scatter_init(buf, 1, MPI_INT, other, 1, MPI_INT, 1, S, N, R), ROOT);
    ROW(MPI_Iscatterv(buf, one, zero, MPI_INT, other, 1, MPI_INT, 1, S, R), ROOT);
    ROW(MPI_Scatterv_init(buf, one, zero, MPI_INT, other, 1, MPI_INT, 1, S, N, R), ROOT);
    ROW(MPI_Ireduce(buf, other, 1, MPI_INT, MPI_SUM, t_size, W, R), ROOT);
    ROW(MPI_Reduce_init(buf, other, 1, MPI_INT, MPI_SUM, -50, S, N, R), ROOT);
}

/* An info object that is none, or no more. */
static void form_infos(void)
{
    ROW(MPI_Barrier_init(S, NOT_INFO, R), INFO);
    ROW(MPI_Barrier_init(S, freed_info(), R), INFO);
    ROW(MPI_Bcast_init(buf, 1, MPI_INT, 0, S, NOT_INFO, R), INFO);
    ROW(MPI_Allreduce_init(buf, other, 1, MPI_INT, MPI_SUM, S, freed_info(), R), INFO);
}

/* No request to put the result into, no arrays. */
static void form_places(void)
{
    ROW(MPI_Ibarrier(S, NULL), ARG);
    ROW(MPI_Ibarrier(MPI_COMM_NULL, R), COMM);
    ROW(MPI_Ibarrier(freed_comm(), R), COMM);
    ROW(MPI_Barrier_init(S, N, NULL), ARG);
    ROW(MPI_Barrier_init(MPI_COMM_NULL, N, R), COMM);
    ROW(MPI_Ibcast(buf, 1, MPI_INT, 0, S, NULL), ARG);
    ROW(MPI_Bcast_init(buf, 1, MPI_INT, 0, S, N, NULL), ARG);
    ROW(MPI_Iallreduce(buf, other, 1, MPI_INT, MPI_SUM, S, NULL), ARG);
    ROW(MPI_Allreduce_init(buf, other, 1, MPI_INT, MPI_SUM, S, N, NULL), ARG);
    ROW(MPI_Ialltoallw(buf, one, zero, ints, other, one, zero, ints, S, NULL), ARG);
    ROW(MPI_Igatherv(buf, 1, MPI_INT, other, NULL, zero, MPI_INT, 0, S, R), ARG);
    ROW(MPI_Scatterv_init(buf, one, NULL, MPI_INT, other, 1, MPI_INT, 0, S, N, R), ARG);
    ROW(MPI_Iallgatherv(buf, 1, MPI_INT, other, one, NULL, MPI_INT, S, R), ARG);
    ROW(MPI_Alltoallv_init(buf, NULL, zero, MPI_INT, other, one, zero, MPI_INT, S, N, R), ARG);
    ROW(MPI_Alltoallw(buf, NULL, zero, ints, other, one, zero, ints, S), ARG);
    ROW(MPI_Alltoallw(buf, one, zero, NULL, other, one, zero, ints, S), ARG);
    ROW(MPI_Ialltoallw(buf, one, zero, ints, other, one, zero, NULL, S, R), ARG);
    ROW(MPI_Ireduce_scatter(buf, other, NULL, MPI_INT, MPI_SUM, S, R), ARG);
}

/* MPI_IN_PLACE where it is not allowed, and one buffer in two places. */
static void form_buffers(void)
{
    ROW(MPI_Ibcast(MPI_IN_PLACE, 1, MPI_INT, 0, S, R), BUFFER);
    ROW(MPI_Bcast_init(MPI_IN_PLACE, 1, MPI_INT, 0, S, N, R), BUFFER);
    ROW(MPI_Iallreduce(buf, MPI_IN_PLACE, 1, MPI_INT, MPI_SUM, S, R), BUFFER);
    ROW(MPI_Reduce_init(buf, MPI_IN_PLACE, 1, MPI_INT, MPI_SUM, 0, S, N, R), BUFFER);
    ROW(MPI_Iexscan(buf, MPI_IN_PLACE, 1, MPI_INT, MPI_SUM, S, R), BUFFER);
    ROW(MPI_Igather(buf, 1, MPI_INT, MPI_IN_PLACE, 1, MPI_INT, 0, S, R), BUFFER);
    ROW(MPI_Scatter_init(MPI_IN_PLACE, 1, MPI_INT, other, 1, MPI_INT, 0, S, N, R), BUFFER);
    ROW(MPI_Iallgather(buf, 1, MPI_INT, MPI_IN_PLACE, 1, MPI_INT, S, R), BUFFER);
    ROW(MPI_Alltoall_init(buf, 1, MPI_INT, MPI_IN_PLACE, 1, MPI_INT, S, N, R), BUFFER);
    ROW(MPI_Alltoallw(buf, one, zero, ints, MPI_IN_PLACE, one, zero, ints, S), BUFFER);
    ROW(MPI_Ireduce_scatter_block(buf, MPI_IN_PLACE, 1, MPI_INT, MPI_SUM, S, R), BUFFER);
    ROW(MPI_Iallreduce(buf, buf, 1, MPI_INT, MPI_SUM, S, R), BUFFER);
    ROW(MPI_Allreduce_init(buf, buf, 1, MPI_INT, MPI_SUM, S, N, R), BUFFER);
    ROW(MPI_Iscan(buf, buf, 1, MPI_INT, MPI_SUM, S, R), BUFFER);
    ROW(MPI_Iallgather(buf, 1, MPI_INT, buf, 1, MPI_INT, S, R), BUFFER);
    ROW(MPI_Ialltoall(buf, 1, MPI_INT, buf, 1, MPI_INT, S, R), BUFFER);
    ROW(MPI_Alltoallw(buf, one, zero, ints, buf, one, zero, ints, S), BUFFER);
}

/* Between two groups: a root of the other one or MPI_ROOT or MPI_PROC_NULL, nothing in place, no prefixes. */
static void between_groups(void)
{
    int above = t_rank >= t_size / 2, others = above ? t_size / 2 : t_size - t_size / 2;
    MPI_Comm half, inter;

    MPI_Comm_split(W, above, t_rank, &half);
    MPI_Intercomm_create(half, 0, W, above ? 0 : t_size / 2, TAG, &inter);
    MPI_Comm_set_errhandler(inter, MPI_ERRORS_RETURN);
    ROW(MPI_Scan(buf, other, 1, MPI_INT, MPI_SUM, inter), COMM);
    ROW(MPI_Exscan(buf, other, 1, MPI_INT, MPI_SUM, inter), COMM);
    ROW(MPI_Iscan(buf, other, 1, MPI_INT, MPI_SUM, inter, R), COMM);
    ROW(MPI_Iexscan(buf, other, 1, MPI_INT, MPI_SUM, inter, R), COMM);
    ROW(MPI_Scan_init(buf, other, 1, MPI_INT, MPI_SUM, inter, N, R), COMM);
    ROW(MPI_Bcast(buf, 1, MPI_INT, others, inter), ROOT);
    ROW(MPI_Ibcast(buf, 1, MPI_INT, -50, inter, R), ROOT);
    ROW(MPI_Gather_init(buf, 1, MPI_INT, other, 1, MPI_INT, others, inter, N, R), ROOT);
    ROW(MPI_Iscatter(buf, 1, MPI_INT, other, 1, MPI_INT, -50, inter, R), ROOT);
    ROW(MPI_Reduce(buf, other, 1, MPI_INT, MPI_SUM, others, inter), ROOT);
    ROW(MPI_Allreduce(MPI_IN_PLACE, other, 1, MPI_INT, MPI_SUM, inter), BUFFER);
    ROW(MPI_Iallgather(MPI_IN_PLACE, 1, MPI_INT, other, 1, MPI_INT, inter, R), BUFFER);
    ROW(MPI_Alltoall_init(MPI_IN_PLACE, 1, MPI_INT, other, 1, MPI_INT, inter, N, R), BUFFER);
    ROW(MPI_Ireduce_scatter_block(MPI_IN_PLACE, other, 1, MPI_INT, MPI_SUM, inter, R), BUFFER);
    ROW(MPI_Gather(MPI_IN_PLACE, 1, MPI_INT, other, 1, MPI_INT, 0, inter), BUFFER);
    ROW(MPI_Reduce(buf, MPI_IN_PLACE, 1, MPI_INT, MPI_SUM, MPI_ROOT, inter), BUFFER);
    ROW(MPI_Bcast(buf, -1, MPI_INT, 0, inter), COUNT);
    MPI_Comm_free(&inter);
    MPI_Comm_free(&half);
}

static void collective_forms(void)
{
    moving_forms();
    reducing_forms();
    form_roots();
    form_infos();
    form_places();
    form_buffers();
    if (t_size > 1)
        between_groups();
}

#undef R
#undef N

#endif

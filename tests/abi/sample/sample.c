/* sample.c: implementations that print their arguments, one of each kind gen-faces.pl knows. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdio.h>

#include "api.h"

static int depth;

void sample_enter(const char *call)
{
    printf("%s", call);
    depth++;
}

void sample_leave(void)
{
    depth--;
    printf(" depth %d\n", depth);
}

int tri_api_unsupported(const char *call, MPI_Comm comm)
{
    printf("%s unsupported %ld\n", call, (long)(intptr_t)comm);
    return MPI_ERR_UNSUPPORTED_OPERATION;
}

static long long second(tri_counts counts)
{
    return counts.wide ? ((const MPI_Count *)counts.base)[1] : ((const int *)counts.base)[1];
}

TRI_API(Send)(const void *buf, MPI_Count count, MPI_Datatype datatype, int dest, int tag,
              MPI_Comm comm)
{
    printf(" %d %lld %lx %d %d %lx", *(const int *)buf, (long long)count,
           (unsigned long)(intptr_t)datatype, dest, tag, (unsigned long)(intptr_t)comm);
    return MPI_SUCCESS;
}

TRI_API(Gatherv)(const void *sendbuf, MPI_Count sendcount, MPI_Datatype sendtype, void *recvbuf,
                 tri_counts recvcounts, tri_counts displs, MPI_Datatype recvtype, int root,
                 MPI_Comm comm)
{
    (void)sendbuf;
    (void)sendtype;
    (void)recvbuf;
    (void)recvtype;
    (void)comm;
    printf(" %lld %lld %lld %d", (long long)sendcount, second(recvcounts), second(displs), root);
    return MPI_SUCCESS;
}

TRI_API(Type_create_struct)(MPI_Count count, tri_counts array_of_blocklengths,
                            tri_counts array_of_displacements,
                            const MPI_Datatype array_of_types[], MPI_Datatype *newtype)
{
    printf(" %lld %lld %lld", (long long)count, second(array_of_blocklengths),
           second(array_of_displacements));
    *newtype = array_of_types[0];
    return MPI_SUCCESS;
}

TRI_API_FORM(Type_contiguous)(bool large, MPI_Count count, MPI_Datatype oldtype,
                              MPI_Datatype *newtype)
{
    printf(" %s %lld", large ? "large" : "small", (long long)count);
    *newtype = oldtype;
    return MPI_SUCCESS;
}

TRI_API(Type_size)(MPI_Datatype datatype, MPI_Count *size)
{
    printf(" %s", size ? "size" : "null");
    if (size == NULL)
        return MPI_ERR_ARG;
    *size = datatype == MPI_INT ? 4 : (MPI_Count)1 << 40;
    return datatype == MPI_DATATYPE_NULL ? MPI_ERR_TYPE : MPI_SUCCESS;
}

TRI_API(Pack)(const void *inbuf, MPI_Count incount, MPI_Datatype datatype, void *outbuf,
              MPI_Count outsize, MPI_Count *position, MPI_Comm comm)
{
    (void)inbuf;
    (void)datatype;
    (void)outbuf;
    (void)comm;
    printf(" %lld of %lld", (long long)*position, (long long)outsize);
    *position += incount;
    return *position > outsize ? MPI_ERR_TRUNCATE : MPI_SUCCESS;
}

TRI_API(Win_shared_query)(MPI_Win win, int rank, MPI_Aint *size, MPI_Aint *disp_unit, void *baseptr)
{
    (void)win;
    (void)baseptr;
    *size = rank;
    *disp_unit = 8;
    return MPI_SUCCESS;
}

TRI_API(Op_create)(MPI_User_function *user_fn, int commute, MPI_Op *op)
{
    (void)user_fn;
    *op = commute ? MPI_SUM : MPI_OP_NULL;
    return MPI_SUCCESS;
}

TRI_API(Op_create_c)(MPI_User_function_c *user_fn, int commute, MPI_Op *op)
{
    (void)user_fn;
    *op = commute ? MPI_MAX : MPI_OP_NULL;
    return MPI_SUCCESS;
}

TRI_API_ANYTIME(Initialized)(int *flag)
{
    *flag = 1;
    return MPI_SUCCESS;
}

TRI_API(Pcontrol)(int level)
{
    printf(" %d", level);
    return MPI_SUCCESS;
}

TRI_API(Finalize)(void)
{
    return MPI_SUCCESS;
}

TRI_API_VALUE(double, Wtime)(void)
{
    return 1.5;
}

TRI_API_VALUE(MPI_Aint, Aint_add)(MPI_Aint base, MPI_Aint disp)
{
    return base + disp;
}

TRI_API_VALUE(int, Comm_toint)(MPI_Comm comm)
{
    return (int)(intptr_t)comm;
}

/* An MPI that changes a bit of what one rank receives: a benchmark has to see that. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <mpi.h>
#include <string.h>

/* Changes the highest bit of the first byte of `buffer` on rank `on`. */
static int spoil(int code, void *buffer, int on)
{
    int rank;

    PMPI_Comm_rank(MPI_COMM_WORLD, &rank);
    if (rank == on)
        *(unsigned char *)buffer ^= 0x80;
    return code;
}

int MPI_Bcast(void *buffer, int count, MPI_Datatype type, int root, MPI_Comm comm)
{
    return spoil(PMPI_Bcast(buffer, count, type, root, comm), buffer, 1);
}

int MPI_Scatter(const void *out, int count, MPI_Datatype type, void *in, int in_count,
                MPI_Datatype in_type, int root, MPI_Comm comm)
{
    return spoil(PMPI_Scatter(out, count, type, in, in_count, in_type, root, comm), in, 1);
}

int MPI_Gather(const void *out, int count, MPI_Datatype type, void *in, int in_count,
               MPI_Datatype in_type, int root, MPI_Comm comm)
{
    return spoil(PMPI_Gather(out, count, type, in, in_count, in_type, root, comm), in, 0);
}

int MPI_Allgather(const void *out, int count, MPI_Datatype type, void *in, int in_count,
                  MPI_Datatype in_type, MPI_Comm comm)
{
    return spoil(PMPI_Allgather(out, count, type, in, in_count, in_type, comm), in, 1);
}

int MPI_Alltoall(const void *out, int count, MPI_Datatype type, void *in, int in_count,
                 MPI_Datatype in_type, MPI_Comm comm)
{
    return spoil(PMPI_Alltoall(out, count, type, in, in_count, in_type, comm), in, 1);
}

int MPI_Reduce(const void *out, void *in, int count, MPI_Datatype type, MPI_Op op, int root,
               MPI_Comm comm)
{
    return spoil(PMPI_Reduce(out, in, count, type, op, root, comm), in, 0);
}

int MPI_Allreduce(const void *out, void *in, int count, MPI_Datatype type, MPI_Op op, MPI_Comm comm)
{
    return spoil(PMPI_Allreduce(out, in, count, type, op, comm), in, 1);
}

int MPI_Reduce_scatter_block(const void *out, void *in, int count, MPI_Datatype type, MPI_Op op,
                             MPI_Comm comm)
{
    return spoil(PMPI_Reduce_scatter_block(out, in, count, type, op, comm), in, 1);
}

int MPI_Scan(const void *out, void *in, int count, MPI_Datatype type, MPI_Op op, MPI_Comm comm)
{
    return spoil(PMPI_Scan(out, in, count, type, op, comm), in, 1);
}

/* From a copy of the thread, which gets the same bytes for each message of a window. */
int MPI_Isend(const void *buffer, int count, MPI_Datatype type, int to, int tag, MPI_Comm comm, MPI_Request *request)
{
    static _Thread_local unsigned char wrong[1 << 20];

    if (type == MPI_BYTE && count > 0 && count <= (int)sizeof wrong) {
        memcpy(wrong + 1, (const unsigned char *)buffer + 1, (size_t)count - 1);
        wrong[0] = *(const unsigned char *)buffer ^ 0x80;
        buffer = wrong;
    }
    return PMPI_Isend(buffer, count, type, to, tag, comm, request);
}

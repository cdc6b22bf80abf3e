/* use.c: calls both faces of each sample and prints what comes back, for test-faces.sh to compare. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <mpi.h>
#include <stdio.h>

#define LARGE ((MPI_Count)1 << 33)

static void use_arguments(void)
{
    int value = 42, counts[2] = {1, 2}, displs[2] = {3, 4};
    MPI_Count large[2] = {1, LARGE};
    MPI_Aint places[2] = {5, LARGE + 6};
    MPI_Datatype types[2] = {MPI_INT, MPI_INT}, made = MPI_DATATYPE_NULL;

    MPI_Send(&value, -1, MPI_INT, 2, 3, MPI_COMM_WORLD);
    PMPI_Send_c(&value, LARGE, MPI_INT, 2, 3, MPI_COMM_WORLD);
    MPI_Gatherv(&value, 1, MPI_INT, &value, counts, displs, MPI_INT, 7, MPI_COMM_WORLD);
    MPI_Gatherv_c(&value, LARGE, MPI_INT, &value, large, places, MPI_INT, 7, MPI_COMM_WORLD);
    MPI_Type_create_struct(2, counts, places, types, &made);
    MPI_Type_create_struct_c(2, large, large, types, &made);
    printf("made %d\n", made == MPI_INT);
    MPI_Type_contiguous(3, MPI_BYTE, &made);
    MPI_Type_contiguous_c(LARGE, MPI_BYTE, &made);
    printf("made %d\n", made == MPI_BYTE);
}

static void use_results(void)
{
    int size = -5, position = 10, unit = 0, flag = 0;
    MPI_Count large = 0;
    MPI_Aint bytes = 0;
    MPI_Op op = MPI_OP_NULL;

    printf("rc %d", MPI_Type_size(MPI_INT, &size));
    printf(" size %d\n", size);
    printf("rc %d", MPI_Type_size(MPI_BYTE, &size));
    printf(" undefined %d\n", size == MPI_UNDEFINED);
    size = -5;
    printf("rc %d", MPI_Type_size(MPI_DATATYPE_NULL, &size));
    printf(" size %d\n", size);
    printf("rc %d\n", MPI_Type_size(MPI_INT, NULL));
    MPI_Type_size_c(MPI_BYTE, &large);
    printf("large %lld\n", (long long)large);
    printf("rc %d", MPI_Pack(NULL, 5, MPI_INT, NULL, 16, &position, MPI_COMM_SELF));
    printf(" position %d\n", position);
    printf("rc %d", MPI_Pack(NULL, 5, MPI_INT, NULL, 16, &position, MPI_COMM_SELF));
    printf(" position %d\n", position);
    MPI_Win_shared_query(MPI_WIN_NULL, 9, &bytes, &unit, NULL);
    printf("query %ld %d\n", (long)bytes, unit);
    MPI_Op_create(NULL, 1, &op);
    printf("sum %d\n", op == MPI_SUM);
    MPI_Op_create_c(NULL, 1, &op);
    printf("max %d\n", op == MPI_MAX);
    MPI_Initialized(&flag);
    printf("initialized %d\n", flag);
}

int main(void)
{
    use_arguments();
    use_results();
    MPI_Pcontrol(3, "more");
    printf("%.1f %ld %d\n", MPI_Wtime(), (long)MPI_Aint_add(3, 4), MPI_Comm_toint(MPI_COMM_SELF));
    printf("rc %d\n", MPI_Barrier(MPI_COMM_SELF));
    printf("rc %d\n", MPI_Win_free(NULL));
    printf("null %d\n", MPI_Comm_fromint(0x102) == NULL);
    MPI_Finalize();
    return 0;
}

/* p2p_counts.c - the functions with large counts (_c) do what their namesakes do. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "test.h"

#if MPI_VERSION >= 4
enum { TAG = 251, MAX_SIZE = 100000 };

static const int sizes[] = {0, 1, 40, 1000, 16384, MAX_SIZE};
static unsigned char *out, *in;
static int right, left;

static void prepare(int size)
{
    t_fill(out, (size_t)size, (uint64_t)(t_rank * 7 + size));
    memset(in, T_GUARD_BYTE, MAX_SIZE);
}

static void check(int size, const MPI_Status *status, const char *how)
{
    MPI_Count count = -1;

    MPI_Get_count_c(status, MPI_BYTE, &count);
    CHECK(count == size, "%s: %lld bytes, not %d", how, (long long)count, size);
    CHECK(t_differs(in, (size_t)size, (uint64_t)(left * 7 + size)) < 0, "%s: %d bytes differ", how,
          size);
}

static void messages(int size)
{
    MPI_Request requests[2];
    MPI_Status statuses[2];
    MPI_Message message;

    prepare(size);
    MPI_Sendrecv_c(out, size, MPI_BYTE, right, TAG, in, size, MPI_BYTE, left, TAG, MPI_COMM_WORLD,
                   &statuses[0]);
    check(size, &statuses[0], "sendrecv_c");
    prepare(size);
    MPI_Irecv_c(in, size, MPI_BYTE, left, TAG, MPI_COMM_WORLD, &requests[0]);
    t_token(left, right);
    MPI_Send_c(out, size, MPI_BYTE, right, TAG, MPI_COMM_WORLD);
    MPI_Wait(&requests[0], &statuses[0]);
    check(size, &statuses[0], "irecv_c, send_c");
    prepare(size);
    MPI_Isend_c(out, size, MPI_BYTE, right, TAG, MPI_COMM_WORLD, &requests[0]);
    MPI_Mprobe(left, TAG, MPI_COMM_WORLD, &message, MPI_STATUS_IGNORE);
    MPI_Mrecv_c(in, size, MPI_BYTE, &message, &statuses[0]);
    MPI_Wait(&requests[0], MPI_STATUS_IGNORE);
    check(size, &statuses[0], "isend_c, mrecv_c");
    prepare(size);
    MPI_Recv_init_c(in, size, MPI_BYTE, left, TAG, MPI_COMM_WORLD, &requests[0]);
    MPI_Send_init_c(out, size, MPI_BYTE, right, TAG, MPI_COMM_WORLD, &requests[1]);
    MPI_Startall(2, requests);
    MPI_Waitall(2, requests, statuses);
    check(size, &statuses[0], "recv_init_c, send_init_c");
    MPI_Request_free(&requests[0]);
    MPI_Request_free(&requests[1]);
}

static void types(void)
{
    MPI_Count lengths[2] = {1, 2}, places[2] = {3, 6}, size = -1, lb = -1, extent = -1;
    MPI_Datatype type;
    int ints[10], got[3] = {-1, -1, -1};

    for (int i = 0; i < 10; i++)
        ints[i] = t_rank * 100 + i;
    MPI_Type_indexed_c(2, lengths, places, MPI_INT, &type);
    MPI_Type_commit(&type);
    MPI_Type_size_c(type, &size);
    MPI_Type_get_extent_c(type, &lb, &extent);
    CHECK(size == 12 && lb == 12 && extent == 20, "size %lld lb %lld extent %lld", (long long)size,
          (long long)lb, (long long)extent);
    MPI_Sendrecv_c(ints, 1, type, right, TAG, got, 3, MPI_INT, left, TAG, MPI_COMM_WORLD,
                   MPI_STATUS_IGNORE);
    CHECK(got[0] == left * 100 + 3 && got[1] == left * 100 + 6 && got[2] == left * 100 + 7,
          "%d %d %d", got[0], got[1], got[2]);
    MPI_Type_free(&type);
}

/* A type of more than two thousand million bytes: its size fits in a count, not in an int. */
static void huge_type(void)
{
    MPI_Datatype type;
    MPI_Count size = -1;
    int small = -1;

    MPI_Type_contiguous_c((MPI_Count)3 << 30, MPI_INT, &type);
    MPI_Type_size_c(type, &size);
    CHECK(size == (MPI_Count)12 << 30, "size %lld", (long long)size);
    MPI_Type_size(type, &small);
    CHECK(small == MPI_UNDEFINED, "a size that does not fit an int: %d", small);
    MPI_Type_free(&type);
}

static void collectives(void)
{
    MPI_Count n = 1000;
    int *mine = malloc(1000 * sizeof *mine), *sum = malloc(1000 * sizeof *sum);

    for (int i = 0; i < 1000; i++)
        mine[i] = t_rank + i;
    MPI_Allreduce_c(mine, sum, n, MPI_INT, MPI_SUM, MPI_COMM_WORLD);
    for (int i = 0; i < 1000; i++)
        CHECK(sum[i] == t_size * (t_size - 1) / 2 + t_size * i, "element %d: %d", i, sum[i]);
    MPI_Bcast_c(mine, n, MPI_INT, t_size - 1, MPI_COMM_WORLD);
    CHECK(mine[0] == t_size - 1 && mine[999] == t_size + 998, "bcast_c: %d %d", mine[0], mine[999]);
    free(mine);
    free(sum);
}

static void larger(void *from, void *to, MPI_Count *n, MPI_Datatype *type)
{
    int *x = from, *y = to;

    (void)type;
    for (MPI_Count i = 0; i < *n; i++)
        y[i] = x[i] > y[i] ? x[i] : y[i];
}

static void operation(void)
{
    int mine[100], got[100];
    MPI_Op op;

    for (int i = 0; i < 100; i++)
        mine[i] = (t_rank * 7 + i) % 5;
    MPI_Op_create_c(larger, 1, &op);
    MPI_Allreduce(mine, got, 100, MPI_INT, op, MPI_COMM_WORLD);
    for (int i = 0; i < 100; i++) {
        int wanted = 0;
        for (int r = 0; r < t_size; r++)
            wanted = (r * 7 + i) % 5 > wanted ? (r * 7 + i) % 5 : wanted;
        CHECK(got[i] == wanted, "element %d is %d, not %d", i, got[i], wanted);
    }
    MPI_Op_free(&op);
}

int main(int argc, char **argv)
{
    t_init(&argc, &argv);
    right = (t_rank + 1) % t_size;
    left = (t_rank + t_size - 1) % t_size;
    out = t_alloc(MAX_SIZE);
    in = t_alloc(MAX_SIZE);
    for (int i = 0; i < T_COUNT(sizes); i++)
        messages(sizes[i]);
    types();
    huge_type();
    collectives();
    operation();
    CHECK(t_guards(in, MAX_SIZE), "a guard was written");
    t_free(in);
    t_free(out);
    return t_finish();
}
#else
int main(int argc, char **argv)
{
    t_init(&argc, &argv);
    MPI_Finalize();
    printf("needs MPI 4\n");
    return T_SKIP;
}
#endif

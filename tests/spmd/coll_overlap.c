/* coll_overlap.c - collectives in flight: a long one beside short ones, very many at once; empty types. */
/* SPDX-License-Identifier: BSD-3-Clause */
/* The ranks move on at different speed, so that they see the parts of the long one end at different times. */
#include "test.h"
#include <unistd.h>

enum { LONG = 400000, ROUNDS = 12, MANY = 700, SHORT = 100, WARM = 4 };

/* Sum over the ranks of (rank + value). */
static int sum_of(int value)
{
    return t_size * (t_size - 1) / 2 + t_size * value;
}

/* A communicator's first calls may go another way than the later ones. */
static void warm_up(void)
{
    for (int i = 0; i < WARM; i++)
        MPI_Barrier(MPI_COMM_WORLD);
}

static void check_vector(const int *got, int count, int value, const char *what)
{
    for (int i = 0; i < count; i++)
        if (got[i] != sum_of(value + i)) {
            CHECK(0, "%s %d: element %d is %d, not %d", what, value, i, got[i], sum_of(value + i));
            return;
        }
}

static void long_and_short(void)
{
    int *in = malloc(LONG * sizeof *in), *out = malloc(LONG * sizeof *out);

    for (int round = 0; round < ROUNDS; round++) {
        MPI_Request requests[2];
        int own = t_rank + round, sum = -1, flag;

        for (int i = 0; i < LONG; i++)
            in[i] = t_rank + round + i;
        MPI_Iallreduce(in, out, LONG, MPI_INT, MPI_SUM, MPI_COMM_WORLD, &requests[0]);
        for (int k = 0; round % t_size == t_rank && k < 200; k++)
            MPI_Iprobe(MPI_ANY_SOURCE, 0, MPI_COMM_WORLD, &flag, MPI_STATUS_IGNORE);
        MPI_Iallreduce(&own, &sum, 1, MPI_INT, MPI_SUM, MPI_COMM_WORLD, &requests[1]);
        MPI_Waitall(2, requests, MPI_STATUSES_IGNORE);
        CHECK(sum == sum_of(round), "round %d: the short sum is %d, not %d", round, sum, sum_of(round));
        check_vector(out, LONG, round, "round");
    }
    free(in);
    free(out);
}

static void many(void)
{
    static int in[MANY][SHORT], out[MANY][SHORT];
    MPI_Request requests[MANY];

    if (t_rank == t_size - 1)
        usleep(20000); /* the others have started all of theirs */
    for (int n = 0; n < MANY; n++) {
        for (int i = 0; i < SHORT; i++)
            in[n][i] = t_rank + n + i;
        MPI_Iallreduce(in[n], out[n], SHORT, MPI_INT, MPI_SUM, MPI_COMM_WORLD, &requests[n]);
    }
    MPI_Waitall(MANY, requests, MPI_STATUSES_IGNORE);
    for (int n = 0; n < MANY; n++)
        check_vector(out[n], SHORT, n, "operation");
}

static void nothing(void *in, void *inout, int *count, MPI_Datatype *type)
{
    (void)in, (void)inout, (void)count, (void)type;
}

static void empty_type(void)
{
    MPI_Datatype empty;
    MPI_Op op;
    int in = 1, out = 2;

    MPI_Type_contiguous(0, MPI_INT, &empty);
    MPI_Type_commit(&empty);
    MPI_Op_create(nothing, 1, &op);
    CHECK_OK(MPI_Allreduce(&in, &out, 3, empty, op, MPI_COMM_WORLD));
    CHECK_OK(MPI_Reduce(&in, &out, 3, empty, op, 0, MPI_COMM_WORLD));
    CHECK_OK(MPI_Scan(&in, &out, 3, empty, op, MPI_COMM_WORLD));
    CHECK_OK(MPI_Exscan(&in, &out, 3, empty, op, MPI_COMM_WORLD));
    CHECK_OK(MPI_Reduce_scatter_block(&in, &out, 3, empty, op, MPI_COMM_WORLD));
    CHECK(out == 2, "an empty type has changed the result to %d", out);
    MPI_Op_free(&op);
    MPI_Type_free(&empty);
}

int main(int argc, char **argv)
{
    t_init(&argc, &argv);
    empty_type();
    warm_up();
    empty_type();
    long_and_short();
    many();
    return t_finish();
}

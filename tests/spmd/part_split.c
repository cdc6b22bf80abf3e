/* part_split.c - partitioned communication: any split on the two sides, any order, many rounds, derived types. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "test.h"

enum { TAG = 151, ROUNDS = 4 };

static int right, left;
static uint64_t draw;

/* A side: partitions of count elements, each of `ints` ints with a gap of `gap` ints behind it. */
struct side {
    int partitions, count, ints, gap;
};

static MPI_Datatype type_of(const struct side *side)
{
    MPI_Datatype plain, type;

    MPI_Type_contiguous(side->ints, MPI_INT, &plain);
    MPI_Type_create_resized(plain, 0, (MPI_Aint)(sizeof(int) * (size_t)(side->ints + side->gap)), &type);
    MPI_Type_commit(&type);
    MPI_Type_free(&plain);
    return type;
}

static size_t room_of(const struct side *side)
{
    return sizeof(int) * (size_t)side->partitions * (size_t)side->count * (size_t)(side->ints + side->gap);
}

/* Place in the buffer of the n-th int of the message. */
static int place(const struct side *side, int n)
{
    return n / side->ints * (side->ints + side->gap) + n % side->ints;
}

static int value(int rank, int round, int n)
{
    return rank * 1000003 + round * 7919 + n;
}

static void check_partition(const struct side *side, const int *in, int partition, int round)
{
    int first = partition * side->count * side->ints, wrong = 0;

    for (int n = first; n < first + side->count * side->ints; n++)
        wrong += in[place(side, n)] != value(left, round, n);
    CHECK(wrong == 0, "round %d: %d ints of partition %d of %d are wrong", round, wrong, partition, side->partitions);
}

/* Marks all partitions in random order by the three calls. */
static void mark(MPI_Request request, int partitions)
{
    int order[600];

    for (int i = 0; i < partitions; i++)
        order[i] = i;
    if (t_random(&draw, 3) == 0) {
        int middle = t_random(&draw, partitions);
        CHECK_OK(MPI_Pready_range(middle, partitions - 1, request));
        if (middle > 0)
            CHECK_OK(MPI_Pready_range(0, middle - 1, request));
        return;
    }
    for (int i = partitions - 1; i > 0; i--) {
        int j = t_random(&draw, i + 1), other = order[i];
        order[i] = order[j];
        order[j] = other;
    }
    if (t_random(&draw, 2)) {
        CHECK_OK(MPI_Pready_list(partitions, order, request));
        return;
    }
    for (int i = 0; i < partitions; i++)
        CHECK_OK(MPI_Pready(order[i], request));
}

static void await_partitions(const struct side *side, const int *in, MPI_Request request, int round)
{
    for (int p = side->partitions - 1; p >= 0; p--) {
        int flag = 0;
        while (!flag)
            CHECK_OK(MPI_Parrived(request, p, &flag));
        check_partition(side, in, p, round);
    }
}

static void run(const struct side *send, const struct side *receive)
{
    int total = send->partitions * send->count * send->ints;
    int *out = (int *)(void *)t_alloc(room_of(send)), *in = (int *)(void *)t_alloc(room_of(receive));
    MPI_Datatype out_type = type_of(send), in_type = type_of(receive);
    MPI_Request requests[2];
    MPI_Status statuses[2];

    CHECK_OK(MPI_Psend_init(out, send->partitions, send->count, out_type, right, TAG, MPI_COMM_WORLD, MPI_INFO_NULL,
                            &requests[0]));
    CHECK_OK(MPI_Precv_init(in, receive->partitions, receive->count, in_type, left, TAG, MPI_COMM_WORLD, MPI_INFO_NULL,
                            &requests[1]));
    MPI_Type_free(&out_type);
    MPI_Type_free(&in_type);
    for (int round = 0; round < ROUNDS; round++) {
        for (int n = 0; n < total; n++)
            out[place(send, n)] = value(t_rank, round, n);
        CHECK_OK(MPI_Start(&requests[0]));
        if (t_random(&draw, 2)) {
            CHECK_OK(MPI_Start(&requests[1]));
            mark(requests[0], send->partitions);
        } else {
            mark(requests[0], send->partitions);
            CHECK_OK(MPI_Start(&requests[1]));
        }
        if (round % 2)
            await_partitions(receive, in, requests[1], round);
        CHECK_OK(MPI_Waitall(2, requests, statuses));
        t_check_status(&statuses[1], left, TAG, total * (int)sizeof(int), "partitioned receive");
        for (int p = 0; p < receive->partitions; p++)
            check_partition(receive, in, p, round);
        memset(in, T_GUARD_BYTE, room_of(receive));
    }
    CHECK(t_guards(in, room_of(receive)), "a guard was written");
    CHECK_OK(MPI_Request_free(&requests[0]));
    CHECK_OK(MPI_Request_free(&requests[1]));
    t_free(out);
    t_free(in);
}

/* partitions x count x ints must agree on both sides */
static void splits(void)
{
    static const struct side sides[][2] = {
        {{6, 10, 1, 0}, {4, 15, 1, 0}},   {{1, 64, 1, 0}, {16, 4, 1, 0}},     {{33, 17, 1, 0}, {17, 33, 1, 0}},
        {{6, 10, 1, 0}, {4, 3, 5, 0}},    {{6, 5, 2, 3}, {4, 3, 5, 1}},       {{5, 7, 3, 1}, {7, 5, 3, 2}},
        {{7, 1, 10, 4}, {5, 2, 7, 1}},    {{3, 20000, 1, 0}, {2, 30000, 1, 0}}, {{4, 9000, 1, 1}, {3, 4000, 3, 2}},
        {{512, 4, 1, 0}, {1, 2048, 1, 0}}, {{2, 0, 1, 0}, {3, 0, 1, 0}},      {{600, 1, 1, 0}, {2, 300, 1, 0}},
    };

    for (int i = 0; i < T_COUNT(sides); i++)
        run(&sides[i][0], &sides[i][1]);
}

int main(int argc, char **argv)
{
    t_init(&argc, &argv);
    draw = t_seed() + (uint64_t)t_rank;
    right = (t_rank + 1) % t_size;
    left = (t_rank + t_size - 1) % t_size;
    splits();
    return t_finish();
}

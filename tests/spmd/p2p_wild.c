/* p2p_wild.c - MPI_ANY_SOURCE and MPI_ANY_TAG: what the status says, fan-in, ignored statuses. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "test.h"

enum { MESSAGES = 60, BIG = 100000 };

static int size_of(int source, int i)
{
    return i % 10 == 9 ? BIG + source : i * 13 % 900;
}

static void send_all(void)
{
    unsigned char *data = t_alloc(BIG + 64);

    for (int i = 0; i < MESSAGES; i++) {
        t_fill(data, (size_t)size_of(t_rank, i), (uint64_t)(t_rank * 100 + i));
        MPI_Send(data, size_of(t_rank, i), MPI_BYTE, 0, i, MPI_COMM_WORLD);
    }
    t_free(data);
}

/* With both wildcards each source's messages come in the order in which it sent them. */
static void receive_all(void)
{
    unsigned char *data = t_alloc(BIG + 64);
    int *next = calloc((size_t)t_size, sizeof *next);
    MPI_Status status;

    for (int i = 0; i < MESSAGES * (t_size - 1); i++) {
        MPI_Recv(data, BIG + 64, MPI_BYTE, MPI_ANY_SOURCE, MPI_ANY_TAG, MPI_COMM_WORLD, &status);
        int source = status.MPI_SOURCE;
        CHECK(source > 0 && source < t_size, "source %d", source);
        if (source <= 0 || source >= t_size)
            continue;
        int turn = next[source]++;
        t_check_status(&status, source, turn, size_of(source, turn), "fan-in");
        CHECK(t_differs(data, (size_t)size_of(source, turn), (uint64_t)(source * 100 + turn)) < 0,
              "message %d of %d differs", turn, source);
    }
    free(next);
    t_free(data);
}

/* Any source with a fixed tag takes the tags in the receiver's order, whoever sends. */
static void by_tag(void)
{
    MPI_Request requests[20];
    int value = -1, values[20];

    if (t_rank != 0) {
        for (int tag = 0; tag < 20; tag++) {
            values[tag] = t_rank * 1000 + tag;
            MPI_Isend(&values[tag], 1, MPI_INT, 0, tag, MPI_COMM_WORLD, &requests[tag]);
        }
        MPI_Waitall(20, requests, MPI_STATUSES_IGNORE);
        return;
    }
    for (int tag = 19; tag >= 0; tag--) {
        for (int k = 1; k < t_size; k++) {
            MPI_Status status;
            MPI_Recv(&value, 1, MPI_INT, MPI_ANY_SOURCE, tag, MPI_COMM_WORLD, &status);
            CHECK(value == status.MPI_SOURCE * 1000 + tag && status.MPI_TAG == tag,
                  "value %d from %d tag %d", value, status.MPI_SOURCE, status.MPI_TAG);
        }
    }
}

/* A fixed source with any tag takes that source's messages in order. */
static void by_source(void)
{
    int value = -1;

    if (t_rank != 0) {
        for (int i = 0; i < 20; i++) {
            value = t_rank * 1000 + i;
            MPI_Send(&value, 1, MPI_INT, 0, (i * 7) % 20, MPI_COMM_WORLD);
        }
        return;
    }
    for (int source = t_size - 1; source > 0; source--) {
        for (int i = 0; i < 20; i++) {
            MPI_Recv(&value, 1, MPI_INT, source, MPI_ANY_TAG, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
            CHECK(value == source * 1000 + i, "message %d of %d is %d", i, source, value);
        }
    }
}

/* Posted wildcard receives, completed in any order: each message exactly once. */
static void posted(void)
{
    int n = (t_size - 1) * 30;
    int *values = malloc((size_t)(n + 1) * sizeof *values),
        *seen = calloc((size_t)n + 1, sizeof *seen);
    MPI_Request *requests = malloc((size_t)(n + 1) * sizeof *requests);

    for (int i = 0; i < n && t_rank == 0; i++)
        MPI_Irecv(&values[i], 1, MPI_INT, MPI_ANY_SOURCE, MPI_ANY_TAG, MPI_COMM_WORLD,
                  &requests[i]);
    MPI_Barrier(MPI_COMM_WORLD);
    for (int i = 0; i < 30 && t_rank != 0; i++) {
        int value = (t_rank - 1) * 30 + i;
        MPI_Send(&value, 1, MPI_INT, 0, i, MPI_COMM_WORLD);
    }
    for (int i = 0; i < n && t_rank == 0; i++) {
        int index = -1;
        MPI_Status status;
        MPI_Waitany(n, requests, &index, &status);
        int value = values[index];
        CHECK(value >= 0 && value < n && !seen[value]++, "value %d again or wrong", value);
        CHECK(status.MPI_SOURCE == value / 30 + 1 && status.MPI_TAG == value % 30,
              "source %d tag %d", status.MPI_SOURCE, status.MPI_TAG);
    }
    free(requests);
    free(seen);
    free(values);
}

int main(int argc, char **argv)
{
    t_init(&argc, &argv);
    if (t_rank == 0)
        receive_all();
    else
        send_all();
    MPI_Barrier(MPI_COMM_WORLD);
    by_tag();
    MPI_Barrier(MPI_COMM_WORLD);
    by_source();
    MPI_Barrier(MPI_COMM_WORLD);
    posted();
    MPI_Barrier(MPI_COMM_WORLD);
    return t_finish();
}

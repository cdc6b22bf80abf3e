/* coll_mixed.c - collectives beside point-to-point wildcards, on several communicators. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "test.h"

enum { TURNS = 100, TAG = 211, BIG = 20000 };

static int right, left;
static uint64_t state;

/* One collective, drawn alike on all ranks, whose result is known. */
static void any_collective(MPI_Comm comm, int which, int turn)
{
    static int block[BIG];
    int rank, size, mine, got = -1, all[64], root;

    MPI_Comm_rank(comm, &rank);
    MPI_Comm_size(comm, &size);
    mine = rank + turn;
    root = turn % size;
    switch (which) {
        case 0: MPI_Barrier(comm); break;
        case 1:
            got = rank == root ? turn * 3 : -1;
            MPI_Bcast(&got, 1, MPI_INT, root, comm);
            CHECK(got == turn * 3, "turn %d: bcast gave %d", turn, got);
            break;
        case 2:
            MPI_Allreduce(&mine, &got, 1, MPI_INT, MPI_SUM, comm);
            CHECK(got == size * (size - 1) / 2 + size * turn, "turn %d: allreduce gave %d", turn,
                  got);
            break;
        case 3:
            MPI_Allgather(&mine, 1, MPI_INT, all, 1, MPI_INT, comm);
            for (int r = 0; r < size; r++)
                CHECK(all[r] == r + turn, "turn %d: allgather gave %d", turn, all[r]);
            break;
        case 4:
            MPI_Scan(&mine, &got, 1, MPI_INT, MPI_SUM, comm);
            CHECK(got == rank * (rank + 1) / 2 + (rank + 1) * turn, "turn %d: scan gave %d", turn,
                  got);
            break;
        case 5:
            MPI_Reduce(&mine, &got, 1, MPI_INT, MPI_MAX, root, comm);
            CHECK(rank != root || got == size - 1 + turn, "turn %d: reduce gave %d", turn, got);
            break;
        case 6:
            MPI_Gather(&mine, 1, MPI_INT, all, 1, MPI_INT, root, comm);
            for (int r = 0; r < size && rank == root; r++)
                CHECK(all[r] == r + turn, "turn %d: gather gave %d", turn, all[r]);
            break;
        default:
            for (int i = 0; i < BIG && rank == root; i++)
                block[i] = turn + i;
            MPI_Bcast(block, BIG, MPI_INT, root, comm);
            CHECK(block[0] == turn && block[BIG - 1] == turn + BIG - 1, "turn %d: large bcast",
                  turn);
    }
}

/* A receive with both wildcards waits through collectives on the same communicator, and gets only
 * what was sent for it, before or after. */
static void beside_wildcards(void)
{
    for (int turn = 0; turn < TURNS; turn++) {
        MPI_Request receive, send;
        MPI_Status status;
        int got = -1, value = t_rank * 1000 + turn, early = t_random(&state, 2);
        int which[3];
        for (int k = 0; k < 3; k++)
            which[k] = t_random(&state, 8);
        MPI_Irecv(&got, 1, MPI_INT, MPI_ANY_SOURCE, MPI_ANY_TAG, MPI_COMM_WORLD, &receive);
        if (early)
            MPI_Isend(&value, 1, MPI_INT, right, TAG + turn % 7, MPI_COMM_WORLD, &send);
        for (int k = 0; k < 3; k++)
            any_collective(MPI_COMM_WORLD, which[k], turn);
        if (!early)
            MPI_Isend(&value, 1, MPI_INT, right, TAG + turn % 7, MPI_COMM_WORLD, &send);
        MPI_Wait(&receive, &status);
        CHECK(got == left * 1000 + turn, "turn %d: the wildcard got %d", turn, got);
        CHECK(status.MPI_SOURCE == left && status.MPI_TAG == TAG + turn % 7,
              "turn %d: source %d tag %d", turn, status.MPI_SOURCE, status.MPI_TAG);
        MPI_Wait(&send, MPI_STATUS_IGNORE);
        /* A fast neighbour's next message must not come while this turn's receives are open
         * elsewhere. */
        t_token(left, right);
    }
}

/* Unexpected messages wait while collectives run over the same pairs. */
static void beside_unexpected(void)
{
    MPI_Request requests[30];
    int values[30], got = -1;

    for (int i = 0; i < 30; i++) {
        values[i] = t_rank * 100 + i;
        MPI_Isend(&values[i], 1, MPI_INT, right, i, MPI_COMM_WORLD, &requests[i]);
    }
    for (int turn = 0; turn < 40; turn++)
        any_collective(MPI_COMM_WORLD, t_random(&state, 8), turn);
    for (int i = 29; i >= 0; i--) {
        MPI_Recv(&got, 1, MPI_INT, MPI_ANY_SOURCE, i, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
        CHECK(got == left * 100 + i, "tag %d: %d", i, got);
    }
    MPI_Waitall(30, requests, MPI_STATUSES_IGNORE);
}

static void several_communicators(void)
{
    MPI_Comm comms[4];

    MPI_Comm_dup(MPI_COMM_WORLD, &comms[0]);
    MPI_Comm_split(MPI_COMM_WORLD, t_rank % 2, t_rank, &comms[1]);
    MPI_Comm_split(MPI_COMM_WORLD, t_rank / 2, -t_rank, &comms[2]);
    MPI_Comm_dup(MPI_COMM_SELF, &comms[3]);
    for (int turn = 0; turn < 200; turn++)
        any_collective(comms[t_random(&state, 4)], t_random(&state, 8), turn);
    for (int c = 0; c < 4; c++)
        MPI_Comm_free(&comms[c]);
}

/* Roots may run ahead of the others by many collectives; the results do not mix. */
static void run_ahead(void)
{
    int sum = 0, got;

    for (int turn = 0; turn < 1000; turn++) {
        got = t_rank == 0 ? turn : -1;
        MPI_Bcast(&got, 1, MPI_INT, 0, MPI_COMM_WORLD);
        sum += got;
    }
    CHECK(sum == 499500, "the sum of a thousand broadcasts is %d", sum);
    for (int turn = 0; turn < 1000; turn++) {
        got = -1;
        MPI_Reduce(&turn, &got, 1, MPI_INT, MPI_SUM, 0, MPI_COMM_WORLD);
        CHECK(t_rank != 0 || got == turn * t_size, "reduce %d gave %d", turn, got);
    }
}

int main(int argc, char **argv)
{
    t_init(&argc, &argv);
    right = (t_rank + 1) % t_size;
    left = (t_rank + t_size - 1) % t_size;
    state = t_seed();
    beside_wildcards();
    beside_unexpected();
    several_communicators();
    run_ahead();
    return t_finish();
}

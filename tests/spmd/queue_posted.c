/* queue_posted.c - ten thousand posted receives, answered in order, in reverse and at random. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "test.h"

enum { N = 10000 };

static int order[N], in[N], out[N];
static MPI_Request receives[N], sends[N];
static int right, left;

static void shuffle(uint64_t seed)
{
    for (int i = 0; i < N; i++)
        order[i] = i;
    for (int i = N - 1; i > 0; i--) {
        int j = t_random(&seed, i + 1), keep = order[i];
        order[i] = order[j];
        order[j] = keep;
    }
}

/* What receive i asks for, by style: exact; any source; or a mixture. Tags are distinct. */
static int source_of(int i, int style)
{
    return style == 1 || (style == 2 && i % 3 == 0) ? MPI_ANY_SOURCE : left;
}

static void one_order(const char *name, int style)
{
    for (int i = 0; i < N; i++) {
        in[i] = -1;
        MPI_Irecv(&in[i], 1, MPI_INT, source_of(i, style), i, MPI_COMM_WORLD, &receives[i]);
    }
    t_token(left, right);
    for (int i = 0; i < N; i++) {
        out[i] = t_rank * N + order[i];
        MPI_Isend(&out[i], 1, MPI_INT, right, order[i], MPI_COMM_WORLD, &sends[i]);
    }
    MPI_Waitall(N, receives, MPI_STATUSES_IGNORE);
    MPI_Waitall(N, sends, MPI_STATUSES_IGNORE);
    for (int i = 0; i < N; i++)
        CHECK(in[i] == left * N + i, "%s, style %d: receive %d got %d", name, style, i, in[i]);
}

/* Any tag beside exact ones: every tenth receive is an any-tag one and takes the message of its
 * turn. */
static void any_tags(void)
{
    for (int i = 0; i < N; i++)
        MPI_Irecv(&in[i], 1, MPI_INT, left, i % 10 == 0 ? MPI_ANY_TAG : i, MPI_COMM_WORLD,
                  &receives[i]);
    t_token(left, right);
    for (int i = 0; i < N; i++) {
        out[i] = t_rank * N + i;
        MPI_Isend(&out[i], 1, MPI_INT, right, i, MPI_COMM_WORLD, &sends[i]);
    }
    MPI_Waitall(N, receives, MPI_STATUSES_IGNORE);
    MPI_Waitall(N, sends, MPI_STATUSES_IGNORE);
    for (int i = 0; i < N; i++)
        CHECK(in[i] == left * N + i, "any tags: receive %d got %d", i, in[i]);
}

/* All receives alike: first come, first served. */
static void one_tag(void)
{
    for (int i = 0; i < N; i++)
        MPI_Irecv(&in[i], 1, MPI_INT, i % 2 ? left : MPI_ANY_SOURCE, 5, MPI_COMM_WORLD,
                  &receives[i]);
    t_token(left, right);
    for (int i = 0; i < N; i++) {
        out[i] = t_rank * N + i;
        MPI_Isend(&out[i], 1, MPI_INT, right, 5, MPI_COMM_WORLD, &sends[i]);
    }
    MPI_Waitall(N, receives, MPI_STATUSES_IGNORE);
    MPI_Waitall(N, sends, MPI_STATUSES_IGNORE);
    for (int i = 0; i < N; i++)
        CHECK(in[i] == left * N + i, "one tag: receive %d got %d", i, in[i]);
}

/* Half of a deep queue is cancelled; the rest still matches. */
static void cancelled(void)
{
    int flag = -1;
    MPI_Status status;

    for (int i = 0; i < N; i++) {
        in[i] = -1;
        MPI_Irecv(&in[i], 1, MPI_INT, left, i, MPI_COMM_WORLD, &receives[i]);
    }
    for (int i = 0; i < N; i += 2) {
        MPI_Cancel(&receives[i]);
        MPI_Wait(&receives[i], &status);
        MPI_Test_cancelled(&status, &flag);
        CHECK(flag, "receive %d was not cancelled", i);
    }
    t_token(left, right);
    for (int i = 1; i < N; i += 2)
        MPI_Isend(&t_rank, 1, MPI_INT, right, i, MPI_COMM_WORLD, &sends[i]);
    for (int i = 1; i < N; i += 2) {
        MPI_Wait(&receives[i], MPI_STATUS_IGNORE);
        MPI_Wait(&sends[i], MPI_STATUS_IGNORE);
        CHECK(in[i] == left && in[i - 1] == -1, "receives %d, %d: %d, %d", i - 1, i, in[i - 1],
              in[i]);
    }
}

int main(int argc, char **argv)
{
    uint64_t seed;

    t_init(&argc, &argv);
    right = (t_rank + 1) % t_size;
    left = (t_rank + t_size - 1) % t_size;
    seed = t_seed();
    for (int style = 0; style < 3; style++) {
        for (int i = 0; i < N; i++)
            order[i] = i;
        one_order("in order", style);
        for (int i = 0; i < N; i++)
            order[i] = N - 1 - i;
        one_order("reversed", style);
        shuffle(seed);
        one_order("at random", style);
    }
    any_tags();
    one_tag();
    cancelled();
    return t_finish();
}

/* order_mixed.c - order between two ranks: tiny beside huge, wildcards beside exact. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "test.h"

enum { N = 48, HUGE = 1 << 20, TAG = 121 };

static int right, left;
static unsigned char *out[N], *in[N];

static int size_of(int i)
{
    static const int sizes[] = {1, HUGE, 8, 100000, 0, 9000, 40, 4096, 64, 70000, 1024, 17000};

    return sizes[i % T_COUNT(sizes)];
}

static void fill_all(int turn)
{
    for (int i = 0; i < N; i++) {
        t_fill(out[i], (size_t)size_of(i), (uint64_t)(t_rank * 1000 + turn * 100 + i));
        memset(in[i], 0, (size_t)size_of(i));
    }
}

static void check(int place, int message, int turn)
{
    CHECK(t_differs(in[place], (size_t)size_of(message),
                    (uint64_t)(left * 1000 + turn * 100 + message)) < 0,
          "turn %d: receive %d did not get message %d (%d bytes)", turn, place, message,
          size_of(message));
}

/* The i-th receive gets the i-th message; none, half or all of the receives are posted before. */
static void one_tag(int turn, int posted)
{
    MPI_Request sends[N], receives[N];

    fill_all(turn);
    for (int i = 0; i < posted; i++)
        MPI_Irecv(in[i], size_of(i), MPI_BYTE, i % 2 ? MPI_ANY_SOURCE : left, TAG, MPI_COMM_WORLD,
                  &receives[i]);
    t_token(left, right);
    for (int i = 0; i < N; i++)
        MPI_Isend(out[i], size_of(i), MPI_BYTE, right, TAG, MPI_COMM_WORLD, &sends[i]);
    for (int i = posted; i < N; i++)
        MPI_Irecv(in[i], size_of(i), MPI_BYTE, left, TAG, MPI_COMM_WORLD, &receives[i]);
    MPI_Waitall(N, receives, MPI_STATUSES_IGNORE);
    MPI_Waitall(N, sends, MPI_STATUSES_IGNORE);
    for (int i = 0; i < N; i++)
        check(i, i, turn);
}

/* Tags by pairs: the receives take all odd tags first, then any tag gives the even ones in
 * order. */
static void exact_then_wild(int turn)
{
    MPI_Request sends[N];
    MPI_Status status;
    int k = 0;

    fill_all(turn);
    for (int i = 0; i < N; i++)
        MPI_Isend(out[i], size_of(i), MPI_BYTE, right, TAG + i % 2, MPI_COMM_WORLD, &sends[i]);
    for (int i = 1; i < N; i += 2, k++) {
        MPI_Recv(in[k], size_of(i), MPI_BYTE, left, TAG + 1, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
        check(k, i, turn);
    }
    for (int i = 0; i < N; i += 2, k++) {
        MPI_Recv(in[k], size_of(i), MPI_BYTE, MPI_ANY_SOURCE, MPI_ANY_TAG, MPI_COMM_WORLD, &status);
        t_check_status(&status, left, TAG, size_of(i), "wild after exact");
        check(k, i, turn);
    }
    MPI_Waitall(N, sends, MPI_STATUSES_IGNORE);
}

/* Posted receives, wildcard and exact by turns. Message i has tag i; when it comes, receives 0 to
 * i-1 are taken and receive i is the earliest that fits it. */
static void wild_beside_exact(int turn)
{
    MPI_Request sends[N], receives[N];

    fill_all(turn);
    for (int i = 0; i < N; i++)
        MPI_Irecv(in[i], size_of(i), MPI_BYTE, i % 3 == 1 ? MPI_ANY_SOURCE : left,
                  i % 3 == 0 ? MPI_ANY_TAG : i, MPI_COMM_WORLD, &receives[i]);
    t_token(left, right);
    for (int i = 0; i < N; i++)
        MPI_Isend(out[i], size_of(i), MPI_BYTE, right, i, MPI_COMM_WORLD, &sends[i]);
    MPI_Waitall(N, receives, MPI_STATUSES_IGNORE);
    MPI_Waitall(N, sends, MPI_STATUSES_IGNORE);
    for (int i = 0; i < N; i++)
        check(i, i, turn);
}

int main(int argc, char **argv)
{
    t_init(&argc, &argv);
    right = (t_rank + 1) % t_size;
    left = (t_rank + t_size - 1) % t_size;
    for (int i = 0; i < N; i++) {
        out[i] = t_alloc((size_t)size_of(i));
        in[i] = t_alloc(HUGE);
    }
    for (int turn = 0; turn < 3; turn++) {
        one_tag(turn, turn * N / 2);
        t_token(left, right);
        exact_then_wild(turn);
        t_token(left, right);
        wild_beside_exact(turn);
        t_token(left, right);
    }
    for (int i = 0; i < N; i++) {
        CHECK(t_guards(in[i], HUGE), "a guard of buffer %d was written", i);
        t_free(in[i]);
        t_free(out[i]);
    }
    return t_finish();
}

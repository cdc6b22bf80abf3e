/* queue_unexpected.c - ten thousand unexpected messages, received in other orders. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "test.h"

enum { N = 10000 };

static int order[N], out[N], taken[N];
static MPI_Request sends[N];
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

/* All messages leave before any is received; `tags` distinct tags, used by turns. */
static void send_all(int tags)
{
    for (int i = 0; i < N; i++) {
        out[i] = t_rank * N + i;
        MPI_Isend(&out[i], 1, MPI_INT, right, i % tags, MPI_COMM_WORLD, &sends[i]);
    }
    t_token(right, left);
    memset(taken, 0, sizeof taken);
}

static void receive(int source, int tag, int expected, const char *name)
{
    int got = -1;
    MPI_Status status;

    MPI_Recv(&got, 1, MPI_INT, source, tag, MPI_COMM_WORLD, &status);
    CHECK(got == left * N + expected, "%s: %d, not %d", name, got, left * N + expected);
    CHECK(status.MPI_SOURCE == left, "%s: source %d", name, status.MPI_SOURCE);
    taken[expected] = 1;
}

static void one_order(const char *name)
{
    send_all(N);
    for (int i = 0; i < N; i++)
        receive(order[i] % 2 ? left : MPI_ANY_SOURCE, order[i], order[i], name);
    MPI_Waitall(N, sends, MPI_STATUSES_IGNORE);
}

/* Exact receives in random order; between them any-tag ones take the earliest message still
 * there. */
static void mixture(void)
{
    int first = 0;

    send_all(N);
    for (int i = 0; i < N; i++) {
        while (first < N && taken[first])
            first++;
        if (i % 3 == 0 && first < N)
            receive(i % 2 ? left : MPI_ANY_SOURCE, MPI_ANY_TAG, first, "mixture, wild");
        if (!taken[order[i]])
            receive(left, order[i], order[i], "mixture, exact");
    }
    MPI_Waitall(N, sends, MPI_STATUSES_IGNORE);
}

/* A few tags, each a long queue: within a tag in order, whatever is taken from the others. */
static void few_tags(int tags, uint64_t seed)
{
    int next[16], left_over = N;

    for (int t = 0; t < tags; t++)
        next[t] = t;
    send_all(tags);
    while (left_over > 0) {
        int tag = t_random(&seed, tags);
        if (next[tag] >= N)
            continue;
        receive(left, tag, next[tag], "few tags");
        next[tag] += tags;
        left_over--;
    }
    MPI_Waitall(N, sends, MPI_STATUSES_IGNORE);
}

/* Messages are taken by matched probes from all over the queue, received later. */
static void taken_by_probe(void)
{
    static MPI_Message messages[100];
    int got = -1;

    send_all(N);
    for (int i = 0; i < 100; i++)
        MPI_Mprobe(left, i * 97, MPI_COMM_WORLD, &messages[i], MPI_STATUS_IGNORE);
    for (int i = 0; i < N; i++)
        if (i % 97 != 0 || i / 97 >= 100)
            receive(left, MPI_ANY_TAG, i, "beside probes");
    for (int i = 99; i >= 0; i--) {
        MPI_Mrecv(&got, 1, MPI_INT, &messages[i], MPI_STATUS_IGNORE);
        CHECK(got == left * N + i * 97, "taken by a probe: %d, not %d", got, left * N + i * 97);
    }
    MPI_Waitall(N, sends, MPI_STATUSES_IGNORE);
}

int main(int argc, char **argv)
{
    uint64_t seed;

    t_init(&argc, &argv);
    right = (t_rank + 1) % t_size;
    left = (t_rank + t_size - 1) % t_size;
    seed = t_seed();
    for (int i = 0; i < N; i++)
        order[i] = N - 1 - i;
    one_order("reversed");
    t_token(left, right);
    shuffle(seed);
    one_order("at random");
    t_token(left, right);
    mixture();
    t_token(left, right);
    few_tags(1, seed);
    t_token(left, right);
    few_tags(16, seed);
    t_token(left, right);
    taken_by_probe();
    return t_finish();
}

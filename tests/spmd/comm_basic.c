/* comm_basic.c - dup, split, split_type, free, compare; many communicators one after another. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "test.h"

enum { TAG = 181 };

/* A sum over the communicator, by messages only: it works, and has the ranks that it says. */
static int ring_sum(MPI_Comm comm, int value)
{
    int rank, size, sum = 0, passing = value, next;

    MPI_Comm_rank(comm, &rank);
    MPI_Comm_size(comm, &size);
    for (int i = 0; i < size; i++) {
        sum += passing;
        MPI_Sendrecv(&passing, 1, MPI_INT, (rank + 1) % size, TAG, &next, 1, MPI_INT,
                     (rank + size - 1) % size, TAG, comm, MPI_STATUS_IGNORE);
        passing = next;
    }
    return sum;
}

static void check_compare(MPI_Comm a, MPI_Comm b, int wanted, const char *what)
{
    int result = -1;

    CHECK_OK(MPI_Comm_compare(a, b, &result));
    CHECK(result == wanted, "%s: %d, not %d", what, result, wanted);
}

static void dup(void)
{
    MPI_Comm copy, again;
    int rank = -1, size = -1;

    MPI_Comm_dup(MPI_COMM_WORLD, &copy);
    MPI_Comm_dup(copy, &again);
    MPI_Comm_rank(again, &rank);
    MPI_Comm_size(again, &size);
    CHECK(rank == t_rank && size == t_size, "rank %d of %d", rank, size);
    MPI_Comm_free(&copy);
    CHECK(copy == MPI_COMM_NULL, "MPI_Comm_free left the handle");
    CHECK(ring_sum(again, 1) == t_size, "the copy of a freed communicator does not work");
    MPI_Comm_free(&again);
}

static void compare(void)
{
    MPI_Comm copy, reversed, self;

    MPI_Comm_dup(MPI_COMM_WORLD, &copy);
    MPI_Comm_dup(MPI_COMM_SELF, &self);
    MPI_Comm_split(MPI_COMM_WORLD, 0, -t_rank, &reversed);
    check_compare(MPI_COMM_WORLD, MPI_COMM_WORLD, MPI_IDENT, "world and itself");
    check_compare(MPI_COMM_WORLD, copy, MPI_CONGRUENT, "world and its copy");
    check_compare(MPI_COMM_SELF, self, MPI_CONGRUENT, "self and its copy");
    check_compare(copy, reversed, t_size > 1 ? MPI_SIMILAR : MPI_CONGRUENT, "copy and reversed");
    check_compare(MPI_COMM_WORLD, MPI_COMM_SELF, t_size > 1 ? MPI_UNEQUAL : MPI_CONGRUENT,
                  "world and self");
    MPI_Comm_free(&copy);
    MPI_Comm_free(&reversed);
    MPI_Comm_free(&self);
}

/* By parity, one part in order and one reversed; who gives no colour gets no communicator. */
static void split(void)
{
    MPI_Comm part;
    int colour = t_rank % 3 == 2 ? MPI_UNDEFINED : t_rank % 3, key = colour == 1 ? -t_rank : t_rank;
    int rank = -1, size = -1, members = 0, before = 0, sum = 0;

    for (int r = 0; r < t_size; r++) {
        if (r % 3 != t_rank % 3)
            continue;
        members++;
        sum += r;
        before += colour == 1 ? r > t_rank : r < t_rank;
    }
    MPI_Comm_split(MPI_COMM_WORLD, colour, key, &part);
    if (colour == MPI_UNDEFINED) {
        CHECK(part == MPI_COMM_NULL, "a communicator without a colour");
        return;
    }
    MPI_Comm_rank(part, &rank);
    MPI_Comm_size(part, &size);
    CHECK(rank == before && size == members, "rank %d of %d, not %d of %d", rank, size, before,
          members);
    CHECK(ring_sum(part, t_rank) == sum, "the part does not work");
    MPI_Comm_free(&part);
}

/* Equal keys keep the order of the old ranks. */
static void equal_keys(void)
{
    MPI_Comm part;
    int rank = -1;

    MPI_Comm_split(MPI_COMM_WORLD, 5, 77, &part);
    MPI_Comm_rank(part, &rank);
    CHECK(rank == t_rank, "equal keys: rank %d", rank);
    check_compare(MPI_COMM_WORLD, part, MPI_CONGRUENT, "world and split of one colour");
    MPI_Comm_free(&part);
}

/* Random colours and keys, parts of parts; the model sorts by key, then old rank. */
static void random_splits(void)
{
    enum { MAX = 64 };
    uint64_t state = t_seed();
    MPI_Comm part;
    int colours[MAX], keys[MAX];

    for (int turn = 0; turn < 50; turn++) {
        int rank = -1, size = -1, before = 0, members = 0;
        for (int r = 0; r < t_size && r < MAX; r++) {
            colours[r] = t_random(&state, 3) * 1000;
            keys[r] = t_random(&state, 4) - 2;
        }
        for (int r = 0; r < t_size; r++) {
            if (colours[r] != colours[t_rank])
                continue;
            members++;
            before += keys[r] < keys[t_rank] || (keys[r] == keys[t_rank] && r < t_rank);
        }
        MPI_Comm_split(MPI_COMM_WORLD, colours[t_rank], keys[t_rank], &part);
        MPI_Comm_rank(part, &rank);
        MPI_Comm_size(part, &size);
        CHECK(rank == before && size == members, "turn %d: rank %d of %d, not %d of %d", turn, rank,
              size, before, members);
        CHECK(ring_sum(part, 1) == members, "turn %d: the part does not work", turn);
        MPI_Comm_free(&part);
    }
}

/* Ranks that share memory have one node name; with an undefined type there is no communicator. */
static void by_type(void)
{
    char mine[MPI_MAX_PROCESSOR_NAME], theirs[MPI_MAX_PROCESSOR_NAME];
    MPI_Comm node;
    int length, rank = -1, size = -1;

    memset(mine, 0, sizeof mine);
    MPI_Get_processor_name(mine, &length);
    MPI_Comm_split_type(MPI_COMM_WORLD, MPI_COMM_TYPE_SHARED, t_rank, MPI_INFO_NULL, &node);
    MPI_Comm_rank(node, &rank);
    MPI_Comm_size(node, &size);
    CHECK(size >= 1 && size <= t_size && rank >= 0 && rank < size, "rank %d of %d", rank, size);
    MPI_Sendrecv(mine, (int)sizeof mine, MPI_CHAR, (rank + 1) % size, TAG, theirs,
                 (int)sizeof theirs, MPI_CHAR, (rank + size - 1) % size, TAG, node,
                 MPI_STATUS_IGNORE);
    CHECK(strcmp(mine, theirs) == 0, "'%s' and '%s' share memory", mine, theirs);
    MPI_Comm_free(&node);
    MPI_Comm_split_type(MPI_COMM_WORLD, t_rank % 2 ? MPI_UNDEFINED : MPI_COMM_TYPE_SHARED, 0,
                        MPI_INFO_NULL, &node);
    CHECK((node == MPI_COMM_NULL) == (t_rank % 2), "undefined type");
    if (node != MPI_COMM_NULL)
        MPI_Comm_free(&node);
}

/* Thousands of communicators, a few alive at a time: their numbers are used again. */
static void many(void)
{
    enum { ALIVE = 20, TURNS = 2000 };
    MPI_Comm comms[ALIVE];

    for (int i = 0; i < TURNS; i++) {
        int slot = i % ALIVE;
        if (i >= ALIVE)
            MPI_Comm_free(&comms[slot]);
        if (i % 3 == 0)
            MPI_Comm_split(MPI_COMM_WORLD, i % 2 ? t_rank % 2 : 0, 0, &comms[slot]);
        else
            MPI_Comm_dup(i % 3 == 1 ? MPI_COMM_WORLD : MPI_COMM_SELF, &comms[slot]);
        if (i % 100 == 0) {
            int size = 0;
            MPI_Comm_size(comms[slot], &size);
            CHECK(ring_sum(comms[slot], 1) == size, "communicator %d does not work", i);
        }
    }
    for (int i = 0; i < ALIVE; i++)
        MPI_Comm_free(&comms[i]);
}

/* A communicator freed with a receive pending: the receive still completes. */
static void freed_in_use(void)
{
    MPI_Comm copy;
    MPI_Request requests[2];
    int got = -1, right = (t_rank + 1) % t_size, left = (t_rank + t_size - 1) % t_size;

    MPI_Comm_dup(MPI_COMM_WORLD, &copy);
    MPI_Irecv(&got, 1, MPI_INT, left, TAG, copy, &requests[0]);
    MPI_Isend(&t_rank, 1, MPI_INT, right, TAG, copy, &requests[1]);
    MPI_Comm_free(&copy);
    MPI_Waitall(2, requests, MPI_STATUSES_IGNORE);
    CHECK(got == left, "%d instead of %d", got, left);
}

int main(int argc, char **argv)
{
    t_init(&argc, &argv);
    dup();
    compare();
    split();
    equal_keys();
    random_splits();
    by_type();
    many();
    for (int i = 0; i < 20; i++)
        freed_in_use();
    return t_finish();
}

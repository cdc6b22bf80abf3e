/* comm_inter - intercommunicators: who is where, messages both ways, merge, dup, split, create. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "test.h"

static MPI_Comm half;
static int side, half_rank, half_size;

/* Evens and odds; on each side the leader is the last rank. */
static MPI_Comm connect_halves(int tag)
{
    MPI_Comm inter = MPI_COMM_NULL;
    int last_even = (t_size - 1) / 2 * 2, last_odd = (t_size - 2) / 2 * 2 + 1;

    CHECK_OK(MPI_Intercomm_create(half, half_size - 1, MPI_COMM_WORLD,
                                  side == 0 ? last_odd : last_even, tag, &inter));
    return inter;
}

/* World rank of each rank of the other side, as if every second process were on each. */
static int remote_world_rank(int rank)
{
    return 2 * rank + (side == 0);
}

/* Everybody sends to everybody of the other side, and gets from them, exact and by wildcard. */
static void check_messages(MPI_Comm inter, int remote_size, int (*world_rank)(int))
{
    int received[64], out[2] = {t_rank, 0};

    MPI_Request requests[64];
    for (int r = 0; r < remote_size; r++)
        CHECK_OK(MPI_Isend(out, 1, MPI_INT, r, 5, inter, &requests[r]));
    for (int r = 0; r < remote_size; r++)
        received[r] = -1;
    for (int r = 0; r < remote_size; r++) {
        MPI_Status status;
        int in = -1;
        if (r % 2 == 0)
            CHECK_OK(MPI_Recv(&in, 1, MPI_INT, MPI_ANY_SOURCE, 5, inter, &status));
        else {
            int from = 0;
            while (received[from] >= 0)
                from++;
            CHECK_OK(MPI_Recv(&in, 1, MPI_INT, from, 5, inter, &status));
        }
        CHECK(status.MPI_SOURCE >= 0 && status.MPI_SOURCE < remote_size, "source %d",
              status.MPI_SOURCE);
        received[status.MPI_SOURCE] = in;
    }
    CHECK_OK(MPI_Waitall(remote_size, requests, MPI_STATUSES_IGNORE));
    for (int r = 0; r < remote_size; r++)
        CHECK(received[r] == world_rank(r), "remote rank %d is %d, not %d", r, received[r],
              world_rank(r));
}

static void check_shape(MPI_Comm inter, int size, int rank, int remote_size)
{
    int is_inter = -1, found = -1, remote = -1, own = -1, error = -1;
    MPI_Group group;

    CHECK_OK(MPI_Comm_test_inter(inter, &is_inter));
    CHECK_OK(MPI_Comm_size(inter, &found));
    CHECK_OK(MPI_Comm_rank(inter, &own));
    CHECK_OK(MPI_Comm_remote_size(inter, &remote));
    CHECK(is_inter == 1 && found == size && own == rank && remote == remote_size,
          "inter %d, size %d, rank %d, remote size %d", is_inter, found, own, remote);
    CHECK_OK(MPI_Comm_remote_group(inter, &group));
    CHECK_OK(MPI_Group_size(group, &found));
    CHECK_OK(MPI_Group_rank(group, &own));
    CHECK(found == remote_size && own == MPI_UNDEFINED, "remote group: size %d, rank %d", found,
          own);
    CHECK_OK(MPI_Group_free(&group));
    MPI_Comm_set_errhandler(inter, MPI_ERRORS_RETURN);
    error = MPI_Send(&own, 1, MPI_INT, remote_size, 0, inter);
    CHECK(t_class(error) == MPI_ERR_RANK, "a rank beyond the remote group gave %d", error);
}

/* One side says high, the other low: the low one comes first, each in its order. */
static void check_merge(MPI_Comm inter, int high)
{
    MPI_Comm all;
    int rank = -1, size = -1, sum = 0;
    int other = t_size - half_size;

    CHECK_OK(MPI_Intercomm_merge(inter, high, &all));
    CHECK_OK(MPI_Comm_rank(all, &rank));
    CHECK_OK(MPI_Comm_size(all, &size));
    int low_side = high == side ? 0 : 1;
    CHECK(size == t_size, "size %d", size);
    CHECK(rank == half_rank + (side == low_side ? 0 : other), "rank %d", rank);
    CHECK_OK(MPI_Allreduce(&t_rank, &sum, 1, MPI_INT, MPI_SUM, all));
    CHECK(sum == t_size * (t_size - 1) / 2, "sum %d", sum);
    CHECK_OK(MPI_Comm_free(&all));
}

/* Both say the same: either may come first. */
static void check_merge_alike(MPI_Comm inter)
{
    MPI_Comm all;
    int rank = -1;

    CHECK_OK(MPI_Intercomm_merge(inter, 1, &all));
    CHECK_OK(MPI_Comm_rank(all, &rank));
    CHECK(rank == half_rank || rank == half_rank + t_size - half_size, "rank %d", rank);
    CHECK_OK(MPI_Comm_free(&all));
}

static void check_compare(MPI_Comm inter)
{
    MPI_Comm twin;
    int result = -1;

    CHECK_OK(MPI_Comm_dup(inter, &twin));
    CHECK_OK(MPI_Comm_compare(inter, twin, &result));
    CHECK(result == MPI_CONGRUENT, "dup compares as %d", result);
    CHECK_OK(MPI_Comm_compare(inter, inter, &result));
    CHECK(result == MPI_IDENT, "itself compares as %d", result);
    CHECK_OK(MPI_Comm_compare(inter, half, &result));
    CHECK(result == MPI_UNEQUAL, "an intracommunicator compares as %d", result);
    check_shape(twin, half_size, half_rank, t_size - half_size);
    check_messages(twin, t_size - half_size, remote_world_rank);
    CHECK_OK(MPI_Comm_free(&twin));
}

static int reversed_remote(int rank)
{
    return remote_world_rank(t_size - half_size - 1 - rank);
}

/* All in one color, in reverse; then one rank of each side; then a color that one side lacks. */
static void check_split(MPI_Comm inter)
{
    MPI_Comm part;
    int rank = -1, remote = -1;

    CHECK_OK(MPI_Comm_split(inter, 3, -half_rank, &part));
    check_shape(part, half_size, half_size - 1 - half_rank, t_size - half_size);
    check_messages(part, t_size - half_size, reversed_remote);
    CHECK_OK(MPI_Comm_free(&part));
    CHECK_OK(MPI_Comm_split(inter, half_rank == 0 ? 0 : MPI_UNDEFINED, 0, &part));
    CHECK((part != MPI_COMM_NULL) == (half_rank == 0), "half rank %d", half_rank);
    if (part != MPI_COMM_NULL) {
        CHECK_OK(MPI_Comm_rank(part, &rank));
        CHECK_OK(MPI_Comm_remote_size(part, &remote));
        CHECK(rank == 0 && remote == 1, "rank %d, remote size %d", rank, remote);
        CHECK_OK(MPI_Comm_free(&part));
    }
    CHECK_OK(MPI_Comm_split(inter, side, 0, &part));
    CHECK(part == MPI_COMM_NULL, "a communicator whose remote group is empty");
}

static void check_create(MPI_Comm inter)
{
    MPI_Group own, chosen;
    MPI_Comm made;
    int last = half_size - 1;

    CHECK_OK(MPI_Comm_group(inter, &own));
    CHECK_OK(MPI_Group_incl(own, 1, &last, &chosen));
    CHECK_OK(MPI_Comm_create(inter, chosen, &made));
    CHECK((made != MPI_COMM_NULL) == (half_rank == last), "half rank %d", half_rank);
    if (made != MPI_COMM_NULL) {
        check_shape(made, 1, 0, 1);
        CHECK_OK(MPI_Comm_free(&made));
    }
    CHECK_OK(MPI_Group_free(&own));
    CHECK_OK(MPI_Group_free(&chosen));
}

/* A group that shares a process with the other one. */
static void check_overlap(void)
{
    MPI_Comm made = MPI_COMM_NULL;

    MPI_Comm_set_errhandler(half, MPI_ERRORS_RETURN);
    int error = MPI_Comm_remote_size(half, &(int){0});
    CHECK(t_class(error) == MPI_ERR_COMM, "remote size of an intracommunicator: %d", error);
    error = MPI_Intercomm_merge(half, 0, &made);
    CHECK(t_class(error) == MPI_ERR_COMM, "merge of an intracommunicator: %d", error);
    MPI_Comm_set_errhandler(half, MPI_ERRORS_ARE_FATAL);
}

int main(int argc, char **argv)
{
    t_init(&argc, &argv);
    side = t_rank % 2;
    MPI_Comm_split(MPI_COMM_WORLD, side, 0, &half);
    MPI_Comm_rank(half, &half_rank);
    MPI_Comm_size(half, &half_size);
    check_overlap();
    for (int round = 0; round < 3; round++) {
        MPI_Comm inter = connect_halves(round);
        check_shape(inter, half_size, half_rank, t_size - half_size);
        check_messages(inter, t_size - half_size, remote_world_rank);
        check_merge(inter, side);
        check_merge(inter, !side);
        check_merge_alike(inter);
        check_compare(inter);
        check_split(inter);
        check_create(inter);
        CHECK_OK(MPI_Comm_free(&inter));
    }
    MPI_Comm_free(&half);
    return t_finish();
}

/* comm_dup - nonblocking dups beside blocking ones, create_group, hints, memory of many dups. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "test.h"

static int sum_of(MPI_Comm comm)
{
    int one = 1, sum = 0;

    MPI_Allreduce(&one, &sum, 1, MPI_INT, MPI_SUM, comm);
    return sum;
}

static void check_all(MPI_Comm *comm, const char *what)
{
    int result = -1;

    CHECK_OK(MPI_Comm_compare(*comm, MPI_COMM_WORLD, &result));
    CHECK(result == MPI_CONGRUENT, "%s compares as %d", what, result);
    CHECK(sum_of(*comm) == t_size, "%s: sum %d", what, sum_of(*comm));
    CHECK_OK(MPI_Comm_free(comm));
}

/* Each rank comes to its dups in another order: none waits for the other. */
static void crossed(void)
{
    MPI_Comm a, b, of_a, of_b;
    MPI_Request request;

    MPI_Comm_dup(MPI_COMM_WORLD, &a);
    MPI_Comm_dup(MPI_COMM_WORLD, &b);
    for (int round = 0; round < 10; round++) {
        if (t_rank % 2 == round % 2) {
            CHECK_OK(MPI_Comm_idup(a, &of_a, &request));
            CHECK_OK(MPI_Comm_dup(b, &of_b));
            CHECK_OK(MPI_Wait(&request, MPI_STATUS_IGNORE));
        } else if (round % 3 == 0) {
            CHECK_OK(MPI_Comm_dup(b, &of_b));
            CHECK_OK(MPI_Comm_idup(a, &of_a, &request));
            CHECK_OK(MPI_Wait(&request, MPI_STATUS_IGNORE));
        } else {
            CHECK_OK(MPI_Comm_idup(a, &of_a, &request));
            CHECK_OK(MPI_Wait(&request, MPI_STATUS_IGNORE));
            CHECK_OK(MPI_Comm_dup(b, &of_b));
        }
        check_all(&of_a, "idup");
        check_all(&of_b, "dup");
    }
    MPI_Comm_free(&a);
    MPI_Comm_free(&b);
}

/* Many at a time on one communicator and on others, with messages in between. */
static void many_at_once(void)
{
    enum { MANY = 20 };
    MPI_Comm from[MANY], made[MANY];
    MPI_Request requests[MANY];
    int next = (t_rank + 1) % t_size, previous = (t_rank + t_size - 1) % t_size, in = -1;

    for (int i = 0; i < MANY; i++)
        MPI_Comm_dup(MPI_COMM_WORLD, &from[i]);
    for (int i = 0; i < MANY; i++) {
        int at = t_rank % 2 ? MANY - 1 - i : i;
        CHECK_OK(MPI_Comm_idup(from[at], &made[at], &requests[at]));
    }
    MPI_Sendrecv(&t_rank, 1, MPI_INT, next, 3, &in, 1, MPI_INT, previous, 3, MPI_COMM_WORLD,
                 MPI_STATUS_IGNORE);
    CHECK(in == previous, "%d from rank %d", in, previous);
    CHECK_OK(MPI_Waitall(MANY, requests, MPI_STATUSES_IGNORE));
    for (int i = 0; i < MANY; i++) {
        check_all(&made[i], "one of many");
        MPI_Comm_free(&from[i]);
    }
    for (int i = 0; i < MANY; i++)
        CHECK_OK(MPI_Comm_idup(MPI_COMM_WORLD, &made[i], &requests[i]));
    CHECK_OK(MPI_Waitall(MANY, requests, MPI_STATUSES_IGNORE));
    for (int i = 0; i < MANY; i++)
        check_all(&made[i], "one of many of world");
}

/* Overlapping groups one after the other, disjoint ones at the same time. */
static void create_group(void)
{
    MPI_Group world, chosen;
    MPI_Comm made;
    int rank = -1, range[1][3] = {{t_rank % 2, t_size - 1, 2}};

    MPI_Comm_group(MPI_COMM_WORLD, &world);
    for (int round = 0; round < 5; round++) {
        CHECK_OK(MPI_Group_range_incl(world, 1, range, &chosen));
        CHECK_OK(MPI_Comm_create_group(MPI_COMM_WORLD, chosen, 7, &made));
        CHECK_OK(MPI_Comm_rank(made, &rank));
        CHECK(rank == t_rank / 2, "rank %d", rank);
        CHECK(sum_of(made) == (t_size + 1 - t_rank % 2) / 2, "sum %d", sum_of(made));
        CHECK_OK(MPI_Comm_free(&made));
        CHECK_OK(MPI_Group_free(&chosen));
    }
    /* Only those in the group call it. */
    for (int last = 0; last < t_size; last++) {
        int up_to[1][3] = {{0, last, 1}};
        CHECK_OK(MPI_Group_range_incl(world, 1, up_to, &chosen));
        if (t_rank <= last) {
            CHECK_OK(MPI_Comm_create_group(MPI_COMM_WORLD, chosen, 0x7fffffff, &made));
            CHECK(sum_of(made) == last + 1, "sum %d", sum_of(made));
            CHECK_OK(MPI_Comm_free(&made));
        }
        CHECK_OK(MPI_Group_free(&chosen));
    }
    MPI_Group_free(&world);
}

/* Groups drawn at random, all with the same tag, and nothing that keeps their processes in step. */
static void random_groups(void)
{
    MPI_Group world, chosen;
    MPI_Comm made;
    uint64_t dice = t_seed();

    MPI_Comm_group(MPI_COMM_WORLD, &world);
    for (int round = 0; round < 300; round++) {
        int ranks[64], count = 0, mine = 0, rank = -1;
        for (int r = 0; r < t_size; r++) {
            dice = dice * 6364136223846793005u + 1442695040888963407u;
            if (dice >> 63)
                ranks[count++] = r;
            mine += dice >> 63 && r == t_rank;
        }
        if (!mine)
            continue;
        CHECK_OK(MPI_Group_incl(world, count, ranks, &chosen));
        CHECK_OK(MPI_Comm_create_group(MPI_COMM_WORLD, chosen, 0, &made));
        CHECK_OK(MPI_Comm_rank(made, &rank));
        CHECK(ranks[rank] == t_rank, "rank %d", rank);
        CHECK_OK(MPI_Comm_free(&made));
        CHECK_OK(MPI_Group_free(&chosen));
    }
    MPI_Group_free(&world);
}

static int hint_is(MPI_Comm comm, const char *key, const char *wanted)
{
    MPI_Info info;
    char value[20] = "";
    int flag = 0, room = sizeof value;

    CHECK_OK(MPI_Comm_get_info(comm, &info));
    CHECK_OK(MPI_Info_get_string(info, key, &room, value, &flag));
    CHECK_OK(MPI_Info_free(&info));
    return flag && !strcmp(value, wanted);
}

/* A hint is told again, binds the program, and does not pass on to a dup without info. */
static void hints(void)
{
    MPI_Info info;
    MPI_Comm hinted, copy;
    MPI_Request request;
    int in;

    MPI_Info_create(&info);
    MPI_Info_set(info, "mpi_assert_no_any_source", "true");
    MPI_Info_set(info, "my_own_key", "kept nowhere");
    CHECK_OK(MPI_Comm_dup_with_info(MPI_COMM_WORLD, info, &hinted));
    MPI_Comm_set_errhandler(hinted, MPI_ERRORS_RETURN);
    CHECK(hint_is(hinted, "mpi_assert_no_any_source", "true"), "the hint is lost");
    CHECK(hint_is(hinted, "mpi_assert_no_any_tag", "false"), "a hint that nobody gave");
    int error = MPI_Irecv(&in, 1, MPI_INT, MPI_ANY_SOURCE, 0, hinted, &request);
    CHECK(t_class(error) == MPI_ERR_RANK, "a wildcard against the hint gave %d", error);
    CHECK_OK(MPI_Comm_idup(hinted, &copy, &request));
    CHECK_OK(MPI_Wait(&request, MPI_STATUS_IGNORE));
    CHECK(hint_is(copy, "mpi_assert_no_any_source", "false"), "the hint passed on to an idup");
    MPI_Comm_free(&copy);
    CHECK_OK(MPI_Comm_idup_with_info(hinted, info, &copy, &request));
    CHECK_OK(MPI_Wait(&request, MPI_STATUS_IGNORE));
    CHECK(hint_is(copy, "mpi_assert_no_any_source", "true"), "idup_with_info lost the hint");
    MPI_Comm_free(&copy);
    MPI_Info_set(info, "mpi_assert_no_any_source", "false");
    CHECK_OK(MPI_Comm_set_info(hinted, info));
    CHECK_OK(MPI_Irecv(&in, 1, MPI_INT, MPI_ANY_SOURCE, 0, hinted, &request));
    CHECK_OK(MPI_Cancel(&request));
    CHECK_OK(MPI_Wait(&request, MPI_STATUS_IGNORE));
    MPI_Comm_free(&hinted);
    MPI_Info_free(&info);
}

static long resident_pages(void)
{
    long size = 0, resident = 0;
    FILE *file = fopen("/proc/self/statm", "r");

    if (!file || fscanf(file, "%ld %ld", &size, &resident) != 2)
        resident = 0;
    if (file)
        fclose(file);
    return resident;
}

/* Context ids and memory are used again: what is left to grow is a ring that is touched for the
 * first time, less than what as many communicators have. */
static void many_in_turn(int count)
{
    MPI_Comm made;
    long before = 0;

    for (int i = 0; i < count; i++) {
        CHECK_OK(MPI_Comm_dup(MPI_COMM_WORLD, &made));
        CHECK_OK(MPI_Comm_free(&made));
        if (i == count / 4)
            before = resident_pages();
    }
    CHECK(resident_pages() <= before + 512, "%ld pages more", resident_pages() - before);
}

int main(int argc, char **argv)
{
    t_init(&argc, &argv);
    crossed();
    many_at_once();
    create_group();
    random_groups();
    hints();
    many_in_turn(argc > 1 ? atoi(argv[1]) : 10000);
    return t_finish();
}

/* coll_levels.c - between nodes only one rank of each sends messages: that the algorithms with two levels are used. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "test.h"

/* For an environment that asks for algorithms with two levels. */
enum { TURNS = 10, WORDS = 100, MOST = 64 };

static MPI_T_pvar_session session;
static MPI_T_pvar_handle handle;

static unsigned long long sent(void)
{
    unsigned long long value = 0;

    CHECK_OK(MPI_T_pvar_read(session, handle, &value));
    return value;
}

static void start_counting(void)
{
    int provided, index = -1, count;

    CHECK_OK(MPI_T_init_thread(MPI_THREAD_SINGLE, &provided));
    CHECK_OK(MPI_T_pvar_session_create(&session));
    CHECK_OK(MPI_T_pvar_get_index("messages_sent", MPI_T_PVAR_CLASS_COUNTER, &index));
    CHECK_OK(MPI_T_pvar_handle_alloc(session, index, NULL, &handle, &count));
    CHECK_OK(MPI_T_pvar_start(session, handle));
}

/* Whether all nodes have as many ranks; found before anything is counted. */
static int even(MPI_Comm node)
{
    static int known = -1;
    int size, range[2];

    if (known < 0) {
        MPI_Comm_size(node, &size);
        range[0] = size;
        range[1] = -size;
        MPI_Allreduce(MPI_IN_PLACE, range, 2, MPI_INT, MPI_MAX, MPI_COMM_WORLD);
        known = range[0] == -range[1];
    }
    return known;
}

int main(int argc, char **argv)
{
    int local, size, in[WORDS] = {0}, out[WORDS], blocks[2][MOST] = {{0}};
    MPI_Comm node;

    t_init(&argc, &argv);
    MPI_Comm_split_type(MPI_COMM_WORLD, MPI_COMM_TYPE_SHARED, 0, MPI_INFO_NULL, &node);
    MPI_Comm_rank(node, &local);
    MPI_Comm_size(MPI_COMM_WORLD, &size);
    CHECK(size <= MOST, "%d ranks", size);
    even(node);
    start_counting();
    MPI_Barrier(MPI_COMM_WORLD);
    unsigned long long before = sent();
    for (int i = 0; i < TURNS; i++) {
        MPI_Barrier(MPI_COMM_WORLD);
        MPI_Bcast(in, WORDS, MPI_INT, 0, MPI_COMM_WORLD);
        MPI_Reduce(in, out, WORDS, MPI_INT, MPI_SUM, 0, MPI_COMM_WORLD);
        MPI_Allreduce(in, out, WORDS, MPI_INT, MPI_SUM, MPI_COMM_WORLD);
        if (even(node)) { /* these two know no others */
            MPI_Allgather(in, 1, MPI_INT, blocks[0], 1, MPI_INT, MPI_COMM_WORLD);
            MPI_Alltoall(blocks[0], 1, MPI_INT, blocks[1], 1, MPI_INT, MPI_COMM_WORLD);
        }
    }
    unsigned long long messages = sent() - before;
    CHECK(local == 0 || messages == 0, "%llu messages of a rank that is not its node's first", messages);
    CHECK(local != 0 || messages >= TURNS, "%llu messages of a node's first rank", messages);
    CHECK_OK(MPI_T_pvar_session_free(&session));
    MPI_Comm_free(&node);
    int code = t_finish();
    MPI_T_finalize();
    return code;
}

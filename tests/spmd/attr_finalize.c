/* attr_finalize.c - what hangs on MPI_COMM_SELF and MPI_COMM_WORLD is deleted as MPI_Finalize begins, newest first. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "test.h"

enum { COUNT = 6 };

static int order[COUNT + 1], calls, in_finalize;

static int note(MPI_Comm comm, int keyval, void *value, void *extra)
{
    int finalized = -1, in = -1, rank = -1, other = t_size - 1 - t_rank;

    (void)keyval, (void)extra;
    if (!in_finalize)
        return MPI_SUCCESS;
    CHECK(calls < COUNT, "more calls than attributes");
    order[calls++] = *(int *)value;
    CHECK_OK(MPI_Finalized(&finalized));
    CHECK(!finalized, "finalized already");
    CHECK_OK(MPI_Comm_rank(comm, &rank));
    /* The job as a whole still works, as all ranks are in the same callback. */
    MPI_Sendrecv(&t_rank, 1, MPI_INT, other, 3, &in, 1, MPI_INT, other, 3, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
    CHECK(in == other, "%d instead of %d", in, other);
    return MPI_SUCCESS;
}

int main(int argc, char **argv)
{
    static int values[COUNT] = {0, 1, 2, 3, 4, 5};
    static const int expected[COUNT] = {1, 3, 2, 0, 5, 4};
    int key[COUNT], result;

    t_init(&argc, &argv);
    for (int i = 0; i < COUNT; i++) {
        MPI_Comm_create_keyval(MPI_COMM_NULL_COPY_FN, note, &key[i], NULL);
        MPI_Comm_set_attr(i < 4 ? MPI_COMM_SELF : MPI_COMM_WORLD, key[i], &values[i]);
    }
    /* Set again: it is the newest now. */
    MPI_Comm_set_attr(MPI_COMM_SELF, key[1], &values[1]);
    for (int i = 0; i < COUNT; i++)
        MPI_Comm_free_keyval(&key[i]);
    in_finalize = 1;
    result = t_finish();
    CHECK(calls == COUNT, "%d calls", calls);
    for (int i = 0; i < COUNT; i++)
        CHECK(order[i] == expected[i], "call %d: value %d, not %d", i, order[i], expected[i]);
    return result || t_failures;
}

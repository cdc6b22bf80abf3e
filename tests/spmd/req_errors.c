/* req_errors.c - wrong uses of requests: an error of the right class, and everything goes on. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "test.h"

enum { TAG = 181, BIG = 300000 };

static int peer;
static MPI_Comm comm; /* errors return */

#define WRONG(call, class)                                                                                             \
    do {                                                                                                               \
        int code_ = (call);                                                                                            \
        CHECK(t_class(code_) == (class), "class %d, not %d", t_class(code_), (class));                                 \
    } while (0)

/* Every call that takes requests, with a handle that is none any more. */
static void stale(MPI_Request copy)
{
    MPI_Request pair[2] = {MPI_REQUEST_NULL, copy}, one = copy;
    int flag, index, count, indices[2];

    WRONG(MPI_Wait(&one, MPI_STATUS_IGNORE), MPI_ERR_REQUEST);
    WRONG(MPI_Test(&one, &flag, MPI_STATUS_IGNORE), MPI_ERR_REQUEST);
    WRONG(MPI_Waitall(2, pair, MPI_STATUSES_IGNORE), MPI_ERR_REQUEST);
    WRONG(MPI_Testall(2, pair, &flag, MPI_STATUSES_IGNORE), MPI_ERR_REQUEST);
    WRONG(MPI_Waitany(2, pair, &index, MPI_STATUS_IGNORE), MPI_ERR_REQUEST);
    WRONG(MPI_Testany(2, pair, &index, &flag, MPI_STATUS_IGNORE), MPI_ERR_REQUEST);
    WRONG(MPI_Waitsome(2, pair, &count, indices, MPI_STATUSES_IGNORE), MPI_ERR_REQUEST);
    WRONG(MPI_Testsome(2, pair, &count, indices, MPI_STATUSES_IGNORE), MPI_ERR_REQUEST);
    WRONG(MPI_Request_get_status(one, &flag, MPI_STATUS_IGNORE), MPI_ERR_REQUEST);
    WRONG(MPI_Request_get_status_all(2, pair, &flag, MPI_STATUSES_IGNORE), MPI_ERR_REQUEST);
    WRONG(MPI_Request_get_status_any(2, pair, &index, &flag, MPI_STATUS_IGNORE), MPI_ERR_REQUEST);
    WRONG(MPI_Request_get_status_some(2, pair, &count, indices, MPI_STATUSES_IGNORE), MPI_ERR_REQUEST);
    WRONG(MPI_Start(&one), MPI_ERR_REQUEST);
    WRONG(MPI_Startall(1, &one), MPI_ERR_REQUEST);
    WRONG(MPI_Request_free(&one), MPI_ERR_REQUEST);
    WRONG(MPI_Cancel(&one), MPI_ERR_REQUEST);
    CHECK(one == copy && pair[1] == copy, "a handle was changed");
}

/* Waited for, and freed while under way. */
static void used_twice(void)
{
    unsigned char *out = t_alloc(BIG), *in = t_alloc(BIG);
    MPI_Request receive, send, copies[2];

    for (int freed = 0; freed < 2; freed++) {
        t_fill(out, BIG, (uint64_t)(t_rank + freed));
        MPI_Irecv(in, BIG, MPI_BYTE, peer, TAG, comm, &receive);
        copies[0] = receive;
        if (freed) {
            CHECK_OK(MPI_Request_free(&receive));
            stale(copies[0]);
        }
        t_token(peer, peer);
        MPI_Isend(out, BIG, MPI_BYTE, peer, TAG, comm, &send);
        copies[1] = send;
        if (!freed) {
            MPI_Wait(&receive, MPI_STATUS_IGNORE);
            stale(copies[0]);
        }
        MPI_Wait(&send, MPI_STATUS_IGNORE);
        /* The freed receive has ended before an answer to the next message comes. */
        MPI_Sendrecv(NULL, 0, MPI_BYTE, peer, TAG + 1, NULL, 0, MPI_BYTE, peer, TAG + 1, comm, MPI_STATUS_IGNORE);
        MPI_Sendrecv(out, BIG, MPI_BYTE, peer, TAG, in, BIG, MPI_BYTE, peer, TAG, comm, MPI_STATUS_IGNORE);
        CHECK(t_differs(in, BIG, (uint64_t)(peer + freed)) < 0, "freed %d: wrong bytes", freed);
    }
    t_free(out);
    t_free(in);
}

static void persistent(void)
{
    MPI_Request request, copy, both[2], plain;
    int in = -1;

    MPI_Recv_init(&in, 1, MPI_INT, peer, TAG, comm, &request);
    WRONG(MPI_Cancel(&request), MPI_ERR_REQUEST); /* inactive */
    CHECK_OK(MPI_Start(&request));
    WRONG(MPI_Start(&request), MPI_ERR_REQUEST);
    WRONG(MPI_Startall(1, &request), MPI_ERR_REQUEST);
    t_token(peer, peer);
    MPI_Send(&t_rank, 1, MPI_INT, peer, TAG, comm);
    CHECK_OK(MPI_Wait(&request, MPI_STATUS_IGNORE));
    CHECK(in == peer, "%d", in);
    both[0] = both[1] = request;
    WRONG(MPI_Startall(2, both), MPI_ERR_REQUEST); /* the same twice: started once */
    CHECK_OK(MPI_Cancel(&request));
    CHECK_OK(MPI_Wait(&request, MPI_STATUS_IGNORE));
    copy = request;
    CHECK_OK(MPI_Request_free(&request)); /* inactive: fine */
    stale(copy);
    WRONG(MPI_Startall(-1, &request), MPI_ERR_COUNT);
    WRONG(MPI_Startall(1, NULL), MPI_ERR_ARG);
    MPI_Send_init(&in, 1, MPI_INT, MPI_PROC_NULL, TAG, comm, &request);
    WRONG(MPI_Cancel(&request), MPI_ERR_REQUEST);
    CHECK_OK(MPI_Request_free(&request));
    MPI_Irecv(&in, 1, MPI_INT, peer, TAG, comm, &plain);
    WRONG(MPI_Start(&plain), MPI_ERR_REQUEST); /* not persistent */
    CHECK_OK(MPI_Cancel(&plain));
    CHECK_OK(MPI_Wait(&plain, MPI_STATUS_IGNORE));
}

/* What is no request at all, and arrays that are none. */
static void other_handles(void)
{
    MPI_Request null = MPI_REQUEST_NULL, world = (MPI_Request)(void *)comm;
    int flag, index, count;

    WRONG(MPI_Request_free(&null), MPI_ERR_REQUEST);
    WRONG(MPI_Cancel(&null), MPI_ERR_REQUEST);
    WRONG(MPI_Start(&null), MPI_ERR_REQUEST);
    stale(world);
    WRONG(MPI_Waitall(-1, &null, MPI_STATUSES_IGNORE), MPI_ERR_COUNT);
    WRONG(MPI_Waitany(1, NULL, &index, MPI_STATUS_IGNORE), MPI_ERR_ARG);
    WRONG(MPI_Request_get_status_all(-1, &null, &flag, MPI_STATUSES_IGNORE), MPI_ERR_COUNT);
    WRONG(MPI_Request_get_status_any(1, &null, NULL, &flag, MPI_STATUS_IGNORE), MPI_ERR_ARG);
    WRONG(MPI_Request_get_status_some(1, &null, &count, NULL, MPI_STATUSES_IGNORE), MPI_ERR_ARG);
    WRONG(MPI_Request_get_status(null, NULL, MPI_STATUS_IGNORE), MPI_ERR_ARG);
}

int main(int argc, char **argv)
{
    t_init(&argc, &argv);
    peer = t_partner();
    MPI_Comm_dup(MPI_COMM_WORLD, &comm);
    MPI_Comm_set_errhandler(comm, MPI_ERRORS_RETURN);
    MPI_Comm_set_errhandler(MPI_COMM_SELF, MPI_ERRORS_RETURN);
    used_twice();
    persistent();
    other_handles();
    MPI_Comm_free(&comm);
    return t_finish();
}

/* part_rules.c - partitioned communication: matching, nobody, wrong uses. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "test.h"

enum { TAG = 161, N = 4 };

static int peer;
static MPI_Comm comm; /* errors return */

#define WRONG(call, class)                                                                                             \
    do {                                                                                                               \
        int code_ = (call);                                                                                            \
        CHECK(t_class(code_) == (class), "class %d, not %d", t_class(code_), (class));                                 \
    } while (0)

static MPI_Request send_init(const int *out, int tag, MPI_Comm on)
{
    MPI_Request request;

    CHECK_OK(MPI_Psend_init(out, N, 1, MPI_INT, peer, tag, on, MPI_INFO_NULL, &request));
    return request;
}

static MPI_Request receive_init(int *in, int tag, MPI_Comm on)
{
    MPI_Request request;

    CHECK_OK(MPI_Precv_init(in, N, 1, MPI_INT, peer, tag, on, MPI_INFO_NULL, &request));
    return request;
}

/* In the order of the init calls, for each tag and communicator; starts and marks may come in any order. Plain messages
 * with the same tag pass by. */
static void matching(void)
{
    static const int order[6] = {5, 3, 4, 2, 0, 1}; /* the same among those that look alike */
    MPI_Comm comms[2] = {MPI_COMM_WORLD, comm};
    MPI_Request sends[6], receives[6], plain[2];
    int out[6][N], in[6][N], value = -1;

    for (int i = 0; i < 6; i++)
        sends[i] = send_init(out[i], TAG + i % 3 / 2, comms[i / 3]);
    MPI_Irecv(&value, 1, MPI_INT, MPI_ANY_SOURCE, MPI_ANY_TAG, MPI_COMM_WORLD, &plain[0]);
    for (int i = 0; i < 6; i++) {
        int j = order[i];
        receives[j] = receive_init(in[j], TAG + j % 3 / 2, comms[j / 3]);
    }
    for (int round = 0; round < 3; round++) {
        for (int i = 0; i < 6; i++)
            for (int p = 0; p < N; p++)
                out[i][p] = t_rank * 1000 + round * 100 + i * 10 + p, in[i][p] = -1;
        for (int i = 5; i >= 0; i--)
            CHECK_OK(MPI_Start(&sends[i]));
        for (int i = 5; i >= 0; i--)
            CHECK_OK(MPI_Pready_range(0, N - 1, sends[i]));
        CHECK_OK(MPI_Startall(6, receives));
        CHECK_OK(MPI_Waitall(6, receives, MPI_STATUSES_IGNORE));
        CHECK_OK(MPI_Waitall(6, sends, MPI_STATUSES_IGNORE));
        for (int i = 0; i < 6; i++)
            for (int p = 0; p < N; p++)
                CHECK(in[i][p] == peer * 1000 + round * 100 + i * 10 + p, "round %d request %d partition %d: %d", round,
                      i, p, in[i][p]);
        CHECK(value == -1, "a partitioned message was received by MPI_Irecv");
    }
    t_token(peer, peer);
    MPI_Isend(&t_rank, 1, MPI_INT, peer, TAG, MPI_COMM_WORLD, &plain[1]);
    MPI_Waitall(2, plain, MPI_STATUSES_IGNORE);
    CHECK(value == peer, "the plain message is %d", value);
    for (int i = 0; i < 6; i++) {
        CHECK_OK(MPI_Request_free(&sends[i]));
        CHECK_OK(MPI_Request_free(&receives[i]));
    }
}

/* Sends of several rounds lie there before the receiver exists. */
static void early_sender(void)
{
    int out[N] = {0}, in[N], flag = 1, rounds = 0, theirs = 0;
    MPI_Request send = send_init(out, TAG + 9, MPI_COMM_WORLD), receive;

    /* By rendezvous a round ends with the receiver. */
    while (flag && rounds < 3) {
        for (int p = 0; p < N; p++)
            out[p] = rounds * 10 + p;
        rounds++;
        MPI_Start(&send);
        MPI_Pready_range(0, N - 1, send);
        MPI_Test(&send, &flag, MPI_STATUS_IGNORE);
    }
    MPI_Sendrecv(&rounds, 1, MPI_INT, peer, TAG, &theirs, 1, MPI_INT, peer, TAG, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
    receive = receive_init(in, TAG + 9, MPI_COMM_WORLD);
    for (int round = 0; round < theirs; round++) {
        MPI_Start(&receive);
        MPI_Wait(&receive, MPI_STATUS_IGNORE);
        for (int p = 0; p < N; p++)
            CHECK(in[p] == round * 10 + p, "round %d, partition %d: %d", round, p, in[p]);
    }
    MPI_Wait(&send, MPI_STATUS_IGNORE);
    MPI_Request_free(&send);
    MPI_Request_free(&receive);
}

static void nobody(void)
{
    MPI_Request send, receive;
    MPI_Status status;
    int out[N] = {0}, in[N] = {5, 5, 5, 5}, flag = -1;

    CHECK_OK(MPI_Psend_init(out, N, 1, MPI_INT, MPI_PROC_NULL, TAG, comm, MPI_INFO_NULL, &send));
    CHECK_OK(MPI_Precv_init(in, N, 1, MPI_INT, MPI_PROC_NULL, TAG, comm, MPI_INFO_NULL, &receive));
    for (int round = 0; round < 2; round++) {
        MPI_Start(&send);
        MPI_Start(&receive);
        MPI_Test(&send, &flag, MPI_STATUS_IGNORE);
        CHECK(!flag, "a send is complete whose partitions are not ready");
        CHECK_OK(MPI_Pready_range(0, N - 2, send));
        CHECK_OK(MPI_Pready(N - 1, send));
        CHECK_OK(MPI_Parrived(receive, 1, &flag));
        CHECK(flag, "nothing from nobody has not arrived");
        CHECK_OK(MPI_Wait(&send, MPI_STATUS_IGNORE));
        CHECK_OK(MPI_Wait(&receive, &status));
        t_check_status(&status, MPI_PROC_NULL, MPI_ANY_TAG, 0, "from nobody");
    }
    CHECK(in[0] == 5 && in[3] == 5, "something was written");
    MPI_Request_free(&send);
    MPI_Request_free(&receive);
}

static void wrong_arguments(void)
{
    MPI_Request request;
    int data[N] = {0};

    WRONG(MPI_Precv_init(data, N, 1, MPI_INT, MPI_ANY_SOURCE, TAG, comm, MPI_INFO_NULL, &request), MPI_ERR_RANK);
    WRONG(MPI_Precv_init(data, N, 1, MPI_INT, peer, MPI_ANY_TAG, comm, MPI_INFO_NULL, &request), MPI_ERR_TAG);
    WRONG(MPI_Psend_init(data, 0, 1, MPI_INT, peer, TAG, comm, MPI_INFO_NULL, &request), MPI_ERR_ARG);
    WRONG(MPI_Precv_init(data, -1, 1, MPI_INT, peer, TAG, comm, MPI_INFO_NULL, &request), MPI_ERR_ARG);
    WRONG(MPI_Psend_init(data, N, -1, MPI_INT, peer, TAG, comm, MPI_INFO_NULL, &request), MPI_ERR_COUNT);
    WRONG(MPI_Psend_init_c(data, N, INT64_MAX / 2, MPI_INT, peer, TAG, comm, MPI_INFO_NULL, &request), MPI_ERR_COUNT);
    WRONG(MPI_Psend_init(data, N, 1, MPI_INT, t_size, TAG, comm, MPI_INFO_NULL, &request), MPI_ERR_RANK);
    WRONG(MPI_Psend_init(data, N, 1, MPI_DATATYPE_NULL, peer, TAG, comm, MPI_INFO_NULL, &request), MPI_ERR_TYPE);
}

static void wrong_uses(void)
{
    int out[N] = {0}, in[N], flag = -1, list[2] = {2, N};
    MPI_Request send = send_init(out, TAG, comm), receive = receive_init(in, TAG, comm), null = MPI_REQUEST_NULL, copy;

    WRONG(MPI_Pready(0, send), MPI_ERR_REQUEST); /* inactive */
    CHECK_OK(MPI_Parrived(receive, 0, &flag));
    CHECK(flag, "an inactive request has arrived by definition");
    CHECK_OK(MPI_Parrived(null, 0, &flag));
    CHECK_OK(MPI_Start(&send));
    CHECK_OK(MPI_Start(&receive));
    WRONG(MPI_Start(&send), MPI_ERR_REQUEST);
    WRONG(MPI_Pready(0, receive), MPI_ERR_REQUEST);
    WRONG(MPI_Pready(0, null), MPI_ERR_REQUEST);
    WRONG(MPI_Parrived(send, 0, &flag), MPI_ERR_REQUEST);
    WRONG(MPI_Parrived(receive, N, &flag), MPI_ERR_ARG);
    WRONG(MPI_Pready(-1, send), MPI_ERR_ARG);
    WRONG(MPI_Pready(N, send), MPI_ERR_ARG);
    WRONG(MPI_Pready_range(2, 1, send), MPI_ERR_ARG);
    WRONG(MPI_Pready_range(2, N, send), MPI_ERR_ARG);
    WRONG(MPI_Pready_list(2, list, send), MPI_ERR_ARG);
    WRONG(MPI_Pready_list(-1, list, send), MPI_ERR_COUNT);
    CHECK_OK(MPI_Pready(1, send));
    WRONG(MPI_Pready(1, send), MPI_ERR_ARG); /* twice */
    WRONG(MPI_Cancel(&receive), MPI_ERR_REQUEST);
    copy = send;
    WRONG(MPI_Request_free(&copy), MPI_ERR_REQUEST); /* active */
    CHECK_OK(MPI_Pready(0, send));
    CHECK_OK(MPI_Pready_range(2, N - 1, send));
    CHECK_OK(MPI_Wait(&send, MPI_STATUS_IGNORE));
    CHECK_OK(MPI_Wait(&receive, MPI_STATUS_IGNORE));
    MPI_Request_free(&send);
    MPI_Request_free(&receive);
    WRONG(MPI_Pready(0, send), MPI_ERR_REQUEST);
}

/* More than the receiver has room for is an error of the wait, and the next pair is whole. */
static void too_long(void)
{
    int out[3 * N], in[3 * N];
    MPI_Request requests[2];
    MPI_Status statuses[2];

    for (int i = 0; i < 3 * N; i++)
        out[i] = t_rank * 100 + i, in[i] = -1;
    CHECK_OK(MPI_Psend_init(out, N, 3, MPI_INT, peer, TAG, comm, MPI_INFO_NULL, &requests[0]));
    CHECK_OK(MPI_Precv_init(in, N, 2, MPI_INT, peer, TAG, comm, MPI_INFO_NULL, &requests[1]));
    MPI_Startall(2, requests);
    MPI_Pready_range(0, N - 1, requests[0]);
    WRONG(MPI_Waitall(2, requests, statuses), MPI_ERR_IN_STATUS);
    CHECK(statuses[0].MPI_ERROR == MPI_SUCCESS && t_class(statuses[1].MPI_ERROR) == MPI_ERR_TRUNCATE, "errors %d %d",
          statuses[0].MPI_ERROR, statuses[1].MPI_ERROR);
    for (int i = 2 * N; i < 3 * N; i++)
        CHECK(in[i] == -1, "int %d was written", i);
    MPI_Request_free(&requests[0]);
    MPI_Request_free(&requests[1]);
}

/* Freed before it was ever started, matched or not. */
static void freed_unused(void)
{
    int data[2 * N] = {0};
    MPI_Request send = send_init(data, TAG, comm), receive = receive_init(data + N, TAG, comm);

    MPI_Request_free(&send);
    MPI_Request_free(&receive);
    wrong_uses();
}

int main(int argc, char **argv)
{
    t_init(&argc, &argv);
    peer = t_partner();
    MPI_Comm_dup(MPI_COMM_WORLD, &comm);
    MPI_Comm_set_errhandler(comm, MPI_ERRORS_RETURN);
    MPI_Comm_set_errhandler(MPI_COMM_SELF, MPI_ERRORS_RETURN);
    matching();
    early_sender();
    nobody();
    wrong_arguments();
    wrong_uses();
    too_long();
    freed_unused();
    MPI_Comm_free(&comm);
    return t_finish();
}

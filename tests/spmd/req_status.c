/* req_status.c - Request_get_status_any, _all and _some: what they tell, and that they change nothing. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "test.h"

enum { N = 5, TAG = 141 };

static int peer;

/* Nothing active: true, with empty statuses. */
static void nothing(void)
{
    MPI_Request requests[2] = {MPI_REQUEST_NULL, MPI_REQUEST_NULL};
    MPI_Status statuses[2];
    int flag = 0, index = -7, count = -7, indices[2];

    MPI_Recv_init(&count, 1, MPI_INT, peer, TAG, MPI_COMM_WORLD, &requests[1]);
    CHECK_OK(MPI_Request_get_status_any(2, requests, &index, &flag, &statuses[0]));
    CHECK(flag && index == MPI_UNDEFINED, "any: flag %d index %d", flag, index);
    t_check_empty(&statuses[0], "any");
    flag = 0;
    CHECK_OK(MPI_Request_get_status_all(2, requests, &flag, statuses));
    CHECK(flag, "all: no");
    t_check_empty(&statuses[0], "all");
    t_check_empty(&statuses[1], "all");
    CHECK_OK(MPI_Request_get_status_some(2, requests, &count, indices, statuses));
    CHECK(count == MPI_UNDEFINED, "some: %d", count);
    CHECK_OK(MPI_Request_get_status_all(0, NULL, &flag, MPI_STATUSES_IGNORE));
    CHECK(flag, "none at all: no");
    MPI_Request_free(&requests[1]);
}

static void post(int in[N], MPI_Request requests[N + 1])
{
    for (int i = 0; i < N; i++) {
        in[i] = -1;
        MPI_Irecv(&in[i], 1, MPI_INT, peer, TAG + i, MPI_COMM_WORLD, &requests[i]);
    }
    requests[N] = MPI_REQUEST_NULL;
}

static void send(int i)
{
    int value = t_rank * 10 + i;

    MPI_Send(&value, 1, MPI_INT, peer, TAG + i, MPI_COMM_WORLD);
}

/* One message after the other comes in; the calls see just those. */
static void one_by_one(void)
{
    MPI_Request requests[N + 1], before[N + 1];
    MPI_Status statuses[N + 1];
    int in[N], flag, index, count, indices[N + 1];

    post(in, requests);
    memcpy(before, requests, sizeof requests);
    CHECK_OK(MPI_Request_get_status_any(N + 1, requests, &index, &flag, statuses));
    CHECK(!flag && index == MPI_UNDEFINED, "any: flag %d index %d", flag, index);
    CHECK_OK(MPI_Request_get_status_all(N + 1, requests, &flag, statuses));
    CHECK(!flag, "all: yes");
    CHECK_OK(MPI_Request_get_status_some(N + 1, requests, &count, indices, statuses));
    CHECK(count == 0, "some: %d", count);
    t_token(peer, peer);
    send(3);
    for (flag = 0; !flag;)
        CHECK_OK(MPI_Request_get_status_any(N + 1, requests, &index, &flag, statuses));
    CHECK(index == 3 && in[3] == peer * 10 + 3, "any: index %d, value %d", index, in[3]);
    t_check_status(statuses, peer, TAG + 3, (int)sizeof(int), "any");
    t_token(peer, peer);
    send(1);
    for (count = 0; count < 2;)
        CHECK_OK(MPI_Request_get_status_some(N + 1, requests, &count, indices, statuses));
    CHECK(count == 2 && indices[0] == 1 && indices[1] == 3, "some: %d: %d %d", count, indices[0], indices[1]);
    t_check_status(&statuses[0], peer, TAG + 1, (int)sizeof(int), "some");
    t_check_status(&statuses[1], peer, TAG + 3, (int)sizeof(int), "some");
    CHECK_OK(MPI_Request_get_status_all(N + 1, requests, &flag, statuses));
    CHECK(!flag, "all: yes with two of five");
    t_token(peer, peer);
    send(0), send(2), send(4);
    for (flag = 0; !flag;)
        CHECK_OK(MPI_Request_get_status_all(N + 1, requests, &flag, statuses));
    for (int i = 0; i < N; i++)
        t_check_status(&statuses[i], peer, TAG + i, (int)sizeof(int), "all");
    t_check_empty(&statuses[N], "all");
    CHECK_OK(MPI_Request_get_status_all(N + 1, requests, &flag, MPI_STATUSES_IGNORE));
    CHECK(memcmp(before, requests, sizeof requests) == 0, "a handle has changed");
    CHECK_OK(MPI_Waitall(N + 1, requests, statuses));
    for (int i = 0; i < N; i++) {
        t_check_status(&statuses[i], peer, TAG + i, (int)sizeof(int), "waitall");
        CHECK(in[i] == peer * 10 + i, "message %d is %d", i, in[i]);
    }
}

/* A persistent request stays active however often it is looked at. */
static void persistent(void)
{
    MPI_Request request;
    int in = -1, flag = 0, index;

    MPI_Recv_init(&in, 1, MPI_INT, peer, TAG, MPI_COMM_WORLD, &request);
    for (int turn = 0; turn < 3; turn++) {
        MPI_Start(&request);
        t_token(peer, peer);
        send(0);
        for (flag = 0; !flag;)
            MPI_Request_get_status_all(1, &request, &flag, MPI_STATUSES_IGNORE);
        MPI_Request_get_status_any(1, &request, &index, &flag, MPI_STATUS_IGNORE);
        CHECK(flag && index == 0, "not active any more: index %d", index);
        MPI_Wait(&request, MPI_STATUS_IGNORE);
        MPI_Request_get_status_any(1, &request, &index, &flag, MPI_STATUS_IGNORE);
        CHECK(flag && index == MPI_UNDEFINED, "still active: index %d", index);
    }
    MPI_Request_free(&request);
}

int main(int argc, char **argv)
{
    t_init(&argc, &argv);
    peer = t_partner();
    nothing();
    one_by_one();
    persistent();
    return t_finish();
}

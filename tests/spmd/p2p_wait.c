/* p2p_wait.c - the Wait and Test family: null, inactive and partly complete requests. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "test.h"

enum { N = 12, TAG = 81 };

static int peer;

static void null_single(void)
{
    MPI_Request request = MPI_REQUEST_NULL;
    MPI_Status status;
    int flag = 0;

    memset(&status, 1, sizeof status);
    CHECK_OK(MPI_Wait(&request, &status));
    t_check_empty(&status, "wait");
    memset(&status, 1, sizeof status);
    CHECK_OK(MPI_Test(&request, &flag, &status));
    CHECK(flag, "MPI_Test of a null request: no");
    t_check_empty(&status, "test");
}

/* With no active request there is nothing to wait for. */
static void check_none_active(MPI_Request *requests, int n, const char *what)
{
    MPI_Status statuses[N], status;
    int index = 0, flag = 0, done = 0, indices[N];

    CHECK_OK(MPI_Waitall(n, requests, statuses));
    for (int i = 0; i < n; i++)
        t_check_empty(&statuses[i], what);
    CHECK_OK(MPI_Testall(n, requests, &flag, statuses));
    CHECK(flag, "%s: MPI_Testall says no", what);
    CHECK_OK(MPI_Waitany(n, requests, &index, &status));
    CHECK(index == MPI_UNDEFINED, "%s: MPI_Waitany index %d", what, index);
    t_check_empty(&status, what);
    index = flag = 0;
    CHECK_OK(MPI_Testany(n, requests, &index, &flag, &status));
    CHECK(flag && index == MPI_UNDEFINED, "%s: MPI_Testany flag %d index %d", what, flag, index);
    t_check_empty(&status, what);
    CHECK_OK(MPI_Waitsome(n, requests, &done, indices, statuses));
    CHECK(done == MPI_UNDEFINED, "%s: MPI_Waitsome count %d", what, done);
    done = 0;
    CHECK_OK(MPI_Testsome(n, requests, &done, indices, statuses));
    CHECK(done == MPI_UNDEFINED, "%s: MPI_Testsome count %d", what, done);
}

static void none_active(void)
{
    MPI_Request requests[N];
    int value;

    for (int i = 0; i < N; i++)
        requests[i] = MPI_REQUEST_NULL;
    check_none_active(requests, N, "null requests");
    check_none_active(requests, 0, "no requests");
    for (int i = 0; i < N; i += 2)
        MPI_Recv_init(&value, 1, MPI_INT, peer, TAG, MPI_COMM_WORLD, &requests[i]);
    check_none_active(requests, N, "inactive requests");
    for (int i = 0; i < N; i += 2) {
        CHECK(requests[i] != MPI_REQUEST_NULL, "inactive request %d is gone", i);
        MPI_Request_free(&requests[i]);
    }
}

/* Nothing has come: the tests say no and leave the requests as they are. */
static void not_yet(void)
{
    MPI_Request requests[3], before[3];
    int values[3], flag = -1, index = 0, done = -1, indices[3];

    for (int i = 0; i < 3; i++)
        MPI_Irecv(&values[i], 1, MPI_INT, peer, TAG + i, MPI_COMM_WORLD, &requests[i]);
    memcpy(before, requests, sizeof before);
    MPI_Test(&requests[0], &flag, MPI_STATUS_IGNORE);
    CHECK(flag == 0, "MPI_Test: %d", flag);
    flag = -1;
    MPI_Testall(3, requests, &flag, MPI_STATUSES_IGNORE);
    CHECK(flag == 0, "MPI_Testall: %d", flag);
    flag = -1;
    MPI_Testany(3, requests, &index, &flag, MPI_STATUS_IGNORE);
    CHECK(flag == 0 && index == MPI_UNDEFINED, "MPI_Testany: %d index %d", flag, index);
    MPI_Testsome(3, requests, &done, indices, MPI_STATUSES_IGNORE);
    CHECK(done == 0, "MPI_Testsome: %d", done);
    CHECK(memcmp(before, requests, sizeof before) == 0, "a request changed");
    t_token(peer, peer);
    for (int i = 2; i >= 0; i--)
        MPI_Send(&i, 1, MPI_INT, peer, TAG + i, MPI_COMM_WORLD);
    MPI_Waitall(3, requests, MPI_STATUSES_IGNORE);
    CHECK(values[0] == 0 && values[1] == 1 && values[2] == 2, "%d %d %d", values[0], values[1],
          values[2]);
}

/* Receives between null requests; the messages go one at a time, each asked for by the receiver. */
static void post(MPI_Request *requests, int *values)
{
    for (int i = 0; i < N; i++) {
        values[i] = -1;
        requests[i] = MPI_REQUEST_NULL;
        if (i % 3 != 0)
            MPI_Irecv(&values[i], 1, MPI_INT, peer, TAG + i, MPI_COMM_WORLD, &requests[i]);
    }
    t_token(peer, peer);
}

static void send_one(int i)
{
    int value = 1000 * t_rank + i;

    MPI_Send(&value, 1, MPI_INT, peer, TAG + i, MPI_COMM_WORLD);
}

static void check_done(int expected, int index, const MPI_Request *requests, const int *values,
                       const MPI_Status *status, const char *how)
{
    CHECK(index == expected, "%s: index %d, not %d", how, index, expected);
    if (index < 0 || index >= N)
        return;
    CHECK(requests[index] == MPI_REQUEST_NULL, "%s: request %d stayed", how, index);
    CHECK(values[index] == 1000 * peer + index, "%s: value %d", how, values[index]);
    t_check_status(status, peer, TAG + index, (int)sizeof(int), how);
}

static void any(void)
{
    MPI_Request requests[N];
    MPI_Status status;
    int values[N], index, flag;

    post(requests, values);
    for (int i = N - 1; i > 0; i--) {
        if (i % 3 == 0)
            continue;
        send_one(i);
        index = -7;
        if (i % 2) {
            MPI_Waitany(N, requests, &index, &status);
        } else {
            for (flag = 0; !flag;)
                MPI_Testany(N, requests, &index, &flag, &status);
        }
        check_done(i, index, requests, values, &status, "any");
        t_token(peer, peer);
    }
    check_none_active(requests, N, "after any");
}

static void some(void)
{
    MPI_Request requests[N];
    MPI_Status statuses[N];
    int values[N], indices[N], seen[N] = {0}, done, total = 0, turn = 0;

    post(requests, values);
    for (int i = 0; i < N; i++)
        if (i % 3 != 0)
            send_one(i);
    while (total < N - N / 3) {
        if (turn++ % 2)
            MPI_Waitsome(N, requests, &done, indices, statuses);
        else
            MPI_Testsome(N, requests, &done, indices, statuses);
        CHECK(done >= turn % 2 - 1 && done <= N, "%d done", done);
        if (done < 0 || done > N)
            return;
        for (int k = 0; k < done; k++) {
            CHECK(indices[k] % 3 != 0 && !seen[indices[k]]++, "index %d again or null", indices[k]);
            check_done(indices[k], indices[k], requests, values, &statuses[k], "some");
        }
        total += done;
    }
    check_none_active(requests, N, "after some");
}

static void all(void)
{
    MPI_Request requests[N];
    MPI_Status statuses[N];
    int values[N], flag;

    for (int turn = 0; turn < 2; turn++) {
        post(requests, values);
        for (int i = N - 1; i >= 0; i--)
            if (i % 3 != 0)
                send_one(i);
        if (turn == 0)
            MPI_Waitall(N, requests, statuses);
        for (flag = 0; !flag && turn == 1;)
            MPI_Testall(N, requests, &flag, statuses);
        for (int i = 0; i < N; i++) {
            if (i % 3 == 0)
                t_check_empty(&statuses[i], "all");
            else
                check_done(i, i, requests, values, &statuses[i], "all");
        }
    }
}

/* Only a call that returns MPI_ERR_IN_STATUS may write the error fields. */
static void error_fields(void)
{
    MPI_Request requests[2];
    MPI_Status statuses[3];
    int in = -1;

    for (int i = 0; i < 3; i++)
        statuses[i].MPI_ERROR = 4711 + i;
    MPI_Irecv(&in, 1, MPI_INT, peer, TAG, MPI_COMM_WORLD, &requests[0]);
    MPI_Isend(&t_rank, 1, MPI_INT, peer, TAG, MPI_COMM_WORLD, &requests[1]);
    MPI_Waitall(2, requests, statuses);
    MPI_Sendrecv(&t_rank, 1, MPI_INT, peer, TAG, &in, 1, MPI_INT, peer, TAG, MPI_COMM_WORLD,
                 &statuses[2]);
    for (int i = 0; i < 3; i++)
        CHECK(statuses[i].MPI_ERROR == 4711 + i, "error field %d was written: %d", i,
              statuses[i].MPI_ERROR);
}

int main(int argc, char **argv)
{
    t_init(&argc, &argv);
    peer = t_partner();
    null_single();
    none_active();
    not_yet();
    error_fields();
    for (int turn = 0; turn < 20; turn++) {
        any();
        some();
        all();
    }
    return t_finish();
}

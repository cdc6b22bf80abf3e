/* p2p_null.c - MPI_PROC_NULL everywhere: returns at once, gives the null status. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "test.h"

enum { TAG = 51 };

static unsigned char buf[64];

static void check_null(MPI_Status *status, const char *where)
{
    t_check_status(status, MPI_PROC_NULL, MPI_ANY_TAG, 0, where);
    CHECK(t_untouched(buf, sizeof buf), "%s: the buffer was written", where);
}

static void sends(void)
{
    MPI_Request request;

    CHECK_OK(MPI_Send(buf, 64, MPI_BYTE, MPI_PROC_NULL, TAG, MPI_COMM_WORLD));
    CHECK_OK(MPI_Ssend(buf, 64, MPI_BYTE, MPI_PROC_NULL, TAG, MPI_COMM_WORLD));
    CHECK_OK(MPI_Rsend(buf, 64, MPI_BYTE, MPI_PROC_NULL, TAG, MPI_COMM_WORLD));
    CHECK_OK(MPI_Isend(buf, 64, MPI_BYTE, MPI_PROC_NULL, TAG, MPI_COMM_WORLD, &request));
    CHECK_OK(MPI_Wait(&request, MPI_STATUS_IGNORE));
    CHECK_OK(MPI_Issend(buf, 64, MPI_BYTE, MPI_PROC_NULL, TAG, MPI_COMM_WORLD, &request));
    CHECK_OK(MPI_Wait(&request, MPI_STATUS_IGNORE));
    CHECK(request == MPI_REQUEST_NULL, "the request is still there");
}

static void receives(void)
{
    MPI_Request request;
    MPI_Status status;
    int flag = 0;

    MPI_Recv(buf, 64, MPI_BYTE, MPI_PROC_NULL, TAG, MPI_COMM_WORLD, &status);
    check_null(&status, "recv");
    MPI_Recv(buf, 64, MPI_BYTE, MPI_PROC_NULL, MPI_ANY_TAG, MPI_COMM_WORLD, &status);
    check_null(&status, "recv any tag");
    MPI_Irecv(buf, 64, MPI_BYTE, MPI_PROC_NULL, TAG, MPI_COMM_WORLD, &request);
    MPI_Wait(&request, &status);
    check_null(&status, "irecv, wait");
    MPI_Irecv(buf, 64, MPI_BYTE, MPI_PROC_NULL, TAG, MPI_COMM_WORLD, &request);
    while (!flag)
        MPI_Test(&request, &flag, &status);
    check_null(&status, "irecv, test");
}

static void both(void)
{
    MPI_Status status;

    MPI_Sendrecv(buf, 64, MPI_BYTE, MPI_PROC_NULL, TAG, buf, 64, MPI_BYTE, MPI_PROC_NULL, TAG,
                 MPI_COMM_WORLD, &status);
    check_null(&status, "sendrecv");
    MPI_Sendrecv_replace(buf, 64, MPI_BYTE, MPI_PROC_NULL, TAG, MPI_PROC_NULL, TAG, MPI_COMM_WORLD,
                         &status);
    check_null(&status, "sendrecv_replace");
}

/* A chain: the ends talk to nobody, the middle to both neighbours. */
static void chain(void)
{
    int up = t_rank + 1 < t_size ? t_rank + 1 : MPI_PROC_NULL;
    int down = t_rank > 0 ? t_rank - 1 : MPI_PROC_NULL, value = -1;
    MPI_Status status;

    MPI_Sendrecv(&t_rank, 1, MPI_INT, up, TAG, &value, 1, MPI_INT, down, TAG, MPI_COMM_WORLD,
                 &status);
    CHECK(value == (t_rank > 0 ? t_rank - 1 : -1), "chain: %d", value);
    CHECK(status.MPI_SOURCE == down, "chain: source %d", status.MPI_SOURCE);
}

static void persistent(void)
{
    MPI_Request requests[2];
    MPI_Status statuses[2];

    MPI_Recv_init(buf, 64, MPI_BYTE, MPI_PROC_NULL, TAG, MPI_COMM_WORLD, &requests[0]);
    MPI_Send_init(buf, 64, MPI_BYTE, MPI_PROC_NULL, TAG, MPI_COMM_WORLD, &requests[1]);
    for (int turn = 0; turn < 3; turn++) {
        MPI_Startall(2, requests);
        MPI_Waitall(2, requests, statuses);
        check_null(&statuses[0], "persistent");
    }
    MPI_Request_free(&requests[0]);
    MPI_Request_free(&requests[1]);
}

static void probes(void)
{
    MPI_Message message = MPI_MESSAGE_NULL;
    MPI_Request request;
    MPI_Status status;
    int flag = 0;

    MPI_Probe(MPI_PROC_NULL, TAG, MPI_COMM_WORLD, &status);
    check_null(&status, "probe");
    MPI_Iprobe(MPI_PROC_NULL, TAG, MPI_COMM_WORLD, &flag, &status);
    CHECK(flag, "MPI_Iprobe of MPI_PROC_NULL says no");
    check_null(&status, "iprobe");
    MPI_Mprobe(MPI_PROC_NULL, TAG, MPI_COMM_WORLD, &message, &status);
    CHECK(message == MPI_MESSAGE_NO_PROC, "MPI_Mprobe gave another message");
    MPI_Mrecv(buf, 64, MPI_BYTE, &message, &status);
    check_null(&status, "mrecv");
    CHECK(message == MPI_MESSAGE_NULL, "MPI_Mrecv left the handle");
    flag = 0;
    MPI_Improbe(MPI_PROC_NULL, TAG, MPI_COMM_WORLD, &flag, &message, &status);
    CHECK(flag && message == MPI_MESSAGE_NO_PROC, "MPI_Improbe: flag %d", flag);
    MPI_Imrecv(buf, 64, MPI_BYTE, &message, &request);
    CHECK(message == MPI_MESSAGE_NULL, "MPI_Imrecv left the handle");
    MPI_Wait(&request, &status);
    check_null(&status, "imrecv");
}

int main(int argc, char **argv)
{
    t_init(&argc, &argv);
    memset(buf, T_GUARD_BYTE, sizeof buf);
    sends();
    receives();
    both();
    chain();
    persistent();
    probes();
    return t_finish();
}

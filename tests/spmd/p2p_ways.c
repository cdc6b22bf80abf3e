/* p2p_ways.c - so many messages of a length that the library has tried each way to move them, and settled: whole and in
 * order, alone and together, between buffers in one piece and scattered ones. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "tool.h"

enum { MAX_SIZE = 2 << 20, WINDOW = 5, TAG = 21, SHORT = 8192, SHORTS = 50 };

static int right, left;
static unsigned char *out[WINDOW], *in[WINDOW];

static uint64_t key_of(int rank, int size, int message)
{
    return (uint64_t)rank * 1000003u + (uint64_t)size * 31u + (uint64_t)message;
}

static void fill(int slot, int size, int message)
{
    t_fill(out[slot], (size_t)size, key_of(t_rank, size, message));
}

static void check(int slot, int size, int message, const MPI_Status *status)
{
    long where = t_differs(in[slot], (size_t)size, key_of(left, size, message));

    t_check_status(status, left, TAG, size, "ring");
    CHECK(where < 0, "%d bytes, message %d: differs at %ld", size, message, where);
}

/* One at a time: the way of a length is found out. */
static void alone(int size, int messages)
{
    for (int i = 0; i < messages; i++) {
        MPI_Status status;

        fill(0, size, i);
        MPI_Sendrecv(out[0], size, MPI_BYTE, right, TAG, in[0], size, MPI_BYTE, left, TAG, MPI_COMM_WORLD, &status);
        check(0, size, i, &status);
    }
}

/* Several under way, of all sizes: what comes eagerly does not overtake what is announced. */
static void together(const int *sizes, int n, int rounds)
{
    for (int round = 0; round < rounds; round++) {
        MPI_Request requests[2 * WINDOW];
        MPI_Status statuses[2 * WINDOW];

        for (int i = 0; i < WINDOW; i++)
            MPI_Irecv(in[i], MAX_SIZE, MPI_BYTE, left, TAG, MPI_COMM_WORLD, &requests[i]);
        for (int i = 0; i < WINDOW; i++) {
            int size = sizes[(round + i) % n];

            fill(i, size, round);
            MPI_Isend(out[i], size, MPI_BYTE, right, TAG, MPI_COMM_WORLD, &requests[WINDOW + i]);
        }
        MPI_Waitall(2 * WINDOW, requests, statuses);
        for (int i = 0; i < WINDOW; i++)
            check(i, sizes[(round + i) % n], round, &statuses[i]);
    }
}

/* Every other half of the pairs of bytes: nobody can read or write it as one piece. */
static void scattered(int size, int messages)
{
    MPI_Datatype type;

    MPI_Type_vector(size / 2, 1, 2, MPI_BYTE, &type);
    MPI_Type_commit(&type);
    for (int i = 0; i < messages; i++) {
        int sender = i % 3 != 1, receiver = i % 3 != 0;
        MPI_Status status;

        fill(0, size, i);
        MPI_Sendrecv(out[0], sender ? 1 : size / 2, sender ? type : MPI_BYTE, right, TAG, in[0],
                     receiver ? 1 : size / 2, receiver ? type : MPI_BYTE, left, TAG, MPI_COMM_WORLD, &status);
        t_fill(out[1], (size_t)size, key_of(left, size, i));
        for (int b = 0; b < size / 2; b++)
            if (in[0][receiver ? 2 * b : b] != out[1][sender ? 2 * b : b])
                t_fail(__FILE__, __LINE__, "every other byte", "%d bytes, message %d: byte %d differs", size, i, b);
    }
    MPI_Type_free(&type);
}

/* All messages are there before the first receive. */
static void late(int size, int messages)
{
    for (int i = 0; i < messages; i++) {
        fill(0, size, i);
        MPI_Send(out[0], size, MPI_BYTE, right, TAG, MPI_COMM_WORLD);
    }
    MPI_Barrier(MPI_COMM_WORLD);
    for (int i = 0; i < messages; i++) {
        MPI_Status status;

        MPI_Recv(in[0], size, MPI_BYTE, left, TAG, MPI_COMM_WORLD, &status);
        check(0, size, i, &status);
    }
}

/* How many of some messages that may all be eager are announced. */
static unsigned long long announced(void (*exchange)(int size, int messages))
{
    unsigned long long value = 0;
    int index = -1, count;
    MPI_T_pvar_session session;
    MPI_T_pvar_handle handle;

    tool_start();
    CHECK_OK(MPI_T_pvar_session_create(&session));
    CHECK_OK(MPI_T_pvar_get_index("rendezvous_messages", MPI_T_PVAR_CLASS_COUNTER, &index));
    CHECK_OK(MPI_T_pvar_handle_alloc(session, index, NULL, &handle, &count));
    CHECK_OK(MPI_T_pvar_start(session, handle));
    exchange(SHORT, SHORTS);
    CHECK_OK(MPI_T_pvar_read(session, handle, &value));
    CHECK_OK(MPI_T_pvar_session_free(&session));
    CHECK_OK(MPI_T_finalize());
    return value;
}

/* Every rank sends before it receives. MPI promises nothing to such a program, but messages that may be eager do: also
 * those of which the receiver is asked, after any number that were expected. */
static void head_on(int size)
{
    for (int i = 0; i < 400; i++) {
        MPI_Status status;

        fill(0, size, i);
        MPI_Send(out[0], size, MPI_BYTE, right, TAG, MPI_COMM_WORLD);
        MPI_Recv(in[0], size, MPI_BYTE, left, TAG, MPI_COMM_WORLD, &status);
        check(0, size, i, &status);
    }
    alone(size, 40);
}

/* Messages that are matched before they are received: at once, or so long before that they could be fetched. */
static void matched(int size)
{
    for (int i = 0; i < 600; i++) {
        MPI_Message message;
        MPI_Request request;
        MPI_Status status;

        fill(0, size, i);
        MPI_Isend(out[0], size, MPI_BYTE, right, TAG, MPI_COMM_WORLD, &request);
        MPI_Mprobe(left, TAG, MPI_COMM_WORLD, &message, MPI_STATUS_IGNORE);
        for (int poll = 0, flag; i % 2 && poll < 1000; poll++)
            MPI_Test(&request, &flag, MPI_STATUS_IGNORE);
        MPI_Mrecv(in[0], size, MPI_BYTE, &message, &status);
        MPI_Wait(&request, MPI_STATUS_IGNORE);
        check(0, size, i, &status);
    }
}

/* Sends that are cancelled, some before they are fetched, some too late; as many bytes as a rank may have unreceived
 * many times over. */
static void cancelled(int size)
{
    int sent[1000], n = 0, expected;

    for (int i = 0; i < T_COUNT(sent); i++) {
        int flag;
        MPI_Request request;
        MPI_Status status;

        fill(0, size, i);
        MPI_Isend(out[0], size, MPI_BYTE, right, TAG, MPI_COMM_WORLD, &request);
        MPI_Cancel(&request);
        MPI_Wait(&request, &status);
        MPI_Test_cancelled(&status, &flag);
        if (!flag)
            sent[n++] = i;
        MPI_Sendrecv(&n, 1, MPI_INT, right, TAG + 1, &expected, 1, MPI_INT, left, TAG + 1, MPI_COMM_WORLD,
                     MPI_STATUS_IGNORE);
    }
    int theirs[T_COUNT(sent)];
    MPI_Sendrecv(sent, n, MPI_INT, right, TAG + 1, theirs, expected, MPI_INT, left, TAG + 1, MPI_COMM_WORLD,
                 MPI_STATUS_IGNORE);
    for (int i = 0; i < expected; i++) {
        MPI_Status status;

        MPI_Recv(in[0], size, MPI_BYTE, left, TAG, MPI_COMM_WORLD, &status);
        check(0, size, theirs[i], &status);
    }
}

/* Arguments: "eager" where there is only one way to another rank, so that nothing is to be tried; "head-on" and lengths
 * that may be eager. */
int main(int argc, char **argv)
{
    static const int sizes[] = {4096,   4097,   8192,   8193,          16385,   32768,       32769,   65536,
                                65537,  131071, 524288, 524289, 1 << 20, (2 << 20) - 1, 2 << 20, 100};

    t_init(&argc, &argv);
    right = (t_rank + 1) % t_size;
    left = (t_rank + t_size - 1) % t_size;
    for (int i = 0; i < WINDOW; i++) {
        out[i] = t_alloc(MAX_SIZE);
        in[i] = t_alloc(MAX_SIZE);
    }
    if (argc > 1 && !strcmp(argv[1], "head-on")) {
        unsigned long long n = announced(late);
        CHECK(n <= 1, "%llu of %d messages of %d bytes were announced to a late receiver", n, SHORTS, SHORT);
        for (int i = 2; i < argc; i++) {
            cancelled(atoi(argv[i]));
            matched(atoi(argv[i]));
            for (int round = 0; round < 3; round++)
                head_on(atoi(argv[i]));
        }
    } else if (argc > 1) {
        unsigned long long n = announced(alone);
        CHECK(n == 0, "%llu of %d messages of %d bytes were announced", n, SHORTS, SHORT);
    }
    for (int i = 0; i < T_COUNT(sizes); i++)
        alone(sizes[i], sizes[i] < 1 << 17 ? 200 : 40);
    together(sizes, T_COUNT(sizes), 100);
    scattered(20000, 200);
    scattered(200000, 30);
    for (int i = 0; i < WINDOW; i++) {
        t_free(out[i]);
        t_free(in[i]);
    }
    return t_finish();
}

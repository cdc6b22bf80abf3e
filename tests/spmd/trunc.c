/* trunc.c - messages too long for their buffers, and those that end within an element: an error on every path. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "test.h"

enum { TAG = 131, SPACE = (1 << 20) + 64 };

struct pair {
    int sent, room;
};

static const struct pair pairs[] = {{1, 0},
                                    {8, 4},
                                    {40, 39},
                                    {41, 40},
                                    {64, 8},
                                    {65, 64},
                                    {200, 0},
                                    {1000, 100},
                                    {4096, 4095},
                                    {8192, 8191},
                                    {8193, 8192},
                                    {16384, 1000},
                                    {32768, 32767},
                                    {65536, 65535},
                                    {100000, 1000},
                                    {262144, 0},
                                    {1 << 20, (1 << 20) - 1},
                                    {1 << 20, 16}};

static int peer;
static unsigned char *out, *in;

enum how { RECV, WAIT, TEST, WAITALL, WAITANY, SENDRECV, MRECV, PERSISTENT, HOWS };
static const char *const names[] = {"recv",    "wait",     "test",  "waitall",
                                    "waitany", "sendrecv", "mrecv", "persistent"};

static int by_waitall(MPI_Request *request, MPI_Status *status)
{
    MPI_Request requests[2] = {MPI_REQUEST_NULL, *request};
    MPI_Status statuses[2];
    int code = MPI_Waitall(2, requests, statuses);

    CHECK(t_class(code) == MPI_ERR_IN_STATUS, "MPI_Waitall returned class %d", t_class(code));
    CHECK(t_class(statuses[0].MPI_ERROR) == MPI_SUCCESS, "the null request has class %d",
          t_class(statuses[0].MPI_ERROR));
    *request = requests[1];
    *status = statuses[1];
    return statuses[1].MPI_ERROR;
}

static int by_mprobe(int room, MPI_Status *status)
{
    MPI_Message message;
    int code;

    MPI_Mprobe(peer, TAG, MPI_COMM_WORLD, &message, MPI_STATUS_IGNORE);
    code = MPI_Mrecv(in, room, MPI_BYTE, &message, status);
    return code;
}

/* Completes the posted receive in the way that is asked for; returns its error code. */
static int complete(enum how how, MPI_Request *request, MPI_Status *status)
{
    int code = MPI_SUCCESS, flag = 0, index = -1;

    if (how == WAIT || how == PERSISTENT)
        return MPI_Wait(request, status);
    if (how == WAITALL)
        return by_waitall(request, status);
    if (how == WAITANY) {
        code = MPI_Waitany(1, request, &index, status);
        CHECK(index == 0, "MPI_Waitany gave index %d", index);
        return code;
    }
    while (!flag && code == MPI_SUCCESS)
        code = MPI_Test(request, &flag, status);
    return code;
}

static void check(const struct pair *p, enum how how, int expected, int code)
{
    const char *when = expected ? "expected" : "unexpected";

    CHECK(t_class(code) == MPI_ERR_TRUNCATE, "%s, %s, %d into %d: class %d", names[how], when,
          p->sent, p->room, t_class(code));
    CHECK(t_untouched(in + p->room, SPACE - (size_t)p->room + T_GUARD),
          "%s, %s, %d into %d: written past", names[how], when, p->sent, p->room);
    CHECK(t_untouched(in - T_GUARD, T_GUARD), "%s: written before the buffer", names[how]);
}

/* A message of the same size right after it comes whole. */
static void next_works(const struct pair *p)
{
    MPI_Request request;
    MPI_Status status;

    MPI_Isend(out, p->sent, MPI_BYTE, peer, TAG, MPI_COMM_WORLD, &request);
    MPI_Recv(in, p->sent, MPI_BYTE, peer, TAG, MPI_COMM_WORLD, &status);
    MPI_Wait(&request, MPI_STATUS_IGNORE);
    t_check_status(&status, peer, TAG, p->sent, "the next message");
    CHECK(t_differs(in, (size_t)p->sent, (uint64_t)peer) < 0, "the next message of %d differs",
          p->sent);
}

static void one(const struct pair *p, enum how how, int expected)
{
    MPI_Request receive = MPI_REQUEST_NULL, send = MPI_REQUEST_NULL;
    MPI_Status status;
    int posted = how != RECV && how != SENDRECV && how != MRECV, code;

    memset(in, T_GUARD_BYTE, SPACE);
    if (how == PERSISTENT)
        MPI_Recv_init(in, p->room, MPI_BYTE, peer, TAG, MPI_COMM_WORLD, &receive);
    if (posted && expected && how != PERSISTENT)
        MPI_Irecv(in, p->room, MPI_BYTE, peer, TAG, MPI_COMM_WORLD, &receive);
    if (how == PERSISTENT && expected)
        MPI_Start(&receive);
    t_token(peer, peer);
    if (how != SENDRECV)
        MPI_Isend(out, p->sent, MPI_BYTE, peer, TAG, MPI_COMM_WORLD, &send);
    t_token(peer, peer);
    if (posted && !expected && how != PERSISTENT)
        MPI_Irecv(in, p->room, MPI_BYTE, peer, TAG, MPI_COMM_WORLD, &receive);
    if (how == PERSISTENT && !expected)
        MPI_Start(&receive);
    if (how == RECV)
        code = MPI_Recv(in, p->room, MPI_BYTE, peer, TAG, MPI_COMM_WORLD, &status);
    else if (how == MRECV)
        code = by_mprobe(p->room, &status);
    else if (how == SENDRECV)
        code = MPI_Sendrecv(out, p->sent, MPI_BYTE, peer, TAG, in, p->room, MPI_BYTE, peer, TAG,
                            MPI_COMM_WORLD, &status);
    else
        code = complete(how, &receive, &status);
    check(p, how, expected, code);
    CHECK_OK(MPI_Wait(&send, MPI_STATUS_IGNORE));
    if (receive != MPI_REQUEST_NULL)
        MPI_Request_free(&receive);
    next_works(p);
}

/* Whole elements only, with gaps that stay untouched. */
static void strided(int sent, int room)
{
    int *got = (int *)(void *)in;
    MPI_Datatype type;
    MPI_Request request;
    int code;

    memset(in, T_GUARD_BYTE, SPACE);
    MPI_Type_vector(room, 1, 2, MPI_INT, &type);
    MPI_Type_commit(&type);
    MPI_Isend(out, sent, MPI_INT, peer, TAG, MPI_COMM_WORLD, &request);
    code = MPI_Recv(in, 1, type, peer, TAG, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
    CHECK(t_class(code) == MPI_ERR_TRUNCATE, "strided: class %d", t_class(code));
    for (int i = 0; i < room; i++)
        CHECK(t_untouched(&got[2 * i + 1], sizeof(int)), "strided: gap %d was written", i);
    CHECK(t_untouched(&got[2 * room], SPACE - 8 * (size_t)room), "strided: written past the end");
    MPI_Wait(&request, MPI_STATUS_IGNORE);
    MPI_Type_free(&type);
}

/* Receives bytes into room ints, or structs of an int and a char; returns the class. */
static int receive_as(MPI_Datatype type, int room, int sent, int expected)
{
    MPI_Request send, receive;
    MPI_Status status;
    int code, count;

    memset(in, T_GUARD_BYTE, SPACE);
    if (expected)
        MPI_Irecv(in, room, type, peer, TAG, MPI_COMM_WORLD, &receive);
    t_token(peer, peer);
    MPI_Isend(out, sent, MPI_PACKED, peer, TAG, MPI_COMM_WORLD, &send);
    t_token(peer, peer);
    if (expected)
        code = MPI_Wait(&receive, &status);
    else
        code = MPI_Recv(in, room, type, peer, TAG, MPI_COMM_WORLD, &status);
    CHECK_OK(MPI_Wait(&send, MPI_STATUS_IGNORE));
    MPI_Get_count(&status, MPI_PACKED, &count);
    CHECK(count == (code ? 0 : sent), "%d bytes: the status says %d", sent, count);
    CHECK(!code || t_untouched(in, SPACE), "%d bytes: the buffer was written to", sent);
    return t_class(code);
}

/* Shorter than the buffer is right, but no message that matches ends within an element. */
static void half_elements(int sent, int expected)
{
    const int ones[] = {1, 1};
    const MPI_Aint places[] = {0, sizeof(int)};
    const MPI_Datatype parts[] = {MPI_INT, MPI_CHAR};
    MPI_Datatype mixed;
    int of_struct = sent % 5 == 0 || sent % 5 == 4 ? MPI_SUCCESS : MPI_ERR_TYPE, class;

    MPI_Type_create_struct(2, ones, places, parts, &mixed);
    MPI_Type_commit(&mixed);
    class = receive_as(MPI_INT, 100000, sent, expected);
    CHECK(class == (sent % 4 ? MPI_ERR_TYPE : MPI_SUCCESS), "%d bytes as ints: class %d", sent, class);
    class = receive_as(mixed, 100000, sent, expected);
    CHECK(class == of_struct, "%d bytes as structs: class %d", sent, class);
    MPI_Type_free(&mixed);
}

int main(int argc, char **argv)
{
    static const int lengths[] = {0, 1, 3, 4, 5, 7, 9, 61, 999, 1000, 20002, 300003, 300004};

    int step = argc > 1 ? atoi(argv[1]) : 1;

    t_init(&argc, &argv);
    peer = t_partner();
    out = t_alloc(SPACE);
    in = t_alloc(SPACE);
    t_fill(out, SPACE, (uint64_t)t_rank);
    MPI_Comm_set_errhandler(MPI_COMM_WORLD, MPI_ERRORS_RETURN);
    for (int i = 0; i < T_COUNT(pairs); i += step)
        for (int how = 0; how < HOWS; how++)
            for (int expected = 0; expected < 2; expected++)
                one(&pairs[i], (enum how)how, expected);
    strided(10, 5);
    strided(100, 99);
    strided(5000, 2000);
    strided(200000, 1000);
    for (int i = 0; i < T_COUNT(lengths); i++)
        for (int expected = 0; expected < 2; expected++)
            half_elements(lengths[i], expected);
    t_free(out);
    t_free(in);
    return t_finish();
}

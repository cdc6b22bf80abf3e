/* p2p_bsend_rooms.c - buffers of process, sessions and communicators: which one is taken, automatic ones, flush and iflush. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "test.h"

enum { BYTES = 200000, ROOM = BYTES + MPI_BSEND_OVERHEAD, TAG = 171 };

static int peer;
static MPI_Comm comm; /* errors return */
static unsigned char *data, *in;

static int bsend(MPI_Comm on, int tag)
{
    return MPI_Bsend(data, BYTES, MPI_BYTE, 0, tag, on);
}

static void receive(MPI_Comm on, int tag)
{
    memset(in, 0, BYTES);
    MPI_Recv(in, BYTES, MPI_BYTE, 0, tag, on, MPI_STATUS_IGNORE);
    CHECK(t_differs(in, BYTES, (uint64_t)t_rank) < 0, "tag %d differs", tag);
}

/* Messages to oneself on duplicates of MPI_COMM_SELF stay in the buffer until they are received: they are longer than
 * what is sent at once, or that limit is low. */
static int stays(MPI_Comm on)
{
    void *space = malloc(ROOM), *back;
    int size, code;

    MPI_Buffer_attach(space, ROOM);
    CHECK_OK(bsend(on, TAG));
    code = bsend(on, TAG);
    receive(on, TAG);
    if (code == MPI_SUCCESS)
        receive(on, TAG);
    MPI_Buffer_detach(&back, &size);
    CHECK(back == space && size == ROOM, "detached %p %d", back, size);
    free(space);
    return t_class(code) == MPI_ERR_BUFFER;
}

/* The communicator's buffer comes first; other communicators take the process's. */
static void which(MPI_Comm self, MPI_Comm other)
{
    void *spaces[2] = {malloc(ROOM), malloc(ROOM)}, *back = NULL;
    int size = -1, code;
    MPI_Count big = -1;

    CHECK_OK(MPI_Comm_attach_buffer(self, spaces[0], ROOM));
    code = bsend(other, TAG);
    CHECK(t_class(code) == MPI_ERR_BUFFER, "a buffer of another communicator was taken: class %d", t_class(code));
    CHECK_OK(MPI_Buffer_attach(spaces[1], ROOM));
    CHECK_OK(bsend(self, TAG));
    CHECK_OK(bsend(other, TAG));
    code = bsend(self, TAG);
    CHECK(t_class(code) == MPI_ERR_BUFFER, "more room than the communicator's buffer has: class %d", t_class(code));
    receive(self, TAG);
    receive(other, TAG);
    CHECK_OK(MPI_Comm_detach_buffer_c(self, &back, &big));
    CHECK(back == spaces[0] && big == ROOM, "detached %p %lld", back, (long long)big);
    CHECK_OK(bsend(self, TAG + 1)); /* the process's now */
    code = bsend(other, TAG);
    CHECK(t_class(code) == MPI_ERR_BUFFER, "the process's buffer is not used: class %d", t_class(code));
    receive(self, TAG + 1);
    CHECK_OK(MPI_Buffer_detach(&back, &size));
    CHECK(back == spaces[1] && size == ROOM, "detached %p %d", back, size);
    free(spaces[0]);
    free(spaces[1]);
}

static void automatic(MPI_Comm self)
{
    void *back = NULL;
    int size = -1;

    for (int of_comm = 0; of_comm < 2; of_comm++) {
        CHECK_OK(of_comm ? MPI_Comm_attach_buffer(self, MPI_BUFFER_AUTOMATIC, -5)
                         : MPI_Buffer_attach(MPI_BUFFER_AUTOMATIC, 0));
        for (int i = 0; i < 50; i++)
            CHECK_OK(bsend(self, TAG + i));
        for (int i = 49; i >= 0; i--)
            receive(self, TAG + i);
        CHECK_OK(of_comm ? MPI_Comm_detach_buffer(self, &back, &size) : MPI_Buffer_detach(&back, &size));
        CHECK(back == MPI_BUFFER_AUTOMATIC, "detached %p", back);
    }
}

/* A flush waits for what is in the buffer when it begins, and for nothing later. */
static void flushes(MPI_Comm self, int of_comm)
{
    MPI_Request flush[3];
    MPI_Status status;
    void *back;
    int size, flag = -1;

    CHECK_OK(of_comm ? MPI_Comm_attach_buffer(self, MPI_BUFFER_AUTOMATIC, 0)
                     : MPI_Buffer_attach(MPI_BUFFER_AUTOMATIC, 0));
    for (int i = 0; i < 3; i++) {
        CHECK_OK(bsend(self, TAG + i));
        CHECK_OK(of_comm ? MPI_Comm_iflush_buffer(self, &flush[i]) : MPI_Buffer_iflush(&flush[i]));
    }
    for (int i = 0; i < 3; i++) {
        MPI_Test(&flush[i], &flag, &status);
        CHECK(!flag, "flush %d is complete with a message in the buffer", i);
    }
    receive(self, TAG + 1);
    MPI_Testall(3, flush, &flag, MPI_STATUSES_IGNORE);
    CHECK(!flag, "all are complete");
    MPI_Request_get_status(flush[0], &flag, MPI_STATUS_IGNORE);
    CHECK(!flag, "the first flush is complete, by a later message");
    receive(self, TAG);
    CHECK_OK(MPI_Wait(&flush[1], &status));
    t_check_empty(&status, "flush");
    CHECK_OK(MPI_Wait(&flush[0], &status));
    MPI_Test(&flush[2], &flag, &status);
    CHECK(!flag, "the last flush is complete");
    receive(self, TAG + 2);
    CHECK_OK(of_comm ? MPI_Comm_flush_buffer(self) : MPI_Buffer_flush());
    CHECK_OK(MPI_Wait(&flush[2], &status));
    CHECK_OK(of_comm ? MPI_Comm_iflush_buffer(self, &flush[0]) : MPI_Buffer_iflush(&flush[0]));
    MPI_Test(&flush[0], &flag, MPI_STATUS_IGNORE);
    CHECK(flag, "a flush of an empty buffer is not complete");
    CHECK_OK(of_comm ? MPI_Comm_detach_buffer(self, &back, &size) : MPI_Buffer_detach(&back, &size));
}

/* A session's buffer serves the communicators that come from it, by whatever way, unless they have their own. */
static void of_session(void)
{
    MPI_Session session;
    MPI_Group group, part;
    MPI_Comm first, second;
    void *spaces[2] = {malloc(ROOM), malloc(ROOM)}, *back = NULL;
    MPI_Request flush;
    int size = -1, code, flag = -1;

    MPI_Session_init(MPI_INFO_NULL, MPI_ERRORS_RETURN, &session);
    MPI_Group_from_session_pset(session, "mpi://WORLD", &group);
    MPI_Group_incl(group, 1, &t_rank, &part);
    MPI_Comm_create_from_group(part, "of_session", MPI_INFO_NULL, MPI_ERRORS_RETURN, &first);
    MPI_Comm_split(first, 0, 0, &second);
    MPI_Group_free(&group);
    MPI_Group_free(&part);
    CHECK_OK(MPI_Session_attach_buffer(session, spaces[0], ROOM));
    code = MPI_Session_attach_buffer(session, spaces[0], ROOM);
    CHECK(t_class(code) == MPI_ERR_BUFFER, "attached twice: class %d", t_class(code));
    code = bsend(comm, TAG);
    CHECK(t_class(code) == MPI_ERR_BUFFER, "a buffer of a session was taken for the world: class %d", t_class(code));
    CHECK_OK(bsend(second, TAG));
    code = bsend(first, TAG);
    CHECK(t_class(code) == MPI_ERR_BUFFER, "not the session's buffer: class %d", t_class(code));
    CHECK_OK(MPI_Session_iflush_buffer(session, &flush));
    MPI_Test(&flush, &flag, MPI_STATUS_IGNORE);
    CHECK(!flag, "the flush is complete");
    CHECK_OK(MPI_Comm_attach_buffer(first, spaces[1], ROOM));
    CHECK_OK(bsend(first, TAG));
    receive(second, TAG);
    receive(first, TAG);
    MPI_Wait(&flush, MPI_STATUS_IGNORE);
    CHECK_OK(MPI_Session_flush_buffer(session));
    CHECK_OK(MPI_Session_detach_buffer(session, &back, &size));
    CHECK(back == spaces[0] && size == ROOM, "detached %p %d", back, size);
    code = MPI_Session_detach_buffer(session, &back, &size);
    CHECK(t_class(code) == MPI_ERR_BUFFER, "detached twice: class %d", t_class(code));
    MPI_Comm_free(&first);
    MPI_Comm_free(&second);
    MPI_Session_finalize(&session);
    free(spaces[0]);
    free(spaces[1]);
}

/* Between ranks: both fill their buffers, then both receive; the flush needs the peer. */
static void between_ranks(void)
{
    enum { MESSAGES = 20 };
    void *space = malloc((size_t)MESSAGES * ROOM);

    CHECK_OK(MPI_Comm_attach_buffer(comm, space, MESSAGES * ROOM));
    for (int turn = 0; turn < 3; turn++) {
        MPI_Request receives[MESSAGES], flush;
        unsigned char *to = malloc((size_t)MESSAGES * BYTES);
        for (int i = 0; i < MESSAGES; i++)
            CHECK_OK(MPI_Bsend(data, BYTES, MPI_BYTE, peer, TAG + i, comm));
        CHECK_OK(MPI_Comm_iflush_buffer(comm, &flush));
        for (int i = 0; i < MESSAGES; i++)
            MPI_Irecv(to + i * BYTES, BYTES, MPI_BYTE, peer, TAG + MESSAGES - 1 - i, comm, &receives[i]);
        if (turn == 1)
            MPI_Comm_flush_buffer(comm);
        MPI_Waitall(MESSAGES, receives, MPI_STATUSES_IGNORE);
        for (int i = 0; i < MESSAGES; i++)
            CHECK(t_differs(to + i * BYTES, BYTES, (uint64_t)peer) < 0, "turn %d message %d", turn, i);
        MPI_Wait(&flush, MPI_STATUS_IGNORE);
        free(to);
    }
    free(space); /* detached by MPI_Comm_free, and not used by anybody */
}

static void wrong(void)
{
    unsigned char space[100];
    void *back;
    int size;

#define WRONG(call, class)                                                                                             \
    do {                                                                                                               \
        int code_ = (call);                                                                                            \
        CHECK(t_class(code_) == (class), "class %d, not %d", t_class(code_), (class));                                 \
    } while (0)
    WRONG(MPI_Comm_detach_buffer(comm, &back, &size), MPI_ERR_BUFFER);
    WRONG(MPI_Comm_attach_buffer(comm, space, -1), MPI_ERR_ARG);
    WRONG(MPI_Comm_attach_buffer(comm, NULL, 100), MPI_ERR_BUFFER);
    CHECK_OK(MPI_Comm_attach_buffer(comm, space, 100));
    WRONG(MPI_Comm_attach_buffer(comm, space, 100), MPI_ERR_BUFFER);
    WRONG(MPI_Comm_detach_buffer(comm, NULL, &size), MPI_ERR_ARG);
    CHECK_OK(MPI_Comm_detach_buffer(comm, &back, &size));
    CHECK(back == space && size == 100, "detached %p %d", back, size);
    WRONG(MPI_Comm_flush_buffer(MPI_COMM_NULL), MPI_ERR_COMM);
    CHECK_OK(MPI_Comm_flush_buffer(comm));
    CHECK_OK(MPI_Buffer_flush());
}

int main(int argc, char **argv)
{
    MPI_Comm self, other;

    t_init(&argc, &argv);
    peer = t_partner();
    data = t_alloc(BYTES);
    in = t_alloc(BYTES);
    t_fill(data, BYTES, (uint64_t)t_rank);
    MPI_Comm_dup(MPI_COMM_WORLD, &comm);
    MPI_Comm_set_errhandler(comm, MPI_ERRORS_RETURN);
    MPI_Comm_set_errhandler(MPI_COMM_SELF, MPI_ERRORS_RETURN);
    MPI_Comm_dup(MPI_COMM_SELF, &self);
    MPI_Comm_dup(MPI_COMM_SELF, &other);
    CHECK(stays(self), "a message to oneself does not stay in the buffer: this test can see nothing");
    which(self, other);
    automatic(self);
    flushes(self, 0);
    flushes(self, 1);
    wrong();
    of_session();
    between_ranks();
    MPI_Comm_free(&self);
    MPI_Comm_free(&other);
    MPI_Comm_free(&comm);
    t_free(data);
    t_free(in);
    return t_finish();
}

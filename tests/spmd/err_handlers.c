/* err_handlers.c - error handlers of communicators: set, get, inherit, call, free. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "test.h"

enum { TAG = 201 };

static int calls, last_code;
static MPI_Comm last_comm;

static void note(MPI_Comm *comm, int *code, ...)
{
    calls++;
    last_comm = *comm;
    last_code = *code;
}

static void other(MPI_Comm *comm, int *code, ...)
{
    (void)comm;
    (void)code;
    calls += 100;
}

/* A wrong call on `comm` must call note() once, with that communicator and the code that is
 * returned. */
static void provoke(MPI_Comm comm, const char *what)
{
    int value = 0, code;

    calls = 0;
    code = MPI_Send(&value, 1, MPI_INT, 99999, TAG, comm);
    CHECK(calls == 1, "%s: %d calls", what, calls);
    CHECK(last_comm == comm, "%s: another communicator", what);
    CHECK(last_code == code, "%s: code %d, returned %d", what, last_code, code);
    CHECK(t_class(code) == MPI_ERR_RANK, "%s: class %d", what, t_class(code));
}

static void user_handler(void)
{
    MPI_Errhandler handler, got;
    MPI_Comm comm, child;

    MPI_Comm_dup(MPI_COMM_WORLD, &comm);
    CHECK_OK(MPI_Comm_create_errhandler(note, &handler));
    CHECK_OK(MPI_Comm_set_errhandler(comm, handler));
    provoke(comm, "set");
    CHECK_OK(MPI_Comm_get_errhandler(comm, &got));
    CHECK(got == handler, "MPI_Comm_get_errhandler gave another handler");
    MPI_Errhandler_free(&got);
    CHECK(got == MPI_ERRHANDLER_NULL, "MPI_Errhandler_free left the handle");
    MPI_Errhandler_free(&handler);
    provoke(comm, "freed but set");
    MPI_Comm_dup(comm, &child);
    provoke(child, "inherited by dup");
    MPI_Comm_set_errhandler(child, MPI_ERRORS_RETURN);
    provoke(comm, "the child's handler is its own");
    calls = 0;
    MPI_Send(&calls, 1, MPI_INT, 99999, TAG, child);
    CHECK(calls == 0, "the old handler was called");
    MPI_Comm_free(&child);
    MPI_Comm_free(&comm);
}

/* Errors of nonblocking operations come to the handler of their communicator. */
static void in_wait(void)
{
    MPI_Errhandler handler;
    MPI_Comm comm;
    MPI_Request requests[2];
    int out[4] = {1, 2, 3, 4}, in = -1, peer = t_partner(), code;

    MPI_Comm_dup(MPI_COMM_WORLD, &comm);
    MPI_Comm_create_errhandler(note, &handler);
    MPI_Comm_set_errhandler(comm, handler);
    calls = 0;
    MPI_Irecv(&in, 1, MPI_INT, peer, TAG, comm, &requests[0]);
    MPI_Isend(out, 4, MPI_INT, peer, TAG, comm, &requests[1]);
    code = MPI_Wait(&requests[0], MPI_STATUS_IGNORE);
    CHECK(t_class(code) == MPI_ERR_TRUNCATE, "class %d", t_class(code));
    CHECK(calls == 1 && last_comm == comm, "%d calls", calls);
    MPI_Wait(&requests[1], MPI_STATUS_IGNORE);
    CHECK(calls == 1, "%d calls after the send", calls);
    MPI_Errhandler_free(&handler);
    MPI_Comm_free(&comm);
}

static void by_call(void)
{
    MPI_Errhandler handler;
    MPI_Comm comm;

    MPI_Comm_dup(MPI_COMM_SELF, &comm);
    MPI_Comm_create_errhandler(note, &handler);
    MPI_Comm_set_errhandler(comm, handler);
    calls = 0;
    MPI_Comm_call_errhandler(comm, MPI_ERR_OTHER);
    CHECK(calls == 1 && last_code == MPI_ERR_OTHER && last_comm == comm, "%d calls, code %d", calls,
          last_code);
    MPI_Errhandler_free(&handler);
    MPI_Comm_free(&comm);
}

/* Replaced handlers are not called; predefined ones come back as themselves. */
static void replace(void)
{
    MPI_Errhandler first, second, got;
    MPI_Comm comm;

    MPI_Comm_dup(MPI_COMM_WORLD, &comm);
    MPI_Comm_create_errhandler(other, &first);
    MPI_Comm_create_errhandler(note, &second);
    MPI_Comm_set_errhandler(comm, first);
    MPI_Comm_set_errhandler(comm, second);
    provoke(comm, "replaced");
    MPI_Comm_set_errhandler(comm, MPI_ERRORS_RETURN);
    MPI_Comm_get_errhandler(comm, &got);
    CHECK(got == MPI_ERRORS_RETURN, "not MPI_ERRORS_RETURN");
    MPI_Errhandler_free(&got);
    MPI_Errhandler_free(&first);
    MPI_Errhandler_free(&second);
    MPI_Comm_free(&comm);
    MPI_Comm_get_errhandler(MPI_COMM_WORLD, &got);
    CHECK(got == MPI_ERRORS_ARE_FATAL, "the world's default is not MPI_ERRORS_ARE_FATAL");
    MPI_Errhandler_free(&got);
}

int main(int argc, char **argv)
{
    t_init(&argc, &argv);
    for (int i = 0; i < 100; i++) {
        user_handler();
        in_wait();
        by_call();
        replace();
    }
    return t_finish();
}

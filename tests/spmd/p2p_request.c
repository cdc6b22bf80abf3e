/* p2p_request.c - Request_free of active requests, Request_get_status, Cancel. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "test.h"

enum { TAG = 101, BIG = 300000 };

static int peer;

/* A send freed while active is sent all the same. */
static void free_active_sends(int size)
{
    unsigned char *out = t_alloc((size_t)size), *in = t_alloc((size_t)size);
    MPI_Request request;

    t_fill(out, (size_t)size, (uint64_t)t_rank);
    for (int i = 0; i < 10; i++) {
        MPI_Isend(out, size, MPI_BYTE, peer, TAG + i, MPI_COMM_WORLD, &request);
        MPI_Request_free(&request);
        CHECK(request == MPI_REQUEST_NULL, "MPI_Request_free left the handle");
    }
    for (int i = 9; i >= 0; i--) {
        MPI_Recv(in, size, MPI_BYTE, peer, TAG + i, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
        CHECK(t_differs(in, (size_t)size, (uint64_t)peer) < 0, "%d bytes, tag %d", size, i);
    }
    t_token(peer, peer);
    t_free(out);
    t_free(in);
}

/* A receive freed while active still receives: a later message of the same tag proves that it
 * has. */
static void free_active_receive(void)
{
    MPI_Request request, sends[2];
    int first = -1, second = -1, values[2] = {t_rank, t_rank + 100};

    MPI_Irecv(&first, 1, MPI_INT, peer, TAG, MPI_COMM_WORLD, &request);
    MPI_Request_free(&request);
    t_token(peer, peer);
    MPI_Isend(&values[0], 1, MPI_INT, peer, TAG, MPI_COMM_WORLD, &sends[0]);
    MPI_Isend(&values[1], 1, MPI_INT, peer, TAG, MPI_COMM_WORLD, &sends[1]);
    MPI_Recv(&second, 1, MPI_INT, peer, TAG, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
    MPI_Waitall(2, sends, MPI_STATUSES_IGNORE);
    CHECK(first == peer && second == peer + 100, "%d and %d", first, second);
}

/* MPI_Request_get_status tells without freeing, as often as asked. */
static void get_status(int size)
{
    unsigned char *out = t_alloc((size_t)size), *in = t_alloc((size_t)size);
    MPI_Request requests[2], null = MPI_REQUEST_NULL;
    MPI_Status status;
    int flag = -1;

    MPI_Irecv(in, size, MPI_BYTE, peer, TAG, MPI_COMM_WORLD, &requests[0]);
    MPI_Request_get_status(requests[0], &flag, &status);
    CHECK(flag == 0, "done before anything was sent");
    t_token(peer, peer);
    t_fill(out, (size_t)size, (uint64_t)t_rank);
    MPI_Isend(out, size, MPI_BYTE, peer, TAG, MPI_COMM_WORLD, &requests[1]);
    while (!flag)
        MPI_Request_get_status(requests[0], &flag, &status);
    t_check_status(&status, peer, TAG, size, "get_status");
    CHECK(t_differs(in, (size_t)size, (uint64_t)peer) < 0, "%d bytes differ", size);
    flag = 0;
    MPI_Request_get_status(requests[0], &flag, MPI_STATUS_IGNORE);
    CHECK(flag && requests[0] != MPI_REQUEST_NULL, "the second time: %d", flag);
    MPI_Wait(&requests[0], &status);
    t_check_status(&status, peer, TAG, size, "wait after get_status");
    MPI_Wait(&requests[1], MPI_STATUS_IGNORE);
    flag = 0;
    MPI_Request_get_status(null, &flag, &status);
    CHECK(flag, "a null request is not done");
    t_check_empty(&status, "get_status of a null request");
    t_free(out);
    t_free(in);
}

static int cancel_and_wait(MPI_Request *request, int cancel)
{
    MPI_Status status;
    int cancelled = -1;

    if (cancel)
        CHECK_OK(MPI_Cancel(request));
    MPI_Wait(request, &status);
    MPI_Test_cancelled(&status, &cancelled);
    return cancelled;
}

/* A receive that nothing matches is cancelled; the message goes to the next one. */
static void cancel_receive(void)
{
    MPI_Request requests[3];
    int in[3] = {-1, -1, -1}, out[2] = {t_rank, t_rank + 50};

    for (int i = 0; i < 3; i++)
        MPI_Irecv(&in[i], 1, MPI_INT, i == 0 ? MPI_ANY_SOURCE : peer, TAG, MPI_COMM_WORLD,
                  &requests[i]);
    CHECK(cancel_and_wait(&requests[1], 1) == 1, "an unmatched receive was not cancelled");
    CHECK(requests[1] == MPI_REQUEST_NULL, "the cancelled request stayed");
    t_token(peer, peer);
    MPI_Send(&out[0], 1, MPI_INT, peer, TAG, MPI_COMM_WORLD);
    MPI_Send(&out[1], 1, MPI_INT, peer, TAG, MPI_COMM_WORLD);
    CHECK(cancel_and_wait(&requests[0], 0) == 0, "a completed receive counts as cancelled");
    CHECK(cancel_and_wait(&requests[2], 0) == 0, "a completed receive counts as cancelled");
    CHECK(in[0] == peer && in[1] == -1 && in[2] == peer + 50, "%d %d %d", in[0], in[1], in[2]);
}

static void cancel_persistent(void)
{
    MPI_Request request;
    int in = -1;

    MPI_Recv_init(&in, 1, MPI_INT, peer, TAG, MPI_COMM_WORLD, &request);
    MPI_Start(&request);
    CHECK(cancel_and_wait(&request, 1) == 1, "a started receive was not cancelled");
    CHECK(request != MPI_REQUEST_NULL, "the persistent request is gone");
    MPI_Start(&request);
    t_token(peer, peer);
    MPI_Send(&t_rank, 1, MPI_INT, peer, TAG, MPI_COMM_WORLD);
    CHECK(cancel_and_wait(&request, 0) == 0, "the second start counts as cancelled");
    CHECK(in == peer, "%d", in);
    MPI_Request_free(&request);
}

/* A send is cancelled or not, but never half: either nothing of it comes, or all of it. */
static void cancel_send(int size, int receive_first)
{
    unsigned char *out = t_alloc((size_t)size), *in = t_alloc((size_t)size);
    MPI_Request send, receive = MPI_REQUEST_NULL;
    int mine, theirs = -1;

    t_fill(out, (size_t)size, (uint64_t)t_rank);
    if (receive_first) {
        MPI_Irecv(in, size, MPI_BYTE, peer, TAG, MPI_COMM_WORLD, &receive);
        t_token(peer, peer);
    }
    MPI_Isend(out, size, MPI_BYTE, peer, TAG, MPI_COMM_WORLD, &send);
    CHECK_OK(MPI_Cancel(&send));
    if (!receive_first)
        MPI_Irecv(in, size, MPI_BYTE, peer, TAG, MPI_COMM_WORLD, &receive);
    mine = cancel_and_wait(&send, 0);
    CHECK(send == MPI_REQUEST_NULL, "the request stayed");
    MPI_Sendrecv(&mine, 1, MPI_INT, peer, TAG + 1, &theirs, 1, MPI_INT, peer, TAG + 1,
                 MPI_COMM_WORLD, MPI_STATUS_IGNORE);
    CHECK(cancel_and_wait(&receive, theirs) == theirs, "%d bytes: sent %d, received %d", size,
          !theirs, theirs);
    if (theirs)
        CHECK(t_untouched(in, (size_t)size), "a cancelled message of %d bytes was received", size);
    else
        CHECK(t_differs(in, (size_t)size, (uint64_t)peer) < 0, "%d bytes differ", size);
    t_free(out);
    t_free(in);
}

/* The flag alone changes: what else a status says stays. */
static void set_cancelled(void)
{
    MPI_Status status = {.MPI_SOURCE = 3, .MPI_TAG = 4, .MPI_ERROR = MPI_ERR_OTHER};
    int cancelled = -1, count = -1;

    CHECK_OK(MPI_Status_set_elements(&status, MPI_INT, 5));
    for (int flag = 1; flag >= 0; flag--) {
        CHECK_OK(MPI_Status_set_cancelled(&status, flag));
        CHECK_OK(MPI_Test_cancelled(&status, &cancelled));
        CHECK(cancelled == flag, "set to %d, but it is %d", flag, cancelled);
        CHECK_OK(MPI_Get_count(&status, MPI_INT, &count));
        CHECK(count == 5 && status.MPI_SOURCE == 3 && status.MPI_TAG == 4 &&
                  status.MPI_ERROR == MPI_ERR_OTHER,
              "count %d, source %d, tag %d, error %d", count, status.MPI_SOURCE, status.MPI_TAG,
              status.MPI_ERROR);
    }
}

/* Each number of elements survives the way through bytes, also one that ends within the type. */
static void set_elements(void)
{
    MPI_Status status = {0};
    MPI_Datatype mixed;
    int lengths[3] = {2, 0, 3}, elements = -1;
    MPI_Aint places[3] = {0, 40, 16};
    MPI_Datatype types[3] = {MPI_SHORT, MPI_CHAR, MPI_DOUBLE_INT};

    CHECK_OK(MPI_Type_create_struct(3, lengths, places, types, &mixed));
    CHECK_OK(MPI_Type_commit(&mixed));
    for (int set = 0; set < 40; set++) {
        CHECK_OK(MPI_Status_set_elements(&status, mixed, set));
        CHECK_OK(MPI_Get_elements(&status, mixed, &elements));
        CHECK(elements == set, "%d elements set, %d there", set, elements);
    }
    CHECK_OK(MPI_Type_free(&mixed));
    CHECK_OK(MPI_Status_set_source(&status, 7));
    CHECK_OK(MPI_Status_set_tag(&status, 8));
    CHECK_OK(MPI_Status_set_error(&status, 9));
    int source = -1, tag = -1, error = -1;
    CHECK_OK(MPI_Status_get_source(&status, &source));
    CHECK_OK(MPI_Status_get_tag(&status, &tag));
    CHECK_OK(MPI_Status_get_error(&status, &error));
    CHECK(status.MPI_SOURCE == 7 && status.MPI_TAG == 8 && status.MPI_ERROR == 9,
          "source %d, tag %d, error %d", status.MPI_SOURCE, status.MPI_TAG, status.MPI_ERROR);
    CHECK(source == 7 && tag == 8 && error == 9, "source %d, tag %d, error %d", source, tag, error);
}

/* Nobody has posted a receive: if a small send is cancelled, a probe sees nothing of it. */
static void cancel_unmatched(void)
{
    MPI_Request send;
    MPI_Message message;
    int in = -1, mine, theirs = -1, flag = -1;

    MPI_Isend(&t_rank, 1, MPI_INT, peer, TAG, MPI_COMM_WORLD, &send);
    t_token(peer, peer);
    MPI_Cancel(&send);
    t_token(peer, peer);
    MPI_Improbe(peer, TAG, MPI_COMM_WORLD, &flag, &message, MPI_STATUS_IGNORE);
    if (flag)
        MPI_Mrecv(&in, 1, MPI_INT, &message, MPI_STATUS_IGNORE);
    mine = cancel_and_wait(&send, 0);
    MPI_Sendrecv(&mine, 1, MPI_INT, peer, TAG + 1, &theirs, 1, MPI_INT, peer, TAG + 1,
                 MPI_COMM_WORLD, MPI_STATUS_IGNORE);
    if (!theirs && !flag)
        MPI_Recv(&in, 1, MPI_INT, peer, TAG, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
    CHECK(in == (theirs ? -1 : peer), "cancelled: %d, received: %d", theirs, in);
}

int main(int argc, char **argv)
{
    t_init(&argc, &argv);
    peer = t_partner();
    free_active_sends(8);
    free_active_sends(BIG);
    free_active_receive();
    get_status(4);
    get_status(BIG);
    cancel_receive();
    cancel_persistent();
    cancel_unmatched();
    set_cancelled();
    set_elements();
    for (int receive_first = 0; receive_first < 2; receive_first++) {
        cancel_send(0, receive_first);
        cancel_send(4, receive_first);
        cancel_send(20000, receive_first);
        cancel_send(BIG, receive_first);
    }
    return t_finish();
}

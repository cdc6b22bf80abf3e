/* err_arguments.c - every function with each kind of wrong argument: the right error class, and nothing broken after. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "err_arguments.h"

#include "err_arguments_coll.h"
#include "err_arguments_forms.h"
#include "err_arguments_objects.h"
#include "err_arguments_sessions.h"
#include "err_arguments_topo.h"

/* What all functions check that take a message's buffer, count, type, rank, tag and communicator. */
#define MESSAGE_ROWS(call)                                                                                             \
    do {                                                                                                               \
        ROW(call(buf, -1, MPI_INT, 0, TAG, W), COUNT);                                                                 \
        ROW(call(NULL, 1, MPI_INT, 0, TAG, W), BUFFER);                                                                \
        ROW(call(MPI_IN_PLACE, 1, MPI_INT, 0, TAG, W), BUFFER);                                                        \
        ROW(call(buf, 1, MPI_DATATYPE_NULL, 0, TAG, W), TYPE);                                                         \
        ROW(call(buf, 1, raw, 0, TAG, W), TYPE);                                                                       \
        ROW(call(buf, 1, freed_type(), 0, TAG, W), TYPE);                                                              \
        ROW(call(buf, 1, NOT_TYPE, 0, TAG, W), TYPE);                                                                  \
        ROW(call(buf, 1, NOT_TYPE_2, 0, TAG, W), TYPE);                                                                \
        ROW(call(buf, 1, MPI_INT, t_size, TAG, W), RANK);                                                              \
        ROW(call(buf, 1, MPI_INT, -50, TAG, W), RANK);                                                                 \
        ROW(call(buf, 1, MPI_INT, 0, -50, W), TAG);                                                                    \
        ROW(call(buf, 1, MPI_INT, 0, TAG, MPI_COMM_NULL), COMM);                                                       \
        ROW(call(buf, 1, MPI_INT, 0, TAG, freed_comm()), COMM);                                                        \
        ROW(call(buf, 1, MPI_INT, 0, TAG, NOT_COMM), COMM);                                                            \
        ROW(call(buf, 1, MPI_INT, 0, TAG, NOT_COMM_2), COMM);                                                          \
    } while (0)

#define SEND_ROWS(call)                                                                                                \
    do {                                                                                                               \
        MESSAGE_ROWS(call);                                                                                            \
        ROW(call(buf, 1, MPI_INT, MPI_ANY_SOURCE, TAG, W), RANK);                                                      \
        ROW(call(buf, 1, MPI_INT, 0, MPI_ANY_TAG, W), TAG);                                                            \
    } while (0)

#define ISEND(b, n, t, r, g, c) MPI_Isend(b, n, t, r, g, c, &request)
#define ISSEND(b, n, t, r, g, c) MPI_Issend(b, n, t, r, g, c, &request)
#define IRSEND(b, n, t, r, g, c) MPI_Irsend(b, n, t, r, g, c, &request)
#define IBSEND(b, n, t, r, g, c) MPI_Ibsend(b, n, t, r, g, c, &request)
#define SEND_INIT(b, n, t, r, g, c) MPI_Send_init(b, n, t, r, g, c, &request)
#define SSEND_INIT(b, n, t, r, g, c) MPI_Ssend_init(b, n, t, r, g, c, &request)
#define RSEND_INIT(b, n, t, r, g, c) MPI_Rsend_init(b, n, t, r, g, c, &request)
#define BSEND_INIT(b, n, t, r, g, c) MPI_Bsend_init(b, n, t, r, g, c, &request)
#define RECV(b, n, t, r, g, c) MPI_Recv(b, n, t, r, g, c, &status)
#define IRECV(b, n, t, r, g, c) MPI_Irecv(b, n, t, r, g, c, &request)
#define RECV_INIT(b, n, t, r, g, c) MPI_Recv_init(b, n, t, r, g, c, &request)
#define OUTGOING(b, n, t, r, g, c) MPI_Sendrecv(b, n, t, r, g, other, 1, MPI_INT, MPI_PROC_NULL, TAG, c, &status)
#define INCOMING(b, n, t, r, g, c) MPI_Sendrecv(other, 1, MPI_INT, MPI_PROC_NULL, TAG, b, n, t, r, g, c, &status)
#define REPLACE(b, n, t, r, g, c) MPI_Sendrecv_replace(b, n, t, r, g, 0, TAG, c, &status)
#define ISENDRECV(b, n, t, r, g, c) MPI_Isendrecv(b, n, t, r, g, other, 1, MPI_INT, 0, TAG, c, &request)

static void sends(void)
{
    SEND_ROWS(MPI_Send);
    SEND_ROWS(MPI_Ssend);
    SEND_ROWS(MPI_Rsend);
    SEND_ROWS(MPI_Bsend);
    SEND_ROWS(MPI_Send_c);
    SEND_ROWS(ISEND);
    SEND_ROWS(ISSEND);
    SEND_ROWS(IRSEND);
    SEND_ROWS(IBSEND);
    SEND_ROWS(SEND_INIT);
    SEND_ROWS(SSEND_INIT);
    SEND_ROWS(RSEND_INIT);
    SEND_ROWS(BSEND_INIT);
    SEND_ROWS(OUTGOING);
    SEND_ROWS(REPLACE);
    SEND_ROWS(ISENDRECV);
    ROW(MPI_Isend(buf, 1, MPI_INT, 0, TAG, W, NULL), ARG);
    ROW(MPI_Ibsend(buf, 0, MPI_INT, MPI_PROC_NULL, TAG, W, NULL), ARG);
    ROW(MPI_Send_init(buf, 1, MPI_INT, 0, TAG, W, NULL), ARG);
    ROW(MPI_Isendrecv(buf, 1, MPI_INT, 0, TAG, other, 1, MPI_INT, 0, TAG, S, NULL), ARG);
    ROW(MPI_Bsend(buf, 16, MPI_INT, 0, TAG, S), BUFFER); /* none is attached */
    ROW(MPI_Buffer_attach(buf, -1), ARG);
    ROW(MPI_Buffer_detach(NULL, &rows), ARG);
}

static void receives(void)
{
    MESSAGE_ROWS(RECV);
    MESSAGE_ROWS(IRECV);
    MESSAGE_ROWS(RECV_INIT);
    MESSAGE_ROWS(INCOMING);
    ROW(MPI_Irecv(buf, 1, MPI_INT, 0, TAG, W, NULL), ARG);
    ROW(MPI_Recv_init(buf, 1, MPI_INT, 0, TAG, W, NULL), ARG);
}

static void probes(void)
{
    ROW(MPI_Probe(t_size, TAG, W, &status), RANK);
    ROW(MPI_Probe(0, -50, W, &status), TAG);
    ROW(MPI_Probe(0, TAG, MPI_COMM_NULL, &status), COMM);
    ROW(MPI_Iprobe(-50, TAG, W, other, &status), RANK);
    ROW(MPI_Iprobe(0, TAG, freed_comm(), other, &status), COMM);
    ROW(MPI_Iprobe(0, TAG, W, NULL, &status), ARG);
    ROW(MPI_Mprobe(t_size, TAG, W, &message, &status), RANK);
    ROW(MPI_Mprobe(0, TAG, W, NULL, &status), ARG);
    ROW(MPI_Improbe(0, -50, W, other, &message, &status), TAG);
    ROW(MPI_Improbe(0, TAG, W, NULL, &message, &status), ARG);
    ROW(MPI_Improbe(0, TAG, W, other, NULL, &status), ARG);
    message = MPI_MESSAGE_NULL;
    ROW(MPI_Mrecv(buf, 1, MPI_INT, &message, &status), REQUEST);
    ROW(MPI_Mrecv(buf, 1, MPI_INT, received(), &status), REQUEST);
    ROW(MPI_Imrecv(buf, 1, MPI_INT, received(), &request), REQUEST);
    message = NOT_MESSAGE;
    ROW(MPI_Mrecv(buf, 1, MPI_INT, &message, &status), REQUEST);
    ROW(MPI_Mrecv(buf, 1, MPI_INT, NULL, &status), ARG);
}

static MPI_Request *null_request(void)
{
    request = MPI_REQUEST_NULL;
    return &request;
}

static MPI_Request *not_request(void)
{
    request = NOT_REQUEST;
    return &request;
}

static void requests(void)
{
    ROW(MPI_Wait(NULL, IGNORE), ARG);
    ROW(MPI_Wait(waited(), IGNORE), REQUEST);
    ROW(MPI_Wait(not_request(), IGNORE), REQUEST);
    ROW(MPI_Test(NULL, other, IGNORE), ARG);
    ROW(MPI_Test(null_request(), NULL, IGNORE), ARG);
    ROW(MPI_Test(waited(), other, IGNORE), REQUEST);
    ROW(MPI_Waitall(-1, null_request(), MPI_STATUSES_IGNORE), COUNT);
    ROW(MPI_Waitall(1, NULL, MPI_STATUSES_IGNORE), ARG);
    ROW(MPI_Waitall(1, waited(), MPI_STATUSES_IGNORE), REQUEST);
    ROW(MPI_Testall(1, waited(), other, MPI_STATUSES_IGNORE), REQUEST);
    ROW(MPI_Testall(1, null_request(), NULL, MPI_STATUSES_IGNORE), ARG);
    ROW(MPI_Waitany(-2, null_request(), other, IGNORE), COUNT);
    ROW(MPI_Waitany(1, waited(), other, IGNORE), REQUEST);
    ROW(MPI_Waitany(1, null_request(), NULL, IGNORE), ARG);
    ROW(MPI_Testany(1, waited(), other, buf, IGNORE), REQUEST);
    ROW(MPI_Testany(1, null_request(), NULL, buf, IGNORE), ARG);
    ROW(MPI_Testany(1, null_request(), other, NULL, IGNORE), ARG);
    ROW(MPI_Waitsome(1, waited(), other, buf, MPI_STATUSES_IGNORE), REQUEST);
    ROW(MPI_Waitsome(1, null_request(), NULL, buf, MPI_STATUSES_IGNORE), ARG);
    ROW(MPI_Waitsome(1, null_request(), other, NULL, MPI_STATUSES_IGNORE), ARG);
    ROW(MPI_Testsome(-1, null_request(), other, buf, MPI_STATUSES_IGNORE), COUNT);
    ROW(MPI_Testsome(1, null_request(), other, NULL, MPI_STATUSES_IGNORE), ARG);
    ROW(MPI_Request_free(null_request()), REQUEST);
    ROW(MPI_Request_free(waited()), REQUEST);
    ROW(MPI_Request_free(NULL), ARG);
    ROW(MPI_Cancel(null_request()), REQUEST);
    ROW(MPI_Cancel(waited()), REQUEST);
    ROW(MPI_Cancel(NULL), ARG);
    ROW(MPI_Request_get_status(*waited(), other, &status), REQUEST);
    ROW(MPI_Request_get_status(MPI_REQUEST_NULL, NULL, &status), ARG);
    ROW(MPI_Start(null_request()), REQUEST);
    ROW(MPI_Start(waited()), REQUEST);
    ROW(MPI_Start(NULL), ARG);
    ROW(MPI_Startall(-1, null_request()), COUNT);
    ROW(MPI_Startall(1, NULL), ARG);
    ROW(MPI_Startall(1, waited()), REQUEST);
}

/* Requests in a state that does not allow the call. */
static void states(void)
{
    MPI_Request plain, persistent;

    MPI_Irecv(other, 1, MPI_INT, 0, TAG + 1, S, &plain);
    ROW(MPI_Start(&plain), REQUEST);
    MPI_Send(buf, 1, MPI_INT, 0, TAG + 1, S);
    MPI_Wait(&plain, IGNORE);
    MPI_Recv_init(other, 1, MPI_INT, 0, TAG + 1, S, &persistent);
    MPI_Start(&persistent);
    ROW(MPI_Start(&persistent), REQUEST);
    MPI_Send(buf, 1, MPI_INT, 0, TAG + 1, S);
    CHECK_OK(MPI_Wait(&persistent, IGNORE));
    CHECK_OK(MPI_Request_free(&persistent));
}

static void statuses(void)
{
    ROW(MPI_Get_count(NULL, MPI_INT, other), ARG);
    ROW(MPI_Get_count(&status, MPI_DATATYPE_NULL, other), TYPE);
    ROW(MPI_Get_count(&status, MPI_INT, NULL), ARG);
    ROW(MPI_Get_elements(&status, freed_type(), other), TYPE);
    ROW(MPI_Get_elements(NULL, MPI_INT, other), ARG);
    ROW(MPI_Test_cancelled(NULL, other), ARG);
    ROW(MPI_Test_cancelled(&status, NULL), ARG);
    ROW(MPI_Status_set_cancelled(NULL, 1), ARG);
    ROW(MPI_Status_set_elements(&status, MPI_INT, -1), COUNT);
    ROW(MPI_Status_set_elements(&status, NOT_TYPE, 1), TYPE);
    ROW(MPI_Status_set_elements(NULL, MPI_INT, 1), ARG);
}

int main(int argc, char **argv)
{
    t_init(&argc, &argv);
    MPI_Comm_set_errhandler(W, MPI_ERRORS_RETURN);
    MPI_Comm_set_errhandler(S, MPI_ERRORS_RETURN);
    MPI_Type_contiguous(3, MPI_INT, &raw);
    MPI_Comm_group(S, &group_of_self);
    MPI_Info_create(&info);
    memset(&status, 0, sizeof status);
    sends();
    receives();
    probes();
    requests();
    states();
    statuses();
    collectives();
    collective_forms();
    objects();
    sessions();
    from_groups();
    partitioned();
    topologies();
    MPI_Type_free(&raw);
    MPI_Group_free(&group_of_self);
    MPI_Info_free(&info);
    if (t_rank == 0)
        printf("%d wrong calls\n", rows);
    return t_finish();
}

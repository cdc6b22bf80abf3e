/* req_general.c - generalized requests: which callback is called when, in every call that completes. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "test.h"

enum { TAG = 131 };

/* What the callbacks of one request have seen and return. */
struct state {
    int queries, frees, cancels, complete_seen;
    int query_code, free_code, cancel_code;
    int elements;
};

static int peer;

static int query(void *extra, MPI_Status *status)
{
    struct state *state = extra;

    state->queries++;
    CHECK(status != MPI_STATUS_IGNORE, "the callback got MPI_STATUS_IGNORE");
    CHECK(state->frees == 0, "query after free");
    MPI_Status_set_elements(status, MPI_INT, state->elements);
    MPI_Status_set_cancelled(status, state->cancels > 0);
    status->MPI_SOURCE = 1000 + state->elements;
    status->MPI_TAG = 2000;
    status->MPI_ERROR = 3000; /* must not reach the program */
    return state->query_code;
}

static int freed(void *extra)
{
    struct state *state = extra;

    state->frees++;
    return state->free_code;
}

static int cancel(void *extra, int complete)
{
    struct state *state = extra;

    state->cancels++;
    state->complete_seen = complete;
    return state->cancel_code;
}

static MPI_Request make(struct state *state, int elements)
{
    MPI_Request request = MPI_REQUEST_NULL;

    *state = (struct state){.complete_seen = -1, .elements = elements};
    CHECK_OK(MPI_Grequest_start(query, freed, cancel, state, &request));
    CHECK(request != MPI_REQUEST_NULL, "no handle");
    return request;
}

static void check_calls(const struct state *state, int queries, int frees, const char *where)
{
    CHECK(state->queries == queries && state->frees == frees, "%s: %d queries and %d frees, not %d and %d", where,
          state->queries, state->frees, queries, frees);
}

static void check_status(const MPI_Status *status, int elements, const char *where)
{
    int count = -1;

    MPI_Get_count(status, MPI_INT, &count);
    CHECK(count == elements && status->MPI_SOURCE == 1000 + elements && status->MPI_TAG == 2000,
          "%s: count %d source %d tag %d", where, count, status->MPI_SOURCE, status->MPI_TAG);
    CHECK(status->MPI_ERROR != 3000, "%s: the callback's MPI_ERROR reached the program", where);
}

/* Each call that completes one request. */
static void one(void)
{
    struct state state;
    MPI_Status status;
    MPI_Request request = make(&state, 7);
    int flag = -1, index = -1, count = -1;

    status.MPI_ERROR = 4711;
    CHECK_OK(MPI_Test(&request, &flag, &status));
    CHECK(!flag, "complete before MPI_Grequest_complete");
    CHECK_OK(MPI_Request_get_status(request, &flag, &status));
    CHECK(!flag, "get_status: complete before MPI_Grequest_complete");
    check_calls(&state, 0, 0, "not complete");
    CHECK_OK(MPI_Grequest_complete(request));
    check_calls(&state, 0, 0, "completed, not waited for");
    CHECK_OK(MPI_Request_get_status(request, &flag, &status));
    CHECK(flag, "get_status says no");
    check_status(&status, 7, "get_status");
    CHECK_OK(MPI_Request_get_status(request, &flag, MPI_STATUS_IGNORE));
    check_calls(&state, 2, 0, "get_status");
    CHECK_OK(MPI_Wait(&request, &status));
    check_status(&status, 7, "wait");
    CHECK(status.MPI_ERROR == 4711, "MPI_Wait changed MPI_ERROR to %d", status.MPI_ERROR);
    check_calls(&state, 3, 1, "wait");
    CHECK(request == MPI_REQUEST_NULL, "the handle stayed");

    request = make(&state, 8);
    MPI_Grequest_complete(request);
    CHECK_OK(MPI_Test(&request, &flag, MPI_STATUS_IGNORE));
    CHECK(flag && request == MPI_REQUEST_NULL, "test: flag %d", flag);
    check_calls(&state, 1, 1, "test");

    request = make(&state, 9);
    MPI_Grequest_complete(request);
    CHECK_OK(MPI_Waitany(1, &request, &index, &status));
    CHECK(index == 0, "waitany: index %d", index);
    check_status(&status, 9, "waitany");
    check_calls(&state, 1, 1, "waitany");

    request = make(&state, 10);
    MPI_Grequest_complete(request);
    CHECK_OK(MPI_Testsome(1, &request, &count, &index, &status));
    CHECK(count == 1 && index == 0, "testsome: count %d index %d", count, index);
    check_status(&status, 10, "testsome");
    check_calls(&state, 1, 1, "testsome");
}

/* Freed before completion: the callback waits for it, and nobody asks for the status. */
static void free_early_and_late(void)
{
    struct state state;
    MPI_Request request = make(&state, 1), copy = request;

    CHECK_OK(MPI_Request_free(&request));
    CHECK(request == MPI_REQUEST_NULL, "MPI_Request_free left the handle");
    check_calls(&state, 0, 0, "freed early");
    CHECK_OK(MPI_Grequest_complete(copy));
    check_calls(&state, 0, 1, "completed after free");
    request = make(&state, 1);
    MPI_Grequest_complete(request);
    CHECK_OK(MPI_Request_free(&request));
    check_calls(&state, 0, 1, "freed late");
}

static void cancelling(void)
{
    struct state state;
    MPI_Status status;
    MPI_Request request = make(&state, 0);
    int flag = -1;

    CHECK_OK(MPI_Cancel(&request));
    CHECK(state.cancels == 1 && state.complete_seen == 0, "cancel: complete is %d", state.complete_seen);
    MPI_Grequest_complete(request);
    CHECK_OK(MPI_Cancel(&request));
    CHECK(state.cancels == 2 && state.complete_seen != 0, "cancel: complete is %d", state.complete_seen);
    MPI_Wait(&request, &status);
    MPI_Test_cancelled(&status, &flag);
    CHECK(flag, "not cancelled");
}

/* Among sends and receives, in the calls for several requests. */
static void mixed(int way)
{
    struct state states[2];
    MPI_Request requests[5];
    MPI_Status statuses[5];
    int in = -1, flag = 0, done = 0, index, indices[5], some;

    MPI_Irecv(&in, 1, MPI_INT, peer, TAG, MPI_COMM_WORLD, &requests[0]);
    requests[1] = make(&states[0], 3);
    MPI_Isend(&t_rank, 1, MPI_INT, peer, TAG, MPI_COMM_WORLD, &requests[2]);
    requests[3] = make(&states[1], 4);
    requests[4] = MPI_REQUEST_NULL;
    MPI_Grequest_complete(requests[3]);
    MPI_Testall(5, requests, &flag, statuses);
    CHECK(!flag && states[1].queries == 0, "MPI_Testall completed some");
    MPI_Grequest_complete(requests[1]);
    if (way == 0) {
        CHECK_OK(MPI_Waitall(5, requests, statuses));
        check_status(&statuses[1], 3, "waitall");
        check_status(&statuses[3], 4, "waitall");
        t_check_status(&statuses[0], peer, TAG, (int)sizeof(int), "waitall");
        t_check_empty(&statuses[4], "waitall");
    } else if (way == 1) {
        while (!flag)
            CHECK_OK(MPI_Testall(5, requests, &flag, MPI_STATUSES_IGNORE));
    } else if (way == 2) {
        for (int i = 0; i < 4; i++)
            CHECK_OK(MPI_Waitany(5, requests, &index, MPI_STATUS_IGNORE));
        MPI_Waitany(5, requests, &index, &statuses[0]);
        CHECK(index == MPI_UNDEFINED, "a fifth one: %d", index);
    } else {
        while (done < 4) {
            CHECK_OK(MPI_Waitsome(5, requests, &some, indices, statuses));
            done += some;
        }
    }
    CHECK(in == peer, "way %d: %d", way, in);
    check_calls(&states[0], 1, 1, "mixed");
    check_calls(&states[1], 1, 1, "mixed");
    for (int i = 0; i < 5; i++)
        CHECK(requests[i] == MPI_REQUEST_NULL, "way %d: request %d stayed", way, i);
}

/* What a callback returns is returned by the call, or is in the status. */
static void errors(void)
{
    struct state states[3];
    MPI_Request requests[3];
    MPI_Status statuses[3];
    int code, flag;

    MPI_Comm_set_errhandler(MPI_COMM_SELF, MPI_ERRORS_RETURN);
    requests[0] = make(&states[0], 1);
    states[0].query_code = MPI_ERR_ARG;
    states[0].cancel_code = MPI_ERR_COUNT;
    CHECK(MPI_Cancel(&requests[0]) == MPI_ERR_COUNT, "cancel: another code");
    MPI_Grequest_complete(requests[0]);
    CHECK(MPI_Request_get_status(requests[0], &flag, MPI_STATUS_IGNORE) == MPI_ERR_ARG, "get_status: another code");
    CHECK(MPI_Wait(&requests[0], MPI_STATUS_IGNORE) == MPI_ERR_ARG, "wait: another code");
    requests[0] = make(&states[0], 1);
    states[0].query_code = MPI_ERR_ARG;
    states[0].free_code = MPI_ERR_OTHER;
    MPI_Grequest_complete(requests[0]);
    CHECK(MPI_Test(&requests[0], &flag, MPI_STATUS_IGNORE) == MPI_ERR_OTHER, "not the code of free");
    for (int i = 0; i < 3; i++) {
        requests[i] = make(&states[i], i);
        MPI_Grequest_complete(requests[i]);
    }
    states[1].free_code = MPI_ERR_IO;
    code = MPI_Waitall(3, requests, statuses);
    CHECK(code == MPI_ERR_IN_STATUS, "waitall: code %d", code);
    CHECK(statuses[0].MPI_ERROR == MPI_SUCCESS && statuses[1].MPI_ERROR == MPI_ERR_IO &&
              statuses[2].MPI_ERROR == MPI_SUCCESS,
          "errors %d %d %d", statuses[0].MPI_ERROR, statuses[1].MPI_ERROR, statuses[2].MPI_ERROR);
    requests[0] = make(&states[0], 1);
    states[0].free_code = MPI_ERR_IO;
    requests[1] = requests[0];
    MPI_Request_free(&requests[0]);
    CHECK(MPI_Grequest_complete(requests[1]) == MPI_ERR_IO, "complete after free: another code");
    CHECK(t_class(MPI_Grequest_complete(requests[1])) == MPI_ERR_REQUEST, "completed twice");
    requests[0] = make(&states[0], 1);
    MPI_Grequest_complete(requests[0]);
    CHECK(t_class(MPI_Grequest_complete(requests[0])) == MPI_ERR_REQUEST, "completed twice");
    MPI_Wait(&requests[0], MPI_STATUS_IGNORE);
    CHECK(t_class(MPI_Grequest_complete(requests[0])) == MPI_ERR_REQUEST, "completed the null request");
    MPI_Irecv(&code, 1, MPI_INT, 0, TAG, MPI_COMM_SELF, &requests[0]);
    CHECK(t_class(MPI_Grequest_complete(requests[0])) == MPI_ERR_REQUEST, "completed a receive");
    MPI_Cancel(&requests[0]);
    MPI_Wait(&requests[0], MPI_STATUS_IGNORE);
    CHECK(t_class(MPI_Grequest_start(NULL, freed, cancel, NULL, &requests[0])) == MPI_ERR_ARG, "no query function");
    MPI_Comm_set_errhandler(MPI_COMM_SELF, MPI_ERRORS_ARE_FATAL);
}

int main(int argc, char **argv)
{
    t_init(&argc, &argv);
    peer = t_partner();
    one();
    free_early_and_late();
    cancelling();
    for (int way = 0; way < 4; way++)
        mixed(way);
    errors();
    return t_finish();
}

/* flow_window.c - most of the eager window can be used, also just after messages that were received: these may not hold
 * back more than a quarter of it. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "test.h"

/* What a message without data takes of the window. */
enum { EACH = 64, TAG = 291, LAST = 292 };

static MPI_T_pvar_session session;
static MPI_T_pvar_handle window, stalls;

static void open_variable(const char *name, int var_class, MPI_T_pvar_handle *handle)
{
    int index = -1, count;

    CHECK_OK(MPI_T_pvar_get_index(name, var_class, &index));
    CHECK_OK(MPI_T_pvar_handle_alloc(session, index, NULL, handle, &count));
}

static unsigned long long read_variable(MPI_T_pvar_handle handle)
{
    unsigned long long value = 0;

    CHECK_OK(MPI_T_pvar_read(session, handle, &value));
    return value;
}

/* Nonblocking: one that is announced only would otherwise never be through. */
static void send_all(int n)
{
    MPI_Request *requests = malloc((size_t)n * sizeof *requests);

    CHECK(requests != NULL, "no memory for %d requests", n);
    for (int i = 0; i < n; i++)
        MPI_Isend(NULL, 0, MPI_BYTE, 1, i == n - 1 ? LAST : TAG, MPI_COMM_WORLD, &requests[i]);
    MPI_Waitall(n, requests, MPI_STATUSES_IGNORE);
    free(requests);
}

static void receive_all(int n)
{
    for (int i = 0; i < n; i++)
        MPI_Recv(NULL, 0, MPI_BYTE, 0, i == n - 1 ? LAST : TAG, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
}

/* The second lot has come as a whole before any of it is received. */
static void run(int first, int second)
{
    if (t_rank == 0) {
        send_all(first);
        MPI_Recv(NULL, 0, MPI_BYTE, 1, LAST, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
        send_all(second);
        MPI_Recv(NULL, 0, MPI_BYTE, 1, LAST, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
    } else if (t_rank == 1) {
        receive_all(first);
        MPI_Send(NULL, 0, MPI_BYTE, 0, LAST, MPI_COMM_WORLD);
        MPI_Probe(0, LAST, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
        receive_all(second);
        MPI_Send(NULL, 0, MPI_BYTE, 0, LAST, MPI_COMM_WORLD);
    }
}

int main(int argc, char **argv)
{
    int provided;

    t_init(&argc, &argv);
    CHECK_OK(MPI_T_init_thread(MPI_THREAD_SINGLE, &provided));
    CHECK_OK(MPI_T_pvar_session_create(&session));
    open_variable("eager_window", MPI_T_PVAR_CLASS_SIZE, &window);
    open_variable("credit_stalls", MPI_T_PVAR_CLASS_COUNTER, &stalls);
    CHECK_OK(MPI_T_pvar_start(session, stalls));
    int room = (int)(read_variable(window) / EACH);
    for (int received = 1; received <= 5; received++)
        run(room * received / 10 - 8, room * 7 / 10);
    CHECK(read_variable(stalls) == 0, "%llu messages were announced, of windows of %d", read_variable(stalls), room);
    MPI_T_pvar_session_free(&session);
    MPI_T_finalize();
    return t_finish();
}

/* tool_thread.c - threads of a tool that list, count and are called back while others send. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "tool.h"
#include <pthread.h>

enum { SENDERS = 4, SAMPLERS = 3, MESSAGES = 3000, ROUNDS = 300 };

/* One for each sender: messages of several lanes, whose counters are added up, and which have one lock while a tool is
 * called back. */
static MPI_Comm comms[SENDERS];
static MPI_T_pvar_session session;
static MPI_T_pvar_handle sent;
static int unexpected; /* under the callback's registration, which is called one at a time */

static void on_unexpected(MPI_T_event_instance instance, MPI_T_event_registration registration,
                          MPI_T_cb_safety safety, void *data)
{
    unsigned long long value;
    int tag = -1;

    (void)registration, (void)safety;
    CHECK_OK(MPI_T_event_read(instance, 1, &tag));
    CHECK_OK(MPI_T_pvar_read(session, sent, &value));
    *(int *)data += tag >= 0 && tag < SENDERS;
}

static void *send_to_self(void *arg)
{
    int tag = *(int *)arg, out = 1, in;
    MPI_Comm comm = comms[tag];
    MPI_Request request;

    for (int i = 0; i < MESSAGES; i++) {
        MPI_Isend(&out, 1, MPI_INT, t_rank, tag, comm, &request);
        MPI_Probe(t_rank, tag, comm, MPI_STATUS_IGNORE);
        MPI_Recv(&in, 1, MPI_INT, t_rank, tag, comm, MPI_STATUS_IGNORE);
        MPI_Wait(&request, MPI_STATUS_IGNORE);
    }
    return NULL;
}

/* A session and a registration of its own, each time anew. */
static void *sample(void *arg)
{
    unsigned long long value, last = 0;
    int index, count, seen;

    (void)arg;
    for (int i = 0; i < ROUNDS; i++) {
        MPI_T_pvar_session own;
        MPI_T_pvar_handle handle;
        MPI_T_event_registration registration;

        CHECK_OK(MPI_T_pvar_read(session, sent, &value));
        CHECK(value >= last, "the counter went from %llu to %llu", last, value);
        last = value;
        CHECK_OK(MPI_T_pvar_session_create(&own));
        CHECK_OK(MPI_T_pvar_get_index("unexpected_length_max", MPI_T_PVAR_CLASS_HIGHWATERMARK, &index));
        CHECK_OK(MPI_T_pvar_handle_alloc(own, index, NULL, &handle, &count));
        CHECK_OK(MPI_T_pvar_start(own, handle));
        CHECK_OK(MPI_T_pvar_readreset(own, handle, &value));
        CHECK_OK(MPI_T_pvar_session_free(&own));
        CHECK_OK(MPI_T_event_get_index("message_unexpected", &index));
        CHECK_OK(MPI_T_event_handle_alloc(index, NULL, MPI_INFO_NULL, &registration));
        CHECK_OK(MPI_T_event_register_callback(registration, MPI_T_CB_REQUIRE_THREAD_SAFE,
                                               MPI_INFO_NULL, &seen, on_unexpected));
        CHECK_OK(MPI_T_event_handle_free(registration, NULL, NULL));
    }
    return NULL;
}

static MPI_T_event_registration prepare(void)
{
    MPI_T_event_registration registration = NULL;
    int index = -1, count;

    CHECK_OK(MPI_T_pvar_session_create(&session));
    CHECK_OK(MPI_T_pvar_get_index("messages_sent", MPI_T_PVAR_CLASS_COUNTER, &index));
    CHECK_OK(MPI_T_pvar_handle_alloc(session, index, NULL, &sent, &count));
    CHECK_OK(MPI_T_pvar_start(session, sent));
    CHECK_OK(MPI_T_event_get_index("message_unexpected", &index));
    CHECK_OK(MPI_T_event_handle_alloc(index, NULL, MPI_INFO_NULL, &registration));
    CHECK_OK(MPI_T_event_register_callback(registration, MPI_T_CB_REQUIRE_THREAD_SAFE, MPI_INFO_NULL,
                                           &unexpected, on_unexpected));
    return registration;
}

int main(int argc, char **argv)
{
    pthread_t threads[SENDERS + SAMPLERS];
    int tags[SENDERS + SAMPLERS];
    unsigned long long value = 0;
    MPI_T_event_registration registration;
    int code;

    tool_start();
    t_init_threads(&argc, &argv);
    for (int i = 0; i < SENDERS; i++)
        MPI_Comm_dup(MPI_COMM_WORLD, &comms[i]);
    registration = prepare();
    for (int i = 0; i < SENDERS + SAMPLERS; i++) {
        tags[i] = i;
        pthread_create(&threads[i], NULL, i < SENDERS ? send_to_self : sample, &tags[i]);
    }
    for (int i = 0; i < SENDERS + SAMPLERS; i++)
        pthread_join(threads[i], NULL);
    CHECK_OK(MPI_T_pvar_read(session, sent, &value));
    CHECK(value == SENDERS * MESSAGES, "%llu messages of %d", value, SENDERS * MESSAGES);
    /* Each was probed for before its receive was posted. */
    CHECK(unexpected == SENDERS * MESSAGES, "%d unexpected of %d", unexpected, SENDERS * MESSAGES);
    CHECK_OK(MPI_T_event_handle_free(registration, NULL, NULL));
    for (int i = 0; i < SENDERS; i++)
        MPI_Comm_free(&comms[i]);
    code = t_finish();
    CHECK_OK(MPI_T_finalize());
    return code || t_failures;
}

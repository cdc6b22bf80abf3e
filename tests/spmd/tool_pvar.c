/* tool_pvar.c - performance variables: counts of known traffic, sessions that do not disturb each
 * other, and every wrong way to use them. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdbool.h>

#include "tool.h"

enum { MESSAGES = 20, SMALL = 8, TAG = 7, MAX_HANDLES = 32 };
typedef unsigned long long number;

static MPI_T_pvar_session session;
static MPI_Comm comm;
static int eager_max, large;

static int index_of(const char *name, int class)
{
    int index = -1;

    CHECK_OK(MPI_T_pvar_get_index(name, class, &index));
    return index;
}

static MPI_T_pvar_handle open_in(MPI_T_pvar_session in, const char *name, int class)
{
    MPI_T_pvar_handle handle = MPI_T_PVAR_HANDLE_NULL;
    int count = 0;

    CHECK_OK(MPI_T_pvar_handle_alloc(in, index_of(name, class), &comm, &handle, &count));
    CHECK(count == 1, "%s: %d values", name, count);
    return handle;
}

static number value_in(MPI_T_pvar_session in, MPI_T_pvar_handle handle)
{
    number value = 12345678;

    CHECK_OK(MPI_T_pvar_read(in, handle, &value));
    return value;
}

static number value_of(MPI_T_pvar_handle handle)
{
    return value_in(session, handle);
}

static MPI_T_pvar_handle counter(const char *name)
{
    return open_in(session, name, MPI_T_PVAR_CLASS_COUNTER);
}

static void check_one(int index)
{
    char name[128], desc[512];
    int len, verbosity = 0, class = 0, bind = 0, readonly = -1, continuous = -1, atomic = -1;
    int found = -1;
    MPI_Datatype type = MPI_DATATYPE_NULL;
    MPI_T_enum choices;

    CHECK_TEXT(desc, len,
               CHECK_OK(MPI_T_pvar_get_info(index, NULL, NULL, NULL, NULL, NULL, NULL, desc, &len,
                                            NULL, NULL, NULL, NULL)));
    CHECK_TEXT(name, len,
               CHECK_OK(MPI_T_pvar_get_info(index, name, &len, &verbosity, &class, &type, &choices,
                                            NULL, NULL, &bind, &readonly, &continuous, &atomic)));
    CHECK(verbosity >= MPI_T_VERBOSITY_USER_BASIC && verbosity <= MPI_T_VERBOSITY_MPIDEV_ALL,
          "%s: verbosity %d", name, verbosity);
    CHECK(class >= MPI_T_PVAR_CLASS_STATE && class <= MPI_T_PVAR_CLASS_GENERIC, "%s: class %d",
          name, class);
    CHECK(type == (class == MPI_T_PVAR_CLASS_TIMER ? MPI_DOUBLE : MPI_UNSIGNED_LONG_LONG),
          "%s: datatype", name);
    CHECK(choices == MPI_T_ENUM_NULL, "%s: enumeration", name);
    CHECK(bind == MPI_T_BIND_NO_OBJECT || bind == MPI_T_BIND_MPI_COMM, "%s: bind %d", name, bind);
    CHECK(readonly == continuous && readonly == !atomic, "%s: readonly %d continuous %d atomic %d",
          name, readonly, continuous, atomic);
    CHECK_OK(MPI_T_pvar_get_index(name, class, &found));
    CHECK(found == index, "%s: index %d, not %d", name, found, index);
    CHECK_CODE(MPI_T_pvar_get_index(name, MPI_T_PVAR_CLASS_GENERIC, &found),
               MPI_T_ERR_INVALID_NAME);
}

static void check_all(void)
{
    int count = -1;

    CHECK_OK(MPI_T_pvar_get_num(&count));
    CHECK(count >= 20, "%d variables", count);
    for (int i = 0; i < count; i++)
        check_one(i);
    CHECK_CODE(MPI_T_pvar_get_info(count, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
                                   NULL, NULL, NULL),
               MPI_T_ERR_INVALID_INDEX);
    CHECK_CODE(MPI_T_pvar_get_index("no such", MPI_T_PVAR_CLASS_COUNTER, &count),
               MPI_T_ERR_INVALID_NAME);
}

/* One exchange with the partner: receives are posted before anything comes. Two tokens go around it
 * that are messages, too. */
static void exchange(int bytes)
{
    MPI_Request requests[MESSAGES];
    static char *in, *out;

    in = realloc(in, (size_t)bytes * MESSAGES);
    out = realloc(out, (size_t)bytes);
    memset(out, 1, (size_t)bytes);
    for (int i = 0; i < MESSAGES; i++)
        MPI_Irecv(in + (size_t)i * (size_t)bytes, bytes, MPI_CHAR, t_partner(), TAG, comm,
                  &requests[i]);
    t_token(t_partner(), t_partner());
    for (int i = 0; i < MESSAGES; i++)
        MPI_Send(out, bytes, MPI_CHAR, t_partner(), TAG, comm);
    MPI_Waitall(MESSAGES, requests, MPI_STATUSES_IGNORE);
    t_token(t_partner(), t_partner());
}

static void expect(MPI_T_pvar_handle handle, number least, number most, const char *what, int bytes)
{
    number value = value_of(handle);

    CHECK(value >= least && value <= most, "%s of %d bytes: %llu, not %llu to %llu", what, bytes,
          value, least, most);
}

static bool over_ofi(void)
{
    const char *transports = getenv("TRIREME_TRANSPORTS");

    return transports && strcmp(transports, "self,ofi") == 0;
}

static void check_traffic(int bytes)
{
    static const char *const names[] = {"messages_sent",     "messages_received",
                                        "eager_messages",    "rendezvous_messages",
                                        "streamed_messages", "read_messages",
                                        "written_messages",  "shared_copy_messages"};
    enum { SENT, RECEIVED, EAGER, ANNOUNCED, STREAMED, READ, WRITTEN, SHARED, NAMES };
    MPI_T_pvar_handle handles[NAMES], sent, received;
    number all = MESSAGES + 2, eager = bytes <= eager_max ? all : 2, moved;

    for (int i = 0; i < NAMES; i++)
        handles[i] = counter(names[i]);
    sent = open_in(session, "bytes_sent", MPI_T_PVAR_CLASS_AGGREGATE);
    received = open_in(session, "bytes_received", MPI_T_PVAR_CLASS_AGGREGATE);
    CHECK_OK(MPI_T_pvar_start(session, MPI_T_PVAR_ALL_HANDLES));
    exchange(bytes);
    CHECK_OK(MPI_T_pvar_stop(session, MPI_T_PVAR_ALL_HANDLES));
    expect(handles[SENT], all, all, "messages sent", bytes);
    expect(handles[RECEIVED], all, all, "messages received", bytes);
    expect(handles[EAGER], eager, eager, "eager messages", bytes);
    expect(handles[ANNOUNCED], all - eager, all - eager, "announced messages", bytes);
    expect(sent, (number)bytes * MESSAGES, (number)bytes * MESSAGES, "bytes sent", bytes);
    expect(received, (number)bytes * MESSAGES, (number)bytes * MESSAGES, "bytes received", bytes);
    moved = value_of(handles[STREAMED]) + value_of(handles[READ]) + value_of(handles[WRITTEN]) +
            value_of(handles[SHARED]);
    CHECK(moved == all - eager, "%llu of %llu rendezvous were moved somehow", moved, all - eager);
    /* Copying in pieces is for shared memory: over libfabric messages below that limit once went so, too. */
    if (over_ofi())
        CHECK(value_of(handles[STREAMED]) == 0, "%d bytes went in pieces over libfabric", bytes);
    /* Stopped: what goes on now is not counted, until it is started again. */
    exchange(bytes);
    expect(handles[SENT], all, all, "messages sent after the stop", bytes);
    CHECK_OK(MPI_T_pvar_start(session, handles[SENT]));
    exchange(bytes);
    expect(handles[SENT], 2 * all, 2 * all, "messages sent after another start", bytes);
    for (int i = 0; i < NAMES; i++)
        CHECK_OK(MPI_T_pvar_handle_free(session, &handles[i]));
    CHECK_OK(MPI_T_pvar_handle_free(session, &sent));
    CHECK_OK(MPI_T_pvar_handle_free(session, &received));
}

/* The length of the queue, its watermark in two sessions, and how far a search has to look. The
 * tokens may be unexpected, too, at most two at a time, and what ranks without a partner send that
 * are ahead. */
static void check_unexpected(int bytes)
{
    MPI_T_pvar_session other;
    MPI_T_pvar_handle count = counter("unexpected_messages"), passed = counter("match_passed_over");
    MPI_T_pvar_handle length = open_in(session, "unexpected_length", MPI_T_PVAR_CLASS_LEVEL);
    MPI_T_pvar_handle own = open_in(session, "comm_unexpected_length", MPI_T_PVAR_CLASS_LEVEL);
    MPI_T_pvar_handle mark = open_in(session, "unexpected_length_max", MPI_T_PVAR_CLASS_HIGHWATERMARK);
    MPI_T_pvar_handle search = open_in(session, "match_passed_over_max", MPI_T_PVAR_CLASS_HIGHWATERMARK);
    MPI_T_pvar_handle others;
    MPI_Request requests[MESSAGES];
    number stray = 2 + (number)t_size;
    char *out = calloc(1, (size_t)bytes), *last = calloc(1, (size_t)bytes);

    CHECK_OK(MPI_T_pvar_session_create(&other));
    others = open_in(other, "unexpected_length_max", MPI_T_PVAR_CLASS_HIGHWATERMARK);
    t_token(t_partner(), t_partner());
    CHECK_OK(MPI_T_pvar_start(session, MPI_T_PVAR_ALL_HANDLES));
    CHECK_OK(MPI_T_pvar_start(other, others));
    t_token(t_partner(), t_partner());
    for (int i = 0; i < MESSAGES; i++)
        MPI_Isend(out, bytes, MPI_CHAR, t_partner(), i < MESSAGES - 1 ? TAG : TAG + 1, comm,
                  &requests[i]);
    t_token(t_partner(), t_partner());
    expect(count, MESSAGES, MESSAGES + stray, "unexpected", bytes);
    expect(own, MESSAGES, MESSAGES, "in the communicator's queue", bytes);
    expect(length, MESSAGES, MESSAGES + stray, "in all queues", bytes);
    expect(mark, MESSAGES, MESSAGES + stray, "at most in all queues", bytes);
    MPI_Recv(last, bytes, MPI_CHAR, t_partner(), TAG + 1, comm, MPI_STATUS_IGNORE);
    expect(search, 1, MESSAGES - 1, "entries in vain", bytes);
    expect(passed, 1, 3 * MESSAGES, "all entries in vain", bytes);
    for (int i = 0; i < MESSAGES - 1; i++)
        MPI_Recv(last, bytes, MPI_CHAR, t_partner(), TAG, comm, MPI_STATUS_IGNORE);
    MPI_Waitall(MESSAGES, requests, MPI_STATUSES_IGNORE);
    expect(own, 0, 0, "left in the communicator's queue", bytes);
    expect(mark, MESSAGES, MESSAGES + stray, "the mark, when all are received", bytes);
    CHECK_OK(MPI_T_pvar_reset(session, mark));
    expect(mark, 0, stray, "the mark after its reset", bytes);
    CHECK(value_in(other, others) >= MESSAGES, "the reset of one session lowered the other's mark");
    CHECK_OK(MPI_T_pvar_session_free(&other));
    CHECK_CODE(MPI_T_pvar_session_free(&other), MPI_T_ERR_INVALID_SESSION);
    MPI_T_pvar_handle *all[] = {&count, &passed, &length, &own, &mark, &search};
    for (int i = 0; i < T_COUNT(all); i++)
        CHECK_OK(MPI_T_pvar_handle_free(session, all[i]));
    free(out);
    free(last);
}

static void check_posted(void)
{
    MPI_T_pvar_handle posted = open_in(session, "comm_posted_length", MPI_T_PVAR_CLASS_LEVEL);
    MPI_Request requests[MESSAGES];

    for (int i = 0; i < MESSAGES; i++)
        MPI_Irecv(NULL, 0, MPI_CHAR, t_partner(), TAG, comm, &requests[i]);
    expect(posted, MESSAGES, MESSAGES, "posted", 0);
    t_token(t_partner(), t_partner());
    for (int i = 0; i < MESSAGES; i++)
        MPI_Send(NULL, 0, MPI_CHAR, t_partner(), TAG, comm);
    MPI_Waitall(MESSAGES, requests, MPI_STATUSES_IGNORE);
    expect(posted, 0, 0, "still posted", 0);
    CHECK_OK(MPI_T_pvar_handle_free(session, &posted));
}

static void send_to_self(void)
{
    MPI_Sendrecv(NULL, 0, MPI_CHAR, t_rank, TAG, NULL, 0, MPI_CHAR, t_rank, TAG, comm,
                 MPI_STATUS_IGNORE);
}

/* Write, reset and readreset of one handle; another of the same variable, in the same session and in
 * another one, goes on by itself. */
static void check_isolation(void)
{
    MPI_T_pvar_session other;
    MPI_T_pvar_handle one = counter("messages_sent"), two = counter("messages_sent"), three;
    number value = 100;

    CHECK_OK(MPI_T_pvar_session_create(&other));
    three = open_in(other, "messages_sent", MPI_T_PVAR_CLASS_COUNTER);
    CHECK(value_of(one) == 0, "not started: %llu", value_of(one));
    CHECK_OK(MPI_T_pvar_start(session, MPI_T_PVAR_ALL_HANDLES));
    send_to_self();
    CHECK_OK(MPI_T_pvar_start(other, three));
    CHECK_OK(MPI_T_pvar_write(session, one, &value));
    send_to_self();
    CHECK(value_of(one) == 101, "after a write of 100: %llu", value_of(one));
    CHECK(value_of(two) == 2, "the handle beside it: %llu", value_of(two));
    CHECK(value_in(other, three) == 1, "in another session: %llu", value_in(other, three));
    CHECK_OK(MPI_T_pvar_readreset(session, two, &value));
    CHECK(value == 2 && value_of(two) == 0, "readreset: %llu, then %llu", value, value_of(two));
    CHECK_OK(MPI_T_pvar_reset(session, one));
    send_to_self();
    CHECK(value_of(one) == 1 && value_of(two) == 1, "after the resets: %llu and %llu", value_of(one),
          value_of(two));
    CHECK_OK(MPI_T_pvar_reset(session, MPI_T_PVAR_ALL_HANDLES));
    CHECK(value_of(one) == 0 && value_of(two) == 0, "reset of all: %llu and %llu", value_of(one),
          value_of(two));
    CHECK(value_in(other, three) == 2, "in another session: %llu", value_in(other, three));
    CHECK_CODE(MPI_T_pvar_read(other, one, &value), MPI_T_ERR_INVALID_HANDLE);
    CHECK_CODE(MPI_T_pvar_handle_free(other, &one), MPI_T_ERR_INVALID_HANDLE);
    CHECK_OK(MPI_T_pvar_session_free(&other));
    CHECK_CODE(MPI_T_pvar_read(other, three, &value), MPI_T_ERR_INVALID_SESSION);
    CHECK_OK(MPI_T_pvar_handle_free(session, &one));
    CHECK_OK(MPI_T_pvar_handle_free(session, &two));
}

static void check_wrong(void)
{
    number value = 1;
    MPI_T_pvar_handle level = open_in(session, "unexpected_length", MPI_T_PVAR_CLASS_LEVEL), freed;
    MPI_T_pvar_session none = MPI_T_PVAR_SESSION_NULL;
    MPI_Comm null = MPI_COMM_NULL;
    int index = index_of("comm_posted_length", MPI_T_PVAR_CLASS_LEVEL), count;

    CHECK_CODE(MPI_T_pvar_start(session, level), MPI_T_ERR_PVAR_NO_STARTSTOP);
    CHECK_CODE(MPI_T_pvar_stop(session, level), MPI_T_ERR_PVAR_NO_STARTSTOP);
    CHECK_CODE(MPI_T_pvar_reset(session, level), MPI_T_ERR_PVAR_NO_WRITE);
    CHECK_CODE(MPI_T_pvar_write(session, level, &value), MPI_T_ERR_PVAR_NO_WRITE);
    CHECK_CODE(MPI_T_pvar_readreset(session, level, &value), MPI_T_ERR_PVAR_NO_WRITE);
    CHECK_CODE(MPI_T_pvar_read(session, MPI_T_PVAR_ALL_HANDLES, &value), MPI_T_ERR_INVALID_HANDLE);
    CHECK_CODE(MPI_T_pvar_write(session, MPI_T_PVAR_ALL_HANDLES, &value), MPI_T_ERR_INVALID_HANDLE);
    CHECK_CODE(MPI_T_pvar_read(none, level, &value), MPI_T_ERR_INVALID_SESSION);
    CHECK_CODE(MPI_T_pvar_session_free(&none), MPI_T_ERR_INVALID_SESSION);
    CHECK_CODE(MPI_T_pvar_handle_alloc(none, index, &comm, &freed, &count),
               MPI_T_ERR_INVALID_SESSION);
    CHECK_CODE(MPI_T_pvar_handle_alloc(session, -1, &comm, &freed, &count),
               MPI_T_ERR_INVALID_INDEX);
    CHECK_CODE(MPI_T_pvar_handle_alloc(session, index, &null, &freed, &count),
               MPI_T_ERR_INVALID_HANDLE);
    CHECK_CODE(MPI_T_pvar_handle_alloc(session, index, NULL, &freed, &count), MPI_T_ERR_INVALID);
    freed = level;
    CHECK_OK(MPI_T_pvar_handle_free(session, &level));
    CHECK(level == MPI_T_PVAR_HANDLE_NULL, "the handle stays");
    CHECK_CODE(MPI_T_pvar_read(session, freed, &value), MPI_T_ERR_INVALID_HANDLE);
    CHECK_CODE(MPI_T_pvar_start(session, freed), MPI_T_ERR_INVALID_HANDLE);
    CHECK_CODE(MPI_T_pvar_handle_free(session, &freed), MPI_T_ERR_INVALID_HANDLE);
}

/* An announced message that its sender takes back has waited and waits no more. */
static void check_cancelled(void)
{
    MPI_T_pvar_handle length = open_in(session, "unexpected_length", MPI_T_PVAR_CLASS_LEVEL);
    MPI_T_pvar_handle count = counter("unexpected_messages");
    char *out = calloc(1, (size_t)large);
    MPI_Request request;
    MPI_Status status;
    int flag = 0;

    CHECK_OK(MPI_T_pvar_start(session, count));
    MPI_Isend(out, large, MPI_CHAR, t_rank, TAG, comm, &request);
    MPI_Probe(t_rank, TAG, comm, MPI_STATUS_IGNORE);
    MPI_Cancel(&request);
    MPI_Wait(&request, &status);
    MPI_Test_cancelled(&status, &flag);
    CHECK(flag, "the send was not cancelled");
    expect(count, 1, 3 + (number)t_size, "unexpected", large);
    /* Alone nobody else's messages can wait. */
    if (t_size == 1)
        expect(length, 0, 0, "all that wait at the end", large);
    CHECK_OK(MPI_T_pvar_handle_free(session, &length));
    CHECK_OK(MPI_T_pvar_handle_free(session, &count));
    free(out);
}

static void check_others(void)
{
    MPI_T_pvar_handle errors = counter("errors"), collectives = counter("collectives");
    MPI_T_pvar_handle window = open_in(session, "eager_window", MPI_T_PVAR_CLASS_SIZE);
    MPI_T_pvar_handle slept = open_in(session, "sleep_time", MPI_T_PVAR_CLASS_TIMER);
    double seconds = -1;

    CHECK_OK(MPI_T_pvar_start(session, MPI_T_PVAR_ALL_HANDLES));
    MPI_Comm_set_errhandler(comm, MPI_ERRORS_RETURN);
    MPI_Send(NULL, -1, MPI_CHAR, t_rank, TAG, comm);
    CHECK(value_of(errors) == 1, "%llu errors", value_of(errors));
    MPI_Barrier(comm);
    CHECK(value_of(collectives) == 1, "%llu collectives", value_of(collectives));
    CHECK(value_of(window) >= 4096, "window %llu", value_of(window));
    CHECK_OK(MPI_T_pvar_read(session, slept, &seconds));
    CHECK(seconds >= 0, "slept %g seconds", seconds);
    seconds = 1.5;
    CHECK_OK(MPI_T_pvar_stop(session, slept));
    CHECK_OK(MPI_T_pvar_write(session, slept, &seconds));
    seconds = 0;
    CHECK_OK(MPI_T_pvar_read(session, slept, &seconds));
    CHECK(seconds > 1.49 && seconds < 1.51, "wrote 1.5 seconds, read %g", seconds);
    CHECK_OK(MPI_T_pvar_reset(session, MPI_T_PVAR_ALL_HANDLES));
    MPI_T_pvar_handle *all[] = {&errors, &collectives, &window, &slept};
    for (int i = 0; i < T_COUNT(all); i++)
        CHECK_OK(MPI_T_pvar_handle_free(session, all[i]));
}

static void learn_sizes(void)
{
    MPI_T_cvar_handle handle;
    MPI_Count limit = 0;
    int index = -1, count;

    CHECK_OK(MPI_T_cvar_get_index("TRIREME_EAGER_MAX", &index));
    CHECK_OK(MPI_T_cvar_handle_alloc(index, NULL, &handle, &count));
    CHECK_OK(MPI_T_cvar_read(handle, &limit));
    CHECK_OK(MPI_T_cvar_handle_free(&handle));
    eager_max = (int)limit;
    large = eager_max + 5000;
}

int main(int argc, char **argv)
{
    MPI_T_pvar_handle early, bound;
    number before;
    int code;

    tool_start();
    check_all();
    CHECK_OK(MPI_T_pvar_session_create(&session));
    early = counter("messages_sent");
    CHECK_OK(MPI_T_pvar_start(session, early));
    CHECK(value_of(early) == 0, "%llu messages before MPI_Init", value_of(early));
    CHECK_CODE(MPI_T_pvar_handle_alloc(session,
                                       index_of("comm_posted_length", MPI_T_PVAR_CLASS_LEVEL), &comm,
                                       &bound, &code),
               MPI_T_ERR_NOT_ACCESSIBLE);
    t_init(&argc, &argv);
    MPI_Comm_dup(MPI_COMM_WORLD, &comm);
    learn_sizes();
    check_traffic(SMALL);
    check_traffic(large);
    check_traffic(large + (3 << 20));
    check_unexpected(SMALL);
    check_unexpected(large);
    check_posted();
    check_isolation();
    check_wrong();
    check_cancelled();
    check_others();
    /* The communicator goes, its queue's length can still be asked for. */
    bound = open_in(session, "comm_posted_length", MPI_T_PVAR_CLASS_LEVEL);
    MPI_Comm_free(&comm);
    expect(bound, 0, 0, "posted of a freed communicator", 0);
    CHECK_OK(MPI_T_pvar_start(session, early));
    before = value_of(early);
    code = t_finish();
    CHECK(value_of(early) >= before, "%llu after MPI_Finalize, not %llu", value_of(early), before);
    CHECK_CODE(MPI_T_pvar_read(session, bound, &before), MPI_T_ERR_INVALID_HANDLE);
    CHECK_OK(MPI_T_pvar_session_free(&session));
    check_all();
    CHECK_OK(MPI_T_finalize());
    return code || t_failures;
}

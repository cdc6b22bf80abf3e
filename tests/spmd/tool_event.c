/* tool_event.c - events: what is told of known traffic and errors, safety levels, drops, freeing. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "tool.h"

enum { MESSAGES = 12, TAG = 31, BYTES = 5000 };

struct message { /* as the event's displacements say */
    int process, tag;
    MPI_Count bytes;
};

/* What the callbacks saw; each registration passes one of these. */
struct record {
    int calls, dropped, freed, last_code;
    MPI_T_cb_safety safety;
    MPI_Count time;
    struct message last;
    int ours; /* with our tag */
    MPI_T_event_registration registration;
    MPI_T_event_instance instance;
};

static int eager_max;

static int index_of(const char *name)
{
    int index = -1;

    CHECK_OK(MPI_T_event_get_index(name, &index));
    return index;
}

static MPI_T_event_registration open_event(const char *name)
{
    MPI_T_event_registration registration = NULL;

    CHECK_OK(MPI_T_event_handle_alloc(index_of(name), NULL, MPI_INFO_NULL, &registration));
    return registration;
}

static void check_one(int index)
{
    char name[64], desc[256], element[64];
    int len, verbosity = 0, bind = 0, found = -1, count = 0, items = -1, value, only = 1;
    MPI_Datatype types[8];
    MPI_Aint places[8];
    MPI_T_enum names = MPI_T_ENUM_NULL;
    MPI_Info info = MPI_INFO_NULL;

    CHECK_TEXT(desc, len,
               CHECK_OK(MPI_T_event_get_info(index, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
                                             desc, &len, NULL)));
    CHECK_TEXT(name, len,
               CHECK_OK(MPI_T_event_get_info(index, name, &len, &verbosity, NULL, NULL, &count,
                                             &names, NULL, NULL, NULL, &bind)));
    CHECK(verbosity >= MPI_T_VERBOSITY_USER_BASIC && bind == MPI_T_BIND_NO_OBJECT,
          "%s: verbosity %d bind %d", name, verbosity, bind);
    CHECK(count >= 1 && count <= 8, "%s: %d elements", name, count);
    places[1] = -7;
    CHECK_OK(MPI_T_event_get_info(index, NULL, NULL, NULL, types, places, &only, NULL, &info, NULL,
                                  NULL, NULL));
    CHECK(only == count && places[0] == 0 && places[1] == -7, "%s: one element asked for", name);
    CHECK(info != MPI_INFO_NULL, "%s: no info", name);
    CHECK_OK(MPI_Info_free(&info));
    CHECK_OK(MPI_T_event_get_info(index, NULL, NULL, NULL, types, places, &count, NULL, NULL, NULL,
                                  NULL, NULL));
    CHECK_OK(MPI_T_enum_get_info(names, &items, NULL, NULL));
    CHECK(items == count, "%s: %d elements with %d names", name, count, items);
    for (int i = 0; i < count; i++) {
        CHECK(types[i] == MPI_INT || types[i] == MPI_COUNT, "%s: type of element %d", name, i);
        CHECK(i == 0 || places[i] > places[i - 1], "%s: place of element %d", name, i);
        CHECK_TEXT(element, len, CHECK_OK(MPI_T_enum_get_item(names, i, &value, element, &len)));
    }
    CHECK_OK(MPI_T_event_get_index(name, &found));
    CHECK(found == index, "%s: index %d, not %d", name, found, index);
}

static void check_sources(void)
{
    char name[64], desc[128];
    int len, count = 0;
    MPI_T_source_order order = MPI_T_SOURCE_UNORDERED;
    MPI_Count ticks = 0, most = 0, first = 0, second = 0;

    CHECK_OK(MPI_T_source_get_num(&count));
    CHECK(count == 1, "%d sources", count);
    CHECK_TEXT(name, len,
               CHECK_OK(MPI_T_source_get_info(0, name, &len, NULL, NULL, &order, &ticks, &most,
                                              NULL)));
    CHECK_TEXT(desc, len,
               CHECK_OK(MPI_T_source_get_info(0, NULL, NULL, desc, &len, NULL, NULL, NULL, NULL)));
    CHECK(order == MPI_T_SOURCE_ORDERED && ticks > 0 && most > ticks, "order %d, ticks %lld",
          (int)order, (long long)ticks);
    CHECK_OK(MPI_T_source_get_timestamp(0, &first));
    CHECK_OK(MPI_T_source_get_timestamp(0, &second));
    CHECK(first > 0 && second >= first, "time %lld, then %lld", (long long)first,
          (long long)second);
    CHECK_CODE(MPI_T_source_get_timestamp(1, &first), MPI_T_ERR_INVALID_INDEX);
    CHECK_CODE(MPI_T_source_get_info(-1, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
               MPI_T_ERR_INVALID_INDEX);
}

static void check_all(void)
{
    int count = -1;

    CHECK_OK(MPI_T_event_get_num(&count));
    CHECK(count >= 4, "%d events", count);
    for (int i = 0; i < count; i++)
        check_one(i);
    CHECK_CODE(MPI_T_event_get_info(count, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
                                    NULL),
               MPI_T_ERR_INVALID_INDEX);
    CHECK_CODE(MPI_T_event_get_index("no such", &count), MPI_T_ERR_INVALID_NAME);
    check_sources();
}

static void note(struct record *record, MPI_T_event_instance instance,
                 MPI_T_event_registration registration, MPI_T_cb_safety safety)
{
    int source = -1;
    MPI_Count time = 0;

    record->calls++;
    record->safety = safety;
    record->registration = registration;
    record->instance = instance;
    CHECK_OK(MPI_T_event_get_source(instance, &source));
    CHECK(source == 0, "source %d", source);
    CHECK_OK(MPI_T_event_get_timestamp(instance, &time));
    CHECK(time >= record->time, "time went from %lld to %lld", (long long)record->time,
          (long long)time);
    record->time = time;
}

static void on_error(MPI_T_event_instance instance, MPI_T_event_registration registration,
                     MPI_T_cb_safety safety, void *data)
{
    struct record *record = data;
    int copy = -1, rank = -1;

    note(record, instance, registration, safety);
    CHECK_OK(MPI_T_event_read(instance, 0, &record->last_code));
    CHECK_OK(MPI_T_event_copy(instance, &copy));
    CHECK(copy == record->last_code, "copied %d, read %d", copy, record->last_code);
    CHECK_CODE(MPI_T_event_read(instance, 1, &copy), MPI_T_ERR_INVALID_INDEX);
    CHECK_OK(MPI_Comm_rank(MPI_COMM_WORLD, &rank));
    CHECK(rank == t_rank, "rank %d in the callback", rank);
}

static void on_message(MPI_T_event_instance instance, MPI_T_event_registration registration,
                       MPI_T_cb_safety safety, void *data)
{
    struct record *record = data;
    struct message parts = {-1, -1, -1};

    note(record, instance, registration, safety);
    CHECK_OK(MPI_T_event_copy(instance, &record->last));
    CHECK_OK(MPI_T_event_read(instance, 0, &parts.process));
    CHECK_OK(MPI_T_event_read(instance, 1, &parts.tag));
    CHECK_OK(MPI_T_event_read(instance, 2, &parts.bytes));
    CHECK(memcmp(&parts, &record->last, sizeof parts) == 0, "elements and copy differ");
    if (parts.tag == TAG) {
        record->ours++;
        CHECK(parts.process == t_partner(), "process %d", parts.process);
        CHECK(parts.bytes == BYTES, "%lld bytes", (long long)parts.bytes);
    }
}

static void on_dropped(MPI_Count count, MPI_T_event_registration registration, int source,
                       MPI_T_cb_safety safety, void *data)
{
    struct record *record = data;

    CHECK(count > 0 && source == 0 && registration != NULL, "dropped %lld of source %d",
          (long long)count, source);
    record->safety = safety;
    record->dropped += (int)count;
}

static void on_free(MPI_T_event_registration registration, MPI_T_cb_safety safety, void *data)
{
    struct record *record = data;

    (void)safety;
    record->freed++;
    record->registration = registration;
}

/* Asks to be freed by its own callback. */
static void on_last(MPI_T_event_instance instance, MPI_T_event_registration registration,
                    MPI_T_cb_safety safety, void *data)
{
    struct record *record = data;

    note(record, instance, registration, safety);
    CHECK_OK(MPI_T_event_handle_free(registration, record, on_free));
    CHECK(record->freed == 0, "freed while its callback runs");
}

static void make_error(void)
{
    MPI_Send(NULL, -1, MPI_CHAR, t_rank, TAG, t_agree);
}

static void check_errors(void)
{
    struct record first = {0}, second = {0}, last = {0};
    MPI_T_event_registration one = open_event("error_raised"), two = open_event("error_raised");
    MPI_T_event_registration three = open_event("error_raised");
    int code = 0;

    MPI_Comm_set_errhandler(t_agree, MPI_ERRORS_RETURN);
    make_error(); /* nobody has asked yet */
    CHECK_OK(MPI_T_event_register_callback(one, MPI_T_CB_REQUIRE_NONE, MPI_INFO_NULL, &first, on_error));
    CHECK_OK(MPI_T_event_register_callback(two, MPI_T_CB_REQUIRE_THREAD_SAFE, MPI_INFO_NULL, &second, on_error));
    CHECK_OK(MPI_T_event_register_callback(three, MPI_T_CB_REQUIRE_NONE, MPI_INFO_NULL, &last, on_last));
    make_error();
    make_error();
    CHECK(first.calls == 2 && second.calls == 2, "%d and %d calls", first.calls, second.calls);
    CHECK(t_class(first.last_code) == MPI_ERR_COUNT, "code %d", first.last_code);
    CHECK(first.safety == MPI_T_CB_REQUIRE_NONE && first.registration == one, "safety %d", (int)first.safety);
    CHECK(last.calls == 1 && last.freed == 1, "%d calls, %d times freed", last.calls, last.freed);
    CHECK_CODE(MPI_T_event_read(first.instance, 0, &code), MPI_T_ERR_INVALID_HANDLE);
    CHECK_CODE(MPI_T_event_handle_free(three, NULL, NULL), MPI_T_ERR_INVALID_HANDLE);
    /* Without its callback it is not told any more. */
    CHECK_OK(MPI_T_event_register_callback(one, MPI_T_CB_REQUIRE_NONE, MPI_INFO_NULL, NULL, NULL));
    make_error();
    CHECK(first.calls == 2 && second.calls == 3, "%d and %d calls", first.calls, second.calls);
    CHECK_OK(MPI_T_event_handle_free(one, &first, on_free));
    CHECK_OK(MPI_T_event_handle_free(two, NULL, NULL));
    CHECK(first.freed == 1, "%d times freed", first.freed);
    make_error();
    CHECK(second.calls == 3, "called after it was freed");
}

/* Messages that come before their receive: exactly ours are told of. One registration has only a
 * callback that may not be called from there: all of its events are dropped. */
static void check_messages(void)
{
    struct record seen = {0}, unsafe = {0}, announced = {0};
    MPI_T_event_registration one = open_event("message_unexpected");
    MPI_T_event_registration two = open_event("message_unexpected");
    MPI_T_event_registration three = open_event("rendezvous_announced");
    MPI_Request requests[MESSAGES];
    static char out[BYTES], in[BYTES];

    CHECK_OK(MPI_T_event_register_callback(one, MPI_T_CB_REQUIRE_MPI_RESTRICTED, MPI_INFO_NULL, &seen, on_message));
    CHECK_OK(MPI_T_event_register_callback(two, MPI_T_CB_REQUIRE_NONE, MPI_INFO_NULL, &unsafe, on_message));
    CHECK_OK(MPI_T_event_set_dropped_handler(two, on_dropped));
    CHECK_OK(MPI_T_event_register_callback(three, MPI_T_CB_REQUIRE_ASYNC_SIGNAL_SAFE, MPI_INFO_NULL, &announced,
                                           on_message));
    t_token(t_partner(), t_partner());
    for (int i = 0; i < MESSAGES; i++)
        MPI_Isend(out, BYTES, MPI_CHAR, t_partner(), TAG, MPI_COMM_WORLD, &requests[i]);
    t_token(t_partner(), t_partner());
    CHECK(seen.ours == MESSAGES, "%d of %d unexpected messages", seen.ours, MESSAGES);
    CHECK(seen.safety == MPI_T_CB_REQUIRE_MPI_RESTRICTED, "safety %d", (int)seen.safety);
    /* A short one may be announced, too, when the credit of its receiver is used up. */
    CHECK(BYTES <= eager_max || announced.ours == MESSAGES, "%d announced", announced.ours);
    for (int i = 0; i < MESSAGES; i++)
        MPI_Recv(in, BYTES, MPI_CHAR, t_partner(), TAG, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
    MPI_Waitall(MESSAGES, requests, MPI_STATUSES_IGNORE);
    CHECK(seen.ours == MESSAGES, "%d told of after the receives", seen.ours);
    CHECK(unsafe.calls == 0 && unsafe.dropped == 0, "%d unsafe calls", unsafe.calls);
    CHECK_OK(MPI_T_event_handle_free(one, NULL, NULL));
    CHECK(unsafe.dropped == seen.calls, "%d dropped, %d told of", unsafe.dropped, seen.calls);
    CHECK(unsafe.safety == MPI_T_CB_REQUIRE_NONE, "safety %d", (int)unsafe.safety);
    CHECK_OK(MPI_T_event_handle_free(two, NULL, NULL));
    CHECK_OK(MPI_T_event_handle_free(three, NULL, NULL));
}

static void check_handles(void)
{
    MPI_T_event_registration one = open_event("slept"), wrong = (MPI_T_event_registration)&one;
    MPI_Info info = MPI_INFO_NULL;
    struct record record = {0};

    CHECK_OK(MPI_T_event_register_callback(one, MPI_T_CB_REQUIRE_THREAD_SAFE, MPI_INFO_NULL, &record, on_last));
    CHECK_OK(MPI_T_event_handle_set_info(one, MPI_INFO_NULL));
    CHECK_OK(MPI_T_event_handle_get_info(one, &info));
    CHECK_OK(MPI_T_event_callback_set_info(one, MPI_T_CB_REQUIRE_THREAD_SAFE, info));
    CHECK_OK(MPI_Info_free(&info));
    CHECK_OK(MPI_T_event_callback_get_info(one, MPI_T_CB_REQUIRE_THREAD_SAFE, &info));
    CHECK_OK(MPI_Info_free(&info));
    CHECK_CODE(MPI_T_event_callback_get_info(one, MPI_T_CB_REQUIRE_NONE, &info), MPI_T_ERR_INVALID);
    CHECK_CODE(MPI_T_event_register_callback(one, (MPI_T_cb_safety)5, MPI_INFO_NULL, NULL, on_last),
               MPI_T_ERR_INVALID);
    CHECK_CODE(MPI_T_event_register_callback(wrong, MPI_T_CB_REQUIRE_NONE, MPI_INFO_NULL, NULL, on_last),
               MPI_T_ERR_INVALID_HANDLE);
    CHECK_CODE(MPI_T_event_set_dropped_handler(wrong, on_dropped), MPI_T_ERR_INVALID_HANDLE);
    CHECK_CODE(MPI_T_event_handle_set_info(wrong, MPI_INFO_NULL), MPI_T_ERR_INVALID_HANDLE);
    CHECK_CODE(MPI_T_event_handle_get_info(wrong, &info), MPI_T_ERR_INVALID_HANDLE);
    CHECK_CODE(MPI_T_event_handle_free(wrong, NULL, NULL), MPI_T_ERR_INVALID_HANDLE);
    CHECK_CODE(MPI_T_event_handle_alloc(99, NULL, MPI_INFO_NULL, &wrong), MPI_T_ERR_INVALID_INDEX);
    CHECK_CODE(MPI_T_event_copy((MPI_T_event_instance)&one, &info), MPI_T_ERR_INVALID_HANDLE);
    CHECK_OK(MPI_T_event_handle_free(one, NULL, NULL));
}

static void learn_eager(void)
{
    MPI_T_cvar_handle handle;
    MPI_Count limit = 0;
    int index = -1, count;

    CHECK_OK(MPI_T_cvar_get_index("TRIREME_EAGER_MAX", &index));
    CHECK_OK(MPI_T_cvar_handle_alloc(index, NULL, &handle, &count));
    CHECK_OK(MPI_T_cvar_read(handle, &limit));
    CHECK_OK(MPI_T_cvar_handle_free(&handle));
    eager_max = (int)limit;
}

int main(int argc, char **argv)
{
    MPI_T_event_registration left;
    struct record record = {0};
    int code;

    tool_start();
    check_all();
    check_handles();
    left = open_event("error_raised");
    t_init(&argc, &argv);
    learn_eager();
    check_errors();
    check_messages();
    check_handles();
    CHECK_OK(MPI_T_event_register_callback(left, MPI_T_CB_REQUIRE_NONE, MPI_INFO_NULL, &record, on_error));
    code = t_finish();
    check_all();
    CHECK_OK(MPI_T_event_handle_free(left, &record, on_free));
    CHECK(record.freed == 1, "%d times freed", record.freed);
    open_event("slept");
    CHECK_OK(MPI_T_finalize());
    return code || t_failures;
}

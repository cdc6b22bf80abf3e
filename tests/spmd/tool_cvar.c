/* tool_cvar.c - control variables: what is listed, read and written, and when MPI_Init uses it. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "tool.h"

enum { MAX_TEXT = 4096 };

static MPI_T_cvar_handle open_cvar(const char *name, int *count)
{
    MPI_T_cvar_handle handle = MPI_T_CVAR_HANDLE_NULL;
    int index = -1;

    CHECK_OK(MPI_T_cvar_get_index(name, &index));
    CHECK_OK(MPI_T_cvar_handle_alloc(index, NULL, &handle, count));
    return handle;
}

static MPI_Count read_count(const char *name)
{
    MPI_Count value = -1;
    int count = 0;
    MPI_T_cvar_handle handle = open_cvar(name, &count);

    CHECK(count == 1, "%s: %d values", name, count);
    CHECK_OK(MPI_T_cvar_read(handle, &value));
    CHECK_OK(MPI_T_cvar_handle_free(&handle));
    CHECK(handle == MPI_T_CVAR_HANDLE_NULL, "%s: the handle stays", name);
    return value;
}

static int read_int(const char *name)
{
    int value = -1, count = 0;
    MPI_T_cvar_handle handle = open_cvar(name, &count);

    CHECK_OK(MPI_T_cvar_read(handle, &value));
    MPI_T_cvar_handle_free(&handle);
    return value;
}

static int write_value(const char *name, const void *value)
{
    int count = 0;
    MPI_T_cvar_handle handle = open_cvar(name, &count);
    int code = MPI_T_cvar_write(handle, value);

    MPI_T_cvar_handle_free(&handle);
    return code;
}

/* Not initialized: no function works. */
static void check_off(void)
{
    int number;
    MPI_T_cvar_handle handle = MPI_T_CVAR_HANDLE_NULL;

    CHECK_CODE(MPI_T_cvar_get_num(&number), MPI_T_ERR_NOT_INITIALIZED);
    CHECK_CODE(MPI_T_cvar_get_index("TRIREME_WAIT", &number), MPI_T_ERR_NOT_INITIALIZED);
    CHECK_CODE(MPI_T_cvar_handle_alloc(0, NULL, &handle, &number), MPI_T_ERR_NOT_INITIALIZED);
    CHECK_CODE(MPI_T_cvar_handle_free(&handle), MPI_T_ERR_NOT_INITIALIZED);
    CHECK_CODE(MPI_T_category_changed(&number), MPI_T_ERR_NOT_INITIALIZED);
    CHECK_CODE(MPI_T_event_get_num(&number), MPI_T_ERR_NOT_INITIALIZED);
    CHECK_CODE(MPI_T_pvar_get_num(&number), MPI_T_ERR_NOT_INITIALIZED);
    CHECK_CODE(MPI_T_finalize(), MPI_T_ERR_NOT_INITIALIZED);
}

static void check_enum(MPI_T_enum choices, const char *name)
{
    int items = -1, len = 0, value = -1;
    char text[128];

    CHECK_TEXT(text, len, CHECK_OK(MPI_T_enum_get_info(choices, &items, text, &len)));
    CHECK(items >= 2, "%s: %d items", name, items);
    for (int i = 0; i < items; i++) {
        CHECK_TEXT(text, len, CHECK_OK(MPI_T_enum_get_item(choices, i, &value, text, &len)));
        CHECK(value == i, "%s: item %d has the value %d", name, i, value);
    }
    CHECK_CODE(MPI_T_enum_get_item(choices, items, &value, text, &len), MPI_T_ERR_INVALID_INDEX);
    CHECK_CODE(MPI_T_enum_get_item(choices, -1, &value, text, &len), MPI_T_ERR_INVALID_INDEX);
}

static void check_one(int index)
{
    char name[128], desc[MAX_TEXT];
    int len, verbosity = 0, bind = 0, scope = 0, found = -1, again = 0;
    MPI_Datatype type = MPI_DATATYPE_NULL;
    MPI_T_enum choices;

    CHECK_TEXT(desc, len,
               CHECK_OK(MPI_T_cvar_get_info(index, NULL, NULL, NULL, NULL, NULL, desc, &len, NULL,
                                            NULL)));
    CHECK_TEXT(name, len,
               CHECK_OK(MPI_T_cvar_get_info(index, name, &len, &verbosity, &type, &choices, NULL,
                                            NULL, &bind, &scope)));
    CHECK(verbosity >= MPI_T_VERBOSITY_USER_BASIC && verbosity <= MPI_T_VERBOSITY_MPIDEV_ALL,
          "%s: verbosity %d", name, verbosity);
    CHECK(type == MPI_INT || type == MPI_COUNT || type == MPI_CHAR, "%s: datatype", name);
    CHECK(bind == MPI_T_BIND_NO_OBJECT, "%s: bind %d", name, bind);
    CHECK(scope >= MPI_T_SCOPE_CONSTANT && scope <= MPI_T_SCOPE_ALL_EQ, "%s: scope %d", name,
          scope);
    CHECK_OK(MPI_T_cvar_get_info(index, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, &again));
    CHECK(scope == again, "%s: scope %d, then %d", name, scope, again);
    CHECK_OK(MPI_T_cvar_get_index(name, &found));
    CHECK(found == index, "%s: index %d, not %d", name, found, index);
    if (choices != MPI_T_ENUM_NULL) {
        CHECK(type == MPI_INT, "%s has an enumeration but another type", name);
        check_enum(choices, name);
    }
}

static void check_all(void)
{
    int number = -1, index, len = 0;
    MPI_T_cvar_handle handle, wrong = (MPI_T_cvar_handle)&number;

    CHECK_OK(MPI_T_cvar_get_num(&number));
    CHECK(number >= 13, "%d variables", number);
    for (int i = 0; i < number; i++)
        check_one(i);
    CHECK_CODE(MPI_T_cvar_get_info(number, NULL, &len, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
               MPI_T_ERR_INVALID_INDEX);
    CHECK_CODE(MPI_T_cvar_handle_alloc(-1, NULL, &handle, &len), MPI_T_ERR_INVALID_INDEX);
    CHECK_CODE(MPI_T_cvar_get_index("WAIT", &index), MPI_T_ERR_INVALID_NAME);
    CHECK_CODE(MPI_T_cvar_get_index("TRIREME_WAITING", &index), MPI_T_ERR_INVALID_NAME);
    CHECK_CODE(MPI_T_cvar_get_index(NULL, &index), MPI_T_ERR_INVALID);
    CHECK_CODE(MPI_T_cvar_read(wrong, &index), MPI_T_ERR_INVALID_HANDLE);
    CHECK_CODE(MPI_T_cvar_write(wrong, &index), MPI_T_ERR_INVALID_HANDLE);
    CHECK_CODE(MPI_T_cvar_handle_free(&wrong), MPI_T_ERR_INVALID_HANDLE);
    handle = open_cvar("TRIREME_WAIT", &len);
    wrong = handle;
    CHECK_OK(MPI_T_cvar_handle_free(&handle));
    CHECK_CODE(MPI_T_cvar_read(wrong, &index), MPI_T_ERR_INVALID_HANDLE);
    CHECK_CODE(MPI_T_enum_get_info((MPI_T_enum)&number, NULL, NULL, NULL), MPI_T_ERR_INVALID_HANDLE);
    CHECK_CODE(MPI_T_enum_get_info(MPI_T_ENUM_NULL, NULL, NULL, NULL), MPI_T_ERR_INVALID_HANDLE);
}

/* The environment of the run is what is shown; each rank sets its own for the rest. */
static void check_environment(void)
{
    char text[MAX_TEXT] = "";
    int count = 0;
    MPI_T_cvar_handle handle = open_cvar("TRIREME_OFI_INTERFACE", &count);

    CHECK(count > 256 && count <= MAX_TEXT, "%d characters", count);
    CHECK_OK(MPI_T_cvar_read(handle, text));
    CHECK(strcmp(text, "no-such-interface") == 0, "interface \"%s\"", text);
    MPI_T_cvar_handle_free(&handle);
    CHECK(read_count("TRIREME_SHARE_MIN") == 3 << 20, "share %lld",
          (long long)read_count("TRIREME_SHARE_MIN"));
    CHECK(read_int("TRIREME_SPIN_US") == 7, "spin %d", read_int("TRIREME_SPIN_US"));
}

/* Before MPI_Init everything can be set, to what it may be. */
static void write_before(void)
{
    MPI_Count eager = 600, wrong = (MPI_Count)1 << 40, negative = -1;
    int spin = 11, choice = 4;
    char plain[MAX_TEXT];

    CHECK_OK(write_value("TRIREME_EAGER_MAX", &eager));
    CHECK(read_count("TRIREME_EAGER_MAX") == eager, "eager");
    CHECK_CODE(write_value("TRIREME_EAGER_MAX", &wrong), MPI_T_ERR_INVALID);
    CHECK_CODE(write_value("TRIREME_EAGER_MAX", &negative), MPI_T_ERR_INVALID);
    CHECK(read_count("TRIREME_EAGER_MAX") == eager, "a refused value was taken");
    CHECK_OK(write_value("TRIREME_SPIN_US", &spin));
    CHECK_CODE(write_value("TRIREME_WAIT", &choice), MPI_T_ERR_INVALID);
    choice = -1;
    CHECK_CODE(write_value("TRIREME_WAIT", &choice), MPI_T_ERR_INVALID);
    choice = 2; /* yield */
    CHECK_OK(write_value("TRIREME_WAIT", &choice));
    CHECK_OK(write_value("TRIREME_OFI_INTERFACE", ""));
    memset(plain, 'x', sizeof plain);
    CHECK_CODE(write_value("TRIREME_OFI_INTERFACE", plain), MPI_T_ERR_INVALID);
}

static unsigned long long announced(MPI_T_pvar_session session, MPI_T_pvar_handle handle)
{
    unsigned long long value = 0;

    CHECK_OK(MPI_T_pvar_read(session, handle, &value));
    return value;
}

/* Whether MPI_Init used the eager limit: 600 bytes leave at once, 601 are announced. */
static void check_used(void)
{
    static const int sizes[] = {600, 601};
    char out[601] = {1}, in[601];
    int index = -1, count;
    MPI_T_pvar_session session;
    MPI_T_pvar_handle handle;

    CHECK_OK(MPI_T_pvar_session_create(&session));
    CHECK_OK(MPI_T_pvar_get_index("rendezvous_messages", MPI_T_PVAR_CLASS_COUNTER, &index));
    CHECK_OK(MPI_T_pvar_handle_alloc(session, index, NULL, &handle, &count));
    CHECK_OK(MPI_T_pvar_start(session, handle));
    for (int i = 0; i < 2; i++) {
        MPI_Sendrecv(out, sizes[i], MPI_CHAR, t_rank, 5, in, sizes[i], MPI_CHAR, t_rank, 5,
                     MPI_COMM_WORLD, MPI_STATUS_IGNORE);
        CHECK(announced(session, handle) == (unsigned long long)i, "%d bytes: %llu announced",
              sizes[i], announced(session, handle));
    }
    CHECK_OK(MPI_T_pvar_session_free(&session));
}

/* While MPI runs only what is looked at each time can be set. */
static void write_during(void)
{
    MPI_Count eager = 700, share = 5 << 20;
    int choice = 0;

    CHECK(read_count("TRIREME_EAGER_MAX") == 600, "eager after MPI_Init");
    CHECK(read_int("TRIREME_WAIT") == 2, "wait after MPI_Init");
    CHECK(read_int("TRIREME_SPIN_US") == 11, "the environment won over the tool");
    CHECK_CODE(write_value("TRIREME_EAGER_MAX", &eager), MPI_T_ERR_CVAR_SET_NOT_NOW);
    CHECK_CODE(write_value("TRIREME_WAIT", &choice), MPI_T_ERR_CVAR_SET_NOT_NOW);
    CHECK_OK(write_value("TRIREME_SHARE_MIN", &share));
    CHECK(read_count("TRIREME_SHARE_MIN") == share, "share");
}

/* After MPI_Finalize a session may start the library anew: until then everything can be set again. */
static void check_again(void)
{
    MPI_Count eager = 800;
    MPI_Session session = MPI_SESSION_NULL;

    CHECK(read_count("TRIREME_EAGER_MAX") == 600, "eager after MPI_Finalize");
    CHECK_OK(write_value("TRIREME_EAGER_MAX", &eager));
    CHECK_OK(MPI_Session_init(MPI_INFO_NULL, MPI_ERRORS_RETURN, &session));
    CHECK(read_count("TRIREME_EAGER_MAX") == 800, "eager in a session");
    CHECK_CODE(write_value("TRIREME_EAGER_MAX", &eager), MPI_T_ERR_CVAR_SET_NOT_NOW);
    CHECK_OK(MPI_Session_finalize(&session));
}

int main(int argc, char **argv)
{
    int code, len;

    setenv("TRIREME_OFI_INTERFACE", "no-such-interface", 1);
    setenv("TRIREME_SHARE_MIN", "3m", 1);
    setenv("TRIREME_SPIN_US", "7", 1);
    check_off();
    CHECK_CODE(MPI_T_init_thread(-1, &len), MPI_T_ERR_INVALID);
    tool_start();
    tool_start();
    CHECK_OK(MPI_T_finalize());
    check_all();
    check_environment();
    write_before();
    /* What was written stays, also when the tool comes back. */
    CHECK_OK(MPI_T_finalize());
    check_off();
    tool_start();
    t_init(&argc, &argv);
    check_all();
    check_used();
    write_during();
    code = t_finish();
    check_all();
    check_again();
    CHECK_OK(MPI_T_finalize());
    check_off();
    return code || t_failures;
}

/* win_object.c - windows as objects: what they know of themselves, attributes, error handlers, wrong arguments. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "test.h"

static int deletes, delete_code, handled, handled_code;
static MPI_Win handled_win;

static int delete (MPI_Win win, int keyval, void *value, void *extra)
{
    (void)keyval, (void)extra;
    CHECK(win != MPI_WIN_NULL && value == &deletes, "the callback is told window and value");
    deletes++;
    return delete_code;
}

static void handle(MPI_Win *win, int *code, ...)
{
    handled++;
    handled_win = *win;
    handled_code = *code;
}

static MPI_Win make(void *base, MPI_Aint size, int unit)
{
    MPI_Win win = MPI_WIN_NULL;

    CHECK_OK(MPI_Win_create(base, size, unit, MPI_INFO_NULL, MPI_COMM_WORLD, &win));
    CHECK(win != MPI_WIN_NULL, "a window was made");
    return win;
}

static void *value_of(MPI_Win win, int key)
{
    void *value = NULL;
    int flag = 0;

    CHECK_OK(MPI_Win_get_attr(win, key, &value, &flag));
    CHECK(flag == 1, "attribute %d is there", key);
    return value;
}

static void test_predefined(void)
{
    double memory[10];
    MPI_Win win = make(memory, sizeof memory, sizeof *memory), empty = make(NULL, 0, 1);

    CHECK(value_of(win, MPI_WIN_BASE) == memory, "base");
    CHECK(*(MPI_Aint *)value_of(win, MPI_WIN_SIZE) == sizeof memory, "size");
    CHECK(*(int *)value_of(win, MPI_WIN_DISP_UNIT) == sizeof *memory, "displacement unit");
    CHECK(*(int *)value_of(win, MPI_WIN_CREATE_FLAVOR) == MPI_WIN_FLAVOR_CREATE, "flavor");
    CHECK(*(int *)value_of(win, MPI_WIN_MODEL) == MPI_WIN_UNIFIED, "model");
    CHECK(value_of(empty, MPI_WIN_BASE) == NULL && *(MPI_Aint *)value_of(empty, MPI_WIN_SIZE) == 0, "no memory");
    CHECK_OK(MPI_Win_free(&empty));
    CHECK_OK(MPI_Win_free(&win));
    CHECK(win == MPI_WIN_NULL, "the handle is null after free");
}

static void test_names_and_group(void)
{
    char name[MPI_MAX_OBJECT_NAME];
    int len, result;
    MPI_Group group, world;
    MPI_Win win = make(NULL, 0, 1);

    CHECK_OK(MPI_Win_get_name(win, name, &len));
    CHECK(len == 0 && !*name, "no name at first");
    CHECK_OK(MPI_Win_set_name(win, "halo"));
    CHECK_OK(MPI_Win_get_name(win, name, &len));
    CHECK(len == 4 && !strcmp(name, "halo"), "name is %s", name);
    CHECK_OK(MPI_Win_get_name(MPI_WIN_NULL, name, &len));
    CHECK(!strcmp(name, "MPI_WIN_NULL"), "the null window is called %s", name);
    CHECK_OK(MPI_Win_get_group(win, &group));
    CHECK_OK(MPI_Comm_group(MPI_COMM_WORLD, &world));
    CHECK_OK(MPI_Group_compare(group, world, &result));
    CHECK(result == MPI_IDENT, "the group is the communicator's");
    CHECK_OK(MPI_Group_free(&group));
    CHECK_OK(MPI_Group_free(&world));
    CHECK_OK(MPI_Win_free(&win));
}

static void test_attributes(void)
{
    int key, flag;
    void *value;
    MPI_Win win = make(NULL, 0, 1);

    CHECK_OK(MPI_Win_create_keyval(MPI_WIN_NULL_COPY_FN, delete, &key, NULL));
    CHECK_OK(MPI_Win_set_errhandler(win, MPI_ERRORS_RETURN));
    CHECK_OK(MPI_Win_get_attr(win, key, &value, &flag));
    CHECK(!flag, "none was set");
    CHECK_OK(MPI_Win_set_attr(win, key, &deletes));
    CHECK(value_of(win, key) == &deletes, "the value that was set");
    CHECK_OK(MPI_Win_delete_attr(win, key));
    CHECK(deletes == 1, "deleted by hand");
    CHECK_OK(MPI_Win_set_attr(win, key, &deletes));
    delete_code = MPI_ERR_OTHER;
    MPI_Win kept = win;
    CHECK(t_class(MPI_Win_free(&win)) == MPI_ERR_OTHER && win == kept, "a callback that fails keeps the window");
    delete_code = MPI_SUCCESS;
    CHECK_OK(MPI_Win_free_keyval(&key));
    CHECK_OK(MPI_Win_free(&win));
    CHECK(deletes == 3, "deleted with the window, %d calls", deletes);
}

static void test_handlers(void)
{
    MPI_Errhandler handler, comm_handler, found;
    MPI_Win win = make(NULL, 0, 1);

    CHECK_OK(MPI_Win_get_errhandler(win, &found));
    CHECK(found == MPI_ERRORS_ARE_FATAL, "a new window's errors are fatal");
    CHECK_OK(MPI_Win_create_errhandler(handle, &handler));
    CHECK_OK(MPI_Win_set_errhandler(win, handler));
    CHECK_OK(MPI_Win_call_errhandler(win, MPI_ERR_RMA_SYNC));
    CHECK(handled == 1 && handled_win == win && handled_code == MPI_ERR_RMA_SYNC, "the handler is told the window");
    CHECK(t_class(MPI_Win_set_name(win, NULL)) == MPI_ERR_ARG && handled == 2, "a wrong argument goes to the handler");
    CHECK_OK(MPI_Comm_get_errhandler(MPI_COMM_WORLD, &comm_handler));
    CHECK(comm_handler != handler, "the communicator's handler is another one");
    CHECK_OK(MPI_Errhandler_free(&handler));
    CHECK_OK(MPI_Win_call_errhandler(win, MPI_ERR_OTHER));
    CHECK(handled == 3, "a freed handler stays as long as the window has it");
    CHECK_OK(MPI_Win_free(&win));
}

static void test_hints(void)
{
    char value[8];
    int flag, len = sizeof value;
    MPI_Info info, used;
    MPI_Win win;

    CHECK_OK(MPI_Info_create(&info));
    CHECK_OK(MPI_Info_set(info, "no_locks", "true"));
    CHECK_OK(MPI_Win_create(NULL, 0, 1, info, MPI_COMM_WORLD, &win));
    CHECK_OK(MPI_Info_set(info, "no_locks", "false"));
    CHECK_OK(MPI_Info_set(info, "same_size", "true"));
    CHECK_OK(MPI_Win_get_info(win, &used));
    CHECK_OK(MPI_Info_get_string(used, "no_locks", &len, value, &flag));
    CHECK(flag && !strcmp(value, "true"), "the hint given at creation");
    CHECK_OK(MPI_Info_free(&used));
    CHECK_OK(MPI_Win_set_info(win, info));
    CHECK_OK(MPI_Win_get_info(win, &used));
    len = sizeof value;
    CHECK_OK(MPI_Info_get_string(used, "no_locks", &len, value, &flag));
    CHECK(flag && !strcmp(value, "false"), "the hint changed later");
    len = sizeof value;
    CHECK_OK(MPI_Info_get_string(used, "same_size", &len, value, &flag));
    CHECK(flag && !strcmp(value, "true"), "the hint added later");
    CHECK_OK(MPI_Info_free(&used));
    CHECK_OK(MPI_Info_free(&info));
    CHECK_OK(MPI_Win_free(&win));
}

static void test_wrong_arguments(void)
{
    int memory, flag;
    void *value;
    MPI_Win win = make(&memory, sizeof memory, 1), freed = win, other = MPI_WIN_NULL;
    MPI_Errhandler before, wrong;

    CHECK_OK(MPI_Comm_get_errhandler(MPI_COMM_WORLD, &before));
    CHECK_OK(MPI_Comm_set_errhandler(MPI_COMM_WORLD, MPI_ERRORS_RETURN));
    CHECK(t_class(MPI_Win_create(&memory, -1, 1, MPI_INFO_NULL, MPI_COMM_WORLD, &other)) == MPI_ERR_SIZE, "size");
    CHECK(t_class(MPI_Win_create(&memory, 4, 0, MPI_INFO_NULL, MPI_COMM_WORLD, &other)) == MPI_ERR_DISP, "unit");
    CHECK(t_class(MPI_Win_create_c(&memory, 4, (MPI_Aint)1 << 40, MPI_INFO_NULL, MPI_COMM_WORLD, &other)) ==
              MPI_ERR_DISP,
          "a unit beyond int");
    CHECK(t_class(MPI_Win_create(NULL, 4, 1, MPI_INFO_NULL, MPI_COMM_WORLD, &other)) == MPI_ERR_BASE, "base");
    CHECK(t_class(MPI_Win_create(NULL, 0, 1, MPI_INFO_NULL, MPI_COMM_NULL, &other)) == MPI_ERR_COMM, "communicator");
    CHECK(t_class(MPI_Win_create(NULL, 0, 1, MPI_INFO_NULL, MPI_COMM_WORLD, NULL)) == MPI_ERR_ARG, "result");
    CHECK_OK(MPI_Comm_create_errhandler((MPI_Comm_errhandler_function *)(void *)handle, &wrong));
    CHECK_OK(MPI_Win_set_errhandler(win, MPI_ERRORS_RETURN));
    CHECK(t_class(MPI_Win_set_errhandler(win, wrong)) == MPI_ERR_ERRHANDLER, "a handler for communicators");
    CHECK_OK(MPI_Errhandler_free(&wrong));
    CHECK(t_class(MPI_Win_get_attr(win, 12345, &value, &flag)) == MPI_ERR_KEYVAL, "a key that is none");
    CHECK_OK(MPI_Win_free(&win));
    CHECK(t_class(MPI_Win_get_attr(freed, MPI_WIN_SIZE, &value, &flag)) == MPI_ERR_WIN, "a freed window");
    CHECK(t_class(MPI_Win_free(&freed)) == MPI_ERR_WIN, "freed twice");
    CHECK(t_class(MPI_Win_free(&other)) == MPI_ERR_WIN, "the null window");
    CHECK_OK(MPI_Comm_set_errhandler(MPI_COMM_WORLD, before));
    CHECK_OK(MPI_Errhandler_free(&before));
}

int main(int argc, char **argv)
{
    t_init(&argc, &argv);
    test_predefined();
    test_names_and_group();
    test_attributes();
    test_handlers();
    test_hints();
    test_wrong_arguments();
    return t_finish();
}

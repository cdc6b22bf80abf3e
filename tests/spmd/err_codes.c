/* err_codes.c - error classes, codes and strings that the program adds and removes. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "test.h"

static int last_used(void)
{
    int *value = NULL, flag = 0;

    MPI_Comm_get_attr(MPI_COMM_WORLD, MPI_LASTUSEDCODE, &value, &flag);
    CHECK(flag, "MPI_LASTUSEDCODE is not set");
    return flag ? *value : -1;
}

static void check_text(int code, const char *wanted)
{
    char text[MPI_MAX_ERROR_STRING];
    int length = -1;

    memset(text, T_GUARD_BYTE, sizeof text);
    CHECK_OK(MPI_Error_string(code, text, &length));
    CHECK(length == (int)strlen(wanted) && strcmp(text, wanted) == 0, "code %d: '%s', not '%s'", code, text, wanted);
}

static void life(void)
{
    int class, code, of_standard, again, before = last_used();

    CHECK_OK(MPI_Add_error_class(&class));
    CHECK(class > MPI_ERR_LASTCODE && last_used() >= class, "class %d, last used %d", class, last_used());
    CHECK_OK(MPI_Add_error_code(class, &code));
    CHECK(code > MPI_ERR_LASTCODE && code != class && last_used() >= code, "code %d", code);
    CHECK_OK(MPI_Add_error_code(MPI_ERR_RANK, &of_standard));
    CHECK(t_class(class) == class && t_class(code) == class && t_class(of_standard) == MPI_ERR_RANK, "classes");
    check_text(class, "");
    check_text(code, "");
    CHECK_OK(MPI_Add_error_string(code, "first"));
    CHECK_OK(MPI_Add_error_string(code, "all went wrong"));
    CHECK_OK(MPI_Add_error_string(class, "the class"));
    check_text(code, "all went wrong");
    check_text(class, "the class");
    CHECK(t_class(MPI_Remove_error_code(code)) == MPI_ERR_OTHER, "removed with its string");
    CHECK(t_class(MPI_Remove_error_class(class)) == MPI_ERR_OTHER, "removed with its code");
    CHECK_OK(MPI_Remove_error_string(code));
    check_text(code, "");
    CHECK_OK(MPI_Remove_error_code(code));
    CHECK(t_class(MPI_Error_class(code, &again)) == MPI_ERR_ARG, "the code is still there");
    CHECK_OK(MPI_Remove_error_class(class));
    CHECK_OK(MPI_Remove_error_code(of_standard));
    CHECK_OK(MPI_Add_error_class(&again));
    CHECK(again == class, "%d, not the lowest free number %d", again, class);
    CHECK_OK(MPI_Remove_error_class(again));
    CHECK(last_used() >= before, "MPI_LASTUSEDCODE went back");
}

static void wrong(void)
{
    int class, code;

    MPI_Add_error_class(&class);
    MPI_Add_error_code(class, &code);
    CHECK(t_class(MPI_Add_error_string(MPI_ERR_RANK, "mine")) == MPI_ERR_ARG, "a string of the standard");
    CHECK(t_class(MPI_Remove_error_class(MPI_ERR_RANK)) == MPI_ERR_ARG, "a class of the standard");
    CHECK(t_class(MPI_Remove_error_class(code)) == MPI_ERR_ARG, "a code as a class");
    CHECK(t_class(MPI_Remove_error_code(class)) == MPI_ERR_ARG, "a class as a code");
    CHECK(t_class(MPI_Remove_error_string(code)) == MPI_ERR_ARG, "a string that is not there");
    CHECK(t_class(MPI_Add_error_code(code, &class)) == MPI_ERR_ARG, "a code of a code");
    CHECK(t_class(MPI_Add_error_code(-3, &class)) == MPI_ERR_ARG, "a code of -3");
    MPI_Remove_error_code(code);
    MPI_Remove_error_class(class);
}

static int handled;

static void handle(MPI_Comm *comm, int *code, ...)
{
    (void)comm;
    handled = *code;
}

/* A code of the program goes through handlers unchanged. */
static void raised(void)
{
    MPI_Errhandler handler;
    MPI_Comm comm;
    int class, code;

    MPI_Comm_dup(MPI_COMM_SELF, &comm);
    MPI_Comm_create_errhandler(handle, &handler);
    MPI_Comm_set_errhandler(comm, handler);
    MPI_Add_error_class(&class);
    MPI_Add_error_code(class, &code);
    CHECK_OK(MPI_Comm_call_errhandler(comm, code));
    CHECK(handled == code, "%d, not %d", handled, code);
    MPI_Remove_error_code(code);
    MPI_Remove_error_class(class);
    MPI_Errhandler_free(&handler);
    MPI_Comm_free(&comm);
}

static MPI_File handled_file = (MPI_File)&handled;
static int file_calls;

static void handle_file(MPI_File *file, int *code, ...)
{
    handled_file = *file;
    handled = *code;
    file_calls++;
}

static void handle_win(MPI_Win *win, int *code, ...)
{
    (void)win, (void)code;
}

static void handle_session(MPI_Session *session, int *code, ...)
{
    (void)session, (void)code;
}

/* Handlers know their kind; MPI_FILE_NULL has the one of files to come. */
static void kinds(void)
{
    MPI_Errhandler file, win, session, comm, got;

    file_calls = 0;
    CHECK_OK(MPI_File_create_errhandler(handle_file, &file));
    CHECK_OK(MPI_Win_create_errhandler(handle_win, &win));
    CHECK_OK(MPI_Session_create_errhandler(handle_session, &session));
    CHECK_OK(MPI_Comm_create_errhandler(handle, &comm));
    CHECK(t_class(MPI_Comm_set_errhandler(MPI_COMM_SELF, file)) == MPI_ERR_ERRHANDLER, "a handler of files");
    CHECK(t_class(MPI_Comm_set_errhandler(MPI_COMM_SELF, win)) == MPI_ERR_ERRHANDLER, "a handler of windows");
    CHECK(t_class(MPI_Comm_set_errhandler(MPI_COMM_SELF, session)) == MPI_ERR_ERRHANDLER, "a handler of sessions");
    CHECK_OK(MPI_File_get_errhandler(MPI_FILE_NULL, &got));
    CHECK(got == MPI_ERRORS_RETURN, "the handler of new files");
    CHECK(t_class(MPI_File_set_errhandler(MPI_FILE_NULL, comm)) == MPI_ERR_ERRHANDLER, "a handler of communicators");
    CHECK_OK(MPI_File_call_errhandler(MPI_FILE_NULL, MPI_ERR_IO));
    CHECK(file_calls == 0, "a handler that was not set");
    CHECK_OK(MPI_File_set_errhandler(MPI_FILE_NULL, file));
    CHECK_OK(MPI_File_get_errhandler(MPI_FILE_NULL, &got));
    CHECK(got == file, "another handler");
    MPI_Errhandler_free(&got);
    CHECK_OK(MPI_File_call_errhandler(MPI_FILE_NULL, MPI_ERR_IO));
    CHECK(file_calls == 1 && handled == MPI_ERR_IO && handled_file == MPI_FILE_NULL, "%d calls", file_calls);
    CHECK(t_class(MPI_File_call_errhandler(MPI_FILE_NULL, -7)) == MPI_ERR_ARG && file_calls == 2, "code -7");
    CHECK_OK(MPI_File_set_errhandler(MPI_FILE_NULL, MPI_ERRORS_RETURN));
    CHECK(t_class(MPI_Win_set_errhandler(MPI_WIN_NULL, win)) == MPI_ERR_WIN, "a window that is none");
    CHECK_OK(MPI_Errhandler_free(&file));
    CHECK_OK(MPI_Errhandler_free(&win));
    CHECK_OK(MPI_Errhandler_free(&session));
    CHECK_OK(MPI_Errhandler_free(&comm));
}

int main(int argc, char **argv)
{
    t_init(&argc, &argv);
    MPI_Comm_set_errhandler(MPI_COMM_SELF, MPI_ERRORS_RETURN);
    for (int i = 0; i < 50; i++) {
        life();
        wrong();
        raised();
        kinds();
    }
    return t_finish();
}

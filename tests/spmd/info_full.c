/* info_full.c - info objects, MPI_INFO_ENV, error codes and handlers, Fortran's ABI before, during and after MPI. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "test.h"

static void objects(void)
{
    char value[MPI_MAX_INFO_VAL], long_key[MPI_MAX_INFO_KEY + 1], key[MPI_MAX_INFO_KEY];
    MPI_Info info, dup;
    int flag = -1, length = -1, n = -1;

    CHECK_OK(MPI_Info_create(&info));
    CHECK_OK(MPI_Info_set(info, "zeta", "one"));
    CHECK_OK(MPI_Info_set(info, "alpha", "the second value"));
    CHECK_OK(MPI_Info_set(info, "empty", ""));
    CHECK_OK(MPI_Info_set(info, "zeta", "1"));
    CHECK_OK(MPI_Info_dup(info, &dup));
    CHECK_OK(MPI_Info_delete(info, "alpha"));
    CHECK_OK(MPI_Info_get_nkeys(dup, &n));
    CHECK(n == 3, "%d keys", n);
    CHECK_OK(MPI_Info_get_nthkey(dup, 1, key));
    CHECK(strcmp(key, "alpha") == 0, "the second key is '%s'", key);
    CHECK_OK(MPI_Info_get_nthkey(info, 1, key));
    CHECK(strcmp(key, "empty") == 0, "the second key is '%s'", key);
    memset(value, T_GUARD_BYTE, sizeof value);
    CHECK_OK(MPI_Info_get(dup, "alpha", 6, value, &flag));
    CHECK(flag && strcmp(value, "the se") == 0 && t_untouched(value + 7, 9), "clipped to '%s'", value);
    CHECK_OK(MPI_Info_get_valuelen(dup, "alpha", &length, &flag));
    CHECK(flag && length == 16, "length %d", length);
    length = 4;
    CHECK_OK(MPI_Info_get_string(dup, "alpha", &length, value, &flag));
    CHECK(flag && length == 17 && strcmp(value, "the") == 0, "length %d, '%s'", length, value);
    CHECK_OK(MPI_Info_get(info, "alpha", 6, value, &flag));
    CHECK(!flag, "a deleted key");
    CHECK_OK(MPI_Info_get(info, "zeta", 6, value, &flag));
    CHECK(flag && strcmp(value, "1") == 0, "'%s'", value);
    memset(long_key, 'k', sizeof long_key);
    long_key[MPI_MAX_INFO_KEY - 1] = '\0';
    CHECK_OK(MPI_Info_set(info, long_key, "v"));
    CHECK_OK(MPI_Info_free(&info));
    CHECK_OK(MPI_Info_free(&dup));
    CHECK(info == MPI_INFO_NULL, "the freed handle");
}

static int value_of(MPI_Info info, const char *key, char *value)
{
    int length = MPI_MAX_INFO_VAL, flag = 0;

    CHECK_OK(MPI_Info_get_string(info, key, &length, value, &flag));
    return flag;
}

static void environment(int argc, char **argv)
{
    char *mine[] = {"program", "-x", "two words", NULL}, value[MPI_MAX_INFO_VAL], other[MPI_MAX_INFO_VAL];
    MPI_Info info;

    CHECK(value_of(MPI_INFO_ENV, "command", value) && strcmp(value, argv[0]) == 0, "command is '%s'", value);
    CHECK(value_of(MPI_INFO_ENV, "wdir", value) && value[0] == '/', "wdir is '%s'", value);
    CHECK(value_of(MPI_INFO_ENV, "arch", value) && value_of(MPI_INFO_ENV, "host", value), "no arch or no host");
    CHECK_OK(MPI_Info_create_env(3, mine, &info));
    CHECK(value_of(info, "command", value) && strcmp(value, "program") == 0, "command is '%s'", value);
    CHECK(value_of(info, "argv", value) && strcmp(value, "-x two words") == 0, "argv is '%s'", value);
    CHECK_OK(MPI_Info_set(info, "mine", "also"));
    CHECK_OK(MPI_Info_free(&info));
    CHECK_OK(MPI_Info_create_env(0, NULL, &info));
    CHECK(value_of(info, "command", value) && strcmp(value, argv[0]) == 0, "command is '%s'", value);
    CHECK(value_of(info, "maxprocs", value) == value_of(MPI_INFO_ENV, "maxprocs", other), "maxprocs");
    CHECK_OK(MPI_Info_free(&info));
    CHECK_OK(MPI_Info_dup(MPI_INFO_ENV, &info));
    CHECK_OK(MPI_Info_free(&info));
    (void)argc;
}

static void ignore(MPI_Comm *comm, int *code, ...)
{
    (void)comm, (void)code;
}

static void anytime(void)
{
    MPI_Errhandler handler;
    char text[MPI_MAX_ERROR_STRING];
    int class, length;

    CHECK_OK(MPI_Comm_create_errhandler(ignore, &handler));
    CHECK_OK(MPI_Errhandler_free(&handler));
    CHECK_OK(MPI_Error_class(MPI_ERR_TAG, &class));
    CHECK_OK(MPI_Error_string(MPI_ERR_TAG, text, &length));
    CHECK_OK(MPI_Pcontrol(1, "anything", 2));
}

static void no_fortran_yet(void)
{
    MPI_Info info = MPI_INFO_ENV;
    int true_value = 7, false_value = 7, set = -1;

    CHECK_OK(MPI_Abi_get_fortran_info(&info));
    CHECK(info == MPI_INFO_NULL, "properties that nobody has set");
    CHECK_OK(MPI_Abi_get_fortran_booleans(4, &true_value, &false_value, &set));
    CHECK(!set && true_value == 7, "values that nobody has set");
}

static void set_fortran(void)
{
    int true_value = -1, false_value = 0;
    MPI_Info info;

    MPI_Info_create(&info);
    MPI_Info_set(info, "mpi_integer_size", "8");
    MPI_Info_set(info, "mpi_real_size", "8");
    MPI_Info_set(info, "mpi_real16_supported", "true");
    CHECK_OK(MPI_Abi_set_fortran_info(info));
    MPI_Info_free(&info);
    CHECK_OK(MPI_Abi_set_fortran_booleans(4, &true_value, &false_value));
}

static void fortran_is_set(void)
{
    char value[MPI_MAX_INFO_VAL];
    int true_value = 7, false_value = 7, set = -1;
    MPI_Info info;

    CHECK_OK(MPI_Abi_get_fortran_info(&info));
    CHECK(value_of(info, "mpi_integer_size", value) && strcmp(value, "8") == 0, "'%s'", value);
    CHECK(value_of(info, "mpi_real16_supported", value) && strcmp(value, "true") == 0, "'%s'", value);
    CHECK_OK(MPI_Info_free(&info));
    CHECK_OK(MPI_Abi_get_fortran_booleans(4, &true_value, &false_value, &set));
    CHECK(set && true_value == -1 && false_value == 0, "set %d, %d %d", set, true_value, false_value);
    CHECK_OK(MPI_Abi_get_fortran_booleans(8, value, value + 8, &set));
    CHECK(!set, "values of another size");
}

static void fortran_types(void)
{
    static const struct {
        MPI_Datatype type;
        int size;
    } rows[] = {{MPI_INTEGER, 8}, {MPI_REAL, 8}, {MPI_COMPLEX, 16}, {MPI_LOGICAL, 4}, {MPI_DOUBLE_PRECISION, 8}};
    int64_t in = 1000000000000, sum = 0;
    int true_value = 1, false_value = 0, size = 0, code;
    MPI_Info info;

    for (int i = 0; i < T_COUNT(rows); i++) {
        CHECK_OK(MPI_Type_size(rows[i].type, &size));
        CHECK(size == rows[i].size, "row %d: %d bytes, not %d", i, size, rows[i].size);
    }
    CHECK_OK(MPI_Allreduce(&in, &sum, 1, MPI_INTEGER, MPI_SUM, MPI_COMM_WORLD));
    CHECK(sum == t_size * in, "the sum %lld", (long long)sum);
    MPI_Info_create(&info);
    code = MPI_Abi_set_fortran_info(info);
    CHECK(t_class(code) == MPI_ERR_ABI, "class %d", t_class(code));
    code = MPI_Abi_set_fortran_booleans(4, &true_value, &false_value);
    CHECK(t_class(code) == MPI_ERR_ABI, "class %d", t_class(code));
    MPI_Info_free(&info);
}

static void hardware(void)
{
    char key[MPI_MAX_INFO_KEY], value[MPI_MAX_INFO_VAL];
    int n = 0, machine = 0;
    MPI_Info info;

    CHECK_OK(MPI_Get_hw_resource_info(&info));
    CHECK_OK(MPI_Info_get_nkeys(info, &n));
    for (int i = 0; i < n; i++) {
        CHECK_OK(MPI_Info_get_nthkey(info, i, key));
        CHECK(strncmp(key, "hwloc://", 8) == 0, "key '%s'", key);
        CHECK(value_of(info, key, value) && (!strcmp(value, "true") || !strcmp(value, "false")), "'%s'", value);
        machine += !strcmp(key, "hwloc://Machine") && !strcmp(value, "true");
    }
    CHECK(n >= 3 && machine == 1, "%d kinds; a process runs on one machine", n);
    CHECK_OK(MPI_Info_free(&info));
}

int main(int argc, char **argv)
{
    MPI_Errhandler handler;
    MPI_Info info;
    char value[MPI_MAX_INFO_VAL];
    int result;

    objects();
    environment(argc, argv);
    anytime();
    no_fortran_yet();
    set_fortran();
    fortran_is_set();
    MPI_Info_create(&info);
    MPI_Info_set(info, "from", "before");
    MPI_Comm_create_errhandler(ignore, &handler);
    t_init(&argc, &argv);
    MPI_Comm_set_errhandler(MPI_COMM_SELF, MPI_ERRORS_RETURN);
    objects();
    environment(argc, argv);
    CHECK(t_class(MPI_Info_set(MPI_INFO_ENV, "a", "b")) == MPI_ERR_INFO, "MPI_INFO_ENV was changed");
    fortran_is_set();
    fortran_types();
    hardware();
    result = t_finish();
    objects();
    environment(argc, argv);
    anytime();
    fortran_is_set();
    CHECK(value_of(info, "from", value) && strcmp(value, "before") == 0, "an info object over all of MPI");
    MPI_Info_free(&info);
    CHECK_OK(MPI_Errhandler_free(&handler));
    return result || t_failures;
}

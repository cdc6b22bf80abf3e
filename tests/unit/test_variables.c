/* The variables table: what can be written, and the line that says what was wrong. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "unit.h"

#include <string.h>

#include "../../src/runtime/variables.h"

static char message[400];

static int clear(void **state)
{
    (void)state;
    for (int i = 0; i < TRI_VAR_COUNT; i++) {
        char name[80];
        snprintf(name, sizeof name, "TRIREME_%s", tri_variables[i].name);
        unsetenv(name);
    }
    *message = '\0';
    return 0;
}

/* Reads the table with one variable set. */
static int read_with(const char *name, const char *value)
{
    clear(NULL);
    setenv(name, value, 1);
    return tri_variables_read(message, sizeof message);
}

static void expect(const char *name, const char *value, enum tri_variable_id id, int64_t number)
{
    int result = read_with(name, value);
    if (result) {
        fail_msg("%s=%s was refused: %s", name, value, message);
    }
    assert_int_equal(tri_variable_number(id), number);
    assert_true(tri_variable_is_set(id));
    assert_string_equal(tri_variable_text(id), value);
}

/* Refused, with a line that names the variable, the value and what it may be. */
static void refuse(const char *name, const char *value, const char *hint)
{
    char start[160];
    snprintf(start, sizeof start, "%s=%s ", name, value);
    if (!read_with(name, value)) {
        fail_msg("%s=%s was accepted", name, value);
    }
    assert_memory_equal(message, start, strlen(start));
    if (!strstr(message, hint)) {
        fail_msg("\"%s\" does not say \"%s\"", message, hint);
    }
    assert_null(strchr(message, '\n'));
}

/* Before all others: a file is read until it was found good. */
static void test_wrong_file(void **state)
{
    (void)state;
    for (int i = 0; i < 2; i++) {
        assert_int_equal(read_with("TRIREME_FILE", "/nonexistent/trireme.conf"), -1);
        assert_non_null(strstr(message, "TRIREME_FILE=/nonexistent/trireme.conf can not be read"));
    }
}

static void test_defaults(void **state)
{
    (void)state;
    assert_int_equal(tri_variables_read(message, sizeof message), 0);
    for (int i = 0; i < TRI_VAR_COUNT; i++) {
        enum tri_variable_id id = (enum tri_variable_id)i;
        assert_non_null(tri_variables[i].name);
        assert_non_null(tri_variables[i].meaning);
        assert_string_equal(tri_variable_text(id), tri_variables[i].initial);
        assert_false(tri_variable_is_set(id));
        assert_int_equal(tri_variable_find(tri_variables[i].name), i);
        if (tri_variables[i].type == TRI_TYPE_NUMBER || tri_variables[i].type == TRI_TYPE_SIZE) {
            assert_true(tri_variable_number(id) >= tri_variables[i].lowest);
            assert_true(tri_variable_number(id) <= tri_variables[i].highest);
        }
    }
    assert_int_equal(tri_variable_number(TRI_VAR_WAIT), 0);
    assert_int_equal(tri_variable_number(TRI_VAR_CMA), 1);
    assert_int_equal(tri_variable_find("NO_SUCH_ROW"), TRI_VAR_COUNT);
    assert_int_equal(tri_variable_find(""), TRI_VAR_COUNT);
}

static void test_sizes(void **state)
{
    (void)state;
    expect("TRIREME_EAGER_MAX", "0", TRI_VAR_EAGER_MAX, 0);
    expect("TRIREME_EAGER_MAX", "1000", TRI_VAR_EAGER_MAX, 1000);
    expect("TRIREME_EAGER_MAX", "4k", TRI_VAR_EAGER_MAX, 4096);
    expect("TRIREME_EAGER_MAX", "4K", TRI_VAR_EAGER_MAX, 4096);
    expect("TRIREME_EAGER_MAX", "1m", TRI_VAR_EAGER_MAX, 1 << 20);
    expect("TRIREME_EAGER_CREDIT", "1g", TRI_VAR_EAGER_CREDIT, 1 << 30);
    expect("TRIREME_SHARE_MIN", "9223372036854775807", TRI_VAR_SHARE_MIN, INT64_MAX);
    expect("TRIREME_SHARE_MIN", "8589934591g", TRI_VAR_SHARE_MIN, INT64_C(8589934591) << 30);
}

static void test_wrong_sizes(void **state)
{
    (void)state;
    static const char *const wrong[] = {"",
                                        "x",
                                        "k",
                                        "4kk",
                                        "4kb",
                                        "4t",
                                        "-1",
                                        "1.5",
                                        "4 k",
                                        "4k ",
                                        "0x10",
                                        "99999999999999999999",
                                        "9223372036854775807k",
                                        "18014398509481985k",
                                        "8589934592g"};
    for (size_t i = 0; i < TRI_COUNT_OF(wrong); i++) {
        refuse("TRIREME_EAGER_MAX", wrong[i], "0 to 1048576 (k, m, g may follow)");
    }
    refuse("TRIREME_EAGER_MAX", "1048577", "0 to 1048576");
    refuse("TRIREME_EAGER_CREDIT", "4095", "4096 to 1073741824");
    refuse("TRIREME_SHM_DATA", "64", "65536 to 67108864");
}

static void test_numbers(void **state)
{
    (void)state;
    expect("TRIREME_SHM_CELLS", "16", TRI_VAR_SHM_CELLS, 16);
    expect("TRIREME_SHM_CELLS", "65536", TRI_VAR_SHM_CELLS, 65536);
    expect("TRIREME_VERBOSE", "2", TRI_VAR_VERBOSE, 2);
    refuse("TRIREME_SHM_CELLS", "15", "16 to 65536");
    refuse("TRIREME_SHM_CELLS", "65537", "16 to 65536");
    refuse("TRIREME_VERBOSE", "yes", "0 to 2");
}

static void test_choices(void **state)
{
    (void)state;
    expect("TRIREME_WAIT", "auto", TRI_VAR_WAIT, 0);
    expect("TRIREME_WAIT", "spin", TRI_VAR_WAIT, 1);
    expect("TRIREME_WAIT", "yield", TRI_VAR_WAIT, 2);
    expect("TRIREME_WAIT", "sleep", TRI_VAR_WAIT, 3);
    static const char *const wrong[] = {"", "sle", "sleepy", "SPIN", "auto|spin", "|", "1"};
    for (size_t i = 0; i < TRI_COUNT_OF(wrong); i++) {
        refuse("TRIREME_WAIT", wrong[i], "auto|spin|yield|sleep");
    }
}

static void test_bools(void **state)
{
    (void)state;
    static const char *const yes[] = {"1", "yes", "on"}, *const no[] = {"0", "no", "off"};
    for (size_t i = 0; i < TRI_COUNT_OF(yes); i++) {
        expect("TRIREME_CMA", yes[i], TRI_VAR_CMA, 1);
        expect("TRIREME_CMA", no[i], TRI_VAR_CMA, 0);
    }
    refuse("TRIREME_CMA", "2", "neither 0 nor 1");
    refuse("TRIREME_CMA", "", "neither 0 nor 1");
    refuse("TRIREME_CMA", "maybe", "neither 0 nor 1");
}

static void test_texts(void **state)
{
    (void)state;
    expect("TRIREME_OFI_PROVIDER", "tcp;ofi_rxm", TRI_VAR_OFI_PROVIDER, 0);
    expect("TRIREME_OFI_PROVIDER", "", TRI_VAR_OFI_PROVIDER, 0);
}

/* A line that has no room is cut and stays a string. */
static void test_short_message(void **state)
{
    (void)state;
    char line[20];
    memset(line, 'x', sizeof line);
    setenv("TRIREME_WAIT", "a value that is longer than any line has room for", 1);
    assert_int_equal(tri_variables_read(line, 10), -1);
    assert_string_equal(line, "TRIREME_W");
    assert_int_equal(line[10], 'x');
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_wrong_file, clear),    cmocka_unit_test_setup(test_defaults, clear),
        cmocka_unit_test_setup(test_sizes, clear),         cmocka_unit_test_setup(test_wrong_sizes, clear),
        cmocka_unit_test_setup(test_numbers, clear),       cmocka_unit_test_setup(test_choices, clear),
        cmocka_unit_test_setup(test_bools, clear),         cmocka_unit_test_setup(test_texts, clear),
        cmocka_unit_test_setup(test_short_message, clear),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

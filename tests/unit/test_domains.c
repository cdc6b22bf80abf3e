/* Domains of a board: out of what a launcher says of where processes are bound. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "unit.h"

#include <string.h>

#include "../../collectives/board.h"
#include "../../src/runtime/job.h"
#include "../../src/runtime/launcher.h"
#include "../../src/runtime/locality.h"
#include "../../src/runtime/variables.h"

enum { RANKS = 8 };

/* Every third rank of the job is on this node. */
static int local[RANKS] = {1, 4, 7, 10, 13, 16, 19, 22};
struct tri_job tri_job = {.size = 24, .local = local, .local_count = RANKS, .launched = true};

static const char *texts[RANKS];
static int64_t wanted;

int64_t tri_variable_number(enum tri_variable_id id)
{
    assert_int_equal(id, TRI_VAR_DOMAINS);
    return wanted;
}

static void locality(int rank, int numbers[TRI_LOCALITY_LEVELS])
{
    assert_int_equal(rank % 3, 1);
    assert_true(rank / 3 < RANKS);
    tri_locality_parse(texts[rank / 3], numbers);
}

static const struct tri_launcher telling = {.locality = locality}, silent = {0};
const struct tri_launcher *tri_launcher = &telling;

static void test_text(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int l3, numa, package;
    } known[] = {
        {"SK1:L33:L26:L16:CR6:HT12:NM2", 3, 2, 1},
        {"NM0:SK0:L30", 0, 0, 0},
        {"hwloc:SK0:L30-1:NM0,2", -1, -1, 0},
        {"SK12", -1, -1, 12},
        {"", -1, -1, -1},
        {"SK:L3:NMx", -1, -1, -1},
        {"L3999999999999:NM-1", -1, -1, -1},
        {":::S:N:L", -1, -1, -1},
    };
    for (size_t i = 0; i < TRI_COUNT_OF(known); i++) {
        int numbers[TRI_LOCALITY_LEVELS];
        tri_locality_parse(known[i].text, numbers);
        assert_int_equal(numbers[TRI_LOCALITY_L3], known[i].l3);
        assert_int_equal(numbers[TRI_LOCALITY_NUMA], known[i].numa);
        assert_int_equal(numbers[TRI_LOCALITY_PACKAGE], known[i].package);
    }
}

/* Of the first `count` ranks of this node. expected: the domain of each, a digit. */
static void check(int count, const char *expected, int most)
{
    struct tri_domains domains = tri_domains_find(local, count);
    char found[RANKS + 1] = "";
    int largest = -1;
    for (int i = 0; i < count; i++) {
        found[i] = (char)('0' + domains.of[i]);
        if (domains.of[i] > largest) {
            largest = domains.of[i];
            assert_int_equal(domains.first[largest], i);
        }
    }
    assert_string_equal(found, expected);
    assert_int_equal(domains.count, largest + 1);
    assert_int_equal(domains.most, most);
    tri_locality_end();
}

static void bind_all(const char *const given[RANKS])
{
    memcpy(texts, given, sizeof texts);
}

static void test_levels(void **state)
{
    (void)state;
    /* Each rank has a cache of its own, two share a NUMA node, four a package: three looks by any of them. */
    bind_all((const char *const[]){"SK0:L30:NM0", "SK0:L31:NM0", "SK0:L32:NM1", "SK0:L33:NM1", "SK1:L34:NM2",
                                   "SK1:L35:NM2", "SK1:L36:NM3", "SK1:L37:NM3"});
    check(8, "00112233", 2);
    check(3, "000", 3); /* two looks either way */
    /* Two packages, ranks by turns. */
    bind_all((const char *const[]){"SK0:L30:NM0", "SK1:L31:NM1", "SK0:L30:NM0", "SK1:L31:NM1", "SK0:L30:NM0",
                                   "SK1:L31:NM1", "SK0:L30:NM0", "SK1:L31:NM1"});
    check(8, "01010101", 4);
    /* Bound to packages, with two caches each. */
    bind_all((const char *const[]){"SK0:L30-1", "SK0:L30-1", "SK0:L30-1", "SK0:L30-1", "SK1:L32-3", "SK1:L32-3",
                                   "SK1:L32-3", "SK1:L32-3"});
    check(8, "00001111", 4);
}

static void test_one(void **state)
{
    (void)state;
    /* All on one cache. */
    bind_all(
        (const char *const[]){"SK0:L30", "SK0:L30", "SK0:L30", "SK0:L30", "SK0:L30", "SK0:L30", "SK0:L30", "SK0:L30"});
    check(8, "00000000", 8);
    /* One is not bound. */
    bind_all((const char *const[]){"SK0:L30", "SK0:L30", "SK0:L30", "SK0:L30", "SK1:L31", "SK1:L31", "SK1:L31", ""});
    check(8, "00000000", 8);
    check(7, "0000111", 4);
    tri_launcher = &silent;
    check(7, "0000000", 7);
    tri_launcher = &telling;
}

static void test_variable(void **state)
{
    (void)state;
    bind_all((const char *const[]){"SK0", "SK0", "SK1", "SK1", "SK0", "SK0", "SK1", "SK1"});
    wanted = 3;
    check(8, "01201201", 3);
    wanted = 1;
    check(8, "00000000", 8);
    wanted = 0;
    check(8, "00110011", 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_text), cmocka_unit_test(test_levels),
                                       cmocka_unit_test(test_one), cmocka_unit_test(test_variable)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}

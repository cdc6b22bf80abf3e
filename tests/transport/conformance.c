/* The list of all conformance checks, and the program's main part. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "conformance.h"
#include "harness.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

/* A check needs this many ranks at least; `unsigned seconds` is far more than it ever takes. */
struct check {
    const char *name;
    rank_fn *fn;
    int least_ranks;
    unsigned seconds;
};

static const struct check checks[] = {
    {"limits and endpoints", check_limits, 1, 60},
    {"short packets of every length", check_short_lengths, 1, 60},
    {"bcopy packets around powers of two", check_bcopy_lengths, 1, 60},
    {"order of short and bcopy mixed", check_mixed_order, 1, 60},
    {"out of the sender's memory", check_zcopy, 2, 60},
    {"all to all at once", check_all_directions, 1, 60},
    {"flood", check_flood, 1, 60},
    {"echo from within deliver", check_echo, 2, 60},
    {"get", check_get, 1, 60},
    {"put", check_put, 2, 60},
    {"put with a word", check_notify, 2, 60},
    {"put with a word, in lanes", check_notify_in_lanes, 2, 60},
    {"claims", check_claims, 2, 60},
    {"sleeping", check_sleeping, 2, 60},
    {"sleeping on a descriptor", check_sleeping_fd, 2, 60},
    {"sleeping all the time", check_really_sleeps, 2, 60},
    {"lanes", check_lanes, 1, 60},
    {"lanes at the same time", check_lanes_at_once, 1, 60},
    {"nothing left behind", check_nothing_left, 1, 60},
    {"close drains", check_close_drains, 2, 60},
};

enum { CHECKS = sizeof(checks) / sizeof(*checks) };

static const struct tri_transport *transport;
static int ranks;

static void run_check(void **state)
{
    const struct check *check = *state;
    assert_int_equal(run_ranks(transport, ranks, check->fn, check->seconds), 0);
}

static int run_group(const char *group, int count)
{
    struct CMUnitTest tests[CHECKS];
    size_t used = 0;
    ranks = count;
    for (size_t i = 0; i < CHECKS; i++) {
        if (count >= checks[i].least_ranks) {
            tests[used++] = (struct CMUnitTest){checks[i].name, run_check, NULL, NULL, (void *)(uintptr_t)&checks[i]};
        }
    }
    return _cmocka_run_group_tests(group, tests, used, NULL, NULL);
}

int run_conformance(const struct tri_transport *tested, int most_ranks)
{
    int failures = 0;
    transport = tested;
    if (most_ranks == 1) {
        return run_group("one rank", 1);
    }
    failures += run_group("two ranks", 2);
    if (most_ranks > 2) {
        failures += run_group("three ranks", 3);
    }
    return failures;
}

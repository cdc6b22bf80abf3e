/* A rank's home, on a made-up machine of four CPUs: who has one, who goes there, and who goes away again. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <sched.h>

#include "unit.h"

#include "../../src/runtime/home.h"
#include "../../src/runtime/job.h"
#include "../../src/runtime/lane.h"
#include "../../src/runtime/variables.h"

enum { CPUS = 4, RANKS = 8, RANK = 5, HOME = 1, FAR = 3, LOOK = 256, QUICK = 2000, LONG = 3000000 };

struct tri_job tri_job;
bool tri_lane_threaded;

static int64_t spread;

int64_t tri_variable_number(enum tri_variable_id id)
{
    return id == TRI_VAR_SPREAD ? spread : 0;
}

/* ---- the machine: the system's calls, in place of the C library's ---- */

static cpu_set_t mask;
static int here;

int sched_getcpu(void)
{
    return here;
}

int sched_getaffinity(pid_t pid, size_t size, cpu_set_t *set)
{
    assert_int_equal(pid, 0);
    assert_int_equal(size, sizeof *set);
    *set = mask;
    return 0;
}

/* Who is where it may not be any more goes to the first place where it may. */
int sched_setaffinity(pid_t pid, size_t size, const cpu_set_t *set)
{
    assert_int_equal(pid, 0);
    assert_int_equal(size, sizeof *set);
    mask = *set;
    for (int cpu = 0; !CPU_ISSET(here, &mask); cpu++) {
        here = CPU_ISSET(cpu, &mask) ? cpu : here;
    }
    return 0;
}

/* ---- helpers ---- */

static void allow(int first, int last)
{
    CPU_ZERO(&mask);
    for (int cpu = first; cpu <= last; cpu++) {
        CPU_SET(cpu, &mask);
    }
}

static int local[RANKS];

static int start(void **state)
{
    (void)state;
    tri_job =
        (struct tri_job){.rank = RANK, .local_count = RANKS, .cpus = CPUS, .local = local, .oversubscribed = true};
    for (int i = 0; i < RANKS; i++) {
        local[i] = i;
    }
    spread = 1;
    tri_lane_threaded = false;
    allow(0, CPUS - 1);
    here = FAR;
    tri_home_start();
    return 0;
}

static void yield(int times)
{
    for (int i = 0; i < times; i++) {
        tri_home_yielded(QUICK);
    }
}

static void assert_unbound(void)
{
    assert_int_equal(CPU_COUNT(&mask), CPUS);
}

/* ---- tests ---- */

static void test_goes_home(void **state)
{
    (void)state;
    yield(LOOK - 1);
    assert_int_equal(here, FAR);
    yield(1);
    assert_int_equal(here, HOME);
    assert_unbound();
    assert_true(tri_home_on_trial());
    yield(LOOK);
    assert_false(tri_home_on_trial());
    here = 0; /* the kernel wants it elsewhere: it tries once more */
    yield(LOOK);
    assert_int_equal(here, HOME);
}

static void test_who_sleeps_stays(void **state)
{
    (void)state;
    for (int i = 0; i < 10; i++) {
        yield(LOOK - 1);
        tri_home_slept();
    }
    assert_int_equal(here, FAR);
}

/* Yields until it goes home; returns the looks that it took. */
static int looks_until_home(void)
{
    for (int looks = 1; looks < 10000; looks++) {
        yield(LOOK);
        if (here == HOME) {
            return looks;
        }
    }
    return -1;
}

static void test_goes_away_from_others(void **state)
{
    (void)state;
    assert_int_equal(looks_until_home(), 1);
    for (int patience = 1; patience < 4096; patience = 2 * patience + 1) {
        tri_home_yielded(LONG);
        assert_int_equal(here, FAR);
        assert_unbound();
        assert_int_equal(looks_until_home(), patience + 1);
    }
    tri_home_yielded(LONG);
    assert_int_equal(looks_until_home(), 4096);
    yield(LOOK); /* nobody there any more */
    tri_home_yielded(LONG);
    assert_int_equal(here, HOME);
    here = 2;
    assert_int_equal(looks_until_home(), 1);
}

static void test_may_not_go_home(void **state)
{
    (void)state;
    allow(2, 3); /* by the program, later */
    yield(3 * LOOK);
    assert_int_equal(here, FAR);
    assert_int_equal(CPU_COUNT(&mask), 2);
    assert_false(tri_home_on_trial());
}

/* As in a container: of the four CPUs these two are all that the job has. */
static void test_fewer_cpus(void **state)
{
    (void)state;
    tri_job.cpus = 2;
    allow(1, 2);
    here = 1;
    tri_home_start();
    yield(LOOK);
    assert_int_equal(here, 2); /* rank 5: the second */
    assert_int_equal(CPU_COUNT(&mask), 2);
}

static void test_who_lives_elsewhere(void **state)
{
    (void)state;
    for (int i = 0; i < RANKS; i++) {
        local[i] = RANKS * i; /* ranks between them are on other nodes */
    }
    tri_job.rank = local[RANK];
    tri_home_start();
    for (int i = 0; i < RANKS; i++) {
        assert_int_equal(tri_home_is_elsewhere(local[i]), i % CPUS != HOME);
    }
}

static void assert_homeless(void)
{
    cpu_set_t before = mask;
    int there = here;
    tri_home_start();
    for (int i = 0; i < tri_job.local_count; i++) {
        assert_false(tri_home_is_elsewhere(local[i]));
    }
    yield(3 * LOOK);
    assert_int_equal(here, there);
    assert_true(CPU_EQUAL(&before, &mask));
}

static void test_ranks_that_do_not_divide(void **state)
{
    (void)state;
    tri_job.local_count = 7;
    assert_homeless();
}

static void test_one_rank_a_cpu(void **state)
{
    (void)state;
    tri_job.local_count = CPUS;
    assert_homeless();
}

static void test_bound_by_the_launcher(void **state)
{
    (void)state;
    allow(2, 3);
    here = 2;
    assert_homeless();
}

static void test_cores_of_their_own(void **state)
{
    (void)state;
    tri_job.oversubscribed = false;
    assert_homeless();
}

static void test_told_not_to(void **state)
{
    (void)state;
    spread = 0;
    assert_homeless();
}

static void test_several_threads(void **state)
{
    (void)state;
    tri_lane_threaded = true;
    assert_homeless();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_goes_home, start),
        cmocka_unit_test_setup(test_who_sleeps_stays, start),
        cmocka_unit_test_setup(test_goes_away_from_others, start),
        cmocka_unit_test_setup(test_may_not_go_home, start),
        cmocka_unit_test_setup(test_fewer_cpus, start),
        cmocka_unit_test_setup(test_who_lives_elsewhere, start),
        cmocka_unit_test_setup(test_ranks_that_do_not_divide, start),
        cmocka_unit_test_setup(test_one_rank_a_cpu, start),
        cmocka_unit_test_setup(test_bound_by_the_launcher, start),
        cmocka_unit_test_setup(test_cores_of_their_own, start),
        cmocka_unit_test_setup(test_told_not_to, start),
        cmocka_unit_test_setup(test_several_threads, start),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

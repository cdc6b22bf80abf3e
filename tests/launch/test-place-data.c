/* test-place-data.c: what is read, sent and drawn about where ranks go. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "test_place_jobs.h"

static void test_bad_words(void **state)
{
    static const char *const maps[] = {"", "cache", "slot:slot", "ppr", "ppr:0:core", "ppr:2",
                                       "ppr:2:disk", "numa:pe=0", "numa:pe=", "dist:a:b", "pe=2"};
    static const char *const lists[] = {"", "a", "1,", ",1", "3-1", "1-", "-1", "1 2", "99999999"};
    struct tri_policy policy = {0};

    (void)state;
    for (size_t i = 0; i < sizeof maps / sizeof *maps; i++) {
        char *why = tri_policy_map_by(&policy, maps[i]);

        assert_non_null(why);
        assert_non_null(strstr(why, "option --map-by"));
        free(why);
    }
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        char *why = tri_policy_cpu_list(&policy, lists[i]);

        assert_non_null(why);
        free(why);
    }
    free(tri_policy_rank_by(&policy, "cache"));
    free(tri_policy_bind_to(&policy, "node"));
    assert_int_equal(policy.rank, TRI_RANK_MAP);
    assert_int_equal(policy.bind, TRI_BIND_AUTO);
    tri_policy_clear(&policy);
}

static void test_machine_survives_the_wire(void **state)
{
    static const char *const machines[] = {BIG, UNEVEN, CUT, HYBRID, DEVICE, SMALL};

    (void)state;
    for (size_t i = 0; i < sizeof machines / sizeof *machines; i++) {
        struct tri_machine *machine = load(&(struct setting){machines[i], .busy = "1"});
        struct tri_buffer first = {0}, second = {0};

        tri_machine_put(&first, machine);
        struct tri_reader reader = {.at = first.data, .left = first.len};
        struct tri_machine *copy = tri_machine_get(&reader);

        assert_non_null(copy);
        assert_int_equal(reader.left, 0);
        tri_machine_put(&second, copy);
        assert_int_equal(first.len, second.len);
        assert_memory_equal(first.data, second.data, first.len);
        tri_machine_free(copy);
        tri_machine_free(machine);
        tri_buffer_free(&first);
        tri_buffer_free(&second);
    }
}

/* No damaged message makes the reader or the placing stray. */
static void test_machine_refuses_damage(void **state)
{
    struct tri_machine *machine = load(&(struct setting){.machine = DEVICE});
    struct tri_policy policy = {0};
    struct tri_buffer buffer = {0};

    (void)state;
    tri_machine_put(&buffer, machine);
    tri_machine_free(machine);
    for (size_t len = 0; len < buffer.len; len++) {
        struct tri_reader reader = {.at = buffer.data, .left = len};

        assert_null(tri_machine_get(&reader));
    }
    for (size_t at = 0; at < buffer.len; at++) {
        for (unsigned flip = 1; flip < 256; flip += 37) {
            buffer.data[at] ^= (unsigned char)flip;
            struct tri_reader reader = {.at = buffer.data, .left = buffer.len};

            machine = tri_machine_get(&reader);
            if (machine != NULL) {
                struct tri_place_node node = {"node", machine};
                struct tri_place_app app = {.count = 3};
                struct tri_layout layout;
                uint32_t node_of[3] = {0};

                free(tri_place(&policy, &node, 1, &app, 1, node_of, &layout));
                tri_layout_clear(&layout);
                tri_machine_free(machine);
            }
            buffer.data[at] ^= (unsigned char)flip;
        }
    }
    tri_buffer_free(&buffer);
}

/* What a node is told: its own ranks only, and the cores by the number under which all jobs know
 * them. */
static void test_berths(void **state)
{
    struct job job;
    struct tri_buffer buffer = {0};
    struct tri_berths berths;

    (void)state;
    open_job(&job, &(struct setting){CUT, .hosts = "a:2,b:3", .count = 5, .bind = "hwthread"});
    tri_berths_put(&buffer, &job.layout, 0, job.machines[0], true);
    struct tri_reader reader = {.at = buffer.data, .left = buffer.len};

    assert_true(tri_berths_get(&reader, &berths));
    assert_int_equal(reader.left, 0);
    assert_int_equal(berths.count, 2);
    assert_int_equal(berths.cores, 6);
    assert_true(berths.by_thread);
    assert_string_equal(berths.items[1].text, "1 thread of package 0 core 0 (cpus 1)");
    assert_int_equal(berths.nclaims, 1);
    assert_int_equal(berths.claims[0], 0);
    tri_berths_clear(&berths);
    for (size_t len = 0; len < buffer.len; len++) {
        reader = (struct tri_reader){.at = buffer.data, .left = len};
        assert_false(tri_berths_get(&reader, &berths));
        tri_berths_clear(&berths);
    }
    tri_buffer_free(&buffer);
    close_job(&job);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bad_words),
        cmocka_unit_test(test_machine_survives_the_wire),
        cmocka_unit_test(test_machine_refuses_damage),
        cmocka_unit_test(test_berths),
    };

    unsetenv("OMP_NUM_THREADS");
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* test-parts.c: the parts of mprun that need no processes: messages, mapping, hosts, output. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "jobdesc.h"
#include "map.h"
#include "sink.h"

static struct tri_jobdesc sample_desc(void)
{
    struct tri_jobdesc desc = {.nspace = tri_copy("job"), .nranks = 3, .napps = 2, .universe = 4,
                               .input = TRI_STDIN_RELAY};

    tri_strings_add(&desc.nodes, "a");
    tri_strings_add(&desc.nodes, "b");
    desc.node_of = tri_alloc(3, sizeof *desc.node_of);
    desc.node_of[2] = 1;
    desc.apps = tri_alloc(2, sizeof *desc.apps);
    for (uint32_t i = 0; i < 2; i++) {
        tri_strings_add(&desc.apps[i].argv, "prog");
        tri_strings_add(&desc.apps[i].argv, "");
        tri_strings_add(&desc.apps[i].env, "A=b");
        desc.apps[i].dir = tri_copy("/");
        desc.apps[i].path = tri_copy("");
        desc.apps[i].pset = tri_copy(i == 1 ? "ice" : "");
    }
    desc.apps[0].count = 2;
    desc.apps[1].first = 2;
    desc.apps[1].count = 1;
    return desc;
}

static void test_jobdesc_survives_the_wire(void **state)
{
    (void)state;
    struct tri_jobdesc desc = sample_desc(), copy;
    struct tri_buffer buffer = {0};

    tri_jobdesc_put(&buffer, &desc);
    struct tri_reader reader = {.at = buffer.data, .left = buffer.len};

    assert_true(tri_jobdesc_get(&reader, &copy));
    assert_int_equal(reader.left, 0);
    assert_string_equal(copy.nspace, "job");
    assert_int_equal(copy.node_of[2], 1);
    assert_string_equal(copy.apps[1].argv.items[0], "prog");
    assert_string_equal(copy.apps[1].argv.items[1], "");
    assert_null(copy.apps[1].argv.items[2]);
    assert_string_equal(copy.apps[1].pset, "ice");
    assert_int_equal(tri_jobdesc_app_of(&copy, 2), 1);
    assert_int_equal(tri_jobdesc_count_on(&copy, 0), 2);
    tri_jobdesc_clear(&copy);
    tri_jobdesc_clear(&desc);
    tri_buffer_free(&buffer);
}

/* No prefix of a message is taken for a whole one, and no changed byte makes the reader stray. */
static void test_jobdesc_refuses_damage(void **state)
{
    (void)state;
    struct tri_jobdesc desc = sample_desc(), copy;
    struct tri_buffer buffer = {0};

    tri_jobdesc_put(&buffer, &desc);
    for (size_t len = 0; len < buffer.len; len++) {
        unsigned char *part = malloc(len + 1);

        memcpy(part, buffer.data, len);
        struct tri_reader reader = {.at = part, .left = len};

        assert_false(tri_jobdesc_get(&reader, &copy));
        tri_jobdesc_clear(&copy);
        free(part);
    }
    for (size_t at = 0; at < buffer.len; at++) {
        for (unsigned flip = 1; flip < 256; flip += 37) {
            buffer.data[at] ^= (unsigned char)flip;
            struct tri_reader reader = {.at = buffer.data, .left = buffer.len};

            if (tri_jobdesc_get(&reader, &copy)) {
                for (uint32_t rank = 0; rank < copy.nranks; rank++) {
                    assert_true(copy.node_of[rank] < copy.nodes.count);
                    assert_true(tri_jobdesc_app_of(&copy, rank) < copy.napps);
                }
            }
            tri_jobdesc_clear(&copy);
            buffer.data[at] ^= (unsigned char)flip;
        }
    }
    tri_jobdesc_clear(&desc);
    tri_buffer_free(&buffer);
}

static void test_reader_stays_bad(void **state)
{
    (void)state;
    unsigned char bytes[] = {1, 0, 0, 0, 200, 0, 0, 0, 7, 0, 0, 0};
    struct tri_reader reader = {.at = bytes, .left = sizeof bytes};
    size_t len;

    assert_int_equal(tri_get_u32(&reader), 1);
    assert_null(tri_get_blob(&reader, &len));
    assert_int_equal(len, 0);
    assert_true(reader.bad);
    assert_int_equal(tri_get_u32(&reader), 0);
    char *text = tri_get_string(&reader);

    assert_string_equal(text, "");
    free(text);
}

/* "a:2,b:3" and a number of ranks; wanted is the nodes of the ranks, as letters. */
static void check_map(const char *hosts, uint32_t count, const char *wanted)
{
    struct tri_options options = {0};
    struct tri_request request = {.count = count};
    struct tri_host_list all = {0};
    struct tri_jobdesc desc = {0};
    char got[128] = "";

    tri_hosts_add_list(&options.hosts, &all, hosts);
    options.requests = &request;
    options.nrequests = 1;
    tri_map_ranks(&options, &desc);
    for (uint32_t rank = 0; rank < desc.nranks; rank++) {
        got[rank] = options.hosts.items[desc.node_of[rank]].name[0];
    }
    assert_string_equal(got, wanted);
    tri_jobdesc_clear(&desc);
    tri_hosts_clear(&options.hosts);
    free(all.items);
}

static void test_map(void **state)
{
    (void)state;
    check_map("a:2,b:3", 0, "aabbb");
    check_map("a:2,b:3", 1, "a");
    check_map("a:2,b:3", 4, "aabb");
    check_map("a:2,b:2", 5, "aaabb");
    check_map("a:2,b:2", 6, "aaabbb");
    check_map("a:1,b:3", 8, "aabbbbbb");
    check_map("a:1,b:3", 10, "aaabbbbbbb");
    check_map("a:1,a:1,b:1", 3, "aab");
}

static void test_map_of_two_programs(void **state)
{
    (void)state;
    struct tri_options options = {.nrequests = 3};
    struct tri_request requests[3] = {{.count = 1}, {.count = 2}, {.count = 0}};
    struct tri_host_list all = {0};
    struct tri_jobdesc desc = {0};
    bool needed[2];

    tri_hosts_add_list(&options.hosts, &all, "a:2,b:2");
    tri_hosts_add_list(&options.hosts, &requests[2].hosts, "a");
    options.requests = requests;
    tri_map_needed(&options, needed);
    assert_true(needed[0] && needed[1]);
    tri_map_ranks(&options, &desc);
    assert_int_equal(desc.nranks, 4);
    assert_int_equal(desc.napps, 3);
    assert_int_equal(desc.node_of[0], 0);
    assert_int_equal(desc.node_of[1], 0);
    assert_int_equal(desc.node_of[2], 1);
    assert_int_equal(desc.node_of[3], 0);
    assert_int_equal(desc.apps[2].first, 3);
    tri_jobdesc_clear(&desc);
    tri_hosts_clear(&options.hosts);
    free(requests[2].hosts.items);
    free(all.items);
}

static void test_hosts(void **state)
{
    (void)state;
    struct tri_hosts hosts = {0};
    struct tri_host_list chosen = {0};

    tri_hosts_add_list(&hosts, &chosen, "localhost:2,u@b.c:3,[fe80::1%eth0]:4,::2,127.0.0.1:1");
    assert_int_equal(hosts.count, 4);
    assert_int_equal(chosen.count, 4);
    assert_true(hosts.items[0].local);
    assert_string_equal(hosts.items[0].name, tri_own_name());
    assert_int_equal(hosts.items[0].slots, 3);
    assert_string_equal(hosts.items[1].name, "u@b.c");
    assert_int_equal(hosts.items[1].slots, 3);
    assert_string_equal(hosts.items[2].name, "fe80::1%eth0");
    assert_int_equal(hosts.items[2].slots, 4);
    assert_string_equal(hosts.items[3].name, "::2");
    assert_int_equal(hosts.items[3].slots, 0);
    tri_hosts_clear(&hosts);
    free(chosen.items);
}

/* What a sink told and wrote. */
struct probe {
    int pipe[2], saved;
    size_t passed[4];
    struct event_base *base;
    struct tri_sink *sink;
};

static void on_passed(void *context, uint32_t rank, uint32_t stream, size_t len)
{
    (void)stream;
    ((struct probe *)context)->passed[rank] += len;
}

static void on_failed(void *context, uint32_t stream, int error)
{
    (void)context, (void)stream, (void)error;
    fail();
}

static void on_drained(void *context)
{
    (void)context;
}

/* A sink over a pipe in place of stdout; cmocka itself writes to stderr here. */
static void open_probe(struct probe *probe, bool tag)
{
    static const struct tri_sink_calls calls = {on_passed, on_failed, on_drained};

    struct tri_line_style style = {.tag = tag};

    *probe = (struct probe){.base = event_base_new()};
    assert_int_equal(pipe(probe->pipe), 0);
    fflush(stdout);
    probe->saved = dup(STDOUT_FILENO);
    dup2(probe->pipe[1], STDOUT_FILENO);
    probe->sink = tri_sink_new(probe->base, STDOUT_FILENO, &style, &calls, probe);
}

static void close_probe(struct probe *probe, const char *wanted)
{
    char got[4096];

    tri_sink_flush(probe->sink);
    tri_sink_free(probe->sink);
    event_base_free(probe->base);
    dup2(probe->saved, STDOUT_FILENO);
    close(probe->saved);
    ssize_t len = read(probe->pipe[0], got, sizeof got - 1);

    got[len > 0 ? len : 0] = '\0';
    assert_string_equal(got, wanted);
    close(probe->pipe[0]);
    close(probe->pipe[1]);
}

static void test_sink_keeps_lines_whole(void **state)
{
    (void)state;
    struct probe probe;

    open_probe(&probe, false);
    tri_sink_put(probe.sink, 0, "long ", 5, true);
    tri_sink_put(probe.sink, 1, "other\n", 6, false);
    tri_sink_put(probe.sink, 2, "third", 5, false);
    assert_int_equal(probe.passed[1], 0);
    tri_sink_put(probe.sink, 0, "line\n", 5, false);
    assert_int_equal(probe.passed[0], 10);
    assert_int_equal(probe.passed[1], 6);
    assert_int_equal(probe.passed[2], 5);
    tri_sink_put(probe.sink, 0, "end\n", 4, false);
    close_probe(&probe, "long line\nother\nthird\nend\n");
}

static void test_sink_tags_lines(void **state)
{
    (void)state;
    struct probe probe;

    open_probe(&probe, true);
    tri_sink_put(probe.sink, 3, "one\n\ntwo", 8, false);
    tri_sink_put(probe.sink, 1, "a ", 2, true);
    tri_sink_put(probe.sink, 1, "b\n", 2, false);
    tri_sink_say(probe.sink, "note");
    close_probe(&probe, "[3] one\n[3] \n[3] two\n[1] a b\nmprun: note\n");
}

static void test_sink_does_not_wait_forever(void **state)
{
    (void)state;
    struct probe probe;

    open_probe(&probe, false);
    tri_sink_put(probe.sink, 0, "dots...", 7, true);
    tri_sink_put(probe.sink, 1, "other\n", 6, false);
    while (probe.passed[1] == 0) {
        event_base_loop(probe.base, EVLOOP_ONCE);
    }
    close_probe(&probe, "dots...\nother\n");
}

static void test_numbers_and_strings(void **state)
{
    (void)state;
    struct tri_strings list = {0};
    long number;

    assert_true(tri_parse_number("12", 1, 12, &number));
    assert_int_equal(number, 12);
    assert_false(tri_parse_number("13", 1, 12, &number));
    assert_false(tri_parse_number("1x", 1, 12, &number));
    assert_false(tri_parse_number("", 0, 12, &number));
    assert_false(tri_parse_number("99999999999999999999", 0, 12, &number));
    tri_strings_setenv(&list, "AB", "1");
    tri_strings_setenv(&list, "A", "2");
    tri_strings_setenv(&list, "AB", "3=4");
    assert_int_equal(list.count, 2);
    assert_string_equal(tri_strings_getenv(&list, "AB"), "3=4");
    assert_string_equal(tri_strings_getenv(&list, "A"), "2");
    assert_null(tri_strings_getenv(&list, "B"));
    tri_strings_clear(&list);
    tri_strings_split(&list, ",a,,b ,", ",");
    assert_int_equal(list.count, 2);
    assert_string_equal(list.items[1], "b ");
    tri_strings_clear(&list);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_jobdesc_survives_the_wire),
        cmocka_unit_test(test_jobdesc_refuses_damage),
        cmocka_unit_test(test_reader_stays_bad),
        cmocka_unit_test(test_map),
        cmocka_unit_test(test_map_of_two_programs),
        cmocka_unit_test(test_hosts),
        cmocka_unit_test(test_sink_keeps_lines_whole),
        cmocka_unit_test(test_sink_tags_lines),
        cmocka_unit_test(test_sink_does_not_wait_forever),
        cmocka_unit_test(test_numbers_and_strings),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

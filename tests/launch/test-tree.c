/* test-tree.c: which daemon starts which, and how fences come together in one of them. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "exchange.h"
#include "server.h"
#include "tree.h"

static void test_branches_cover_all_nodes(void **state)
{
    (void)state;
    for (uint32_t count = 1; count < 40; count++) {
        struct tri_branch branch = {0};

        for (uint32_t i = 0; i < count; i++) {
            tri_branch_add(&branch, i, "x");
        }
        for (uint32_t fanout = 0; fanout < 6; fanout++) {
            uint32_t above[40], started[41] = {0};

            memset(above, 0xff, sizeof above);
            tri_branch_note(&branch, fanout, 40, above);
            for (uint32_t i = 0; i < count; i++) {
                assert_true(above[i] == 40 || above[i] < i);
                started[above[i]]++;
            }
            for (uint32_t i = 0; i <= 40; i++) {
                assert_true(fanout == 0 || started[i] <= fanout);
            }
            assert_int_equal(started[40], tri_branch_children(&branch, fanout));
        }
        free(branch.nodes);
        tri_strings_clear(&branch.hosts);
    }
}

static void test_tree_survives_the_wire(void **state)
{
    (void)state;
    struct tri_launch launch = {.dir = (char *)(uintptr_t)"/opt/bin", .fanout = 2, .timeout = 30,
                                .heartbeat = 20}, copy = {0};
    struct tri_branch branch = {0}, below = {0};
    struct tri_buffer buffer = {0};
    uint32_t own;
    char *name;

    tri_strings_add(&launch.agent, "ssh");
    for (uint32_t i = 0; i < 4; i++) {
        tri_branch_add(&branch, 10 + i, i == 1 ? "me" : "other");
    }
    tri_tree_put(&buffer, &launch, &branch, 1, 3);
    struct tri_reader reader = {.at = buffer.data, .left = buffer.len};

    assert_true(tri_tree_get(&reader, &copy, &own, &name, &below));
    assert_int_equal(reader.left, 0);
    assert_int_equal(own, 11);
    assert_string_equal(name, "me");
    assert_int_equal(below.hosts.count, 1);
    assert_int_equal(below.nodes[0], 12);
    assert_string_equal(copy.dir, "/opt/bin");
    for (size_t len = 0; len < buffer.len; len++) {
        struct tri_launch bad = {0};
        struct tri_branch none = {0};
        char *nobody;

        reader = (struct tri_reader){.at = buffer.data, .left = len};
        assert_false(tri_tree_get(&reader, &bad, &own, &nobody, &none));
    }
}

/* What an exchange has sent. */
struct sent {
    int up, released;
    uint64_t id;
    char data[16];
};

static void note_release(void *context, uint32_t member, const struct tri_buffer *payload)
{
    struct sent *sent = context;
    struct tri_reader reader = {.at = payload->data, .left = payload->len};
    size_t len;

    assert_int_equal(tri_get_u64(&reader), 100 + member);
    assert_int_equal(tri_get_u32(&reader), TRI_STATUS_OK);
    const void *data = tri_get_blob(&reader, &len);

    memcpy(sent->data, data, len);
    sent->released++;
}

static void note_up(void *context, const struct tri_buffer *payload)
{
    struct sent *sent = context;
    struct tri_reader reader = {.at = payload->data, .left = payload->len};
    size_t len;

    sent->up++;
    sent->id = tri_get_u64(&reader);
    tri_get_blob(&reader, &len);
    const void *data = tri_get_blob(&reader, &len);

    memset(sent->data, 0, sizeof sent->data);
    memcpy(sent->data, data, len);
}

static bool enter(struct tri_exchange *exchange, uint32_t member, uint32_t rank)
{
    struct tri_buffer payload = {0}, participants = {0};

    tri_put_u32(&participants, rank);
    if (rank != TRI_ALL_RANKS) {
        tri_put_u32(&participants, rank + 1);
    }
    tri_put_u64(&payload, 100 + member);
    tri_put_blob(&payload, participants.data, participants.len);
    tri_put_blob(&payload, &"abc"[member], 1);
    struct tri_reader reader = {.at = payload.data, .left = payload.len};
    bool good = tri_exchange_enter(exchange, member, &reader);

    tri_buffer_free(&payload);
    tri_buffer_free(&participants);
    return good;
}

static void answer(struct tri_exchange *exchange, uint64_t id, bool wanted)
{
    struct tri_buffer payload = {0};

    tri_put_u64(&payload, id);
    tri_put_u32(&payload, TRI_STATUS_OK);
    tri_put_blob(&payload, "all", 3);
    struct tri_reader reader = {.at = payload.data, .left = payload.len};

    assert_int_equal(tri_exchange_answer(exchange, &reader), wanted);
    tri_buffer_free(&payload);
}

/* Ranks 0 and 1 are below the first member, 2 and 3 below the second, 4 is our own, 5 elsewhere. */
static void test_fences_come_together(void **state)
{
    (void)state;
    static const struct tri_exchange_calls calls = {note_release, note_up};
    uint32_t node_of[] = {0, 1, 2, 3, 4, 5}, member_of[] = {0, 0, 1, 1, 2, TRI_ELSEWHERE};
    struct tri_jobdesc desc = {.nranks = 6, .node_of = node_of};
    struct sent sent = {0};
    struct tri_exchange *exchange = tri_exchange_new(&desc, member_of, 3, &calls, &sent);

    assert_true(enter(exchange, 1, TRI_ALL_RANKS));
    assert_true(enter(exchange, 0, TRI_ALL_RANKS));
    assert_false(enter(exchange, 0, TRI_ALL_RANKS)); /* twice */
    assert_int_equal(sent.up, 0);
    assert_true(enter(exchange, 2, TRI_ALL_RANKS));
    assert_int_equal(sent.up, 1);
    assert_string_equal(sent.data, "bac");
    answer(exchange, sent.id + 1, false);
    answer(exchange, sent.id, true);
    assert_int_equal(sent.released, 3);
    assert_string_equal(sent.data, "all");
    answer(exchange, sent.id, false);

    assert_false(enter(exchange, 2, 0)); /* not one of them */
    assert_true(enter(exchange, 0, 1));  /* ranks 1 and 2: nobody elsewhere */
    assert_true(enter(exchange, 1, 1));
    assert_int_equal(sent.up, 1);
    assert_int_equal(sent.released, 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_branches_cover_all_nodes),
        cmocka_unit_test(test_tree_survives_the_wire),
        cmocka_unit_test(test_fences_come_together),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

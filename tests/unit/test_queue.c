/* The matching queue against a plain list: random appends, removals and look-ups with wildcards. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "unit.h"

#include <string.h>

#include "../../include/mpi.h"
#include "../../src/p2p/queue.h"

enum { ROOM = 10000 };

/* The model: the entries in order of arrival. */
struct model {
    struct tri_queue queue;
    struct dice dice;
    size_t length;
    struct tri_queue_entry *list[ROOM];
    int sources, tags; /* how many different ones */
    int wild;          /* percentage of wildcards where they are allowed */
};

static struct model model;

static void start(bool wild_entries, int sources, int tags, int wild)
{
    model = (struct model){
        .dice = dice_start((uint64_t)sources * 1000 + (uint64_t)tags), .sources = sources, .tags = tags, .wild = wild};
    tri_queue_start(&model.queue, wild_entries, tri_counters);
}

static void end(void)
{
    for (size_t i = 0; i < model.length; i++) {
        free(model.list[i]);
    }
    tri_queue_end(&model.queue);
}

static void pick(bool may_be_wild, int32_t *source, int32_t *tag)
{
    *source = (int32_t)dice_between(&model.dice, 0, model.sources - 1);
    *tag = (int32_t)dice_between(&model.dice, 0, model.tags - 1);
    if (may_be_wild && dice_chance(&model.dice, model.wild)) {
        *source = MPI_ANY_SOURCE;
    }
    if (may_be_wild && dice_chance(&model.dice, model.wild)) {
        *tag = MPI_ANY_TAG;
    }
}

static void append(void)
{
    struct tri_queue_entry *entry = malloc(sizeof *entry);
    assert_non_null(entry);
    memset(entry, 0x5a, sizeof *entry);
    pick(model.queue.wild_entries, &entry->source, &entry->tag);
    tri_queue_append(&model.queue, entry);
    model.list[model.length++] = entry;
}

static void remove_at(size_t index)
{
    struct tri_queue_entry *entry = model.list[index];
    tri_queue_remove(&model.queue, entry);
    memset(entry, 0xa5, sizeof *entry); /* the queue may not look at it any more */
    free(entry);
    model.length--;
    memmove(&model.list[index], &model.list[index + 1], (model.length - index) * sizeof *model.list);
}

static bool is_wild(int32_t value, int32_t wildcard)
{
    return value == wildcard;
}

/* Index of the earliest match in the list, or its length. */
static size_t expected(int32_t source, int32_t tag)
{
    for (size_t i = 0; i < model.length; i++) {
        const struct tri_queue_entry *entry = model.list[i];
        bool source_fits =
            source == entry->source || is_wild(source, MPI_ANY_SOURCE) || is_wild(entry->source, MPI_ANY_SOURCE);
        bool tag_fits = tag == entry->tag || is_wild(tag, MPI_ANY_TAG) || is_wild(entry->tag, MPI_ANY_TAG);
        if (source_fits && tag_fits) {
            return i;
        }
    }
    return model.length;
}

/* Compares one look-up; takes the match out, as a receive would, if asked. */
static void find(bool take)
{
    int32_t source, tag;
    pick(!model.queue.wild_entries, &source, &tag);
    size_t index = expected(source, tag);
    struct tri_queue_entry *found = tri_queue_find(&model.queue, source, tag);
    assert_ptr_equal(found, index < model.length ? model.list[index] : NULL);
    if (take && found) {
        remove_at(index);
    }
}

static void check_whole(void)
{
    assert_int_equal(model.queue.length, model.length);
    struct tri_link *link = model.queue.order.next;
    for (size_t i = 0; i < model.length; i++, link = link->next) {
        assert_ptr_equal(tri_container_of(link, struct tri_queue_entry, order), model.list[i]);
    }
    assert_ptr_equal(link, &model.queue.order);
}

static void step(size_t aim)
{
    int growing = model.length < aim ? 60 : 30;
    if (dice_chance(&model.dice, growing) && model.length < ROOM) {
        append();
    } else if (dice_chance(&model.dice, 50)) {
        find(true);
    } else if (model.length > 0 && dice_chance(&model.dice, 40)) {
        remove_at((size_t)dice_between(&model.dice, 0, (int64_t)model.length - 1));
    } else {
        find(false);
    }
}

/* Lengths that go up and down around the one where the table begins. */
static void around_the_threshold(bool wild_entries)
{
    start(wild_entries, 4, 5, 25);
    for (int round = 0; round < 400; round++) {
        size_t aim = (size_t)dice_between(&model.dice, 0, 3 * TRI_QUEUE_SHORT);
        for (int i = 0; i < 60; i++) {
            step(aim);
        }
        check_whole();
        if (round % 8 == 0) {
            while (model.length > 0) {
                remove_at((size_t)dice_between(&model.dice, 0, (int64_t)model.length - 1));
            }
            find(false);
        }
    }
    end();
}

/* Up to 10,000 entries, and twice, so that the table grows and is used again. */
static void long_queue(bool wild_entries, int sources, int tags, int wild)
{
    start(wild_entries, sources, tags, wild);
    for (int again = 0; again < 2; again++) {
        while (model.length < ROOM) {
            append();
            if (model.length % 16 == 0) {
                find(false);
            }
        }
        check_whole();
        for (int i = 0; i < 2000; i++) {
            find(true);
        }
        check_whole();
        while (model.length > 0) {
            remove_at((size_t)dice_between(&model.dice, 0, (int64_t)model.length - 1));
            if (model.length % 16 == 0) {
                find(true);
            }
        }
        find(false);
        assert_int_equal(model.queue.length, 0);
    }
    end();
}

static void test_posted_around_the_threshold(void **state)
{
    (void)state;
    around_the_threshold(true);
}

static void test_unexpected_around_the_threshold(void **state)
{
    (void)state;
    around_the_threshold(false);
}

static void test_posted_long(void **state)
{
    (void)state;
    long_queue(true, 64, 200, 1);
    long_queue(true, 300, 1, 0);
    long_queue(true, 1, 10, 30);
}

static void test_unexpected_long(void **state)
{
    (void)state;
    long_queue(false, 64, 200, 30);
    long_queue(false, 1, 100000, 10);
}

/* Equal keys come out in the order in which they went in. */
static void test_equal_keys_in_order(void **state)
{
    (void)state;
    for (int wild_entries = 0; wild_entries < 2; wild_entries++) {
        start(wild_entries, 1, 1, 0);
        while (model.length < 200) {
            append();
        }
        while (model.length > 0) {
            assert_ptr_equal(tri_queue_find(&model.queue, 0, 0), model.list[0]);
            remove_at(0);
        }
        assert_null(tri_queue_find(&model.queue, 0, 0));
        end();
    }
}

/* The greatest rank and tag, and neighbours that a careless hash would mix up. */
static void test_extreme_keys(void **state)
{
    (void)state;
    static const int32_t keys[][2] = {
        {INT32_MAX, INT32_MAX},     {INT32_MAX, 0}, {0, INT32_MAX}, {0, 0}, {1, 0}, {0, 1},
        {INT32_MAX - 1, INT32_MAX}, {2, 0},         {0, 2},         {1, 1}, {7, 7}};
    struct tri_queue_entry entries[TRI_COUNT_OF(keys)];
    struct tri_queue queue;
    tri_queue_start(&queue, false, tri_counters);
    for (size_t i = 0; i < TRI_COUNT_OF(keys); i++) {
        entries[i].source = keys[i][0];
        entries[i].tag = keys[i][1];
        tri_queue_append(&queue, &entries[i]);
    }
    for (size_t i = 0; i < TRI_COUNT_OF(keys); i++) {
        assert_ptr_equal(tri_queue_find(&queue, keys[i][0], keys[i][1]), &entries[i]);
    }
    assert_ptr_equal(tri_queue_find(&queue, MPI_ANY_SOURCE, INT32_MAX), &entries[0]);
    assert_ptr_equal(tri_queue_find(&queue, 0, MPI_ANY_TAG), &entries[2]);
    assert_ptr_equal(tri_queue_find(&queue, MPI_ANY_SOURCE, MPI_ANY_TAG), &entries[0]);
    assert_null(tri_queue_find(&queue, 3, MPI_ANY_TAG));
    tri_queue_end(&queue);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_posted_around_the_threshold),
        cmocka_unit_test(test_unexpected_around_the_threshold),
        cmocka_unit_test(test_posted_long),
        cmocka_unit_test(test_unexpected_long),
        cmocka_unit_test(test_equal_keys_in_order),
        cmocka_unit_test(test_extreme_keys),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Slots: a name leads to its object as long as the object has it, and never to a later one. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "unit.h"

#include "../../src/p2p/slots.h"

enum { OBJECTS = 1000, STALE = 4000 };

static char objects[OBJECTS];
static uint64_t names[OBJECTS];
static struct tri_slots slots;

static int begin(void **state)
{
    (void)state;
    tri_slots_start(&slots);
    return 0;
}

static int end(void **state)
{
    (void)state;
    tri_slots_end(&slots);
    return 0;
}

static void test_names_of_nothing(void **state)
{
    (void)state;
    assert_null(tri_slot_object(&slots, 0));
    assert_null(tri_slot_object(&slots, 1));
    assert_null(tri_slot_object(&slots, UINT64_MAX));
    uint64_t name = tri_slot_take(&slots, objects);
    assert_null(tri_slot_object(&slots, 0));
    assert_null(tri_slot_object(&slots, name ^ UINT64_C(1) << 32));
    assert_null(tri_slot_object(&slots, name ^ UINT64_C(1) << 63));
    assert_null(tri_slot_object(&slots, name + 1));
    assert_null(tri_slot_object(&slots, name | UINT64_C(0xffffffff)));
    tri_slot_give(&slots, name);
}

static void test_names_differ(void **state)
{
    (void)state;
    for (int i = 0; i < OBJECTS; i++) {
        names[i] = tri_slot_take(&slots, &objects[i]);
        assert_true(names[i] != 0);
        for (int k = 0; k < i; k++) {
            assert_true(names[k] != names[i]);
        }
    }
    for (int i = 0; i < OBJECTS; i++) {
        assert_ptr_equal(tri_slot_object(&slots, names[i]), &objects[i]);
    }
    for (int i = 0; i < OBJECTS; i++) {
        tri_slot_give(&slots, names[i]);
        assert_null(tri_slot_object(&slots, names[i]));
    }
}

/* Objects come and go in random order; all names ever given up stay dead, also when their place is used again. */
static void test_stale_names(void **state)
{
    (void)state;
    static uint64_t stale[STALE];
    struct dice dice = dice_start(3);
    int given = 0;
    for (int i = 0; i < OBJECTS; i++) {
        names[i] = 0;
    }
    while (given < STALE) {
        int i = (int)dice_between(&dice, 0, 99);
        if (names[i] == 0) {
            names[i] = tri_slot_take(&slots, &objects[i]);
        } else {
            tri_slot_give(&slots, names[i]);
            stale[given++] = names[i];
            names[i] = 0;
        }
    }
    for (int k = 0; k < STALE; k++) {
        assert_null(tri_slot_object(&slots, stale[k]));
    }
    for (int i = 0; i < 100; i++) {
        assert_ptr_equal(names[i] ? tri_slot_object(&slots, names[i]) : &objects[i], &objects[i]);
        if (names[i]) {
            tri_slot_give(&slots, names[i]);
        }
    }
}

static void test_usable_after_end(void **state)
{
    (void)state;
    uint64_t name = tri_slot_take(&slots, objects);
    tri_slots_end(&slots);
    tri_slots_start(&slots);
    assert_null(tri_slot_object(&slots, name));
    name = tri_slot_take(&slots, objects);
    assert_ptr_equal(tri_slot_object(&slots, name), objects);
    tri_slot_give(&slots, name);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_names_of_nothing),
        cmocka_unit_test(test_names_differ),
        cmocka_unit_test(test_stale_names),
        cmocka_unit_test(test_usable_after_end),
    };
    return cmocka_run_group_tests(tests, begin, end);
}

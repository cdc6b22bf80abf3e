/* Derived datatypes against their type maps: bounds, copying in pieces, counting elements. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "type_model.h"

#include <string.h>

enum { TYPES = 4000, COPIES_MAX = 3 };

static int start(void **state)
{
    (void)state;
    tri_datatype_start();
    return 0;
}

static int end(void **state)
{
    (void)state;
    tri_datatype_end();
    return 0;
}

static void check_numbers(const struct type_model *model)
{
    int64_t low, high;
    model_true_bounds(model, &low, &high);
    const struct tri_datatype *type = model->type;
    assert_int_equal(type->size, model_size(model));
    assert_int_equal(type->elements, model->count);
    assert_int_equal(type->lb, model->lb);
    assert_int_equal(type->extent, model->ub - model->lb);
    assert_int_equal(type->true_lb, low);
    assert_int_equal(type->true_ub, high);
    if (type->contiguous) {
        int64_t at = 0;
        for (int64_t i = 0; i < model->count; i++) {
            assert_int_equal(model->elements[i].place, at);
            at += model->elements[i].size;
        }
        assert_int_equal(type->extent, type->size);
    }
}

/* The packed form of copies of the type at base, one element after the other. */
static void pack_naively(const struct type_model *model, int copies, const char *base, char *packed)
{
    for (int copy = 0; copy < copies; copy++) {
        for (int64_t i = 0; i < model->count; i++) {
            const struct model_element *element = &model->elements[i];
            memcpy(packed, base + copy * (model->ub - model->lb) + element->place, (size_t)element->size);
            packed += element->size;
        }
    }
}

static void unpack_naively(const struct type_model *model, int copies, char *base, const char *packed)
{
    for (int copy = 0; copy < copies; copy++) {
        for (int64_t i = 0; i < model->count; i++) {
            const struct model_element *element = &model->elements[i];
            memcpy(base + copy * (model->ub - model->lb) + element->place, packed, (size_t)element->size);
            packed += element->size;
        }
    }
}

/* In random pieces from the front to the back, each from or to memory of its own length. */
static void copy_in_pieces(struct dice *dice, const struct type_model *model, char *base, char *packed, int64_t len,
                           enum tri_direction direction)
{
    for (int64_t done = 0; done < len;) {
        int64_t part = dice_between(dice, 1, dice_chance(dice, 50) ? 16 : len);
        part = TRI_MIN(part, len - done);
        char *piece = malloc((size_t)part);
        assert_non_null(piece);
        memcpy(piece, packed + done, (size_t)part);
        tri_datatype_copy(model->type, base, done, piece, part, direction);
        memcpy(packed + done, piece, (size_t)part);
        free(piece);
        done += part;
    }
}

static int compared;

static void check_copies(struct dice *dice, const struct type_model *model)
{
    /* With another extent the copies would lie elsewhere, outside the memory below. */
    check_numbers(model);
    int copies = (int)dice_between(dice, 0, COPIES_MAX);
    int64_t low, high, stretch = (copies > 0 ? copies - 1 : 0) * (model->ub - model->lb);
    model_true_bounds(model, &low, &high);
    int64_t front = 64 - TRI_MIN(low, 0) - TRI_MIN(stretch, 0);
    size_t room = (size_t)(front + TRI_MAX(high, 0) + TRI_MAX(stretch, 0) + 64);
    int64_t len = copies * model_size(model);
    char *memory = malloc(room), *expected = malloc(room);
    char *packed = calloc(1, (size_t)len + 1), *naive = calloc(1, (size_t)len + 1);
    for (size_t i = 0; i < room; i++) {
        memory[i] = (char)dice_roll(dice);
    }
    pack_naively(model, copies, memory + front, naive);
    tri_datatype_copy(model->type, memory + front, 0, packed, len, TRI_PACK);
    assert_memory_equal(packed, naive, len);
    memset(packed, 0, (size_t)len);
    copy_in_pieces(dice, model, memory + front, packed, len, TRI_PACK);
    assert_memory_equal(packed, naive, len);

    memcpy(expected, memory, room);
    for (int64_t i = 0; i < len; i++) {
        packed[i] = (char)dice_roll(dice);
    }
    unpack_naively(model, copies, expected + front, packed);
    pack_naively(model, copies, expected + front, naive);
    copy_in_pieces(dice, model, memory + front, packed, len, TRI_UNPACK);
    /* A place that is written twice may end with either value: no program may receive into it (MPI 5.0, 5.1.11). */
    if (memcmp(naive, packed, (size_t)len) == 0) {
        assert_memory_equal(memory, expected, room);
        compared++;
    }
    free(memory);
    free(expected);
    free(packed);
    free(naive);
}

/* MPI_Get_elements for all lengths up to two of the type and a bit. */
static void check_elements(const struct type_model *model)
{
    int64_t size = model_size(model), found = 0, end = 0;
    if (size == 0) {
        assert_int_equal(tri_datatype_elements_in(model->type, 0), 0);
        assert_int_equal(tri_datatype_elements_in(model->type, 1), -1);
        return;
    }
    for (int64_t bytes = 0; bytes <= 2 * size + size / 2; bytes++) {
        while (end < bytes) {
            end += model->elements[found++ % model->count].size;
        }
        assert_int_equal(tri_datatype_elements_in(model->type, bytes), end == bytes ? found : -1);
    }
}

static void check_random_types(void (*check)(struct dice *, const struct type_model *))
{
    struct dice dice = dice_start(7);
    for (int i = 0; i < TYPES; i++) {
        struct type_model model = model_grow(&dice, (int)dice_between(&dice, 0, 4));
        check(&dice, &model);
        model_drop(&model);
    }
}

static void numbers_of(struct dice *dice, const struct type_model *model)
{
    (void)dice;
    check_numbers(model);
}

static void elements_of(struct dice *dice, const struct type_model *model)
{
    (void)dice;
    check_elements(model);
}

static void test_bounds(void **state)
{
    (void)state;
    check_random_types(numbers_of);
}

static void test_copies(void **state)
{
    (void)state;
    check_random_types(check_copies);
    assert_true(compared > TYPES / 2);
}

static void test_elements(void **state)
{
    (void)state;
    check_random_types(elements_of);
}

/* Handles: predefined ones through the table, derived ones as pointers, and what is neither. */
static void test_handles(void **state)
{
    (void)state;
    struct tri_datatype *byte = tri_datatype_get(MPI_BYTE), *derived = tri_datatype_contiguous(2, byte);
    assert_ptr_equal(tri_datatype_get(derived->handle), derived);
    assert_string_equal(tri_datatype_name(byte), "MPI_BYTE");
    assert_null(tri_datatype_get(MPI_DATATYPE_NULL));
    assert_null(tri_datatype_get((MPI_Datatype)(uintptr_t)(TRI_DATATYPE_LAST)));
    assert_false(derived->committed);
    tri_datatype_hold(derived);
    tri_datatype_release(derived);
    assert_ptr_equal(tri_datatype_get(derived->handle), derived);
    MPI_Datatype handle = derived->handle;
    tri_datatype_release(derived);
    assert_null(tri_datatype_get(handle));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bounds),
        cmocka_unit_test(test_copies),
        cmocka_unit_test(test_elements),
        cmocka_unit_test(test_handles),
    };
    return cmocka_run_group_tests(tests, start, end);
}

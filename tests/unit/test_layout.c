/* Layouts against a list of byte places: what is copied, and that any piece can be copied alone. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "unit.h"

#include <string.h>

#include "../../src/datatype/layout.h"

enum { BYTES_MAX = 6000, PIECES_MAX = 64 };

/* A layout and, for each byte of its packed form, the place where it lies. */
struct tree {
    struct tri_layout *layout;
    int64_t size;
    int64_t *places;
};

static struct tree leaf(struct dice *dice)
{
    int64_t size = dice_chance(dice, 8) ? 0 : dice_between(dice, 1, dice_chance(dice, 50) ? 8 : 40);
    int64_t offset = dice_between(dice, -100, 100);
    struct tree tree = {tri_layout_run(offset, size), size, malloc((size_t)size * sizeof(int64_t) + 1)};
    for (int64_t i = 0; i < size; i++) {
        tree.places[i] = offset + i;
    }
    return tree;
}

static void drop(struct tree *tree)
{
    tri_layout_release(tree->layout);
    free(tree->places);
}

static void append(struct tree *to, const struct tree *part, int64_t offset)
{
    to->places = realloc(to->places, (size_t)(to->size + part->size) * sizeof(int64_t) + 1);
    for (int64_t i = 0; i < part->size; i++) {
        to->places[to->size + i] = part->places[i] + offset;
    }
    to->size += part->size;
}

/* Strides that make neighbours touch, leave gaps, go backwards or interleave. */
static int64_t pick_stride(struct dice *dice, const struct tree *child)
{
    switch (dice_between(dice, 0, 3)) {
    case 0: return child->size;
    case 1: return -child->size - dice_between(dice, 0, 9);
    case 2: return child->size + dice_between(dice, 1, 50);
    default: return dice_between(dice, -300, 300);
    }
}

static struct tree grow(struct dice *dice, int depth);

static struct tree loop(struct dice *dice, int depth)
{
    struct tree child = grow(dice, depth - 1), tree = {0};
    int64_t count = dice_between(dice, 0, TRI_MIN(12, BYTES_MAX / (child.size + 1)));
    int64_t stride = pick_stride(dice, &child);
    tree.layout = tri_layout_loop(count, stride, child.layout);
    for (int64_t i = 0; i < count; i++) {
        append(&tree, &child, i * stride);
    }
    drop(&child);
    return tree;
}

/* Children at random places, or one behind the other so that runs join, or one child at equal distances, or different
 * ones at equal distances. */
static struct tree list(struct dice *dice, int depth)
{
    struct tri_layout *children[6] = {0};
    struct tree parts[6], tree = {0};
    int64_t offsets[6] = {0}, count = dice_between(dice, 0, 6), place = 0, style = dice_between(dice, 0, 3);
    for (int64_t i = 0; i < count; i++) {
        if (style == 2 && i > 0) {
            parts[i] = (struct tree){tri_layout_hold(parts[0].layout), 0, NULL};
            append(&parts[i], &parts[0], 0);
        } else {
            parts[i] = grow(dice, style == 0 ? depth - 1 : 0);
        }
        children[i] = parts[i].layout;
        offsets[i] = style == 1 && parts[i].size ? place - parts[i].places[0] : dice_between(dice, -500, 500);
        offsets[i] = style == 2 ? i * 24 : style == 3 && parts[i].size ? i * 40 - parts[i].places[0] : offsets[i];
        place += parts[i].size;
    }
    tree.layout = tri_layout_list(count, offsets, children);
    for (int64_t i = 0; i < count; i++) {
        append(&tree, &parts[i], offsets[i]);
        drop(&parts[i]);
    }
    return tree;
}

static struct tree grow(struct dice *dice, int depth)
{
    if (depth == 0) {
        return leaf(dice);
    }
    struct tree tree = dice_chance(dice, 50) ? loop(dice, depth) : list(dice, depth);
    if (tree.size > BYTES_MAX) {
        drop(&tree);
        return leaf(dice);
    }
    return tree;
}

/* Memory that the layout's bytes lie in, with room around them that nobody may touch. */
struct memory {
    char *bytes, *base;
    size_t len;
};

static struct memory memory_for(const struct tree *tree, int fill)
{
    int64_t low = 0, high = 1;
    for (int64_t i = 0; i < tree->size; i++) {
        low = TRI_MIN(low, tree->places[i]);
        high = TRI_MAX(high, tree->places[i] + 1);
    }
    struct memory memory = {.len = (size_t)(high - low) + 64};
    memory.bytes = malloc(memory.len);
    assert_non_null(memory.bytes);
    memory.base = memory.bytes + 32 - low;
    for (size_t i = 0; i < memory.len; i++) {
        memory.bytes[i] = (char)(fill ? fill : (int)(i * 7 + i / 251));
    }
    return memory;
}

/* No place twice: the order in which bytes are unpacked then does not count. */
static bool is_unique(const struct tree *tree)
{
    struct memory memory = memory_for(tree, 1);
    char *seen = calloc(1, memory.len);
    assert_non_null(seen);
    bool unique = true;
    for (int64_t i = 0; i < tree->size && unique; i++) {
        char *mark = &seen[memory.base - memory.bytes + tree->places[i]];
        unique = !*mark;
        *mark = 1;
    }
    free(seen);
    free(memory.bytes);
    return unique;
}

/* Copies the whole in pieces that are cut and ordered at random. */
static void copy_in_pieces(struct dice *dice, const struct tree *tree, char *base, char *packed,
                           enum tri_direction direction)
{
    int64_t cuts[PIECES_MAX + 1] = {0};
    int pieces = (int)dice_between(dice, 1, PIECES_MAX);
    for (int i = 1; i <= pieces; i++) {
        cuts[i] = i == pieces ? tree->size : dice_between(dice, cuts[i - 1], tree->size);
    }
    int order[PIECES_MAX];
    for (int i = 0; i < pieces; i++) {
        int other = (int)dice_between(dice, 0, i);
        order[i] = order[other];
        order[other] = i;
    }
    for (int i = 0; i < pieces; i++) {
        int64_t skip = cuts[order[i]], len = cuts[order[i] + 1] - skip;
        char *piece = malloc((size_t)len + 1);
        memcpy(piece, packed + skip, (size_t)len);
        tri_layout_copy(tree->layout, base, skip, piece, len, direction);
        memcpy(packed + skip, piece, (size_t)len);
        free(piece);
    }
}

static void check_pack(struct dice *dice, const struct tree *tree)
{
    struct memory memory = memory_for(tree, 0);
    char *packed = calloc(2, (size_t)tree->size + 1), *pieces = packed + tree->size + 1;
    tri_layout_copy(tree->layout, memory.base, 0, packed, tree->size, TRI_PACK);
    for (int64_t i = 0; i < tree->size; i++) {
        assert_int_equal(packed[i], memory.base[tree->places[i]]);
    }
    copy_in_pieces(dice, tree, memory.base, pieces, TRI_PACK);
    assert_memory_equal(packed, pieces, tree->size);
    free(packed);
    free(memory.bytes);
}

static void check_unpack(struct dice *dice, const struct tree *tree, bool in_pieces)
{
    struct memory memory = memory_for(tree, 0x77), model = memory_for(tree, 0x77);
    char *packed = malloc((size_t)tree->size + 1);
    for (int64_t i = 0; i < tree->size; i++) {
        packed[i] = (char)dice_roll(dice);
        model.base[tree->places[i]] = packed[i];
    }
    if (in_pieces) {
        copy_in_pieces(dice, tree, memory.base, packed, TRI_UNPACK);
    } else {
        tri_layout_copy(tree->layout, memory.base, 0, packed, tree->size, TRI_UNPACK);
    }
    assert_memory_equal(memory.bytes, model.bytes, memory.len);
    free(packed);
    free(memory.bytes);
    free(model.bytes);
}

static void test_random_trees(void **state)
{
    (void)state;
    struct dice dice = dice_start(1);
    int unique = 0;
    for (int i = 0; i < 3000; i++) {
        struct tree tree = grow(&dice, (int)dice_between(&dice, 0, 4));
        assert_int_equal(tree.layout->size, tree.size);
        check_pack(&dice, &tree);
        if (is_unique(&tree)) {
            check_unpack(&dice, &tree, false);
            check_unpack(&dice, &tree, true);
            unique++;
        }
        drop(&tree);
    }
    assert_true(unique > 500);
}

/* What the makers promise to simplify, as the speed of every copy hangs on it. */
static void test_joined_runs(void **state)
{
    (void)state;
    struct tri_layout *run = tri_layout_run(0, 8), *part[3] = {run, run, run};
    struct tri_layout *dense = tri_layout_loop(100, 8, run), *sparse = tri_layout_loop(100, 16, run);
    struct tri_layout *touching = tri_layout_list(3, (int64_t[]){4, 12, 20}, part);
    struct tri_layout *regular = tri_layout_list(3, (int64_t[]){0, 24, 48}, part);
    assert_int_equal(dense->kind, TRI_LAYOUT_RUN);
    assert_int_equal(dense->size, 800);
    assert_int_equal(sparse->kind, TRI_LAYOUT_LOOP);
    assert_int_equal(touching->kind, TRI_LAYOUT_RUN);
    assert_int_equal(touching->offset, 4);
    assert_int_equal(touching->size, 24);
    assert_int_equal(regular->kind, TRI_LAYOUT_LOOP);
    assert_int_equal(regular->stride, 24);
    /* Loops that go on from each other are one, and equal runs at any places need no node each. */
    struct tri_layout *rows = tri_layout_loop(7, 1600, sparse), *gaps = tri_layout_loop(7, 1700, sparse);
    struct tri_layout *blocks = tri_layout_list(3, (int64_t[]){0, 24, 40}, part);
    assert_int_equal(rows->count, 700);
    assert_int_equal(rows->child->kind, TRI_LAYOUT_RUN);
    assert_int_equal(gaps->count, 7);
    assert_int_equal(blocks->kind, TRI_LAYOUT_BLOCKS);
    struct tri_layout *all[] = {dense, sparse, touching, regular, rows, gaps, blocks, run};
    for (size_t i = 0; i < TRI_COUNT_OF(all); i++) {
        tri_layout_release(all[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_random_trees),
        cmocka_unit_test(test_joined_runs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

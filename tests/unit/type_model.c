/* Growing random datatypes, element by element beside the library's constructors. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "type_model.h"

#include <string.h>

enum { BLOCKS_MAX = 5 };

/* Predefined types, with the two members of those that are pairs. */
static const struct {
    MPI_Datatype handle;
    int extent, alignment, first, second, second_at;
} predefined[] = {
    {MPI_CHAR, 1, 1, 1, 0, 0},
    {MPI_SHORT, 2, 2, 2, 0, 0},
    {MPI_INT, 4, 4, 4, 0, 0},
    {MPI_DOUBLE, 8, 8, 8, 0, 0},
    {MPI_C_DOUBLE_COMPLEX, 16, 8, 16, 0, 0},
    {MPI_SHORT_INT, 8, 4, 2, 4, 4},
    {MPI_DOUBLE_INT, 16, 8, 8, 4, 8},
    {MPI_2INT, 8, 4, 4, 4, 4},
    {MPI_2REAL, 8, 4, 4, 4, 4},
    {MPI_2DOUBLE_PRECISION, 16, 8, 8, 8, 8},
    {MPI_LONG_DOUBLE_INT, 32, 16, 16, 4, 16},
};

int64_t model_size(const struct type_model *model)
{
    int64_t size = 0;
    for (int64_t i = 0; i < model->count; i++) {
        size += model->elements[i].size;
    }
    return size;
}

void model_true_bounds(const struct type_model *model, int64_t *low, int64_t *high)
{
    *low = *high = model->count ? model->elements[0].place : 0;
    for (int64_t i = 0; i < model->count; i++) {
        *low = TRI_MIN(*low, model->elements[i].place);
        *high = TRI_MAX(*high, model->elements[i].place + model->elements[i].size);
    }
}

void model_drop(struct type_model *model)
{
    tri_datatype_release(model->type);
    free(model->elements);
}

static struct type_model start(void)
{
    struct type_model model = {.alignment = 1, .elements = malloc(MODEL_ELEMENTS_MAX * sizeof(struct model_element))};
    assert_non_null(model.elements);
    return model;
}

/* One more copy of a part. Explicit bounds count before those that follow from elements (MPI 5.0, 5.1.7), and what has
 * neither elements nor explicit bounds does not count. */
static void add(struct type_model *to, const struct type_model *part, int64_t place)
{
    bool any = to->count > 0 || to->marked;
    assert_true(to->count + part->count <= MODEL_ELEMENTS_MAX);
    for (int64_t i = 0; i < part->count; i++) {
        to->elements[to->count] = part->elements[i];
        to->elements[to->count++].place += place;
    }
    if ((part->count == 0 && !part->marked) || (to->marked && !part->marked)) {
        return;
    }
    bool first = !any || (part->marked && !to->marked);
    to->lb = first ? part->lb + place : TRI_MIN(to->lb, part->lb + place);
    to->ub = first ? part->ub + place : TRI_MAX(to->ub, part->ub + place);
    to->marked = part->marked;
}

static void add_block(struct type_model *to, const struct type_model *part, int64_t length, int64_t place)
{
    for (int64_t i = 0; i < length; i++) {
        add(to, part, place + i * (part->ub - part->lb));
        to->alignment = TRI_MAX(to->alignment, part->count ? part->alignment : 1);
    }
}

static struct type_model leaf(struct dice *dice)
{
    size_t i = (size_t)dice_between(dice, 0, (int64_t)TRI_COUNT_OF(predefined) - 1);
    struct type_model model = start();
    model.type = tri_datatype_get(predefined[i].handle);
    model.elements[model.count++] = (struct model_element){0, predefined[i].first};
    if (predefined[i].second) {
        model.elements[model.count++] = (struct model_element){predefined[i].second_at, predefined[i].second};
    }
    model.ub = predefined[i].extent;
    model.alignment = predefined[i].alignment;
    return model;
}

/* How many copies of a part fit. */
static int64_t pick_count(struct dice *dice, const struct type_model *part, int64_t most)
{
    int64_t room = MODEL_ELEMENTS_MAX / TRI_MAX(part->count, 1);
    return dice_between(dice, 0, TRI_MIN(most, room));
}

static struct type_model contiguous(struct dice *dice, const struct type_model *part)
{
    int64_t count = pick_count(dice, part, 6);
    struct type_model model = start();
    model.type = tri_datatype_contiguous(count, part->type);
    add_block(&model, part, count, 0);
    return model;
}

static struct type_model vector(struct dice *dice, const struct type_model *part)
{
    int64_t length = pick_count(dice, part, 4);
    int64_t room = MODEL_ELEMENTS_MAX / TRI_MAX(length * part->count, 1);
    int64_t count = dice_between(dice, 0, TRI_MIN(6, room));
    int64_t extent = part->ub - part->lb, stride = extent * dice_between(dice, -4, 8);
    if (dice_chance(dice, 40)) {
        stride = dice_between(dice, -200, 400);
    }
    struct type_model model = start();
    model.type = tri_datatype_hvector(count, length, stride, part->type);
    for (int64_t i = 0; i < count; i++) {
        add_block(&model, part, length, i * stride);
    }
    return model;
}

static struct type_model blocks(struct dice *dice, struct type_model *parts, int64_t kinds, bool pad)
{
    int64_t count = dice_between(dice, 0, BLOCKS_MAX), used = 0;
    int64_t lengths[BLOCKS_MAX] = {0}, places[BLOCKS_MAX] = {0};
    struct tri_datatype *types[BLOCKS_MAX] = {0};
    struct type_model model = start();
    for (int64_t i = 0; i < count; i++) {
        const struct type_model *part = &parts[dice_between(dice, 0, kinds - 1)];
        lengths[i] = pick_count(dice, part, 3);
        lengths[i] = used + lengths[i] * part->count > MODEL_ELEMENTS_MAX ? 0 : lengths[i];
        used += lengths[i] * part->count;
        places[i] = dice_between(dice, -300, 600);
        types[i] = part->type;
        add_block(&model, part, lengths[i], places[i]);
    }
    model.type = tri_datatype_blocks(count, lengths, places, types, pad);
    while (pad && !model.marked && (model.ub - model.lb) % model.alignment) {
        model.ub++;
    }
    return model;
}

static struct type_model resized(struct dice *dice, const struct type_model *part)
{
    struct type_model model = start();
    add(&model, part, 0);
    model.alignment = part->alignment;
    model.lb = dice_between(dice, -40, 40);
    model.ub = model.lb + dice_between(dice, dice_chance(dice, 15) ? -100 : 0, 300);
    model.marked = true;
    model.type = tri_datatype_resized(part->type, model.lb, model.ub - model.lb);
    return model;
}

static struct type_model duplicate(const struct type_model *part)
{
    struct type_model model = start();
    struct model_element *elements = model.elements;
    memcpy(elements, part->elements, (size_t)part->count * sizeof *elements);
    model = *part;
    model.elements = elements;
    model.type = tri_datatype_dup(part->type);
    return model;
}

struct type_model model_grow(struct dice *dice, int depth)
{
    if (depth == 0) {
        return leaf(dice);
    }
    struct type_model parts[3], model;
    int64_t kinds = dice_between(dice, 1, 3);
    for (int64_t i = 0; i < kinds; i++) {
        parts[i] = model_grow(dice, i == 0 ? depth - 1 : (int)dice_between(dice, 0, depth - 1));
    }
    switch (dice_between(dice, 0, 6)) {
    case 0: model = contiguous(dice, &parts[0]); break;
    case 1: model = resized(dice, &parts[0]); break;
    case 2: model = duplicate(&parts[0]); break;
    case 3: model = blocks(dice, parts, 1, false); break;
    case 4: model = blocks(dice, parts, kinds, true); break;
    default: model = vector(dice, &parts[0]); break;
    }
    for (int64_t i = 0; i < kinds; i++) {
        model_drop(&parts[i]);
    }
    return model;
}

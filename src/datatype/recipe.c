/* Recipes: how a derived datatype was made. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "recipe.h"

#include <stdlib.h>

#include "datatype.h"

struct tri_recipe *tri_recipe_make(int combiner, bool large, struct tri_recipe_room room)
{
    size_t integers = (size_t)(room.integers + (large ? 0 : room.counts));
    size_t addresses = (size_t)(large ? 0 : room.addresses);
    size_t larges = (size_t)(large ? room.counts + room.addresses : 0);
    struct tri_recipe *recipe = tri_memory_take(sizeof *recipe + (size_t)room.types * sizeof(struct tri_datatype *) +
                                                (addresses + larges) * sizeof(int64_t) + integers * sizeof(int));
    *recipe = (struct tri_recipe){.combiner = combiner, .large = large};
    /* Widest first, so that each array is aligned. */
    recipe->types = (struct tri_datatype **)(recipe + 1);
    recipe->addresses = (int64_t *)(recipe->types + room.types);
    recipe->large_counts = recipe->addresses + addresses;
    recipe->integers = (int *)(recipe->large_counts + larges);
    return recipe;
}

void tri_recipe_add_integer(struct tri_recipe *recipe, int value)
{
    recipe->integers[recipe->integer_count++] = value;
}

static void add_large(struct tri_recipe *recipe, int64_t value)
{
    recipe->large_counts[recipe->large_count_count++] = value;
}

void tri_recipe_add_count(struct tri_recipe *recipe, int64_t value)
{
    if (recipe->large) {
        add_large(recipe, value);
    } else {
        tri_recipe_add_integer(recipe, (int)value);
    }
}

void tri_recipe_add_address(struct tri_recipe *recipe, int64_t value)
{
    if (recipe->large) {
        add_large(recipe, value);
    } else {
        recipe->addresses[recipe->address_count++] = value;
    }
}

void tri_recipe_add_type(struct tri_recipe *recipe, struct tri_datatype *type)
{
    tri_datatype_hold(type);
    recipe->types[recipe->type_count++] = type;
}

void tri_recipe_free(struct tri_recipe *recipe)
{
    for (int64_t i = 0; recipe && i < recipe->type_count; i++) {
        tri_datatype_release(recipe->types[i]);
    }
    free(recipe);
}

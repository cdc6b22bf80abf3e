/* Recipes: how a derived datatype was made, for MPI_Type_get_envelope and MPI_Type_get_contents. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TRI_RECIPE_H
#define TRI_RECIPE_H

#include "../runtime/base.h"

struct tri_datatype;

/* The arguments of the constructor, sorted by their kinds, each kind in the order of the arguments (MPI 5.0, 5.1.13).
 * The arrays lie behind the struct in the same allocation. */
struct tri_recipe {
    int combiner; /* MPI_COMBINER_... */
    bool large;   /* of a constructor MPI_X_c: counts and addresses are large counts then */
    int64_t integer_count, address_count, large_count_count, type_count;
    int *integers;
    int64_t *addresses, *large_counts;
    struct tri_datatype **types; /* each holds a reference */
};

/* How many arguments a constructor has, before its form is looked at. */
struct tri_recipe_room {
    int64_t integers;  /* int in both forms */
    int64_t counts;    /* int, or MPI_Count in MPI_X_c */
    int64_t addresses; /* MPI_Aint, or MPI_Count in MPI_X_c */
    int64_t types;
};

/* An empty recipe with that room; the arguments are then added in their order. */
struct tri_recipe *tri_recipe_make(int combiner, bool large, struct tri_recipe_room room);
void tri_recipe_add_integer(struct tri_recipe *recipe, int value);
void tri_recipe_add_count(struct tri_recipe *recipe, int64_t value);
void tri_recipe_add_address(struct tri_recipe *recipe, int64_t value);
void tri_recipe_add_type(struct tri_recipe *recipe, struct tri_datatype *type);

/* Frees the recipe, which may be NULL, and drops its references. */
void tri_recipe_free(struct tri_recipe *recipe);

#endif

/* Random datatypes with a model: the list of their elements, as the standard defines a type map. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TRI_TYPE_MODEL_H
#define TRI_TYPE_MODEL_H

#include "unit.h"

#include "../../src/datatype/datatype.h"

enum { MODEL_ELEMENTS_MAX = 1200 };

struct model_element {
    int64_t place, size;
};

struct type_model {
    struct tri_datatype *type; /* a reference */
    int64_t count;             /* of elements */
    struct model_element *elements;
    int64_t lb, ub, alignment;
    bool marked; /* lb and ub come from MPI_Type_create_resized */
};

/* A type of up to depth constructors over each other. Ends with model_drop. */
struct type_model model_grow(struct dice *dice, int depth);
void model_drop(struct type_model *model);

int64_t model_size(const struct type_model *model);
void model_true_bounds(const struct type_model *model, int64_t *low, int64_t *high);

#endif

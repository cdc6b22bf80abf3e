/* How a predefined datatype is described, for the table of those with names and for those without. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TRI_PREDEFINED_H
#define TRI_PREDEFINED_H

#include <stdalign.h>

#include "datatype.h"

struct tri_predefined_row {
    uint16_t handle;
    uint8_t basic, size, alignment, extent;
    uint8_t second, second_size; /* offset and size of a pair's index; 0: no pair */
    const char *name;
};

/* A pair's bytes are its two members, without the padding that the struct may have between and behind them. */
#define TRI_PAIR_ROW(handle, ctype, basic, name)                                                                       \
    {handle, basic, sizeof(((ctype *)0)->value) + sizeof(((ctype *)0)->index), alignof(ctype), sizeof(ctype),          \
     offsetof(ctype, index), sizeof(((ctype *)0)->index), name}

/* Sets all of the type. */
void tri_predefined_fill(struct tri_datatype *type, const struct tri_predefined_row *row);

/* Frees the types without names. */
void tri_unnamed_end(void);

#endif

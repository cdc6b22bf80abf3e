/* Non-contiguous types of a wanted payload, each with a plain list of the bytes it covers. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TRIREME_SHAPES_H
#define TRIREME_SHAPES_H

#include "mpbench.h"

enum { SHAPES = 6, SHAPE_UNIT = 32 };

/* Payload bytes [offset, offset + length) of the buffer. */
struct block {
    size_t offset, length;
};

/* `count` of `type` are the payload, in a buffer of `span` bytes. The blocks say the same without
 * MPI, so that a library that lays out a type wrongly at both ends is found out too. */
struct shape {
    MPI_Datatype type;
    int count;
    size_t span;
    long blocks;
    struct block *block;
};

extern const char *const shape_names[SHAPES];

/* Makes a shape of `payload` bytes, a multiple of SHAPE_UNIT; give it back with shape_close. */
void shape_open(struct shape *shape, int which, int payload);
void shape_close(struct shape *shape);

#endif

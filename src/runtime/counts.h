/* A view of an array of counts or displacements: int[] of MPI_X or 64-bit[] of MPI_X_c, read in place. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TRI_COUNTS_H
#define TRI_COUNTS_H

#include <stddef.h>
#include <stdint.h>

typedef struct {
    const void *base;
    int wide; /* 64-bit entries; otherwise int */
} tri_counts;

static inline int64_t tri_counts_at(tri_counts counts, size_t index)
{
    return counts.wide ? ((const int64_t *)counts.base)[index] : ((const int *)counts.base)[index];
}

#endif

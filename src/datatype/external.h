/* The data representation "external32" (MPI 5.0, 14.5.2): big-endian, with sizes of its own. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TRI_EXTERNAL_H
#define TRI_EXTERNAL_H

#include "datatype.h"

/* Bytes of one element of the type in external32. */
int64_t tri_external_size(const struct tri_datatype *type);

/* Converts count elements at buffer to external32 at packed, or back. packed has room for count *
 * tri_external_size(type) bytes. An integer that is wider here keeps its low bytes, and gets its sign back. */
void tri_external_copy(struct tri_datatype *type, const void *buffer, int64_t count, void *packed,
                       enum tri_direction direction);

#endif

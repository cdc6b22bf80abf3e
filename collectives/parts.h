/* Vectors in parts, for algorithms that send a part here and another there. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TRI_PARTS_H
#define TRI_PARTS_H

#include "collectives.h"

/* A vector of elements cut into parts that follow each other. All buffers that hold it, or a partial result of it, have
 * the parts at the same offsets. */
struct tri_parts {
    int64_t elements;
    struct tri_datatype *type;
    int count;
    const struct tri_blocks *blocks; /* the parts have the counts of these; NULL: they are as equal as can be */
};

/* The parts of a reduce-scatter: what each rank is to get. */
struct tri_parts tri_parts_of_blocks(const struct tri_collective *call);

/* Elements before a part (part == count: all), and in the longest one. */
int64_t tri_part_begin(const struct tri_parts *parts, int part);
int64_t tri_part_longest(const struct tri_parts *parts);

/* A piece of the vector: parts first to end - 1. */
struct tri_piece {
    int64_t begin, count; /* elements */
};
struct tri_piece tri_parts_piece(const struct tri_parts *parts, int first, int end);

/* Transfers a piece from or to its place in a buffer of the vector. */
void tri_add_send_piece(struct tri_schedule *schedule, int peer, struct tri_place vector, const struct tri_parts *parts,
                        struct tri_piece piece);
void tri_add_receive_piece(struct tri_schedule *schedule, int peer, struct tri_place vector,
                           const struct tri_parts *parts, struct tri_piece piece);

/* Data movement that cuts blocks at any byte works on packed data, which looks the same at all ranks whatever their
 * types: on the buffer itself if it is packed already, else on a copy in scratch, in which the data is put at once if
 * it is there (filled). Ends the round if it copies. The second one ends the round and brings the data back. */
struct tri_place tri_add_packed(struct tri_schedule *schedule, struct tri_place buffer, int64_t count,
                                struct tri_datatype *type, bool filled);
void tri_add_unpacked(struct tri_schedule *schedule, struct tri_place packed, struct tri_place buffer, int64_t count,
                      struct tri_datatype *type);

#endif

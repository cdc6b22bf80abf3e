/* Vectors in parts. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "parts.h"

struct tri_parts tri_parts_of_blocks(const struct tri_collective *call)
{
    struct tri_parts parts = {.type = call->receive.type, .count = call->size, .blocks = &call->receive};
    parts.elements = tri_part_begin(&parts, call->size);
    return parts;
}

int64_t tri_part_begin(const struct tri_parts *parts, int part)
{
    if (!parts->blocks) {
        int64_t share = parts->elements / parts->count, rest = parts->elements % parts->count;
        return part * share + TRI_MIN(part, rest);
    }
    if (!parts->blocks->counts.base) {
        return part * parts->blocks->count;
    }
    int64_t elements = 0;
    for (int i = 0; i < part; i++) {
        elements += tri_block_count(parts->blocks, i);
    }
    return elements;
}

int64_t tri_part_longest(const struct tri_parts *parts)
{
    if (!parts->blocks) {
        return (parts->elements + parts->count - 1) / parts->count;
    }
    int64_t most = 0;
    for (int i = 0; i < parts->count; i++) {
        most = TRI_MAX(most, tri_block_count(parts->blocks, i));
    }
    return most;
}

struct tri_piece tri_parts_piece(const struct tri_parts *parts, int first, int end)
{
    int64_t begin = tri_part_begin(parts, first);
    return (struct tri_piece){begin, tri_part_begin(parts, end) - begin};
}

void tri_add_send_piece(struct tri_schedule *schedule, int peer, struct tri_place vector, const struct tri_parts *parts,
                        struct tri_piece piece)
{
    tri_add_send(schedule, peer, tri_behind(vector, piece.begin, parts->type), piece.count, parts->type);
}

void tri_add_receive_piece(struct tri_schedule *schedule, int peer, struct tri_place vector,
                           const struct tri_parts *parts, struct tri_piece piece)
{
    tri_add_receive(schedule, peer, tri_behind(vector, piece.begin, parts->type), piece.count, parts->type);
}

struct tri_place tri_add_packed(struct tri_schedule *schedule, struct tri_place buffer, int64_t count,
                                struct tri_datatype *type, bool filled)
{
    if (type->contiguous) {
        return buffer;
    }
    struct tri_datatype *byte = tri_datatype_get(MPI_BYTE);
    struct tri_place packed = tri_add_scratch(schedule, count * type->size, byte);
    if (filled) {
        tri_add_convert(schedule, buffer, count, type, packed, count * type->size, byte);
        tri_next_round(schedule);
    }
    return packed;
}

void tri_add_unpacked(struct tri_schedule *schedule, struct tri_place packed, struct tri_place buffer, int64_t count,
                      struct tri_datatype *type)
{
    if (!type->contiguous) {
        tri_next_round(schedule);
        tri_add_convert(schedule, packed, count * type->size, tri_datatype_get(MPI_BYTE), buffer, count, type);
    }
}

/* Parts of a vector go round a ring. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "ring.h"

void tri_add_ring_reduce(struct tri_schedule *schedule, const struct tri_collective *call,
                         const struct tri_parts *parts, struct tri_place result)
{
    int size = call->size, rank = call->rank;
    const struct tri_place vector = tri_contribution(call);
    struct tri_piece going = tri_parts_piece(parts, (rank - 1 + size) % size, (rank - 1 + size) % size + 1);
    struct tri_place out = tri_behind(vector, going.begin, parts->type), spare[2];
    int64_t longest = tri_part_longest(parts);
    spare[0] = tri_add_scratch(schedule, longest, parts->type);
    spare[1] = tri_add_scratch(schedule, longest, parts->type);
    for (int k = 1; k < size; k++) {
        int part = (rank - k - 1 + size) % size;
        struct tri_piece coming = tri_parts_piece(parts, part, part + 1);
        /* The last one is the own; in place its contribution may lie where the result goes. */
        struct tri_place in = k == size - 1 && !call->in_place ? result : spare[k % 2];
        tri_add_send(schedule, (rank + 1) % size, out, going.count, parts->type);
        tri_add_receive(schedule, (rank - 1 + size) % size, in, coming.count, parts->type);
        tri_add_reduce(schedule, tri_behind(vector, coming.begin, parts->type), in, coming.count, parts->type);
        tri_next_round(schedule);
        going = coming;
        out = in;
    }
    if (size == 1 || call->in_place) {
        tri_add_copy(schedule, out, result, going.count, parts->type);
        tri_next_round(schedule);
    }
}

void tri_add_ring_gather(struct tri_schedule *schedule, const struct tri_collective *call, int first,
                         bool first_has_all, const struct tri_parts *parts, struct tri_place vector)
{
    int size = call->size, number = (call->rank - first + size) % size;
    int right = (call->rank + 1) % size, left = (call->rank - 1 + size) % size;
    for (int k = 0; k < size - 1; k++) {
        int going = (number - k + size) % size, coming = (number - k - 1 + size) % size;
        if (!first_has_all || number != size - 1) {
            tri_add_send_piece(schedule, right, vector, parts, tri_parts_piece(parts, going, going + 1));
        }
        if (!first_has_all || number != 0) {
            tri_add_receive_piece(schedule, left, vector, parts, tri_parts_piece(parts, coming, coming + 1));
        }
        tri_next_round(schedule);
    }
}

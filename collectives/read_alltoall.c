/* Alltoall by reading: everybody reads the blocks for itself where the others have them. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "board_steps.h"
#include "parts.h"

/* What is for the others must not be where theirs comes to. */
static void offer_copy(struct tri_schedule *schedule, const struct tri_collective *call)
{
    const struct tri_blocks *all = &call->receive;
    int64_t count = call->size * all->count;
    struct tri_place copy = tri_add_scratch(schedule, count * all->type->size, tri_datatype_get(MPI_BYTE));
    tri_add_pack(schedule, tri_at(TRI_OUTPUT, 0), count, all->type, copy);
    tri_next_round(schedule);
    tri_add_offer(schedule, 0, copy);
}

static void offer(struct tri_schedule *schedule, const struct tri_collective *call)
{
    const struct tri_blocks *send = &call->send, *in = &call->receive;
    tri_add_offer(schedule, 0,
                  tri_add_packed(schedule, tri_at(TRI_INPUT, 0), call->size * send->count, send->type, true));
    tri_add_convert(schedule, tri_at(TRI_INPUT, tri_block_offset(send, call->rank)), send->count, send->type,
                    tri_at(TRI_OUTPUT, tri_block_offset(in, call->rank)), in->count, in->type);
}

static void build(struct tri_schedule *schedule, const struct tri_collective *call)
{
    if (call->in_place) {
        offer_copy(schedule, call);
    } else {
        offer(schedule, call);
    }
    tri_add_read_all(schedule, call, call->rank * call->receive.count * call->receive.type->size);
}

/* Bytes of all blocks of a rank. Ranks that share a core push each other's blocks out of its cache: of more than this
 * they had better take each as soon as it is announced (measured). */
enum { SHARED_MOST = 4 << 20 };

static bool fits(const struct tri_shape *shape)
{
    return tri_board_fits_regular(shape) && (shape->ranks_a_core == 1 || shape->ranks * shape->bytes <= SHARED_MOST);
}

const struct tri_algorithm tri_read_alltoall = {
    .name = "read",
    .operation = TRI_ALLTOALL,
    .use = "one node, long blocks",
    .source = TRI_READ_SOURCE,
    .board = true,
    .reads = true,
    .fits = fits,
    .cost = tri_read_all_cost,
    .build = build,
};

/* Reduce by reading: the root reads the vectors where the others have them. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "board_steps.h"

/* Bytes. Of longer messages the sender copies a part, too (src/p2p/share.c), and the root would be alone. */
enum { LONGEST = 64 << 10 };

/* The others may go on as soon as the last vector is read. */
static void read_all(struct tri_schedule *schedule, const struct tri_collective *call)
{
    const struct tri_blocks *data = &call->send;
    struct tri_place read = tri_add_scratch(schedule, data->count, data->type);
    int64_t bytes = (data->count - 1) * data->type->extent + data->type->true_ub; /* as they lie: pairs have holes */
    for (int k = 1; k < call->size; k++) {
        tri_add_read(schedule, (call->root + k) % call->size, 0, 0, read, bytes, tri_datatype_get(MPI_BYTE));
        if (k == call->size - 1) {
            tri_next_round(schedule);
            tri_add_show(schedule, 1);
        }
        tri_add_reduce(schedule, read, tri_at(TRI_OUTPUT, 0), data->count, data->type);
    }
}

static void build(struct tri_schedule *schedule, const struct tri_collective *call)
{
    if (call->rank != call->root) {
        tri_add_offer(schedule, 0, tri_contribution(call));
        tri_add_look(schedule, call->root, 1);
        return;
    }
    if (!call->in_place) {
        tri_add_copy(schedule, tri_contribution(call), tri_at(TRI_OUTPUT, 0), call->send.count, call->send.type);
        tri_next_round(schedule);
    }
    tri_add_look_all(schedule, call, 0);
    read_all(schedule, call);
}

static bool fits(const struct tri_shape *shape)
{
    return tri_board_fits_reduction(shape) && shape->commutative && shape->bytes <= LONGEST;
}

static double cost(const struct tri_machine *machine, const struct tri_shape *shape)
{
    double all = (shape->ranks - 1) * (double)shape->bytes;
    return tri_read_cost(machine, shape, shape->ranks - 1, all) + all * machine->reduce_per_byte;
}

const struct tri_algorithm tri_read_reduce = {
    .name = "read",
    .operation = TRI_REDUCE,
    .use = "one node, few ranks, vectors of up to 64 KiB",
    .source = TRI_READ_SOURCE,
    .board = true,
    .reads = true,
    .fits = fits,
    .cost = cost,
    .build = build,
};

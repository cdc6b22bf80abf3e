/* Reduce and allreduce over the board, the work shared out: each rank reduces a slice of the vector. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "board_steps.h"

static bool fits(const struct tri_shape *shape)
{
    return tri_board_fits_reduction(shape) && shape->commutative;
}

/* The first element of a rank's slice. */
static int64_t slice(const struct tri_collective *call, int rank)
{
    return call->send.count * rank / call->size;
}

/* The own slice of the own part is read by nobody else until it holds the result. */
static void reduce_slice(struct tri_schedule *schedule, const struct tri_collective *call)
{
    const struct tri_blocks *data = &call->send;
    int64_t low = slice(call, call->rank), count = slice(call, call->rank + 1) - low;
    struct tri_place result = tri_behind(tri_board_vector(schedule, call->rank, data), low, data->type);
    tri_add_show_vector(schedule, call, data, tri_contribution(call));
    tri_add_look_all(schedule, call, 0);
    for (int k = 1; k < call->size; k++) {
        struct tri_place part = tri_board_vector(schedule, (call->rank + k) % call->size, data);
        tri_add_reduce(schedule, tri_behind(part, low, data->type), result, count, data->type);
    }
    tri_next_round(schedule);
    tri_add_show(schedule, 1);
}

/* Out of everybody's slice; the own one while the others are still at theirs. */
static void collect(struct tri_schedule *schedule, const struct tri_collective *call)
{
    const struct tri_blocks *data = &call->send;
    for (int k = 0; k < call->size; k++) {
        int i = (call->rank + k) % call->size;
        int64_t low = slice(call, i), count = slice(call, i + 1) - low;
        tri_add_copy(schedule, tri_behind(tri_board_vector(schedule, i, data), low, data->type),
                     tri_behind(tri_at(TRI_OUTPUT, 0), low, data->type), count, data->type);
        if (k == 0) {
            tri_next_round(schedule);
            tri_add_look_all(schedule, call, 1);
        }
    }
}

static void build_all(struct tri_schedule *schedule, const struct tri_collective *call)
{
    reduce_slice(schedule, call);
    collect(schedule, call);
}

static void build_one(struct tri_schedule *schedule, const struct tri_collective *call)
{
    reduce_slice(schedule, call);
    if (call->rank == call->root) {
        collect(schedule, call);
    }
}

/* A slice is read of the others, and its result shown. */
static double cost_all(const struct tri_machine *machine, const struct tri_shape *shape)
{
    double bytes = (double)shape->bytes, others = shape->ranks - 1, slice = bytes / shape->ranks;
    double each = bytes + others * slice + slice + others * slice;
    return tri_board_cost(machine, shape, 2, others, tri_cost_each(shape, each));
}

static double cost_one(const struct tri_machine *machine, const struct tri_shape *shape)
{
    double bytes = (double)shape->bytes, others = shape->ranks - 1, slice = bytes / shape->ranks;
    double reduced = bytes + others * slice + slice, collected = others * slice;
    double crossing = tri_cost_shared(shape, reduced + collected, shape->ranks * reduced + collected);
    return tri_board_cost(machine, shape, 2, others, crossing);
}

const struct tri_algorithm tri_board_shared_allreduce = {
    .name = "shared",
    .operation = TRI_ALLREDUCE,
    .use = "one node, long vectors",
    .source = TRI_BOARD_SOURCE,
    .board = true,
    .fits = fits,
    .cost = cost_all,
    .segment = tri_board_segment,
    .build = build_all,
};

const struct tri_algorithm tri_board_shared_reduce = {
    .name = "shared",
    .operation = TRI_REDUCE,
    .use = "one node, long vectors",
    .source = TRI_BOARD_SOURCE,
    .board = true,
    .fits = fits,
    .cost = cost_one,
    .segment = tri_board_segment,
    .build = build_one,
};

/* Scan and exscan over the board: everybody writes, and reduces what the ranks before it show. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "board_steps.h"

static void build_scan(struct tri_schedule *schedule, const struct tri_collective *call, int last)
{
    const struct tri_pieces vectors = tri_whole_vectors(call);
    tri_add_show_vector(schedule, call, &call->send, tri_contribution(call));
    for (int i = 0; i < call->rank; i++) {
        tri_add_look(schedule, i, 0);
    }
    if (last >= 0) {
        tri_add_fold(schedule, &vectors, last, tri_at(TRI_OUTPUT, 0));
    }
}

static void build_inclusive(struct tri_schedule *schedule, const struct tri_collective *call)
{
    build_scan(schedule, call, call->rank);
}

static void build_exclusive(struct tri_schedule *schedule, const struct tri_collective *call)
{
    build_scan(schedule, call, call->rank - 1);
}

static double cost(const struct tri_machine *machine, const struct tri_shape *shape)
{
    double bytes = (double)shape->bytes, others = shape->ranks - 1;
    return tri_board_cost(machine, shape, 1, others, (1 + others) * bytes);
}

const struct tri_algorithm tri_board_scan = {
    .name = "board",
    .operation = TRI_SCAN,
    .use = "one node",
    .source = TRI_BOARD_SOURCE,
    .board = true,
    .fits = tri_board_fits_reduction,
    .cost = cost,
    .segment = tri_board_segment,
    .build = build_inclusive,
};

const struct tri_algorithm tri_board_exscan = {
    .name = "board",
    .operation = TRI_EXSCAN,
    .use = "one node",
    .source = TRI_BOARD_SOURCE,
    .board = true,
    .fits = tri_board_fits_reduction,
    .cost = cost,
    .segment = tri_board_segment,
    .build = build_exclusive,
};

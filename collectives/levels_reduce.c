/* Reduce and allreduce with two levels: on each node, then among the speakers of the nodes. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "levels.h"

static void build_all(struct tri_schedule *schedule, const struct tri_collective *call)
{
    struct tri_levels levels = tri_levels_begin(call, 0);
    tri_levels_fold(schedule, call, &levels, tri_at(TRI_OUTPUT, 0));
    tri_levels_add_upper(schedule, &levels);
    tri_levels_spread(schedule, &levels, &call->send, 1);
    tri_levels_end(&levels);
}

/* Only the root has an output: the other speakers reduce into scratch memory, which is input to the upper call. */
static void build_one(struct tri_schedule *schedule, const struct tri_collective *call)
{
    struct tri_levels levels = tri_levels_begin(call, call->root);
    struct tri_place partial = tri_at(TRI_OUTPUT, 0);
    if (levels.speaks && call->rank != call->root) {
        partial = tri_add_scratch(schedule, call->send.count, call->send.type);
    }
    tri_levels_fold(schedule, call, &levels, partial);
    levels.upper.partial = &partial;
    tri_levels_add_upper(schedule, &levels);
    tri_levels_end(&levels);
}

static double cost_all(const struct tri_machine *machine, const struct tri_shape *shape)
{
    double bytes = (double)shape->bytes;
    return tri_levels_cost(machine, shape, TRI_ALLREDUCE, 2, (3 + shape->most) * bytes);
}

static double cost_one(const struct tri_machine *machine, const struct tri_shape *shape)
{
    double bytes = (double)shape->bytes;
    return tri_levels_cost(machine, shape, TRI_REDUCE, 1, (1 + shape->most) * bytes);
}

const struct tri_algorithm tri_levels_allreduce = {
    .name = "levels",
    .operation = TRI_ALLREDUCE,
    .use = "several nodes with several ranks",
    .source = TRI_LEVELS_SOURCE,
    .levels = true,
    .fits = tri_levels_fits_reduction,
    .cost = cost_all,
    .segment = tri_levels_segment,
    .build = build_all,
};

const struct tri_algorithm tri_levels_reduce = {
    .name = "levels",
    .operation = TRI_REDUCE,
    .use = "several nodes with several ranks",
    .source = TRI_LEVELS_SOURCE,
    .levels = true,
    .fits = tri_levels_fits_reduction,
    .cost = cost_one,
    .segment = tri_levels_segment,
    .build = build_one,
};

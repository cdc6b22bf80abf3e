/* Scan and exscan along a chain, in pieces. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "collectives.h"

/* What the ranks before have comes in, and goes on with the own contribution behind it: p - 1 rounds for the first
 * piece.
 */
static void build_scan(struct tri_schedule *schedule, const struct tri_collective *call)
{
    const struct tri_blocks *data = &call->send;
    const struct tri_place result = tri_at(TRI_OUTPUT, 0);
    tri_add_copy(schedule, tri_contribution(call), result, data->count, data->type);
    if (call->rank > 0) {
        struct tri_place before = tri_add_scratch(schedule, data->count, data->type);
        tri_add_receive(schedule, call->rank - 1, before, data->count, data->type);
        tri_add_reduce(schedule, before, result, data->count, data->type);
    }
    tri_next_round(schedule);
    if (call->rank < call->size - 1) {
        tri_add_send(schedule, call->rank + 1, result, data->count, data->type);
    }
}

static void build_exscan(struct tri_schedule *schedule, const struct tri_collective *call)
{
    const struct tri_blocks *data = &call->send;
    bool last = call->rank == call->size - 1;
    struct tri_place sum = tri_contribution(call);
    if (call->rank > 0) {
        struct tri_place before = tri_add_scratch(schedule, data->count, data->type);
        sum = tri_add_scratch(schedule, data->count, data->type);
        tri_add_receive(schedule, call->rank - 1, before, data->count, data->type);
        if (!last) {
            tri_add_copy(schedule, tri_contribution(call), sum, data->count, data->type);
            tri_add_reduce(schedule, before, sum, data->count, data->type);
        }
        tri_add_copy(schedule, before, tri_at(TRI_OUTPUT, 0), data->count, data->type);
        tri_next_round(schedule);
    }
    if (!last) {
        tri_add_send(schedule, call->rank + 1, sum, data->count, data->type);
    }
}

static struct tri_pipeline pipeline(const struct tri_shape *shape)
{
    return (struct tri_pipeline){.depth = shape->ranks - 1, .fan = 1, .copies = 1, .reductions = 1, .passes = 1};
}

static int64_t segment(const struct tri_shape *shape)
{
    return tri_pipeline_segment(&tri_machine, shape, pipeline(shape));
}

static double cost(const struct tri_machine *machine, const struct tri_shape *shape)
{
    return tri_pipeline_cost(machine, shape, pipeline(shape));
}

const struct tri_algorithm tri_scan_chain = {
    .name = "chain",
    .operation = TRI_SCAN,
    .use = "long vectors",
    .source = "Sanders, Speck, Traeff: Two-tree algorithms for full bandwidth broadcast, reduction and scan, "
              "Parallel Computing 2009",
    .cost = cost,
    .segment = segment,
    .build = build_scan,
};

const struct tri_algorithm tri_exscan_chain = {
    .name = "chain",
    .operation = TRI_EXSCAN,
    .use = "long vectors",
    .source = "Sanders, Speck, Traeff: Two-tree algorithms for full bandwidth broadcast, reduction and scan, "
              "Parallel Computing 2009",
    .cost = cost,
    .segment = segment,
    .build = build_exscan,
};

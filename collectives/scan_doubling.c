/* Scan and exscan by recursive doubling. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "trees.h"

/* Each rank keeps the reduction of its block of 2^k ranks (partial) and that of the ranks before it, or up to it, in
 * the output. In round k it exchanges partials with the rank 2^k away; what comes from below also goes into the result,
 * in front. ceil(log2 p) rounds. */
struct scan {
    struct tri_place partial, other;
    bool has_result;
    int64_t count;
    struct tri_datatype *type;
};

static void take_from_above(struct tri_schedule *schedule, struct scan *scan)
{
    tri_add_reduce(schedule, scan->partial, scan->other, scan->count, scan->type);
    const struct tri_place sum = scan->other;
    scan->other = scan->partial;
    scan->partial = sum;
}

static void take_from_below(struct tri_schedule *schedule, struct scan *scan)
{
    const struct tri_place result = tri_at(TRI_OUTPUT, 0);
    tri_add_reduce(schedule, scan->other, scan->partial, scan->count, scan->type);
    if (scan->has_result) {
        tri_add_reduce(schedule, scan->other, result, scan->count, scan->type);
    } else {
        tri_add_copy(schedule, scan->other, result, scan->count, scan->type);
    }
    scan->has_result = true;
}

static void build_scan(struct tri_schedule *schedule, const struct tri_collective *call, bool exclusive)
{
    struct scan scan = {.has_result = !exclusive, .count = call->send.count, .type = call->send.type};
    scan.partial = tri_add_scratch(schedule, scan.count, scan.type);
    scan.other = tri_add_scratch(schedule, scan.count, scan.type);
    tri_add_copy(schedule, tri_contribution(call), scan.partial, scan.count, scan.type);
    if (!exclusive) {
        tri_add_copy(schedule, tri_contribution(call), tri_at(TRI_OUTPUT, 0), scan.count, scan.type);
    }
    tri_next_round(schedule);
    for (int mask = 1; mask < call->size; mask *= 2) {
        int partner = call->rank ^ mask;
        if (partner < call->size) {
            tri_add_send(schedule, partner, scan.partial, scan.count, scan.type);
            tri_add_receive(schedule, partner, scan.other, scan.count, scan.type);
            if (partner > call->rank) {
                take_from_above(schedule, &scan);
            } else {
                take_from_below(schedule, &scan);
            }
            tri_next_round(schedule);
        }
    }
}

static void build_inclusive(struct tri_schedule *schedule, const struct tri_collective *call)
{
    build_scan(schedule, call, false);
}

static void build_exclusive(struct tri_schedule *schedule, const struct tri_collective *call)
{
    build_scan(schedule, call, true);
}

static double cost(const struct tri_machine *machine, const struct tri_shape *shape)
{
    double rounds = tri_log2_up(shape->ranks), bytes = tri_cost_each(shape, rounds * (double)shape->bytes);
    return tri_cost_rounds(machine, shape, rounds, bytes) + bytes * machine->reduce_per_byte;
}

const struct tri_algorithm tri_scan_doubling = {
    .name = "doubling",
    .operation = TRI_SCAN,
    .use = "any operation",
    .source = "Kielmann, Hofman, Bal, Plaat, Bhoedjang: MagPIe, PPoPP 1999",
    .cost = cost,
    .build = build_inclusive,
};

const struct tri_algorithm tri_exscan_doubling = {
    .name = "doubling",
    .operation = TRI_EXSCAN,
    .use = "any operation",
    .source = "Kielmann, Hofman, Bal, Plaat, Bhoedjang: MagPIe, PPoPP 1999",
    .cost = cost,
    .build = build_exclusive,
};

/* Scan and exscan by recursive doubling. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "trees.h"

/* Each rank keeps the reduction of its block of 2^k ranks (partial) and that of the ranks before it, or up to it, in
 * the output. In round k it exchanges partials with the rank 2^k away; what comes from below also goes into the result,
 * in front. ceil(log2 p) rounds. */
static void build_scan(struct tri_schedule *schedule, const struct tri_collective *call, bool exclusive)
{
    int size = call->size, rank = call->rank;
    int64_t count = call->send.count;
    struct tri_datatype *type = call->send.type;
    struct tri_place partial = tri_add_scratch(schedule, count, type), other = tri_add_scratch(schedule, count, type);
    const struct tri_place result = tri_at(TRI_OUTPUT, 0);
    bool has_result = !exclusive;
    tri_add_copy(schedule, tri_contribution(call), partial, count, type);
    if (!exclusive) {
        tri_add_copy(schedule, tri_contribution(call), result, count, type);
    }
    tri_next_round(schedule);
    for (int mask = 1; mask < size; mask *= 2) {
        int partner = rank ^ mask;
        if (partner >= size) {
            continue;
        }
        tri_add_send(schedule, partner, partial, count, type);
        tri_add_receive(schedule, partner, other, count, type);
        if (partner > rank) {
            tri_add_reduce(schedule, partial, other, count, type);
            struct tri_place swap = partial;
            partial = other;
            other = swap;
        } else {
            tri_add_reduce(schedule, other, partial, count, type);
            if (has_result) {
                tri_add_reduce(schedule, other, result, count, type);
            } else {
                tri_add_copy(schedule, other, result, count, type);
            }
            has_result = true;
        }
        tri_next_round(schedule);
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

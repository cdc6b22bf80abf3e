/* Barrier along a tree: "everybody has come" goes up to the root, "everybody may go" comes down. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "trees.h"

enum { RADIX = TRI_RADIX_MAX };

typedef void add_fn(struct tri_schedule *schedule, int peer);

static void add_children(struct tri_schedule *schedule, const struct tri_collective *call, add_fn *add)
{
    struct tri_knomial tree = tri_knomial_of(call->size, call->rank, RADIX);
    for (int step = tree.width / RADIX; step > 0; step /= RADIX) {
        for (int i = 1; i < RADIX && call->rank + i * step < call->size; i++) {
            add(schedule, call->rank + i * step);
        }
    }
}

/* 2 log4 p rounds and 2 (p - 1) messages in all, where dissemination has p log2 p. A rank awaits all children at once.
 */
static void build(struct tri_schedule *schedule, const struct tri_collective *call)
{
    int parent = tri_knomial_of(call->size, call->rank, RADIX).parent;
    add_children(schedule, call, tri_add_await);
    tri_next_round(schedule);
    if (parent >= 0) {
        tri_add_signal(schedule, parent);
        tri_add_await(schedule, parent);
        tri_next_round(schedule);
    }
    add_children(schedule, call, tri_add_signal);
}

static double cost(const struct tri_machine *machine, const struct tri_shape *shape)
{
    int levels = tri_log_up(shape->ranks, RADIX), children = TRI_MIN(RADIX, shape->ranks) - 1;
    return 2 * levels * tri_cost_burst(machine, shape, children, 0);
}

const struct tri_algorithm tri_barrier_tree = {
    .name = "tree",
    .operation = TRI_BARRIER,
    .use = "many ranks on few cores",
    .source = "Mellor-Crummey, Scott: Algorithms for scalable synchronization on shared-memory multiprocessors, "
              "TOCS 1991",
    .cost = cost,
    .build = build,
};

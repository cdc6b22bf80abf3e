/* Broadcast over the board in two steps: the leaders of the domains copy the root's part, the others their leader's. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "domains.h"

/* The others of the domain get the leader's part before the leader's program does. */
static void pass_on(struct tri_schedule *schedule, const struct tri_collective *call, int64_t bytes)
{
    const struct tri_blocks *data = &call->receive;
    struct tri_place own = tri_at_board(schedule, call->rank, bytes);
    tri_add_look(schedule, call->root, 0);
    tri_add_copy(schedule, tri_at_board(schedule, call->root, bytes), own, bytes, tri_datatype_get(MPI_BYTE));
    tri_next_round(schedule);
    tri_add_show(schedule, 0);
    tri_add_unpack(schedule, own, tri_at(TRI_OUTPUT, 0), data->count, data->type);
}

static void build(struct tri_schedule *schedule, const struct tri_collective *call)
{
    const struct tri_blocks *data = &call->receive;
    const struct tri_place whole = tri_at(TRI_OUTPUT, 0);
    struct tri_domain_view view = tri_domains_begin(call, call->root);
    int64_t bytes = data->count * data->type->size;
    if (call->rank == call->root) {
        tri_add_pack(schedule, whole, data->count, data->type, tri_at_board(schedule, call->rank, bytes));
        tri_next_round(schedule);
        tri_add_show(schedule, 0);
    } else if (view.leads) {
        pass_on(schedule, call, bytes);
    } else {
        tri_add_look(schedule, view.leader, 0);
        tri_add_unpack(schedule, tri_at_board(schedule, view.leader, bytes), whole, data->count, data->type);
    }
}

/* A leader writes what it has read. */
static double cost(const struct tri_machine *machine, const struct tri_shape *shape)
{
    double bytes = (double)shape->bytes;
    return tri_domains_cost(machine, shape, 1, 2 * bytes, 1, (shape->domains - 1) * bytes);
}

const struct tri_algorithm tri_domains_bcast = {
    .name = "domains",
    .operation = TRI_BCAST,
    .use = "one node with several caches, NUMA nodes or packages",
    .source = TRI_DOMAINS_SOURCE,
    .board = true,
    .fits = tri_domains_fits,
    .cost = cost,
    .segment = tri_board_segment,
    .build = build,
};

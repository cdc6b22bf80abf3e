/* Reduce and allreduce over the board in two steps: in each domain, then what the leaders have. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "domains.h"

static void build_all(struct tri_schedule *schedule, const struct tri_collective *call)
{
    struct tri_domain_view view = tri_domains_begin(&call->comm->board->domains, call->size, call->rank, 0);
    tri_domains_gather(schedule, call, &view);
    tri_next_round(schedule);
    tri_domains_fold(schedule, call, &view, tri_at(TRI_OUTPUT, 0));
}

static void build_one(struct tri_schedule *schedule, const struct tri_collective *call)
{
    struct tri_domain_view view = tri_domains_begin(&call->comm->board->domains, call->size, call->rank, call->root);
    tri_domains_gather(schedule, call, &view);
    if (call->rank == call->root) {
        tri_next_round(schedule);
        tri_domains_fold(schedule, call, &view, tri_at(TRI_OUTPUT, 0));
    } else {
        tri_show_to_root(schedule);
    }
}

/* In its domain a leader reads what the others show, and shows one vector; all read those of all leaders. */
static double busiest(const struct tri_shape *shape)
{
    return (shape->crowd + shape->domains) * (double)shape->bytes;
}

static double cost_all(const struct tri_machine *machine, const struct tri_shape *shape)
{
    double all = (shape->ranks + shape->domains * shape->crowd + shape->ranks * shape->domains) * (double)shape->bytes;
    return tri_domains_cost(machine, shape, 2, shape->crowd - 1 + shape->domains - 1,
                            tri_cost_shared(shape, busiest(shape), all));
}

static double cost_one(const struct tri_machine *machine, const struct tri_shape *shape)
{
    double all = (shape->ranks + shape->domains * shape->crowd + shape->domains) * (double)shape->bytes;
    return tri_domains_cost(machine, shape, 2, shape->crowd - 1 + shape->domains - 1,
                            tri_cost_shared(shape, busiest(shape), all)) +
           (double)shape->bytes * machine->reduce_per_byte;
}

const struct tri_algorithm tri_domains_allreduce = {
    .name = "domains",
    .operation = TRI_ALLREDUCE,
    .use = "one node with several caches, NUMA nodes or packages, integers, short vectors",
    .source = TRI_DOMAINS_SOURCE,
    .board = true,
    .fits = tri_domains_fits_reduction,
    .cost = cost_all,
    .segment = tri_board_segment,
    .build = build_all,
};

const struct tri_algorithm tri_domains_reduce = {
    .name = "domains",
    .operation = TRI_REDUCE,
    .use = "one node with several caches, NUMA nodes or packages, integers",
    .source = TRI_DOMAINS_SOURCE,
    .board = true,
    .fits = tri_domains_fits_reduction,
    .cost = cost_one,
    .segment = tri_board_segment,
    .build = build_one,
};

/* What the algorithms in two steps on one board share. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "domains.h"

struct tri_domain_view tri_domains_begin(const struct tri_collective *call, int root)
{
    const struct tri_domains *domains = &call->comm->board->domains;
    struct tri_domain_view view = {.domains = domains, .own = domains->of[call->rank], .root = root};
    view.leader = tri_domains_leader(&view, view.own);
    view.leads = view.leader == call->rank;
    return view;
}

int tri_domains_leader(const struct tri_domain_view *view, int domain)
{
    const struct tri_domains *domains = view->domains;
    return domains->of[view->root] == domain ? view->root : domains->first[domain];
}

void tri_domains_look_members(struct tri_schedule *schedule, const struct tri_collective *call,
                              const struct tri_domain_view *view, int stage)
{
    for (int i = 0; i < call->size; i++) {
        if (i != call->rank && view->domains->of[i] == view->own) {
            tri_add_look(schedule, i, stage);
        }
    }
}

void tri_domains_look_leaders(struct tri_schedule *schedule, const struct tri_domain_view *view, int rank, int stage)
{
    for (int k = 0; k < view->domains->count; k++) {
        int leader = tri_domains_leader(view, (view->own + k) % view->domains->count);
        if (leader != rank) {
            tri_add_look(schedule, leader, stage);
        }
    }
}

/* The first operand that comes is copied, and the others reduced with it. */
static void add_operand(struct tri_schedule *schedule, const struct tri_blocks *data, struct tri_place from,
                        struct tri_place to, bool first)
{
    if (first) {
        tri_add_copy(schedule, from, to, data->count, data->type);
    } else {
        tri_add_reduce(schedule, from, to, data->count, data->type);
    }
}

void tri_domains_gather(struct tri_schedule *schedule, const struct tri_collective *call,
                        const struct tri_domain_view *view)
{
    const struct tri_blocks *data = &call->send;
    if (!view->leads) {
        tri_add_show_vector(schedule, call, data, tri_contribution(call));
        return;
    }
    tri_domains_look_members(schedule, call, view, 0);
    bool first = true;
    for (int i = call->size - 1; i >= 0; i--) {
        if (view->domains->of[i] == view->own) {
            struct tri_place from = i == call->rank ? tri_contribution(call) : tri_board_vector(schedule, i, data);
            add_operand(schedule, data, from, tri_board_vector(schedule, call->rank, data), first);
            first = false;
        }
    }
    tri_next_round(schedule);
    tri_add_show(schedule, 0);
}

void tri_domains_fold(struct tri_schedule *schedule, const struct tri_collective *call,
                      const struct tri_domain_view *view, struct tri_place to)
{
    int last = view->domains->count - 1;
    tri_domains_look_leaders(schedule, view, call->rank, 0);
    for (int i = last; i >= 0; i--) {
        struct tri_place from = tri_board_vector(schedule, tri_domains_leader(view, i), &call->send);
        add_operand(schedule, &call->send, from, to, i == last);
    }
}

bool tri_domains_fits(const struct tri_shape *shape)
{
    return shape->domains > 1 && shape->crowd > 1;
}

bool tri_domains_fits_reduction(const struct tri_shape *shape)
{
    return tri_domains_fits(shape) && tri_board_fits_reduction(shape) && (shape->commutative || shape->in_order);
}

double tri_domains_cost(const struct tri_machine *machine, const struct tri_shape *shape, double looks, double bytes,
                        double far_looks, double far_bytes)
{
    double near = tri_cost_show(machine) + looks * tri_cost_look(machine) + bytes * machine->copy_per_byte;
    double far = tri_cost_show(machine) + far_looks * machine->far_flag / 2 + far_bytes * machine->far_per_byte;
    return near + far + 2 * tri_cost_turns(machine, shape);
}

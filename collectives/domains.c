/* What the algorithms in two steps on one board share. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "domains.h"

static int domain_of(const struct tri_domain_view *view, int member)
{
    return view->domains ? view->domains->of[member] : 0;
}

static int leader_of(const struct tri_domain_view *view, int domain)
{
    return domain == domain_of(view, view->root) ? view->root : view->domains->first[domain];
}

struct tri_domain_view tri_domains_begin(const struct tri_domains *domains, int members, int own, int root)
{
    struct tri_domain_view view = {.domains = domains, .count = domains ? domains->count : 1};
    view.members = members;
    view.own = own;
    view.root = root;
    view.domain = domain_of(&view, own);
    view.leader = leader_of(&view, view.domain);
    view.leads = view.leader == own;
    return view;
}

void tri_domains_look_members(struct tri_schedule *schedule, const struct tri_domain_view *view, int stage)
{
    for (int i = 0; i < view->members; i++) {
        if (i != view->own && domain_of(view, i) == view->domain) {
            tri_add_look(schedule, i, stage);
        }
    }
}

void tri_domains_look_leaders(struct tri_schedule *schedule, const struct tri_domain_view *view, int stage)
{
    for (int k = 1; k < view->count; k++) {
        tri_add_look(schedule, leader_of(view, (view->domain + k) % view->count), stage);
    }
    if (!view->leads) {
        tri_add_look(schedule, view->leader, stage);
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

/* The own vector, or what the domain's are reduced to, on the own part of the board. */
static void prepare(struct tri_schedule *schedule, const struct tri_collective *call,
                    const struct tri_domain_view *view)
{
    const struct tri_blocks *data = &call->send;
    struct tri_place shown = tri_board_vector(schedule, view->own, data);
    if (!view->leads) {
        tri_add_copy(schedule, tri_contribution(call), shown, data->count, data->type);
        return;
    }
    tri_domains_look_members(schedule, view, 0);
    bool first = true;
    for (int i = view->members - 1; i >= 0; i--) {
        if (domain_of(view, i) == view->domain) {
            struct tri_place from = i == view->own ? tri_contribution(call) : tri_board_vector(schedule, i, data);
            add_operand(schedule, data, from, shown, first);
            first = false;
        }
    }
}

void tri_domains_gather(struct tri_schedule *schedule, const struct tri_collective *call,
                        const struct tri_domain_view *view)
{
    prepare(schedule, call, view);
    tri_next_round(schedule);
    tri_add_show(schedule, 0);
}

void tri_domains_fold(struct tri_schedule *schedule, const struct tri_collective *call,
                      const struct tri_domain_view *view, struct tri_place to)
{
    int last = view->count - 1;
    tri_domains_look_leaders(schedule, view, 0);
    for (int i = last; i >= 0; i--) {
        struct tri_place from = tri_board_vector(schedule, leader_of(view, i), &call->send);
        add_operand(schedule, &call->send, from, to, i == last);
    }
}

bool tri_domains_are_several(const struct tri_domains *domains)
{
    return domains->count > 1 && domains->most > 1;
}

bool tri_domains_fits(const struct tri_shape *shape)
{
    return shape->domains > 1 && shape->crowd > 1;
}

bool tri_domains_fits_reduction(const struct tri_shape *shape)
{
    return tri_domains_fits(shape) && tri_board_fits_reduction(shape) && shape->exact;
}

double tri_domains_cost(const struct tri_machine *machine, const struct tri_shape *shape, int stages, int looks,
                        double bytes)
{
    return stages * (tri_cost_turns(machine, shape) + tri_cost_show(machine)) + looks * tri_cost_look(machine) +
           bytes * machine->copy_per_byte;
}

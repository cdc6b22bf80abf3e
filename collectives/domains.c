/* What the algorithms in two steps on one board share. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "domains.h"

struct tri_domain_view tri_domains_begin(const struct tri_board *board, int own, int root)
{
    const struct tri_domains *domains = &board->domains;
    struct tri_domain_view view = {
        .domains = domains, .members = board->count, .own = own, .root = root, .domain = domains->of[own]};
    view.leader = tri_domains_leader(&view, view.domain);
    view.leads = view.leader == own;
    return view;
}

int tri_domains_leader(const struct tri_domain_view *view, int domain)
{
    const struct tri_domains *domains = view->domains;
    return domains->of[view->root] == domain ? view->root : domains->first[domain];
}

void tri_domains_look_members(struct tri_schedule *schedule, const struct tri_domain_view *view, int stage)
{
    for (int i = 0; i < view->members; i++) {
        if (i != view->own && view->domains->of[i] == view->domain) {
            tri_add_look(schedule, i, stage);
        }
    }
}

void tri_domains_look_leaders(struct tri_schedule *schedule, const struct tri_domain_view *view, int stage)
{
    for (int k = 0; k < view->domains->count; k++) {
        int leader = tri_domains_leader(view, (view->domain + k) % view->domains->count);
        if (leader != view->own) {
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
        if (view->domains->of[i] == view->domain) {
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
    int last = view->domains->count - 1;
    tri_domains_look_leaders(schedule, view, 0);
    for (int i = last; i >= 0; i--) {
        struct tri_place from = tri_board_vector(schedule, tri_domains_leader(view, i), &call->send);
        add_operand(schedule, &call->send, from, to, i == last);
    }
}

/* The others of the domain get the leader's part before the leader's program does. */
static void pass_on(struct tri_schedule *schedule, const struct tri_domain_view *view, const struct tri_blocks *data,
                    int stage)
{
    int64_t bytes = data->count * data->type->size;
    struct tri_place own = tri_at_board(schedule, view->own, bytes);
    tri_add_look(schedule, view->root, stage);
    tri_add_copy(schedule, tri_at_board(schedule, view->root, bytes), own, bytes, tri_datatype_get(MPI_BYTE));
    tri_next_round(schedule);
    tri_add_show(schedule, stage);
    tri_add_unpack(schedule, own, tri_at(TRI_OUTPUT, 0), data->count, data->type);
}

void tri_domains_spread(struct tri_schedule *schedule, const struct tri_domain_view *view,
                        const struct tri_blocks *data, int stage)
{
    const struct tri_place whole = tri_at(TRI_OUTPUT, 0);
    int64_t bytes = data->count * data->type->size;
    if (view->own == view->root) {
        tri_add_pack(schedule, whole, data->count, data->type, tri_at_board(schedule, view->own, bytes));
        tri_next_round(schedule);
        tri_add_show(schedule, stage);
    } else if (view->leads) {
        pass_on(schedule, view, data, stage);
    } else {
        tri_add_look(schedule, view->leader, stage);
        tri_add_unpack(schedule, tri_at_board(schedule, view->leader, bytes), whole, data->count, data->type);
    }
}

bool tri_domains_are_several(const struct tri_domain_view *view)
{
    return view->domains->count > 1 && view->domains->most > 1;
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

/* place_node.c: places the ranks of one node on its cores. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdlib.h>
#include <string.h>

#include "place_internal.h"

/* The ranks to be placed, and what they take from the field. */
struct group {
    struct tri_field *field;
    struct tri_seat **seats;
    const uint32_t *threads;
    uint32_t count;
    const char *node;
};

static const char others[] = "not bound (another job has the cores)";
static const char too_many[] = "not bound (more ranks than cores)";
static const char unwanted[] = "not bound";

static uint32_t least(uint32_t a, uint32_t b)
{
    return a < b ? a : b;
}

/* How many units a rank takes: what pe= says, else as many as it has threads up to a limit. */
static uint32_t width_of(const struct group *group, uint32_t rank, uint32_t limit)
{
    uint32_t threads = group->threads[rank];

    if (group->field->policy->pe > 0) {
        return group->field->policy->pe;
    }
    return threads > 1 ? least(threads, limit) : 1;
}

static void clear_seats(const struct group *group)
{
    tri_field_reset(group->field);
    for (uint32_t i = 0; i < group->count; i++) {
        tri_cpus_clear(&group->seats[i]->cpus);
    }
}

/* Gives every rank its units. Returns how many found some. */
static uint32_t take_all(const struct group *group, uint32_t limit, bool sharing, bool with_busy)
{
    clear_seats(group);
    for (uint32_t i = 0; i < group->count; i++) {
        if (!tri_field_take(group->field, width_of(group, i, limit), sharing, with_busy,
                            group->seats[i], &group->seats[i]->cpus)) {
            return i;
        }
    }
    return group->count;
}

/* Units of their own for all ranks, for each as many as it has threads if that can be. */
static uint32_t take_own(const struct group *group, bool with_busy)
{
    uint32_t limit = 1, taken;

    for (uint32_t i = 0; i < group->count; i++) {
        limit = group->threads[i] > limit ? group->threads[i] : limit;
    }
    limit = least(limit, group->field->nunits);
    do {
        taken = take_all(group, limit, false, with_busy);
    } while (taken < group->count && group->field->policy->pe == 0 && limit-- > 1);
    return taken;
}

/* The hardware threads of other jobs' cores are left out. */
static void add_object(const struct tri_machine *machine, enum tri_level level, uint32_t object,
                       struct tri_cpus *cpus)
{
    for (uint32_t i = 0; i < machine->npus; i++) {
        const struct tri_pu *pu = &machine->pus[i];

        if (pu->usable && !machine->cores[pu->core].busy &&
            tri_machine_around(machine, i, level) == object) {
            tri_cpus_add(cpus, pu->os);
        }
    }
}

/* Leaves the ranks where the mapping puts them in thought, but does not bind them, or only to what
 * the user restricted the job to. */
static void leave_unbound(const struct group *group)
{
    const struct tri_machine *machine = group->field->machine;

    take_all(group, 1, true, true);
    for (uint32_t i = 0; i < group->count; i++) {
        struct tri_cpus *cpus = &group->seats[i]->cpus;

        tri_cpus_clear(cpus);
        for (uint32_t k = 0; k < machine->npus && group->field->policy->cpu_list != NULL; k++) {
            if (machine->pus[k].usable) {
                tri_cpus_add(cpus, machine->pus[k].os);
            }
        }
    }
}

/* What the user asked for that does not fit: one line. */
static char *describe_misfit(const struct group *group, uint32_t taken)
{
    const struct tri_policy *policy = group->field->policy;
    bool mapped = policy->pe > 0 || policy->bind != TRI_BIND_LEVEL;
    const char *unit = group->field->by_thread ? "hardware thread" : "core";
    uint32_t width = width_of(group, taken, 1), have = group->field->nunits;

    return tri_format("option %s %s: %u ranks on node %s want %u %s%s each, but there is room for "
                      "%u of them (%u %s%s in all); use fewer ranks (-n), more nodes (-H) or %s",
                      mapped ? "--map-by" : "--bind-to",
                      mapped ? policy->map_text : tri_level_word(policy->bind_level),
                      group->count, group->node, width, unit, width == 1 ? "" : "s", taken, have,
                      unit, have == 1 ? "" : "s",
                      policy->pe > 1 ? "a smaller pe" : "--bind-to none");
}

/* Units of their own. */
static char *bind_apart(const struct group *group, const char **unbound)
{
    const struct tri_policy *policy = group->field->policy;

    if (take_own(group, false) == group->count) {
        return NULL;
    }
    uint32_t taken = take_own(group, true);

    if (taken < group->count && (policy->bind == TRI_BIND_LEVEL || policy->pe > 0)) {
        return describe_misfit(group, taken);
    }
    *unbound = taken < group->count ? too_many : others;
    leave_unbound(group);
    return NULL;
}

/* Objects that ranks may have in common. */
static char *bind_together(const struct group *group, const char **unbound)
{
    const struct tri_machine *machine = group->field->machine;
    enum tri_level level = group->field->policy->bind_level;
    uint32_t taken = take_all(group, 1, true, false);

    if (taken < group->count) {
        taken = take_all(group, 1, true, true);
        *unbound = others;
        leave_unbound(group);
        return taken < group->count ? describe_misfit(group, taken) : NULL;
    }
    for (uint32_t i = 0; i < group->count; i++) {
        struct tri_seat *seat = group->seats[i];
        uint32_t object = tri_machine_around(machine, seat->unit, level);

        if (object == TRI_NOWHERE) {
            return tri_format("option --bind-to %s: core %u of node %s is in no %s; use another "
                              "level or --cpu-list to leave it out",
                              tri_level_word(level),
                              machine->cores[machine->pus[seat->unit].core].os, group->node,
                              tri_level_name(level));
        }
        tri_cpus_clear(&seat->cpus);
        add_object(machine, level, object, &seat->cpus);
    }
    return NULL;
}

static char *bind_all(const struct group *group, const char **unbound)
{
    const struct tri_policy *policy = group->field->policy;

    *unbound = NULL;
    if (policy->bind == TRI_BIND_NONE) {
        *unbound = unwanted;
        leave_unbound(group);
        return NULL;
    }
    return policy->bind == TRI_BIND_LEVEL && policy->bind_level < TRI_LEVEL_CORE
               ? bind_together(group, unbound)
               : bind_apart(group, unbound);
}

/* Whether a hardware thread begins a unit among those of a seat: a core counts once. */
static bool begins_unit(const struct tri_field *field, uint32_t pu, uint32_t *last)
{
    uint32_t core = field->machine->pus[pu].core;
    bool begins = field->by_thread || core != *last;

    *last = core;
    return begins;
}

static void share_seat(const struct tri_field *field, struct tri_seat *seat, const uint32_t *users)
{
    const struct tri_machine *machine = field->machine;
    double share = 1e-6; /* thirds add up to a whole */
    uint32_t last = TRI_NOWHERE;

    seat->alone = true;
    for (uint32_t i = 0; i < machine->npus; i++) {
        if (tri_cpus_has(&seat->cpus, machine->pus[i].os)) {
            seat->alone = seat->alone && users[i] == 1;
            share += begins_unit(field, i, &last) ? 1.0 / users[i] : 0;
        }
    }
    seat->threads = share < 1 ? 1 : (uint32_t)share;
}

/* Tells every rank how many cores are its own, counting those that it shares in parts. */
static void share_out(const struct group *group, bool bound)
{
    const struct tri_field *field = group->field;
    uint32_t *users = tri_alloc(field->machine->npus, sizeof *users);

    for (uint32_t i = 0; i < field->machine->npus; i++) {
        for (uint32_t k = 0; k < group->count; k++) {
            users[i] += tri_cpus_has(&group->seats[k]->cpus, field->machine->pus[i].os);
        }
    }
    for (uint32_t i = 0; i < group->count; i++) {
        struct tri_seat *seat = group->seats[i];

        if (bound) {
            share_seat(field, seat, users);
        } else {
            uint32_t share = field->nunits / group->count;

            seat->threads = share > 0 ? share : 1;
            seat->alone = false;
        }
    }
    free(users);
}

static char *check_level(const struct tri_place_node *node, const char *option, const char *text,
                         enum tri_level level)
{
    if (node->machine->count[level] > 0) {
        return NULL;
    }
    char *levels = tri_machine_levels(node->machine);
    char *line = tri_format("option %s %s: node %s has no %s; it has %s", option, text, node->name,
                            tri_level_name(level), levels);

    free(levels);
    return line;
}

static char *check_levels(const struct tri_policy *policy, const struct tri_place_node *node)
{
    char *why = NULL;

    if (policy->map == TRI_MAP_TURN || policy->map == TRI_MAP_PPR) {
        why = check_level(node, "--map-by", policy->map_text, policy->map_level);
    }
    if (why == NULL && policy->rank == TRI_RANK_TURN) {
        why = check_level(node, "--rank-by", tri_level_word(policy->rank_level),
                          policy->rank_level);
    }
    if (why == NULL && policy->bind == TRI_BIND_LEVEL) {
        why = check_level(node, "--bind-to", tri_level_word(policy->bind_level),
                          policy->bind_level);
    }
    return why;
}

char *tri_place_on_node(const struct tri_policy *policy, const struct tri_place_node *node,
                        struct tri_seat **seats, const uint32_t *threads, uint32_t count,
                        const char **unbound)
{
    char *why = check_levels(policy, node);
    struct tri_field *field = why == NULL ? tri_field_new(policy, node, &why) : NULL;

    if (field == NULL) {
        return why;
    }
    struct group group = {.field = field, .seats = seats, .threads = threads, .count = count,
                          .node = node->name};

    why = bind_all(&group, unbound);
    if (why == NULL) {
        share_out(&group, *unbound == NULL);
    }
    tri_field_free(field);
    return why;
}

/* place_field.c: what a node offers to ranks, and how they take it one after the other. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdlib.h>
#include <string.h>

#include "place_internal.h"

static int by_speed(const void *a, const void *b)
{
    const struct tri_unit *first = a, *second = b;

    if (first->kind != second->kind) {
        return first->kind > second->kind ? -1 : 1;
    }
    return first->pu < second->pu ? -1 : first->pu > second->pu;
}

static void list_units(struct tri_field *field)
{
    const struct tri_machine *machine = field->machine;
    uint32_t last = TRI_NOWHERE;

    field->units = tri_alloc(machine->npus, sizeof *field->units);
    for (uint32_t i = 0; i < machine->npus; i++) {
        const struct tri_pu *pu = &machine->pus[i];

        if (pu->usable && (field->by_thread || pu->core != last)) {
            const struct tri_core *core = &machine->cores[pu->core];

            field->units[field->nunits++] =
                (struct tri_unit){.pu = i, .kind = core->kind, .busy = core->busy};
            last = pu->core;
        }
    }
    if (field->nunits > 0) {
        qsort(field->units, field->nunits, sizeof *field->units, by_speed);
    }
}

static uint32_t object_of(const struct tri_field *field, enum tri_level level, uint32_t unit)
{
    return tri_machine_around(field->machine, field->units[unit].pu, level);
}

/* In the order of the units, so that an object with fast cores comes first. */
static void list_objects(struct tri_field *field)
{
    bool *seen = tri_alloc(field->machine->count[field->level], sizeof *seen);

    field->objects = tri_alloc(field->machine->count[field->level], sizeof *field->objects);
    for (uint32_t i = 0; i < field->nunits; i++) {
        uint32_t object = object_of(field, field->level, i);

        if (object != TRI_NOWHERE && !seen[object]) {
            seen[object] = true;
            field->objects[field->nobjects++] = object;
        }
    }
    free(seen);
}

static const struct tri_device *find_device(const struct tri_machine *machine, const char *name)
{
    const struct tri_device *found = NULL;

    for (uint32_t i = 0; i < machine->ndevices; i++) {
        const struct tri_device *device = &machine->devices[i];
        bool wanted = name != NULL ? strcmp(device->name, name) == 0 : device->network;

        if (wanted && (found == NULL || (found->numa == TRI_NOWHERE &&
                                         device->numa != TRI_NOWHERE))) {
            found = device;
        }
    }
    return found;
}

static char *list_devices(const struct tri_machine *machine)
{
    char *text = tri_copy(machine->ndevices > 0 ? "it has " : "it has no devices");

    for (uint32_t i = 0; i < machine->ndevices; i++) {
        char *longer = tri_format("%s%s%s", text, i > 0 ? ", " : "", machine->devices[i].name);

        free(text);
        text = longer;
    }
    return text;
}

static char *no_device(const struct tri_field *field, const char *node,
                       const struct tri_device *device)
{
    const char *wanted = field->policy->device;
    char *devices = list_devices(field->machine);
    char *problem = device != NULL   ? tri_format("nobody knows at which NUMA domain %s is",
                                                  device->name)
                    : wanted != NULL ? tri_format("there is no device %s", wanted)
                                     : tri_copy("there is no network device");
    char *line = tri_format("option --map-by %s: on node %s %s (%s); name another with "
                            "dist:DEVICE or use --map-by numa",
                            field->policy->map_text, node, problem, devices);

    free(problem);
    free(devices);
    return line;
}

/* Sorts the domains by their distance from the device. Where there is one domain only, all are
 * equally near. */
static char *sort_by_distance(struct tri_field *field, const char *node)
{
    const struct tri_device *device = find_device(field->machine, field->policy->device);

    if (device == NULL || (device->numa == TRI_NOWHERE && field->nobjects > 1)) {
        return no_device(field, node, device);
    }
    for (uint32_t i = 1; i < field->nobjects; i++) {
        for (uint32_t k = i; k > 0; k--) {
            uint32_t *pair = &field->objects[k - 1];

            if (tri_machine_distance(field->machine, device->numa, pair[0]) <=
                tri_machine_distance(field->machine, device->numa, pair[1])) {
                break;
            }
            uint32_t nearer = pair[1];

            pair[1] = pair[0];
            pair[0] = nearer;
        }
    }
    return NULL;
}

static enum tri_level level_of_mapping(const struct tri_policy *policy)
{
    switch (policy->map) {
    case TRI_MAP_TURN:
    case TRI_MAP_PPR:
        return policy->map_level;
    case TRI_MAP_DIST:
        return TRI_LEVEL_NUMA;
    default:
        return TRI_LEVEL_NODE;
    }
}

struct tri_field *tri_field_new(const struct tri_policy *policy,
                                const struct tri_place_node *node, char **why)
{
    struct tri_field *field = tri_alloc(1, sizeof *field);

    field->policy = policy;
    field->machine = node->machine;
    field->by_thread = tri_policy_takes_threads(policy);
    field->level = level_of_mapping(policy);
    field->round = 1;
    list_units(field);
    list_objects(field);
    *why = policy->map == TRI_MAP_DIST ? sort_by_distance(field, node->name) : NULL;
    if (*why != NULL) {
        tri_field_free(field);
        return NULL;
    }
    return field;
}

void tri_field_free(struct tri_field *field)
{
    free(field->units);
    free(field->objects);
    free(field);
}

void tri_field_reset(struct tri_field *field)
{
    field->next = 0;
    field->round = 1;
    for (uint32_t i = 0; i < field->nunits; i++) {
        field->units[i].used = 0;
    }
}

static bool can_take(const struct tri_field *field, uint32_t unit, bool with_busy)
{
    return field->units[unit].used < field->round && (with_busy || !field->units[unit].busy);
}

static bool has_room(const struct tri_field *field, enum tri_level level, uint32_t object,
                     uint32_t count, bool with_busy)
{
    for (uint32_t i = 0; i < field->nunits && count > 0; i++) {
        count -= can_take(field, i, with_busy) && object_of(field, level, i) == object;
    }
    return count == 0;
}

/* Several cores of a rank should be near each other: the first of the smallest objects with room
 * for it, and the whole node only when there is no such. */
static bool find_near(const struct tri_field *field, uint32_t count, bool with_busy,
                      enum tri_level *level, uint32_t *object)
{
    static const enum tri_level levels[] = {TRI_LEVEL_CORE, TRI_LEVEL_L3, TRI_LEVEL_NUMA,
                                            TRI_LEVEL_PACKAGE, TRI_LEVEL_NODE};

    for (size_t k = count > 1 ? 0 : 4; k < sizeof levels / sizeof *levels; k++) {
        uint32_t tried = TRI_NOWHERE;

        for (uint32_t i = 0; i < field->nunits; i++) {
            uint32_t around = object_of(field, levels[k], i);

            if (around == tried || !can_take(field, i, with_busy)) {
                continue;
            }
            tried = around;
            if (has_room(field, levels[k], around, count, with_busy)) {
                *level = levels[k];
                *object = around;
                return true;
            }
        }
    }
    return false;
}

/* The object of the mapping whose turn it is, leaving out those without room. */
static bool find_turn(struct tri_field *field, uint32_t count, bool with_busy, uint32_t *object)
{
    uint32_t each = field->policy->map == TRI_MAP_PPR ? field->policy->per_object : 1;
    bool nearest = field->policy->map == TRI_MAP_DIST;

    for (uint32_t tries = 0; tries < field->nobjects; tries++) {
        uint32_t turn = nearest ? tries : field->next / each % field->nobjects;

        if (has_room(field, field->level, field->objects[turn], count, with_busy)) {
            *object = field->objects[turn];
            field->next++;
            return true;
        }
        if (field->policy->map == TRI_MAP_PPR) {
            return false;
        }
        field->next++;
    }
    return false;
}

/* Ranks that take several cores cannot be mapped to single ones: they go where there is room. */
static bool goes_near(const struct tri_field *field, uint32_t count)
{
    return field->level == TRI_LEVEL_NODE ||
           (field->policy->map == TRI_MAP_TURN && field->level >= TRI_LEVEL_CORE && count > 1);
}

static bool find_place(struct tri_field *field, uint32_t count, bool with_busy,
                       enum tri_level *level, uint32_t *object)
{
    if (goes_near(field, count)) {
        return find_near(field, count, with_busy, level, object);
    }
    *level = field->level;
    return find_turn(field, count, with_busy, object);
}

/* The hardware threads that come with a unit. */
static void add_threads(const struct tri_field *field, uint32_t unit, struct tri_cpus *cpus)
{
    const struct tri_machine *machine = field->machine;
    uint32_t pu = field->units[unit].pu;
    const struct tri_core *core = &machine->cores[machine->pus[pu].core];

    if (field->by_thread) {
        tri_cpus_add(cpus, machine->pus[pu].os);
        return;
    }
    for (uint32_t i = core->first; i < core->first + core->count; i++) {
        if (machine->pus[i].usable) {
            tri_cpus_add(cpus, machine->pus[i].os);
        }
    }
}

bool tri_field_take(struct tri_field *field, uint32_t count, bool sharing, bool with_busy,
                    struct tri_seat *seat, struct tri_cpus *cpus)
{
    bool near = goes_near(field, count);
    enum tri_level level;
    uint32_t object;
    bool found = find_place(field, count, with_busy, &level, &object);

    if (!found && sharing) {
        field->round++;
        found = find_place(field, count, with_busy, &level, &object);
    }
    if (!found) {
        return false;
    }
    seat->unit = TRI_NOWHERE;
    for (uint32_t i = 0; i < field->nunits && count > 0; i++) {
        if (object_of(field, level, i) != object || !can_take(field, i, with_busy)) {
            continue;
        }
        if (seat->unit == TRI_NOWHERE) {
            seat->unit = field->units[i].pu;
        }
        field->units[i].used++;
        add_threads(field, i, cpus);
        count--;
    }
    seat->level = near ? TRI_LEVEL_CORE : level;
    seat->object =
        near ? tri_machine_around(field->machine, seat->unit, TRI_LEVEL_CORE) : object;
    return true;
}

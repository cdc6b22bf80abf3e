/* place_describe.c: says in words what a rank is bound to. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdlib.h>

#include "place.h"

/* The smallest object around a set, core or larger. */
static enum tri_level find_around(const struct tri_machine *machine, const struct tri_cpus *cpus,
                                  uint32_t *object)
{
    static const enum tri_level levels[] = {TRI_LEVEL_CORE, TRI_LEVEL_L3, TRI_LEVEL_NUMA,
                                            TRI_LEVEL_PACKAGE};

    for (size_t k = 0; k < sizeof levels / sizeof *levels; k++) {
        uint32_t first = TRI_NOWHERE;
        bool common = true, any = false;

        for (uint32_t i = 0; i < machine->npus; i++) {
            if (tri_cpus_has(cpus, machine->pus[i].os)) {
                *object = tri_machine_around(machine, i, levels[k]);
                first = any ? first : *object;
                common = common && *object == first && first != TRI_NOWHERE;
                any = true;
            }
        }
        if (common) {
            *object = first;
            return levels[k];
        }
    }
    *object = 0;
    return TRI_LEVEL_NODE;
}

static uint32_t count_units(const struct tri_machine *machine, const struct tri_cpus *cpus,
                            enum tri_level level)
{
    uint32_t count = 0, last = TRI_NOWHERE;

    for (uint32_t i = 0; i < machine->npus; i++) {
        if (tri_cpus_has(cpus, machine->pus[i].os)) {
            count += level == TRI_LEVEL_HWTHREAD || machine->pus[i].core != last;
            last = machine->pus[i].core;
        }
    }
    return count;
}

/* "package 1 " where a core's number alone says too little: packages count theirs from 0. */
static char *name_package(const struct tri_machine *machine, uint32_t core)
{
    uint32_t package = machine->cores[core].in[TRI_LEVEL_PACKAGE];

    return machine->count[TRI_LEVEL_PACKAGE] > 1 && package != TRI_NOWHERE
               ? tri_format("package %u ", tri_machine_os(machine, TRI_LEVEL_PACKAGE, package))
               : tri_copy("");
}

static char *describe_bound(const struct tri_machine *machine, const struct tri_cpus *cpus)
{
    uint32_t object;
    enum tri_level level = find_around(machine, cpus, &object);
    uint32_t threads = count_units(machine, cpus, TRI_LEVEL_HWTHREAD);
    uint32_t cores = count_units(machine, cpus, TRI_LEVEL_CORE);
    bool whole = threads == tri_machine_usable_in(machine, level, object, TRI_LEVEL_HWTHREAD);
    char *part = whole                     ? tri_copy("")
                 : level == TRI_LEVEL_CORE ? tri_format("%u thread%s of ", threads,
                                                          threads == 1 ? "" : "s")
                                           : tri_format("%u cores of ", cores);
    char *package = level == TRI_LEVEL_CORE ? name_package(machine, object) : tri_copy("");
    char *list = tri_cpus_format(cpus);
    char *text = level == TRI_LEVEL_NODE
                     ? tri_format("%u cores (cpus %s)", cores, list)
                     : tri_format("%s%s%s %u (cpus %s)", part, package, tri_level_name(level),
                                  tri_machine_os(machine, level, object), list);

    free(list);
    free(package);
    free(part);
    return text;
}

char *tri_seat_describe(const struct tri_layout *layout, const struct tri_seat *seat,
                        const struct tri_machine *machine)
{
    const char *unbound = layout->unbound[seat->node];

    if (unbound == NULL) {
        return describe_bound(machine, &seat->cpus);
    }
    if (tri_cpus_is_empty(&seat->cpus)) {
        return tri_copy(unbound);
    }
    char *list = tri_cpus_format(&seat->cpus);
    char *text = tri_format("%s, on cpus %s", unbound, list);

    free(list);
    return text;
}

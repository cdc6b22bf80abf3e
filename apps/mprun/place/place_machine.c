/* place_machine.c: questions about a node's hardware. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "place_machine.h"

#include <stdlib.h>
#include <string.h>

static const struct {
    const char *word, *name;
} levels[TRI_LEVELS] = {
    [TRI_LEVEL_NODE] = {"node", "node"},
    [TRI_LEVEL_PACKAGE] = {"package", "package"},
    [TRI_LEVEL_NUMA] = {"numa", "NUMA domain"},
    [TRI_LEVEL_L3] = {"l3", "L3 cache"},
    [TRI_LEVEL_CORE] = {"core", "core"},
    [TRI_LEVEL_HWTHREAD] = {"hwthread", "hardware thread"},
};

const char *tri_level_name(enum tri_level level)
{
    return levels[level].name;
}

const char *tri_level_word(enum tri_level level)
{
    return levels[level].word;
}

bool tri_level_parse(const char *word, enum tri_level *level)
{
    /* Open MPI and MPICH have these names for the same things. */
    static const struct {
        const char *word;
        enum tri_level level;
    } others[] = {{"socket", TRI_LEVEL_PACKAGE}, {"l3cache", TRI_LEVEL_L3}};

    for (int i = 0; i < TRI_LEVELS; i++) {
        if (strcmp(word, levels[i].word) == 0) {
            *level = (enum tri_level)i;
            return true;
        }
    }
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        if (strcmp(word, others[i].word) == 0) {
            *level = others[i].level;
            return true;
        }
    }
    return false;
}

void tri_machine_free(struct tri_machine *machine)
{
    if (machine == NULL) {
        return;
    }
    for (uint32_t i = 0; i < machine->ndevices; i++) {
        free(machine->devices[i].name);
    }
    for (int i = 0; i < TRI_LEVELS; i++) {
        free(machine->os[i]);
    }
    free(machine->devices);
    free(machine->distance);
    free(machine->cores);
    free(machine->pus);
    free(machine);
}

void tri_machine_restrict(struct tri_machine *machine, const struct tri_cpus *cpus)
{
    for (uint32_t i = 0; i < machine->npus; i++) {
        struct tri_pu *pu = &machine->pus[i];

        pu->usable = pu->usable && tri_cpus_has(cpus, pu->os);
    }
}

bool tri_machine_core_is_usable(const struct tri_machine *machine, uint32_t core)
{
    const struct tri_core *c = &machine->cores[core];

    for (uint32_t i = c->first; i < c->first + c->count; i++) {
        if (machine->pus[i].usable) {
            return true;
        }
    }
    return false;
}

uint32_t tri_machine_usable_in(const struct tri_machine *machine, enum tri_level outer,
                               uint32_t object, enum tri_level level)
{
    uint32_t usable = 0, last = TRI_NOWHERE;

    for (uint32_t i = 0; i < machine->npus; i++) {
        const struct tri_pu *pu = &machine->pus[i];

        if (!pu->usable || tri_machine_around(machine, i, outer) != object) {
            continue;
        }
        usable += level == TRI_LEVEL_HWTHREAD || pu->core != last;
        last = pu->core;
    }
    return usable;
}

uint32_t tri_machine_usable(const struct tri_machine *machine, enum tri_level level)
{
    return tri_machine_usable_in(machine, TRI_LEVEL_NODE, 0, level);
}

uint32_t tri_machine_around(const struct tri_machine *machine, uint32_t pu, enum tri_level level)
{
    return level == TRI_LEVEL_HWTHREAD ? pu : machine->cores[machine->pus[pu].core].in[level];
}

static uint32_t package_of(const struct tri_machine *machine, uint32_t numa)
{
    for (uint32_t i = 0; i < machine->ncores; i++) {
        if (machine->cores[i].in[TRI_LEVEL_NUMA] == numa) {
            return machine->cores[i].in[TRI_LEVEL_PACKAGE];
        }
    }
    return TRI_NOWHERE;
}

uint32_t tri_machine_distance(const struct tri_machine *machine, uint32_t a, uint32_t b)
{
    if (machine->distance != NULL) {
        return machine->distance[a * machine->count[TRI_LEVEL_NUMA] + b];
    }
    return a == b ? 10 : package_of(machine, a) == package_of(machine, b) ? 12 : 20;
}

char *tri_machine_levels(const struct tri_machine *machine)
{
    char *text = tri_copy("node");

    for (int i = TRI_LEVEL_PACKAGE; i < TRI_LEVELS; i++) {
        if (machine->count[i] > 0) {
            char *longer = tri_format("%s, %s", text, levels[i].word);

            free(text);
            text = longer;
        }
    }
    return text;
}

uint32_t tri_machine_os(const struct tri_machine *machine, enum tri_level level, uint32_t object)
{
    return level == TRI_LEVEL_CORE       ? machine->cores[object].os
           : level == TRI_LEVEL_HWTHREAD ? machine->pus[object].os
           : machine->os[level] != NULL  ? machine->os[level][object]
                                         : object;
}

char *tri_machine_summary(const struct tri_machine *machine)
{
    static const char *const endings[] = {"s", ""};
    char *text = tri_copy("");

    for (int level = TRI_LEVEL_PACKAGE; level < TRI_LEVELS; level++) {
        uint32_t count = machine->count[level];

        if (count > 0) {
            char *longer = tri_format("%s%s%u %s%s", text, text[0] != '\0' ? ", " : "", count,
                                      tri_level_name((enum tri_level)level), endings[count == 1]);

            free(text);
            text = longer;
        }
    }
    return text;
}

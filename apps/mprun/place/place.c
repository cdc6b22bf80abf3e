/* place.c: decides for each rank of a job where on its nodes it runs. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "place.h"

#include <stdlib.h>

#include "place_internal.h"

static uint32_t threads_of(const struct tri_place_app *apps, uint32_t napps, uint32_t rank)
{
    for (uint32_t i = 0; i < napps; i++) {
        if (rank - apps[i].first < apps[i].count) {
            return apps[i].threads;
        }
    }
    return 0;
}

char *tri_place(const struct tri_policy *policy, const struct tri_place_node *nodes,
                uint32_t nnodes, const struct tri_place_app *apps, uint32_t napps,
                uint32_t *node_of, struct tri_layout *layout)
{
    uint32_t nranks = napps > 0 ? apps[napps - 1].first + apps[napps - 1].count : 0;
    struct tri_seat **seats = tri_alloc(nranks, sizeof *seats);
    uint32_t *threads = tri_alloc(nranks, sizeof *threads);
    char *why = NULL;

    *layout = (struct tri_layout){.nranks = nranks, .nnodes = nnodes};
    layout->seats = tri_alloc(nranks, sizeof *layout->seats);
    layout->unbound = tri_alloc(nnodes, sizeof *layout->unbound);
    for (uint32_t node = 0; node < nnodes && why == NULL; node++) {
        uint32_t count = 0;

        for (uint32_t rank = 0; rank < nranks; rank++) {
            if (node_of[rank] == node) {
                layout->seats[rank] = (struct tri_seat){.node = node, .turn = rank};
                threads[count] = threads_of(apps, napps, rank);
                seats[count++] = &layout->seats[rank];
            }
        }
        if (count > 0) {
            why = tri_place_on_node(policy, &nodes[node], seats, threads, count,
                                    &layout->unbound[node]);
        }
    }
    for (uint32_t i = 0; i < napps && why == NULL; i++) {
        tri_place_order(policy, nodes, nnodes, &layout->seats[apps[i].first], apps[i].count);
    }
    for (uint32_t rank = 0; rank < nranks && why == NULL; rank++) {
        node_of[rank] = layout->seats[rank].node;
    }
    free(threads);
    free(seats);
    return why;
}

void tri_layout_clear(struct tri_layout *layout)
{
    for (uint32_t i = 0; i < layout->nranks; i++) {
        tri_cpus_clear(&layout->seats[i].cpus);
    }
    free(layout->seats);
    free(layout->unbound);
    *layout = (struct tri_layout){0};
}

char *tri_place_restrict(const struct tri_policy *policy, const char *node,
                         struct tri_machine *machine)
{
    struct tri_cpus have = {0};
    char *why = NULL;

    if (policy->cpu_list == NULL) {
        return NULL;
    }
    for (uint32_t i = 0; i < machine->npus; i++) {
        if (machine->pus[i].usable) {
            tri_cpus_add(&have, machine->pus[i].os);
        }
    }
    for (int cpu = tri_cpus_next(&policy->cpus, 0); cpu >= 0 && why == NULL;
         cpu = tri_cpus_next(&policy->cpus, (uint32_t)cpu + 1)) {
        if (!tri_cpus_has(&have, (uint32_t)cpu)) {
            char *list = tri_cpus_format(&have);

            why = tri_format("option --cpu-list %s: cpu %d is not one that this job may use on "
                             "node %s; it may use %s", policy->cpu_list, cpu, node, list);
            free(list);
        }
    }
    tri_machine_restrict(machine, &policy->cpus);
    tri_cpus_clear(&have);
    return why;
}

static uint32_t count_objects(const struct tri_machine *machine, enum tri_level level)
{
    uint32_t count = 0;

    for (uint32_t i = 0; i < machine->count[level]; i++) {
        count += tri_machine_usable_in(machine, level, i, TRI_LEVEL_HWTHREAD) > 0;
    }
    return count;
}

uint32_t tri_place_slots(const struct tri_policy *policy, const struct tri_place_node *node,
                         char **why)
{
    bool threads = tri_policy_takes_threads(policy);
    enum tri_level unit = threads ? TRI_LEVEL_HWTHREAD : TRI_LEVEL_CORE;
    uint32_t have = tri_machine_usable(node->machine, unit);
    uint32_t slots = have / (policy->pe > 0 ? policy->pe : 1);

    *why = NULL;
    if (policy->map == TRI_MAP_PPR) {
        slots = policy->per_object * count_objects(node->machine, policy->map_level);
        if (slots == 0) {
            char *levels = tri_machine_levels(node->machine);

            *why = tri_format("option --map-by %s: node %s has no %s; it has %s", policy->map_text,
                              node->name, tri_level_name(policy->map_level), levels);
            free(levels);
        }
        return slots;
    }
    if (slots == 0 && have > 0) {
        *why = tri_format("option --map-by %s: node %s has %u %s%s, too few for one rank; use a "
                          "smaller pe", policy->map_text, node->name, have, tri_level_name(unit),
                          have == 1 ? "" : "s");
    }
    return slots > 0 ? slots : 1;
}

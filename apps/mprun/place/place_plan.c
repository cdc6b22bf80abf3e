/* place_plan.c: a dry run for machines that are not there. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "place_plan.h"

#include <stdlib.h>

#include "job_internal.h"
#include "place_hwloc.h"
#include "place_job.h"

/* The last description is for all further nodes. */
static struct tri_machine **load_machines(const struct tri_options *options)
{
    struct tri_machine **machines = tri_alloc(options->hosts.count, sizeof(struct tri_machine *));

    for (size_t i = 0; i < options->hosts.count; i++) {
        size_t last = options->topologies.count - 1;
        char *why;

        machines[i] = tri_machine_load(options->topologies.items[i < last ? i : last], &why);
        if (machines[i] == NULL) {
            tri_die(TRI_EXIT_USAGE, "option --topology: %s", why);
        }
    }
    return machines;
}

int tri_place_plan(struct tri_options *options)
{
    struct tri_machine **machines = load_machines(options);
    struct tri_jobdesc desc = {0};
    struct tri_layout layout = {0};
    char *why = tri_place_job(options, machines, &desc, &layout);

    tri_job_name_parts(options, &desc);
    for (size_t i = 0; i < options->hosts.count; i++) {
        tri_strings_add(&desc.nodes, options->hosts.items[i].name);
    }
    if (why == NULL) {
        why = tri_place_show(options, machines, &desc, &layout);
    }
    if (why != NULL) {
        tri_die(TRI_EXIT_USAGE, "%s", why);
    }
    for (size_t i = 0; i < options->hosts.count; i++) {
        tri_machine_free(machines[i]);
    }
    tri_layout_clear(&layout);
    free(machines);
    return 0;
}

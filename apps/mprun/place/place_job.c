/* place_job.c: places the ranks that the command line asks for on the nodes it names. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "place_job.h"

#include <stdlib.h>
#include <string.h>

#include "map.h"

static struct tri_place_node *list_nodes(const struct tri_options *options,
                                         struct tri_machine *const *machines)
{
    struct tri_place_node *nodes = tri_alloc(options->hosts.count, sizeof *nodes);

    for (size_t i = 0; i < options->hosts.count; i++) {
        nodes[i].name = options->hosts.items[i].name;
        nodes[i].machine = machines[i];
    }
    return nodes;
}

/* Where ppr says how many ranks an object gets, slots say nothing. */
static char *set_slots(struct tri_options *options, struct tri_machine *const *machines,
                       const struct tri_place_node *nodes)
{
    char *why = NULL;

    for (size_t i = 0; i < options->hosts.count && why == NULL; i++) {
        struct tri_host *host = &options->hosts.items[i];

        if (machines[i] == NULL) {
            continue;
        }
        why = tri_place_restrict(&options->policy, host->name, machines[i]);
        if (why == NULL && (host->slots == 0 || options->policy.map == TRI_MAP_PPR)) {
            host->slots = tri_place_slots(&options->policy, &nodes[i], &why);
        }
    }
    return why;
}

/* The first number of "4,2", from -x or the environment. */
static uint32_t threads_of(const struct tri_request *request)
{
    const char *text = tri_strings_getenv(&request->env, "OMP_NUM_THREADS");

    if (text == NULL) {
        text = getenv("OMP_NUM_THREADS");
    }
    unsigned long threads = text != NULL ? strtoul(text, NULL, 10) : 0;

    return threads > TRI_CPUS_LIMIT ? 0 : (uint32_t)threads;
}

/* ppr has no room for more. */
static char *check_room(const struct tri_options *options, const struct tri_jobdesc *desc)
{
    uint32_t room = 0;

    for (size_t i = 0; i < options->hosts.count; i++) {
        room += options->hosts.items[i].slots;
    }
    for (size_t i = 0; i < options->hosts.count; i++) {
        uint32_t here = tri_jobdesc_count_on(desc, (uint32_t)i);
        const struct tri_host *host = &options->hosts.items[i];

        if (options->policy.map == TRI_MAP_PPR && here > host->slots) {
            return tri_format("option --map-by %s: there is room for %u ranks (%u on node %s), but "
                              "%u are to be started; use fewer ranks (-n), more nodes (-H) or a "
                              "larger number in ppr",
                              options->policy.map_text, room, host->slots, host->name,
                              desc->nranks);
        }
    }
    return NULL;
}

char *tri_place_job(struct tri_options *options, struct tri_machine *const *machines,
                    struct tri_jobdesc *desc, struct tri_layout *layout)
{
    struct tri_place_node *nodes = list_nodes(options, machines);
    struct tri_place_app *apps = tri_alloc(options->nrequests, sizeof *apps);
    char *why = set_slots(options, machines, nodes);

    if (why == NULL) {
        tri_map_ranks(options, desc);
        why = check_room(options, desc);
    }
    for (uint32_t i = 0; i < desc->napps && why == NULL; i++) {
        apps[i] = (struct tri_place_app){.first = desc->apps[i].first,
                                         .count = desc->apps[i].count,
                                         .threads = threads_of(&options->requests[i])};
    }
    if (why == NULL) {
        why = tri_place(&options->policy, nodes, (uint32_t)options->hosts.count, apps, desc->napps,
                        desc->node_of, layout);
    }
    free(apps);
    free(nodes);
    return why;
}

char *tri_place_show(const struct tri_options *options, struct tri_machine *const *machines,
                     const struct tri_jobdesc *desc, const struct tri_layout *layout)
{
    struct tri_scene scene = {.policy = &options->policy, .desc = desc, .layout = layout,
                              .machines = machines};
    enum tri_display_format format = options->display.format;
    char *why = NULL;

    if (format != TRI_DISPLAY_NONE) {
        why = tri_display_show(&options->display, &scene, options->dry_run);
    }
    /* A tool that reads the map has all of this in it. */
    if (options->dry_run && why == NULL &&
        (format <= TRI_DISPLAY_TEXT || options->display.file != NULL)) {
        tri_display_plan(stdout, &scene);
        fflush(stdout);
    }
    return why;
}

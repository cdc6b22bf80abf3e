/* map.c: decides which rank runs on which node. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "map.h"

#include <stdlib.h>

/* The hosts of a program; all when it named none. */
static struct tri_host_list hosts_of(const struct tri_options *options,
                                     const struct tri_request *request)
{
    struct tri_host_list list = request->hosts;

    if (list.count > 0) {
        return list;
    }
    list.items = tri_alloc(options->hosts.count, sizeof *list.items);
    for (size_t i = 0; i < options->hosts.count; i++) {
        list.items[list.count++] = i;
    }
    return list;
}

static void release(const struct tri_request *request, struct tri_host_list *list)
{
    if (list->items != request->hosts.items) {
        free(list->items);
    }
}

static uint32_t min(uint32_t a, uint32_t b)
{
    return a < b ? a : b;
}

/* How many of count ranks each listed host gets: first what is free, then whole rounds over all
 * slots, then one by one. */
static void share_out(const struct tri_hosts *hosts, const struct tri_host_list *list,
                      uint32_t count, const uint32_t *used, uint32_t *share)
{
    uint32_t total = 0;

    for (size_t i = 0; i < list->count; i++) {
        size_t host = list->items[i];
        uint32_t slots = hosts->items[host].slots;
        uint32_t free_slots = slots > used[host] ? slots - used[host] : 0;

        share[host] = min(free_slots, count);
        count -= share[host];
        total += slots;
    }
    for (size_t i = 0; i < list->count; i++) {
        share[list->items[i]] += count / total * hosts->items[list->items[i]].slots;
    }
    count %= total;
    for (uint32_t round = 0; count > 0; round++) {
        for (size_t i = 0; i < list->count && count > 0; i++) {
            if (round < hosts->items[list->items[i]].slots) {
                share[list->items[i]]++;
                count--;
            }
        }
    }
}

/* The same in turn: a rank for each host with a free slot, again and again, and once all slots are
 * taken a rank for each host. */
static void spread_out(const struct tri_hosts *hosts, const struct tri_host_list *list,
                       uint32_t count, const uint32_t *used, uint32_t *share)
{
    uint32_t before, hosts_listed = (uint32_t)list->count;

    do {
        before = count;
        for (size_t i = 0; i < list->count && count > 0; i++) {
            size_t host = list->items[i];

            if (used[host] + share[host] < hosts->items[host].slots) {
                share[host]++;
                count--;
            }
        }
    } while (count > 0 && count < before);
    for (uint32_t i = 0; i < hosts_listed; i++) {
        share[list->items[i]] += count / hosts_listed + (i < count % hosts_listed);
    }
}

static uint32_t count_slots(const struct tri_hosts *hosts, const struct tri_host_list *list)
{
    uint32_t slots = 0;

    for (size_t i = 0; i < list->count; i++) {
        slots += hosts->items[list->items[i]].slots;
    }
    return slots;
}

/* Without -n a single program fills all slots; one of several runs once. */
static uint32_t ranks_of(const struct tri_options *options, const struct tri_request *request,
                         const struct tri_host_list *list)
{
    if (request->count > 0) {
        return request->count;
    }
    return options->nrequests > 1 ? 1 : count_slots(&options->hosts, list);
}

static void map_request(const struct tri_options *options, const struct tri_request *request,
                        struct tri_jobdesc *desc, uint32_t *used)
{
    struct tri_app *app = &desc->apps[desc->napps++];
    struct tri_host_list list = hosts_of(options, request);
    uint32_t *share = tri_alloc(options->hosts.count, sizeof *share);

    app->first = desc->nranks;
    app->count = ranks_of(options, request, &list);
    if (options->policy.map == TRI_MAP_TURN && options->policy.map_level == TRI_LEVEL_NODE) {
        spread_out(&options->hosts, &list, app->count, used, share);
    } else {
        share_out(&options->hosts, &list, app->count, used, share);
    }
    desc->node_of =
        tri_regrow(desc->node_of, desc->nranks + app->count, sizeof *desc->node_of);
    for (size_t i = 0; i < list.count; i++) {
        size_t host = list.items[i];

        for (uint32_t k = 0; k < share[host]; k++) {
            desc->node_of[desc->nranks++] = (uint32_t)host;
        }
        used[host] += share[host];
    }
    free(share);
    release(request, &list);
}

void tri_map_ranks(const struct tri_options *options, struct tri_jobdesc *desc)
{
    uint32_t *used = tri_alloc(options->hosts.count, sizeof *used);

    desc->apps = tri_alloc(options->nrequests, sizeof *desc->apps);
    for (size_t i = 0; i < options->nrequests; i++) {
        map_request(options, &options->requests[i], desc, used);
    }
    for (size_t i = 0; i < options->hosts.count; i++) {
        desc->universe += options->hosts.items[i].slots;
    }
    if (desc->universe < desc->nranks) {
        desc->universe = desc->nranks;
    }
    free(used);
}

void tri_map_needed(const struct tri_options *options, bool *needed)
{
    bool all_known = true;

    for (size_t i = 0; i < options->hosts.count; i++) {
        all_known = all_known && options->hosts.items[i].slots > 0;
        needed[i] = true;
    }
    if (!all_known || options->policy.map == TRI_MAP_PPR) {
        return;
    }
    struct tri_jobdesc trial = {0};

    tri_map_ranks(options, &trial);
    for (size_t i = 0; i < options->hosts.count; i++) {
        needed[i] = tri_jobdesc_count_on(&trial, (uint32_t)i) > 0;
    }
    tri_jobdesc_clear(&trial);
}

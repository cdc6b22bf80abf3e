/* server_nspace.c: what PMIx clients can ask about the job, its programs, nodes and ranks. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "server_nspace.h"

#include <pmix_server.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "place_hwloc.h"

/* A growing array of pmix_info_t that ends up inside another one or in a call. */
struct infos {
    pmix_info_t *items;
    size_t count, capacity;
};

static void add(struct infos *infos, const char *key, const void *value, pmix_data_type_t type)
{
    if (infos->count == infos->capacity) {
        infos->capacity = 2 * infos->capacity + 16;
        infos->items = tri_regrow(infos->items, infos->capacity, sizeof *infos->items);
    }
    pmix_info_t *item = &infos->items[infos->count++];

    memset(item, 0, sizeof *item);
    PMIX_INFO_LOAD(item, key, value, type);
}

static void add_u32(struct infos *infos, const char *key, uint32_t value)
{
    add(infos, key, &value, PMIX_UINT32);
}

static void add_u16(struct infos *infos, const char *key, uint32_t value)
{
    uint16_t small = value > UINT16_MAX ? UINT16_MAX : (uint16_t)value;

    add(infos, key, &small, PMIX_UINT16);
}

static void add_rank(struct infos *infos, const char *key, uint32_t value)
{
    pmix_rank_t rank = value;

    add(infos, key, &rank, PMIX_PROC_RANK);
}

/* Moves inner into outer under key; the library frees it together with outer. */
static void add_array(struct infos *outer, const char *key, struct infos *inner)
{
    add(outer, key, NULL, PMIX_UNDEF);
    pmix_value_t *value = &outer->items[outer->count - 1].value;

    value->type = PMIX_DATA_ARRAY;
    value->data.darray = tri_alloc(1, sizeof *value->data.darray);
    value->data.darray->type = PMIX_INFO;
    value->data.darray->size = inner->count;
    value->data.darray->array = inner->items;
    *inner = (struct infos){0};
}

static void free_infos(struct infos *infos)
{
    for (size_t i = 0; i < infos->count; i++) {
        PMIX_INFO_DESTRUCT(&infos->items[i]);
    }
    free(infos->items);
}

/* The ranks on a node as "0,1,2". The caller frees it. */
static char *list_ranks(const struct tri_jobdesc *desc, uint32_t node)
{
    char *text = NULL;
    size_t size;
    FILE *stream = open_memstream(&text, &size);

    if (stream == NULL) {
        tri_die(TRI_EXIT_ERROR, "out of memory");
    }
    const char *comma = "";

    for (uint32_t rank = 0; rank < desc->nranks; rank++) {
        if (desc->node_of[rank] == node) {
            fprintf(stream, "%s%u", comma, rank);
            comma = ",";
        }
    }
    fclose(stream);
    return text;
}

static uint32_t count_used_nodes(const struct tri_jobdesc *desc)
{
    uint32_t used = 0;

    for (uint32_t node = 0; node < desc->nodes.count; node++) {
        used += tri_jobdesc_count_on(desc, node) > 0;
    }
    return used;
}

/* "a,b" and "0,1;2,3" for the nodes that have ranks, in the form that the library compresses. */
static int add_maps(struct infos *infos, const struct tri_jobdesc *desc)
{
    char *nodes = tri_copy(""), *ranks = tri_copy("");
    char *node_map = NULL, *rank_map = NULL;

    for (uint32_t node = 0; node < desc->nodes.count; node++) {
        char *list = list_ranks(desc, node);

        if (list[0] != '\0') {
            char *longer = tri_format("%s%s%s", nodes, nodes[0] ? "," : "",
                                      desc->nodes.items[node]);

            free(nodes);
            nodes = longer;
            longer = tri_format("%s%s%s", ranks, ranks[0] ? ";" : "", list);
            free(ranks);
            ranks = longer;
        }
        free(list);
    }
    int rc = PMIx_generate_regex(nodes, &node_map);

    if (rc == PMIX_SUCCESS) {
        rc = PMIx_generate_ppn(ranks, &rank_map);
    }
    if (rc == PMIX_SUCCESS) {
        add(infos, PMIX_NODE_MAP, node_map, PMIX_REGEX);
        add(infos, PMIX_PROC_MAP, rank_map, PMIX_REGEX);
    }
    free(node_map);
    free(rank_map);
    free(nodes);
    free(ranks);
    return rc;
}

static void add_job(struct infos *infos, const struct tri_jobdesc *desc)
{
    add(infos, PMIX_JOBID, desc->nspace, PMIX_STRING);
    add_u32(infos, PMIX_JOB_SIZE, desc->nranks);
    add_u32(infos, PMIX_UNIV_SIZE, desc->universe);
    add_u32(infos, PMIX_MAX_PROCS, desc->universe);
    add_u32(infos, PMIX_JOB_NUM_APPS, desc->napps);
    add_u32(infos, PMIX_NUM_NODES, count_used_nodes(desc));
}

/* Every node, so that a rank can ask about the node of any other rank. */
static void add_nodes(struct infos *infos, const struct tri_jobdesc *desc)
{
    for (uint32_t node = 0; node < desc->nodes.count; node++) {
        struct infos inner = {0};
        char *peers = list_ranks(desc, node);
        uint32_t count = tri_jobdesc_count_on(desc, node);

        if (count > 0) {
            add(&inner, PMIX_HOSTNAME, desc->nodes.items[node], PMIX_STRING);
            add_u32(&inner, PMIX_NODEID, node);
            add_u32(&inner, PMIX_LOCAL_SIZE, count);
            add_u32(&inner, PMIX_NODE_SIZE, count);
            add(&inner, PMIX_LOCAL_PEERS, peers, PMIX_STRING);
            add_rank(&inner, PMIX_LOCALLDR, (uint32_t)strtoul(peers, NULL, 10));
            add_array(infos, PMIX_NODE_INFO_ARRAY, &inner);
        }
        free(peers);
    }
}

static void add_apps(struct infos *infos, const struct tri_jobdesc *desc)
{
    for (uint32_t i = 0; i < desc->napps; i++) {
        const struct tri_app *app = &desc->apps[i];
        struct infos inner = {0};

        add_u32(&inner, PMIX_APPNUM, i);
        add_u32(&inner, PMIX_APP_SIZE, app->count);
        add_rank(&inner, PMIX_APPLDR, app->first);
        add(&inner, PMIX_WDIR, app->dir, PMIX_STRING);
        add_array(infos, PMIX_APP_INFO_ARRAY, &inner);
    }
}

/* Which cache, NUMA domain and package a rank of this node is bound to. */
static void add_locality(struct infos *infos, const struct tri_cpus *cpus)
{
    static char source[] = "hwloc";
    pmix_cpuset_t set = {.source = source, .bitmap = tri_cpus_to_hwloc(cpus)};
    char *text = NULL;

    if (PMIx_server_generate_locality_string(&set, &text) == PMIX_SUCCESS && text != NULL) {
        add(infos, PMIX_LOCALITY_STRING, text, PMIX_STRING);
    }
    free(text);
    tri_cpus_free_hwloc(set.bitmap);
}

static void add_ranks(struct infos *infos, const struct tri_jobdesc *desc,
                      const struct tri_berths *berths)
{
    uint32_t *on_node = tri_alloc(desc->nodes.count, sizeof *on_node);

    for (uint32_t rank = 0; rank < desc->nranks; rank++) {
        uint32_t node = desc->node_of[rank], app = tri_jobdesc_app_of(desc, rank);
        uint32_t local = on_node[node]++;
        struct infos inner = {0};

        add_rank(&inner, PMIX_RANK, rank);
        add_rank(&inner, PMIX_GLOBAL_RANK, rank);
        add_rank(&inner, PMIX_APP_RANK, rank - desc->apps[app].first);
        add_u32(&inner, PMIX_APPNUM, app);
        add_u16(&inner, PMIX_LOCAL_RANK, local);
        add_u16(&inner, PMIX_NODE_RANK, local);
        add_u32(&inner, PMIX_NODEID, node);
        add(&inner, PMIX_HOSTNAME, desc->nodes.items[node], PMIX_STRING);
        add_u32(&inner, PMIX_REINCARNATION, 0);
        if (node == desc->node && local < berths->count &&
            !tri_cpus_is_empty(&berths->items[local].cpus)) {
            add_locality(&inner, &berths->items[local].cpus);
        }
        add_array(infos, PMIX_PROC_DATA, &inner);
    }
    free(on_node);
}

/* The library does its work in order on its own thread: only the last call needs an answer. */
static void ignore_answer(pmix_status_t status, void *context)
{
    (void)status;
    (void)context;
}

static int register_clients(const struct tri_jobdesc *desc)
{
    uint32_t left = tri_jobdesc_count_on(desc, desc->node);

    for (uint32_t rank = 0; rank < desc->nranks; rank++) {
        if (desc->node_of[rank] != desc->node) {
            continue;
        }
        bool last = --left == 0;
        pmix_proc_t proc;

        PMIX_LOAD_PROCID(&proc, desc->nspace, rank);
        int rc = PMIx_server_register_client(&proc, geteuid(), getegid(), NULL,
                                             last ? NULL : ignore_answer, NULL);

        if (rc != PMIX_SUCCESS && rc != PMIX_OPERATION_SUCCEEDED) {
            return rc;
        }
    }
    return PMIX_SUCCESS;
}

int tri_server_register(const struct tri_jobdesc *desc, const struct tri_berths *berths)
{
    struct infos infos = {0};
    int rc = add_maps(&infos, desc);

    if (rc == PMIX_SUCCESS) {
        add_job(&infos, desc);
        add_nodes(&infos, desc);
        add_apps(&infos, desc);
        add_ranks(&infos, desc, berths);
        rc = PMIx_server_register_nspace(desc->nspace,
                                         (int)tri_jobdesc_count_on(desc, desc->node),
                                         infos.items, infos.count, NULL, NULL);
    }
    free_infos(&infos);
    if (rc != PMIX_SUCCESS && rc != PMIX_OPERATION_SUCCEEDED) {
        return rc;
    }
    return register_clients(desc);
}

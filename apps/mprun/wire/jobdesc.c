/* jobdesc.c: packs and unpacks the description of a job. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "jobdesc.h"

#include <stdlib.h>

void tri_jobdesc_put(struct tri_buffer *buffer, const struct tri_jobdesc *desc)
{
    tri_put_string(buffer, desc->nspace);
    tri_put_strings(buffer, &desc->nodes);
    tri_put_u32(buffer, desc->nranks);
    for (uint32_t i = 0; i < desc->nranks; i++) {
        tri_put_u32(buffer, desc->node_of[i]);
    }
    tri_put_u32(buffer, desc->napps);
    for (uint32_t i = 0; i < desc->napps; i++) {
        const struct tri_app *app = &desc->apps[i];

        tri_put_strings(buffer, &app->argv);
        tri_put_strings(buffer, &app->env);
        tri_put_string(buffer, app->dir);
        tri_put_string(buffer, app->path);
        tri_put_string(buffer, app->pset);
        tri_put_u32(buffer, app->first);
        tri_put_u32(buffer, app->count);
    }
    tri_put_u32(buffer, desc->universe);
    tri_put_strings(buffer, &desc->env);
    tri_put_u32(buffer, desc->input);
    tri_put_u32(buffer, desc->reader);
    tri_put_u32(buffer, desc->prompts);
    tri_put_u32(buffer, desc->verbose);
}

static void get_apps(struct tri_reader *reader, struct tri_jobdesc *desc)
{
    desc->napps = tri_get_count(reader, 28);
    desc->apps = tri_alloc(desc->napps, sizeof *desc->apps);
    for (uint32_t i = 0; i < desc->napps; i++) {
        struct tri_app *app = &desc->apps[i];

        tri_get_strings(reader, &app->argv);
        tri_get_strings(reader, &app->env);
        app->dir = tri_get_string(reader);
        app->path = tri_get_string(reader);
        app->pset = tri_get_string(reader);
        app->first = tri_get_u32(reader);
        app->count = tri_get_u32(reader);
    }
}

/* The apps must cover the ranks one after the other, and every rank must be on a known node. */
static bool is_consistent(const struct tri_jobdesc *desc)
{
    uint32_t next = 0;

    for (uint32_t i = 0; i < desc->napps; i++) {
        const struct tri_app *app = &desc->apps[i];

        if (app->argv.count == 0 || app->first != next || app->count > desc->nranks - next) {
            return false;
        }
        next += app->count;
    }
    for (uint32_t i = 0; i < desc->nranks; i++) {
        if (desc->node_of[i] >= desc->nodes.count) {
            return false;
        }
    }
    return next == desc->nranks && desc->input <= TRI_STDIN_RELAY;
}

bool tri_jobdesc_get(struct tri_reader *reader, struct tri_jobdesc *desc)
{
    *desc = (struct tri_jobdesc){0};
    desc->nspace = tri_get_string(reader);
    tri_get_strings(reader, &desc->nodes);
    desc->nranks = tri_get_count(reader, 4);
    desc->node_of = tri_alloc(desc->nranks, sizeof *desc->node_of);
    for (uint32_t i = 0; i < desc->nranks; i++) {
        desc->node_of[i] = tri_get_u32(reader);
    }
    get_apps(reader, desc);
    desc->universe = tri_get_u32(reader);
    tri_get_strings(reader, &desc->env);
    desc->input = (enum tri_stdin)tri_get_u32(reader);
    desc->reader = tri_get_u32(reader);
    desc->prompts = tri_get_u32(reader) != 0;
    desc->verbose = tri_get_u32(reader) != 0;
    return !reader->bad && is_consistent(desc);
}

void tri_jobdesc_clear(struct tri_jobdesc *desc)
{
    for (uint32_t i = 0; i < desc->napps; i++) {
        tri_strings_clear(&desc->apps[i].argv);
        tri_strings_clear(&desc->apps[i].env);
        free(desc->apps[i].dir);
        free(desc->apps[i].path);
        free(desc->apps[i].pset);
    }
    free(desc->apps);
    free(desc->node_of);
    free(desc->nspace);
    tri_strings_clear(&desc->nodes);
    tri_strings_clear(&desc->env);
    *desc = (struct tri_jobdesc){0};
}

uint32_t tri_jobdesc_app_of(const struct tri_jobdesc *desc, uint32_t rank)
{
    uint32_t app = 0;

    while (rank >= desc->apps[app].first + desc->apps[app].count) {
        app++;
    }
    return app;
}

bool tri_jobdesc_reads(const struct tri_jobdesc *desc, uint32_t rank)
{
    return desc->input != TRI_STDIN_NONE &&
           (desc->reader == TRI_READER_ALL || desc->reader == rank);
}

uint32_t tri_jobdesc_count_on(const struct tri_jobdesc *desc, uint32_t node)
{
    uint32_t count = 0;

    for (uint32_t i = 0; i < desc->nranks; i++) {
        count += desc->node_of[i] == node;
    }
    return count;
}

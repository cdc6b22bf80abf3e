/* display_json.c: where ranks run, for tools. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdlib.h>

#include "display.h"

static void put_string(FILE *stream, const char *text)
{
    putc('"', stream);
    for (const unsigned char *c = (const unsigned char *)text; *c != '\0'; c++) {
        if (*c == '"' || *c == '\\') {
            fprintf(stream, "\\%c", *c);
        } else if (*c < ' ') {
            fprintf(stream, "\\u%04x", *c);
        } else {
            putc(*c, stream);
        }
    }
    putc('"', stream);
}

static void put_named(FILE *stream, const char *name, const char *text)
{
    fprintf(stream, ", \"%s\": ", name);
    if (text == NULL) {
        fputs("null", stream);
    } else {
        put_string(stream, text);
    }
}

static void put_list(FILE *stream, const char *name, const uint32_t *items, uint32_t count)
{
    fprintf(stream, ", \"%s\": [", name);
    for (uint32_t i = 0; i < count; i++) {
        fprintf(stream, "%s%u", i > 0 ? ", " : "", items[i]);
    }
    putc(']', stream);
}

static void put_core(FILE *stream, const struct tri_scene *scene, uint32_t node, uint32_t index,
                     uint32_t *room)
{
    const struct tri_machine *machine = scene->machines[node];
    const struct tri_core *core = &machine->cores[index];

    fprintf(stream, "      {\"core\": %u", core->os);
    for (int level = TRI_LEVEL_PACKAGE; level < TRI_LEVEL_CORE; level++) {
        if (core->in[level] == TRI_NOWHERE) {
            put_named(stream, tri_level_word((enum tri_level)level), NULL);
        } else {
            fprintf(stream, ", \"%s\": %u", tri_level_word((enum tri_level)level),
                    tri_machine_os(machine, (enum tri_level)level, core->in[level]));
        }
    }
    fprintf(stream, ", \"speed\": %u, \"usable\": %s, \"busy\": %s, \"cpus\": [", core->kind,
            tri_machine_core_is_usable(machine, index) ? "true" : "false",
            core->busy ? "true" : "false");
    for (uint32_t i = 0; i < core->count; i++) {
        fprintf(stream, "%s%u", i > 0 ? ", " : "", machine->pus[core->first + i].os);
    }
    putc(']', stream);
    uint32_t count = scene->layout->unbound[node] == NULL
                         ? tri_scene_ranks_on(scene, node, index, TRI_NOWHERE, room)
                         : 0;

    put_list(stream, "ranks", room, count);
    putc('}', stream);
}

static void put_node(FILE *stream, const struct tri_scene *scene, uint32_t node, uint32_t *room)
{
    const struct tri_machine *machine = scene->machines[node];
    uint32_t count = tri_scene_ranks_of(scene, node, room);

    fprintf(stream, "    {\"index\": %u", node);
    put_named(stream, "name", scene->desc->nodes.items[node]);
    put_named(stream, "unbound", scene->layout->unbound[node]);
    put_list(stream, "ranks", room, count);
    fputs(", \"cores\": [\n", stream);
    for (uint32_t core = 0; core < machine->ncores; core++) {
        put_core(stream, scene, node, core, room);
        fputs(core + 1 < machine->ncores ? ",\n" : "]}", stream);
    }
}

static void put_rank(FILE *stream, const struct tri_scene *scene, uint32_t rank)
{
    const struct tri_seat *seat = &scene->layout->seats[rank];
    const struct tri_machine *machine = scene->machines[seat->node];
    const struct tri_app *app = &scene->desc->apps[tri_jobdesc_app_of(scene->desc, rank)];
    char *binding = tri_seat_describe(scene->layout, seat, machine);
    char *cpus = tri_cpus_format(&seat->cpus);

    fprintf(stream, "    {\"rank\": %u, \"node\": %u", rank, seat->node);
    put_named(stream, "cpus", cpus[0] != '\0' ? cpus : NULL);
    put_named(stream, "binding", binding);
    fprintf(stream, ", \"mapped\": {\"level\": \"%s\", \"number\": %u}, \"threads\": %u",
            tri_level_word(seat->level), tri_machine_os(machine, seat->level, seat->object),
            seat->threads);
    put_named(stream, "directory", app->dir);
    fputs(", \"command\": [", stream);
    for (size_t i = 0; i < app->argv.count; i++) {
        fputs(i > 0 ? ", " : "", stream);
        put_string(stream, app->argv.items[i]);
    }
    fputs("]}", stream);
    free(cpus);
    free(binding);
}

void tri_display_json(FILE *stream, const struct tri_scene *scene)
{
    const struct tri_layout *layout = scene->layout;
    uint32_t *room = tri_alloc(layout->nranks, sizeof *room);
    const char *separator = "";

    fputs("{\n  \"nodes\": [\n", stream);
    for (uint32_t node = 0; node < layout->nnodes; node++) {
        if (tri_scene_ranks_of(scene, node, room) > 0) {
            fputs(separator, stream);
            put_node(stream, scene, node, room);
            separator = ",\n";
        }
    }
    fputs("],\n  \"ranks\": [\n", stream);
    for (uint32_t rank = 0; rank < layout->nranks; rank++) {
        put_rank(stream, scene, rank);
        fputs(rank + 1 < layout->nranks ? ",\n" : "", stream);
    }
    fputs("]\n}\n", stream);
    free(room);
}

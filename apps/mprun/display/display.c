/* display.c: what --display and --dry-run show, and where. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "display.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

char *tri_display_parse(struct tri_display *display, const char *text)
{
    static const struct {
        const char *word;
        enum tri_display_format format;
    } words[] = {{"map=text", TRI_DISPLAY_TEXT},
                 {"map=json", TRI_DISPLAY_JSON},
                 {"map=svg", TRI_DISPLAY_SVG},
                 {"map", TRI_DISPLAY_TEXT}};
    size_t len = strcspn(text, ":");

    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (strlen(words[i].word) == len && strncmp(text, words[i].word, len) == 0 &&
            strcmp(text + len, ":") != 0) {
            free(display->file);
            display->format = words[i].format;
            display->file = text[len] == ':' ? tri_copy(text + len + 1) : NULL;
            return NULL;
        }
    }
    return tri_format("option --display: \"%s\" is not one of map, map=text, map=json and map=svg, "
                      "with or without :FILE", text);
}

static void show(FILE *stream, enum tri_display_format format, const struct tri_scene *scene)
{
    switch (format) {
    case TRI_DISPLAY_JSON:
        tri_display_json(stream, scene);
        break;
    case TRI_DISPLAY_SVG:
        tri_display_svg(stream, scene);
        break;
    default:
        tri_display_text(stream, scene);
        break;
    }
}

char *tri_display_show(const struct tri_display *display, const struct tri_scene *scene,
                       bool dry_run)
{
    FILE *stream = display->file != NULL ? fopen(display->file, "we") : dry_run ? stdout : stderr;
    bool written = stream != NULL;

    if (written) {
        show(stream, display->format, scene);
        written = fflush(stream) == 0 && !ferror(stream);
    }
    int error = errno;

    if (display->file != NULL && stream != NULL) {
        written = fclose(stream) == 0 && written;
    }
    return written ? NULL
                   : tri_format("option --display: cannot write %s: %s",
                                display->file != NULL ? display->file : "the map",
                                strerror(error));
}

uint32_t tri_scene_ranks_on(const struct tri_scene *scene, uint32_t node, uint32_t core,
                            uint32_t pu, uint32_t *ranks)
{
    const struct tri_machine *machine = scene->machines[node];
    const struct tri_core *c = &machine->cores[core];
    uint32_t count = 0;

    for (uint32_t rank = 0; rank < scene->layout->nranks; rank++) {
        const struct tri_seat *seat = &scene->layout->seats[rank];
        bool here = false;

        for (uint32_t i = c->first; seat->node == node && i < c->first + c->count; i++) {
            here = here || ((pu == TRI_NOWHERE || pu == i) &&
                            tri_cpus_has(&seat->cpus, machine->pus[i].os));
        }
        if (here) {
            ranks[count++] = rank;
        }
    }
    return count;
}

uint32_t tri_scene_ranks_of(const struct tri_scene *scene, uint32_t node, uint32_t *ranks)
{
    uint32_t count = 0;

    for (uint32_t rank = 0; rank < scene->layout->nranks; rank++) {
        if (scene->layout->seats[rank].node == node) {
            ranks[count++] = rank;
        }
    }
    return count;
}

char *tri_scene_format(const uint32_t *ranks, uint32_t count)
{
    char *text = tri_copy("");

    for (uint32_t i = 0, end; i < count; i = end) {
        for (end = i + 1; end < count && ranks[end] == ranks[end - 1] + 1; end++) {
        }
        const char *comma = i > 0 ? "," : "";
        char *longer = end - i > 1 ? tri_format("%s%s%u-%u", text, comma, ranks[i], ranks[end - 1])
                                   : tri_format("%s%s%u", text, comma, ranks[i]);

        free(text);
        text = longer;
    }
    return text;
}

/* A command as it could be typed. */
static void print_command(FILE *stream, const struct tri_strings *argv)
{
    for (size_t i = 0; i < argv->count; i++) {
        const char *word = argv->items[i];
        bool plain = word[0] != '\0' && strpbrk(word, " \t\n\"'\\$`*?[]{}()<>|&;#~!") == NULL;

        fputs(i > 0 ? " " : "", stream);
        fputs(plain ? "" : "'", stream);
        for (const char *c = word; *c != '\0'; c++) {
            fputs(*c == '\'' ? "'\\''" : (char[]){*c, '\0'}, stream);
        }
        fputs(plain ? "" : "'", stream);
    }
}

void tri_display_plan(FILE *stream, const struct tri_scene *scene)
{
    const struct tri_jobdesc *desc = scene->desc;

    for (uint32_t rank = 0; rank < desc->nranks; rank++) {
        const struct tri_seat *seat = &scene->layout->seats[rank];
        const struct tri_app *app = &desc->apps[tri_jobdesc_app_of(desc, rank)];
        char *binding = tri_seat_describe(scene->layout, seat, scene->machines[seat->node]);

        fprintf(stream, "rank %u on node %s: %s, in %s: ", rank, desc->nodes.items[seat->node],
                binding, app->dir);
        print_command(stream, &app->argv);
        putc('\n', stream);
        free(binding);
    }
}

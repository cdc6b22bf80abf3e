/* display_svg.c: draws where ranks run, for pages. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdlib.h>

#include "display.h"

/* Pixels. */
enum { CELL = 56, HEIGHT = 34, GAP = 6, LEFT = 150, LINE = 18, COLUMNS = 16 };

struct page {
    FILE *stream;
    const struct tri_scene *scene;
    uint32_t *room;
    unsigned y;
};

static void put_text(struct page *page, unsigned x, unsigned y, const char *class,
                     const char *text)
{
    fprintf(page->stream, "<text x=\"%u\" y=\"%u\" class=\"%s\">", x, y, class);
    for (const char *c = text; *c != '\0'; c++) {
        fputs(*c == '&' ? "&amp;" : *c == '<' ? "&lt;" : (char[]){*c, '\0'}, page->stream);
    }
    fputs("</text>\n", page->stream);
}

/* Neighbouring ranks get colours that are easily told apart: steps by the golden angle. */
static void choose_colour(const struct tri_machine *machine, uint32_t core, const uint32_t *ranks,
                          uint32_t count, char *colour, size_t len)
{
    if (!tri_machine_core_is_usable(machine, core)) {
        snprintf(colour, len, "#d0d0d0");
    } else if (machine->cores[core].busy) {
        snprintf(colour, len, "#a08080");
    } else if (count > 0) {
        snprintf(colour, len, "hsl(%u,65%%,78%%)", ranks[0] * 137508u / 1000 % 360);
    } else {
        snprintf(colour, len, "#ffffff");
    }
}

static void put_core(struct page *page, uint32_t node, uint32_t core, unsigned x, unsigned y)
{
    const struct tri_scene *scene = page->scene;
    const struct tri_machine *machine = scene->machines[node];
    bool bound = scene->layout->unbound[node] == NULL;
    uint32_t count =
        bound ? tri_scene_ranks_on(scene, node, core, TRI_NOWHERE, page->room) : 0;
    char *list = tri_scene_format(page->room, count), colour[32], label[16];

    choose_colour(machine, core, page->room, count, colour, sizeof colour);
    fprintf(page->stream,
            "<g><title>core %u, ranks: %s</title><rect x=\"%u\" y=\"%u\" width=\"%d\" "
            "height=\"%d\" rx=\"4\" fill=\"%s\" stroke=\"#404040\"/>\n",
            machine->cores[core].os, count > 0 ? list : "none", x, y, CELL, HEIGHT, colour);
    snprintf(label, sizeof label, "core %u", machine->cores[core].os);
    put_text(page, x + 4, y + 11, "small", label);
    if (snprintf(label, sizeof label, "%s", list) > 8) {
        snprintf(label, sizeof label, "%u ranks", count);
    }
    put_text(page, x + 4, y + HEIGHT - 7, "rank", label);
    fputs("</g>\n", page->stream);
    free(list);
}

static char *name_row(const struct tri_machine *machine, const struct tri_core *core)
{
    uint32_t package = core->in[TRI_LEVEL_PACKAGE], numa = core->in[TRI_LEVEL_NUMA];
    char *first = package == TRI_NOWHERE
                      ? tri_copy("")
                      : tri_format("package %u", tri_machine_os(machine, TRI_LEVEL_PACKAGE,
                                                                package));
    char *name = numa == TRI_NOWHERE
                     ? tri_copy(first)
                     : tri_format("%s%sNUMA %u", first, first[0] != '\0' ? ", " : "",
                                  tri_machine_os(machine, TRI_LEVEL_NUMA, numa));

    free(first);
    return name;
}

static bool begins_row(const struct tri_machine *machine, uint32_t core)
{
    const struct tri_core *cores = machine->cores;

    return core == 0 ||
           cores[core].in[TRI_LEVEL_PACKAGE] != cores[core - 1].in[TRI_LEVEL_PACKAGE] ||
           cores[core].in[TRI_LEVEL_NUMA] != cores[core - 1].in[TRI_LEVEL_NUMA];
}

static void put_cores(struct page *page, uint32_t node)
{
    const struct tri_machine *machine = page->scene->machines[node];
    unsigned column = 0;

    for (uint32_t core = 0; core < machine->ncores; core++) {
        bool begins = begins_row(machine, core);

        if (core > 0 && (begins || column == COLUMNS)) {
            page->y += HEIGHT + GAP;
            column = 0;
        }
        if (begins) {
            char *name = name_row(machine, &machine->cores[core]);

            put_text(page, GAP, page->y + HEIGHT / 2 + 4, "label", name);
            free(name);
        }
        put_core(page, node, core, LEFT + column++ * (CELL + GAP), page->y);
    }
    page->y += HEIGHT + GAP;
}

static void put_node(struct page *page, uint32_t node)
{
    const struct tri_scene *scene = page->scene;
    const char *unbound = scene->layout->unbound[node];
    uint32_t count = tri_scene_ranks_of(scene, node, page->room);
    char *list = tri_scene_format(page->room, count);
    char *summary = tri_machine_summary(scene->machines[node]);
    char *title = tri_format("node %s: %s; ranks %s%s%s", scene->desc->nodes.items[node], summary,
                             list, unbound != NULL ? ", " : "", unbound != NULL ? unbound : "");

    put_text(page, GAP, page->y + LINE, "node", title);
    page->y += 2 * LINE - GAP;
    put_cores(page, node);
    free(title);
    free(summary);
    free(list);
}

static unsigned count_lines(const struct tri_machine *machine)
{
    unsigned lines = 0, column = 0;

    for (uint32_t core = 0; core < machine->ncores; core++) {
        if (begins_row(machine, core) || column == COLUMNS) {
            lines++;
            column = 0;
        }
        column++;
    }
    return lines;
}

void tri_display_svg(FILE *stream, const struct tri_scene *scene)
{
    struct page page = {.stream = stream, .scene = scene};
    unsigned height = GAP;

    page.room = tri_alloc(scene->layout->nranks, sizeof *page.room);
    for (uint32_t node = 0; node < scene->layout->nnodes; node++) {
        if (tri_scene_ranks_of(scene, node, page.room) > 0) {
            height += 2 * LINE - GAP + count_lines(scene->machines[node]) * (HEIGHT + GAP);
        }
    }
    fprintf(stream,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%u\">\n"
            "<style>text{font-family:sans-serif;font-size:12px;fill:#202020}"
            ".node{font-weight:bold}.small{font-size:8px}.rank{font-weight:bold}</style>\n"
            "<rect width=\"100%%\" height=\"100%%\" fill=\"#fafafa\"/>\n",
            LEFT + COLUMNS * (CELL + GAP) + GAP, height);
    for (uint32_t node = 0; node < scene->layout->nnodes; node++) {
        if (tri_scene_ranks_of(scene, node, page.room) > 0) {
            put_node(&page, node);
        }
    }
    fputs("</svg>\n", stream);
    free(page.room);
}

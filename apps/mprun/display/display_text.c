/* display_text.c: draws where ranks run, for people: a row for each NUMA domain, a cell a core. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdlib.h>
#include <string.h>

#include "display.h"

enum { LINE = 100, INDENT = 4 };

/* A node that is being drawn. */
struct drawing {
    FILE *stream;
    const struct tri_scene *scene;
    const struct tri_machine *machine;
    uint32_t node;
    uint32_t *ranks;            /* room for a list */
    char **cells;               /* text of each core */
    size_t width;               /* of the widest */
    bool any_free, any_cut, any_busy, any_slow;
};

static char *join(char *text, const char *separator, char *more)
{
    char *longer = tri_format("%s%s%s", text, separator, more);

    free(text);
    free(more);
    return longer;
}

/* The ranks on a core; with hardware threads of their own "0/1". */
static char *list_ranks(struct drawing *drawing, uint32_t core)
{
    const struct tri_core *c = &drawing->machine->cores[core];
    bool by_thread = tri_policy_takes_threads(drawing->scene->policy);
    char *text = tri_copy("");

    for (uint32_t i = 0; i < (by_thread ? c->count : 1); i++) {
        uint32_t count = tri_scene_ranks_on(drawing->scene, drawing->node, core,
                                            by_thread ? c->first + i : TRI_NOWHERE,
                                            drawing->ranks);
        char *list = count > 0 ? tri_scene_format(drawing->ranks, count) : tri_copy(".");

        drawing->any_free = drawing->any_free || count == 0;
        text = join(text, i > 0 ? "/" : "", list);
    }
    return text;
}

static uint32_t fastest(const struct tri_machine *machine)
{
    uint32_t kind = 0;

    for (uint32_t i = 0; i < machine->ncores; i++) {
        kind = machine->cores[i].kind > kind ? machine->cores[i].kind : kind;
    }
    return kind;
}

static void fill_cells(struct drawing *drawing)
{
    const struct tri_machine *machine = drawing->machine;
    bool bound = drawing->scene->layout->unbound[drawing->node] == NULL;

    for (uint32_t core = 0; core < machine->ncores; core++) {
        bool cut = !tri_machine_core_is_usable(machine, core), busy = machine->cores[core].busy;
        char *text = cut                     ? tri_copy("x")
                     : busy                  ? tri_copy("#")
                     : bound                 ? list_ranks(drawing, core)
                                             : tri_copy(" ");

        drawing->any_cut = drawing->any_cut || cut;
        drawing->any_busy = drawing->any_busy || (!cut && busy);
        drawing->any_slow = drawing->any_slow || machine->cores[core].kind < fastest(machine);
        drawing->cells[core] = text;
    }
}

/* The cores from first on that are in the same package and NUMA domain. */
static uint32_t end_of_row(const struct tri_machine *machine, uint32_t first)
{
    const uint32_t *in = machine->cores[first].in;
    uint32_t end = first + 1;

    while (end < machine->ncores &&
           machine->cores[end].in[TRI_LEVEL_PACKAGE] == in[TRI_LEVEL_PACKAGE] &&
           machine->cores[end].in[TRI_LEVEL_NUMA] == in[TRI_LEVEL_NUMA]) {
        end++;
    }
    return end;
}

/* Whether the same several cores' cells are better said once. */
static bool is_uniform(const struct drawing *drawing, uint32_t first, uint32_t end)
{
    for (uint32_t i = first + 1; i < end; i++) {
        if (strcmp(drawing->cells[i], drawing->cells[first]) != 0) {
            return false;
        }
    }
    return end - first > 1 && strpbrk(drawing->cells[first], "0123456789") != NULL;
}

static void draw_cells(const struct drawing *drawing, uint32_t first, uint32_t end)
{
    const struct tri_core *cores = drawing->machine->cores;
    size_t column = INDENT;

    for (uint32_t i = first; i < end; i++) {
        bool slow = cores[i].kind < fastest(drawing->machine);
        bool apart = i > first && cores[i].in[TRI_LEVEL_L3] != cores[i - 1].in[TRI_LEVEL_L3];

        if (column + drawing->width + 5 > LINE) {
            fprintf(drawing->stream, "\n%*s", INDENT, "");
            column = INDENT;
            apart = false;
        }
        column += drawing->width + 3 + 2 * (size_t)apart;
        fprintf(drawing->stream, "%s %s%-*s%s", apart ? " |" : "", slow ? "(" : "[",
                (int)drawing->width, drawing->cells[i], slow ? ")" : "]");
    }
    putc('\n', drawing->stream);
}

static void draw_row(const struct drawing *drawing, uint32_t first, uint32_t end)
{
    const struct tri_machine *machine = drawing->machine;
    const uint32_t *in = machine->cores[first].in;

    if (first == 0 || in[TRI_LEVEL_PACKAGE] != machine->cores[first - 1].in[TRI_LEVEL_PACKAGE]) {
        if (in[TRI_LEVEL_PACKAGE] != TRI_NOWHERE) {
            fprintf(drawing->stream, "  package %u\n",
                    tri_machine_os(machine, TRI_LEVEL_PACKAGE, in[TRI_LEVEL_PACKAGE]));
        }
    }
    fprintf(drawing->stream, "%*s", INDENT, "");
    if (in[TRI_LEVEL_NUMA] != TRI_NOWHERE) {
        fprintf(drawing->stream, "NUMA %-3u",
                tri_machine_os(machine, TRI_LEVEL_NUMA, in[TRI_LEVEL_NUMA]));
    }
    if (is_uniform(drawing, first, end)) {
        fprintf(drawing->stream, " [%u cores: %s]\n", end - first, drawing->cells[first]);
    } else {
        draw_cells(drawing, first, end);
    }
}

static void draw_legend(const struct drawing *drawing)
{
    const struct {
        bool shown;
        const char *text;
    } legend[] = {{drawing->any_free, ".  free"},
                  {drawing->any_cut, "x  not for this job"},
                  {drawing->any_busy, "#  another job's"},
                  {drawing->any_slow, "( )  slower core"}};
    const char *separator = "    ";

    for (size_t i = 0; i < sizeof legend / sizeof *legend; i++) {
        if (legend[i].shown) {
            fprintf(drawing->stream, "%s%s", separator, legend[i].text);
            separator = ",  ";
        }
    }
    fputs(separator[0] == ',' ? "\n" : "", drawing->stream);
}

static void draw_rows(struct drawing *drawing)
{
    const struct tri_machine *machine = drawing->machine;

    for (uint32_t first = 0, end; first < machine->ncores; first = end) {
        end = end_of_row(machine, first);
        for (uint32_t i = first; i < end && !is_uniform(drawing, first, end); i++) {
            size_t width = strlen(drawing->cells[i]);

            drawing->width = width > drawing->width ? width : drawing->width;
        }
    }
    for (uint32_t first = 0, end; first < machine->ncores; first = end) {
        end = end_of_row(machine, first);
        draw_row(drawing, first, end);
    }
}

static void draw_node(struct drawing *drawing)
{
    const struct tri_scene *scene = drawing->scene;
    const char *unbound = scene->layout->unbound[drawing->node];
    uint32_t count = tri_scene_ranks_of(scene, drawing->node, drawing->ranks);
    char *list = tri_scene_format(drawing->ranks, count);
    char *summary = tri_machine_summary(drawing->machine);

    fprintf(drawing->stream, "node %s: %s; rank%s %s%s%s\n",
            scene->desc->nodes.items[drawing->node], summary, count == 1 ? "" : "s", list,
            unbound != NULL ? ", " : "", unbound != NULL ? unbound : "");
    drawing->cells = tri_alloc(drawing->machine->ncores, sizeof *drawing->cells);
    fill_cells(drawing);
    draw_rows(drawing);
    draw_legend(drawing);
    for (uint32_t core = 0; core < drawing->machine->ncores; core++) {
        free(drawing->cells[core]);
    }
    free(drawing->cells);
    free(summary);
    free(list);
}

void tri_display_text(FILE *stream, const struct tri_scene *scene)
{
    uint32_t *ranks = tri_alloc(scene->layout->nranks, sizeof *ranks);

    for (uint32_t node = 0; node < scene->layout->nnodes; node++) {
        struct drawing drawing = {.stream = stream, .scene = scene, .ranks = ranks, .node = node,
                                  .machine = scene->machines[node]};

        if (tri_scene_ranks_of(scene, node, ranks) > 0) {
            draw_node(&drawing);
        }
    }
    free(ranks);
}

/* display.h: shows where ranks run, for people, tools and pages. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TRI_MPRUN_DISPLAY_H
#define TRI_MPRUN_DISPLAY_H

#include <stdio.h>

#include "jobdesc.h"
#include "place.h"

enum tri_display_format { TRI_DISPLAY_NONE, TRI_DISPLAY_TEXT, TRI_DISPLAY_JSON, TRI_DISPLAY_SVG };

/* What --display asks for. */
struct tri_display {
    enum tri_display_format format;
    char *file;  /* NULL: standard error, or standard output in a dry run */
};

/* What is shown. Nodes are those of desc; one without a machine has no ranks. */
struct tri_scene {
    const struct tri_policy *policy;
    const struct tri_jobdesc *desc;
    const struct tri_layout *layout;
    struct tri_machine *const *machines;
};

/* Reads map[=text|json|svg][:FILE]. Returns NULL, or one line that the caller frees. */
char *tri_display_parse(struct tri_display *display, const char *text);

/* Shows the map. Returns NULL, or one line about the file that cannot be written. */
char *tri_display_show(const struct tri_display *display, const struct tri_scene *scene,
                       bool dry_run);

/* Writes what would be started where, a line for each rank. */
void tri_display_plan(FILE *stream, const struct tri_scene *scene);

/* display_text.c, display_json.c, display_svg.c: the forms of the map. */
void tri_display_text(FILE *stream, const struct tri_scene *scene);
void tri_display_json(FILE *stream, const struct tri_scene *scene);
void tri_display_svg(FILE *stream, const struct tri_scene *scene);

/* What the forms have in common. */

/* Fills ranks with those of a node that are bound to a hardware thread (of a core: TRI_NOWHERE for
 * any of its threads). Returns how many. ranks has room for all ranks. */
uint32_t tri_scene_ranks_on(const struct tri_scene *scene, uint32_t node, uint32_t core,
                            uint32_t pu, uint32_t *ranks);
/* Fills ranks with the node's. */
uint32_t tri_scene_ranks_of(const struct tri_scene *scene, uint32_t node, uint32_t *ranks);
/* "0-3,8"; the caller frees it. */
char *tri_scene_format(const uint32_t *ranks, uint32_t count);

#endif

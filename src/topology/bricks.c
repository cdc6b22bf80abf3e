/* Dividing a grid into bricks: strips along one dimension, cut into pieces of the parts' sizes. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdlib.h>
#include <string.h>

#include "../runtime/object.h"
#include "reorder.h"

/* One dimension is left whole, the others are cut into strips of (nearly) equal width. The strips are walked through
 * one after the other, there and back, and in each of them slice by slice: consecutive positions of the walk make a
 * compact piece, for parts of any sizes, and a brick where the sizes fit. Which dimension, and how many strips, is
 * tried out: first by the surface that bricks of a part's size would have, then the best ones in earnest. */

/* Ways that are estimated at most for each dimension; ways that are tried; and edges that are looked at in doing so. */
enum { ESTIMATES_MAX = 20000, TRIALS_MAX = 48, TRIALS_MIN = 4, EDGES_MAX = 20000000 };

/* A way to cut. */
struct cut {
    double surface;
    int along;   /* the dimension that is left whole */
    int *strips; /* number of strips in each dimension; 1 in that one */
};

/* The best ways so far, the smallest surface first. */
struct cuts {
    struct cut list[TRIALS_MAX + 1];
    int count, room;
};

/* A count of several digits in which one digit at a time changes, by one: reflected, for all dimensions of the grid.
 * When it is through it stands where it ended and goes back. */
struct snake {
    int *digit, *back; /* back: the digit goes down */
};

/* Whether there is a next one. order: dimensions, the slowest first. */
static bool advance(struct snake *snake, const int *order, int ndims, const int *low, const int *high)
{
    for (int k = ndims - 1; k >= 0; k--) {
        int i = order[k], next = snake->digit[i] + (snake->back[i] ? -1 : 1);
        if (next >= low[i] && next < high[i]) {
            snake->digit[i] = next;
            return true;
        }
        snake->back[i] = !snake->back[i];
    }
    return false;
}

struct walk {
    const struct tri_grid *grid;
    const struct cut *cut;
    int *numbers; /* what all arrays lie in */
    int *stride, *order, *low, *high, *none;
    struct snake strip, place;
};

static void start_walk(struct walk *walk, const struct tri_grid *grid)
{
    size_t n = (size_t)grid->ndims;
    int *at = tri_memory_take(9 * n * sizeof *at);
    *walk = (struct walk){.grid = grid, .numbers = at, .stride = at, .order = at + n, .low = at + 2 * n,
                          .high = at + 3 * n, .none = at + 4 * n, .strip = {at + 5 * n, at + 6 * n},
                          .place = {at + 7 * n, at + 8 * n}};
    for (int i = grid->ndims - 1, stride = 1; i >= 0; stride *= grid->dims[i--]) {
        walk->stride[i] = stride;
    }
}

/* The first strip, at its first place. */
static void begin(struct walk *walk, const struct cut *cut)
{
    walk->cut = cut;
    int used = 0;
    walk->order[used++] = cut->along;
    for (int i = 0; i < walk->grid->ndims; i++) {
        walk->strip.digit[i] = walk->strip.back[i] = walk->place.back[i] = walk->none[i] = 0;
        if (i != cut->along) {
            walk->order[used++] = i;
        }
    }
}

/* The bounds of the strip; the walk through it begins at the end where the one through the last strip left off. */
static void enter_strip(struct walk *walk)
{
    for (int i = 0; i < walk->grid->ndims; i++) {
        int64_t size = walk->grid->dims[i];
        walk->low[i] = (int)(walk->strip.digit[i] * size / walk->cut->strips[i]);
        walk->high[i] = (int)((walk->strip.digit[i] + 1) * size / walk->cut->strips[i]);
        walk->place.digit[i] = walk->place.back[i] ? walk->high[i] - 1 : walk->low[i];
    }
}

/* Gives the positions to the parts in the order of the walk. */
static void deal(struct walk *walk, const struct cut *cut, const int *sizes, int *part)
{
    int ndims = walk->grid->ndims, current = 0, given = 0;
    begin(walk, cut);
    do {
        enter_strip(walk);
        do {
            int64_t vertex = 0;
            for (int i = 0; i < ndims; i++) {
                vertex += (int64_t)walk->place.digit[i] * walk->stride[i];
            }
            part[vertex] = current;
            if (++given == sizes[current]) {
                current++;
                given = 0;
            }
        } while (advance(&walk->place, walk->order, ndims, walk->low, walk->high));
    } while (advance(&walk->strip, walk->order, ndims, walk->none, walk->cut->strips));
}

/* ---- which ways to try ---- */

static double width(const struct tri_grid *grid, const int *strips, int i)
{
    return (double)grid->dims[i] / strips[i];
}

/* The surface of a brick of that volume, as wide as the strips; negative: it is thinner than a slice. */
static double surface_of(const struct tri_grid *grid, const struct cut *cut, double volume)
{
    double slice = 1, surface = 0;
    for (int i = 0; i < grid->ndims; i++) {
        slice *= i == cut->along ? 1 : width(grid, cut->strips, i);
    }
    double whole = grid->dims[cut->along], length = TRI_MIN(volume / slice, whole);
    if (length < 1) {
        return -1;
    }
    for (int i = 0; i < grid->ndims; i++) {
        double wide = i == cut->along ? length : width(grid, cut->strips, i);
        bool uneven = i != cut->along && grid->dims[i] % cut->strips[i];
        surface += wide < grid->dims[i] ? slice * length / wide * (uneven ? 1.05 : 1) : 0;
    }
    double pieces = whole / length;
    return surface * (pieces > (int)pieces ? 1.05 : 1);
}

/* Remembers the way if it is one of the best. */
static void note(struct cuts *cuts, const struct tri_grid *grid, const struct cut *cut)
{
    size_t bytes = (size_t)grid->ndims * sizeof *cut->strips;
    int at = cuts->count;
    if (at == cuts->room && cut->surface >= cuts->list[at - 1].surface) {
        return;
    }
    struct cut copy = *cut;
    copy.strips = at == cuts->room ? cuts->list[--at].strips : tri_memory_take(bytes);
    memcpy(copy.strips, cut->strips, bytes);
    for (; at > 0 && cuts->list[at - 1].surface > copy.surface; at--) {
        cuts->list[at] = cuts->list[at - 1];
    }
    cuts->list[at] = copy;
    cuts->count = TRI_MIN(cuts->count + 1, cuts->room);
}

/* The next number of strips in which at least one strip is wider, or 0. */
static int fewer(int size, int strips)
{
    int wide = (size + strips - 1) / strips;
    return strips > 1 ? TRI_MIN((size + wide) / (wide + 1), strips - 1) : 0;
}

/* Thin strips first: wide ones may be more than a part. False: it was the last way. */
static bool next_way(const struct tri_grid *grid, struct cut *cut)
{
    for (int i = 0; i < grid->ndims; i++) {
        if (i != cut->along) {
            int next = fewer(grid->dims[i], cut->strips[i]);
            if (next > 0) {
                cut->strips[i] = next;
                return true;
            }
            cut->strips[i] = grid->dims[i];
        }
    }
    return false;
}

static void find_cuts(struct cuts *cuts, const struct tri_grid *grid, double volume)
{
    struct cut cut = {.strips = tri_memory_take((size_t)grid->ndims * sizeof *cut.strips)};
    for (cut.along = 0; cut.along < grid->ndims; cut.along++) {
        for (int i = 0; i < grid->ndims; i++) {
            cut.strips[i] = i == cut.along ? 1 : grid->dims[i];
        }
        int left = ESTIMATES_MAX;
        do {
            cut.surface = surface_of(grid, &cut, volume);
            if (cut.surface >= 0) {
                note(cuts, grid, &cut);
            }
        } while (--left > 0 && next_way(grid, &cut));
    }
    free(cut.strips);
}

void tri_reorder_bricks(const struct tri_adjacency *graph, const struct tri_grid *grid, const int *sizes, int parts,
                        int *part)
{
    int64_t trials = EDGES_MAX / (graph->rows[graph->vertices] + graph->vertices);
    struct cuts cuts = {.room = (int)TRI_MIN(TRI_MAX(trials, TRIALS_MIN), TRIALS_MAX)};
    struct walk walk;
    start_walk(&walk, grid);
    find_cuts(&cuts, grid, (double)graph->vertices / parts);
    int *trial = tri_memory_take((size_t)graph->vertices * sizeof *trial);
    int64_t best = INT64_MAX;
    for (int i = 0; i < cuts.count; i++) {
        deal(&walk, &cuts.list[i], sizes, trial);
        int64_t weight = tri_reorder_cut(graph, trial);
        if (weight < best) {
            best = weight;
            memcpy(part, trial, (size_t)graph->vertices * sizeof *part);
        }
        free(cuts.list[i].strips);
    }
    free(trial);
    free(walk.numbers);
}

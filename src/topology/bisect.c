/* Dividing any graph: by halves, each grown from one end and refined. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdlib.h>
#include <string.h>

#include "../runtime/object.h"
#include "reorder.h"

/* A side is grown from a vertex, each time by the one that adds least to the cut (greedy graph growing); then pairs of
 * vertices change sides, the best ones first and also when that makes the cut larger for a while, and the best state on
 * the way is kept (Fiduccia and Mattheyses, Design Automation 1982, with the sizes of Kernighan and Lin, 1970). */

enum { ELSEWHERE = -1 };

/* Above this many vertices sides are not refined; passes over them otherwise. */
enum { REFINE_MAX = 16384, PASSES = 8, PATIENCE = 64 };

/* Vertices that may change sides, the most profitable one on top. A vertex whose gain has changed is put in again; the
 * old entry is noticed when it comes to the top. */
struct entry {
    int64_t gain;
    int order; /* among equals: who was put in first */
    int vertex;
};

struct heap {
    struct entry *entries;
    int64_t count, room;
};

struct bisection {
    const struct tri_adjacency *graph;
    const int *list; /* the vertices */
    int count;
    int wanted;    /* so many of them on side 0 */
    int8_t *side;  /* of each vertex of the graph: ELSEWHERE, 0 or 1 */
    int64_t *gain; /* by how much the cut shrinks when the vertex changes sides */
    bool *locked;
    int *order;    /* in which vertices were reached */
    int reached;
    struct heap heaps[2]; /* of each side */
    int *moves; /* made in a pass, in order */
    int made;
};

static bool precedes(const struct entry *left, const struct entry *right)
{
    return left->gain != right->gain ? left->gain > right->gain : left->order < right->order;
}

static void push(struct heap *heap, struct entry entry)
{
    if (heap->count == heap->room) {
        heap->room = 2 * heap->room + 64;
        heap->entries = tri_memory_grow(heap->entries, (size_t)heap->room * sizeof *heap->entries);
    }
    int64_t at = heap->count++;
    for (; at > 0 && precedes(&entry, &heap->entries[(at - 1) / 2]); at = (at - 1) / 2) {
        heap->entries[at] = heap->entries[(at - 1) / 2];
    }
    heap->entries[at] = entry;
}

static struct entry pop(struct heap *heap)
{
    struct entry top = heap->entries[0], last = heap->entries[--heap->count];
    int64_t at = 0;
    for (int64_t child = 1; child < heap->count; child = 2 * at + 1) {
        child += child + 1 < heap->count && precedes(&heap->entries[child + 1], &heap->entries[child]);
        if (!precedes(&heap->entries[child], &last)) {
            break;
        }
        heap->entries[at] = heap->entries[child];
        at = child;
    }
    heap->entries[at] = last;
    return top;
}

static void offer(struct bisection *b, int vertex)
{
    if (b->order[vertex] < 0) {
        b->order[vertex] = b->reached++;
    }
    push(&b->heaps[b->side[vertex]], (struct entry){b->gain[vertex], b->order[vertex], vertex});
}

/* The best vertex of that side, or -1. */
static int best_of(struct bisection *b, int side)
{
    struct heap *heap = &b->heaps[side];
    while (heap->count > 0) {
        struct entry top = pop(heap);
        if (b->side[top.vertex] == side && !b->locked[top.vertex] && b->gain[top.vertex] == top.gain) {
            return top.vertex;
        }
    }
    return -1;
}

static void move(struct bisection *b, int vertex)
{
    const struct tri_adjacency *graph = b->graph;
    b->side[vertex] = !b->side[vertex];
    b->gain[vertex] = -b->gain[vertex];
    for (int64_t i = graph->rows[vertex]; i < graph->rows[vertex + 1]; i++) {
        int end = graph->ends[i];
        if (b->side[end] != ELSEWHERE) {
            b->gain[end] += (b->side[end] == b->side[vertex] ? -2 : 2) * (int64_t)graph->weights[i];
            if (!b->locked[end]) {
                offer(b, end);
            }
        }
    }
}

/* All on side 1, nothing reached. */
static void reset(struct bisection *b)
{
    for (int i = 0; i < b->count; i++) {
        int v = b->list[i];
        b->side[v] = 1;
        b->locked[v] = false;
        b->order[v] = -1;
        b->gain[v] = 0;
    }
    for (int i = 0; i < b->count; i++) {
        int v = b->list[i];
        for (int64_t k = b->graph->rows[v]; k < b->graph->rows[v + 1]; k++) {
            b->gain[v] -= b->side[b->graph->ends[k]] == 1 ? b->graph->weights[k] : 0;
        }
    }
    b->reached = 0;
    b->heaps[0].count = b->heaps[1].count = 0;
}

/* Side 0 grows from that vertex; where the graph ends, it goes on with the next one of the list. */
static void grow(struct bisection *b, int start)
{
    reset(b);
    int rest = 0;
    for (int done = 0; done < b->wanted; done++) {
        int next = done == 0 ? start : best_of(b, 1);
        while (next < 0) {
            next = b->side[b->list[rest]] == 1 ? b->list[rest] : -1;
            rest++;
        }
        b->locked[next] = true;
        move(b, next);
    }
}

/* A vertex at an end of the graph: the last one that a walk from the first one in order of distance reaches. */
static int find_end(struct bisection *b)
{
    reset(b);
    int *queue = b->moves, count = 0;
    queue[count++] = b->list[0];
    b->order[b->list[0]] = 0;
    for (int at = 0; at < count; at++) {
        for (int64_t i = b->graph->rows[queue[at]]; i < b->graph->rows[queue[at] + 1]; i++) {
            int end = b->graph->ends[i];
            if (b->side[end] != ELSEWHERE && b->order[end] < 0) {
                b->order[end] = count;
                queue[count++] = end;
            }
        }
    }
    return queue[count - 1];
}

/* Side 0 has the first ones of the list. */
static void take_first(struct bisection *b)
{
    reset(b);
    for (int i = 0; i < b->wanted; i++) {
        move(b, b->list[i]);
    }
}

/* The best vertices of both sides change places. False: a side is through, and nothing has been changed. */
static bool swap_pair(struct bisection *b, int64_t *sum)
{
    int there = best_of(b, 0);
    if (there < 0) {
        return false;
    }
    int64_t gain = b->gain[there];
    b->locked[there] = true;
    move(b, there);
    int back = best_of(b, 1);
    if (back < 0) {
        move(b, there);
        return false;
    }
    *sum += gain + b->gain[back];
    b->locked[back] = true;
    move(b, back);
    b->moves[b->made++] = there;
    b->moves[b->made++] = back;
    return true;
}

/* One pass of changes. Returns by how much the cut has shrunk. */
static int64_t refine(struct bisection *b)
{
    int kept = 0;
    int64_t sum = 0, best = 0;
    b->made = 0;
    b->heaps[0].count = b->heaps[1].count = 0;
    for (int i = 0; i < b->count; i++) {
        b->locked[b->list[i]] = false;
    }
    for (int i = 0; i < b->count; i++) {
        offer(b, b->list[i]);
    }
    while (b->made - kept < PATIENCE + b->count / 8 && swap_pair(b, &sum)) {
        if (sum > best) {
            best = sum;
            kept = b->made;
        }
    }
    while (b->made > kept) {
        move(b, b->moves[--b->made]);
    }
    return best;
}

static int64_t cut_of(const struct bisection *b)
{
    int64_t cut = 0;
    for (int i = 0; i < b->count; i++) {
        int v = b->list[i];
        for (int64_t k = b->graph->rows[v]; k < b->graph->rows[v + 1]; k++) {
            cut += b->side[v] == 0 && b->side[b->graph->ends[k]] == 1 ? b->graph->weights[k] : 0;
        }
    }
    return cut;
}

static int64_t refined(struct bisection *b)
{
    for (int pass = 0; b->count <= REFINE_MAX && pass < PASSES && refine(b) > 0; pass++) {
    }
    return cut_of(b);
}

/* Chooses the sides of list[0..count). scratch: count entries. */
static void bisect(struct bisection *b, int8_t *scratch)
{
    grow(b, find_end(b));
    int64_t grown = refined(b);
    for (int i = 0; i < b->count; i++) {
        scratch[i] = b->side[b->list[i]];
    }
    take_first(b);
    if (refined(b) <= grown) { /* also the simpler one, if it is as good */
        return;
    }
    for (int i = 0; i < b->count; i++) {
        b->side[b->list[i]] = scratch[i];
    }
}

struct division {
    struct bisection bisection;
    const int *sizes;
    int *list, *sorted; /* vertices; scratch of the same size */
    int8_t *scratch;
    int *part;
};

/* Divides list[begin..end) among the parts from first to last (not included). */
static void divide(struct division *d, int begin, int end, int first, int last)
{
    int count = end - begin, middle = (first + last) / 2, left = 0;
    if (last - first == 1) {
        for (int i = begin; i < end; i++) {
            d->part[d->list[i]] = first;
        }
        return;
    }
    for (int p = first; p < middle; p++) {
        left += d->sizes[p];
    }
    struct bisection *b = &d->bisection;
    b->list = d->list + begin;
    b->count = count;
    b->wanted = left;
    bisect(b, d->scratch);
    int at[2] = {0, left};
    for (int i = begin; i < end; i++) {
        d->sorted[at[b->side[d->list[i]]]++] = d->list[i];
    }
    memcpy(d->list + begin, d->sorted, (size_t)count * sizeof *d->list);
    for (int i = begin; i < end; i++) {
        b->side[d->list[i]] = ELSEWHERE;
    }
    divide(d, begin, begin + left, first, middle);
    divide(d, begin + left, end, middle, last);
}

void tri_reorder_bisect(const struct tri_adjacency *graph, const int *sizes, int parts, int *part)
{
    size_t count = (size_t)graph->vertices;
    struct division d = {.sizes = sizes, .part = part};
    struct bisection *b = &d.bisection;
    b->graph = graph;
    b->side = tri_memory_take(count);
    b->gain = tri_memory_take(count * sizeof *b->gain);
    b->locked = tri_memory_take(count * sizeof *b->locked);
    b->order = tri_memory_take(count * sizeof *b->order);
    b->moves = tri_memory_take(count * sizeof *b->moves);
    d.list = tri_memory_take(count * sizeof *d.list);
    d.sorted = tri_memory_take(count * sizeof *d.sorted);
    d.scratch = tri_memory_take(count);
    memset(b->side, ELSEWHERE, count);
    for (int v = 0; v < graph->vertices; v++) {
        d.list[v] = v;
    }
    divide(&d, 0, graph->vertices, 0, parts);
    void *taken[] = {b->side, b->gain, b->locked, b->order, b->moves, d.list, d.sorted, d.scratch, b->heaps[0].entries,
                     b->heaps[1].entries};
    for (size_t i = 0; i < TRI_COUNT_OF(taken); i++) {
        free(taken[i]);
    }
}

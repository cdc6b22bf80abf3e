/* place_order.c: numbers the ranks of a program once their places are known. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdlib.h>
#include <string.h>

#include "place_internal.h"

/* Ranks are numbered by their keys, the first ones counting most. */
struct entry {
    uint64_t keys[3];
    struct tri_seat seat;
};

static int by_keys(const void *a, const void *b)
{
    const struct entry *first = a, *second = b;

    for (int i = 0; i < 3; i++) {
        if (first->keys[i] != second->keys[i]) {
            return first->keys[i] < second->keys[i] ? -1 : 1;
        }
    }
    return 0;
}

static void sort(struct entry *entries, uint32_t count)
{
    if (count > 0) {
        qsort(entries, count, sizeof *entries, by_keys);
    }
}

/* Node by node, along the hardware threads or in the order of the mapping. The nodes are in the
 * order in which the mapping came to them. */
static void key_in_line(struct entry *entries, uint32_t count, uint32_t nnodes, bool by_place)
{
    uint32_t *visit = tri_alloc(nnodes, sizeof *visit), visits = 0;

    for (uint32_t i = 0; i < count; i++) {
        const struct tri_seat *seat = &entries[i].seat;

        if (visit[seat->node] == 0) {
            visit[seat->node] = ++visits;
        }
        entries[i].keys[0] = visit[seat->node];
        entries[i].keys[1] = by_place ? seat->unit : seat->turn;
        entries[i].keys[2] = seat->turn;
    }
    free(visit);
}

/* From sorted entries: in turn over the nodes, or over the objects of each node. */
static void key_in_turn(const struct tri_place_node *nodes, uint32_t nnodes,
                        enum tri_level level, struct entry *entries, uint32_t count)
{
    uint32_t **seen = tri_alloc(nnodes, sizeof *seen);

    for (uint32_t i = 0; i < count; i++) {
        struct entry *entry = &entries[i];
        const struct tri_machine *machine = nodes[entry->seat.node].machine;
        uint32_t object = tri_machine_around(machine, entry->seat.unit, level);
        uint32_t **counts = &seen[entry->seat.node], objects = machine->count[level];
        uint64_t visit = entry->keys[0];

        object = object < objects ? object : objects;
        if (*counts == NULL) {
            *counts = tri_alloc(objects + 1, sizeof **counts);
        }
        uint32_t turn = (*counts)[object]++;

        entry->keys[0] = level == TRI_LEVEL_NODE ? turn : visit;
        entry->keys[1] = level == TRI_LEVEL_NODE ? visit : turn;
        entry->keys[2] = object;
    }
    for (uint32_t i = 0; i < nnodes; i++) {
        free(seen[i]);
    }
    free(seen);
}

void tri_place_order(const struct tri_policy *policy, const struct tri_place_node *nodes,
                     uint32_t nnodes, struct tri_seat *seats, uint32_t count)
{
    struct entry *entries = tri_alloc(count, sizeof *entries);
    bool over_nodes = policy->map == TRI_MAP_TURN && policy->map_level == TRI_LEVEL_NODE;
    bool in_turn = policy->rank == TRI_RANK_TURN || (policy->rank == TRI_RANK_MAP && over_nodes);
    enum tri_level level = policy->rank == TRI_RANK_TURN ? policy->rank_level : TRI_LEVEL_NODE;

    for (uint32_t i = 0; i < count; i++) {
        entries[i].seat = seats[i];
    }
    key_in_line(entries, count, nnodes,
                policy->rank == TRI_RANK_SLOT || level != TRI_LEVEL_NODE);
    sort(entries, count);
    if (in_turn) {
        key_in_turn(nodes, nnodes, level, entries, count);
        sort(entries, count);
    }
    for (uint32_t i = 0; i < count; i++) {
        seats[i] = entries[i].seat;
    }
    free(entries);
}

/* place.h: decides for each rank of a job where on its nodes it runs. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TRI_MPRUN_PLACE_H
#define TRI_MPRUN_PLACE_H

#include "place_policy.h"

struct tri_place_node {
    const char *name;
    const struct tri_machine *machine; /* NULL: the node has no ranks */
};

/* One program's ranks, first to first + count - 1. */
struct tri_place_app {
    uint32_t first, count;
    uint32_t threads;  /* OpenMP threads that the user asked for; 0: not said */
};

/* Where a rank runs. */
struct tri_seat {
    uint32_t node;
    enum tri_level level;   /* it was mapped to this object */
    uint32_t object;
    struct tri_cpus cpus;   /* what it is bound to; empty: not bound */
    uint32_t threads;       /* its fair share of cores, at least 1 */
    bool alone;             /* no other rank of the job is on its cores */
    uint32_t unit, turn;    /* its first core's place on the node, its place in the mapping */
};

struct tri_layout {
    uint32_t nranks, nnodes;
    struct tri_seat *seats;     /* of each rank */
    const char **unbound;       /* why a node's ranks are not bound; NULL: they are */
};

/* Places all ranks. node_of holds how many ranks of each program go to which node: their nodes in
 * the order of the mapping; it is put in the order of the ranks. No input or output: the same
 * arguments give the same layout. Returns NULL, or one line about what the user asked for and
 * cannot have, which the caller frees. The caller clears layout in both cases. */
char *tri_place(const struct tri_policy *policy, const struct tri_place_node *nodes,
                uint32_t nnodes, const struct tri_place_app *apps, uint32_t napps,
                uint32_t *node_of, struct tri_layout *layout);

void tri_layout_clear(struct tri_layout *layout);

/* Makes unusable what --cpu-list leaves out. Returns NULL, or one line when the node does not have
 * what the list names; the caller frees it. */
char *tri_place_restrict(const struct tri_policy *policy, const char *node,
                         struct tri_machine *machine);

/* How many ranks fit on a node: its slots where the user gave no number. *why is NULL or one line
 * that the caller frees: none does. */
uint32_t tri_place_slots(const struct tri_policy *policy, const struct tri_place_node *node,
                         char **why);

/* What a seat is bound to, "core 3 (cpus 3,7)", or why it is not; the caller frees it. */
char *tri_seat_describe(const struct tri_layout *layout, const struct tri_seat *seat,
                        const struct tri_machine *machine);

#endif

/* place_internal.h: what the files that place ranks share. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TRI_MPRUN_PLACE_INTERNAL_H
#define TRI_MPRUN_PLACE_INTERNAL_H

#include "place.h"

/* What a rank takes: a core, or a hardware thread where the policy says so. */
struct tri_unit {
    uint32_t pu;    /* its (first usable) hardware thread */
    uint32_t kind;
    uint32_t used;  /* how many ranks have taken it */
    bool busy;      /* another job has */
};

/* The units of a node, fastest first, and the objects that the mapping goes over. */
struct tri_field {
    const struct tri_policy *policy;
    const struct tri_machine *machine;
    struct tri_unit *units;
    uint32_t nunits;
    bool by_thread;
    enum tri_level level;     /* of the objects */
    uint32_t *objects;        /* those with units, in their turn */
    uint32_t nobjects, next;
    uint32_t round;           /* how often a unit may be taken */
};

/* place_field.c: returns NULL with one line in *why when there is no such object. */
struct tri_field *tri_field_new(const struct tri_policy *policy,
                                const struct tri_place_node *node, char **why);
void tri_field_free(struct tri_field *field);
/* Forgets what was taken. */
void tri_field_reset(struct tri_field *field);

/* Takes units for the next rank and writes what it was mapped to into its seat, and the hardware
 * threads of what it took into cpus (added). sharing: several ranks may have one unit. with_busy:
 * take those of other jobs as well. Returns false when there are not so many in one place. */
bool tri_field_take(struct tri_field *field, uint32_t count, bool sharing, bool with_busy,
                    struct tri_seat *seat, struct tri_cpus *cpus);

/* place_node.c: places the ranks of one node: seats of count ranks in the order of the mapping,
 * threads[] the OpenMP threads asked for. Fills cpus, threads, alone and *unbound. Returns NULL or
 * one line. */
char *tri_place_on_node(const struct tri_policy *policy, const struct tri_place_node *node,
                        struct tri_seat **seats, const uint32_t *threads, uint32_t count,
                        const char **unbound);

/* place_order.c: puts the seats of one program into the order of its ranks. */
void tri_place_order(const struct tri_policy *policy, const struct tri_place_node *nodes,
                     uint32_t nnodes, struct tri_seat *seats, uint32_t count);

#endif

/* place_message.h: what a node is told about where its ranks run. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TRI_MPRUN_PLACE_MESSAGE_H
#define TRI_MPRUN_PLACE_MESSAGE_H

#include "place.h"

/* One rank's place. */
struct tri_berth {
    struct tri_cpus cpus;  /* empty: not bound */
    char *text;            /* the same for people */
    uint32_t threads;      /* its share of cores */
    bool alone;            /* no other rank is on its cores */
};

/* The places of all ranks of a node, in their order. */
struct tri_berths {
    uint32_t count;
    struct tri_berth *items;
    uint32_t cores;        /* that the job may use there */
    bool by_thread;        /* ranks have hardware threads and not whole cores */
    uint32_t nclaims;
    uint32_t *claims;      /* the cores to be claimed, see claim.h */
};

/* Appends what a node of a layout must know. */
void tri_berths_put(struct tri_buffer *buffer, const struct tri_layout *layout, uint32_t node,
                    const struct tri_machine *machine, bool by_thread);

/* Takes it out again. Returns false when it makes no sense; the caller clears berths in both
 * cases. */
bool tri_berths_get(struct tri_reader *reader, struct tri_berths *berths);

void tri_berths_clear(struct tri_berths *berths);

#endif

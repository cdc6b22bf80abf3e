/* Slots: names for local objects that a peer can send back, without it ever holding a pointer. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TRI_SLOTS_H
#define TRI_SLOTS_H

#include "../runtime/base.h"

struct tri_slots {
    struct tri_slot_place *places;
    uint32_t count, first_free;
};

void tri_slots_start(struct tri_slots *slots);
void tri_slots_end(struct tri_slots *slots);

/* Names have so many bits, and are never 0. */
enum { TRI_SLOT_BITS = 56 };

/* A new name for the object. */
uint64_t tri_slot_take(struct tri_slots *slots, void *object);

/* The object of a name that a peer has sent, or NULL when it is none (any more). */
void *tri_slot_object(const struct tri_slots *slots, uint64_t name);

void tri_slot_give(struct tri_slots *slots, uint64_t name);

#endif

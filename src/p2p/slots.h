/* Slots: names for local objects that a peer can send back, without it ever holding a pointer. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TRI_SLOTS_H
#define TRI_SLOTS_H

#include "../runtime/base.h"

/* A new name for the object. Never 0. */
uint64_t tri_slot_take(void *object);

/* The object of a name that a peer has sent, or NULL when it is none (any more). */
void *tri_slot_object(uint64_t name);

void tri_slot_give(uint64_t name);
void tri_slots_end(void);

#endif

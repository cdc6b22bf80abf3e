/* Slots. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "slots.h"

#include <stdlib.h>

#include "../runtime/object.h"

/* The upper bits of a name count the uses of its place, so that a late packet about an old object finds nothing. */
enum { USES = 1 << (TRI_SLOT_BITS - 32) };

struct tri_slot_place {
    void *object;
    uint32_t use;
    uint32_t next_free;
};

static void grow(struct tri_slots *slots)
{
    uint32_t count = slots->count ? 2 * slots->count : 64;
    slots->places = tri_memory_grow(slots->places, count * sizeof *slots->places);
    for (uint32_t i = count; i-- > slots->count;) {
        slots->places[i] = (struct tri_slot_place){.use = 1, .next_free = slots->first_free};
        slots->first_free = i;
    }
    slots->count = count;
}

uint64_t tri_slot_take(struct tri_slots *slots, void *object)
{
    if (slots->first_free == UINT32_MAX) {
        grow(slots);
    }
    uint32_t index = slots->first_free;
    struct tri_slot_place *place = &slots->places[index];
    slots->first_free = place->next_free;
    place->object = object;
    return (uint64_t)place->use << 32 | index;
}

void *tri_slot_object(const struct tri_slots *slots, uint64_t name)
{
    uint32_t index = (uint32_t)name;
    return index < slots->count && slots->places[index].use == name >> 32 ? slots->places[index].object : NULL;
}

void tri_slot_give(struct tri_slots *slots, uint64_t name)
{
    uint32_t index = (uint32_t)name;
    struct tri_slot_place *place = &slots->places[index];
    place->object = NULL;
    place->use = place->use % (USES - 1) + 1;
    place->next_free = slots->first_free;
    slots->first_free = index;
}

void tri_slots_start(struct tri_slots *slots)
{
    *slots = (struct tri_slots){.first_free = UINT32_MAX};
}

void tri_slots_end(struct tri_slots *slots)
{
    free(slots->places);
}

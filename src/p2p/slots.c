/* Slots. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "slots.h"

#include <stdlib.h>

#include "../runtime/object.h"

/* The upper half of a name counts the uses of its place, so that a late packet about an old object finds nothing. */
static struct place {
    void *object;
    uint32_t use;
    uint32_t next_free;
} *places;
static uint32_t place_count, first_free = UINT32_MAX;

static void grow(void)
{
    uint32_t count = place_count ? 2 * place_count : 64;
    places = tri_memory_grow(places, count * sizeof *places);
    for (uint32_t i = count; i-- > place_count;) {
        places[i] = (struct place){.use = 1, .next_free = first_free};
        first_free = i;
    }
    place_count = count;
}

uint64_t tri_slot_take(void *object)
{
    if (first_free == UINT32_MAX) {
        grow();
    }
    uint32_t index = first_free;
    first_free = places[index].next_free;
    places[index].object = object;
    return (uint64_t)places[index].use << 32 | index;
}

void *tri_slot_object(uint64_t name)
{
    uint32_t index = (uint32_t)name;
    return index < place_count && places[index].use == name >> 32 ? places[index].object : NULL;
}

void tri_slot_give(uint64_t name)
{
    uint32_t index = (uint32_t)name;
    places[index].object = NULL;
    places[index].use += 1 + (places[index].use == UINT32_MAX);
    places[index].next_free = first_free;
    first_free = index;
}

void tri_slots_end(void)
{
    free(places);
    places = NULL;
    place_count = 0;
    first_free = UINT32_MAX;
}

/* What goes from one core's cache to another's: shared memory that one rank writes and another is about to read. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TRI_CACHE_H
#define TRI_CACHE_H

#include "base.h"

/* Finds out what the processor can do. Called once, before any other, with whether each rank has its core to itself. */
void tri_cache_start(bool alone);

extern bool tri_cache_demotes;

/* Just written, and to be read by another core, which finds it sooner in the cache that both share than in that of this
 * core. Does nothing to the memory. It takes this core about the time that the other gains: how much is worth it is the
 * caller's to know. */
static inline void tri_cache_hand_over(const void *memory, size_t len)
{
#ifdef __x86_64__
    if (tri_cache_demotes) {
        for (size_t at = 0; at < len; at += TRI_CACHE_LINE) {
            __asm__ __volatile__("cldemote %0" : : "m"(*((const char *)memory + at)));
        }
    }
#else
    (void)memory;
    (void)len;
#endif
}

/* Copies between memory that another core has just read or written and the own: in short steps, as many loads from one
 * line start the next line's way here sooner than one long one. That pays for 2 to 4 KiB; what is much longer or
 * shorter comes as fast by memcpy, which knows more of the processor. */
void tri_cache_copy(void *to, const void *from, size_t len);

#endif

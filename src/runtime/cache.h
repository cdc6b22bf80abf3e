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

/* Only the beginning is asked for ahead: as many lines as a core of today can ask for at once. */
enum { TRI_CACHE_AHEAD_MOST = 16 * TRI_CACHE_LINE };

/* Soon to be read by this core, and written by another. Does nothing to the memory. If the other is still to write it,
 * that has to wait until this core gives it up. */
static inline void tri_cache_fetch(const void *memory, size_t len)
{
    for (size_t at = 0; at < len && at < TRI_CACHE_AHEAD_MOST; at += TRI_CACHE_LINE) {
        __builtin_prefetch((const char *)memory + at);
    }
}

/* Soon to be written by this core, while others have read it last: writing has to wait until they give it up, and that
 * begins now. Does nothing to the memory, of which it may not even be a part. */
static inline void tri_cache_claim(const void *memory, size_t len)
{
    for (size_t at = 0; at < len && at < TRI_CACHE_AHEAD_MOST; at += TRI_CACHE_LINE) {
#ifdef __x86_64__
        /* Not the compiler's builtin: unless it is told of the processor it only asks to read. */
        __asm__ __volatile__("prefetchw %0" : : "m"(*((const char *)memory + at)));
#else
        __builtin_prefetch((const char *)memory + at, 1);
#endif
    }
}

/* Copies between memory that another core has just read or written and the own: in short steps, as many loads from one
 * line start the next line's way here sooner than one long one. That pays for 2 to 4 KiB; what is much longer or
 * shorter comes as fast by memcpy, which knows more of the processor. */
void tri_cache_copy(void *to, const void *from, size_t len);

#endif

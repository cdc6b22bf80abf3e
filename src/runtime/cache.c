/* What the processor can do about its caches. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "cache.h"

#include <string.h>

#ifdef __x86_64__
#include <cpuid.h>
#endif

bool tri_cache_demotes;

enum { STEPS_LEAST = 512, STEPS_MOST = 8192 };

/* What every processor of today loads at once; anywhere in memory, of any type. */
typedef long long step __attribute__((vector_size(16), aligned(1), may_alias));
_Static_assert(4 * sizeof(step) == TRI_CACHE_LINE, "a line is four steps");

void tri_cache_copy(void *to, const void *from, size_t len)
{
    char *target = to;
    const char *source = from;
    if (len >= STEPS_LEAST && len <= STEPS_MOST) {
        for (; len >= TRI_CACHE_LINE; len -= TRI_CACHE_LINE) {
            const step *in = (const step *)(const void *)source;
            step *out = (step *)(void *)target;
            const step first = in[0], second = in[1], third = in[2], fourth = in[3];
            out[0] = first;
            out[1] = second;
            out[2] = third;
            out[3] = fourth;
            source += TRI_CACHE_LINE;
            target += TRI_CACHE_LINE;
        }
    }
    memcpy(target, source, len);
}

/* Who shares this core finds nothing sooner elsewhere. Processors without CLDEMOTE take it for a hint that means nothing,
 * but tools that run programs on one of their own may not know it. */
void tri_cache_start(bool alone)
{
#ifdef __x86_64__
    unsigned a, b, c, d;
    tri_cache_demotes = alone && __get_cpuid_count(7, 0, &a, &b, &c, &d) && c >> 25 & 1;
#else
    (void)alone;
#endif
}

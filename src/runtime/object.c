/* Pools of objects. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "object.h"

#include <stdlib.h>

#include "log.h"

enum { SLAB_BYTES = 16384 };

struct tri_slab {
    struct tri_slab *next;
    _Alignas(TRI_CACHE_LINE) unsigned char bytes[];
};

void *tri_memory_take(size_t size)
{
    return tri_memory_grow(NULL, size);
}

void *tri_memory_grow(void *old, size_t size)
{
    void *memory = realloc(old, size ? size : 1);
    if (!memory) {
        tri_log_fatal(1, "out of memory: %zu bytes for the library's own use can not be had", size);
    }
    return memory;
}

void *tri_pool_take_new_slab(struct tri_pool *pool)
{
    size_t step = (pool->size + TRI_CACHE_LINE - 1) & ~(size_t)(TRI_CACHE_LINE - 1);
    size_t count = TRI_MAX((size_t)SLAB_BYTES / step, (size_t)4);
    struct tri_slab *slab = aligned_alloc(TRI_CACHE_LINE, sizeof *slab + count * step);
    if (!slab) {
        tri_log_fatal(1, "out of memory: %zu bytes for the library's own use can not be had", count * step);
    }
    slab->next = pool->slabs;
    pool->slabs = slab;
    for (size_t i = count; i-- > 0;) {
        tri_pool_give(pool, slab->bytes + i * step);
    }
    return tri_pool_take(pool);
}

void tri_pool_end(struct tri_pool *pool)
{
    while (pool->slabs) {
        struct tri_slab *slab = pool->slabs;
        pool->slabs = slab->next;
        free(slab);
    }
    pool->free = NULL;
}

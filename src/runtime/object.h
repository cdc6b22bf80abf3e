/* What all MPI objects begin with, and how handles and pointers are told apart. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TRI_OBJECT_H
#define TRI_OBJECT_H

#include "lane.h"

/* A handle is a pointer to its object, but predefined ones are small integers of the ABI. */
enum { TRI_HANDLE_PREDEFINED = 0x1000 };

/* The first word of an object tells what it is, so that a wrong or freed handle is noticed. Objects go back to pools
 * and never to malloc, which keeps the word of a freed one readable. */
enum tri_kind {
    TRI_FREED = 0x46524545,
    TRI_COMM = 0x434f4d4d,
    TRI_GROUP = 0x47525550,
    TRI_DATATYPE = 0x54595045,
    TRI_OP = 0x4f502020,
    TRI_REQUEST = 0x52455153,
    TRI_MESSAGE = 0x4d455347,
    TRI_ERRHANDLER = 0x45525248,
    TRI_INFO = 0x494e464f,
    TRI_SESSION = 0x53455353,
    TRI_WINDOW = 0x57494e44,
};

struct tri_object {
    uint32_t kind; /* enum tri_kind */
    int references;
    struct tri_object *next_free;
};

/* For objects that messages of any lane hold. tri_object_drop returns what is left; at 0 the last one ends the object,
 * in lane 0 (tri_lane_in_first). */
static inline void tri_object_hold(struct tri_object *object)
{
    if (TRI_UNLIKELY(tri_lane_threaded)) {
        __atomic_fetch_add(&object->references, 1, __ATOMIC_RELAXED);
    } else {
        object->references++;
    }
}

static inline int tri_object_drop(struct tri_object *object)
{
    /* Each release pairs with the acquire of the last: what was done under any reference comes before the end. */
    return TRI_UNLIKELY(tri_lane_threaded) ? __atomic_sub_fetch(&object->references, 1, __ATOMIC_ACQ_REL)
                                           : --object->references;
}

/* Objects of one kind and size. */
struct tri_pool {
    _Alignas(TRI_CACHE_LINE) enum tri_kind kind;
    size_t size; /* of one object */
    struct tri_object *free;
    struct tri_slab *slabs;
};

/* An object with one reference, its bytes behind the object header not defined. Ends the job when memory is out. */
void *tri_pool_take_new_slab(struct tri_pool *pool);

static inline void *tri_pool_take(struct tri_pool *pool)
{
    struct tri_object *object = pool->free;
    if (TRI_UNLIKELY(!object)) {
        return tri_pool_take_new_slab(pool);
    }
    pool->free = object->next_free;
    object->kind = pool->kind;
    object->references = 1;
    return object;
}

static inline void tri_pool_give(struct tri_pool *pool, void *pointer)
{
    struct tri_object *object = pointer;
    object->kind = TRI_FREED;
    object->next_free = pool->free;
    pool->free = object;
}

/* Frees the memory of all objects of the pool, taken or not. */
void tri_pool_end(struct tri_pool *pool);

/* Whether the handle (not a predefined one) is an object of that kind. A pointer that is not one of ours at all is
 * found out only by the alignment; the rest is up to the word it points to. */
static inline bool tri_object_is(const void *handle, enum tri_kind kind)
{
    return (uintptr_t)handle >= TRI_HANDLE_PREDEFINED && !((uintptr_t)handle & 7) &&
           ((const struct tri_object *)handle)->kind == (uint32_t)kind;
}

/* malloc and realloc that end the job with one line when memory is out. */
void *tri_memory_take(size_t size);
void *tri_memory_grow(void *old, size_t size);

#endif

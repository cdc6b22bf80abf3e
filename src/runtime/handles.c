/* Numbers for handles that are pointers. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "handles.h"

#include <pthread.h>

#include "object.h"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static const void **known; /* by number - TRI_HANDLE_PREDEFINED */
static int known_count, known_room;
static int *buckets; /* open addressing; index in known, or -1 */
static int bucket_mask = -1;

static int *find_bucket(const void *handle)
{
    int i = (int)(((uintptr_t)handle >> 4) * UINT32_C(2654435761)) & bucket_mask;
    while (buckets[i] >= 0 && known[buckets[i]] != handle) {
        i = (i + 1) & bucket_mask;
    }
    return &buckets[i];
}

static void grow(void)
{
    known_room = known_room ? 2 * known_room : 64;
    known = tri_memory_grow(known, (size_t)known_room * sizeof *known);
    buckets = tri_memory_grow(buckets, 4 * (size_t)known_room * sizeof *buckets);
    bucket_mask = 4 * known_room - 1;
    for (int i = 0; i <= bucket_mask; i++) {
        buckets[i] = -1;
    }
    for (int i = 0; i < known_count; i++) {
        *find_bucket(known[i]) = i;
    }
}

int tri_handle_to_int(const void *handle)
{
    if ((uintptr_t)handle < TRI_HANDLE_PREDEFINED) {
        return (int)(uintptr_t)handle;
    }
    pthread_mutex_lock(&lock);
    if (known_count == known_room) {
        grow();
    }
    int *bucket = find_bucket(handle);
    if (*bucket < 0) {
        known[known_count] = handle;
        *bucket = known_count++;
    }
    int number = *bucket + TRI_HANDLE_PREDEFINED;
    pthread_mutex_unlock(&lock);
    return number;
}

void *tri_handle_from_int(int number)
{
    if (number >= 0 && number < TRI_HANDLE_PREDEFINED) {
        return (void *)(uintptr_t)number;
    }
    pthread_mutex_lock(&lock);
    int index = number - TRI_HANDLE_PREDEFINED;
    const void *handle = index >= 0 && index < known_count ? known[index] : NULL;
    pthread_mutex_unlock(&lock);
    return (void *)(uintptr_t)handle;
}

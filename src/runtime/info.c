/* Info objects. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "info.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

static struct tri_pool pool = {.kind = TRI_INFO, .size = sizeof(struct tri_info)};

/* Info objects are made before MPI_Init and after MPI_Finalize as well: the lanes do not guard the pool. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int alive;

struct tri_info *tri_info_get(MPI_Info handle)
{
    if (handle == MPI_INFO_ENV) {
        return tri_info_env();
    }
    return tri_object_is(handle, TRI_INFO) ? (struct tri_info *)(void *)handle : NULL;
}

struct tri_info *tri_info_make(void)
{
    pthread_mutex_lock(&lock);
    struct tri_info *info = tri_pool_take(&pool);
    alive++;
    pthread_mutex_unlock(&lock);
    info->read_only = false;
    info->handle = (MPI_Info)(void *)info;
    info->count = 0;
    info->entries = NULL;
    return info;
}

void tri_info_free(struct tri_info *info)
{
    for (int i = 0; i < info->count; i++) {
        free(info->entries[i].key);
        free(info->entries[i].value);
    }
    free(info->entries);
    pthread_mutex_lock(&lock);
    tri_pool_give(&pool, info);
    alive--;
    pthread_mutex_unlock(&lock);
}

/* Objects that the program still holds live on after MPI_Finalize. */
void tri_info_end(void)
{
    tri_info_env_end();
    pthread_mutex_lock(&lock);
    if (alive == 0) {
        tri_pool_end(&pool);
    }
    pthread_mutex_unlock(&lock);
}

static char *copy(const char *text)
{
    size_t len = strlen(text) + 1;
    return memcpy(tri_memory_take(len), text, len);
}

static int find(const struct tri_info *info, const char *key)
{
    for (int i = 0; i < info->count; i++) {
        if (!strcmp(info->entries[i].key, key)) {
            return i;
        }
    }
    return -1;
}

void tri_info_set(struct tri_info *info, const char *key, const char *value)
{
    int i = find(info, key);
    if (i >= 0) {
        free(info->entries[i].value);
        info->entries[i].value = copy(value);
        return;
    }
    info->entries = tri_memory_grow(info->entries, (size_t)(info->count + 1) * sizeof *info->entries);
    info->entries[info->count++] = (struct tri_info_entry){copy(key), copy(value)};
}

const char *tri_info_value(const struct tri_info *info, const char *key)
{
    int i = find(info, key);
    return i >= 0 ? info->entries[i].value : NULL;
}

bool tri_info_delete(struct tri_info *info, const char *key)
{
    int i = find(info, key);
    if (i < 0) {
        return false;
    }
    free(info->entries[i].key);
    free(info->entries[i].value);
    memmove(&info->entries[i], &info->entries[i + 1], (size_t)(--info->count - i) * sizeof *info->entries);
    return true;
}

void tri_info_read_flags(const struct tri_info *info, const char *const *names, size_t count, unsigned *flags)
{
    for (size_t i = 0; i < count; i++) {
        const char *value = tri_info_value(info, names[i]);
        if (value && !strcmp(value, "true")) {
            *flags |= 1u << i;
        } else if (value && !strcmp(value, "false")) {
            *flags &= ~(1u << i);
        }
    }
}

void tri_info_write_flags(struct tri_info *info, const char *const *names, size_t count, unsigned flags)
{
    for (size_t i = 0; i < count; i++) {
        tri_info_set(info, names[i], flags >> i & 1 ? "true" : "false");
    }
}

/* Info objects (MPI 5.0, 10). */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "../runtime/info.h"

#include <stdio.h>
#include <string.h>

#include "api.h"

#define TAKE_INFO(variable, handle)                                                                                    \
    struct tri_info *variable = tri_info_get(handle);                                                                  \
    TRI_CHECK(variable, NULL, MPI_ERR_INFO, "the info object is %s",                                                   \
              (handle) == MPI_INFO_NULL ? "MPI_INFO_NULL" : "not such a handle, or has been freed")

static int check_key(const char *key)
{
    TRI_CHECK(key && *key && strlen(key) < MPI_MAX_INFO_KEY, NULL, MPI_ERR_INFO_KEY,
              "the key must have 1 to %d characters", MPI_MAX_INFO_KEY - 1);
    return MPI_SUCCESS;
}

TRI_API_ANYTIME(Info_create)(MPI_Info *info)
{
    TRI_CHECK_POINTER(NULL, info);
    *info = tri_info_make()->handle;
    return MPI_SUCCESS;
}

TRI_API_ANYTIME(Info_free)(MPI_Info *info)
{
    TRI_CHECK_POINTER(NULL, info);
    TAKE_INFO(freed, *info);
    tri_info_free(freed);
    *info = MPI_INFO_NULL;
    return MPI_SUCCESS;
}

TRI_API_ANYTIME(Info_dup)(MPI_Info info, MPI_Info *newinfo)
{
    TAKE_INFO(from, info);
    TRI_CHECK_POINTER(NULL, newinfo);
    struct tri_info *made = tri_info_make();
    for (int i = 0; i < from->count; i++) {
        tri_info_set(made, from->entries[i].key, from->entries[i].value);
    }
    *newinfo = made->handle;
    return MPI_SUCCESS;
}

TRI_API_ANYTIME(Info_set)(MPI_Info info, const char *key, const char *value)
{
    TAKE_INFO(on, info);
    int code = check_key(key);
    if (code != MPI_SUCCESS) {
        return code;
    }
    TRI_CHECK(value && *value && strlen(value) < MPI_MAX_INFO_VAL, NULL, MPI_ERR_INFO_VALUE,
              "the value of \"%s\" must have 1 to %d characters", key, MPI_MAX_INFO_VAL - 1);
    tri_info_set(on, key, value);
    return MPI_SUCCESS;
}

TRI_API_ANYTIME(Info_delete)(MPI_Info info, const char *key)
{
    TAKE_INFO(on, info);
    int code = check_key(key);
    if (code != MPI_SUCCESS) {
        return code;
    }
    TRI_CHECK(tri_info_delete(on, key), NULL, MPI_ERR_INFO_NOKEY, "there is no key \"%s\"", key);
    return MPI_SUCCESS;
}

TRI_API_ANYTIME(Info_get_nkeys)(MPI_Info info, int *nkeys)
{
    TAKE_INFO(of, info);
    TRI_CHECK_POINTER(NULL, nkeys);
    *nkeys = of->count;
    return MPI_SUCCESS;
}

TRI_API_ANYTIME(Info_get_nthkey)(MPI_Info info, int n, char *key)
{
    TAKE_INFO(of, info);
    TRI_CHECK_POINTER(NULL, key);
    TRI_CHECK(n >= 0 && n < of->count, NULL, MPI_ERR_ARG, "n is %d, but there are %d keys", n, of->count);
    snprintf(key, MPI_MAX_INFO_KEY, "%s", of->entries[n].key);
    return MPI_SUCCESS;
}

/* MPI 5.0, 10: *buflen comes back as the length that the whole value needs, its end included. */
TRI_API_ANYTIME(Info_get_string)(MPI_Info info, const char *key, int *buflen, char *value, int *flag)
{
    TAKE_INFO(of, info);
    int code = check_key(key);
    if (code != MPI_SUCCESS) {
        return code;
    }
    TRI_CHECK_POINTER(NULL, buflen);
    TRI_CHECK_POINTER(NULL, flag);
    const char *found = tri_info_value(of, key);
    *flag = found != NULL;
    if (found) {
        if (*buflen > 0) {
            snprintf(value, (size_t)*buflen, "%s", found);
        }
        *buflen = (int)strlen(found) + 1;
    }
    return MPI_SUCCESS;
}

TRI_API_ANYTIME(Abi_get_info)(MPI_Info *info)
{
    static const struct {
        const char *key;
        size_t size;
    } rows[] = {{"mpi_aint_size", sizeof(MPI_Aint)}, {"mpi_count_size", sizeof(MPI_Count)},
                {"mpi_offset_size", sizeof(MPI_Offset)}};
    TRI_CHECK_POINTER(NULL, info);
    struct tri_info *made = tri_info_make();
    for (size_t i = 0; i < TRI_COUNT_OF(rows); i++) {
        char value[8];
        snprintf(value, sizeof value, "%zu", rows[i].size);
        tri_info_set(made, rows[i].key, value);
    }
    *info = made->handle;
    return MPI_SUCCESS;
}

/* Info objects (MPI 5.0, 10). */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "../runtime/info.h"

#include <stdio.h>
#include <string.h>

#include "../runtime/hardware.h"
#include "api.h"

#define TAKE_INFO(variable, handle)                                                                                    \
    struct tri_info *variable = tri_info_get(handle);                                                                  \
    TRI_CHECK(variable, NULL, MPI_ERR_INFO, "the info object is %s",                                                   \
              (handle) == MPI_INFO_NULL ? "MPI_INFO_NULL" : "not such a handle, or has been freed")

/* An object that may be changed. */
#define TAKE_OWN_INFO(variable, handle)                                                                                \
    TAKE_INFO(variable, handle);                                                                                       \
    TRI_CHECK(!variable->read_only, NULL, MPI_ERR_INFO, "MPI_INFO_ENV can not be changed or freed")

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
    TAKE_OWN_INFO(freed, *info);
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
    TAKE_OWN_INFO(on, info);
    int code = check_key(key);
    if (code != MPI_SUCCESS) {
        return code;
    }
    TRI_CHECK(value && strlen(value) < MPI_MAX_INFO_VAL, NULL, MPI_ERR_INFO_VALUE,
              "the value of \"%s\" is %s", key, value ? "longer than MPI_MAX_INFO_VAL - 1 characters" : "NULL");
    tri_info_set(on, key, value);
    return MPI_SUCCESS;
}

TRI_API_ANYTIME(Info_delete)(MPI_Info info, const char *key)
{
    TAKE_OWN_INFO(on, info);
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
            TRI_CHECK_POINTER(NULL, value);
            snprintf(value, (size_t)*buflen, "%s", found);
        }
        *buflen = (int)strlen(found) + 1;
    }
    return MPI_SUCCESS;
}

/* Deprecated; valuelen does not count the end of the string. */
TRI_API_ANYTIME(Info_get)(MPI_Info info, const char *key, int valuelen, char *value, int *flag)
{
    TAKE_INFO(of, info);
    int code = check_key(key);
    if (code != MPI_SUCCESS) {
        return code;
    }
    TRI_CHECK(valuelen >= 0, NULL, MPI_ERR_ARG, "valuelen is %d, which is negative", valuelen);
    TRI_CHECK_POINTER(NULL, value);
    TRI_CHECK_POINTER(NULL, flag);
    const char *found = tri_info_value(of, key);
    *flag = found != NULL;
    if (found) {
        snprintf(value, (size_t)valuelen + 1, "%s", found);
    }
    return MPI_SUCCESS;
}

TRI_API_ANYTIME(Info_get_valuelen)(MPI_Info info, const char *key, int *valuelen, int *flag)
{
    TAKE_INFO(of, info);
    int code = check_key(key);
    if (code != MPI_SUCCESS) {
        return code;
    }
    TRI_CHECK_POINTER(NULL, valuelen);
    TRI_CHECK_POINTER(NULL, flag);
    const char *found = tri_info_value(of, key);
    *flag = found != NULL;
    if (found) {
        *valuelen = (int)strlen(found);
    }
    return MPI_SUCCESS;
}

TRI_API_ANYTIME(Info_create_env)(int argc, char *argv[], MPI_Info *info)
{
    TRI_CHECK(argc >= 0, NULL, MPI_ERR_ARG, "argc is %d, which is negative", argc);
    TRI_CHECK_POINTER(NULL, info);
    struct tri_info *made = tri_info_make();
    tri_info_fill_env(made, argc, argv);
    *info = made->handle;
    return MPI_SUCCESS;
}

/* The hardware that this process runs on, as it is bound at this moment (MPI 5.0, 9.1.2). */
TRI_API(Get_hw_resource_info)(MPI_Info *hw_info)
{
    TRI_CHECK_POINTER(NULL, hw_info);
    struct tri_hardware list[TRI_HARDWARE_MAX];
    int count = tri_hardware_list(list);
    TRI_CHECK(count >= 0, NULL, MPI_ERR_OTHER, "hwloc can not read this machine");
    struct tri_info *made = tri_info_make();
    for (int i = 0; i < count; i++) {
        tri_info_set(made, list[i].uri, list[i].instance >= 0 ? "true" : "false");
    }
    *hw_info = made->handle;
    return MPI_SUCCESS;
}

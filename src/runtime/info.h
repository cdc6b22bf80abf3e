/* Info objects: ordered lists of key and value. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TRI_INFO_H
#define TRI_INFO_H

#include "../../include/mpi.h"
#include "object.h"

struct tri_info_entry {
    char *key, *value;
};

struct tri_info {
    struct tri_object object;
    MPI_Info handle;
    int count;
    struct tri_info_entry *entries;
};

struct tri_info *tri_info_get(MPI_Info handle);
struct tri_info *tri_info_make(void);
void tri_info_free(struct tri_info *info);
void tri_info_end(void);

/* Copies both strings; replaces the value of a key that is there. */
void tri_info_set(struct tri_info *info, const char *key, const char *value);
/* The value, or NULL. */
const char *tri_info_value(const struct tri_info *info, const char *key);
/* Whether the key was there. */
bool tri_info_delete(struct tri_info *info, const char *key);

#endif

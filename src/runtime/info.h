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
    bool read_only; /* MPI_INFO_ENV */
    int count;
    struct tri_info_entry *entries;
};

/* All of these may be called at any time, from several threads at once (though not on one object, where one of them
 * changes it). */
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

/* Hints that are true or false: sets or clears bit i of flags if names[i] has one of these values, and leaves it alone
 * otherwise; and writes them all down. */
void tri_info_read_flags(const struct tri_info *info, const char *const *names, size_t count, unsigned *flags);
void tri_info_write_flags(struct tri_info *info, const char *const *names, size_t count, unsigned flags);

/* info_env.c: how this process was started (MPI 5.0, 11.3): keys command, argv, maxprocs, host, arch, wdir, where
 * known. argc 0 or argv NULL: the command line as the system knows it. */
void tri_info_fill_env(struct tri_info *info, int argc, char *const *argv);

/* MPI_INFO_ENV, filled at its first use. */
struct tri_info *tri_info_env(void);
void tri_info_env_end(void);

#endif

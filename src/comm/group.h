/* Groups: ordered sets of processes, by rank in the job. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TRI_GROUP_H
#define TRI_GROUP_H

#include "../../include/mpi.h"
#include "../runtime/object.h"

struct tri_group {
    struct tri_object object;
    MPI_Group handle;
    int size;
    int rank; /* of this process, or MPI_UNDEFINED */
    bool predefined; /* MPI_GROUP_EMPTY */
    int *processes; /* rank in the job of each member */
};

void tri_group_end(void);

/* The group of a handle, or NULL when it is none (MPI_GROUP_NULL included). */
struct tri_group *tri_group_get(MPI_Group handle);

/* A group of these processes, which are copied; one reference. size 0 gives the predefined empty group. */
struct tri_group *tri_group_make(const int *processes, int size);
/* The processes of one group, then those of another one. */
struct tri_group *tri_group_concat(const struct tri_group *left, const struct tri_group *right);
/* The same for two groups that do not know which of them comes first: the one whose first process does in the job. */
struct tri_group *tri_group_join(const struct tri_group *group, const struct tri_group *other);
void tri_group_hold(struct tri_group *group);
void tri_group_release(struct tri_group *group);

/* Rank in the group of a process, or MPI_UNDEFINED. */
int tri_group_rank_of(const struct tri_group *group, int process);

/* MPI_IDENT, MPI_SIMILAR or MPI_UNEQUAL. */
int tri_group_compare(const struct tri_group *left, const struct tri_group *right);

#endif

/* Groups: ordered sets of processes, by rank in the job. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TRI_GROUP_H
#define TRI_GROUP_H

#include "../../include/mpi.h"
#include "../runtime/object.h"

struct tri_session;

struct tri_group {
    struct tri_object object;
    MPI_Group handle;
    int size;
    int rank; /* of this process, or MPI_UNDEFINED */
    bool predefined; /* MPI_GROUP_EMPTY */
    int *processes; /* rank in the job of each member */
    /* What it and its communicators come from, NULL: the world model. Not held: a session outlives what is made from it
     * (MPI 5.0, 11.3.1). */
    struct tri_session *session;
};

void tri_group_end(void);

/* The group of a handle, or NULL when it is none (MPI_GROUP_NULL included). */
struct tri_group *tri_group_get(MPI_Group handle);

/* A group of these processes, which are copied; one reference. size 0 gives the predefined empty group. */
struct tri_group *tri_group_make(const int *processes, int size);
/* A group that was just made comes from the same session as another one. */
void tri_group_inherit(struct tri_group *group, const struct tri_group *from);

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

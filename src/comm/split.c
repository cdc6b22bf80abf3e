/* Making communicators from others: dup, split, create. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdlib.h>

#include "../../collectives/collectives.h"
#include "comm.h"

struct member {
    int color, key, rank;
};

static int compare_members(const void *left, const void *right)
{
    const struct member *a = left, *b = right;
    if (a->key != b->key) {
        return a->key < b->key ? -1 : 1;
    }
    return (a->rank > b->rank) - (a->rank < b->rank);
}

/* The processes of one color, ordered by key and then by rank in the parent. */
static struct tri_group *group_of_color(const struct tri_comm *comm, struct member *members, int color)
{
    int count = 0;
    for (int i = 0; i < comm->size; i++) {
        if (members[i].color == color) {
            members[count++] = members[i];
        }
    }
    qsort(members, (size_t)count, sizeof *members, compare_members);
    int *processes = tri_memory_take((size_t)count * sizeof *processes);
    for (int i = 0; i < count; i++) {
        processes[i] = comm->processes[members[i].rank];
    }
    struct tri_group *group = tri_group_make(processes, count);
    free(processes);
    return group;
}

int tri_comm_split(struct tri_comm *comm, int color, int key, struct tri_comm **result)
{
    *result = NULL;
    struct member *members = tri_memory_take((size_t)comm->size * sizeof *members);
    struct member own = {color, key, comm->rank};
    int code = tri_collective_gather_all(comm, &own, sizeof own, members);
    uint32_t context;
    if (code == MPI_SUCCESS) {
        code = tri_context_agree(comm, &context);
    }
    if (code == MPI_SUCCESS && color == MPI_UNDEFINED) {
        tri_context_free(context);
    } else if (code == MPI_SUCCESS) {
        *result = tri_comm_make(group_of_color(comm, members, color), context, comm);
    }
    free(members);
    return code;
}

int tri_comm_dup(struct tri_comm *comm, struct tri_comm **result)
{
    uint32_t context;
    int code = tri_context_agree(comm, &context);
    if (code == MPI_SUCCESS) {
        tri_group_hold(comm->group);
        *result = tri_comm_make(comm->group, context, comm);
    }
    return code;
}

int tri_comm_create(struct tri_comm *comm, struct tri_group *group, struct tri_comm **result)
{
    *result = NULL;
    uint32_t context;
    int code = tri_context_agree(comm, &context);
    if (code != MPI_SUCCESS) {
        return code;
    }
    if (group->rank == MPI_UNDEFINED) {
        tri_context_free(context);
        return MPI_SUCCESS;
    }
    tri_group_hold(group);
    *result = tri_comm_make(group, context, comm);
    return MPI_SUCCESS;
}

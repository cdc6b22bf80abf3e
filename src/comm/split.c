/* Making communicators from others: dup, split, create. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdlib.h>
#include <string.h>

#include "../../collectives/collectives.h"
#include "../request/request.h"
#include "../topology/topology.h"
#include "comm.h"

/* Collectives for a construction run over everybody that takes part in it: both groups of an intercommunicator. */
static struct tri_comm *everybody(struct tri_comm *comm)
{
    return comm->remote ? comm->bridge : comm;
}

/* Everybody's bytes; errors are raised on comm. */
static int gather(struct tri_comm *comm, const void *own, int64_t len, void *all)
{
    return tri_request_raise(comm, tri_collective_gather_all(everybody(comm), own, len, all));
}

/* A context for something that comes from comm; errors are raised on it. */
static int agree(struct tri_comm *comm, uint32_t *context)
{
    return tri_context_agree(everybody(comm), comm, context);
}

/* Of comm's kind, with these groups (remote NULL: an intracommunicator). Takes over their references. */
static struct tri_comm *make(const struct tri_comm *comm, struct tri_group *group, struct tri_group *remote,
                             uint32_t context)
{
    return remote ? tri_comm_make_inter(group, remote, context, comm->errhandler)
                  : tri_comm_make(group, context, comm->errhandler);
}

int tri_comm_any(struct tri_comm *comm, bool here, bool *anywhere)
{
    struct tri_comm *all = everybody(comm);
    bool *told = tri_memory_take((size_t)all->size * sizeof *told);
    int code = gather(comm, &here, sizeof here, told);
    *anywhere = code == MPI_SUCCESS && memchr(told, true, (size_t)all->size);
    free(told);
    return code;
}

struct tri_comm *tri_comm_twin(struct tri_comm *comm, uint32_t context)
{
    tri_group_hold(comm->group);
    if (comm->remote) {
        tri_group_hold(comm->remote);
    }
    struct tri_comm *made = make(comm, comm->group, comm->remote, context);
    made->topology = tri_topology_hold(comm->topology);
    return made;
}

int tri_comm_dup_bare(struct tri_comm *comm, struct tri_comm **result)
{
    uint32_t context;
    int code = agree(comm, &context);
    if (code == MPI_SUCCESS) {
        *result = tri_comm_twin(comm, context);
    }
    return code;
}

int tri_comm_dup(struct tri_comm *comm, struct tri_comm **result)
{
    int code = tri_comm_dup_bare(comm, result);
    if (code == MPI_SUCCESS) {
        code = tri_comm_copy_attributes(comm, *result);
        if (code != MPI_SUCCESS) {
            tri_comm_release(*result);
        }
    }
    return code;
}

/* ---- split ---- */

struct member {
    int color, key, process;
    int rank; /* in its group */
};

static int compare_members(const void *left, const void *right)
{
    const struct member *a = left, *b = right;
    if (a->key != b->key) {
        return a->key < b->key ? -1 : 1;
    }
    return (a->rank > b->rank) - (a->rank < b->rank);
}

/* The members of a group that have the color, ordered by key and then by rank. */
static struct tri_group *group_of_color(const struct member *members, int count, const struct tri_group *group,
                                        int color)
{
    struct member *chosen = tri_memory_take((size_t)count * sizeof *chosen);
    int *processes = tri_memory_take((size_t)count * sizeof *processes);
    int used = 0;
    for (int i = 0; i < count; i++) {
        int rank = tri_group_rank_of(group, members[i].process);
        if (members[i].color == color && rank != MPI_UNDEFINED) {
            chosen[used] = members[i];
            chosen[used++].rank = rank;
        }
    }
    qsort(chosen, (size_t)used, sizeof *chosen, compare_members);
    for (int i = 0; i < used; i++) {
        processes[i] = chosen[i].process;
    }
    struct tri_group *made = tri_group_make(processes, used);
    tri_group_inherit(made, group);
    free(processes);
    free(chosen);
    return made;
}

/* The communicator of this process's color, or NULL: no color, or nobody of it in the other group. */
static struct tri_comm *of_color(const struct tri_comm *comm, const struct member *members, int count, int color,
                                 uint32_t context)
{
    if (color == MPI_UNDEFINED) {
        return NULL;
    }
    struct tri_group *remote = comm->remote ? group_of_color(members, count, comm->remote, color) : NULL;
    if (remote && remote->size == 0) {
        return NULL;
    }
    return make(comm, group_of_color(members, count, comm->group, color), remote, context);
}

int tri_comm_split(struct tri_comm *comm, int color, int key, struct tri_comm **result)
{
    *result = NULL;
    struct tri_comm *all = everybody(comm);
    struct member *members = tri_memory_take((size_t)all->size * sizeof *members);
    struct member own = {.color = color, .key = key, .process = comm->group->processes[comm->rank]};
    int code = gather(comm, &own, sizeof own, members);
    uint32_t context;
    if (code == MPI_SUCCESS) {
        code = agree(comm, &context);
    }
    if (code == MPI_SUCCESS) {
        *result = of_color(comm, members, all->size, color, context);
        if (!*result) {
            tri_context_free(context);
        }
    }
    free(members);
    return code;
}

/* ---- create ---- */

/* The remote group of a new intercommunicator: what the processes there have chosen. */
static int learn_remote(struct tri_comm *comm, const struct tri_group *group, struct tri_group **remote)
{
    struct tri_comm *all = comm->bridge;
    struct member *members = tri_memory_take((size_t)all->size * sizeof *members);
    struct member own = {.color = group->rank == MPI_UNDEFINED ? MPI_UNDEFINED : 0,
                         .key = group->rank,
                         .process = comm->group->processes[comm->rank]};
    int code = gather(comm, &own, sizeof own, members);
    if (code == MPI_SUCCESS) {
        *remote = group_of_color(members, all->size, comm->remote, 0);
    }
    free(members);
    return code;
}

int tri_comm_create(struct tri_comm *comm, struct tri_group *group, struct tri_comm **result)
{
    *result = NULL;
    uint32_t context;
    struct tri_group *remote = NULL;
    int code = comm->remote ? learn_remote(comm, group, &remote) : MPI_SUCCESS;
    if (code == MPI_SUCCESS) {
        code = agree(comm, &context);
    }
    if (code == MPI_SUCCESS && group->rank != MPI_UNDEFINED && !(remote && remote->size == 0)) {
        tri_group_hold(group);
        *result = make(comm, group, remote, context);
        return MPI_SUCCESS;
    }
    if (code == MPI_SUCCESS) {
        tri_context_free(context);
    }
    if (remote) {
        tri_group_release(remote);
    }
    return code;
}

int tri_comm_create_group(struct tri_group *group, uint32_t over, int tag, struct tri_errhandler *errhandler,
                          struct tri_comm **result)
{
    tri_group_hold(group);
    struct tri_comm *inner = tri_comm_make_inner(group, over, tag);
    uint32_t context;
    int code = tri_context_agree(inner, NULL, &context);
    tri_comm_release(inner);
    if (code == MPI_SUCCESS) {
        tri_group_hold(group);
        *result = tri_comm_make(group, context, errhandler);
    }
    return code;
}

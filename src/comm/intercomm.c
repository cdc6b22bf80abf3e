/* Intercommunicators: two groups that send to each other. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdlib.h>
#include <string.h>

#include "../../collectives/collectives.h"
#include "../request/request.h"
#include "comm.h"

/* What one side tells the other; its processes follow. */
struct side {
    int size;
    int leader; /* process */
    uint32_t salt;
};

/* At a leader: the other side's processes, to be freed. The two leaders are a group of their own, in the context for
 * constructions of the communicator that both are in. */
static int swap_sides(struct tri_comm *peer, int remote_leader, int tag, const struct tri_group *group,
                      struct side *remote, int **processes)
{
    struct side sides[2], own = {.size = group->size, .leader = group->processes[group->rank], .salt = peer->context};
    int other = peer->processes[remote_leader];
    if (other == own.leader) {
        return MPI_ERR_GROUP; /* the groups have this process in common */
    }
    int leaders[2] = {TRI_MIN(own.leader, other), TRI_MAX(own.leader, other)};
    int mine = own.leader > other;
    struct tri_comm *pair = tri_comm_make_inner(tri_group_make(leaders, 2), peer->context | TRI_CONTEXT_GROUP, tag);
    int code = tri_collective_gather_all(pair, &own, sizeof own, sides);
    if (code == MPI_SUCCESS) {
        *remote = sides[!mine];
        /* Both give as much as the larger one has. */
        size_t most = (size_t)TRI_MAX(own.size, remote->size);
        int *all = tri_memory_take(3 * most * sizeof *all), *out = all + 2 * most;
        memset(out, 0, most * sizeof *out);
        memcpy(out, group->processes, (size_t)group->size * sizeof *out);
        code = tri_collective_gather_all(pair, out, (int64_t)(most * sizeof *out), all);
        memmove(all, all + (mine ? 0 : most), most * sizeof *all);
        *processes = all;
    }
    tri_comm_release(pair);
    return code;
}

/* The leader tells its group who the others are, or with size 0 that it could not find out; processes is its array, and
 * replaced by the members' own. */
static int tell_group(struct tri_comm *local, int leader, struct side *remote, int **processes)
{
    int code = tri_collective_tell_all(local, leader, remote, sizeof *remote);
    if (code != MPI_SUCCESS || remote->size == 0) {
        return code != MPI_SUCCESS ? code : MPI_ERR_GROUP;
    }
    if (local->rank != leader) {
        *processes = tri_memory_take((size_t)remote->size * sizeof **processes);
    }
    return tri_collective_tell_all(local, leader, *processes, (int64_t)remote->size * (int64_t)sizeof **processes);
}

static bool are_disjoint(const struct tri_group *left, const struct tri_group *right)
{
    for (int i = 0; i < left->size; i++) {
        if (tri_group_rank_of(right, left->processes[i]) != MPI_UNDEFINED) {
            return false;
        }
    }
    return true;
}

/* Distinct for constructions that may be under way at the same time; the same at both sides. */
static int tag_of(uint32_t salt, int tag, int leader, int remote_leader)
{
    uint64_t mixed = ((uint64_t)salt << 32 | (uint32_t)tag) * UINT64_C(0x9e3779b97f4a7c15);
    mixed ^= (uint64_t)TRI_MIN(leader, remote_leader) << 32 | (uint32_t)TRI_MAX(leader, remote_leader);
    mixed *= UINT64_C(0xd6e8feb86659fd93);
    return (int)(mixed >> 33);
}

/* Both groups know each other. Takes over the reference to remote. */
static int connect_groups(struct tri_comm *on, struct tri_group *group, struct tri_group *remote, int tag,
                          struct tri_errhandler *errhandler, struct tri_comm **result)
{
    if (!are_disjoint(group, remote)) {
        tri_group_release(remote);
        return tri_error(on, MPI_ERR_GROUP, "the local and the remote group have a process in common");
    }
    /* The bridge of an intercommunicator that is not made yet, in a context of the library. */
    tri_group_hold(group);
    struct tri_comm *draft =
        tri_comm_make_inner(tri_group_join(group, remote), TRI_CONTEXT_NOBODY | TRI_CONTEXT_GROUP, tag);
    uint32_t context;
    int code = tri_context_agree(draft, on, &context);
    tri_comm_release(draft);
    if (code == MPI_SUCCESS) {
        *result = tri_comm_make_inter(group, remote, context, errhandler);
    } else {
        tri_group_release(group);
        tri_group_release(remote);
    }
    return code;
}

int tri_intercomm_create(struct tri_comm *local, int leader, struct tri_comm *peer, int remote_leader, int tag,
                         struct tri_comm **result)
{
    struct side remote = {0};
    int *processes = NULL;
    int code = MPI_SUCCESS;
    if (local->rank == leader) {
        code = swap_sides(peer, remote_leader, tag, local->group, &remote, &processes);
        remote.size = code == MPI_SUCCESS ? remote.size : 0;
    }
    int told = tell_group(local, leader, &remote, &processes);
    code = code == MPI_SUCCESS ? told : code;
    if (code == MPI_SUCCESS) {
        int full_tag = tag_of(remote.salt, tag, local->group->processes[leader], remote.leader);
        code = connect_groups(local, local->group, tri_group_make(processes, remote.size), full_tag, local->errhandler,
                              result);
    } else {
        code = tri_request_raise(local, code);
    }
    free(processes);
    return code;
}

int tri_intercomm_create_from_groups(struct tri_group *group, int leader, struct tri_group *remote_group,
                                     int remote_leader, uint32_t tag, struct tri_errhandler *errhandler,
                                     struct tri_comm **result)
{
    struct side remote = {0};
    int *processes = NULL;
    tri_group_hold(group);
    struct tri_comm *inner =
        tri_comm_make_inner(group, TRI_CONTEXT_NOBODY | TRI_CONTEXT_GROUP, (int)(tag & 0x7fffffff));
    if (inner->rank == leader) {
        size_t len = (size_t)remote_group->size * sizeof *processes;
        remote = (struct side){remote_group->size, remote_group->processes[remote_leader], tag};
        processes = tri_memory_take(len);
        memcpy(processes, remote_group->processes, len);
    }
    int code = tell_group(inner, leader, &remote, &processes);
    tri_comm_release(inner);
    if (code == MPI_SUCCESS) {
        int full_tag = tag_of(tag, 0, group->processes[leader], remote.leader);
        code = connect_groups(NULL, group, tri_group_make(processes, remote.size), full_tag, errhandler, result);
    } else {
        code = tri_request_raise(NULL, code);
    }
    free(processes);
    return code;
}

/* ---- merge ---- */

/* Whether the own group goes first, agreed over both: the one that is not high; of two alike the one whose first
 * process comes first in the job. */
static int agree_order(struct tri_comm *inter, bool high, bool *first)
{
    int own[2] = {inter->group->processes[0], high};
    int (*all)[2] = tri_memory_take((size_t)inter->bridge->size * sizeof *all);
    int code = tri_collective_gather_all(inter->bridge, own, sizeof own, all);
    *first = inter->group->processes[0] < inter->remote->processes[0];
    for (int i = 0; code == MPI_SUCCESS && i < inter->bridge->size; i++) {
        if (all[i][0] != own[0] && (all[i][1] != 0) != high) {
            *first = !high;
        }
    }
    free(all);
    return code;
}

int tri_intercomm_merge(struct tri_comm *inter, bool high, struct tri_comm **result)
{
    bool first;
    uint32_t context = 0;
    int code = tri_request_raise(inter, agree_order(inter, high, &first));
    if (code == MPI_SUCCESS) {
        code = tri_context_agree(inter->bridge, inter, &context);
    }
    if (code == MPI_SUCCESS) {
        const struct tri_group *left = first ? inter->group : inter->remote;
        const struct tri_group *right = first ? inter->remote : inter->group;
        *result = tri_comm_make(tri_group_concat(left, right), context, inter->errhandler);
    }
    return code;
}

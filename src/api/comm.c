/* Communicators (MPI 5.0, 7.4, 7.8). */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdio.h>
#include <string.h>

#include "../runtime/info.h"
#include "../runtime/job.h"
#include "../runtime/progress.h"
#include "api.h"

TRI_API_PURE(Comm_size)(MPI_Comm comm, int *size)
{
    TRI_TAKE_COMM(of, comm);
    TRI_CHECK_POINTER(of, size);
    *size = of->size;
    return MPI_SUCCESS;
}

TRI_API_PURE(Comm_rank)(MPI_Comm comm, int *rank)
{
    TRI_TAKE_COMM(of, comm);
    TRI_CHECK_POINTER(of, rank);
    *rank = of->rank;
    return MPI_SUCCESS;
}

TRI_API(Comm_group)(MPI_Comm comm, MPI_Group *group)
{
    TRI_TAKE_COMM(of, comm);
    TRI_CHECK_POINTER(of, group);
    tri_group_hold(of->group);
    *group = of->group->handle;
    return MPI_SUCCESS;
}

TRI_API(Comm_compare)(MPI_Comm comm1, MPI_Comm comm2, int *result)
{
    TRI_TAKE_COMM(left, comm1);
    TRI_TAKE_COMM(right, comm2);
    TRI_CHECK_POINTER(left, result);
    if (left == right) {
        *result = MPI_IDENT;
        return MPI_SUCCESS;
    }
    int groups = tri_group_compare(left->group, right->group);
    if (!left->remote != !right->remote) {
        groups = MPI_UNEQUAL;
    } else if (left->remote && groups != MPI_UNEQUAL) {
        int remotes = tri_group_compare(left->remote, right->remote);
        groups = remotes == MPI_IDENT ? groups : remotes;
    }
    *result = groups == MPI_IDENT ? MPI_CONGRUENT : groups;
    return MPI_SUCCESS;
}

/* What a constructor made, as a handle; NULL is MPI_COMM_NULL. */
static int give(int code, const struct tri_comm *made, MPI_Comm *newcomm)
{
    if (code == MPI_SUCCESS) {
        *newcomm = made ? made->handle : MPI_COMM_NULL;
    }
    return code;
}

TRI_API(Comm_split)(MPI_Comm comm, int color, int key, MPI_Comm *newcomm)
{
    TRI_TAKE_COMM(of, comm);
    TRI_CHECK_POINTER(NULL, newcomm);
    TRI_CHECK(color >= 0 || color == MPI_UNDEFINED, of, MPI_ERR_ARG,
              "color is %d, but must be 0 or more, or MPI_UNDEFINED", color);
    struct tri_comm *made;
    int code = tri_comm_split(of, color, key, &made);
    return give(code, made, newcomm);
}

/* MPI 5.0, 7.4.2: the kind of hardware or the process set comes with the info; without it nobody gets a communicator.
 */
static int split_guided(struct tri_comm *of, int split_type, int key, MPI_Info handle, struct tri_comm **made)
{
    const struct tri_info *info = handle == MPI_INFO_NULL ? NULL : tri_info_get(handle);
    const char *resource = info ? tri_info_value(info, "mpi_hw_resource_type") : NULL;
    const char *pset = info ? tri_info_value(info, "mpi_pset_name") : NULL;
    if (split_type == MPI_COMM_TYPE_RESOURCE_GUIDED && !resource && pset) {
        return tri_comm_split_pset(of, pset, key, made);
    }
    return tri_comm_split_hardware(of, resource, key, made);
}

static int split_unguided(struct tri_comm *of, bool takes_part, int key, struct tri_comm **made)
{
    const char *resource = NULL;
    int code = tri_comm_split_next_level(of, takes_part, key, &resource, made);
    if (code == MPI_SUCCESS && *made) {
        (*made)->resource = resource;
    }
    return code;
}

TRI_API(Comm_split_type)(MPI_Comm comm, int split_type, int key, MPI_Info info, MPI_Comm *newcomm)
{
    TRI_TAKE_COMM(of, comm);
    TRI_CHECK_POINTER(NULL, newcomm);
    TRI_CHECK(info == MPI_INFO_NULL || tri_info_get(info), of, MPI_ERR_INFO, "the info is not such a handle");
    TRI_CHECK(split_type == MPI_UNDEFINED ||
                  (split_type >= MPI_COMM_TYPE_SHARED && split_type <= MPI_COMM_TYPE_RESOURCE_GUIDED),
              of, MPI_ERR_ARG, "split_type is %d, which is none", split_type);
    struct tri_comm *made = NULL;
    bool unguided = split_type == MPI_COMM_TYPE_HW_UNGUIDED;
    /* Who passes MPI_UNDEFINED takes part in whatever the others do. */
    int code = tri_comm_any(of, unguided, &unguided);
    if (code != MPI_SUCCESS || unguided) {
        code = code != MPI_SUCCESS ? code : split_unguided(of, split_type == MPI_COMM_TYPE_HW_UNGUIDED, key, &made);
        return give(code, made, newcomm);
    }
    switch (split_type) {
    case MPI_COMM_TYPE_SHARED: code = tri_comm_split_hardware(of, "mpi_shared_memory", key, &made); break;
    case MPI_COMM_TYPE_HW_GUIDED:
    case MPI_COMM_TYPE_RESOURCE_GUIDED: code = split_guided(of, split_type, key, info, &made); break;
    default: code = tri_comm_split_hardware(of, NULL, key, &made); break;
    }
    return give(code, made, newcomm);
}

static int check_members(struct tri_comm *comm, const struct tri_group *members)
{
    for (int i = 0; i < members->size; i++) {
        TRI_CHECK(tri_group_rank_of(comm->group, members->processes[i]) != MPI_UNDEFINED, comm, MPI_ERR_GROUP,
                  "member %d of the group is not in the communicator", i);
    }
    return MPI_SUCCESS;
}

TRI_API(Comm_create)(MPI_Comm comm, MPI_Group group, MPI_Comm *newcomm)
{
    TRI_TAKE_COMM(of, comm);
    TRI_CHECK_POINTER(NULL, newcomm);
    TRI_TAKE_GROUP(members, group);
    int code = check_members(of, members);
    if (code != MPI_SUCCESS) {
        return code;
    }
    struct tri_comm *made;
    code = tri_comm_create(of, members, &made);
    return give(code, made, newcomm);
}

TRI_API(Comm_create_group)(MPI_Comm comm, MPI_Group group, int tag, MPI_Comm *newcomm)
{
    TRI_TAKE_COMM(of, comm);
    TRI_CHECK_POINTER(NULL, newcomm);
    TRI_TAKE_GROUP(members, group);
    TRI_CHECK(!of->remote, of, MPI_ERR_COMM, "the communicator is an intercommunicator");
    TRI_CHECK(tag >= 0, of, MPI_ERR_TAG, "tag is %d, but must be 0 to %d", tag, TRI_TAG_MAX);
    int code = check_members(of, members);
    if (code != MPI_SUCCESS || members->rank == MPI_UNDEFINED) {
        *newcomm = code == MPI_SUCCESS ? MPI_COMM_NULL : *newcomm;
        return code;
    }
    struct tri_comm *made = NULL;
    code = tri_comm_create_group(members, of->context | TRI_CONTEXT_GROUP, tag, of->errhandler, &made);
    return give(code, made, newcomm);
}

static int free_comm(MPI_Comm *comm)
{
    TRI_CHECK_POINTER(NULL, comm);
    TRI_TAKE_COMM(of, *comm);
    TRI_CHECK(of != &tri_comm_world && of != &tri_comm_self, of, MPI_ERR_COMM, "%s can not be freed",
              tri_comm_name(of));
    int code = tri_comm_delete_attributes(of);
    if (code != MPI_SUCCESS) {
        return code;
    }
    *comm = MPI_COMM_NULL;
    tri_comm_release(of);
    return MPI_SUCCESS;
}

TRI_API(Comm_free)(MPI_Comm *comm)
{
    return free_comm(comm);
}

/* Pending operations keep what they need, and all processes belong to one job: there is no connection to wait for. */
TRI_API(Comm_disconnect)(MPI_Comm *comm)
{
    return free_comm(comm);
}

/* Nobody spawns processes yet. */
TRI_API(Comm_get_parent)(MPI_Comm *parent)
{
    TRI_CHECK_POINTER(NULL, parent);
    *parent = MPI_COMM_NULL;
    return MPI_SUCCESS;
}

TRI_API(Comm_set_name)(MPI_Comm comm, const char *comm_name)
{
    TRI_TAKE_COMM(of, comm);
    TRI_CHECK_POINTER(of, comm_name);
    snprintf(of->name, sizeof of->name, "%s", comm_name);
    return MPI_SUCCESS;
}

TRI_API(Comm_get_name)(MPI_Comm comm, char *comm_name, int *resultlen)
{
    if (comm == MPI_COMM_NULL && comm_name && resultlen) { /* MPI 5.0, 7.8: it has a name, too */
        *resultlen = snprintf(comm_name, MPI_MAX_OBJECT_NAME, "MPI_COMM_NULL");
        return MPI_SUCCESS;
    }
    TRI_TAKE_COMM(of, comm);
    TRI_CHECK_POINTER(of, comm_name);
    TRI_CHECK_POINTER(of, resultlen);
    *resultlen = snprintf(comm_name, MPI_MAX_OBJECT_NAME, "%s", of->name);
    return MPI_SUCCESS;
}

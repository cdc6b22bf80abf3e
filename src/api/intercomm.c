/* Intercommunicators (MPI 5.0, 7.6). */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "api.h"

TRI_API_PURE(Comm_test_inter)(MPI_Comm comm, int *flag)
{
    TRI_TAKE_COMM(of, comm);
    TRI_CHECK_POINTER(of, flag);
    *flag = of->remote != NULL;
    return MPI_SUCCESS;
}

#define CHECK_INTER(comm)                                                                                              \
    TRI_CHECK((comm)->remote, (comm), MPI_ERR_COMM, "the communicator is not an intercommunicator")
#define CHECK_INTRA(comm, which)                                                                                       \
    TRI_CHECK(!(comm)->remote, (comm), MPI_ERR_COMM, "%s is an intercommunicator", (which))

TRI_API_PURE(Comm_remote_size)(MPI_Comm comm, int *size)
{
    TRI_TAKE_COMM(of, comm);
    CHECK_INTER(of);
    TRI_CHECK_POINTER(of, size);
    *size = of->remote->size;
    return MPI_SUCCESS;
}

TRI_API(Comm_remote_group)(MPI_Comm comm, MPI_Group *group)
{
    TRI_TAKE_COMM(of, comm);
    CHECK_INTER(of);
    TRI_CHECK_POINTER(of, group);
    tri_group_hold(of->remote);
    *group = of->remote->handle;
    return MPI_SUCCESS;
}

static int check_leader(struct tri_comm *comm, const char *which, int leader, int size)
{
    TRI_CHECK(leader >= 0 && leader < size, comm, MPI_ERR_RANK, "the %s leader is rank %d, but there are ranks 0 to %d",
              which, leader, size - 1);
    return MPI_SUCCESS;
}

/* Arguments that count at the leader only. */
static int check_peer(struct tri_comm *local, struct tri_comm *peer, int remote_leader)
{
    TRI_CHECK(peer, local, MPI_ERR_COMM, "the peer communicator of the leader is not a communicator");
    return check_leader(local, "remote", remote_leader, peer->peers);
}

TRI_API(Intercomm_create)(MPI_Comm local_comm, int local_leader, MPI_Comm peer_comm, int remote_leader, int tag,
                          MPI_Comm *newintercomm)
{
    TRI_TAKE_COMM(local, local_comm);
    CHECK_INTRA(local, "the local communicator");
    TRI_CHECK_POINTER(NULL, newintercomm);
    TRI_CHECK(tag >= 0, local, MPI_ERR_TAG, "tag is %d, but must be 0 to %d", tag, TRI_TAG_MAX);
    int code = check_leader(local, "local", local_leader, local->size);
    struct tri_comm *peer = NULL;
    if (code == MPI_SUCCESS && local->rank == local_leader) {
        peer = tri_comm_get(peer_comm);
        code = check_peer(local, peer, remote_leader);
    }
    struct tri_comm *made;
    if (code == MPI_SUCCESS) {
        code = tri_intercomm_create(local, local_leader, peer, remote_leader, tag, &made);
    }
    if (code == MPI_SUCCESS) {
        *newintercomm = made->handle;
    }
    return code;
}

TRI_API(Intercomm_merge)(MPI_Comm intercomm, int high, MPI_Comm *newintracomm)
{
    TRI_TAKE_COMM(inter, intercomm);
    CHECK_INTER(inter);
    TRI_CHECK_POINTER(inter, newintracomm);
    struct tri_comm *made;
    int code = tri_intercomm_merge(inter, high != 0, &made);
    if (code == MPI_SUCCESS) {
        *newintracomm = made->handle;
    }
    return code;
}

/* What the entry points of topologies share. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TRI_API_TOPOLOGY_H
#define TRI_API_TOPOLOGY_H

#include "../runtime/info.h"
#include "../topology/topology.h"
#include "api.h"

/* An intracommunicator that a topology can be made for, and a place for the result, which is MPI_COMM_NULL from now on:
 * also when the call fails. MPI_SUCCESS or the raised error. */
int tri_api_check_topology_place(struct tri_comm *comm, MPI_Comm *result);

/* Whether the communicator has that topology (MPI_CART and the like). MPI_SUCCESS or the raised error. */
int tri_api_check_topology(struct tri_comm *comm, int kind);

#define TRI_TAKE_TOPOLOGY(variable, handle, kind)                                                                      \
    TRI_TAKE_COMM(variable, handle);                                                                                   \
    if (TRI_UNLIKELY(tri_topology_kind(variable) != (kind))) {                                                         \
        return tri_api_check_topology((variable), (kind));                                                             \
    }

#define TRI_CHECK_INTRA(comm)                                                                                          \
    TRI_CHECK(!(comm)->remote, (comm), MPI_ERR_COMM, "the communicator is an intercommunicator, which can have no "    \
                                                     "topology")

/* What a constructor made, as a handle; NULL is MPI_COMM_NULL. */
static inline int tri_api_give_comm(int code, const struct tri_comm *made, MPI_Comm *result)
{
    if (code == MPI_SUCCESS && made) {
        *result = made->handle;
    }
    return code;
}

#endif

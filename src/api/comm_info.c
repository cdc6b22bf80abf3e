/* Communicators and hints; dup in all its forms (MPI 5.0, 7.4.2, 7.4.4). */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <string.h>

#include "../request/request.h"
#include "../runtime/info.h"
#include "api.h"

/* In order of the bits TRI_HINT_. */
static const char *const names[] = {"mpi_assert_no_any_source", "mpi_assert_no_any_tag", "mpi_assert_exact_length",
                                    "mpi_assert_allow_overtaking"};

static int bad_info(struct tri_comm *comm)
{
    return tri_error(comm, MPI_ERR_INFO, "the info is not such a handle, or has been freed");
}

/* The hints that info changes, over those there are. False: no info object. */
static bool read_hints(MPI_Info handle, unsigned *hints)
{
    if (handle == MPI_INFO_NULL) {
        return true;
    }
    const struct tri_info *info = tri_info_get(handle);
    if (info) {
        tri_info_read_flags(info, names, TRI_COUNT_OF(names), hints);
    }
    return info != NULL;
}

TRI_API(Comm_set_info)(MPI_Comm comm, MPI_Info info)
{
    TRI_TAKE_COMM(of, comm);
    return read_hints(info, &of->hints) ? MPI_SUCCESS : bad_info(of);
}

TRI_API(Comm_get_info)(MPI_Comm comm, MPI_Info *info_used)
{
    TRI_TAKE_COMM(of, comm);
    TRI_CHECK_POINTER(of, info_used);
    struct tri_info *info = tri_info_make();
    tri_info_write_flags(info, names, TRI_COUNT_OF(names), of->hints);
    if (of->resource) {
        tri_info_set(info, "mpi_hw_resource_type", of->resource);
    }
    *info_used = info->handle;
    return MPI_SUCCESS;
}

/* Hints do not pass on to a duplicate (MPI 4.0 changed that). */
static int dup(struct tri_comm *of, unsigned hints, MPI_Comm *newcomm)
{
    TRI_CHECK_POINTER(NULL, newcomm);
    struct tri_comm *made;
    int code = tri_comm_dup(of, &made);
    if (code == MPI_SUCCESS) {
        made->hints = hints;
        *newcomm = made->handle;
    }
    return code;
}

TRI_API(Comm_dup)(MPI_Comm comm, MPI_Comm *newcomm)
{
    TRI_TAKE_COMM(of, comm);
    return dup(of, 0, newcomm);
}

TRI_API(Comm_dup_with_info)(MPI_Comm comm, MPI_Info info, MPI_Comm *newcomm)
{
    TRI_TAKE_COMM(of, comm);
    unsigned hints = 0;
    return read_hints(info, &hints) ? dup(of, hints, newcomm) : bad_info(of);
}

static int idup(struct tri_comm *of, unsigned hints, MPI_Comm *newcomm, MPI_Request *request)
{
    TRI_CHECK_POINTER(NULL, newcomm);
    TRI_CHECK_POINTER(of, request);
    *request = tri_request_handle(tri_comm_idup(of, hints, newcomm));
    return MPI_SUCCESS;
}

TRI_API(Comm_idup)(MPI_Comm comm, MPI_Comm *newcomm, MPI_Request *request)
{
    TRI_TAKE_COMM(of, comm);
    return idup(of, 0, newcomm, request);
}

TRI_API(Comm_idup_with_info)(MPI_Comm comm, MPI_Info info, MPI_Comm *newcomm, MPI_Request *request)
{
    TRI_TAKE_COMM(of, comm);
    unsigned hints = 0;
    return read_hints(info, &hints) ? idup(of, hints, newcomm, request) : bad_info(of);
}

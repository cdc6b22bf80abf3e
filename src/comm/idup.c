/* Duplicating a communicator without blocking. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdlib.h>

#include "../request/request.h"
#include "comm.h"

struct idup {
    struct tri_comm *comm;
    MPI_Comm *result; /* the program's: filled before the request completes */
    unsigned hints;
    struct tri_request *request;
    struct tri_attributes attributes; /* copied as the call was made */
    int code; /* of the copy callbacks: the other processes do not know, so the agreement goes on */
};

/* Without a new communicator. */
static void fail(struct idup *idup, int code)
{
    tri_attributes_delete(&idup->attributes, MPI_COMM_NULL);
    tri_attributes_drop(&idup->attributes);
    idup->request->outcome.error = code;
}

static void agreed(void *owner, int code, uint32_t context)
{
    struct idup *idup = owner;
    if (code == MPI_SUCCESS && context && idup->code != MPI_SUCCESS) {
        tri_context_free(context);
        fail(idup, tri_error_class_of(idup->code) > MPI_SUCCESS ? idup->code : MPI_ERR_OTHER);
    } else if (code == MPI_SUCCESS && context) {
        struct tri_comm *made = tri_comm_twin(idup->comm, context);
        made->hints = idup->hints;
        made->attributes = idup->attributes;
        *idup->result = made->handle;
    } else {
        fail(idup, code != MPI_SUCCESS ? code : MPI_ERR_OTHER);
    }
    struct tri_request *request = idup->request;
    free(idup);
    tri_request_complete(request);
}

struct tri_request *tri_comm_idup(struct tri_comm *comm, unsigned hints, MPI_Comm *result)
{
    struct tri_request *request = tri_request_take(TRI_REQUEST_COLLECTIVE);
    request->outcome = (struct tri_outcome){.source = MPI_ANY_SOURCE, .tag = MPI_ANY_TAG};
    request->op.comm = comm;
    request->op.type = tri_datatype_get(MPI_BYTE);
    tri_request_hold(request);
    struct idup *idup = tri_memory_take(sizeof *idup);
    *idup = (struct idup){.comm = comm, .result = result, .hints = hints, .request = request};
    *result = MPI_COMM_NULL;
    idup->code = tri_attributes_copy(&comm->attributes, comm->handle, &idup->attributes, MPI_COMM_NULL);
    tri_context_agree_start(comm->remote ? comm->bridge : comm, agreed, idup);
    return request;
}

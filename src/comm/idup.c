/* Duplicating a communicator without blocking. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdlib.h>

#include "../request/request.h"
#include "comm.h"

struct idup {
    struct tri_comm *comm;
    MPI_Comm *result; /* the program's: filled before the request completes */
    unsigned hints;
    struct tri_attributes attributes; /* of the new one: copied at the start, outside of progress */
    struct tri_request *request;
};

static void agreed(void *owner, int code, uint32_t context)
{
    struct idup *idup = owner;
    if (code == MPI_SUCCESS && context) {
        struct tri_comm *made = tri_comm_twin(idup->comm, context);
        made->hints = idup->hints;
        made->attributes = idup->attributes;
        *idup->result = made->handle;
    } else {
        tri_attributes_drop(&idup->attributes);
        idup->request->outcome.error = code != MPI_SUCCESS ? code : MPI_ERR_OTHER;
    }
    struct tri_request *request = idup->request;
    free(idup);
    tri_request_complete(request);
}

int tri_comm_idup(struct tri_comm *comm, unsigned hints, MPI_Comm *result, struct tri_request **started)
{
    struct tri_attributes attributes = {NULL};
    int code = tri_comm_copy_attributes(comm, &attributes, MPI_COMM_NULL);
    if (code != MPI_SUCCESS) {
        return code;
    }
    struct tri_request *request = tri_request_take(TRI_REQUEST_SCHEDULE);
    request->outcome = (struct tri_outcome){.source = MPI_ANY_SOURCE, .tag = MPI_ANY_TAG};
    request->op.comm = comm;
    request->op.type = tri_datatype_get(MPI_BYTE);
    tri_request_hold(request);
    struct idup *idup = tri_memory_take(sizeof *idup);
    *idup = (struct idup){
        .comm = comm, .result = result, .hints = hints, .attributes = attributes, .request = request};
    *result = MPI_COMM_NULL;
    *started = request;
    tri_context_agree_start(comm->remote ? comm->bridge : comm, agreed, idup);
    return MPI_SUCCESS;
}

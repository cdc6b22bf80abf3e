/* Statuses (MPI 5.0, 3.2.5, 3.2.6, 5.1.11, 12.3). */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "api.h"

TRI_API_PURE(Get_count)(const MPI_Status *status, MPI_Datatype datatype, MPI_Count *count)
{
    TRI_CHECK_POINTER(NULL, status);
    TRI_CHECK_POINTER(NULL, count);
    TRI_TAKE_COMMITTED(type, NULL, datatype);
    int64_t bytes = tri_status_bytes(status);
    if (type->size == 0) {
        *count = bytes == 0 ? 0 : MPI_UNDEFINED;
    } else {
        *count = bytes % type->size ? MPI_UNDEFINED : bytes / type->size;
    }
    return MPI_SUCCESS;
}

static int get_elements(const MPI_Status *status, MPI_Datatype datatype, MPI_Count *count)
{
    TRI_CHECK_POINTER(NULL, status);
    TRI_CHECK_POINTER(NULL, count);
    TRI_TAKE_COMMITTED(type, NULL, datatype);
    int64_t elements = tri_datatype_elements_in(type, tri_status_bytes(status));
    *count = elements < 0 ? MPI_UNDEFINED : elements;
    return MPI_SUCCESS;
}

TRI_API_PURE(Get_elements)(const MPI_Status *status, MPI_Datatype datatype, MPI_Count *count)
{
    return get_elements(status, datatype, count);
}

TRI_API_PURE(Get_elements_x)(const MPI_Status *status, MPI_Datatype datatype, MPI_Count *count)
{
    return get_elements(status, datatype, count);
}

TRI_API_PURE(Test_cancelled)(const MPI_Status *status, int *flag)
{
    TRI_CHECK_POINTER(NULL, status);
    TRI_CHECK_POINTER(NULL, flag);
    *flag = tri_status_cancelled(status);
    return MPI_SUCCESS;
}

TRI_API_PURE(Status_set_cancelled)(MPI_Status *status, int flag)
{
    TRI_CHECK_POINTER(NULL, status);
    struct tri_outcome outcome = {.source = status->MPI_SOURCE,
                                  .tag = status->MPI_TAG,
                                  .bytes = tri_status_bytes(status),
                                  .cancelled = flag != 0};
    tri_status_set(status, &outcome);
    return MPI_SUCCESS;
}

/* Both forms of the name: so many predefined elements have come. */
static int set_elements(MPI_Status *status, MPI_Datatype datatype, MPI_Count count)
{
    TRI_CHECK_POINTER(NULL, status);
    TRI_TAKE_COMMITTED(type, NULL, datatype);
    TRI_CHECK(count >= 0, NULL, MPI_ERR_COUNT, "count is %lld, which is negative", (long long)count);
    tri_status_set_bytes(status, tri_datatype_bytes_of(type, count));
    return MPI_SUCCESS;
}

TRI_API_PURE(Status_set_elements)(MPI_Status *status, MPI_Datatype datatype, MPI_Count count)
{
    return set_elements(status, datatype, count);
}

TRI_API_PURE(Status_set_elements_x)(MPI_Status *status, MPI_Datatype datatype, MPI_Count count)
{
    return set_elements(status, datatype, count);
}

TRI_API_PURE(Status_set_source)(MPI_Status *status, int source)
{
    TRI_CHECK_POINTER(NULL, status);
    status->MPI_SOURCE = source;
    return MPI_SUCCESS;
}

TRI_API_PURE(Status_set_tag)(MPI_Status *status, int tag)
{
    TRI_CHECK_POINTER(NULL, status);
    status->MPI_TAG = tag;
    return MPI_SUCCESS;
}

TRI_API_PURE(Status_set_error)(MPI_Status *status, int error)
{
    TRI_CHECK_POINTER(NULL, status);
    status->MPI_ERROR = error;
    return MPI_SUCCESS;
}

TRI_API_PURE(Status_get_source)(const MPI_Status *status, int *source)
{
    TRI_CHECK_POINTER(NULL, status);
    TRI_CHECK_POINTER(NULL, source);
    *source = status->MPI_SOURCE;
    return MPI_SUCCESS;
}

TRI_API_PURE(Status_get_tag)(const MPI_Status *status, int *tag)
{
    TRI_CHECK_POINTER(NULL, status);
    TRI_CHECK_POINTER(NULL, tag);
    *tag = status->MPI_TAG;
    return MPI_SUCCESS;
}

TRI_API_PURE(Status_get_error)(const MPI_Status *status, int *error)
{
    TRI_CHECK_POINTER(NULL, status);
    TRI_CHECK_POINTER(NULL, error);
    *error = status->MPI_ERROR;
    return MPI_SUCCESS;
}

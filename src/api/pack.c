/* Pack and unpack (MPI 5.0, 5.2). */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <string.h>

#include "../datatype/external.h"
#include "api.h"

/* Checks a piece of len bytes at *position of a packed buffer. */
static int check_room(struct tri_comm *comm, const void *packed, MPI_Count size, const MPI_Count *position,
                      int64_t bytes)
{
    TRI_CHECK_POINTER(comm, position);
    TRI_CHECK(*position >= 0 && *position <= size && bytes <= size - *position, comm, MPI_ERR_TRUNCATE,
              "%lld bytes at position %lld do not fit the packed buffer of %lld bytes", (long long)bytes,
              (long long)*position, (long long)size);
    TRI_CHECK(packed || bytes == 0, comm, MPI_ERR_BUFFER, "the packed buffer is NULL");
    return MPI_SUCCESS;
}

TRI_API(Pack)(const void *inbuf, MPI_Count incount, MPI_Datatype datatype, void *outbuf, MPI_Count outsize,
              MPI_Count *position, MPI_Comm comm)
{
    TRI_TAKE_COMM(on, comm);
    TRI_TAKE_COMMITTED(type, on, datatype);
    int code = tri_api_check_buffer(on, inbuf, incount, type, "input");
    if (code == MPI_SUCCESS) {
        code = check_room(on, outbuf, outsize, position, incount * type->size);
    }
    if (code == MPI_SUCCESS) {
        tri_datatype_copy(type, inbuf, 0, (char *)outbuf + *position, incount * type->size, TRI_PACK);
        *position += incount * type->size;
    }
    return code;
}

TRI_API(Unpack)(const void *inbuf, MPI_Count insize, MPI_Count *position, void *outbuf, MPI_Count outcount,
                MPI_Datatype datatype, MPI_Comm comm)
{
    TRI_TAKE_COMM(on, comm);
    TRI_TAKE_COMMITTED(type, on, datatype);
    int code = tri_api_check_buffer(on, outbuf, outcount, type, "output");
    if (code == MPI_SUCCESS) {
        code = check_room(on, inbuf, insize, position, outcount * type->size);
    }
    if (code == MPI_SUCCESS) {
        tri_datatype_copy(type, outbuf, 0, (char *)(uintptr_t)inbuf + *position, outcount * type->size, TRI_UNPACK);
        *position += outcount * type->size;
    }
    return code;
}

TRI_API(Pack_size)(MPI_Count incount, MPI_Datatype datatype, MPI_Comm comm, MPI_Count *size)
{
    TRI_TAKE_COMM(on, comm);
    TRI_TAKE_COMMITTED(type, on, datatype);
    TRI_CHECK_POINTER(on, size);
    TRI_CHECK(incount >= 0, on, MPI_ERR_COUNT, "count is %lld, which is negative", (long long)incount);
    *size = incount * type->size;
    return MPI_SUCCESS;
}

static int check_external(const char *datarep)
{
    TRI_CHECK_POINTER(NULL, datarep);
    TRI_CHECK(strcmp(datarep, "external32") == 0, NULL, MPI_ERR_ARG, "datarep is \"%s\", but must be \"external32\"",
              datarep);
    return MPI_SUCCESS;
}

/* Checks the arguments of both directions; *bytes: those of the packed form. */
static int check_external_piece(const char *datarep, const void *buffer, MPI_Count count,
                                const struct tri_datatype *type, const void *packed, MPI_Count size,
                                const MPI_Count *position, int64_t *bytes)
{
    int code = check_external(datarep);
    code = code == MPI_SUCCESS ? tri_api_check_buffer(NULL, buffer, count, type, "element") : code;
    *bytes = code == MPI_SUCCESS ? count * tri_external_size(type) : 0;
    return code == MPI_SUCCESS ? check_room(NULL, packed, size, position, *bytes) : code;
}

TRI_API(Pack_external)(const char *datarep, const void *inbuf, MPI_Count incount, MPI_Datatype datatype, void *outbuf,
                       MPI_Count outsize, MPI_Count *position)
{
    TRI_TAKE_COMMITTED(type, NULL, datatype);
    int64_t bytes;
    int code = check_external_piece(datarep, inbuf, incount, type, outbuf, outsize, position, &bytes);
    if (code == MPI_SUCCESS) {
        tri_external_copy(type, inbuf, incount, (char *)outbuf + *position, TRI_PACK);
        *position += bytes;
    }
    return code;
}

TRI_API(Unpack_external)(const char datarep[], const void *inbuf, MPI_Count insize, MPI_Count *position, void *outbuf,
                         MPI_Count outcount, MPI_Datatype datatype)
{
    TRI_TAKE_COMMITTED(type, NULL, datatype);
    int64_t bytes;
    int code = check_external_piece(datarep, outbuf, outcount, type, inbuf, insize, position, &bytes);
    if (code == MPI_SUCCESS) {
        tri_external_copy(type, outbuf, outcount, (char *)(uintptr_t)inbuf + *position, TRI_UNPACK);
        *position += bytes;
    }
    return code;
}

TRI_API(Pack_external_size)(const char *datarep, MPI_Count incount, MPI_Datatype datatype, MPI_Count *size)
{
    TRI_TAKE_COMMITTED(type, NULL, datatype);
    TRI_CHECK_POINTER(NULL, size);
    TRI_CHECK(incount >= 0, NULL, MPI_ERR_COUNT, "count is %lld, which is negative", (long long)incount);
    int code = check_external(datarep);
    if (code == MPI_SUCCESS) {
        *size = incount * tri_external_size(type);
    }
    return code;
}

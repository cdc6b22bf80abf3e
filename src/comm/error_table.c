/* Names and sentences of the error classes. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "errhandler.h"

#define ROW(class, sentence) [class] = {#class, sentence}

static const struct {
    const char *name, *sentence;
} rows[] = {
    ROW(MPI_SUCCESS, "no error"),
    ROW(MPI_ERR_BUFFER, "invalid buffer pointer"),
    ROW(MPI_ERR_COUNT, "invalid count"),
    ROW(MPI_ERR_TYPE, "invalid datatype"),
    ROW(MPI_ERR_TAG, "invalid tag"),
    ROW(MPI_ERR_COMM, "invalid communicator"),
    ROW(MPI_ERR_RANK, "invalid rank"),
    ROW(MPI_ERR_REQUEST, "invalid request"),
    ROW(MPI_ERR_ROOT, "invalid root"),
    ROW(MPI_ERR_GROUP, "invalid group"),
    ROW(MPI_ERR_OP, "invalid reduction operation"),
    ROW(MPI_ERR_TOPOLOGY, "invalid topology"),
    ROW(MPI_ERR_DIMS, "invalid dimensions"),
    ROW(MPI_ERR_ARG, "invalid argument of some other kind"),
    ROW(MPI_ERR_UNKNOWN, "unknown error"),
    ROW(MPI_ERR_TRUNCATE, "message longer than the receive buffer"),
    ROW(MPI_ERR_OTHER, "an error that no other class covers"),
    ROW(MPI_ERR_INTERN, "internal error of the library"),
    ROW(MPI_ERR_PENDING, "operation neither failed nor completed"),
    ROW(MPI_ERR_IN_STATUS, "the error code is in the status"),
    ROW(MPI_ERR_ACCESS, "permission denied"),
    ROW(MPI_ERR_AMODE, "invalid access mode"),
    ROW(MPI_ERR_ASSERT, "invalid assertion"),
    ROW(MPI_ERR_BAD_FILE, "invalid file name"),
    ROW(MPI_ERR_BASE, "invalid base address"),
    ROW(MPI_ERR_CONVERSION, "error in a data conversion function"),
    ROW(MPI_ERR_DISP, "invalid displacement"),
    ROW(MPI_ERR_DUP_DATAREP, "data representation already defined"),
    ROW(MPI_ERR_FILE_EXISTS, "file exists"),
    ROW(MPI_ERR_FILE_IN_USE, "file is in use"),
    ROW(MPI_ERR_FILE, "invalid file handle"),
    ROW(MPI_ERR_INFO_KEY, "info key too long or empty"),
    ROW(MPI_ERR_INFO_NOKEY, "info key not defined"),
    ROW(MPI_ERR_INFO_VALUE, "info value too long or empty"),
    ROW(MPI_ERR_INFO, "invalid info object"),
    ROW(MPI_ERR_IO, "input or output error"),
    ROW(MPI_ERR_KEYVAL, "invalid attribute key"),
    ROW(MPI_ERR_LOCKTYPE, "invalid lock type"),
    ROW(MPI_ERR_NAME, "service name not published"),
    ROW(MPI_ERR_NO_MEM, "out of memory"),
    ROW(MPI_ERR_NOT_SAME, "argument differs between processes"),
    ROW(MPI_ERR_NO_SPACE, "not enough space"),
    ROW(MPI_ERR_NO_SUCH_FILE, "file does not exist"),
    ROW(MPI_ERR_PORT, "invalid port name"),
    ROW(MPI_ERR_QUOTA, "quota exceeded"),
    ROW(MPI_ERR_READ_ONLY, "read-only file or file system"),
    ROW(MPI_ERR_RMA_ATTACH, "memory can not be attached"),
    ROW(MPI_ERR_RMA_CONFLICT, "conflicting accesses to a window"),
    ROW(MPI_ERR_RMA_RANGE, "target memory is not part of the window"),
    ROW(MPI_ERR_RMA_SHARED, "memory can not be shared"),
    ROW(MPI_ERR_RMA_SYNC, "wrong synchronisation of a window"),
    ROW(MPI_ERR_SERVICE, "invalid service name"),
    ROW(MPI_ERR_SIZE, "invalid size"),
    ROW(MPI_ERR_SPAWN, "processes could not be spawned"),
    ROW(MPI_ERR_UNSUPPORTED_DATAREP, "unsupported data representation"),
    ROW(MPI_ERR_UNSUPPORTED_OPERATION, "unsupported operation"),
    ROW(MPI_ERR_WIN, "invalid window"),
    ROW(MPI_ERR_RMA_FLAVOR, "wrong flavor of window"),
    ROW(MPI_ERR_PROC_ABORTED, "a process has ended"),
    ROW(MPI_ERR_VALUE_TOO_LARGE, "value does not fit its type"),
    ROW(MPI_ERR_SESSION, "invalid session"),
    ROW(MPI_ERR_ERRHANDLER, "invalid error handler"),
    ROW(MPI_ERR_ABI, "error of the ABI interface"),
};

const char *tri_error_name(int class)
{
    if (class >= 0 && class < (int)TRI_COUNT_OF(rows) && rows[class].name) {
        return rows[class].name;
    }
    const char *name = tri_tools_error_name(class);
    return name ? name : "unknown error class";
}

const char *tri_error_sentence(int class)
{
    return class >= 0 && class < (int)TRI_COUNT_OF(rows) ? rows[class].sentence : tri_tools_error_sentence(class);
}

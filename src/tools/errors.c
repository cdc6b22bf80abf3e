/* Names and sentences of what the functions of the tools interface return (MPI 5.0, 15.3.10). */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "../../include/mpi.h"
#include "../comm/errhandler.h"

#define ROW(code, sentence) [code - MPI_T_ERR_CANNOT_INIT] = {#code, sentence}

static const struct {
    const char *name, *sentence;
} rows[] = {
    ROW(MPI_T_ERR_CANNOT_INIT, "the tools interface can not be initialized now"),
    ROW(MPI_T_ERR_NOT_ACCESSIBLE, "not accessible at this time"),
    ROW(MPI_T_ERR_NOT_INITIALIZED, "MPI_T_init_thread has not been called"),
    ROW(MPI_T_ERR_NOT_SUPPORTED, "not supported"),
    ROW(MPI_T_ERR_MEMORY, "out of memory"),
    ROW(MPI_T_ERR_INVALID, "invalid argument of a function of the tools interface"),
    ROW(MPI_T_ERR_INVALID_INDEX, "the index is out of range"),
    ROW(MPI_T_ERR_INVALID_ITEM, "the index of the item is out of range"),
    ROW(MPI_T_ERR_INVALID_SESSION, "invalid session of performance variables"),
    ROW(MPI_T_ERR_INVALID_HANDLE, "invalid handle of the tools interface"),
    ROW(MPI_T_ERR_INVALID_NAME, "nothing has that name"),
    ROW(MPI_T_ERR_OUT_OF_HANDLES, "no more handles are available"),
    ROW(MPI_T_ERR_OUT_OF_SESSIONS, "no more sessions are available"),
    ROW(MPI_T_ERR_CVAR_SET_NOT_NOW, "the control variable can not be set at this time"),
    ROW(MPI_T_ERR_CVAR_SET_NEVER, "the control variable can not be set any more"),
    ROW(MPI_T_ERR_PVAR_NO_WRITE, "the performance variable can not be written or reset"),
    ROW(MPI_T_ERR_PVAR_NO_STARTSTOP, "the performance variable can not be started or stopped"),
    ROW(MPI_T_ERR_PVAR_NO_ATOMIC, "the performance variable can not be read and reset at once"),
};

static int row_of(int code)
{
    return code >= MPI_T_ERR_CANNOT_INIT && code <= MPI_T_ERR_PVAR_NO_ATOMIC ? code - MPI_T_ERR_CANNOT_INIT : -1;
}

const char *tri_tools_error_name(int code)
{
    return row_of(code) < 0 ? NULL : rows[row_of(code)].name;
}

const char *tri_tools_error_sentence(int code)
{
    return row_of(code) < 0 ? NULL : rows[row_of(code)].sentence;
}

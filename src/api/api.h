/* What the entry points share: how they are declared, entered and left, and the checks of their arguments. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TRI_API_H
#define TRI_API_H

#include "../../include/mpi.h"
#include "../comm/comm.h"
#include "../datatype/datatype.h"
#include "../p2p/p2p.h"
#include "../runtime/counts.h"
#include "../runtime/lane.h"

/* An entry point is written once, with large counts: TRI_API(Send)(...) is what both MPI_Send and MPI_Send_c call. The
 * public functions (faces) are made from the tables of the ABI by src/abi/gen-faces.pl. */
#define TRI_API(name) int tri_api_##name
#define TRI_API_FORM(name) int tri_api_##name    /* with one more argument before all others: whether it is MPI_X_c */
#define TRI_API_ANYTIME(name) int tri_api_##name /* callable before MPI_Init and after MPI_Finalize */
#define TRI_API_VALUE(type, name) type tri_api_##name
/* These take fewer locks than those of all lanes: one that touches nothing but the messages of one lane, that of its
 * communicator, request(s) or message; one that works in lane 0, as collectives do; one that only reads what never
 * changes. */
#define TRI_API_LANE(name) int tri_api_##name
#define TRI_API_FIRST(name) int tri_api_##name
#define TRI_API_PURE(name) int tri_api_##name

enum tri_api_state { TRI_NOT_INITIALIZED, TRI_RUNNING, TRI_FINALIZED };
extern enum tri_api_state tri_api_state;

/* A call outside of init and finalize: reports it and ends the process. */
int tri_api_not_running(const char *function);
int tri_api_unsupported(const char *function, MPI_Comm comm);

#define TRI_FACE __attribute__((visibility("default")))
#define TRI_FACE_ENTER(name) TRI_FACE_ENTER_LANE(name, TRI_LANES_ALL)
#define TRI_FACE_ENTER_PURE(name)                                                                                      \
    do {                                                                                                               \
        if (TRI_UNLIKELY(tri_api_state != TRI_RUNNING)) {                                                              \
            return tri_api_not_running(name);                                                                          \
        }                                                                                                              \
        tri_errhandler_function = (name);                                                                              \
    } while (0)
#define TRI_FACE_ENTER_LANE(name, lanes)                                                                               \
    do {                                                                                                               \
        TRI_FACE_ENTER_PURE(name);                                                                                     \
        if (TRI_UNLIKELY(tri_lane_threaded)) {                                                                         \
            tri_lane_take(lanes);                                                                                      \
        }                                                                                                              \
    } while (0)
#define TRI_FACE_ENTER_ANYTIME(name)                                                                                   \
    do {                                                                                                               \
        tri_lane_lock(TRI_LANES_ALL);                                                                                  \
        tri_errhandler_function = (name);                                                                              \
    } while (0)
#define TRI_FACE_LEAVE() tri_lane_unlock()
#define TRI_FACE_LEAVE_PURE() ((void)0)

#include "api_protos.h"

/* The lanes that a call is about, for tri_lane_take; of null handles: none; of what is no handle: all. Read without a
 * lock: what tells the lane of an object never changes while the program may name it. */
unsigned tri_api_lanes_of_comm(MPI_Comm handle);
unsigned tri_api_lanes_of_request(const MPI_Request *handle);
unsigned tri_api_lanes_of_requests(int count, const MPI_Request *handles);
unsigned tri_api_lanes_of_message(const MPI_Message *handle);

/* ---- checks: each returns from the entry point with the error raised ---- */

#define TRI_CHECK(condition, comm, class, ...)                                                                         \
    do {                                                                                                               \
        if (TRI_UNLIKELY(!(condition))) {                                                                              \
            return tri_error((comm), (class), __VA_ARGS__);                                                            \
        }                                                                                                              \
    } while (0)

/* The argument called name must point somewhere. */
#define TRI_CHECK_POINTER(comm, name) TRI_CHECK((name) != NULL, (comm), MPI_ERR_ARG, "argument " #name " is NULL")

int tri_api_bad_comm(MPI_Comm handle);
int tri_api_bad_type(struct tri_comm *comm, MPI_Datatype handle);
int tri_api_bad_group(MPI_Group handle);
int tri_api_bad_request(MPI_Request handle);
int tri_api_bad_win(MPI_Win handle);

#define TRI_TAKE_COMM(variable, handle)                                                                                \
    struct tri_comm *variable = tri_comm_get(handle);                                                                  \
    if (TRI_UNLIKELY(!variable)) {                                                                                     \
        return tri_api_bad_comm(handle);                                                                               \
    }

/* Any type. */
#define TRI_TAKE_TYPE(variable, comm, handle)                                                                          \
    struct tri_datatype *variable = tri_datatype_get(handle);                                                          \
    if (TRI_UNLIKELY(!variable)) {                                                                                     \
        return tri_api_bad_type((comm), (handle));                                                                     \
    }

/* A type that messages may have. */
#define TRI_TAKE_COMMITTED(variable, comm, handle)                                                                     \
    struct tri_datatype *variable = tri_datatype_get(handle);                                                          \
    if (TRI_UNLIKELY(!variable || !variable->committed)) {                                                             \
        return tri_api_bad_type((comm), (handle));                                                                     \
    }

#define TRI_TAKE_WIN(variable, handle)                                                                                 \
    struct tri_window *variable = tri_window_get(handle);                                                              \
    if (TRI_UNLIKELY(!variable)) {                                                                                     \
        return tri_api_bad_win(handle);                                                                                \
    }

#define TRI_TAKE_GROUP(variable, handle)                                                                               \
    struct tri_group *variable = tri_group_get(handle);                                                                \
    if (TRI_UNLIKELY(!variable)) {                                                                                     \
        return tri_api_bad_group(handle);                                                                              \
    }

/* Checks buffer and count of a message; MPI_SUCCESS or the raised error. */
int tri_api_check_buffer(struct tri_comm *comm, const void *buffer, int64_t count, const struct tri_datatype *type,
                         const char *which);

/* Raises what a finished operation has ended with, if that is an error. */
static inline int tri_api_result(struct tri_comm *comm, int code)
{
    return TRI_LIKELY(code == MPI_SUCCESS) ? MPI_SUCCESS : tri_request_raise(comm, code);
}

/* Largest tag of a message (MPI_TAG_UB). */
#define TRI_TAG_MAX 0x7fffffff

/* Fills op for a send (receive) after checking all arguments. MPI_SUCCESS, or the raised error. The peer may be
 * MPI_PROC_NULL. */
int tri_api_check_send(struct tri_operation *op, const void *buffer, MPI_Count count, MPI_Datatype datatype, int dest,
                       int tag, MPI_Comm comm);
int tri_api_check_receive(struct tri_operation *op, void *buffer, MPI_Count count, MPI_Datatype datatype, int source,
                          int tag, MPI_Comm comm);

/* The frequent case in one test: a predefined type, whose size can not make the length overflow, a buffer that is
 * neither NULL nor MPI_IN_PLACE, a rank of the communicator. What fails it is looked at in full. */
static inline bool tri_api_is_plain(const void *buffer, MPI_Count count, const struct tri_datatype *type, int peer,
                                    int tag, const struct tri_comm *comm)
{
    return comm && type && type->predefined && (uintptr_t)buffer > (uintptr_t)MPI_IN_PLACE &&
           (uint64_t)count <= UINT32_MAX && (unsigned)peer < (unsigned)comm->peers && tag >= 0;
}

static inline int tri_api_send_operation(struct tri_operation *op, const void *buffer, MPI_Count count,
                                         MPI_Datatype datatype, int dest, int tag, MPI_Comm handle)
{
    struct tri_comm *comm = tri_comm_get(handle);
    struct tri_datatype *type = tri_datatype_get(datatype);
    if (TRI_UNLIKELY(!tri_api_is_plain(buffer, count, type, dest, tag, comm))) {
        return tri_api_check_send(op, buffer, count, datatype, dest, tag, handle);
    }
    tri_operation_set(op, buffer, count, type, dest, tag, comm);
    return MPI_SUCCESS;
}

static inline int tri_api_receive_operation(struct tri_operation *op, void *buffer, MPI_Count count,
                                            MPI_Datatype datatype, int source, int tag, MPI_Comm handle)
{
    struct tri_comm *comm = tri_comm_get(handle);
    struct tri_datatype *type = tri_datatype_get(datatype);
    if (TRI_UNLIKELY(!tri_api_is_plain(buffer, count, type, source, tag, comm))) {
        return tri_api_check_receive(op, buffer, count, datatype, source, tag, handle);
    }
    tri_operation_set(op, buffer, count, type, source, tag, comm);
    return MPI_SUCCESS;
}

/* The completed request of a receive from MPI_PROC_NULL, and its status. */
struct tri_request *tri_api_null_receive(const struct tri_operation *op);
void tri_api_null_status(MPI_Status *status);

#endif

/* err_arguments.h - rows of wrong calls, and handles that are wrong in each way. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef SPMD_ERR_ARGUMENTS_H
#define SPMD_ERR_ARGUMENTS_H

#include "test.h"

enum { TAG = 211 };
#define W MPI_COMM_WORLD
#define S MPI_COMM_SELF
#define IGNORE MPI_STATUS_IGNORE

static int buf[16], other[16], rows;
static MPI_Request request;
static MPI_Message message;
static MPI_Status status;

/* The call must return an error of the class, and the library must go on working: a message to oneself gets through. */
static void check_row(const char *call, int code, int class)
{
    int out = ++rows, in = -1, again;

    CHECK(t_class(code) == class, "%s: class %d, not %d", call, t_class(code), class);
    again = MPI_Sendrecv(&out, 1, MPI_INT, 0, TAG, &in, 1, MPI_INT, 0, TAG, S, IGNORE);
    CHECK(again == MPI_SUCCESS && in == out, "%s: no message gets through afterwards", call);
}

#define ROW(call, class) check_row(#call, (call), MPI_ERR_##class)

/* Handles that were right once. Each is made when it is needed: its object may be taken again by the next one. */
static MPI_Comm freed_comm(void)
{
    MPI_Comm comm, copy;

    MPI_Comm_dup(S, &comm);
    copy = comm;
    MPI_Comm_free(&comm);
    return copy;
}

static MPI_Datatype freed_type(void)
{
    MPI_Datatype type, copy;

    MPI_Type_contiguous(2, MPI_INT, &type);
    copy = type;
    MPI_Type_free(&type);
    return copy;
}

static MPI_Group freed_group(void)
{
    MPI_Group group, copy;

    MPI_Comm_group(S, &group);
    MPI_Group_incl(group, 1, (int[]){0}, &copy);
    MPI_Group_free(&group);
    group = copy;
    MPI_Group_free(&group);
    return copy;
}

static void user_op(void *in, void *inout, int *length, MPI_Datatype *type)
{
    (void)in, (void)inout, (void)length, (void)type;
}

static MPI_Op freed_op(void)
{
    MPI_Op op, copy;

    MPI_Op_create(user_op, 1, &op);
    copy = op;
    MPI_Op_free(&op);
    return copy;
}

static MPI_Info freed_info(void)
{
    MPI_Info info, copy;

    MPI_Info_create(&info);
    copy = info;
    MPI_Info_free(&info);
    return copy;
}

static void ignore(MPI_Comm *comm, int *code, ...)
{
    (void)comm, (void)code;
}

static MPI_Errhandler freed_handler(void)
{
    MPI_Errhandler handler, copy;

    MPI_Comm_create_errhandler(ignore, &handler);
    copy = handler;
    MPI_Errhandler_free(&handler);
    return copy;
}

/* A request that has been waited for. */
static MPI_Request *waited(void)
{
    static MPI_Request copy;
    MPI_Request made;

    MPI_Irecv(other, 1, MPI_INT, 0, TAG, S, &made);
    copy = made;
    MPI_Send(buf, 1, MPI_INT, 0, TAG, S);
    MPI_Wait(&made, IGNORE);
    return &copy;
}

/* A message that has been received. */
static MPI_Message *received(void)
{
    static MPI_Message copy;
    MPI_Message made;

    MPI_Isend(buf, 1, MPI_INT, 0, TAG, S, &request);
    MPI_Mprobe(0, TAG, S, &made, IGNORE);
    copy = made;
    MPI_Mrecv(other, 1, MPI_INT, &made, IGNORE);
    MPI_Wait(&request, IGNORE);
    return &copy;
}

static MPI_Comm *comm_at(MPI_Comm comm)
{
    static MPI_Comm copy;

    copy = comm;
    return &copy;
}

static MPI_Datatype *type_at(MPI_Datatype type)
{
    static MPI_Datatype copy;

    copy = type;
    return &copy;
}

static MPI_Group *group_at(MPI_Group group)
{
    static MPI_Group copy;

    copy = group;
    return &copy;
}

static MPI_Op *op_at(MPI_Op op)
{
    static MPI_Op copy;

    copy = op;
    return &copy;
}

static MPI_Info *info_at(MPI_Info info)
{
    static MPI_Info copy;

    copy = info;
    return &copy;
}

static MPI_Errhandler *handler_at(MPI_Errhandler handler)
{
    static MPI_Errhandler copy;

    copy = handler;
    return &copy;
}

static int *int_at(int value)
{
    static int copy;

    copy = value;
    return &copy;
}

/* Objects for the rows, and handles of another kind. */
static MPI_Datatype raw; /* not committed */
static MPI_Group group_of_self;
static MPI_Info info;

#define NOT_COMM ((MPI_Comm)raw)
#define NOT_COMM_2 ((MPI_Comm)MPI_INT)
#define NOT_TYPE ((MPI_Datatype)group_of_self)
#define NOT_TYPE_2 ((MPI_Datatype)MPI_SUM)
#define NOT_GROUP ((MPI_Group)raw)
#define NOT_OP ((MPI_Op)raw)
#define NOT_OP_2 ((MPI_Op)MPI_INT)
#define NOT_INFO ((MPI_Info)raw)
#define NOT_HANDLER ((MPI_Errhandler)raw)
#define NOT_REQUEST ((MPI_Request)raw)
#define NOT_MESSAGE ((MPI_Message)raw)

#endif

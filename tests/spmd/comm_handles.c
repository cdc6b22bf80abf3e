/* comm_handles.c - handles as integers (MPI 5: toint and fromint; before: c2f and f2c). */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "test.h"

#if MPI_VERSION >= 5
typedef int integer;
#define TO_INT(kind) MPI_##kind##_toint
#define FROM_INT(kind) MPI_##kind##_fromint
#else
typedef MPI_Fint integer;
#define TO_INT(kind) MPI_##kind##_c2f
#define FROM_INT(kind) MPI_##kind##_f2c
#endif

#define ROUND_TRIP(kind, handle) \
    CHECK(FROM_INT(kind)(TO_INT(kind)(handle)) == (handle), "%s %s", #kind, #handle)

static void predefined(void)
{
    ROUND_TRIP(Comm, MPI_COMM_NULL);
    ROUND_TRIP(Comm, MPI_COMM_WORLD);
    ROUND_TRIP(Comm, MPI_COMM_SELF);
    ROUND_TRIP(Group, MPI_GROUP_NULL);
    ROUND_TRIP(Group, MPI_GROUP_EMPTY);
    ROUND_TRIP(Type, MPI_DATATYPE_NULL);
    ROUND_TRIP(Type, MPI_INT);
    ROUND_TRIP(Type, MPI_DOUBLE_INT);
    ROUND_TRIP(Op, MPI_OP_NULL);
    ROUND_TRIP(Op, MPI_SUM);
    ROUND_TRIP(Request, MPI_REQUEST_NULL);
    ROUND_TRIP(Message, MPI_MESSAGE_NULL);
    ROUND_TRIP(Message, MPI_MESSAGE_NO_PROC);
    ROUND_TRIP(Errhandler, MPI_ERRHANDLER_NULL);
    ROUND_TRIP(Errhandler, MPI_ERRORS_RETURN);
    ROUND_TRIP(Info, MPI_INFO_NULL);
    ROUND_TRIP(Win, MPI_WIN_NULL);
    ROUND_TRIP(File, MPI_FILE_NULL);
#if MPI_VERSION >= 5
    ROUND_TRIP(Session, MPI_SESSION_NULL);
    CHECK(MPI_Comm_toint(MPI_COMM_WORLD) == (int)(intptr_t)MPI_COMM_WORLD,
          "a predefined handle is its number");
    CHECK(MPI_Type_toint(MPI_INT) == (int)(intptr_t)MPI_INT, "a predefined handle is its number");
#endif
}

static void add(void *in, void *inout, int *n, MPI_Datatype *type)
{
    (void)type;
    for (int i = 0; i < *n; i++)
        ((int *)inout)[i] += ((int *)in)[i];
}

/* Handles made by the program, several alive at once: the numbers differ, and come back. */
static void made(void)
{
    MPI_Comm comms[3];
    MPI_Datatype types[3];
    MPI_Group group;
    MPI_Op op;
    MPI_Request request;
    int value;

    for (int i = 0; i < 3; i++) {
        MPI_Comm_dup(MPI_COMM_WORLD, &comms[i]);
        MPI_Type_contiguous(i + 1, MPI_INT, &types[i]);
        ROUND_TRIP(Comm, comms[i]);
        ROUND_TRIP(Type, types[i]);
        for (int j = 0; j < i; j++) {
            CHECK(TO_INT(Comm)(comms[i]) != TO_INT(Comm)(comms[j]), "%d and %d are alike", i, j);
            CHECK(TO_INT(Type)(types[i]) != TO_INT(Type)(types[j]), "%d and %d are alike", i, j);
        }
    }
    MPI_Comm_group(comms[0], &group);
    MPI_Op_create(add, 1, &op);
    MPI_Recv_init(&value, 1, MPI_INT, 0, 1, comms[0], &request);
    ROUND_TRIP(Group, group);
    ROUND_TRIP(Op, op);
    ROUND_TRIP(Request, request);
    MPI_Request_free(&request);
    MPI_Op_free(&op);
    CHECK(op == MPI_OP_NULL, "MPI_Op_free left the handle");
    MPI_Group_free(&group);
    for (int i = 0; i < 3; i++) {
        MPI_Type_free(&types[i]);
        MPI_Comm_free(&comms[i]);
    }
}

/* A handle that went through an integer works. */
static void works(void)
{
    MPI_Comm copy;
    integer number;
    int got = -1, right = (t_rank + 1) % t_size, left = (t_rank + t_size - 1) % t_size;

    MPI_Comm_dup(MPI_COMM_WORLD, &copy);
    number = TO_INT(Comm)(copy);
    MPI_Sendrecv(&t_rank, 1, FROM_INT(Type)(TO_INT(Type)(MPI_INT)), right, 1, &got, 1, MPI_INT,
                 left, 1, FROM_INT(Comm)(number), MPI_STATUS_IGNORE);
    CHECK(got == left, "%d instead of %d", got, left);
    MPI_Comm_free(&copy);
}

int main(int argc, char **argv)
{
    t_init(&argc, &argv);
    predefined();
    for (int i = 0; i < 100; i++)
        made();
    works();
    return t_finish();
}

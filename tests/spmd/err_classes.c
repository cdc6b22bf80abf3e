/* err_classes.c - wrong arguments give the right error class; texts for all classes. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "test.h"

enum { TAG = 191 };

static int buf[16], other[16];

/* `wanted2` is a second class that is as right as the first, or -1. */
static void check(int code, int wanted, int wanted2, const char *what)
{
    int class = t_class(code);

    CHECK(class == wanted || class == wanted2, "%s: class %d, not %d", what, class, wanted);
}

#define WRONG(call, class) check((call), (class), -1, #call)
#define WRONG2(call, class, class2) check((call), (class), (class2), #call)

static void point_to_point(void)
{
    MPI_Comm w = MPI_COMM_WORLD;
    MPI_Request r;
    MPI_Status s;

    WRONG(MPI_Send(buf, -1, MPI_INT, 0, TAG, w), MPI_ERR_COUNT);
    WRONG(MPI_Send(buf, 1, MPI_INT, t_size, TAG, w), MPI_ERR_RANK);
    WRONG(MPI_Send(buf, 1, MPI_INT, -50, TAG, w), MPI_ERR_RANK);
    WRONG(MPI_Send(buf, 1, MPI_INT, MPI_ANY_SOURCE, TAG, w), MPI_ERR_RANK);
    WRONG(MPI_Send(buf, 1, MPI_INT, 0, -50, w), MPI_ERR_TAG);
    WRONG(MPI_Send(buf, 1, MPI_INT, 0, MPI_ANY_TAG, w), MPI_ERR_TAG);
    WRONG(MPI_Send(buf, 1, MPI_DATATYPE_NULL, 0, TAG, w), MPI_ERR_TYPE);
    WRONG(MPI_Send(buf, 1, MPI_INT, 0, TAG, MPI_COMM_NULL), MPI_ERR_COMM);
    WRONG(MPI_Isend(buf, -1, MPI_INT, 0, TAG, w, &r), MPI_ERR_COUNT);
    WRONG(MPI_Issend(buf, 1, MPI_INT, t_size + 3, TAG, w, &r), MPI_ERR_RANK);
    WRONG(MPI_Recv(buf, -1, MPI_INT, 0, TAG, w, &s), MPI_ERR_COUNT);
    WRONG(MPI_Recv(buf, 1, MPI_INT, t_size, TAG, w, &s), MPI_ERR_RANK);
    WRONG(MPI_Recv(buf, 1, MPI_INT, 0, -50, w, &s), MPI_ERR_TAG);
    WRONG(MPI_Recv(buf, 1, MPI_DATATYPE_NULL, 0, TAG, w, &s), MPI_ERR_TYPE);
    WRONG(MPI_Irecv(buf, 1, MPI_INT, 0, TAG, MPI_COMM_NULL, &r), MPI_ERR_COMM);
    WRONG(MPI_Irecv(buf, 1, MPI_INT, t_size, TAG, w, &r), MPI_ERR_RANK);
    WRONG(MPI_Probe(t_size, TAG, w, &s), MPI_ERR_RANK);
    WRONG(MPI_Sendrecv(buf, 1, MPI_INT, t_size, TAG, other, 1, MPI_INT, 0, TAG, w, &s),
          MPI_ERR_RANK);
    WRONG(MPI_Send_init(buf, -1, MPI_INT, 0, TAG, w, &r), MPI_ERR_COUNT);
}

static void requests(void)
{
    MPI_Request null = MPI_REQUEST_NULL, two[2] = {MPI_REQUEST_NULL, MPI_REQUEST_NULL};

    WRONG(MPI_Start(&null), MPI_ERR_REQUEST);
    WRONG(MPI_Startall(2, two), MPI_ERR_REQUEST);
    WRONG(MPI_Request_free(&null), MPI_ERR_REQUEST);
    WRONG(MPI_Cancel(&null), MPI_ERR_REQUEST);
    WRONG2(MPI_Waitall(-1, two, MPI_STATUSES_IGNORE), MPI_ERR_COUNT, MPI_ERR_ARG);
}

static void types(void)
{
    MPI_Datatype raw, type;
    int lengths[2] = {1, -1}, places[2] = {0, 4};

    MPI_Type_contiguous(2, MPI_INT, &raw);
    WRONG(MPI_Send(buf, 1, raw, 0, TAG, MPI_COMM_WORLD), MPI_ERR_TYPE);
    WRONG(MPI_Type_contiguous(-1, MPI_INT, &type), MPI_ERR_COUNT);
    WRONG2(MPI_Type_vector(2, -1, 3, MPI_INT, &type), MPI_ERR_ARG, MPI_ERR_COUNT);
    WRONG(MPI_Type_contiguous(2, MPI_DATATYPE_NULL, &type), MPI_ERR_TYPE);
    WRONG2(MPI_Type_indexed(2, lengths, places, MPI_INT, &type), MPI_ERR_ARG, MPI_ERR_COUNT);
    MPI_Type_free(&raw);
    WRONG(MPI_Type_free(&raw), MPI_ERR_TYPE);
    type = MPI_INT;
    WRONG(MPI_Type_free(&type), MPI_ERR_TYPE);
    WRONG(MPI_Type_size(MPI_DATATYPE_NULL, &lengths[0]), MPI_ERR_TYPE);
}

static void communicators(void)
{
    MPI_Comm comm = MPI_COMM_NULL;
    MPI_Group group, world;
    int x, beyond[1] = {t_size};

    WRONG(MPI_Comm_size(MPI_COMM_NULL, &x), MPI_ERR_COMM);
    WRONG(MPI_Comm_rank(MPI_COMM_NULL, &x), MPI_ERR_COMM);
    WRONG(MPI_Comm_dup(MPI_COMM_NULL, &comm), MPI_ERR_COMM);
    WRONG(MPI_Comm_free(&comm), MPI_ERR_COMM);
    WRONG(MPI_Comm_split(MPI_COMM_SELF, -77, 0, &comm), MPI_ERR_ARG);
    comm = MPI_COMM_WORLD;
    WRONG(MPI_Comm_free(&comm), MPI_ERR_COMM);
    WRONG(MPI_Group_size(MPI_GROUP_NULL, &x), MPI_ERR_GROUP);
    MPI_Comm_group(MPI_COMM_WORLD, &world);
    WRONG(MPI_Group_incl(world, 1, beyond, &group), MPI_ERR_RANK);
    MPI_Group_free(&world);
}

static void collectives(void)
{
    MPI_Comm s = MPI_COMM_SELF;

    WRONG(MPI_Bcast(buf, 1, MPI_INT, 7, s), MPI_ERR_ROOT);
    WRONG(MPI_Bcast(buf, -1, MPI_INT, 0, s), MPI_ERR_COUNT);
    WRONG(MPI_Bcast(buf, 1, MPI_DATATYPE_NULL, 0, s), MPI_ERR_TYPE);
    WRONG(MPI_Bcast(buf, 1, MPI_INT, 0, MPI_COMM_NULL), MPI_ERR_COMM);
    WRONG(MPI_Barrier(MPI_COMM_NULL), MPI_ERR_COMM);
    WRONG(MPI_Reduce(buf, other, 1, MPI_INT, MPI_OP_NULL, 0, s), MPI_ERR_OP);
    WRONG(MPI_Allreduce(buf, other, 1, MPI_DOUBLE, MPI_BAND, s), MPI_ERR_OP);
    WRONG(MPI_Allreduce(buf, other, 1, MPI_INT, MPI_MINLOC, s), MPI_ERR_OP);
    WRONG(MPI_Reduce(buf, other, 1, MPI_INT, MPI_SUM, -1, s), MPI_ERR_ROOT);
    WRONG(MPI_Allgather(buf, -2, MPI_INT, other, 1, MPI_INT, s), MPI_ERR_COUNT);
}

/* After all that the library still works. */
static void still_works(void)
{
    int got = -1, right = (t_rank + 1) % t_size, left = (t_rank + t_size - 1) % t_size;

    CHECK_OK(MPI_Sendrecv(&t_rank, 1, MPI_INT, right, TAG, &got, 1, MPI_INT, left, TAG,
                          MPI_COMM_WORLD, MPI_STATUS_IGNORE));
    CHECK(got == left, "%d instead of %d", got, left);
}

/* clang-format off */
static const int classes[] = {
    MPI_SUCCESS, MPI_ERR_BUFFER, MPI_ERR_COUNT, MPI_ERR_TYPE, MPI_ERR_TAG, MPI_ERR_COMM,
    MPI_ERR_RANK, MPI_ERR_REQUEST, MPI_ERR_ROOT, MPI_ERR_GROUP, MPI_ERR_OP, MPI_ERR_TOPOLOGY,
    MPI_ERR_DIMS, MPI_ERR_ARG, MPI_ERR_UNKNOWN, MPI_ERR_TRUNCATE, MPI_ERR_OTHER, MPI_ERR_INTERN,
    MPI_ERR_PENDING, MPI_ERR_IN_STATUS, MPI_ERR_ACCESS, MPI_ERR_AMODE, MPI_ERR_ASSERT,
    MPI_ERR_BAD_FILE, MPI_ERR_BASE, MPI_ERR_CONVERSION, MPI_ERR_DISP, MPI_ERR_DUP_DATAREP,
    MPI_ERR_FILE_EXISTS, MPI_ERR_FILE_IN_USE, MPI_ERR_FILE, MPI_ERR_INFO_KEY, MPI_ERR_INFO_NOKEY,
    MPI_ERR_INFO_VALUE, MPI_ERR_INFO, MPI_ERR_IO, MPI_ERR_KEYVAL, MPI_ERR_LOCKTYPE, MPI_ERR_NAME,
    MPI_ERR_NO_MEM, MPI_ERR_NOT_SAME, MPI_ERR_NO_SPACE, MPI_ERR_NO_SUCH_FILE, MPI_ERR_PORT,
    MPI_ERR_QUOTA, MPI_ERR_READ_ONLY, MPI_ERR_RMA_ATTACH, MPI_ERR_RMA_CONFLICT, MPI_ERR_RMA_RANGE,
    MPI_ERR_RMA_SHARED, MPI_ERR_RMA_SYNC, MPI_ERR_SERVICE, MPI_ERR_SIZE, MPI_ERR_SPAWN,
    MPI_ERR_UNSUPPORTED_DATAREP, MPI_ERR_UNSUPPORTED_OPERATION, MPI_ERR_WIN, MPI_ERR_RMA_FLAVOR,
#if MPI_VERSION >= 4
    MPI_ERR_PROC_ABORTED, MPI_ERR_VALUE_TOO_LARGE, MPI_ERR_SESSION,
#endif
#if MPI_VERSION >= 5
    MPI_ERR_ERRHANDLER, MPI_ERR_ABI,
#endif
};
/* clang-format on */

static void texts(void)
{
    char text[MPI_MAX_ERROR_STRING], first[MPI_MAX_ERROR_STRING];
    int length, class;

    for (int i = 0; i < T_COUNT(classes); i++) {
        length = class = -1;
        memset(text, T_GUARD_BYTE, sizeof text);
        CHECK_OK(MPI_Error_string(classes[i], text, &length));
        CHECK(length > 0 && length < MPI_MAX_ERROR_STRING && strlen(text) == (size_t)length,
              "class %d: length %d", classes[i], length);
        CHECK_OK(MPI_Error_class(classes[i], &class));
        CHECK(class == classes[i], "class %d has class %d", classes[i], class);
        CHECK(i < 2 || strcmp(text, first) != 0, "classes %d and %d have one text '%s'", classes[i],
              classes[i - 1], text);
        strcpy(first, text);
    }
}

int main(int argc, char **argv)
{
    t_init(&argc, &argv);
    MPI_Comm_set_errhandler(MPI_COMM_WORLD, MPI_ERRORS_RETURN);
    MPI_Comm_set_errhandler(MPI_COMM_SELF, MPI_ERRORS_RETURN);
    point_to_point();
    requests();
    types();
    communicators();
    collectives();
    still_works();
    texts();
    return t_finish();
}

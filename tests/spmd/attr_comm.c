/* attr_comm.c - attributes of communicators and datatypes: keys, values, callbacks that fail or call MPI. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "test.h"

static int copies, deletes, copy_code, delete_code, copy_flag = 1;
static void *last_value, *last_extra;
static MPI_Comm last_comm;
static int extra_state;

static int copy(MPI_Comm comm, int keyval, void *extra, void *in, void *out, int *flag)
{
    (void)keyval;
    copies++;
    last_comm = comm;
    last_extra = extra;
    *(void **)out = (char *)in + 1;
    *flag = copy_flag;
    return copy_code;
}

static int delete(MPI_Comm comm, int keyval, void *value, void *extra)
{
    (void)keyval;
    deletes++;
    last_comm = comm;
    last_extra = extra;
    last_value = value;
    return delete_code;
}

static int copy_type(MPI_Datatype type, int keyval, void *extra, void *in, void *out, int *flag)
{
    (void)type, (void)keyval, (void)extra;
    copies++;
    *(void **)out = in;
    *flag = copy_flag;
    return copy_code;
}

static int delete_type(MPI_Datatype type, int keyval, void *value, void *extra)
{
    (void)type, (void)keyval, (void)extra;
    deletes++;
    last_value = value;
    return delete_code;
}

static void reset(void)
{
    copies = deletes = 0;
    copy_code = delete_code = MPI_SUCCESS;
    copy_flag = 1;
}

static void *value_on(MPI_Comm comm, int key)
{
    void *value = NULL;
    int flag = -1;

    CHECK_OK(MPI_Comm_get_attr(comm, key, &value, &flag));
    CHECK(flag == 0 || flag == 1, "flag %d", flag);
    return flag ? value : NULL;
}

static void life(void)
{
    char place[8];
    MPI_Comm comm, dup;
    int key, kept;

    reset();
    MPI_Comm_dup(MPI_COMM_WORLD, &comm);
    CHECK_OK(MPI_Comm_create_keyval(copy, delete, &key, &extra_state));
    CHECK(value_on(comm, key) == NULL, "a value before one was set");
    CHECK_OK(MPI_Comm_set_attr(comm, key, place));
    CHECK(value_on(comm, key) == place && deletes == 0, "the first value, %d deletes", deletes);
    CHECK_OK(MPI_Comm_set_attr(comm, key, place + 1));
    CHECK(deletes == 1 && last_value == place && last_comm == comm && last_extra == &extra_state,
          "the delete callback at a second value: %d", deletes);
    CHECK_OK(MPI_Comm_dup(comm, &dup));
    CHECK(copies == 1 && last_comm == comm && last_extra == &extra_state, "%d copies", copies);
    CHECK(value_on(dup, key) == place + 2, "the copied value");
    kept = key;
    CHECK_OK(MPI_Comm_free_keyval(&key));
    CHECK(key == MPI_KEYVAL_INVALID, "the freed key is %d", key);
    CHECK(value_on(dup, kept) == place + 2, "the value under a freed key");
    CHECK(t_class(MPI_Comm_set_attr(MPI_COMM_WORLD, kept, place)) == MPI_ERR_KEYVAL, "a freed key was set");
    CHECK_OK(MPI_Comm_free(&dup));
    CHECK(deletes == 2 && last_value == place + 2, "%d deletes after free", deletes);
    CHECK_OK(MPI_Comm_delete_attr(comm, kept));
    CHECK(deletes == 3 && last_value == place + 1, "%d deletes after delete", deletes);
    CHECK(t_class(MPI_Comm_get_attr(comm, kept, &last_value, &copies)) == MPI_ERR_KEYVAL, "the key is still there");
    CHECK_OK(MPI_Comm_free(&comm));
    CHECK(deletes == 3, "a delete callback without an attribute");
}

static void failing(void)
{
    char place[4];
    MPI_Comm comm, dup = MPI_COMM_WORLD;
    int key;

    reset();
    MPI_Comm_dup(MPI_COMM_SELF, &comm);
    MPI_Comm_set_errhandler(comm, MPI_ERRORS_RETURN);
    MPI_Comm_create_keyval(copy, delete, &key, NULL);
    MPI_Comm_set_attr(comm, key, place);
    copy_code = MPI_ERR_OTHER;
    CHECK(t_class(MPI_Comm_dup(comm, &dup)) == MPI_ERR_OTHER, "dup with a failing copy callback");
    copy_code = 77777;
    CHECK(t_class(MPI_Comm_dup(comm, &dup)) == MPI_ERR_OTHER, "a copy callback that returns no error code");
    copy_code = MPI_SUCCESS;
    copy_flag = 0;
    CHECK_OK(MPI_Comm_dup(comm, &dup));
    CHECK(value_on(dup, key) == NULL, "a value though the flag was 0");
    MPI_Comm_free(&dup);
    CHECK(deletes == 0, "%d deletes", deletes);
    delete_code = MPI_ERR_ARG;
    CHECK(t_class(MPI_Comm_set_attr(comm, key, place + 1)) == MPI_ERR_ARG, "set over a value that stays");
    CHECK(t_class(MPI_Comm_delete_attr(comm, key)) == MPI_ERR_ARG, "delete of a value that stays");
    CHECK(value_on(comm, key) == place, "the value did not stay");
    dup = comm;
    CHECK(t_class(MPI_Comm_free(&comm)) == MPI_ERR_ARG && comm == dup, "free with a failing delete callback");
    CHECK(value_on(comm, key) == place && deletes == 3, "%d deletes", deletes);
    delete_code = MPI_SUCCESS;
    CHECK_OK(MPI_Comm_free(&comm));
    CHECK(deletes == 4, "%d deletes", deletes);
    MPI_Comm_free_keyval(&key);
}

/* Contexts and memory of duplicates that failed come back. */
static void failing_often(void)
{
    MPI_Comm comm, dup;
    int key;

    reset();
    MPI_Comm_dup(MPI_COMM_WORLD, &comm);
    MPI_Comm_set_errhandler(comm, MPI_ERRORS_RETURN);
    MPI_Comm_create_keyval(copy, MPI_COMM_NULL_DELETE_FN, &key, NULL);
    MPI_Comm_set_attr(comm, key, NULL);
    copy_code = MPI_ERR_OTHER;
    for (int i = 0; i < 9000; i++)
        CHECK(MPI_Comm_dup(comm, &dup) != MPI_SUCCESS, "round %d", i);
    copy_code = MPI_SUCCESS;
    CHECK_OK(MPI_Comm_dup(comm, &dup));
    MPI_Comm_free(&dup);
    MPI_Comm_free(&comm);
    MPI_Comm_free_keyval(&key);
}

/* Nothing is left of the attributes that were copied before the one that failed. */
static void failing_late(void)
{
    char place[4];
    MPI_Comm comm, dup;
    int first, second;

    reset();
    MPI_Comm_dup(MPI_COMM_SELF, &comm);
    MPI_Comm_set_errhandler(comm, MPI_ERRORS_RETURN);
    MPI_Comm_create_keyval(MPI_COMM_DUP_FN, delete, &first, NULL);
    MPI_Comm_create_keyval(copy, MPI_COMM_NULL_DELETE_FN, &second, NULL);
    MPI_Comm_set_attr(comm, first, place);
    MPI_Comm_set_attr(comm, second, place);
    copy_code = MPI_ERR_OTHER;
    CHECK(MPI_Comm_dup(comm, &dup) != MPI_SUCCESS, "dup succeeded");
    CHECK(deletes == 1 && last_value == place && last_comm != comm, "%d deletes of copies", deletes);
    MPI_Comm_free(&comm);
    CHECK(deletes == 2, "%d deletes", deletes);
    MPI_Comm_free_keyval(&first);
    MPI_Comm_free_keyval(&second);
}

/* The copies are made as MPI_Comm_idup is called; one that fails shows when the request is waited for. */
static void nonblocking(void)
{
    char place[4];
    MPI_Comm comm, dup;
    MPI_Request request;
    int key;

    reset();
    MPI_Comm_dup(MPI_COMM_WORLD, &comm);
    MPI_Comm_set_errhandler(comm, MPI_ERRORS_RETURN);
    MPI_Comm_create_keyval(copy, delete, &key, NULL);
    MPI_Comm_set_attr(comm, key, place);
    CHECK_OK(MPI_Comm_idup(comm, &dup, &request));
    CHECK(copies == 1, "%d copies", copies);
    CHECK_OK(MPI_Comm_set_attr(comm, key, place + 2));
    CHECK_OK(MPI_Wait(&request, MPI_STATUS_IGNORE));
    CHECK(value_on(dup, key) == place + 1, "the value of the duplicate");
    MPI_Comm_free(&dup);
    CHECK(deletes == 2, "%d deletes", deletes);
    copy_code = MPI_ERR_OTHER;
    MPI_Comm_idup(comm, &dup, &request);
    CHECK(t_class(MPI_Wait(&request, MPI_STATUS_IGNORE)) == MPI_ERR_OTHER, "idup with a failing copy callback");
    CHECK(dup == MPI_COMM_NULL && deletes == 2, "%d deletes", deletes);
    copy_code = MPI_SUCCESS;
    CHECK_OK(MPI_Comm_dup_with_info(comm, MPI_INFO_NULL, &dup));
    CHECK(value_on(dup, key) == place + 3, "the value of a duplicate with info");
    MPI_Comm_free(&dup);
    MPI_Comm_free(&comm);
    MPI_Comm_free_keyval(&key);
}

static int many_keys[3];

/* Sends a message, makes and frees a communicator, and deletes another attribute of the same one. */
static int busy_delete(MPI_Comm comm, int keyval, void *value, void *extra)
{
    MPI_Comm other;
    int in = -1, rank;

    (void)value, (void)extra;
    deletes++;
    MPI_Comm_rank(comm, &rank);
    MPI_Sendrecv(&rank, 1, MPI_INT, rank, 5, &in, 1, MPI_INT, rank, 5, comm, MPI_STATUS_IGNORE);
    CHECK(in == rank, "%d instead of %d", in, rank);
    MPI_Comm_dup(MPI_COMM_SELF, &other);
    MPI_Comm_free(&other);
    if (keyval == many_keys[2])
        CHECK_OK(MPI_Comm_delete_attr(comm, many_keys[1]));
    return MPI_SUCCESS;
}

static void callbacks_call(void)
{
    MPI_Comm comm;

    reset();
    MPI_Comm_dup(MPI_COMM_WORLD, &comm);
    for (int i = 0; i < 3; i++) {
        MPI_Comm_create_keyval(MPI_COMM_NULL_COPY_FN, busy_delete, &many_keys[i], NULL);
        MPI_Comm_set_attr(comm, many_keys[i], &many_keys[i]);
    }
    CHECK_OK(MPI_Comm_free(&comm));
    CHECK(deletes == 3, "%d deletes", deletes);
    for (int i = 0; i < 3; i++)
        MPI_Comm_free_keyval(&many_keys[i]);
}

static void types(void)
{
    char place[2];
    MPI_Datatype type, dup, got = MPI_DATATYPE_NULL;
    void *value = NULL;
    int key, flag = -1;

    reset();
    MPI_Type_contiguous(3, MPI_INT, &type);
    CHECK_OK(MPI_Type_create_keyval(copy_type, delete_type, &key, NULL));
    CHECK_OK(MPI_Type_set_attr(type, key, place));
    CHECK_OK(MPI_Type_dup(type, &dup));
    CHECK_OK(MPI_Type_get_attr(dup, key, &value, &flag));
    CHECK(flag && value == place && copies == 1, "the copy: flag %d", flag);
    copy_code = MPI_ERR_OTHER;
    CHECK(t_class(MPI_Type_dup(type, &got)) == MPI_ERR_OTHER && got == MPI_DATATYPE_NULL, "dup went on");
    delete_code = MPI_ERR_OTHER;
    CHECK(t_class(MPI_Type_free(&dup)) == MPI_ERR_OTHER && dup != MPI_DATATYPE_NULL, "free went on");
    delete_code = MPI_SUCCESS;
    CHECK_OK(MPI_Type_free(&dup));
    CHECK(deletes == 2, "%d deletes", deletes);
    CHECK_OK(MPI_Type_delete_attr(type, key));
    CHECK_OK(MPI_Type_get_attr(type, key, &value, &flag));
    CHECK(!flag && deletes == 3, "flag %d, %d deletes", flag, deletes);
    MPI_Type_free(&type);
    CHECK_OK(MPI_Type_set_attr(MPI_INT, key, place));
    CHECK_OK(MPI_Type_get_attr(MPI_INT, key, &value, &flag));
    CHECK(flag && value == place, "an attribute of MPI_INT");
    CHECK_OK(MPI_Type_free_keyval(&key));
}

static void kinds(void)
{
    int comm_key, type_key, win_key, value, flag, *tag_ub = NULL;

    MPI_Comm_create_keyval(MPI_COMM_DUP_FN, MPI_COMM_NULL_DELETE_FN, &comm_key, NULL);
    MPI_Type_create_keyval(MPI_TYPE_DUP_FN, MPI_TYPE_NULL_DELETE_FN, &type_key, NULL);
    CHECK_OK(MPI_Win_create_keyval(MPI_WIN_DUP_FN, MPI_WIN_NULL_DELETE_FN, &win_key, NULL));
    CHECK(t_class(MPI_Comm_set_attr(MPI_COMM_SELF, type_key, &value)) == MPI_ERR_KEYVAL, "a key of types");
    CHECK(t_class(MPI_Comm_set_attr(MPI_COMM_SELF, win_key, &value)) == MPI_ERR_KEYVAL, "a key of windows");
    CHECK(t_class(MPI_Type_set_attr(MPI_INT, comm_key, &value)) == MPI_ERR_KEYVAL, "a key of communicators");
    CHECK(t_class(MPI_Type_free_keyval(&comm_key)) == MPI_ERR_KEYVAL, "freed as another kind");
    CHECK(t_class(MPI_Comm_set_attr(MPI_COMM_WORLD, MPI_TAG_UB, &value)) == MPI_ERR_KEYVAL, "MPI_TAG_UB set");
    CHECK(t_class(MPI_Comm_delete_attr(MPI_COMM_WORLD, MPI_TAG_UB)) == MPI_ERR_KEYVAL, "MPI_TAG_UB deleted");
    value = MPI_TAG_UB;
    CHECK(t_class(MPI_Comm_free_keyval(&value)) == MPI_ERR_KEYVAL, "MPI_TAG_UB freed");
    CHECK_OK(MPI_Comm_get_attr(MPI_COMM_WORLD, MPI_TAG_UB, &tag_ub, &flag));
    CHECK(flag && *tag_ub >= 32767, "MPI_TAG_UB");
    CHECK_OK(MPI_Comm_free_keyval(&comm_key));
    CHECK_OK(MPI_Type_free_keyval(&type_key));
    CHECK_OK(MPI_Win_free_keyval(&win_key));
}

/* Any number of keys one after the other; the number of an old one stays unknown. */
static void many(void)
{
    int first, key, flag;
    void *value;

    MPI_Comm_create_keyval(MPI_COMM_NULL_COPY_FN, MPI_COMM_NULL_DELETE_FN, &first, NULL);
    key = first;
    MPI_Comm_free_keyval(&key);
    for (int i = 0; i < 500; i++) {
        MPI_Comm_create_keyval(MPI_COMM_NULL_COPY_FN, MPI_COMM_NULL_DELETE_FN, &key, NULL);
        CHECK(key != first, "the number of a freed key after %d others", i);
        MPI_Comm_free_keyval(&key);
    }
    CHECK(t_class(MPI_Comm_get_attr(MPI_COMM_SELF, first, &value, &flag)) == MPI_ERR_KEYVAL, "an old key");
}

int main(int argc, char **argv)
{
    t_init(&argc, &argv);
    MPI_Comm_set_errhandler(MPI_COMM_WORLD, MPI_ERRORS_RETURN);
    MPI_Comm_set_errhandler(MPI_COMM_SELF, MPI_ERRORS_RETURN);
    life();
    failing();
    failing_often();
    failing_late();
    nonblocking();
    callbacks_call();
    types();
    kinds();
    many();
    return t_finish();
}

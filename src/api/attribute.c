/* Attributes and their keys (MPI 5.0, 7.7, 9.1.2), and the functions of MPI-1 for them. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <string.h>

#include "../rma/window.h"
#include "../runtime/job.h"
#include "api.h"

static bool is_predefined(int number)
{
    return (number >= MPI_TAG_UB && number <= MPI_UNIVERSE_SIZE) || (number >= MPI_WIN_BASE && number <= MPI_WIN_MODEL);
}

static int bad_keyval(struct tri_comm *comm, int number)
{
    TRI_CHECK(number != MPI_KEYVAL_INVALID, comm, MPI_ERR_KEYVAL, "the attribute key is MPI_KEYVAL_INVALID");
    TRI_CHECK(!is_predefined(number), comm, MPI_ERR_KEYVAL,
              "the attribute key %d is one of the standard's own, which can not be set, deleted or freed", number);
    return tri_error(comm, MPI_ERR_KEYVAL,
                     "the attribute key %d is none of this kind of object, or has been freed", number);
}

#define TAKE_KEYVAL(variable, comm, number, kind)                                                                      \
    struct tri_keyval *variable = tri_keyval_get((number), (kind));                                                    \
    if (!variable) {                                                                                                   \
        return bad_keyval((comm), (number));                                                                           \
    }

/* ---- keys ---- */

static int create_keyval(enum tri_keyval_kind kind, union tri_copy_function copy, union tri_delete_function delete,
                         void *extra_state, int *number)
{
    TRI_CHECK(number, NULL, MPI_ERR_ARG, "the argument for the key is NULL");
    const struct tri_keyval *made = tri_keyval_make(kind, copy, delete, extra_state);
    TRI_CHECK(made, NULL, MPI_ERR_OTHER, "a million attribute keys are in use: free those no longer needed");
    *number = made->number;
    return MPI_SUCCESS;
}

static int free_keyval(enum tri_keyval_kind kind, int *number)
{
    TRI_CHECK(number, NULL, MPI_ERR_ARG, "the argument for the key is NULL");
    TAKE_KEYVAL(keyval, NULL, *number, kind);
    tri_keyval_free(keyval);
    *number = MPI_KEYVAL_INVALID;
    return MPI_SUCCESS;
}

TRI_API(Comm_create_keyval)(MPI_Comm_copy_attr_function *comm_copy_attr_fn,
                            MPI_Comm_delete_attr_function *comm_delete_attr_fn, int *comm_keyval, void *extra_state)
{
    return create_keyval(TRI_KEYVAL_COMM, (union tri_copy_function){.comm = comm_copy_attr_fn},
                         (union tri_delete_function){.comm = comm_delete_attr_fn}, extra_state, comm_keyval);
}

TRI_API(Keyval_create)(MPI_Copy_function *copy_fn, MPI_Delete_function *delete_fn, int *keyval, void *extra_state)
{
    return create_keyval(TRI_KEYVAL_COMM, (union tri_copy_function){.comm = copy_fn},
                         (union tri_delete_function){.comm = delete_fn}, extra_state, keyval);
}

TRI_API(Type_create_keyval)(MPI_Type_copy_attr_function *type_copy_attr_fn,
                            MPI_Type_delete_attr_function *type_delete_attr_fn, int *type_keyval, void *extra_state)
{
    return create_keyval(TRI_KEYVAL_TYPE, (union tri_copy_function){.type = type_copy_attr_fn},
                         (union tri_delete_function){.type = type_delete_attr_fn}, extra_state, type_keyval);
}

TRI_API(Win_create_keyval)(MPI_Win_copy_attr_function *win_copy_attr_fn,
                           MPI_Win_delete_attr_function *win_delete_attr_fn, int *win_keyval, void *extra_state)
{
    return create_keyval(TRI_KEYVAL_WIN, (union tri_copy_function){.win = win_copy_attr_fn},
                         (union tri_delete_function){.win = win_delete_attr_fn}, extra_state, win_keyval);
}

TRI_API(Comm_free_keyval)(int *comm_keyval)
{
    return free_keyval(TRI_KEYVAL_COMM, comm_keyval);
}

TRI_API(Keyval_free)(int *keyval)
{
    return free_keyval(TRI_KEYVAL_COMM, keyval);
}

TRI_API(Type_free_keyval)(int *type_keyval)
{
    return free_keyval(TRI_KEYVAL_TYPE, type_keyval);
}

TRI_API(Win_free_keyval)(int *win_keyval)
{
    return free_keyval(TRI_KEYVAL_WIN, win_keyval);
}

/* ---- what objects of all kinds have in common; comm is where errors go ---- */

static int set_attribute(struct tri_comm *comm, struct tri_attributes *of, void *handle, enum tri_keyval_kind kind,
                         int number, void *value)
{
    TAKE_KEYVAL(keyval, comm, number, kind);
    TRI_CHECK(!keyval->freed, comm, MPI_ERR_KEYVAL, "the attribute key %d has been freed", number);
    const char *function = tri_errhandler_function;
    int code = tri_attribute_set(of, handle, keyval, value);
    return code == MPI_SUCCESS ? code : tri_error_of_callback(comm, function, code, "delete");
}

static int get_attribute(struct tri_comm *comm, const struct tri_attributes *of, enum tri_keyval_kind kind, int number,
                         void *value, int *flag)
{
    TAKE_KEYVAL(keyval, comm, number, kind);
    void *found;
    *flag = tri_attribute_get(of, keyval, &found);
    if (*flag) {
        memcpy(value, &found, sizeof found);
    }
    return MPI_SUCCESS;
}

static int delete_attribute(struct tri_comm *comm, struct tri_attributes *of, void *handle, enum tri_keyval_kind kind,
                            int number)
{
    TAKE_KEYVAL(keyval, comm, number, kind);
    void *found;
    TRI_CHECK(tri_attribute_get(of, keyval, &found), comm, MPI_ERR_KEYVAL,
              "the object has no attribute under the key %d", number);
    const char *function = tri_errhandler_function;
    int code = tri_attribute_delete(of, handle, keyval);
    return code == MPI_SUCCESS ? code : tri_error_of_callback(comm, function, code, "delete");
}

/* ---- communicators ---- */

/* The attributes that the standard defines itself (MPI 5.0, 9.1.2, 9.5, 11.10.3). Whether number is one of them; *value
 * is NULL when it is not set. */
static bool get_predefined(int number, int **value)
{
    static int tag_ub = TRI_TAG_MAX, host = MPI_PROC_NULL, io = MPI_ANY_SOURCE, global = 1;
    switch (number) {
    case MPI_TAG_UB: *value = &tag_ub; return true;
    case MPI_HOST: *value = &host; return true;
    case MPI_IO: *value = &io; return true;
    case MPI_WTIME_IS_GLOBAL: *value = tri_job.size == tri_job.local_count ? &global : NULL; return true;
    case MPI_UNIVERSE_SIZE: *value = &tri_job.universe; return true;
    case MPI_APPNUM: *value = tri_job.appnum >= 0 ? &tri_job.appnum : NULL; return true;
    case MPI_LASTUSEDCODE: *value = &tri_error_last_used; return true;
    default: return false;
    }
}

static int get_of_comm(MPI_Comm comm, int number, void *attribute_val, int *flag)
{
    TRI_TAKE_COMM(of, comm);
    TRI_CHECK_POINTER(of, attribute_val);
    TRI_CHECK_POINTER(of, flag);
    int *value;
    if (!get_predefined(number, &value)) {
        return get_attribute(of, &of->attributes, TRI_KEYVAL_COMM, number, attribute_val, flag);
    }
    *flag = value != NULL;
    if (value) {
        memcpy(attribute_val, &value, sizeof value);
    }
    return MPI_SUCCESS;
}

static int set_on_comm(MPI_Comm comm, int number, void *value)
{
    TRI_TAKE_COMM(of, comm);
    return set_attribute(of, &of->attributes, of->handle, TRI_KEYVAL_COMM, number, value);
}

static int delete_from_comm(MPI_Comm comm, int number)
{
    TRI_TAKE_COMM(of, comm);
    return delete_attribute(of, &of->attributes, of->handle, TRI_KEYVAL_COMM, number);
}

TRI_API(Comm_set_attr)(MPI_Comm comm, int comm_keyval, void *attribute_val)
{
    return set_on_comm(comm, comm_keyval, attribute_val);
}

TRI_API(Comm_get_attr)(MPI_Comm comm, int comm_keyval, void *attribute_val, int *flag)
{
    return get_of_comm(comm, comm_keyval, attribute_val, flag);
}

TRI_API(Comm_delete_attr)(MPI_Comm comm, int comm_keyval)
{
    return delete_from_comm(comm, comm_keyval);
}

TRI_API(Attr_put)(MPI_Comm comm, int keyval, void *attribute_val)
{
    return set_on_comm(comm, keyval, attribute_val);
}

TRI_API(Attr_get)(MPI_Comm comm, int keyval, void *attribute_val, int *flag)
{
    return get_of_comm(comm, keyval, attribute_val, flag);
}

TRI_API(Attr_delete)(MPI_Comm comm, int keyval)
{
    return delete_from_comm(comm, keyval);
}

/* ---- datatypes ---- */

TRI_API(Type_set_attr)(MPI_Datatype datatype, int type_keyval, void *attribute_val)
{
    TRI_TAKE_TYPE(of, NULL, datatype);
    return set_attribute(NULL, &of->attributes, of->handle, TRI_KEYVAL_TYPE, type_keyval, attribute_val);
}

TRI_API(Type_get_attr)(MPI_Datatype datatype, int type_keyval, void *attribute_val, int *flag)
{
    TRI_TAKE_TYPE(of, NULL, datatype);
    TRI_CHECK_POINTER(NULL, attribute_val);
    TRI_CHECK_POINTER(NULL, flag);
    return get_attribute(NULL, &of->attributes, TRI_KEYVAL_TYPE, type_keyval, attribute_val, flag);
}

TRI_API(Type_delete_attr)(MPI_Datatype datatype, int type_keyval)
{
    TRI_TAKE_TYPE(of, NULL, datatype);
    return delete_attribute(NULL, &of->attributes, of->handle, TRI_KEYVAL_TYPE, type_keyval);
}

/* ---- windows ---- */

TRI_API(Win_set_attr)(MPI_Win win, int win_keyval, void *attribute_val)
{
    TRI_TAKE_WIN(of, win);
    return set_attribute(of->comm, &of->attributes, of->handle, TRI_KEYVAL_WIN, win_keyval, attribute_val);
}

/* The attributes that every window has (MPI 5.0, 12.2.6), or NULL: the base itself, the others by address. */
static void *predefined_of_window(struct tri_window *of, int number)
{
    switch (number) {
    case MPI_WIN_SIZE: return &of->size;
    case MPI_WIN_DISP_UNIT: return &of->disp_unit;
    case MPI_WIN_CREATE_FLAVOR: return &of->flavor;
    case MPI_WIN_MODEL: return &of->model;
    default: return NULL;
    }
}

TRI_API(Win_get_attr)(MPI_Win win, int win_keyval, void *attribute_val, int *flag)
{
    TRI_TAKE_WIN(of, win);
    TRI_CHECK_POINTER(of->comm, attribute_val);
    TRI_CHECK_POINTER(of->comm, flag);
    void *value = win_keyval == MPI_WIN_BASE ? of->base : predefined_of_window(of, win_keyval);
    if (!value && win_keyval != MPI_WIN_BASE) {
        return get_attribute(of->comm, &of->attributes, TRI_KEYVAL_WIN, win_keyval, attribute_val, flag);
    }
    *flag = 1;
    memcpy(attribute_val, &value, sizeof value);
    return MPI_SUCCESS;
}

TRI_API(Win_delete_attr)(MPI_Win win, int win_keyval)
{
    TRI_TAKE_WIN(of, win);
    return delete_attribute(of->comm, &of->attributes, of->handle, TRI_KEYVAL_WIN, win_keyval);
}

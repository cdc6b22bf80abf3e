/* Attributes: values that the program hangs on communicators, datatypes and windows under keys of its own. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TRI_ATTRIBUTE_H
#define TRI_ATTRIBUTE_H

#include "../../include/mpi.h"
#include "base.h"

enum tri_keyval_kind { TRI_KEYVAL_COMM, TRI_KEYVAL_TYPE, TRI_KEYVAL_WIN };

/* The callbacks of one kind; values below 2 are the ABI's NULL_COPY_FN, NULL_DELETE_FN and DUP_FN. */
union tri_copy_function {
    MPI_Comm_copy_attr_function *comm;
    MPI_Type_copy_attr_function *type;
    MPI_Win_copy_attr_function *win;
};

union tri_delete_function {
    MPI_Comm_delete_attr_function *comm;
    MPI_Type_delete_attr_function *type;
    MPI_Win_delete_attr_function *win;
};

struct tri_keyval {
    enum tri_keyval_kind kind;
    int number;     /* what the program knows it by; 0: not in use */
    int references; /* attributes under it, and one until the program frees it */
    bool freed;     /* by the program */
    union tri_copy_function copy;
    union tri_delete_function delete;
    void *extra_state;
    int next_free; /* index; -1: the last */
};

/* The attributes of one object, embedded in it; all zero is none. Newest first. */
struct tri_attributes {
    struct tri_attribute *first;
};

/* A new key, or NULL when a million are in use. */
struct tri_keyval *tri_keyval_make(enum tri_keyval_kind kind, union tri_copy_function copy,
                                   union tri_delete_function delete, void *extra_state);

/* The key of a number, also one that was freed while attributes use it; NULL: no key, or one of another kind. */
struct tri_keyval *tri_keyval_get(int number, enum tri_keyval_kind kind);

/* The program's reference. A second time is of no effect as long as attributes keep the key. */
void tri_keyval_free(struct tri_keyval *keyval);
void tri_keyval_end(void);

/* The callbacks of these may call MPI, and may change the same attributes. They return MPI_SUCCESS or what a callback
 * returned; then nothing has changed but what callbacks before it did. handle: the object's. */
int tri_attribute_set(struct tri_attributes *of, void *handle, struct tri_keyval *keyval, void *value);
int tri_attribute_delete(struct tri_attributes *of, void *handle, struct tri_keyval *keyval);

/* Whether there is one. */
bool tri_attribute_get(const struct tri_attributes *of, const struct tri_keyval *keyval, void **value);

/* For a duplicate, which has none yet: oldest first. After an error the copies made so far have been deleted again. */
int tri_attributes_copy(const struct tri_attributes *from, void *handle, struct tri_attributes *to, void *to_handle);

/* All of them, newest first. */
int tri_attributes_delete(struct tri_attributes *of, void *handle);

/* The same at the end of everything: goes on after an error, leaves none, and returns the first error. */
int tri_attributes_end(struct tri_attributes *of, void *handle);

/* The memory alone, without callbacks. */
void tri_attributes_drop(struct tri_attributes *of);

#endif

/* Attributes of objects, and their keys. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "attribute.h"

#include <stdlib.h>

#include "object.h"

struct tri_attribute {
    struct tri_attribute *next; /* older */
    struct tri_keyval *keyval;
    void *value;
};

/* ---- keys ---- */

/* A number is the index of the key with a generation above it: the number of a freed key is noticed, though its place
 * is taken again. The lowest generation keeps the numbers apart from those of the standard. */
enum { INDEX_BITS = 20, GENERATIONS = 1 << 10, INDEX_MASK = (1 << INDEX_BITS) - 1 };

static struct tri_keyval **keyvals;
static int count, room;
static int first_free = -1;

static struct tri_keyval *take_place(void)
{
    if (first_free >= 0) {
        struct tri_keyval *keyval = keyvals[first_free];
        first_free = keyval->next_free;
        return keyval;
    }
    if (count > INDEX_MASK) {
        return NULL;
    }
    if (count == room) {
        room = room ? 2 * room : 16;
        keyvals = tri_memory_grow(keyvals, (size_t)room * sizeof(struct tri_keyval *));
    }
    struct tri_keyval *keyval = tri_memory_take(sizeof *keyval);
    keyval->number = -count; /* of generation 0, which nobody has */
    keyvals[count++] = keyval;
    return keyval;
}

static struct tri_keyval *hold(struct tri_keyval *keyval)
{
    keyval->references++;
    return keyval;
}

/* The number stays in the free place, negative, so that the next one differs. */
static void release(struct tri_keyval *keyval)
{
    if (--keyval->references > 0) {
        return;
    }
    keyval->number = -keyval->number;
    keyval->next_free = first_free;
    first_free = -keyval->number & INDEX_MASK;
}

struct tri_keyval *tri_keyval_make(enum tri_keyval_kind kind, union tri_copy_function copy,
                                   union tri_delete_function delete, void *extra_state)
{
    struct tri_keyval *keyval = take_place();
    if (!keyval) {
        return NULL;
    }
    int last = -keyval->number;
    int generation = (last >> INDEX_BITS) % (GENERATIONS - 1) + 1;
    *keyval = (struct tri_keyval){.kind = kind,
                                  .number = (last & INDEX_MASK) | generation << INDEX_BITS,
                                  .references = 1,
                                  .copy = copy,
                                  .delete = delete,
                                  .extra_state = extra_state};
    return keyval;
}

struct tri_keyval *tri_keyval_get(int number, enum tri_keyval_kind kind)
{
    int index = number & INDEX_MASK;
    if (number <= INDEX_MASK || index >= count) {
        return NULL;
    }
    struct tri_keyval *keyval = keyvals[index];
    return keyval->number == number && keyval->kind == kind ? keyval : NULL;
}

void tri_keyval_free(struct tri_keyval *keyval)
{
    if (!keyval->freed) {
        keyval->freed = true;
        release(keyval);
    }
}

void tri_keyval_end(void)
{
    while (count > 0) {
        free(keyvals[--count]);
    }
    free(keyvals);
    keyvals = NULL;
    room = 0;
    first_free = -1;
}

/* ---- calls back ---- */

/* NULL_COPY_FN copies nothing. */
static int call_copy(const struct tri_keyval *keyval, void *handle, void *value, void *copied, int *flag)
{
    *flag = 0;
    if (keyval->copy.comm == MPI_COMM_NULL_COPY_FN) {
        return MPI_SUCCESS;
    }
    if (keyval->copy.comm == MPI_COMM_DUP_FN) {
        *(void **)copied = value;
        *flag = 1;
        return MPI_SUCCESS;
    }
    switch (keyval->kind) {
    case TRI_KEYVAL_COMM:
        return keyval->copy.comm(handle, keyval->number, keyval->extra_state, value, copied, flag);
    case TRI_KEYVAL_TYPE:
        return keyval->copy.type(handle, keyval->number, keyval->extra_state, value, copied, flag);
    default:
        return keyval->copy.win(handle, keyval->number, keyval->extra_state, value, copied, flag);
    }
}

static int call_delete(const struct tri_keyval *keyval, void *handle, void *value)
{
    if (keyval->delete.comm == MPI_COMM_NULL_DELETE_FN) {
        return MPI_SUCCESS;
    }
    switch (keyval->kind) {
    case TRI_KEYVAL_COMM:
        return keyval->delete.comm(handle, keyval->number, value, keyval->extra_state);
    case TRI_KEYVAL_TYPE:
        return keyval->delete.type(handle, keyval->number, value, keyval->extra_state);
    default:
        return keyval->delete.win(handle, keyval->number, value, keyval->extra_state);
    }
}

/* ---- attributes ---- */

static struct tri_attribute *find(const struct tri_attributes *of, const struct tri_keyval *keyval)
{
    struct tri_attribute *attribute = of->first;
    while (attribute && attribute->keyval != keyval) {
        attribute = attribute->next;
    }
    return attribute;
}

static void unlink_one(struct tri_attributes *of, struct tri_attribute *attribute)
{
    struct tri_attribute **link = &of->first;
    while (*link != attribute) {
        link = &(*link)->next;
    }
    *link = attribute->next;
    release(attribute->keyval);
    free(attribute);
}

static void add(struct tri_attributes *to, struct tri_keyval *keyval, void *value)
{
    struct tri_attribute *attribute = tri_memory_take(sizeof *attribute);
    *attribute = (struct tri_attribute){.next = to->first, .keyval = hold(keyval), .value = value};
    to->first = attribute;
}

bool tri_attribute_get(const struct tri_attributes *of, const struct tri_keyval *keyval, void **value)
{
    const struct tri_attribute *attribute = find(of, keyval);
    if (attribute) {
        *value = attribute->value;
    }
    return attribute != NULL;
}

int tri_attribute_delete(struct tri_attributes *of, void *handle, struct tri_keyval *keyval)
{
    struct tri_attribute *attribute = find(of, keyval);
    if (!attribute) {
        return MPI_SUCCESS;
    }
    hold(keyval);
    int code = call_delete(keyval, handle, attribute->value);
    /* The callback may have deleted it itself. */
    attribute = find(of, keyval);
    if (code == MPI_SUCCESS && attribute) {
        unlink_one(of, attribute);
    }
    release(keyval);
    return code;
}

int tri_attribute_set(struct tri_attributes *of, void *handle, struct tri_keyval *keyval, void *value)
{
    hold(keyval);
    int code = tri_attribute_delete(of, handle, keyval);
    if (code == MPI_SUCCESS) {
        add(of, keyval, value);
    }
    release(keyval);
    return code;
}

int tri_attributes_delete(struct tri_attributes *of, void *handle)
{
    int code = MPI_SUCCESS;
    while (of->first && code == MPI_SUCCESS) {
        code = tri_attribute_delete(of, handle, of->first->keyval);
    }
    return code;
}

int tri_attributes_end(struct tri_attributes *of, void *handle)
{
    int first = MPI_SUCCESS;
    while (of->first) {
        int code = tri_attributes_delete(of, handle);
        if (code != MPI_SUCCESS) {
            first = first == MPI_SUCCESS ? code : first;
            unlink_one(of, of->first);
        }
    }
    return first;
}

void tri_attributes_drop(struct tri_attributes *of)
{
    while (of->first) {
        unlink_one(of, of->first);
    }
}

/* What the list held, oldest first and with a reference to each key: callbacks may change the list. */
static struct tri_attribute *snapshot(const struct tri_attributes *of, int *length)
{
    *length = 0;
    for (const struct tri_attribute *each = of->first; each; each = each->next) {
        ++*length;
    }
    struct tri_attribute *copies = tri_memory_take((size_t)*length * sizeof *copies);
    int i = *length;
    for (const struct tri_attribute *each = of->first; each; each = each->next) {
        copies[--i] = *each;
        hold(each->keyval);
    }
    return copies;
}

int tri_attributes_copy(const struct tri_attributes *from, void *handle, struct tri_attributes *to, void *to_handle)
{
    if (!from->first) {
        return MPI_SUCCESS;
    }
    int length, code = MPI_SUCCESS;
    struct tri_attribute *old = snapshot(from, &length);
    for (int i = 0; i < length; i++) {
        void *copied = NULL;
        int flag = 0;
        if (code == MPI_SUCCESS) {
            code = call_copy(old[i].keyval, handle, old[i].value, &copied, &flag);
        }
        if (code == MPI_SUCCESS && flag) {
            add(to, old[i].keyval, copied);
        }
        release(old[i].keyval);
    }
    free(old);
    if (code != MPI_SUCCESS) {
        /* A failure here as well would have nobody to go to. */
        tri_attributes_delete(to, to_handle);
        tri_attributes_drop(to);
    }
    return code;
}

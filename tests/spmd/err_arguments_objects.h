/* err_arguments_objects.h - rows of wrong calls on communicators, groups, types, attributes, handlers and info. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef SPMD_ERR_ARGUMENTS_OBJECTS_H
#define SPMD_ERR_ARGUMENTS_OBJECTS_H

#include "err_arguments.h"

static char text[MPI_MAX_INFO_VAL + 8];
static MPI_Comm made_comm;
static MPI_Group made_group;
static MPI_Datatype made_type;
static MPI_Info made_info;
static void *pointer;

#define COMM_ROWS(call)                                                                                                \
    do {                                                                                                               \
        ROW(call(MPI_COMM_NULL), COMM);                                                                                \
        ROW(call(freed_comm()), COMM);                                                                                 \
        ROW(call(NOT_COMM), COMM);                                                                                     \
        ROW(call(NOT_COMM_2), COMM);                                                                                   \
    } while (0)

#define COMM_SIZE(c) MPI_Comm_size(c, other)
#define COMM_RANK(c) MPI_Comm_rank(c, other)
#define COMM_GROUP(c) MPI_Comm_group(c, &made_group)
#define COMM_INTER(c) MPI_Comm_test_inter(c, other)
#define COMM_COMPARE(c) MPI_Comm_compare(c, S, other)
#define COMM_DUP(c) MPI_Comm_dup(c, &made_comm)
#define COMM_SPLIT(c) MPI_Comm_split(c, 0, 0, &made_comm)
#define COMM_TYPE(c) MPI_Comm_split_type(c, MPI_COMM_TYPE_SHARED, 0, MPI_INFO_NULL, &made_comm)
#define COMM_CREATE(c) MPI_Comm_create(c, group_of_self, &made_comm)
#define COMM_FREE(c) MPI_Comm_free(comm_at(c))
#define COMM_NAME(c) MPI_Comm_set_name(c, "name")
#define COMM_IDUP(c) MPI_Comm_idup(c, &made_comm, &request)
#define COMM_DUP_INFO(c) MPI_Comm_dup_with_info(c, info, &made_comm)
#define COMM_CREATE_GROUP(c) MPI_Comm_create_group(c, group_of_self, TAG, &made_comm)
#define COMM_DISCONNECT(c) MPI_Comm_disconnect(comm_at(c))
#define COMM_SET_INFO(c) MPI_Comm_set_info(c, info)
#define COMM_GET_INFO(c) MPI_Comm_get_info(c, &made_info)
#define COMM_REMOTE(c) MPI_Comm_remote_size(c, other)
#define COMM_REMOTE_GROUP(c) MPI_Comm_remote_group(c, &made_group)
#define COMM_MERGE(c) MPI_Intercomm_merge(c, 0, &made_comm)
#define COMM_LOCAL(c) MPI_Intercomm_create(c, 0, W, 0, TAG, &made_comm)
#define COMM_PEER(c) MPI_Intercomm_create(S, 0, c, 0, TAG, &made_comm)
#define COMM_GET(c) MPI_Comm_get_attr(c, MPI_TAG_UB, &pointer, other)
#define COMM_SET(c) MPI_Comm_set_attr(c, MPI_TAG_UB, pointer)
#define COMM_DELETE(c) MPI_Comm_delete_attr(c, MPI_TAG_UB)
#define COMM_HANDLER(c) MPI_Comm_set_errhandler(c, MPI_ERRORS_RETURN)
#define COMM_CALL(c) MPI_Comm_call_errhandler(c, MPI_ERR_OTHER)

static void communicators(void)
{
    COMM_ROWS(COMM_SIZE);
    COMM_ROWS(COMM_RANK);
    COMM_ROWS(COMM_GROUP);
    COMM_ROWS(COMM_INTER);
    COMM_ROWS(COMM_COMPARE);
    COMM_ROWS(COMM_DUP);
    COMM_ROWS(COMM_SPLIT);
    COMM_ROWS(COMM_TYPE);
    COMM_ROWS(COMM_CREATE);
    COMM_ROWS(COMM_FREE);
    COMM_ROWS(COMM_NAME);
    COMM_ROWS(COMM_IDUP);
    COMM_ROWS(COMM_DUP_INFO);
    COMM_ROWS(COMM_CREATE_GROUP);
    COMM_ROWS(COMM_DISCONNECT);
    COMM_ROWS(COMM_SET_INFO);
    COMM_ROWS(COMM_GET_INFO);
    COMM_ROWS(COMM_REMOTE);
    COMM_ROWS(COMM_REMOTE_GROUP);
    COMM_ROWS(COMM_MERGE);
    COMM_ROWS(COMM_LOCAL);
    COMM_ROWS(COMM_PEER);
    COMM_ROWS(COMM_GET);
    COMM_ROWS(COMM_SET);
    COMM_ROWS(COMM_DELETE);
    COMM_ROWS(COMM_HANDLER);
    COMM_ROWS(COMM_CALL);
}

static void communicator_arguments(void)
{
    ROW(MPI_Comm_size(S, NULL), ARG);
    ROW(MPI_Comm_rank(S, NULL), ARG);
    ROW(MPI_Comm_group(S, NULL), ARG);
    ROW(MPI_Comm_compare(S, S, NULL), ARG);
    ROW(MPI_Comm_dup(S, NULL), ARG);
    ROW(MPI_Comm_split(S, 0, 0, NULL), ARG);
    ROW(MPI_Comm_split(S, -5, 0, &made_comm), ARG);
    ROW(MPI_Comm_split_type(S, -5, 0, MPI_INFO_NULL, &made_comm), ARG);
    ROW(MPI_Comm_create(S, MPI_GROUP_NULL, &made_comm), GROUP);
    ROW(MPI_Comm_create(S, freed_group(), &made_comm), GROUP);
    ROW(MPI_Comm_free(NULL), ARG);
    ROW(MPI_Comm_free(comm_at(W)), COMM);
    ROW(MPI_Comm_free(comm_at(S)), COMM);
    ROW(MPI_Comm_idup(S, NULL, &request), ARG);
    ROW(MPI_Comm_idup(S, &made_comm, NULL), ARG);
    ROW(MPI_Comm_dup_with_info(S, freed_info(), &made_comm), INFO);
    ROW(MPI_Comm_dup_with_info(S, info, NULL), ARG);
    ROW(MPI_Comm_set_info(S, freed_info()), INFO);
    ROW(MPI_Comm_set_info(S, NOT_INFO), INFO);
    ROW(MPI_Comm_get_info(S, NULL), ARG);
    ROW(MPI_Comm_create_group(S, group_of_self, -1, &made_comm), TAG);
    ROW(MPI_Comm_create_group(S, MPI_GROUP_NULL, 0, &made_comm), GROUP);
    ROW(MPI_Comm_create_group(S, group_of_self, 0, NULL), ARG);
    ROW(MPI_Comm_remote_size(S, other), COMM);
    ROW(MPI_Comm_remote_group(S, &made_group), COMM);
    ROW(MPI_Intercomm_merge(S, 0, &made_comm), COMM);
    ROW(MPI_Intercomm_create(S, 1, W, 0, TAG, &made_comm), RANK);
    ROW(MPI_Intercomm_create(S, 0, W, t_size, TAG, &made_comm), RANK);
    ROW(MPI_Intercomm_create(S, 0, W, 0, -1, &made_comm), TAG);
    ROW(MPI_Intercomm_create(S, 0, W, 0, TAG, NULL), ARG);
    ROW(MPI_Comm_get_parent(NULL), ARG);
    ROW(MPI_Comm_get_name(freed_comm(), text, other), COMM);
    ROW(MPI_Comm_get_name(NOT_COMM, text, other), COMM);
    ROW(MPI_Comm_set_name(S, NULL), ARG);
    ROW(MPI_Comm_get_name(S, NULL, other), ARG);
    ROW(MPI_Comm_get_name(S, text, NULL), ARG);
}

static void groups(void)
{
    MPI_Group g = group_of_self;

    ROW(MPI_Group_size(MPI_GROUP_NULL, other), GROUP);
    ROW(MPI_Group_size(freed_group(), other), GROUP);
    ROW(MPI_Group_size(NOT_GROUP, other), GROUP);
    ROW(MPI_Group_size(g, NULL), ARG);
    ROW(MPI_Group_rank(MPI_GROUP_NULL, other), GROUP);
    ROW(MPI_Group_rank(g, NULL), ARG);
    ROW(MPI_Group_compare(g, MPI_GROUP_NULL, other), GROUP);
    ROW(MPI_Group_compare(g, g, NULL), ARG);
    ROW(MPI_Group_union(g, freed_group(), &made_group), GROUP);
    ROW(MPI_Group_union(g, g, NULL), ARG);
    ROW(MPI_Group_intersection(MPI_GROUP_NULL, g, &made_group), GROUP);
    ROW(MPI_Group_difference(g, MPI_GROUP_NULL, &made_group), GROUP);
    ROW(MPI_Group_incl(g, 1, int_at(1), &made_group), RANK);
    ROW(MPI_Group_incl(g, 2, (int[]){0, 0}, &made_group), RANK);
    ROW(MPI_Group_incl(g, -1, int_at(0), &made_group), ARG);
    ROW(MPI_Group_incl(g, 1, NULL, &made_group), ARG);
    ROW(MPI_Group_excl(g, 1, int_at(-1), &made_group), RANK);
    ROW(MPI_Group_excl(freed_group(), 1, int_at(0), &made_group), GROUP);
    ROW(MPI_Group_range_incl(g, 1, (int[1][3]){{0, 0, 0}}, &made_group), ARG);
    ROW(MPI_Group_range_incl(g, 1, (int[1][3]){{0, 5, 1}}, &made_group), RANK);
    ROW(MPI_Group_range_incl(g, 1, NULL, &made_group), ARG);
    ROW(MPI_Group_range_excl(g, 1, (int[1][3]){{-1, 0, 1}}, &made_group), RANK);
    ROW(MPI_Group_translate_ranks(g, 1, int_at(9), g, other), RANK);
    ROW(MPI_Group_translate_ranks(g, -1, int_at(0), g, other), ARG);
    ROW(MPI_Group_translate_ranks(g, 1, NULL, g, other), ARG);
    ROW(MPI_Group_free(NULL), ARG);
    ROW(MPI_Group_free(group_at(MPI_GROUP_NULL)), GROUP);
    ROW(MPI_Group_free(group_at(freed_group())), GROUP);
}

#define TYPE_ROWS(call)                                                                                                \
    do {                                                                                                               \
        ROW(call(MPI_DATATYPE_NULL), TYPE);                                                                            \
        NOT_TYPE_ROWS(call);                                                                                           \
    } while (0)

/* For calls that take the null handle. */
#define NOT_TYPE_ROWS(call)                                                                                            \
    do {                                                                                                               \
        ROW(call(freed_type()), TYPE);                                                                                 \
        ROW(call(NOT_TYPE), TYPE);                                                                                     \
        ROW(call(NOT_TYPE_2), TYPE);                                                                                   \
    } while (0)

static MPI_Aint lb, extent;
#define CONTIGUOUS(t) MPI_Type_contiguous(1, t, &made_type)
#define VECTOR(t) MPI_Type_vector(1, 1, 1, t, &made_type)
#define HVECTOR(t) MPI_Type_create_hvector(1, 1, 4, t, &made_type)
#define INDEXED(t) MPI_Type_indexed(1, int_at(1), buf, t, &made_type)
#define HINDEXED(t) MPI_Type_create_hindexed(1, int_at(1), &lb, t, &made_type)
#define BLOCKS(t) MPI_Type_create_indexed_block(1, 1, int_at(1), t, &made_type)
#define STRUCT(t) MPI_Type_create_struct(1, int_at(1), &lb, type_at(t), &made_type)
#define RESIZED(t) MPI_Type_create_resized(t, 0, 8, &made_type)
#define DUP(t) MPI_Type_dup(t, &made_type)
#define COMMIT(t) MPI_Type_commit(type_at(t))
#define FREE(t) MPI_Type_free(type_at(t))
#define SIZE(t) MPI_Type_size(t, other)
#define EXTENT(t) MPI_Type_get_extent(t, &lb, &extent)
#define TRUE_EXTENT(t) MPI_Type_get_true_extent(t, &lb, &extent)
#define SET_NAME(t) MPI_Type_set_name(t, "name")
#define GET_NAME(t) MPI_Type_get_name(t, text, other)
#define SUBARRAY(t) MPI_Type_create_subarray(1, int_at(1), int_at(1), buf, MPI_ORDER_C, t, &made_type)
#define DARRAY(t)                                                                                                      \
    MPI_Type_create_darray(1, 0, 1, int_at(1), int_at(MPI_DISTRIBUTE_NONE), int_at(1), int_at(1), MPI_ORDER_C, t,      \
                           &made_type)
#define HBLOCKS(t) MPI_Type_create_hindexed_block(1, 1, &lb, t, &made_type)
#define ENVELOPE(t) MPI_Type_get_envelope(t, other, other, other, other)
#define CONTENTS(t) MPI_Type_get_contents(t, 1, 1, 1, other, &lb, &made_type)
#define PAIR_VALUE(t) MPI_Type_get_value_index(t, MPI_INT, &made_type)
#define PAIR_INDEX(t) MPI_Type_get_value_index(MPI_INT, t, &made_type)
#define EXTERNAL_SIZE(t) MPI_Pack_external_size("external32", 1, t, &lb)

static void types(void)
{
    TYPE_ROWS(CONTIGUOUS);
    TYPE_ROWS(VECTOR);
    TYPE_ROWS(HVECTOR);
    TYPE_ROWS(INDEXED);
    TYPE_ROWS(HINDEXED);
    TYPE_ROWS(BLOCKS);
    TYPE_ROWS(STRUCT);
    TYPE_ROWS(RESIZED);
    TYPE_ROWS(DUP);
    TYPE_ROWS(COMMIT);
    TYPE_ROWS(FREE);
    TYPE_ROWS(SIZE);
    TYPE_ROWS(EXTENT);
    TYPE_ROWS(TRUE_EXTENT);
    TYPE_ROWS(SET_NAME);
    NOT_TYPE_ROWS(GET_NAME);
    TYPE_ROWS(SUBARRAY);
    TYPE_ROWS(DARRAY);
    TYPE_ROWS(HBLOCKS);
    TYPE_ROWS(ENVELOPE);
    TYPE_ROWS(CONTENTS);
    TYPE_ROWS(PAIR_VALUE);
    TYPE_ROWS(PAIR_INDEX);
    TYPE_ROWS(EXTERNAL_SIZE);
    ROW(MPI_Type_contiguous(-1, MPI_INT, &made_type), COUNT);
    ROW(MPI_Type_contiguous(1, MPI_INT, NULL), ARG);
    ROW(MPI_Type_vector(-1, 1, 1, MPI_INT, &made_type), COUNT);
    ROW(MPI_Type_indexed(-1, int_at(1), buf, MPI_INT, &made_type), COUNT);
    ROW(MPI_Type_indexed(1, int_at(-1), buf, MPI_INT, &made_type), ARG);
    ROW(MPI_Type_indexed(1, NULL, buf, MPI_INT, &made_type), ARG);
    ROW(MPI_Type_indexed(1, int_at(1), NULL, MPI_INT, &made_type), ARG);
    ROW(MPI_Type_create_struct(1, NULL, &lb, type_at(MPI_INT), &made_type), ARG);
    ROW(MPI_Type_create_struct(1, int_at(1), &lb, NULL, &made_type), ARG);
    ROW(MPI_Type_create_struct(-1, int_at(1), &lb, type_at(MPI_INT), &made_type), COUNT);
    ROW(MPI_Type_dup(MPI_INT, NULL), ARG);
    ROW(MPI_Type_commit(NULL), ARG);
    ROW(MPI_Type_free(NULL), ARG);
    ROW(MPI_Type_free(type_at(MPI_INT)), TYPE);
    ROW(MPI_Type_size(MPI_INT, NULL), ARG);
    ROW(MPI_Type_get_extent(MPI_INT, NULL, &extent), ARG);
    ROW(MPI_Type_set_name(MPI_INT, NULL), ARG);
    ROW(MPI_Type_get_name(MPI_INT, text, NULL), ARG);
}

static void attributes(void)
{
    MPI_Win no_win = (MPI_Win)raw;

    ROW(MPI_Comm_create_keyval(MPI_COMM_NULL_COPY_FN, MPI_COMM_NULL_DELETE_FN, NULL, NULL), ARG);
    ROW(MPI_Comm_free_keyval(NULL), ARG);
    ROW(MPI_Comm_free_keyval(int_at(MPI_KEYVAL_INVALID)), KEYVAL);
    ROW(MPI_Comm_free_keyval(int_at(12345678)), KEYVAL);
    ROW(MPI_Comm_free_keyval(int_at(MPI_UNIVERSE_SIZE)), KEYVAL);
    ROW(MPI_Comm_set_attr(S, MPI_KEYVAL_INVALID, pointer), KEYVAL);
    ROW(MPI_Comm_set_attr(S, MPI_LASTUSEDCODE, pointer), KEYVAL);
    ROW(MPI_Comm_get_attr(S, -4, &pointer, other), KEYVAL);
    ROW(MPI_Comm_get_attr(S, MPI_TAG_UB, NULL, other), ARG);
    ROW(MPI_Comm_get_attr(S, MPI_TAG_UB, &pointer, NULL), ARG);
    ROW(MPI_Comm_delete_attr(S, MPI_APPNUM), KEYVAL);
    ROW(MPI_Attr_put(MPI_COMM_NULL, MPI_TAG_UB, pointer), COMM);
    ROW(MPI_Attr_get(S, MPI_KEYVAL_INVALID, &pointer, other), KEYVAL);
    ROW(MPI_Attr_delete(S, MPI_KEYVAL_INVALID), KEYVAL);
    ROW(MPI_Keyval_free(int_at(3)), KEYVAL);
    ROW(MPI_Type_set_attr(freed_type(), 5, pointer), TYPE);
    ROW(MPI_Type_set_attr(MPI_INT, MPI_TAG_UB, pointer), KEYVAL);
    ROW(MPI_Type_get_attr(MPI_INT, 5, &pointer, other), KEYVAL);
    ROW(MPI_Type_delete_attr(MPI_INT, MPI_KEYVAL_INVALID), KEYVAL);
    ROW(MPI_Type_free_keyval(int_at(MPI_KEYVAL_INVALID)), KEYVAL);
    ROW(MPI_Win_free_keyval(int_at(MPI_WIN_BASE)), KEYVAL);
    ROW(MPI_Win_set_attr(MPI_WIN_NULL, 5, pointer), WIN);
    ROW(MPI_Win_get_attr(no_win, MPI_WIN_BASE, &pointer, other), WIN);
    ROW(MPI_Win_delete_attr(MPI_WIN_NULL, 5), WIN);
}

static void errors(void)
{
    ROW(MPI_Comm_set_errhandler(S, MPI_ERRHANDLER_NULL), ERRHANDLER);
    ROW(MPI_Comm_set_errhandler(S, freed_handler()), ERRHANDLER);
    ROW(MPI_Comm_set_errhandler(S, NOT_HANDLER), ERRHANDLER);
    ROW(MPI_Comm_get_errhandler(S, NULL), ARG);
    ROW(MPI_Comm_create_errhandler(NULL, handler_at(MPI_ERRHANDLER_NULL)), ARG);
    ROW(MPI_Comm_create_errhandler(ignore, NULL), ARG);
    ROW(MPI_Errhandler_free(handler_at(MPI_ERRHANDLER_NULL)), ERRHANDLER);
    ROW(MPI_Errhandler_free(handler_at(freed_handler())), ERRHANDLER);
    ROW(MPI_Errhandler_free(NULL), ARG);
    ROW(MPI_Comm_call_errhandler(S, -5), ARG);
    ROW(MPI_File_get_errhandler((MPI_File)raw, handler_at(MPI_ERRHANDLER_NULL)), FILE);
    ROW(MPI_File_set_errhandler(MPI_FILE_NULL, MPI_ERRHANDLER_NULL), ERRHANDLER);
    ROW(MPI_File_set_errhandler(MPI_FILE_NULL, freed_handler()), ERRHANDLER);
    ROW(MPI_Win_get_errhandler(MPI_WIN_NULL, handler_at(MPI_ERRHANDLER_NULL)), WIN);
    ROW(MPI_Win_call_errhandler(MPI_WIN_NULL, MPI_ERR_OTHER), WIN);
    ROW(MPI_Error_class(-1, other), ARG);
    ROW(MPI_Error_class(MPI_ERR_LASTCODE, other), ARG);
    ROW(MPI_Error_class(MPI_ERR_ARG, NULL), ARG);
    ROW(MPI_Error_string(99999, text, other), ARG);
    ROW(MPI_Error_string(MPI_ERR_ARG, NULL, other), ARG);
    ROW(MPI_Error_string(MPI_ERR_ARG, text, NULL), ARG);
    ROW(MPI_Add_error_class(NULL), ARG);
    ROW(MPI_Add_error_code(MPI_ERR_ARG, NULL), ARG);
    ROW(MPI_Add_error_code(99999, other), ARG);
    ROW(MPI_Add_error_string(99999, "text"), ARG);
    ROW(MPI_Remove_error_class(99999), ARG);
    ROW(MPI_Remove_error_code(MPI_ERR_ARG), ARG);
    ROW(MPI_Remove_error_string(-1), ARG);
}

static void infos(void)
{
    memset(text, 'x', sizeof text);
    text[sizeof text - 1] = '\0';
    ROW(MPI_Info_create(NULL), ARG);
    ROW(MPI_Info_free(NULL), ARG);
    ROW(MPI_Info_free(info_at(MPI_INFO_NULL)), INFO);
    ROW(MPI_Info_free(info_at(freed_info())), INFO);
    ROW(MPI_Info_free(info_at(MPI_INFO_ENV)), INFO);
    ROW(MPI_Info_dup(NOT_INFO, &made_info), INFO);
    ROW(MPI_Info_dup(info, NULL), ARG);
    ROW(MPI_Info_set(MPI_INFO_NULL, "key", "value"), INFO);
    ROW(MPI_Info_set(MPI_INFO_ENV, "key", "value"), INFO);
    ROW(MPI_Info_set(info, "", "value"), INFO_KEY);
    ROW(MPI_Info_set(info, NULL, "value"), INFO_KEY);
    ROW(MPI_Info_set(info, text, "value"), INFO_KEY);
    ROW(MPI_Info_set(info, "key", NULL), INFO_VALUE);
    ROW(MPI_Info_set(info, "key", text), INFO_VALUE);
    ROW(MPI_Info_delete(info, "absent"), INFO_NOKEY);
    ROW(MPI_Info_delete(MPI_INFO_ENV, "command"), INFO);
    ROW(MPI_Info_get_nkeys(freed_info(), other), INFO);
    ROW(MPI_Info_get_nkeys(info, NULL), ARG);
    ROW(MPI_Info_get_nthkey(info, 0, text), ARG);
    ROW(MPI_Info_get_nthkey(MPI_INFO_ENV, -1, text), ARG);
    ROW(MPI_Info_get_nthkey(MPI_INFO_ENV, 0, NULL), ARG);
    ROW(MPI_Info_get(info, "key", -1, text, other), ARG);
    ROW(MPI_Info_get(freed_info(), "key", 4, text, other), INFO);
    ROW(MPI_Info_get(info, "key", 4, text, NULL), ARG);
    ROW(MPI_Info_get_string(info, "key", NULL, text, other), ARG);
    ROW(MPI_Info_get_string(info, "", int_at(4), text, other), INFO_KEY);
    ROW(MPI_Info_get_string(MPI_INFO_ENV, "wdir", int_at(4), NULL, other), ARG);
    ROW(MPI_Info_get_valuelen(info, "key", NULL, other), ARG);
    ROW(MPI_Info_get_valuelen(MPI_INFO_NULL, "key", other, other), INFO);
    ROW(MPI_Info_create_env(0, NULL, NULL), ARG);
    ROW(MPI_Info_create_env(-1, NULL, &made_info), ARG);
}

static void environment(void)
{
    ROW(MPI_Get_hw_resource_info(NULL), ARG);
    ROW(MPI_Abi_set_fortran_info(MPI_INFO_NULL), INFO);
    ROW(MPI_Abi_set_fortran_booleans(3, buf, other), ARG);
    ROW(MPI_Abi_get_fortran_booleans(4, NULL, other, buf), ARG);
    ROW(MPI_Alloc_mem(-1, MPI_INFO_NULL, &pointer), ARG);
    ROW(MPI_Alloc_mem(1, MPI_INFO_NULL, NULL), ARG);
    ROW(MPI_Get_processor_name(NULL, other), ARG);
    ROW(MPI_Get_version(NULL, other), ARG);
    ROW(MPI_Get_library_version(text, NULL), ARG);
    ROW(MPI_Get_address(buf, NULL), ARG);
    ROW(MPI_Query_thread(NULL), ARG);
    ROW(MPI_Is_thread_main(NULL), ARG);
    ROW(MPI_Initialized(NULL), ARG);
    ROW(MPI_Finalized(NULL), ARG);
}

static void objects(void)
{
    communicators();
    communicator_arguments();
    groups();
    types();
    attributes();
    errors();
    infos();
    environment();
}

#endif

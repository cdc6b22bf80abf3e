/* Sessions, and communicators from groups (MPI 5.0, 11.3, 7.4.2, 7.6.2). */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "../comm/session.h"
#include "../runtime/info.h"
#include "api.h"
#include "instance.h"

static const char *const level_names[] = {"MPI_THREAD_SINGLE", "MPI_THREAD_FUNNELED", "MPI_THREAD_SERIALIZED",
                                          "MPI_THREAD_MULTIPLE"};

/* Index in level_names of one of the levels, whose values are not its numbers. */
static int level_of_index(int index)
{
    static const int levels[] = {MPI_THREAD_SINGLE, MPI_THREAD_FUNNELED, MPI_THREAD_SERIALIZED, MPI_THREAD_MULTIPLE};
    return levels[index];
}

static const char *level_name(int level)
{
    for (int i = 0; i < (int)TRI_COUNT_OF(level_names); i++) {
        if (level_of_index(i) == level) {
            return level_names[i];
        }
    }
    return "unknown";
}

/* What the info asks for; without a word the safest. */
static int level_wanted(MPI_Info handle)
{
    const struct tri_info *info = handle == MPI_INFO_NULL ? NULL : tri_info_get(handle);
    const char *wanted = info ? tri_info_value(info, "thread_level") : NULL;
    for (int i = 0; wanted && i < (int)TRI_COUNT_OF(level_names); i++) {
        if (!strcasecmp(wanted, level_names[i])) {
            return level_of_index(i);
        }
    }
    return MPI_THREAD_MULTIPLE;
}

#define TAKE_SESSION(variable, handle)                                                                                 \
    struct tri_session *variable = tri_session_get(handle);                                                            \
    TRI_CHECK(variable, NULL, MPI_ERR_SESSION, "the session is %s",                                                    \
              (handle) == MPI_SESSION_NULL ? "MPI_SESSION_NULL" : "not such a handle, or has been finalized")

/* Raises an error on the session, under whose handler it falls. */
#define SESSION_CHECK(condition, on, class, ...)                                                                       \
    do {                                                                                                               \
        if (TRI_UNLIKELY(!(condition))) {                                                                              \
            char text[400];                                                                                            \
            snprintf(text, sizeof text, __VA_ARGS__);                                                                  \
            return tri_error_on((on)->errhandler, &(on)->handle, "the session", (class), text);                        \
        }                                                                                                              \
    } while (0)

TRI_API_ANYTIME(Session_init)(MPI_Info info, MPI_Errhandler errhandler, MPI_Session *session)
{
    struct tri_errhandler *handler = tri_errhandler_get(errhandler);
    if (!session || !handler) {
        return tri_error_code(NULL, session ? MPI_ERR_ERRHANDLER : MPI_ERR_ARG,
                              session ? "the error handler is not one" : "argument session is NULL");
    }
    int level = level_wanted(info);
    tri_instance_enter(level);
    *session = tri_session_make(handler, level)->handle;
    return MPI_SUCCESS;
}

TRI_API(Session_finalize)(MPI_Session *session)
{
    TRI_CHECK_POINTER(NULL, session);
    TAKE_SESSION(of, *session);
    tri_p2p_drain();
    tri_session_free(of);
    *session = MPI_SESSION_NULL;
    tri_instance_leave();
    return MPI_SUCCESS;
}

TRI_API(Session_get_info)(MPI_Session session, MPI_Info *info_used)
{
    TAKE_SESSION(of, session);
    SESSION_CHECK(info_used, of, MPI_ERR_ARG, "argument info_used is NULL");
    struct tri_info *info = tri_info_make();
    tri_info_set(info, "thread_level", level_name(of->thread_level));
    *info_used = info->handle;
    return MPI_SUCCESS;
}

TRI_API(Session_get_num_psets)(MPI_Session session, MPI_Info info, int *npset_names)
{
    (void)info;
    TAKE_SESSION(of, session);
    SESSION_CHECK(npset_names, of, MPI_ERR_ARG, "argument npset_names is NULL");
    *npset_names = tri_pset_count();
    return MPI_SUCCESS;
}

TRI_API(Session_get_nth_pset)(MPI_Session session, MPI_Info info, int n, int *pset_len, char *pset_name)
{
    (void)info;
    TAKE_SESSION(of, session);
    SESSION_CHECK(pset_len, of, MPI_ERR_ARG, "argument pset_len is NULL");
    const char *name = tri_pset_name(n);
    SESSION_CHECK(name, of, MPI_ERR_ARG, "n is %d, but there are the process sets 0 to %d", n, tri_pset_count() - 1);
    if (*pset_len > 0) {
        SESSION_CHECK(pset_name, of, MPI_ERR_ARG, "argument pset_name is NULL");
        snprintf(pset_name, (size_t)*pset_len, "%s", name);
    }
    *pset_len = (int)strlen(name) + 1;
    return MPI_SUCCESS;
}

TRI_API(Session_get_pset_info)(MPI_Session session, const char *pset_name, MPI_Info *info)
{
    TAKE_SESSION(of, session);
    SESSION_CHECK(pset_name && info, of, MPI_ERR_ARG, "argument %s is NULL", pset_name ? "info" : "pset_name");
    struct tri_group *group = tri_pset_group(of, pset_name);
    SESSION_CHECK(group, of, MPI_ERR_ARG, "there is no process set \"%s\"", pset_name);
    char size[20];
    snprintf(size, sizeof size, "%d", group->size);
    tri_group_release(group);
    struct tri_info *made = tri_info_make();
    tri_info_set(made, "mpi_size", size);
    *info = made->handle;
    return MPI_SUCCESS;
}

TRI_API(Group_from_session_pset)(MPI_Session session, const char *pset_name, MPI_Group *newgroup)
{
    TAKE_SESSION(of, session);
    SESSION_CHECK(pset_name && newgroup, of, MPI_ERR_ARG, "argument %s is NULL", pset_name ? "newgroup" : "pset_name");
    struct tri_group *group = tri_pset_group(of, pset_name);
    SESSION_CHECK(group, of, MPI_ERR_ARG, "there is no process set \"%s\" (MPI_Session_get_nth_pset lists them)",
                  pset_name);
    *newgroup = group->handle;
    return MPI_SUCCESS;
}

/* ---- error handlers ---- */

TRI_API(Session_set_errhandler)(MPI_Session session, MPI_Errhandler errhandler)
{
    TAKE_SESSION(of, session);
    struct tri_errhandler *handler = tri_errhandler_get(errhandler);
    SESSION_CHECK(handler, of, MPI_ERR_ERRHANDLER, "the error handler is not one");
    SESSION_CHECK(handler->kind == TRI_HANDLER_ANY || handler->kind == TRI_HANDLER_SESSION, of, MPI_ERR_ERRHANDLER,
                  "the error handler is one of another kind of object");
    tri_errhandler_replace(&of->errhandler, handler);
    return MPI_SUCCESS;
}

TRI_API(Session_get_errhandler)(MPI_Session session, MPI_Errhandler *errhandler)
{
    TAKE_SESSION(of, session);
    SESSION_CHECK(errhandler, of, MPI_ERR_ARG, "argument errhandler is NULL");
    tri_errhandler_hold(of->errhandler);
    *errhandler = of->errhandler->handle;
    return MPI_SUCCESS;
}

TRI_API(Session_call_errhandler)(MPI_Session session, int errorcode)
{
    TAKE_SESSION(of, session);
    tri_error_on(of->errhandler, &of->handle, "the session", errorcode, "raised by the program");
    return MPI_SUCCESS;
}

/* ---- communicators from groups ---- */

/* Processes that make several at the same time tell them apart by this. */
static uint32_t tag_of(const char *text)
{
    uint32_t hash = 2166136261u; /* FNV-1a */
    for (; *text; text++) {
        hash = (hash ^ (unsigned char)*text) * 16777619u;
    }
    return hash & 0x7fffffff;
}

static int take_tag(const char *stringtag, MPI_Errhandler errhandler, struct tri_errhandler **handler, uint32_t *tag)
{
    *handler = tri_errhandler_get(errhandler);
    TRI_CHECK(*handler, NULL, MPI_ERR_ERRHANDLER, "the error handler is not one");
    TRI_CHECK(stringtag, NULL, MPI_ERR_ARG, "argument stringtag is NULL");
    TRI_CHECK(strlen(stringtag) < MPI_MAX_STRINGTAG_LEN, NULL, MPI_ERR_ARG,
              "the string tag has %zu characters, but at most %d are allowed", strlen(stringtag),
              MPI_MAX_STRINGTAG_LEN - 1);
    *tag = tag_of(stringtag);
    return MPI_SUCCESS;
}

TRI_API(Comm_create_from_group)(MPI_Group group, const char *stringtag, MPI_Info info, MPI_Errhandler errhandler,
                                MPI_Comm *newcomm)
{
    (void)info;
    TRI_TAKE_GROUP(members, group);
    TRI_CHECK_POINTER(NULL, newcomm);
    struct tri_errhandler *handler;
    uint32_t tag;
    int code = take_tag(stringtag, errhandler, &handler, &tag);
    if (code != MPI_SUCCESS) {
        return code;
    }
    if (members->size == 0) {
        *newcomm = MPI_COMM_NULL;
        return MPI_SUCCESS;
    }
    TRI_CHECK(members->rank != MPI_UNDEFINED, NULL, MPI_ERR_GROUP, "this process is not in the group");
    struct tri_comm *made;
    code = tri_comm_create_group(members, TRI_CONTEXT_NOBODY | TRI_CONTEXT_GROUP, (int)tag, handler, &made);
    if (code == MPI_SUCCESS) {
        *newcomm = made->handle;
    }
    return code;
}

static int check_groups(const struct tri_group *local, int local_leader, MPI_Group remote_group, int remote_leader)
{
    TRI_CHECK(local->rank != MPI_UNDEFINED, NULL, MPI_ERR_GROUP, "this process is not in the local group");
    TRI_CHECK(local_leader >= 0 && local_leader < local->size, NULL, MPI_ERR_RANK,
              "the local leader is rank %d, but the group has ranks 0 to %d", local_leader, local->size - 1);
    if (local->rank != local_leader) {
        return MPI_SUCCESS;
    }
    TRI_TAKE_GROUP(remote, remote_group);
    TRI_CHECK(remote_leader >= 0 && remote_leader < remote->size, NULL, MPI_ERR_RANK,
              "the remote leader is rank %d, but the group has ranks 0 to %d", remote_leader, remote->size - 1);
    return MPI_SUCCESS;
}

TRI_API(Intercomm_create_from_groups)(MPI_Group local_group, int local_leader, MPI_Group remote_group,
                                      int remote_leader, const char *stringtag, MPI_Info info,
                                      MPI_Errhandler errhandler, MPI_Comm *newintercomm)
{
    (void)info;
    TRI_TAKE_GROUP(local, local_group);
    TRI_CHECK_POINTER(NULL, newintercomm);
    struct tri_errhandler *handler;
    uint32_t tag;
    int code = take_tag(stringtag, errhandler, &handler, &tag);
    if (code == MPI_SUCCESS) {
        code = check_groups(local, local_leader, remote_group, remote_leader);
    }
    struct tri_comm *made;
    if (code == MPI_SUCCESS) {
        code = tri_intercomm_create_from_groups(local, local_leader, tri_group_get(remote_group), remote_leader, tag,
                                                handler, &made);
    }
    if (code == MPI_SUCCESS) {
        *newintercomm = made->handle;
    }
    return code;
}

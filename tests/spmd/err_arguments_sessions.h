/* err_arguments_sessions.h - rows of wrong calls on sessions, on what is made from groups, and on partitioned
 * messages. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef SPMD_ERR_ARGUMENTS_SESSIONS_H
#define SPMD_ERR_ARGUMENTS_SESSIONS_H

#include "err_arguments_objects.h"

static MPI_Session freed_session(void)
{
    MPI_Session session, copy;

    MPI_Session_init(MPI_INFO_NULL, MPI_ERRORS_RETURN, &session);
    copy = session;
    MPI_Session_finalize(&session);
    return copy;
}

static MPI_Session *session_at(MPI_Session session)
{
    static MPI_Session copy;

    copy = session;
    return &copy;
}

#define SESSION_ROWS(call)                                                                                             \
    do {                                                                                                               \
        ROW(call(MPI_SESSION_NULL), SESSION);                                                                          \
        ROW(call(freed_session()), SESSION);                                                                           \
        ROW(call((MPI_Session)MPI_INT), SESSION);                                                                      \
    } while (0)

#define SESSION_END(s) MPI_Session_finalize(session_at(s))
#define SESSION_INFO(s) MPI_Session_get_info(s, &made_info)
#define SESSION_COUNT(s) MPI_Session_get_num_psets(s, MPI_INFO_NULL, other)
#define SESSION_NAME(s) MPI_Session_get_nth_pset(s, MPI_INFO_NULL, 0, other, text)
#define SESSION_PSET(s) MPI_Session_get_pset_info(s, "mpi://SELF", &made_info)
#define SESSION_GROUP(s) MPI_Group_from_session_pset(s, "mpi://SELF", &made_group)
#define SESSION_HANDLER(s) MPI_Session_set_errhandler(s, MPI_ERRORS_RETURN)
#define SESSION_CALL(s) MPI_Session_call_errhandler(s, MPI_ERR_OTHER)

static void sessions(void)
{
    MPI_Session session;

    SESSION_ROWS(SESSION_END);
    SESSION_ROWS(SESSION_INFO);
    SESSION_ROWS(SESSION_COUNT);
    SESSION_ROWS(SESSION_NAME);
    SESSION_ROWS(SESSION_PSET);
    SESSION_ROWS(SESSION_GROUP);
    SESSION_ROWS(SESSION_HANDLER);
    SESSION_ROWS(SESSION_CALL);
    MPI_Session_init(MPI_INFO_NULL, MPI_ERRORS_RETURN, &session);
    ROW(MPI_Session_init(MPI_INFO_NULL, MPI_ERRHANDLER_NULL, session_at(MPI_SESSION_NULL)), ERRHANDLER);
    ROW(MPI_Session_init(MPI_INFO_NULL, MPI_ERRORS_RETURN, NULL), ARG);
    ROW(MPI_Session_finalize(NULL), ARG);
    ROW(MPI_Session_get_info(session, NULL), ARG);
    ROW(MPI_Session_get_num_psets(session, MPI_INFO_NULL, NULL), ARG);
    ROW(MPI_Session_get_nth_pset(session, MPI_INFO_NULL, -1, other, text), ARG);
    ROW(MPI_Session_get_nth_pset(session, MPI_INFO_NULL, 1000, other, text), ARG);
    ROW(MPI_Session_get_nth_pset(session, MPI_INFO_NULL, 0, NULL, text), ARG);
    ROW(MPI_Session_get_pset_info(session, "mpi://NOBODY", &made_info), ARG);
    ROW(MPI_Session_get_pset_info(session, NULL, &made_info), ARG);
    ROW(MPI_Group_from_session_pset(session, "", &made_group), ARG);
    ROW(MPI_Group_from_session_pset(session, NULL, &made_group), ARG);
    ROW(MPI_Group_from_session_pset(session, "mpi://SELF", NULL), ARG);
    ROW(MPI_Session_set_errhandler(session, freed_handler()), ERRHANDLER);
    ROW(MPI_Session_get_errhandler(session, NULL), ARG);
    MPI_Session_finalize(&session);
}

static void from_groups(void)
{
    MPI_Group own = group_of_self;
    MPI_Errhandler handler = MPI_ERRORS_RETURN;

    memset(text, 'x', MPI_MAX_STRINGTAG_LEN);
    text[MPI_MAX_STRINGTAG_LEN] = '\0';
    ROW(MPI_Comm_create_from_group(MPI_GROUP_NULL, "tag", MPI_INFO_NULL, handler, &made_comm), GROUP);
    ROW(MPI_Comm_create_from_group(freed_group(), "tag", MPI_INFO_NULL, handler, &made_comm), GROUP);
    ROW(MPI_Comm_create_from_group(own, NULL, MPI_INFO_NULL, handler, &made_comm), ARG);
    ROW(MPI_Comm_create_from_group(own, text, MPI_INFO_NULL, handler, &made_comm), ARG);
    ROW(MPI_Comm_create_from_group(own, "tag", MPI_INFO_NULL, freed_handler(), &made_comm), ERRHANDLER);
    ROW(MPI_Comm_create_from_group(own, "tag", MPI_INFO_NULL, handler, NULL), ARG);
    ROW(MPI_Intercomm_create_from_groups(MPI_GROUP_NULL, 0, own, 0, "tag", MPI_INFO_NULL, handler, &made_comm), GROUP);
    ROW(MPI_Intercomm_create_from_groups(own, 1, own, 0, "tag", MPI_INFO_NULL, handler, &made_comm), RANK);
    ROW(MPI_Intercomm_create_from_groups(own, 0, own, 1, "tag", MPI_INFO_NULL, handler, &made_comm), RANK);
    ROW(MPI_Intercomm_create_from_groups(own, 0, own, 0, "tag", MPI_INFO_NULL, handler, &made_comm), GROUP);
    ROW(MPI_Intercomm_create_from_groups(own, 0, MPI_GROUP_NULL, 0, "tag", MPI_INFO_NULL, handler, &made_comm), GROUP);
    ROW(MPI_Intercomm_create_from_groups(own, 0, own, 0, "tag", MPI_INFO_NULL, handler, NULL), ARG);
}

static void partitioned(void)
{
#define PSEND(parts, count, type, dest, tag, comm)                                                                     \
    MPI_Psend_init(buf, parts, count, type, dest, tag, comm, MPI_INFO_NULL, &request)
#define PRECV(parts, count, type, source, tag, comm)                                                                   \
    MPI_Precv_init(buf, parts, count, type, source, tag, comm, MPI_INFO_NULL, &request)
    ROW(PSEND(-1, 1, MPI_INT, 0, TAG, S), ARG);
    ROW(PSEND(1, -1, MPI_INT, 0, TAG, S), COUNT);
    ROW(PSEND(1, 1, freed_type(), 0, TAG, S), TYPE);
    ROW(PSEND(1, 1, MPI_INT, 1, TAG, S), RANK);
    ROW(PSEND(1, 1, MPI_INT, 0, -1, S), TAG);
    ROW(PSEND(1, 1, MPI_INT, 0, TAG, freed_comm()), COMM);
    ROW(PRECV(-1, 1, MPI_INT, 0, TAG, S), ARG);
    ROW(PRECV(1, -1, MPI_INT, 0, TAG, S), COUNT);
    ROW(PRECV(1, 1, MPI_DATATYPE_NULL, 0, TAG, S), TYPE);
    ROW(PRECV(1, 1, MPI_INT, 1, TAG, S), RANK);
    ROW(PRECV(1, 1, MPI_INT, MPI_ANY_SOURCE, TAG, S), RANK);
    ROW(PRECV(1, 1, MPI_INT, 0, MPI_ANY_TAG, S), TAG);
    ROW(PRECV(1, 1, MPI_INT, 0, TAG, MPI_COMM_NULL), COMM);
    ROW(MPI_Psend_init(buf, 1, 1, MPI_INT, 0, TAG, S, freed_info(), &request), INFO);
    ROW(MPI_Precv_init(buf, 1, 1, MPI_INT, 0, TAG, S, freed_info(), &request), INFO);
    ROW(MPI_Pready(0, *waited()), REQUEST);
    ROW(MPI_Pready_range(0, 0, *waited()), REQUEST);
    ROW(MPI_Parrived(*waited(), 0, other), REQUEST);
}

#endif

/* session - sessions alone, several at once, again and again, beside the world and after it. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <mpi.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int failures;

#define CHECK(cond, ...)                                                                           \
    ((cond) ? (void)0                                                                              \
            : (void)(failures++, fprintf(stderr, "%s:%d: failed: %s: ", __FILE__, __LINE__, #cond), \
                     fprintf(stderr, __VA_ARGS__), fputc('\n', stderr)))
#define CHECK_OK(call)                                                                             \
    do {                                                                                           \
        int code_ = (call);                                                                        \
        CHECK(code_ == MPI_SUCCESS, "%s returned %d", #call, code_);                               \
    } while (0)

static MPI_Comm comm_of(MPI_Session session, const char *pset, const char *tag)
{
    MPI_Group group;
    MPI_Comm comm = MPI_COMM_NULL;

    CHECK_OK(MPI_Group_from_session_pset(session, pset, &group));
    CHECK_OK(MPI_Comm_create_from_group(group, tag, MPI_INFO_NULL, MPI_ERRORS_ARE_FATAL, &comm));
    CHECK_OK(MPI_Group_free(&group));
    return comm;
}

/* Messages around the ring and a sum: the communicator works. */
static void check_comm(MPI_Comm comm)
{
    int rank, size, in = -1, sum = -1;

    CHECK_OK(MPI_Comm_rank(comm, &rank));
    CHECK_OK(MPI_Comm_size(comm, &size));
    CHECK_OK(MPI_Sendrecv(&rank, 1, MPI_INT, (rank + 1) % size, 1, &in, 1, MPI_INT,
                          (rank + size - 1) % size, 1, comm, MPI_STATUS_IGNORE));
    CHECK(in == (rank + size - 1) % size, "%d came to rank %d", in, rank);
    CHECK_OK(MPI_Allreduce(&rank, &sum, 1, MPI_INT, MPI_SUM, comm));
    CHECK(sum == size * (size - 1) / 2, "sum %d", sum);
}

static void check_psets(MPI_Session session)
{
    int count = -1, seen_world = 0, seen_self = 0;

    CHECK_OK(MPI_Session_get_num_psets(session, MPI_INFO_NULL, &count));
    CHECK(count >= 2, "%d process sets", count);
    for (int i = 0; i < count; i++) {
        char name[MPI_MAX_PSET_NAME_LEN], value[20] = "", cut[4] = "xyz";
        int len = 0, flag = 0, room = sizeof value, few = 4;
        MPI_Info info;
        CHECK_OK(MPI_Session_get_nth_pset(session, MPI_INFO_NULL, i, &len, NULL));
        CHECK(len > 1 && len <= (int)sizeof name, "length %d", len);
        CHECK_OK(MPI_Session_get_nth_pset(session, MPI_INFO_NULL, i, &len, name));
        CHECK((int)strlen(name) + 1 == len, "\"%s\" has not the length %d", name, len);
        CHECK_OK(MPI_Session_get_nth_pset(session, MPI_INFO_NULL, i, &few, cut));
        CHECK(few == len && !strncmp(cut, name, 3) && !cut[3], "cut to \"%s\"", cut);
        CHECK_OK(MPI_Session_get_pset_info(session, name, &info));
        CHECK_OK(MPI_Info_get_string(info, "mpi_size", &room, value, &flag));
        CHECK(flag && atoi(value) >= 1, "size \"%s\"", value);
        CHECK_OK(MPI_Info_free(&info));
        seen_world += !strcmp(name, "mpi://WORLD");
        seen_self += !strcmp(name, "mpi://SELF") && atoi(value) == 1;
    }
    CHECK(seen_world == 1 && seen_self == 1, "world %d, self %d", seen_world, seen_self);
}

static int handled;

static void note(MPI_Session *session, int *code, ...)
{
    (void)session;
    MPI_Error_class(*code, &handled);
}

static void check_errors(MPI_Session session)
{
    MPI_Errhandler handler, found;
    MPI_Group group;

    CHECK_OK(MPI_Session_create_errhandler(note, &handler));
    CHECK_OK(MPI_Session_set_errhandler(session, handler));
    CHECK(MPI_Group_from_session_pset(session, "no such set", &group) != MPI_SUCCESS,
          "a set that is not there");
    CHECK(handled == MPI_ERR_ARG, "handler got class %d", handled);
    CHECK_OK(MPI_Session_call_errhandler(session, MPI_ERR_OTHER));
    CHECK(handled == MPI_ERR_OTHER, "handler got class %d", handled);
    CHECK_OK(MPI_Session_get_errhandler(session, &found));
    CHECK(found == handler, "another handler");
    CHECK_OK(MPI_Errhandler_free(&found));
    CHECK_OK(MPI_Errhandler_free(&handler));
}

static void check_level(MPI_Session session, const char *wanted)
{
    MPI_Info info;
    char value[40] = "";
    int flag = 0, room = sizeof value;

    CHECK_OK(MPI_Session_get_info(session, &info));
    CHECK_OK(MPI_Info_get_string(info, "thread_level", &room, value, &flag));
    CHECK(flag && !strcmp(value, wanted), "thread level \"%s\", not %s", value, wanted);
    CHECK_OK(MPI_Info_free(&info));
}

static void one_session(const char *level)
{
    MPI_Session session;
    MPI_Info info;

    CHECK_OK(MPI_Info_create(&info));
    CHECK_OK(MPI_Info_set(info, "thread_level", level));
    CHECK_OK(MPI_Session_init(info, MPI_ERRORS_RETURN, &session));
    CHECK_OK(MPI_Info_free(&info));
    check_level(session, level);
    check_psets(session);
    check_errors(session);
    MPI_Comm world = comm_of(session, "mpi://WORLD", "one");
    MPI_Comm self = comm_of(session, "MPI://self", "one");
    check_comm(world);
    check_comm(self);
    CHECK_OK(MPI_Comm_free(&self));
    CHECK_OK(MPI_Comm_disconnect(&world));
    CHECK_OK(MPI_Session_finalize(&session));
    CHECK(session == MPI_SESSION_NULL, "the handle stayed");
}

static void two_sessions(void)
{
    MPI_Session first, second;

    CHECK_OK(MPI_Session_init(MPI_INFO_NULL, MPI_ERRORS_RETURN, &first));
    MPI_Comm a = comm_of(first, "mpi://WORLD", "first");
    CHECK_OK(MPI_Session_init(MPI_INFO_NULL, MPI_ERRORS_RETURN, &second));
    MPI_Comm b = comm_of(second, "mpi://WORLD", "second");
    check_comm(a);
    CHECK_OK(MPI_Comm_free(&a));
    CHECK_OK(MPI_Session_finalize(&first));
    check_comm(b);
    CHECK_OK(MPI_Comm_free(&b));
    CHECK_OK(MPI_Session_finalize(&second));
}

/* Evens and odds, known from groups alone. */
static void inter_from_groups(void)
{
    MPI_Session session;
    MPI_Group all, mine, theirs;
    MPI_Comm inter, merged;
    int rank, size, remote = -1;

    CHECK_OK(MPI_Session_init(MPI_INFO_NULL, MPI_ERRORS_RETURN, &session));
    CHECK_OK(MPI_Group_from_session_pset(session, "mpi://WORLD", &all));
    MPI_Group_rank(all, &rank);
    MPI_Group_size(all, &size);
    if (size > 1) {
        int own[1][3] = {{rank % 2, size - 1, 2}}, other[1][3] = {{1 - rank % 2, size - 1, 2}};
        CHECK_OK(MPI_Group_range_incl(all, 1, own, &mine));
        CHECK_OK(MPI_Group_range_incl(all, 1, other, &theirs));
        CHECK_OK(MPI_Intercomm_create_from_groups(mine, 0, theirs, 0, "halves", MPI_INFO_NULL,
                                                  MPI_ERRORS_ARE_FATAL, &inter));
        CHECK_OK(MPI_Comm_remote_size(inter, &remote));
        CHECK(remote == (size + rank % 2) / 2, "remote size %d", remote);
        CHECK_OK(MPI_Intercomm_merge(inter, rank % 2, &merged));
        check_comm(merged);
        CHECK_OK(MPI_Comm_free(&merged));
        CHECK_OK(MPI_Comm_free(&inter));
        CHECK_OK(MPI_Group_free(&mine));
        CHECK_OK(MPI_Group_free(&theirs));
    }
    CHECK_OK(MPI_Group_free(&all));
    CHECK_OK(MPI_Session_finalize(&session));
}

/* Each argument is a process set as it must be, "ocean:013" of ranks 0, 1 and 3, in the order in which
 * the launcher was given them; no other is there. A member talks over it. */
static void check_launchers(char **sets, int expected)
{
    MPI_Session session;
    MPI_Group world, group;
    int count = -1, len = 0, rank, size;

    CHECK_OK(MPI_Session_init(MPI_INFO_NULL, MPI_ERRORS_RETURN, &session));
    CHECK_OK(MPI_Group_from_session_pset(session, "mpi://WORLD", &world));
    CHECK_OK(MPI_Session_get_num_psets(session, MPI_INFO_NULL, &count));
    CHECK(count == 2 + expected, "%d process sets, not %d", count, 2 + expected);
    for (int i = 0; i < expected && i < count - 2; i++) {
        char name[MPI_MAX_PSET_NAME_LEN] = "", members[64] = "";
        char *wanted = strchr(sets[i], ':');
        len = sizeof name;
        CHECK_OK(MPI_Session_get_nth_pset(session, MPI_INFO_NULL, 2 + i, &len, name));
        CHECK((long)strlen(name) == wanted - sets[i] && !strncmp(name, sets[i], strlen(name)),
              "set %d is \"%s\", not %s", i, name, sets[i]);
        CHECK_OK(MPI_Group_from_session_pset(session, name, &group));
        MPI_Group_size(group, &size);
        for (int r = 0, there; r < size && r < 60; r++) {
            MPI_Group_translate_ranks(group, 1, &r, world, &there);
            members[r] = (char)('0' + there);
        }
        CHECK(!strcmp(members, wanted + 1), "members \"%s\" of %s", members, sets[i]);
        MPI_Group_rank(group, &rank);
        CHECK_OK(MPI_Group_free(&group));
        if (rank != MPI_UNDEFINED) {
            MPI_Comm comm = comm_of(session, name, "launcher's");
            check_comm(comm);
            CHECK_OK(MPI_Comm_free(&comm));
        }
    }
    CHECK_OK(MPI_Group_free(&world));
    CHECK_OK(MPI_Session_finalize(&session));
}

/* Without an argument: sessions only. "sets NAME:RANKS...": those of mprun --pset. "world": the world comes and goes between and within sessions.
 * "idle": one that does nothing. "after": and then one more session. "restart": MPI_Finalize has ended everything before the first
 * session. */
int main(int argc, char **argv)
{
    int world = argc > 1, after = world && !strcmp(argv[1], "after"), flag = -1;
    MPI_Session outer;

    if (world && !strcmp(argv[1], "idle")) {
        CHECK_OK(MPI_Session_init(MPI_INFO_NULL, MPI_ERRORS_RETURN, &outer));
        CHECK_OK(MPI_Session_finalize(&outer));
        return failures > 0;
    }
    if (world && !strcmp(argv[1], "sets")) {
        check_launchers(argv + 2, argc - 2);
        return failures > 0;
    }
    if (world && !strcmp(argv[1], "restart")) {
        CHECK_OK(MPI_Init(NULL, NULL));
        check_comm(MPI_COMM_WORLD);
        CHECK_OK(MPI_Finalize());
        one_session("MPI_THREAD_SINGLE");
        two_sessions();
        return failures > 0;
    }
    one_session("MPI_THREAD_SINGLE");
    CHECK_OK(MPI_Initialized(&flag));
    CHECK(flag == 0, "a session has initialized the world");
    for (int i = 0; i < 5; i++)
        one_session("MPI_THREAD_MULTIPLE");
    two_sessions();
    inter_from_groups();
    if (world) {
        CHECK_OK(MPI_Session_init(MPI_INFO_NULL, MPI_ERRORS_RETURN, &outer));
        CHECK_OK(MPI_Init(NULL, NULL));
        check_comm(MPI_COMM_WORLD);
        two_sessions();
        MPI_Comm beside = comm_of(outer, "mpi://WORLD", "beside");
        CHECK_OK(MPI_Finalize());
        check_comm(beside);
        CHECK_OK(MPI_Comm_free(&beside));
        CHECK_OK(MPI_Session_finalize(&outer));
    }
    if (after)
        one_session("MPI_THREAD_SERIALIZED");
    return failures > 0;
}

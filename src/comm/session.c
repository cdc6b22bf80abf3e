/* Sessions and process sets. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "session.h"

#include <stdlib.h>
#include <strings.h>

#include "../runtime/job.h"
#include "../runtime/launcher.h"
#include "comm.h"

static struct tri_pool pool = {.kind = TRI_SESSION, .size = sizeof(struct tri_session)};

struct tri_session *tri_session_get(MPI_Session handle)
{
    return tri_object_is(handle, TRI_SESSION) ? (struct tri_session *)(void *)handle : NULL;
}

struct tri_session *tri_session_make(struct tri_errhandler *errhandler, int thread_level)
{
    struct tri_session *session = tri_pool_take(&pool);
    tri_errhandler_hold(errhandler);
    session->handle = (MPI_Session)(void *)session;
    session->errhandler = errhandler;
    session->thread_level = thread_level;
    session->bsend = (struct tri_bsend_buffer){.attached = false};
    return session;
}

void tri_session_free(struct tri_session *session)
{
    tri_errhandler_release(session->errhandler);
    tri_pool_give(&pool, session);
}

void tri_session_end(void)
{
    tri_pool_end(&pool);
}

/* ---- process sets ---- */

/* MPI 5.0, 11.3.2. */
static const char *const standard[] = {"mpi://WORLD", "mpi://SELF"};
enum { STANDARD = 2 };

/* Those of the launcher, asked for at first use. */
static struct {
    bool asked;
    int count;
    char **names;
} others;

static void ask(void)
{
    if (!others.asked) {
        others.asked = true;
        others.count = tri_job.launched ? tri_launcher->psets(&others.names) : 0;
    }
}

void tri_psets_end(void)
{
    for (int i = 0; i < others.count; i++) {
        free(others.names[i]);
    }
    free(others.names);
    others.names = NULL;
    others.count = 0;
    others.asked = false;
}

int tri_pset_count(void)
{
    ask();
    return STANDARD + others.count;
}

const char *tri_pset_name(int number)
{
    if (number < 0 || number >= tri_pset_count()) {
        return NULL;
    }
    return number < STANDARD ? standard[number] : others.names[number - STANDARD];
}

static struct tri_group *launchers_group(const char *name)
{
    int *processes;
    int count = tri_launcher->pset_members(name, &processes);
    if (count < 0) {
        return NULL;
    }
    struct tri_group *group = tri_group_make(processes, count);
    free(processes);
    return group;
}

static struct tri_group *group_of_pset(const char *name)
{
    for (int i = 0; i < STANDARD; i++) {
        /* Names are URIs: their letters' case does not matter. */
        if (!strcasecmp(name, standard[i])) {
            const struct tri_group *group = i == 0 ? tri_comm_world.group : tri_comm_self.group;
            return tri_group_make(group->processes, group->size);
        }
    }
    ask();
    for (int i = 0; i < others.count; i++) {
        if (!strcasecmp(name, others.names[i])) {
            return launchers_group(others.names[i]);
        }
    }
    return NULL;
}

struct tri_group *tri_pset_group(struct tri_session *session, const char *name)
{
    struct tri_group *group = group_of_pset(name);
    if (group && !group->predefined) {
        group->session = session;
    }
    return group;
}

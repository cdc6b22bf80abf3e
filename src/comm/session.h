/* Sessions: isolated uses of the library, and the process sets that communicators are made from. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TRI_SESSION_H
#define TRI_SESSION_H

#include "../p2p/bsend.h"
#include "errhandler.h"
#include "group.h"

struct tri_session {
    struct tri_object object;
    MPI_Session handle;
    struct tri_errhandler *errhandler;
    int thread_level;
    struct tri_bsend_buffer bsend; /* of MPI_Session_attach_buffer */
};

struct tri_session *tri_session_get(MPI_Session handle);

/* Holds the handler. The library runs already. */
struct tri_session *tri_session_make(struct tri_errhandler *errhandler, int thread_level);
void tri_session_free(struct tri_session *session);
void tri_session_end(void);

/* Process sets are numbered from 0; the standard's own come first. */
int tri_pset_count(void);
/* NULL: there is no such number. */
const char *tri_pset_name(int number);
/* A new group of the processes of a set, which comes from that session (NULL: the world model); NULL: there is no set
 * of that name. */
struct tri_group *tri_pset_group(struct tri_session *session, const char *name);
/* Forgets what the launcher has told. */
void tri_psets_end(void);

#endif
